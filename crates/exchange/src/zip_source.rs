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
/// Below this a zip as a whole may unpack to as much more as it likes.
const SMALL_BYTES: u64 = 32 * MIB;
/// The most room that is made for a file because of the size it claims.
const MOST_ROOM: u64 = 64 * MIB + 1;

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
    #[error("unpacks to more than {0} times what it is")]
    Bomb(u64),
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
        if sum > SMALL_BYTES && sum / packed_bytes(&archive, &listed)?.max(1) > limits.whole_ratio {
            return Err(ZipRefused::Bomb(limits.whole_ratio));
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

/// What the listed files take in the zip: many small ones may each be fine and all together not.
fn packed_bytes<R: Read + Seek>(
    archive: &zip::ZipArchive<R>,
    listed: &[(Entry, usize)],
) -> Result<u64, ZipRefused> {
    let mut sum = 0_u64;
    for (_, index) in listed {
        sum = sum.saturating_add(archive.by_index_data(*index)?.compressed_size());
    }
    Ok(sum)
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
        let at = self.place(path)?;
        let size = self.entries[at].size;
        if size > limit {
            return Err(ReadError::TooLarge { limit });
        }
        let bytes = self.unpacked(at, size + 1)?;
        if bytes.len() as u64 != size {
            return Err(ReadError::Bomb);
        }
        Ok(bytes)
    }

    fn head(&mut self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        let at = self.place(path)?;
        let most = self.entries[at].size.min(most as u64);
        self.unpacked(at, most)
    }
}

impl<R: Read + Seek> ZipSource<R> {
    fn place(&self, path: &str) -> Result<usize, ReadError> {
        let by_path = |entry: &Entry| entry.path.as_str().cmp(path);
        let place = self.entries.binary_search_by(by_path);
        place.map_err(|_| ReadError::NotFound)
    }

    /// A file from its beginning, as far as so many bytes. The room for an export is there at once:
    /// a list that grows takes twice as much. What a file claims beyond that is not believed.
    fn unpacked(&mut self, at: usize, most: u64) -> Result<Vec<u8>, ReadError> {
        let unreadable = |why: &dyn std::fmt::Display| ReadError::Unreadable(why.to_string());
        let file = self.archive.by_index(self.indexes[at]);
        let file = file.map_err(|why| unreadable(&why))?;
        let room = usize::try_from(most.min(MOST_ROOM)).unwrap_or_default();
        let mut bytes = Vec::with_capacity(room);
        let read = file.take(most).read_to_end(&mut bytes);
        read.map_err(|why| unreadable(&why))?;
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
