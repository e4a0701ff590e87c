//! Taking a file in: read once from front to back, hashed and encrypted on the way, never held in
//! memory, and named only when it is whole and flushed.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use stoa_domain::{BlobHash, PART_BYTES};

use super::cipher::{CHUNK, Cipher, Place, damaged};
use super::{FileReader, Files, root};
use crate::{Random, disk, random};

/// A file that lies on the disk under its name.
pub(crate) struct Taken {
    pub(crate) b3: BlobHash,
    pub(crate) size: u64,
    pub(crate) parts: Vec<BlobHash>,
}

/// Why a file was not taken in. Nothing of it is left.
pub(crate) enum NotTaken {
    Io(io::Error),
    Empty,
    TooLarge,
}

impl From<io::Error> for NotTaken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads `source` to its end, at most `most` bytes.
pub(crate) fn take_in(
    files: &Files,
    source: &mut dyn Read,
    most: u64,
    random: &dyn Random,
) -> Result<Taken, NotTaken> {
    disk::make_folder(&files.folder)?;
    let path = files.incoming(random);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let incoming = Incoming(path);
    let mut file = disk::private_file(&incoming.0)?;
    let taken = copy(files, source, &mut file, most, random)?;
    file.sync_all()?;
    let target = files.path(taken.b3);
    std::fs::rename(&incoming.0, &target)?;
    disk::sync_folder(&target)?;
    Ok(taken)
}

/// A name that is taken away unless the file got a better one.
struct Incoming(PathBuf);

impl Drop for Incoming {
    fn drop(&mut self) {
        // After the renaming there is nothing here; what cannot be removed is at the next start.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn copy(
    files: &Files,
    source: &mut dyn Read,
    file: &mut File,
    most: u64,
    random: &dyn Random,
) -> Result<Taken, NotTaken> {
    let (cipher, header) = Cipher::begin(&files.key, random::bytes(random));
    file.write_all(&header)?;
    let mut hashes = Hashes::default();
    let mut chunk = next_chunk(source)?;
    if chunk.is_empty() {
        return Err(NotTaken::Empty);
    }
    for n in 0.. {
        hashes.update(&chunk);
        if hashes.size > most {
            return Err(NotTaken::TooLarge);
        }
        // Only what follows tells whether a chunk is the last.
        let next = next_chunk(source)?;
        let is_last = next.is_empty();
        cipher.seal(&mut chunk, Place { n, is_last })?;
        file.write_all(&chunk)?;
        if is_last {
            break;
        }
        chunk = next;
    }
    Ok(hashes.finish())
}

/// The parts of a file that is here, if it is the one that its name says.
pub(super) fn parts_of(reader: &mut FileReader, b3: BlobHash) -> io::Result<Vec<BlobHash>> {
    let mut hashes = Hashes::default();
    while hashes.size < reader.size() {
        let chunk = reader.read(hashes.size..hashes.size + CHUNK as u64)?;
        hashes.update(&chunk);
    }
    let taken = hashes.finish();
    match taken.b3 == b3 {
        true => Ok(taken.parts),
        false => Err(damaged("another file")),
    }
}

fn next_chunk(source: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(CHUNK + 16);
    source.take(CHUNK as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

/// The hashes of the parts, as their bytes go by.
#[derive(Default)]
struct Hashes {
    hasher: blake3::Hasher,
    parts: Vec<BlobHash>,
    size: u64,
}

impl Hashes {
    /// Takes a chunk; parts are whole numbers of them.
    fn update(&mut self, chunk: &[u8]) {
        if self.size > 0 && self.size.is_multiple_of(PART_BYTES) {
            self.end_part();
        }
        self.hasher.update(chunk);
        self.size += chunk.len() as u64;
    }

    fn end_part(&mut self) {
        let hash = self.hasher.finalize();
        self.parts.push(BlobHash::from_bytes(*hash.as_bytes()));
        self.hasher.reset();
    }

    fn finish(mut self) -> Taken {
        self.end_part();
        Taken {
            b3: root(self.size, &self.parts),
            size: self.size,
            parts: self.parts,
        }
    }
}
