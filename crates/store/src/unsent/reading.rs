//! Reading the file: whatever happened to it, every frame that is whole counts.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use stoa_domain::Timestamp;

use super::cipher::Cipher;
use super::{FILE, FRAME, Frame, HEAD, MAGIC, Unsent};
use crate::disk;
use crate::vault::Secret;

/// What the file says.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Empty when there is no whole frame.
    pub(crate) line: String,
    /// The count of the last commit it knows.
    pub(crate) n: i64,
    /// What waited then.
    pub(crate) live: BTreeMap<i64, Unsent>,
    gone: BTreeSet<i64>,
    /// The places in the base, and the last one that had been given, when all of it was read.
    base: Option<(BTreeSet<i64>, i64)>,
    /// Where the last whole frame ends.
    pub(crate) len: u64,
    /// Where the base ends.
    pub(crate) base_len: u64,
    /// Whether nothing lies behind the last whole frame.
    pub(crate) is_clean: bool,
    /// Whether something before the last whole frame cannot be read.
    pub(crate) is_damaged: bool,
}

impl Found {
    /// What a file would say that knows no more than the database.
    pub(crate) fn nothing_more(line: &str, n: i64) -> Self {
        Self {
            line: line.to_owned(),
            n,
            ..Self::default()
        }
    }

    /// Whether what had this place was accepted or taken back.
    pub(crate) fn is_gone(&self, lid: i64) -> bool {
        let is_older =
            |(places, last): &(BTreeSet<i64>, i64)| lid <= *last && !places.contains(&lid);
        !self.live.contains_key(&lid)
            && (self.gone.contains(&lid) || self.base.as_ref().is_some_and(is_older))
    }

    fn take(&mut self, frame: Frame, end: usize, bases: &mut BTreeSet<i64>) {
        let is_next = frame.line == self.line && frame.n == self.n + 1 || frame.base.is_some();
        self.is_damaged |= !is_next;
        if frame.line == self.line && frame.n < self.n {
            // Not where it was written.
            return;
        }
        for lid in frame.gone {
            self.live.remove(&lid);
            self.gone.insert(lid);
        }
        for unsent in frame.put {
            self.gone.remove(&unsent.lid);
            if frame.base.is_some() {
                bases.insert(unsent.lid);
            }
            self.live.insert(unsent.lid, unsent);
        }
        if let Some(piece) = &frame.base {
            self.base_len = end as u64;
            if piece.is_last && !self.is_damaged {
                self.base = Some((std::mem::take(bases), piece.last_lid));
            }
        }
        self.line = frame.line;
        self.n = frame.n;
        self.len = end as u64;
    }
}

/// Reads the file of a profile; `None` when there is none.
pub(crate) fn read(dir: &Path, secret: &Secret) -> io::Result<Option<Found>> {
    let bytes = match std::fs::read(dir.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    Ok(Some(read_bytes(&bytes, secret)))
}

fn read_bytes(bytes: &[u8], secret: &Secret) -> Found {
    let cipher = Cipher::new(secret);
    let mut found = Found::default();
    let mut bases = BTreeSet::new();
    let mut at = MAGIC.len();
    let mut is_behind_damage = !bytes.starts_with(MAGIC);
    while at < bytes.len() {
        match frame_at(bytes, at, &cipher) {
            Some((frame, end)) => {
                found.is_damaged |= is_behind_damage;
                found.take(frame, end, &mut bases);
                at = end;
            }
            None => {
                is_behind_damage = true;
                at = next_mark(bytes, at + 1);
            }
        }
    }
    found.is_clean = found.len == bytes.len() as u64;
    found
}

fn frame_at(bytes: &[u8], at: usize, cipher: &Cipher) -> Option<(Frame, usize)> {
    let (head, rest) = bytes.get(at..)?.split_first_chunk::<HEAD>()?;
    let len = u32::from_le_bytes(head.strip_prefix(FRAME)?.try_into().ok()?);
    let sealed = rest.get(..usize::try_from(len).ok()?)?;
    let plain = cipher.open(sealed)?;
    let frame = serde_json::from_slice(&plain).ok()?;
    Some((frame, at + HEAD + sealed.len()))
}

/// Where the next frame may begin; the end when there is none.
fn next_mark(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let mark = rest.windows(FRAME.len()).position(|bytes| bytes == FRAME);
    mark.map_or(bytes.len(), |at| from + at)
}

/// Puts a file that is damaged where it stays and is not written to any more.
pub(crate) fn keep_aside(dir: &Path, now: Timestamp) -> io::Result<()> {
    let aside = (0..1_000)
        .map(|n| dir.join(format!("{FILE}.damaged-{}-{n}", now.millis())))
        .find(|aside: &PathBuf| !aside.exists())
        .ok_or(io::ErrorKind::AlreadyExists)?;
    std::fs::rename(dir.join(FILE), &aside)?;
    disk::sync_folder(&aside)
}
