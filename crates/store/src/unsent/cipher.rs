//! How a frame is encrypted: XChaCha20-Poly1305 under a key of this file's own. The nonce is a
//! keyed hash of what is encrypted, so that no counter has to survive a crash: two frames have the
//! same one only if they are the same.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::MAGIC;
use crate::vault::{Secret, derive};

const NONCE: usize = 24;

#[derive(Clone)]
pub(super) struct Cipher {
    cipher: XChaCha20Poly1305,
    nonces: Secret,
}

impl Cipher {
    pub(super) fn new(secret: &Secret) -> Self {
        let key = derive(secret.as_ref(), &[], "frames");
        Self {
            cipher: XChaCha20Poly1305::new((&*key).into()),
            nonces: derive(secret.as_ref(), &[], "nonces"),
        }
    }

    pub(super) fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let hash = blake3::keyed_hash(&self.nonces, plain);
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&hash.as_bytes()[..NONCE]);
        let payload = Payload {
            msg: plain,
            aad: MAGIC,
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a frame is shorter than the cipher can take");
        [nonce.as_slice(), &sealed].concat()
    }

    /// `None` when it is not what was written.
    pub(super) fn open(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: sealed,
            aad: MAGIC,
        };
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), payload);
        plain.ok().map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_opens_unchanged_and_under_its_own_key_only() {
        let cipher = Cipher::new(&Secret::new([1; 32]));
        let sealed = cipher.seal(b"waits");
        assert_eq!(cipher.open(&sealed).unwrap().as_slice(), b"waits");
        assert!(Cipher::new(&Secret::new([2; 32])).open(&sealed).is_none());
        for at in 0..sealed.len() {
            let mut other = sealed.clone();
            other[at] ^= 1;
            assert!(cipher.open(&other).is_none(), "byte {at}");
        }
        assert!(cipher.open(&sealed[..10]).is_none());
    }

    #[test]
    fn different_frames_never_share_a_nonce() {
        let cipher = Cipher::new(&Secret::new([1; 32]));
        let (one, other) = (cipher.seal(b"one"), cipher.seal(b"other"));
        assert_ne!(one[..NONCE], other[..NONCE]);
    }
}
