//! Files of any kind on their way into a draft: piece by piece from the window, or from the disk.

use std::fs::File;
use std::io::Read;
use std::sync::atomic::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{DraftId, MAX_FILE_BYTES};
use stoa_ipc::{
    AttachDropped, AttachFile, AttachedFile, ErrorCode, Failure, FileAttached, IMAGE_PIECE_BYTES,
};
use stoa_store::{FileRefusal, NewFile, Store, StoreError};

use super::file::{of_draft, unreadable};
use crate::failure::OrFailure;
use crate::intake::Kept;
use crate::options::StudioOptions;
use crate::studio::{Studio, blocking};

pub(super) async fn attach_file(
    studio: &Studio,
    request: AttachFile,
) -> Result<FileAttached, Failure> {
    let bytes = STANDARD.decode(&request.bytes);
    let bytes = bytes.map_err(|_| Failure::field("bytes", "invalid"))?;
    if bytes.len() > IMAGE_PIECE_BYTES {
        return Err(Failure::new(ErrorCode::TooLarge, "too large a piece"));
    }
    let key = (request.draft, request.upload);
    if request.at == 0 {
        let store = studio.profile()?.store.clone();
        let options = studio.inner.options.clone();
        let new = new_file(request.draft, request.name);
        studio.begin_pieces(key, move |mut pieces| {
            let file = keep(&store, &options, &new, &mut pieces).or_failure()?;
            Ok(Kept {
                file,
                recording: None,
            })
        })?;
    }
    let piece = (request.at, bytes);
    let kept = studio.hand_over(key, piece, request.is_last).await?;
    Ok(FileAttached {
        file: kept.map(|kept| kept.file),
    })
}

pub(super) async fn attach_dropped(
    studio: &Studio,
    request: AttachDropped,
) -> Result<AttachedFile, Failure> {
    let path = studio.inner.drops.path(request.drop, request.index);
    let path = path.ok_or_else(|| Failure::new(ErrorCode::NotFound, "no such drop"))?;
    let name = path.file_name().unwrap_or_default();
    let new = new_file(request.draft, name.to_string_lossy().into_owned());
    let store = studio.profile()?.store.clone();
    let (studio, key) = (studio.clone(), (request.draft, request.upload));
    let kept = blocking(move || {
        if path.is_dir() {
            return Err(Failure::field("file", "is-a-folder"));
        }
        let file = File::open(&path).map_err(|error| unreadable(&error));
        let file = file.or_failure()?;
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        if size > MAX_FILE_BYTES {
            // Before any of it is read, so that it is said at once.
            let limit = MAX_FILE_BYTES;
            return Err(StoreError::from(FileRefusal::TooLarge { limit })).or_failure();
        }
        let mut source = studio.watched(key, file, size);
        let stop_sign = source.stop_sign();
        let kept = keep(&store, &studio.inner.options, &new, &mut source);
        let is_stopped = stop_sign.load(Ordering::Relaxed);
        studio.stop_intake(key);
        match kept {
            Err(_) if is_stopped => Err(Failure::field("file", "adding-stopped")),
            kept => kept.or_failure(),
        }
    });
    kept.await?
}

fn new_file(draft: DraftId, name: String) -> NewFile {
    NewFile {
        draft,
        name,
        must_be_image: false,
    }
}

fn keep(
    store: &Store,
    options: &StudioOptions,
    new: &NewFile,
    source: &mut dyn Read,
) -> Result<AttachedFile, StoreError> {
    let added = store.add_file(new, source, options.clock.now(), &*options.random)?;
    of_draft(store, new.draft, added.b3)
}
