//! The contents of attachments on the disk: one encrypted file each, outside the database.
//!
//! `files/<name>`, where the name is a keyed hash of the contents' hash, so that a folder listing
//! tells nobody which known files somebody has. A file gets its name only when it is whole and
//! flushed; what is being taken in lies in `files/incoming`, what is being fetched has the name
//! with `.part`.

mod cipher;
mod fetching;
mod reading;
mod taking_in;

use std::io;
use std::path::{Path, PathBuf};

use stoa_domain::{BlobHash, root_input};

use crate::vault::Secret;
use crate::{Random, disk, hex, random};

pub(crate) use fetching::Fetching;
pub use reading::FileReader;
pub(crate) use taking_in::{NotTaken, Taken, take_in};

/// What a file that cannot be read ends in.
const DAMAGED: &str = "damaged";

/// The folder of a profile's files.
#[derive(Clone)]
pub(crate) struct Files {
    folder: PathBuf,
    key: Secret,
}

impl Files {
    pub(crate) fn new(profile: &Path, key: Secret) -> Self {
        Self {
            folder: profile.join("files"),
            key,
        }
    }

    fn path(&self, b3: BlobHash) -> PathBuf {
        let name = blake3::keyed_hash(&self.key, b3.as_bytes());
        self.folder.join(hex::encode(&name.as_bytes()[..20]))
    }

    fn unfinished(&self, b3: BlobHash) -> PathBuf {
        self.path(b3).with_extension("part")
    }

    fn incoming(&self, random: &dyn Random) -> PathBuf {
        let name: [u8; 16] = random::bytes(random);
        self.folder.join("incoming").join(hex::encode(&name))
    }

    /// Takes away what was not whole when the program ended: nobody was told that it is kept.
    pub(crate) fn forget_unfinished(&self) -> io::Result<()> {
        match std::fs::remove_dir_all(self.folder.join("incoming")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Opens a whole file for reading anywhere in it.
    pub(crate) fn read(&self, b3: BlobHash, size: u64) -> io::Result<FileReader> {
        FileReader::open(&self.path(b3), &self.key, size)
    }

    /// The hashes of a whole file's parts, read from one end to the other.
    pub(crate) fn parts(&self, b3: BlobHash, size: u64) -> io::Result<Vec<BlobHash>> {
        taking_in::parts_of(&mut self.read(b3, size)?, b3)
    }

    /// Takes a file off this computer.
    pub(crate) fn remove(&self, b3: BlobHash) -> io::Result<()> {
        // What is being fetched loses its beginning first, so that it cannot get its name now.
        remove([self.unfinished(b3), self.path(b3)])
    }

    /// Takes all there is of a file off this computer, also what could not be read of it; when this
    /// returns, no power cut brings it back.
    pub(crate) fn forget(&self, b3: BlobHash) -> io::Result<()> {
        let path = self.path(b3);
        remove([
            self.unfinished(b3),
            path.clone(),
            path.with_extension(DAMAGED),
        ])?;
        match self.folder.is_dir() {
            true => disk::sync_folder(&path),
            false => Ok(()),
        }
    }

    /// Puts a file that cannot be read out of the way, where it stays.
    pub(crate) fn set_aside(&self, b3: BlobHash) -> io::Result<()> {
        let path = self.path(b3);
        match std::fs::rename(&path, path.with_extension(DAMAGED)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn remove<const N: usize>(paths: [PathBuf; N]) -> io::Result<()> {
    for path in paths {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The hash that names a file.
pub(crate) fn root(size: u64, parts: &[BlobHash]) -> BlobHash {
    BlobHash::from_bytes(*blake3::hash(&root_input(size, parts)).as_bytes())
}
