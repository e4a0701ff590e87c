//! Objects as files: `<community>/<place>/<part>`, each named only when it is whole and flushed.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, StreamExt};

use super::{Contents, Object, ObjectError, Spooled, blocking};
use crate::tables::blob::Place;

/// So much is read at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// A folder of objects.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn place(&self, place: Place) -> PathBuf {
        let name: String = place.id.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.join(place.community.to_string()).join(name)
    }

    fn file(&self, object: Object) -> PathBuf {
        self.place(object.place).join(object.n.to_string())
    }

    pub(super) async fn put(&self, object: Object, spooled: Spooled) -> Result<(), ObjectError> {
        let (base, target) = (self.0.clone(), self.file(object));
        blocking(move || {
            spooled.file.sync_all()?;
            make_folder(&base, &target)?;
            fs::rename(spooled.path(), &target)?;
            sync_folder(&target)
        })
        .await
    }

    pub(super) async fn read(
        &self,
        object: Object,
        range: Range<u64>,
    ) -> Result<Contents, ObjectError> {
        let path = self.file(object);
        let file = blocking(move || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(range.start))?;
            Ok(file)
        })
        .await?;
        Ok(file_pieces(file, range.end - range.start))
    }

    /// Whether an object is there, whole.
    pub(super) async fn has(&self, object: Object, size: u64) -> Result<bool, ObjectError> {
        let path = self.file(object);
        blocking(move || match fs::metadata(path) {
            Ok(about) => Ok(about.len() == size),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        })
        .await
    }

    pub(super) async fn delete(&self, place: Place, n_parts: u32) -> Result<(), ObjectError> {
        let folder = self.place(place);
        blocking(move || {
            for n in 0..n_parts {
                is_gone(fs::remove_file(folder.join(n.to_string())))?;
            }
            is_gone(fs::remove_dir(&folder))
        })
        .await
    }
}

/// So many bytes of a file, from where it stands.
pub(super) fn file_pieces(file: File, left: u64) -> Contents {
    let pieces = stream::try_unfold((file, left), |(file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let (file, piece) = blocking(move || read_piece(file, left)).await?;
        let left = left - piece.len() as u64;
        Ok(Some((piece, (file, left))))
    });
    pieces.boxed()
}

pub(super) fn read_piece(mut file: File, left: u64) -> io::Result<(File, Bytes)> {
    let n = usize::try_from(left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
    let mut piece = BytesMut::zeroed(n);
    file.read_exact(&mut piece)?;
    Ok((file, piece.freeze()))
}

fn is_gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the folders a file lies in, and flushes those that are new.
fn make_folder(base: &Path, file: &Path) -> io::Result<()> {
    let Some(folder) = file.parent() else {
        return Ok(());
    };
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let above = folder
        .ancestors()
        .take_while(|above| above.starts_with(base));
    above.into_iter().try_for_each(sync_folder)
}

/// Flushes the folder that a name lies in.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        #[cfg(unix)]
        Some(folder) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
