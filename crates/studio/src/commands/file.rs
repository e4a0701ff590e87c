//! Files of drafts.

use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{BlobHash, DraftId, MAX_IMAGE_BYTES};
use stoa_ipc::{
    AddDropped, AddFile, AddImage, AttachedFile, ErrorCode, Failure, FilesTrouble, GetFiles,
    IMAGE_PIECE_BYTES, ImageAdded, ImportDropped, ListFiles, RemoveFile, RetryFiles, SaveFile,
    ShowFile,
};
use stoa_store::{FileReader, NewFile, Store, StoreError, Where};

use super::transfer::{get_files, retry_files};

use crate::failure::OrFailure;
use crate::studio::{Studio, blocking};

/// How often it is looked whether a file has come, should no event say so.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// So much is decrypted at a time.
const PIECE: u64 = 1024 * 1024;

pub(super) async fn add_image(studio: &Studio, request: AddImage) -> Result<ImageAdded, Failure> {
    let is_last = request.is_last;
    let bytes = STANDARD.decode(&request.bytes);
    let bytes = bytes.map_err(|_| Failure::field("bytes", "invalid"))?;
    if bytes.len() > IMAGE_PIECE_BYTES {
        return Err(Failure::new(ErrorCode::TooLarge, "too large a piece"));
    }
    let whole = studio.take_piece((request.draft, request.upload), request.at, &bytes, is_last)?;
    let Some(whole) = whole else {
        return Ok(ImageAdded { file: None });
    };
    let new = NewFile {
        draft: request.draft,
        name: request.name,
        must_be_image: true,
    };
    let file = add(studio, new, move || Ok(Cursor::new(whole))).await?;
    Ok(ImageAdded { file: Some(file) })
}

pub(super) async fn add_file(studio: &Studio, request: AddFile) -> Result<AttachedFile, Failure> {
    let name = Path::new(&request.path).file_name();
    let new = NewFile {
        draft: request.draft,
        name: name.unwrap_or_default().to_string_lossy().into_owned(),
        must_be_image: request.must_be_image,
    };
    add(studio, new, move || File::open(request.path)).await
}

pub(super) async fn add_dropped(
    studio: &Studio,
    request: AddDropped,
) -> Result<AttachedFile, Failure> {
    let path = studio.inner.drops.path(request.drop, request.index);
    let path = path.ok_or_else(|| Failure::new(ErrorCode::NotFound, "no such drop"))?;
    let name = path.file_name().unwrap_or_default();
    let new = NewFile {
        draft: request.draft,
        name: name.to_string_lossy().into_owned(),
        must_be_image: true,
    };
    add(studio, new, move || open_file(&path)).await
}

/// A folder can be dropped too; it is no image.
fn open_file(path: &Path) -> std::io::Result<Box<dyn Read + Send>> {
    if path.is_dir() {
        return Ok(Box::new(std::io::empty()));
    }
    Ok(Box::new(File::open(path)?))
}

pub(super) async fn import_dropped(studio: &Studio, request: ImportDropped) -> Result<(), Failure> {
    let drops = &studio.inner.drops;
    let paths = request.indexes.iter();
    let paths: Vec<_> = paths
        .filter_map(|index| drops.path(request.drop, *index))
        .collect();
    studio.open_files(paths).await;
    Ok(())
}

pub(super) async fn add<R: Read>(
    studio: &Studio,
    new: NewFile,
    open: impl FnOnce() -> std::io::Result<R> + Send + 'static,
) -> Result<AttachedFile, Failure> {
    let options = studio.inner.options.clone();
    let added = studio.ask(move |store| {
        let mut source = open().map_err(|error| unreadable(&error))?;
        let added = store.add_file(&new, &mut source, options.clock.now(), &*options.random)?;
        store.file(added.b3)
    });
    added.await.map(told)
}

/// The source is not this computer's store: that it cannot be read is no fault of the disk.
pub(super) fn unreadable(error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::NotFound,
        _ => StoreError::DiskFailed(error.to_string()),
    }
}

/// A file that a draft has now.
pub(super) fn of_draft(
    store: &Store,
    draft: DraftId,
    b3: BlobHash,
) -> Result<AttachedFile, StoreError> {
    let files = store.files(Some(draft))?;
    let file = files.into_iter().find(|file| file.attachment.b3 == b3);
    file.map(told).ok_or(StoreError::NotFound)
}

pub(super) fn told(file: stoa_store::AttachedFile) -> AttachedFile {
    let attachment = file.attachment;
    AttachedFile {
        id: attachment.id,
        draft: attachment.draft,
        b3: attachment.b3,
        name: attachment.name.into(),
        media_type: attachment.media_type,
        size: attachment.size,
        width: attachment.width,
        height: attachment.height,
        is_here: file.here == Where::Whole,
        is_on_server: file.is_on_server,
        is_kept: file.is_kept,
    }
}

pub(super) async fn remove_file(studio: &Studio, request: RemoveFile) -> Result<(), Failure> {
    let now = studio.now();
    studio
        .ask(move |store| store.remove_file(request.id, now))
        .await
}

pub(super) async fn list_files(
    studio: &Studio,
    request: ListFiles,
) -> Result<Vec<AttachedFile>, Failure> {
    let files = studio.ask(move |store| store.files(request.draft)).await?;
    Ok(files.into_iter().map(told).collect())
}

pub(super) async fn show_file(studio: &Studio, request: ShowFile) -> Result<AttachedFile, Failure> {
    let now = studio.now();
    let shown = studio.ask(move |store| {
        let file = store.file(request.b3)?;
        if file.here != Where::Whole && !store.is_read_only() {
            store.want_file(request.b3, now)?;
        }
        Ok(file)
    });
    shown.await.map(told)
}

pub(super) async fn save_file(studio: &Studio, request: SaveFile) -> Result<(), Failure> {
    fetch(studio, request.b3).await?;
    let saved = studio.ask(move |store| {
        let reader = store.open_file(request.b3)?.ok_or(StoreError::NotFound)?;
        Ok(write_out(
            reader,
            Path::new(&request.path),
            request.replaces,
        ))
    });
    saved.await?.or_failure()
}

/// Waits until a file is here, or cannot come.
async fn fetch(studio: &Studio, b3: BlobHash) -> Result<(), Failure> {
    let mut events = studio.events();
    if show_file(studio, ShowFile { b3 }).await?.is_here {
        return Ok(());
    }
    // Whatever kept it before: somebody wants it now.
    retry_files(studio, RetryFiles {}).await?;
    loop {
        // Whatever the event is, it is looked again.
        let _ = tokio::time::timeout(LOOK_AGAIN, events.recv()).await;
        if show_file(studio, ShowFile { b3 }).await?.is_here {
            return Ok(());
        }
        if let Some(code) = kept_away(studio, b3).await? {
            return Err(Failure::new(code, "the file cannot be fetched"));
        }
    }
}

/// Why a file does not come.
async fn kept_away(studio: &Studio, b3: BlobHash) -> Result<Option<ErrorCode>, Failure> {
    if studio.profile()?.sync().is_none() {
        return Ok(Some(ErrorCode::SignInAgain));
    }
    let status = get_files(studio, GetFiles {}).await?;
    let own = status.stuck.iter().find(|file| file.b3 == b3);
    Ok(match (own, status.trouble) {
        _ if status.is_paused => Some(ErrorCode::FilesPaused),
        (Some(_), _) => Some(ErrorCode::NotFound),
        (None, Some(FilesTrouble::Offline)) => Some(ErrorCode::Offline),
        (None, Some(FilesTrouble::Disk)) => Some(ErrorCode::DiskFailed),
        (None, _) => None,
    })
}

/// Under its name it is whole or not at all.
fn write_out(mut reader: FileReader, path: &Path, replaces: bool) -> std::io::Result<()> {
    // What a link leads to is what is replaced.
    let target = path.canonicalize().ok().filter(|_| replaces);
    let path = target.as_deref().unwrap_or(path);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".stoa-");
    // As open to others as what the user's other programs save: the system's mask takes from it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    let (mut at, size) = (0, reader.size());
    while at < size {
        file.write_all(&reader.read(at..at + PIECE)?)?;
        at += PIECE;
    }
    if let Some(before) = target.as_ref().and_then(|path| path.metadata().ok()) {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    match replaces {
        true => file.persist(path)?,
        false => file.persist_noclobber(path)?,
    };
    Ok(())
}

/// An image for the window, whole.
pub struct Media {
    /// By its first bytes, never by its name.
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl Studio {
    /// An image that a draft uses and that is on this computer, by the 64 digits of its hash.
    /// Anything else is not there.
    pub async fn media(&self, b3: &str) -> Option<Media> {
        let b3: BlobHash = b3.parse().ok()?;
        let store = self.profile().ok()?.store.clone();
        let read = blocking(move || {
            let file = store.file(b3)?;
            let media_type = file.attachment.media_type;
            if !media_type.is_image() || file.attachment.size > MAX_IMAGE_BYTES {
                return Ok(None);
            }
            let Some(mut reader) = store.open_file(b3)? else {
                return Ok(None);
            };
            let size = reader.size();
            match reader.read(0..size) {
                Ok(bytes) => Ok(Some(Media {
                    media_type: media_type.as_str(),
                    bytes,
                })),
                Err(error) => {
                    tracing::error!(%error, "an image cannot be read");
                    store.file_is_damaged(b3)?;
                    Ok(None)
                }
            }
        });
        let read: Result<Option<Media>, StoreError> = read.await.ok()?;
        read.ok().flatten()
    }
}
