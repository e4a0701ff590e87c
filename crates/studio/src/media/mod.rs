//! Sounds, films and images of drafts: what they are, how loud they are where, and what the window
//! plays them by. Whatever is read here was made by somebody else, so every look has a budget of
//! bytes and of time, and a parser that gives up in an unforeseen way is a file that is refused.

mod bounded;
mod peaks;
mod picture;
mod probe;
#[cfg(test)]
mod tests;
mod tickets;

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use stoa_domain::Recording;
use stoa_store::FileReader;

pub(crate) use picture::{Change, Crop, PictureError, Saved, change, encode};
pub(crate) use tickets::Tickets;

/// So much is decrypted at once.
const PIECE: u64 = 256 * 1024;

/// Why a file is no recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotARecording;

/// What can be looked at anywhere.
pub(crate) trait Source: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Source for T {}

/// What a file is, without how loud it is. At most two seconds and 24 MiB of it.
pub(crate) fn look(source: impl Source + 'static, size: u64) -> Result<Recording, NotARecording> {
    let looked = catch_unwind(AssertUnwindSafe(|| probe::look(Box::new(source), size)));
    looked.unwrap_or(Err(NotARecording))
}

/// How loud a sound is from its beginning to its end; nothing where that cannot be told within some
/// seconds.
pub(crate) fn listen(source: impl Source + 'static, size: u64, millis: u64) -> Vec<u8> {
    let heard = catch_unwind(AssertUnwindSafe(|| {
        peaks::listen(Box::new(source), size, millis)
    }));
    heard.ok().flatten().unwrap_or_default()
}

/// A file of the store as something to be read from any place.
pub(crate) struct Stored {
    reader: FileReader,
    at: u64,
    held: Vec<u8>,
    held_from: u64,
}

impl Stored {
    pub(crate) fn new(reader: FileReader) -> Self {
        Self {
            reader,
            at: 0,
            held: Vec::new(),
            held_from: 0,
        }
    }

    fn held(&self) -> Range<u64> {
        self.held_from..self.held_from + self.held.len() as u64
    }
}

impl Read for Stored {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.held().contains(&self.at) {
            self.held = self.reader.read(self.at..self.at.saturating_add(PIECE))?;
            self.held_from = self.at;
        }
        let from = usize::try_from(self.at - self.held_from).map_err(io::Error::other)?;
        let rest = self.held.get(from..).unwrap_or_default();
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for Stored {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.reader.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "before the beginning");
        self.at = target.ok_or_else(before)?;
        Ok(self.at)
    }
}
