//! Images on their way from the window, piece by piece.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use stoa_domain::{DraftId, MAX_IMAGE_BYTES};
use stoa_ipc::Failure;

use crate::studio::Studio;

/// So many at once; a window that wants more begins too many.
const MOST: usize = 4;

/// What has come of each.
#[derive(Default)]
pub(crate) struct Uploads(Mutex<HashMap<(DraftId, u32), Vec<u8>>>);

impl Uploads {
    /// Takes a piece; the whole image after the last one.
    fn take(
        &self,
        key: (DraftId, u32),
        at: u64,
        bytes: &[u8],
        is_last: bool,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let mut uploads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if at == 0 {
            uploads.remove(&key);
        }
        if !uploads.contains_key(&key) && uploads.len() >= MOST {
            // One that was given up makes room.
            uploads.clear();
        }
        let so_far = uploads.entry(key).or_default();
        if so_far.len() as u64 != at {
            uploads.remove(&key);
            return Err(Failure::field("at", "out-of-range"));
        }
        if (so_far.len() + bytes.len()) as u64 > MAX_IMAGE_BYTES {
            uploads.remove(&key);
            return Err(Failure::field("file", "image-too-large"));
        }
        so_far.extend_from_slice(bytes);
        Ok(if is_last { uploads.remove(&key) } else { None })
    }
}

impl Studio {
    pub(crate) fn take_piece(
        &self,
        key: (DraftId, u32),
        at: u64,
        bytes: &[u8],
        is_last: bool,
    ) -> Result<Option<Vec<u8>>, Failure> {
        self.inner.uploads.take(key, at, bytes, is_last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_in_order_make_the_image_and_others_do_not() {
        let uploads = Uploads::default();
        let key = (DraftId::from_bytes([1; 16]), 7);
        assert_eq!(uploads.take(key, 0, b"ab", false), Ok(None));
        assert_eq!(uploads.take(key, 2, b"c", true), Ok(Some(b"abc".to_vec())));
        assert_eq!(uploads.take(key, 0, b"ab", false), Ok(None));
        assert!(uploads.take(key, 3, b"d", false).is_err());
        assert!(uploads.take(key, 2, b"c", true).is_err(), "it begins anew");
        let large = vec![0; usize::try_from(MAX_IMAGE_BYTES).unwrap() + 1];
        assert!(uploads.take(key, 0, &large, true).is_err());
    }
}
