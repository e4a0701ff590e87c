//! Reading a whole file, from any place in it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use super::cipher::{CHUNK, Cipher, HEADER, Place, SEALED, damaged, length, offset};
use crate::vault::Secret;

/// An open file. Every byte it gives was authenticated.
pub struct FileReader {
    file: File,
    cipher: Cipher,
    size: u64,
}

impl FileReader {
    pub(super) fn open(path: &Path, key: &Secret, size: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        if file.metadata()?.len() != length(size) {
            return Err(damaged("the length"));
        }
        let mut header = [0; HEADER];
        file.read_exact(&mut header)?;
        Ok(Self {
            cipher: Cipher::read(key, &header)?,
            file,
            size,
        })
    }

    /// Bytes of the file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Some of its bytes; those beyond its end are left out.
    ///
    /// # Errors
    /// `InvalidData` when they are not what was written, else the disk's error.
    pub fn read(&mut self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let range = range.start.min(self.size)..range.end.min(self.size);
        let mut out = Vec::new();
        if range.is_empty() {
            return Ok(out);
        }
        let chunk_bytes = CHUNK as u64;
        let first = range.start / chunk_bytes;
        let mut left = usize_of(range.end - range.start)?;
        out.reserve_exact(left);
        let mut skip = usize_of(range.start - first * chunk_bytes)?;
        let mut n = u32::try_from(first).map_err(io::Error::other)?;
        self.file.seek(SeekFrom::Start(offset(n)))?;
        let mut chunk = Vec::with_capacity(SEALED);
        while left > 0 {
            self.next_chunk(&mut chunk, n)?;
            let end = chunk.len().min(skip + left);
            out.extend_from_slice(&chunk[skip..end]);
            left -= end - skip;
            skip = 0;
            n += 1;
        }
        Ok(out)
    }

    fn next_chunk(&mut self, chunk: &mut Vec<u8>, n: u32) -> io::Result<()> {
        let start = u64::from(n) * CHUNK as u64;
        let sealed = usize_of((self.size - start).min(CHUNK as u64))? + (SEALED - CHUNK);
        chunk.resize(sealed, 0);
        self.file.read_exact(chunk)?;
        self.cipher.open(chunk, Place::of(n, self.size))
    }
}

fn usize_of(n: u64) -> io::Result<usize> {
    usize::try_from(n).map_err(io::Error::other)
}
