//! The manifest `vault.toml`: which locks a vault has. In clear text, without any secret, kept
//! twice; each copy proves by a checksum that it is whole.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use stoa_domain::Timestamp;
use thiserror::Error;

use super::key::Wrapped;
use super::passphrase::PassphraseSlot;
use crate::disk;
use crate::wipe::Wipe;

pub(crate) const FILE: &str = "vault.toml";
pub(crate) const COPY: &str = "vault.toml.copy";
const VERSION: u32 = 1;

/// The manifest could not be read or written.
#[derive(Debug, Error)]
pub enum ManifestError {
    #[error("there is no manifest")]
    Missing,
    /// Neither the manifest nor its copy is whole.
    #[error("the manifest cannot be read: {0}")]
    Damaged(String),
    /// The account had it wiped; what was in it is gone or going.
    #[error("the profile was wiped")]
    Wiped,
    #[error("a newer program wrote the manifest (version {0})")]
    TooNew(u32),
    #[error("no space left on the disk")]
    DiskFull,
    #[error("the manifest could not be read or written: {0}")]
    DiskFailed(String),
}

impl From<io::Error> for ManifestError {
    fn from(error: io::Error) -> Self {
        if disk::is_full(&error) {
            Self::DiskFull
        } else {
            Self::DiskFailed(error.to_string())
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub version: u32,
    pub vault_id: String,
    pub created_at: Timestamp,
    /// How the database is encrypted.
    pub cipher: String,
    /// Tells whether a key is this vault's.
    pub key_check: String,
    /// Whether the database was made; from then on a missing one is an error.
    pub db_must_exist: bool,
    /// The first bytes of the database, which are not secret: they tell a damaged database of
    /// this vault from another vault's.
    pub db_salt: Option<String>,
    pub recovery: Wrapped,
    pub keychain: Option<KeychainSlot>,
    pub passphrase: Option<PassphraseSlot>,
}

/// The vault key under a secret that the keychain keeps.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeychainSlot {
    /// The entry's name in the keychain.
    pub entry: String,
    /// Which keychain took it.
    pub backend: String,
    pub created_at: Timestamp,
    pub wrapped: Wrapped,
}

impl Manifest {
    pub(super) fn new(
        vault_id: String,
        key_check: String,
        recovery: Wrapped,
        now: Timestamp,
    ) -> Self {
        Self {
            version: VERSION,
            vault_id,
            created_at: now,
            cipher: "sqlcipher-4".to_owned(),
            key_check,
            db_must_exist: false,
            db_salt: None,
            recovery,
            keychain: None,
            passphrase: None,
        }
    }

    /// Reads the manifest, or its copy when the manifest is missing or damaged.
    pub(super) fn read(dir: &Path) -> Result<Self, ManifestError> {
        if Wipe::is_begun(dir)? {
            return Err(ManifestError::Wiped);
        }
        match read_one(&dir.join(FILE)) {
            Err(first @ (ManifestError::Missing | ManifestError::Damaged(_))) => {
                match read_one(&dir.join(COPY)) {
                    Err(ManifestError::Missing) => Err(first),
                    other => other,
                }
            }
            other => other,
        }
    }

    /// Writes both copies, one after the other, so that one is whole at any time. The one that is
    /// read comes last: until then, and when something fails, what was before holds.
    pub(super) fn write(&self, dir: &Path) -> Result<(), ManifestError> {
        let body = toml::to_string(self).map_err(|e| ManifestError::Damaged(e.to_string()))?;
        let text = format!("checksum = \"{}\"\n{body}", blake3::hash(body.as_bytes()));
        disk::replace_file(&dir.join(COPY), text.as_bytes())?;
        disk::replace_file(&dir.join(FILE), text.as_bytes())?;
        Ok(())
    }

    /// Takes back what a write that failed left of the first manifest of a folder.
    pub(super) fn remove(dir: &Path) {
        for name in files() {
            let left = std::fs::remove_file(dir.join(name));
            if let Err(error) = left
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!(%error, "a part of a manifest could not be removed");
            }
        }
    }
}

/// Every name under which a manifest, whole or in the making, may lie in a profile.
pub(crate) fn files() -> impl Iterator<Item = String> {
    let ends = |name: &'static str| ["", disk::UNFINISHED].map(|end| format!("{name}{end}"));
    [FILE, COPY].into_iter().flat_map(ends)
}

fn read_one(path: &Path) -> Result<Manifest, ManifestError> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let bytes = match std::fs::read(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(ManifestError::Missing),
        other => other?,
    };
    let damaged = |why: &str| ManifestError::Damaged(why.to_owned());
    let text = String::from_utf8(bytes).map_err(|_| damaged("not text"))?;
    let (first, body) = text.split_once('\n').ok_or(damaged("no second line"))?;
    let checksum = first
        .strip_prefix("checksum = \"")
        .and_then(|rest| rest.strip_suffix('"'));
    if checksum != Some(blake3::hash(body.as_bytes()).to_hex().as_str()) {
        return Err(damaged("the checksum does not fit"));
    }
    let Version { version } = toml::from_str(body).map_err(|e| damaged(&e.to_string()))?;
    if version > VERSION {
        return Err(ManifestError::TooNew(version));
    }
    toml::from_str(body).map_err(|e| damaged(&e.to_string()))
}
