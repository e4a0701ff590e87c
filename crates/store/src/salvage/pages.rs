//! The pages of a database that may be damaged, read past SQLite: whatever is whole opens, and
//! nothing else is taken for it. Files are only read.
//!
//! A page of SQLCipher 4 is AES-256-CBC, then 16 bytes of initialization vector, then HMAC-SHA-512
//! over both and the page's number. The log beside the database holds later versions of pages.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use aes::Aes256;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;

use crate::db::Salt;
use crate::vault::Secret;

pub(super) const PAGE: usize = 4_096;
/// What SQLite uses of a page.
pub(super) const USABLE: usize = PAGE - RESERVED;
const RESERVED: usize = IV + MAC;
const IV: usize = 16;
const MAC: usize = 64;
const SALT: usize = 16;
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// Pages that are kept in memory.
const MOST_CACHED: usize = 8_192;

/// A page in clear, as long as [`USABLE`].
pub(super) type Page = Vec<u8>;

pub(super) struct Pages {
    db: Option<File>,
    log: Option<File>,
    /// Where the versions of a page lie in the log, the latest first.
    logged: BTreeMap<u32, Vec<u64>>,
    key: Secret,
    mac: Hmac<Sha512>,
    /// What was read last; each page is wanted several times.
    cache: BTreeMap<u32, Option<Page>>,
    /// How many there should be.
    pub(super) n: u32,
}

impl Pages {
    /// `salt` is what the database begins with when it is whole; without it, what it does begin
    /// with.
    pub(super) fn open(path: &Path, key: Secret, salt: Option<Salt>) -> io::Result<Self> {
        let mut db = open(path)?;
        let mut log = open(&path.with_extension("db-wal"))?;
        let salt = match (salt, &mut db) {
            (Some(salt), _) => salt,
            (None, Some(db)) => first_bytes(db)?,
            (None, None) => Salt::default(),
        };
        let len = db
            .as_ref()
            .map_or(Ok(0), |db| db.metadata().map(|m| m.len()))?;
        let (logged, n_logged) = match &mut log {
            Some(log) => read_log(log)?,
            None => (BTreeMap::new(), 0),
        };
        let n_in_file = len.div_ceil(PAGE as u64);
        Ok(Self {
            db,
            log,
            logged,
            mac: mac_key(&key, &salt),
            cache: BTreeMap::new(),
            key,
            n: u32::try_from(n_in_file)
                .map_err(io::Error::other)?
                .max(n_logged),
        })
    }

    /// A page, when it is whole.
    pub(super) fn get(&mut self, number: u32) -> io::Result<Option<Page>> {
        if number == 0 || number > self.n {
            return Ok(None);
        }
        if let Some(page) = self.cache.get(&number) {
            return Ok(page.clone());
        }
        let page = self.read(number)?;
        if self.cache.len() >= MOST_CACHED {
            self.cache.clear();
        }
        self.cache.insert(number, page.clone());
        Ok(page)
    }

    fn read(&mut self, number: u32) -> io::Result<Option<Page>> {
        for at in self.logged.get(&number).cloned().unwrap_or_default() {
            let raw = read_at(&mut self.log, at)?;
            if let Some(page) = raw.and_then(|raw| self.open_page(number, raw)) {
                return Ok(Some(page));
            }
        }
        let raw = read_at(&mut self.db, u64::from(number - 1) * PAGE as u64)?;
        Ok(raw.and_then(|raw| self.open_page(number, raw)))
    }

    fn open_page(&self, number: u32, mut raw: Vec<u8>) -> Option<Page> {
        let start = if number == 1 { SALT } else { 0 };
        let mut mac = self.mac.clone();
        mac.update(&raw[start..PAGE - MAC]);
        mac.update(&number.to_le_bytes());
        mac.verify_slice(&raw[PAGE - MAC..]).ok()?;
        let (body, rest) = raw.split_at_mut(USABLE);
        let cipher =
            cbc::Decryptor::<Aes256>::new_from_slices(self.key.as_ref(), &rest[..IV]).ok()?;
        cipher
            .decrypt_padded::<NoPadding>(&mut body[start..])
            .ok()?;
        raw.truncate(USABLE);
        Some(raw)
    }
}

fn open(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

fn first_bytes(db: &mut File) -> io::Result<Salt> {
    let mut salt = Salt::default();
    match db.read_exact(&mut salt) {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(salt),
    }
}

/// A whole page's bytes; `None` where the file ends or the disk does not give it.
fn read_at(file: &mut Option<File>, at: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(file) = file else {
        return Ok(None);
    };
    let mut raw = vec![0; PAGE];
    file.seek(SeekFrom::Start(at))?;
    Ok(file.read_exact(&mut raw).is_ok().then_some(raw))
}

/// SQLCipher's key for the HMAC: PBKDF2 with two rounds over the changed salt.
fn mac_key(key: &Secret, salt: &Salt) -> Hmac<Sha512> {
    let keyed =
        |key: &[u8]| <Hmac<Sha512> as KeyInit>::new_from_slice(key).expect("any length will do");
    let mut first = keyed(key.as_ref());
    first.update(&salt.map(|byte| byte ^ 0x3a));
    first.update(&1_u32.to_be_bytes());
    let first = first.finalize().into_bytes();
    let mut second = keyed(key.as_ref());
    second.update(&first);
    let second = second.finalize().into_bytes();
    let both: Vec<u8> = first.iter().zip(&second).map(|(a, b)| a ^ b).collect();
    keyed(&both[..32])
}

/// The pages that were committed to the log since it was last begun anew, and how many pages there
/// were after the last commit. A frame counts by its salt; whether its page is whole, its own HMAC
/// tells.
fn read_log(log: &mut File) -> io::Result<(BTreeMap<u32, Vec<u64>>, u32)> {
    let mut logged: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    let mut uncommitted = Vec::new();
    let mut n_pages = 0;
    let mut salt = None;
    let len = log.metadata()?.len();
    let mut at = LOG_HEADER as u64;
    while at + (FRAME_HEADER + PAGE) as u64 <= len {
        let mut head = [0; FRAME_HEADER];
        log.seek(SeekFrom::Start(at))?;
        if log.read_exact(&mut head).is_err() {
            break;
        }
        let number =
            |i: usize| u32::from_be_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]);
        if *salt.get_or_insert(head[8..16].to_vec()) == head[8..16] {
            uncommitted.push((number(0), at + FRAME_HEADER as u64));
            if number(4) > 0 {
                n_pages = number(4);
                for (page, at) in uncommitted.drain(..) {
                    logged.entry(page).or_default().insert(0, at);
                }
            }
        }
        at += (FRAME_HEADER + PAGE) as u64;
    }
    Ok((logged, n_pages))
}
