//! A source that ends when too much of it was read, or for too long.

use std::io::{self, Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

use symphonia::core::io::MediaSource;

use super::Source;

/// How much of a file somebody may look at.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    pub(super) bytes: u64,
    pub(super) time: Duration,
}

pub(super) struct Bounded {
    source: Box<dyn Source>,
    size: u64,
    left: u64,
    until: Instant,
}

impl Bounded {
    pub(super) fn new(source: Box<dyn Source>, size: u64, budget: Budget) -> Self {
        Self {
            source,
            size,
            left: budget.bytes,
            until: Instant::now() + budget.time,
        }
    }
}

impl Read for Bounded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || Instant::now() > self.until {
            return Err(io::Error::other("the file takes too much to look at"));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let most = out.len().min(most);
        let n = self.source.read(&mut out[..most])?;
        self.left -= n as u64;
        Ok(n)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if Instant::now() > self.until {
            return Err(io::Error::other("the file takes too long to look at"));
        }
        self.source.seek(to)
    }
}

impl MediaSource for Bounded {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.size)
    }
}
