//! Where the parts of files lie: objects that are written once, read from any place, and deleted.

mod folder;
mod media;
mod s3;
mod spool;
#[cfg(test)]
mod tests;

use std::io;
use std::ops::Range;
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use thiserror::Error;

use crate::config::Config;
use crate::tables::blob::Place;
use folder::Folder;
pub use media::{Media, MediaError, MediaKeys};
pub use s3::BucketError;
pub(crate) use s3::S3;
pub(crate) use spool::{Spool, Spooled};

/// Why an object could not be kept or given.
#[derive(Debug, Error)]
pub(crate) enum ObjectError {
    #[error("there is no such object")]
    NotFound,
    #[error("no room left")]
    NoRoom,
    #[error("the object store failed: {0}")]
    Failed(String),
}

impl From<io::Error> for ObjectError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::NoRoom,
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// One part of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) place: Place,
    pub(crate) n: u32,
}

/// Bytes on their way out.
pub(crate) type Contents = BoxStream<'static, Result<Bytes, ObjectError>>;

/// The object store of a server.
#[derive(Clone)]
pub(crate) enum Objects {
    Folder(Folder),
    S3(S3),
}

impl Objects {
    /// Where a server's settings say; below its folder unless told otherwise.
    pub(crate) fn of(config: &Config) -> Result<Self, BucketError> {
        match &config.media {
            None => Ok(Self::in_folder(config.data.join("blobs"))),
            Some(media) => {
                let keys = config.media_keys.as_ref();
                S3::open(media, keys, config.clock.clone()).map(Self::S3)
            }
        }
    }

    /// Objects as files below a folder.
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self::Folder(Folder::new(folder))
    }

    /// Keeps an object, durably when this answers. One that is there is replaced by the same bytes.
    pub(crate) async fn put(&self, object: Object, bytes: Spooled) -> Result<(), ObjectError> {
        match self {
            Self::Folder(folder) => folder.put(object, bytes).await,
            Self::S3(bucket) => bucket.put(object, bytes).await,
        }
    }

    /// Reads a part of an object.
    pub(crate) async fn read(
        &self,
        object: Object,
        range: Range<u64>,
    ) -> Result<Contents, ObjectError> {
        match self {
            Self::Folder(folder) => folder.read(object, range).await,
            Self::S3(bucket) => bucket.read(object, range).await,
        }
    }

    /// Whether an object of so many bytes is there.
    pub(crate) async fn has(&self, object: Object, size: u64) -> Result<bool, ObjectError> {
        match self {
            Self::Folder(folder) => folder.has(object, size).await,
            Self::S3(bucket) => bucket.has(object, size).await,
        }
    }

    /// Deletes every object of a place; those that are not there are no error.
    pub(crate) async fn delete(&self, place: Place, n_parts: u32) -> Result<(), ObjectError> {
        match self {
            Self::Folder(folder) => folder.delete(place, n_parts).await,
            Self::S3(bucket) => bucket.delete(place, n_parts).await,
        }
    }
}

/// Work on files is done off the runtime's threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ObjectError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(ObjectError::Failed(error.to_string())),
    }
}
