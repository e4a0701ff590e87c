//! How a file is encrypted: chunks of 64 KiB in the STREAM construction over XChaCha20-Poly1305.
//!
//! Each file has a key of its own, derived from the profile's and a random salt in its header. The
//! nonce of a chunk is its number and whether it is the last: chunks that were swapped, taken out,
//! added or cut off do not open. Any chunk can be read without the others.

use std::io;

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::vault::{Secret, derive};

/// Bytes of a chunk before encryption; the last may have fewer.
pub(super) const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// Bytes of a chunk on the disk.
pub(super) const SEALED: usize = CHUNK + TAG;
const MAGIC: &[u8; 16] = b"stoa file 1\0\0\0\0\0";
const SALT: usize = 32;
/// Bytes before the first chunk.
pub(super) const HEADER: usize = MAGIC.len() + SALT;

/// What one file is encrypted with.
pub(super) struct Cipher(XChaCha20Poly1305);

impl Cipher {
    /// The cipher of a new file, and its header.
    pub(super) fn begin(key: &Secret, salt: [u8; SALT]) -> (Self, [u8; HEADER]) {
        let mut header = [0; HEADER];
        header[..MAGIC.len()].copy_from_slice(MAGIC);
        header[MAGIC.len()..].copy_from_slice(&salt);
        (Self::of(key, &salt), header)
    }

    /// The cipher of a file by its header.
    pub(super) fn read(key: &Secret, header: &[u8; HEADER]) -> io::Result<Self> {
        let (magic, salt) = header.split_at(MAGIC.len());
        if magic == MAGIC {
            Ok(Self::of(key, salt))
        } else {
            Err(damaged("the header"))
        }
    }

    fn of(key: &Secret, salt: &[u8]) -> Self {
        let key = derive(key.as_ref(), salt, "media file");
        Self(XChaCha20Poly1305::new((&*key).into()))
    }

    /// Encrypts a chunk in place; it becomes longer.
    pub(super) fn seal(&self, chunk: &mut Vec<u8>, place: Place) -> io::Result<()> {
        let sealed = self.0.encrypt_in_place(&place.nonce(), &[], chunk);
        sealed.map_err(|_| io::Error::other("a chunk cannot be encrypted"))
    }

    /// Decrypts a chunk in place; it becomes shorter.
    pub(super) fn open(&self, chunk: &mut Vec<u8>, place: Place) -> io::Result<()> {
        let opened = self.0.decrypt_in_place(&place.nonce(), &[], chunk);
        opened.map_err(|_| damaged("a chunk"))
    }
}

/// Where a chunk belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) n: u32,
    pub(super) is_last: bool,
}

impl Place {
    /// The place of a chunk in a file of this many bytes.
    pub(super) fn of(n: u32, size: u64) -> Self {
        Self {
            n,
            is_last: u64::from(n) + 1 == n_chunks(size),
        }
    }

    fn nonce(self) -> XNonce {
        let mut nonce = [0; 24];
        nonce[19..23].copy_from_slice(&self.n.to_be_bytes());
        nonce[23] = self.is_last.into();
        XNonce::from(nonce)
    }
}

pub(super) fn n_chunks(size: u64) -> u64 {
    size.div_ceil(CHUNK as u64)
}

/// Where a chunk begins on the disk.
pub(super) fn offset(n: u32) -> u64 {
    HEADER as u64 + u64::from(n) * SEALED as u64
}

/// Bytes on the disk of a file with this many bytes.
pub(super) fn length(size: u64) -> u64 {
    HEADER as u64 + size + n_chunks(size) * TAG as u64
}

pub(super) fn damaged(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{what} of a file is not what was written"),
    )
}
