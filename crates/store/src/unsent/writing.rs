//! Writing the file: whole, or a frame more at its end.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::cipher::Cipher;
use super::frame::BasePiece;
use super::{FILE, FRAME, Found, Frame, MAGIC, Unsent};
use crate::disk;
use crate::vault::Secret;

/// The base is written in pieces of about this size.
const PIECE_BYTES: usize = 1 << 20;
/// When nobody waits for a save, the file is written anew once it has grown by so much.
const SPARE_BYTES: u64 = 256 << 10;
/// When somebody does: rare enough to be no part of how long saves take.
const MOST_SPARE_BYTES: u64 = 8 << 20;

/// All that waits, for a file that is written anew.
pub(crate) struct Base {
    pub(crate) line: String,
    pub(crate) n: i64,
    pub(crate) last_lid: i64,
    pub(crate) all: Vec<Unsent>,
}

/// The file, open for the next commit.
pub(crate) struct UnsentLog {
    path: PathBuf,
    cipher: Cipher,
    /// `None` when the last frame did not get on the disk: the file is behind and has to be
    /// written anew.
    file: Option<File>,
    pub(crate) line: String,
    pub(crate) n: i64,
    /// A checksum of each change that the file holds, to see which a commit really changed.
    known: BTreeMap<i64, blake3::Hash>,
    len: u64,
    base_len: u64,
}

impl UnsentLog {
    /// A file that has to be written first.
    pub(crate) fn behind(dir: &Path, secret: &Secret) -> Self {
        Self {
            path: dir.join(FILE),
            cipher: Cipher::new(secret),
            file: None,
            line: String::new(),
            n: 0,
            known: BTreeMap::new(),
            len: 0,
            base_len: 0,
        }
    }

    /// Goes on with a file that was read and is whole.
    pub(crate) fn resume(dir: &Path, secret: &Secret, found: &Found) -> io::Result<Self> {
        let mut log = Self::behind(dir, secret);
        log.file = Some(OpenOptions::new().append(true).open(&log.path)?);
        log.line.clone_from(&found.line);
        log.n = found.n;
        log.len = found.len;
        log.base_len = found.base_len;
        log.known = found.live.values().map(checksum).collect();
        Ok(log)
    }

    /// Whether a commit has to be followed by writing the whole file.
    pub(crate) fn is_behind(&self) -> bool {
        self.file.is_none()
    }

    /// Whether the file holds just this.
    pub(crate) fn holds(&self, unsent: &Unsent) -> bool {
        self.known.get(&unsent.lid) == Some(&checksum(unsent).1)
    }

    /// Whether the file holds a change with this place.
    pub(crate) fn holds_any(&self, lid: i64) -> bool {
        self.known.contains_key(&lid)
    }

    /// Whether most of the file is of no use any more.
    pub(crate) fn is_overgrown(&self, is_waited_for: bool) -> bool {
        let spare = self.len.saturating_sub(self.base_len);
        let most = match is_waited_for {
            true => MOST_SPARE_BYTES,
            false => SPARE_BYTES,
        };
        spare > most.max(self.base_len)
    }

    /// Adds what a commit changed; on the disk when this returns. After an error the file is
    /// behind.
    pub(crate) fn append(&mut self, frame: Frame) -> io::Result<()> {
        let bytes = sealed(&self.cipher, &frame)?;
        // Not put back after an error: what is at the end of the file then, nobody knows.
        let Some(mut file) = self.file.take() else {
            return Err(io::Error::other("the file is behind"));
        };
        file.write_all(&bytes)?;
        file.sync_data()?;
        self.file = Some(file);
        self.len += bytes.len() as u64;
        self.n = frame.n;
        for lid in frame.gone {
            self.known.remove(&lid);
        }
        self.known.extend(frame.put.iter().map(checksum));
        Ok(())
    }

    /// Writes the whole file anew, and puts it in the place of the one before.
    pub(crate) fn rewrite(&mut self, base: Base) -> io::Result<()> {
        self.file = None;
        let mut name = FILE.to_owned();
        name.push_str(disk::UNFINISHED);
        let beside = self.path.with_file_name(name);
        let mut file = disk::private_file(&beside)?;
        file.write_all(MAGIC)?;
        self.len = MAGIC.len() as u64;
        for frame in pieces(&base) {
            let bytes = sealed(&self.cipher, &frame)?;
            file.write_all(&bytes)?;
            self.len += bytes.len() as u64;
        }
        file.sync_all()?;
        drop(file);
        std::fs::rename(&beside, &self.path)?;
        disk::sync_folder(&self.path)?;
        self.file = Some(OpenOptions::new().append(true).open(&self.path)?);
        self.base_len = self.len;
        self.known = base.all.iter().map(checksum).collect();
        self.line = base.line;
        self.n = base.n;
        Ok(())
    }
}

fn checksum(unsent: &Unsent) -> (i64, blake3::Hash) {
    let written = serde_json::to_vec(unsent);
    debug_assert!(written.is_ok(), "every field can be written");
    let written = zeroize::Zeroizing::new(written.unwrap_or_default());
    (unsent.lid, blake3::hash(&written))
}

fn sealed(cipher: &Cipher, frame: &Frame) -> io::Result<Vec<u8>> {
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(frame)?);
    let sealed = cipher.seal(&plain);
    let len = u32::try_from(sealed.len()).map_err(io::Error::other)?;
    Ok([FRAME.as_slice(), &len.to_le_bytes(), &sealed].concat())
}

/// The base in frames that fit into memory one by one; at least one.
fn pieces(base: &Base) -> Vec<Frame> {
    let mut pieces: Vec<Vec<Unsent>> = vec![Vec::new()];
    let mut size = 0;
    for unsent in &base.all {
        if size > PIECE_BYTES {
            pieces.push(Vec::new());
            size = 0;
        }
        size += unsent.args.len();
        if let Some(last) = pieces.last_mut() {
            last.push(unsent.clone());
        }
    }
    let n_pieces = pieces.len();
    let frame = |(i, put)| Frame {
        line: base.line.clone(),
        n: base.n,
        base: Some(BasePiece {
            last_lid: base.last_lid,
            is_last: i + 1 == n_pieces,
        }),
        put,
        gone: Vec::new(),
    };
    pieces.into_iter().enumerate().map(frame).collect()
}
