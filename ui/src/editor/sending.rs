//! Images, recordings and other files on their way from the page to the studio.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{DraftId, MAX_FILE_BYTES, MAX_IMAGE_BYTES};
use stoa_ipc::{
    AddImage, AddRecording, AddedRecording, AttachFile, AttachedFile, Failure, IMAGE_PIECE_BYTES,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::images::Images;
use crate::host::Host;

impl Images {
    /// Hands an image over piece by piece.
    pub(super) async fn send(&self, file: &File) -> Result<Option<AttachedFile>, Failure> {
        send_image(self.host(), (self.draft(), self.next_upload()), file).await
    }
}

/// Hands an image of a draft over piece by piece; `upload` tells it from others that are on their
/// way into the same draft.
pub(crate) async fn send_image(
    host: &Host,
    (draft, upload): (DraftId, u32),
    file: &File,
) -> Result<Option<AttachedFile>, Failure> {
    let size = size_of(file);
    if size > MAX_IMAGE_BYTES {
        return Err(Failure::field("file", "image-too-large"));
    }
    let mut at = 0;
    loop {
        let end = size.min(at + IMAGE_PIECE_BYTES as u64);
        let bytes = piece(file, at, end).await;
        let bytes = bytes.map_err(|_| Failure::field("file", "image-broken"))?;
        let request = AddImage {
            draft,
            name: file.name(),
            upload,
            at,
            bytes: STANDARD.encode(bytes),
            is_last: end == size,
        };
        let added = host.call(request).await?.file;
        if end == size {
            return Ok(added);
        }
        at = end;
    }
}

/// Hands a recording over piece by piece; none of it is kept in the page. `goes_on` is told how many
/// bytes of how many are through, and says whether it is still wanted.
pub(crate) async fn send_recording(
    host: &Host,
    (draft, upload): (DraftId, u32),
    file: &File,
    goes_on: impl Fn(u64, u64) -> bool,
) -> Result<AddedRecording, Failure> {
    let send = async |piece: Piece| {
        let request = AddRecording {
            draft,
            name: file.name(),
            upload,
            at: piece.at,
            bytes: piece.bytes,
            is_last: piece.is_last,
        };
        Ok(host.call(request).await?.recording)
    };
    in_pieces(file, goes_on, send).await
}

/// Hands a file of any kind over in the same way.
pub(super) async fn send_file(
    host: &Host,
    (draft, upload): (DraftId, u32),
    file: &File,
    goes_on: impl Fn(u64, u64) -> bool,
) -> Result<AttachedFile, Failure> {
    let send = async |piece: Piece| {
        let request = AttachFile {
            draft,
            name: file.name(),
            upload,
            at: piece.at,
            bytes: piece.bytes,
            is_last: piece.is_last,
        };
        Ok(host.call(request).await?.file)
    };
    in_pieces(file, goes_on, send).await
}

/// A stretch of a file, in base64.
struct Piece {
    at: u64,
    bytes: String,
    is_last: bool,
}

/// Reads a file and sends it piece by piece, until what it has become is known.
async fn in_pieces<T>(
    file: &File,
    goes_on: impl Fn(u64, u64) -> bool,
    send: impl AsyncFn(Piece) -> Result<Option<T>, Failure>,
) -> Result<T, Failure> {
    let size = size_of(file);
    if size > MAX_FILE_BYTES {
        return Err(Failure::field("file", "file-too-large"));
    }
    let mut at = 0;
    loop {
        if !goes_on(at, size) {
            return Err(Failure::field("file", "adding-stopped"));
        }
        let end = size.min(at + IMAGE_PIECE_BYTES as u64);
        let bytes = piece(file, at, end).await;
        let bytes = bytes.map_err(|_| Failure::field("file", "cannot-be-read"))?;
        let sent = send(Piece {
            at,
            bytes: STANDARD.encode(bytes),
            is_last: end == size,
        });
        if let Some(added) = sent.await? {
            return Ok(added);
        }
        at = end;
    }
}

/// The bytes of a file.
pub(super) fn size_of(file: &File) -> u64 {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    // a size is a whole number far below 2^53
    let size = file.size() as u64;
    size
}

pub(super) async fn piece(file: &File, from: u64, to: u64) -> Result<Vec<u8>, JsValue> {
    #[allow(clippy::cast_precision_loss)] // the limit is far below 2^53
    let slice = file.slice_with_f64_and_f64(from as f64, to as f64)?;
    let buffer = JsFuture::from(slice.array_buffer()).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
