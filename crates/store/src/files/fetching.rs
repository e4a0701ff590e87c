//! A file that is being fetched: parts in any order, each in its place and flushed before anybody
//! is told that it is here.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};

use stoa_domain::{BlobHash, PART_BYTES};

use super::cipher::{CHUNK, Cipher, HEADER, Place, SEALED, length, offset};
use super::{FileReader, Files};
use crate::{Random, disk, random};

const CHUNKS_OF_PART: u64 = PART_BYTES / CHUNK as u64;

/// A file with room for all of its parts.
pub(crate) struct Fetching {
    file: File,
    cipher: Cipher,
    size: u64,
}

impl Fetching {
    /// Goes on with a file that was begun; `None` when there is none.
    pub(crate) fn go_on(files: &Files, b3: BlobHash, size: u64) -> io::Result<Option<Self>> {
        let path = files.unfinished(b3);
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut header = [0; HEADER];
        if file.metadata()?.len() != length(size) || file.read_exact(&mut header).is_err() {
            return Ok(None);
        }
        let cipher = Cipher::read(&files.key, &header).ok();
        Ok(cipher.map(|cipher| Self { file, cipher, size }))
    }

    /// Begins a file anew.
    pub(crate) fn begin(
        files: &Files,
        b3: BlobHash,
        size: u64,
        random: &dyn Random,
    ) -> io::Result<Self> {
        disk::make_folder(&files.folder)?;
        let path = files.unfinished(b3);
        let (cipher, header) = Cipher::begin(&files.key, random::bytes(random));
        let mut file = disk::private_file(&path)?;
        file.write_all(&header)?;
        file.set_len(length(size))?;
        file.sync_all()?;
        disk::sync_folder(&path)?;
        Ok(Self { file, cipher, size })
    }

    /// Puts a part in its place; it is on the disk when this returns.
    pub(crate) fn put(&mut self, n: u32, bytes: &[u8]) -> io::Result<()> {
        let first = u64::from(n) * CHUNKS_OF_PART;
        let first = u32::try_from(first).map_err(io::Error::other)?;
        self.file.seek(SeekFrom::Start(offset(first)))?;
        let mut chunk = Vec::with_capacity(SEALED);
        for (n, plain) in (first..).zip(bytes.chunks(CHUNK)) {
            chunk.clear();
            chunk.extend_from_slice(plain);
            self.cipher.seal(&mut chunk, Place::of(n, self.size))?;
            self.file.write_all(&chunk)?;
        }
        self.file.sync_all()
    }

    /// All parts are in place: the file gets its name.
    pub(crate) fn finish(self, files: &Files, b3: BlobHash) -> io::Result<()> {
        let target = files.path(b3);
        drop(self.file);
        std::fs::rename(files.unfinished(b3), &target)?;
        disk::sync_folder(&target)
    }

    /// Whether the file got its name before the program ended.
    pub(crate) fn is_finished(files: &Files, b3: BlobHash, size: u64) -> bool {
        FileReader::open(&files.path(b3), &files.key, size).is_ok()
    }
}
