//! Wiping a profile by order of its account.
//!
//! A record, `wipe.toml`, is on the disk before anything is taken away. From then on the profile
//! is never opened again, and each start goes on until the record is all that is left. The keys go
//! first: the keychain's entry, then both manifests with every lock, also that of the recovery
//! key. Without them the rest is noise, and is removed after that. What the same account left in
//! archives on this computer goes in the same order.
//!
//! Invariant: before the record is there, nothing of the profile is touched.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use stoa_domain::Timestamp;

use crate::SecretStore;
use crate::disk;
use crate::vault::{ManifestError, keychain_entry, manifest_files};

const FILE: &str = "wipe.toml";
/// Something may still be made beside what is removed, by a program that is just ending.
const TRIES: u32 = 3;

/// The record of a wipe that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wipe {
    /// What the profile was called.
    pub name: String,
    pub begun_at: Timestamp,
    /// Whether all is gone.
    pub is_done: bool,
    /// Whether a person has been told.
    pub is_seen: bool,
    /// The keychain's entry, until it is gone.
    keychain_entry: Option<String>,
    /// What the server is to be told, until it was.
    pub report: Option<WipeReport>,
}

/// What proves to the server that this device was wiped; made while the device's key was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WipeReport {
    pub server_url: String,
    pub ca_pem: Option<String>,
    pub device: stoa_domain::DeviceId,
    pub nonce: String,
    pub signature: String,
}

impl Wipe {
    /// Begins: from now on the profile does not open any more.
    ///
    /// # Errors
    /// [`ManifestError`]; nothing was begun.
    pub fn begin(
        dir: &Path,
        name: &str,
        report: WipeReport,
        now: Timestamp,
    ) -> Result<Self, ManifestError> {
        let wipe = Self {
            name: name.to_owned(),
            begun_at: now,
            is_done: false,
            is_seen: false,
            keychain_entry: keychain_entry(dir)?,
            report: Some(report),
        };
        wipe.write(dir)?;
        Ok(wipe)
    }

    /// The wipe that was begun in a profile's folder, if one was.
    ///
    /// # Errors
    /// [`ManifestError`] when there is a record that cannot be read; nothing is removed for it.
    pub fn find(dir: &Path) -> Result<Option<Self>, ManifestError> {
        match fs::read_to_string(dir.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(ManifestError::Damaged(error.to_string()))
            }
            Err(error) => Err(error.into()),
            Ok(text) => toml::from_str(&text)
                .map(Some)
                .map_err(|error| ManifestError::Damaged(error.to_string())),
        }
    }

    /// Whether a wipe was begun here.
    pub(crate) fn is_begun(dir: &Path) -> io::Result<bool> {
        dir.join(FILE).try_exists()
    }

    /// Goes on until nothing is left but the record; archives of the account go whole. What is gone
    /// already is passed over.
    ///
    /// # Errors
    /// [`ManifestError`]; to be called again, at the latest at the next start.
    pub fn finish(
        &mut self,
        dir: &Path,
        archives: &[PathBuf],
        secrets: &dyn SecretStore,
    ) -> Result<(), ManifestError> {
        self.forget_keychain_entry(dir, secrets)?;
        if self.is_done {
            return Ok(());
        }
        destroy_manifests(dir)?;
        for archive in archives {
            if let Ok(Some(entry)) = keychain_entry(archive)
                && let Err(error) = secrets.delete(&entry)
            {
                tracing::warn!(%error, "the keychain keeps an archive's entry");
            }
            destroy_manifests(archive)?;
        }
        // The profile says whose the archives are, so it goes last.
        for archive in archives {
            until_removed(|| match fs::remove_dir_all(archive) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => disk::sync_folder(archive),
            })?;
        }
        until_removed(|| remove_all_but_record(dir))?;
        disk::sync_folder(&dir.join(FILE))?;
        self.is_done = true;
        self.write(dir)
    }

    /// A keychain that does not answer holds up nothing: what it keeps opens nothing once the
    /// manifests are gone. It is asked again at the next start.
    fn forget_keychain_entry(
        &mut self,
        dir: &Path,
        secrets: &dyn SecretStore,
    ) -> Result<(), ManifestError> {
        let Some(entry) = &self.keychain_entry else {
            return Ok(());
        };
        if let Err(error) = secrets.delete(entry) {
            tracing::warn!(%error, "the keychain keeps its entry for now");
            return Ok(());
        }
        self.keychain_entry = None;
        self.write(dir)
    }

    /// The server knows.
    ///
    /// # Errors
    /// [`ManifestError`]; it is told again at the next start.
    pub fn reported(&mut self, dir: &Path) -> Result<(), ManifestError> {
        self.report = None;
        self.write(dir)
    }

    /// A person knows.
    ///
    /// # Errors
    /// [`ManifestError`]; it is shown again at the next start.
    pub fn seen(&mut self, dir: &Path) -> Result<(), ManifestError> {
        self.is_seen = true;
        self.write(dir)
    }

    /// Whether nobody needs the record any more.
    pub fn is_over(&self) -> bool {
        let is_clean = self.is_done && self.keychain_entry.is_none();
        is_clean && self.is_seen && self.report.is_none()
    }

    fn write(&self, dir: &Path) -> Result<(), ManifestError> {
        let text =
            toml::to_string(self).map_err(|error| ManifestError::Damaged(error.to_string()))?;
        Ok(disk::replace_file(&dir.join(FILE), text.as_bytes())?)
    }
}

/// With these every key goes.
fn destroy_manifests(dir: &Path) -> io::Result<()> {
    let mut files = manifest_files();
    files.try_for_each(|name| destroy(&dir.join(name)))
}

fn until_removed(remove: impl Fn() -> io::Result<()>) -> io::Result<()> {
    for _ in 1..TRIES {
        if remove().is_ok() {
            return Ok(());
        }
    }
    remove()
}

/// Overwrites a file, has that flushed, and removes it. A link is only removed.
fn destroy(path: &Path) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if found.is_file() {
        let mut file = OpenOptions::new().write(true).open(path)?;
        io::copy(&mut io::Read::take(io::repeat(0), found.len()), &mut file)?;
        file.flush()?;
        file.sync_all()?;
    }
    fs::remove_file(path)?;
    disk::sync_folder(path)
}

/// Links are removed and never followed.
fn remove_all_but_record(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name() == FILE {
            continue;
        }
        let removed = match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path()),
            false => fs::remove_file(entry.path()),
        };
        match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}
