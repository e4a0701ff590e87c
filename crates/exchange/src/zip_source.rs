//! A zip as a source. What is hostile about zips ends here.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use thiserror::Error;
use zip::read::{ArchiveOffset, Config};

use crate::limits::{Limits, MIB};
use crate::source::{Entry, ReadError, RefusedEntry, Source, entry_name};

/// The most that is read to learn what is in a zip.
const MAX_DIRECTORY_BYTES: u64 = 6 * MIB;

/// Why a zip is not opened.
#[derive(Debug, Error)]
pub enum ZipRefused {
    #[error("not a zip, or a broken one: {0}")]
    Unreadable(#[from] zip::result::ZipError),
    #[error("more than {0} files")]
    TooManyEntries(usize),
    #[error("files lie on top of each other")]
    Overlapping,
    #[error("unpacks to more than {0} bytes")]
    TooLarge(u64),
}

/// A zip whose directory has been checked. Every file is read through its own limit.
pub struct ZipSource<R> {
    archive: zip::ZipArchive<Budget<R>>,
    entries: Vec<Entry>,
    refused: Vec<RefusedEntry>,
    /// Where each entry is in the archive.
    indexes: Vec<usize>,
}

impl<R: Read + Seek> ZipSource<R> {
    /// # Errors
    /// [`ZipRefused`] when the whole archive is broken or hostile; single entries that are go
    /// into [`Source::refused`].
    pub fn open(reader: R, limits: &Limits) -> Result<Self, ZipRefused> {
        let left = Arc::new(AtomicU64::new(MAX_DIRECTORY_BYTES));
        let budget = Budget {
            reader,
            left: Arc::clone(&left),
        };
        let config = Config {
            archive_offset: ArchiveOffset::Known(0),
        };
        let mut archive = zip::ZipArchive::with_config(config, budget)?;
        if archive.len() > limits.entries {
            return Err(ZipRefused::TooManyEntries(limits.entries));
        }
        left.store(u64::MAX, Ordering::Relaxed);
        if archive.has_overlapping_entries()? {
            return Err(ZipRefused::Overlapping);
        }
        let (listed, refused) = list(&archive, limits)?;
        let sum: u64 = listed.iter().map(|(entry, _)| entry.size).sum();
        if sum > limits.unpacked_bytes {
            return Err(ZipRefused::TooLarge(limits.unpacked_bytes));
        }
        let (entries, indexes) = listed.into_iter().unzip();
        Ok(ZipSource {
            archive,
            entries,
            refused,
            indexes,
        })
    }
}

type Listed = (Vec<(Entry, usize)>, Vec<RefusedEntry>);

fn list<R: Read + Seek>(
    archive: &zip::ZipArchive<R>,
    limits: &Limits,
) -> Result<Listed, ZipRefused> {
    let mut listed: Vec<(Entry, usize)> = Vec::new();
    let mut refused = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index_data(index)?;
        if file.is_dir() {
            continue;
        }
        let name = name_of(file.name_raw());
        let entry = match file.is_symlink() {
            true => Err(ReadError::UnsafeName),
            false => entry_of(&name, file.size(), file.compressed_size(), limits),
        };
        match entry {
            Ok(entry) => listed.push((entry, index)),
            Err(why) => refused.push(RefusedEntry { name, why }),
        }
    }
    listed.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    listed.dedup_by(|(later, _), (first, _)| {
        let is_twice = later.path == first.path;
        if is_twice {
            refused.push(RefusedEntry {
                name: later.path.clone(),
                why: ReadError::Unreadable("the name is there twice".to_owned()),
            });
        }
        is_twice
    });
    Ok((listed, refused))
}

/// Zips made on Chinese Windows hold names in GB18030.
fn name_of(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(raw).0.into_owned(),
    }
}

fn entry_of(name: &str, size: u64, packed: u64, limits: &Limits) -> Result<Entry, ReadError> {
    let path = entry_name(name).ok_or(ReadError::UnsafeName)?;
    if size > limits.entry_bytes {
        return Err(ReadError::TooLarge {
            limit: limits.entry_bytes,
        });
    }
    if size > MIB && size / packed.max(1) > limits.ratio {
        return Err(ReadError::Bomb);
    }
    Ok(Entry { path, size })
}

impl<R: Read + Seek> Source for ZipSource<R> {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn refused(&self) -> &[RefusedEntry] {
        &self.refused
    }

    fn read(&mut self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let at = self
            .entries
            .binary_search_by(|entry| entry.path.as_str().cmp(path))
            .map_err(|_| ReadError::NotFound)?;
        let size = self.entries[at].size;
        if size > limit {
            return Err(ReadError::TooLarge { limit });
        }
        let file = self
            .archive
            .by_index(self.indexes[at])
            .map_err(|error| ReadError::Unreadable(error.to_string()))?;
        let mut bytes = Vec::new();
        file.take(size + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| ReadError::Unreadable(error.to_string()))?;
        if bytes.len() as u64 != size {
            return Err(ReadError::Bomb);
        }
        Ok(bytes)
    }
}

/// A reader that gives out only so many bytes.
struct Budget<R> {
    reader: R,
    left: Arc<AtomicU64>,
}

impl<R: Read> Read for Budget<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        let left = self.left.load(Ordering::Relaxed).checked_sub(n as u64);
        let left = left.ok_or_else(|| io::Error::other("the directory is too large"))?;
        self.left.store(left, Ordering::Relaxed);
        Ok(n)
    }
}

impl<R: Seek> Seek for Budget<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}
