//! The vault: a random key for everything in a profile, never stored bare.
//!
//! The key is wrapped by a secret in the operating system's keychain, by a passphrase, and always
//! by a recovery key that the person writes down. `vault.toml` says which locks there are.
//!
//! Invariant: while there is a manifest or a database, no new key is ever made.

mod key;
mod manifest;
mod passphrase;
mod recovery;
mod unlock;

pub use key::VaultKey;
pub use manifest::ManifestError;
pub use passphrase::PassphraseCost;
pub use recovery::{RecoveryKey, RecoveryKeyError};
pub use unlock::UnlockError;

use std::path::{Path, PathBuf};

use stoa_domain::Timestamp;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::wipe::Wipe;
use crate::{Random, SecretError, SecretStore, db, disk, hex, random};
use key::Wrapped;
pub(crate) use key::{Secret, derive};
pub(crate) use manifest::files as manifest_files;
use manifest::{KeychainSlot, Manifest};
use passphrase::PassphraseSlot;

/// What a new vault is locked with, beside the recovery key. One of the two is required; with a
/// passphrase, a keychain that does not work is done without.
pub struct NewVault<'a> {
    pub secrets: Option<&'a dyn SecretStore>,
    pub passphrase: Option<&'a str>,
    pub cost: PassphraseCost,
}

/// A vault could not be made. Nothing is left behind.
#[derive(Debug, Error)]
pub enum VaultError {
    /// There is a manifest or a database in this folder; a new key would lock it for ever.
    #[error("there is a vault already")]
    AlreadyExists,
    /// Neither keychain nor passphrase.
    #[error("a keychain or a passphrase is needed")]
    NoLock,
    #[error("the keychain did not take the key: {0}")]
    Keychain(#[from] SecretError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// The locks of a profile, as its manifest tells.
pub struct Vault {
    dir: PathBuf,
    manifest: Manifest,
}

/// Makes a vault in a folder that holds none.
///
/// # Errors
/// [`VaultError`]
pub fn create_vault(
    dir: &Path,
    new: &NewVault<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(VaultKey, RecoveryKey), VaultError> {
    disk::make_folder(dir).map_err(ManifestError::from)?;
    if Wipe::is_begun(dir).map_err(ManifestError::from)? {
        return Err(VaultError::AlreadyExists);
    }
    for name in [manifest::FILE, manifest::COPY, db::FILE] {
        match std::fs::symlink_metadata(dir.join(name)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(ManifestError::from(error).into()),
            Ok(_) => return Err(VaultError::AlreadyExists),
        }
    }
    let key = VaultKey::generate(random);
    let recovery = RecoveryKey::generate(random);
    let id = hex::encode(&random::bytes::<16>(random));
    let wrapped = Wrapped::wrap(
        &key,
        &recovery.wrapping_key(&id),
        &place(&id, "recovery"),
        random,
    );
    let mut manifest = Manifest::new(id, key.check_value(), wrapped, now);
    lock(&mut manifest, &key, new, now, random)?;
    if let Err(error) = manifest.write(dir) {
        forget(manifest.keychain.as_ref(), new.secrets);
        Manifest::remove(dir);
        return Err(error.into());
    }
    Ok((key, recovery))
}

/// Adds the locks asked for to a manifest that has only the recovery key.
fn lock(
    manifest: &mut Manifest,
    key: &VaultKey,
    new: &NewVault<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), VaultError> {
    if let Some(passphrase) = new.passphrase {
        let place = place(&manifest.vault_id, "passphrase");
        manifest.passphrase = Some(PassphraseSlot::new(
            key, passphrase, new.cost, &place, random,
        ));
    }
    match new
        .secrets
        .map(|secrets| keychain_slot(&manifest.vault_id, key, secrets, now, random))
    {
        Some(Ok(slot)) => manifest.keychain = Some(slot),
        Some(Err(error)) if new.passphrase.is_none() => return Err(error.into()),
        None if new.passphrase.is_none() => return Err(VaultError::NoLock),
        Some(Err(_)) | None => {}
    }
    Ok(())
}

/// Gives the keychain a new secret under a new name and wraps the key with it. What was there
/// stays until the manifest names the new one.
fn keychain_slot(
    vault_id: &str,
    key: &VaultKey,
    secrets: &dyn SecretStore,
    now: Timestamp,
    random: &dyn Random,
) -> Result<KeychainSlot, SecretError> {
    let under: Secret = Zeroizing::new(random::bytes(random));
    let entry = format!(
        "vault-{vault_id}-{}",
        hex::encode(&random::bytes::<4>(random))
    );
    secrets.set(&entry, under.as_ref())?;
    let kept = secrets.get(&entry)?;
    if kept.as_slice() != under.as_ref() {
        return Err(SecretError::Unavailable(
            "it did not keep what it was given".to_owned(),
        ));
    }
    Ok(KeychainSlot {
        wrapped: Wrapped::wrap(key, &under, &place(vault_id, "keychain"), random),
        entry,
        backend: secrets.backend(),
        created_at: now,
    })
}

/// Takes an entry back that no manifest names. That it stays when the keychain fails is harmless:
/// it wraps nothing.
fn forget(slot: Option<&KeychainSlot>, secrets: Option<&dyn SecretStore>) {
    if let (Some(slot), Some(secrets)) = (slot, secrets)
        && let Err(error) = secrets.delete(&slot.entry)
    {
        tracing::warn!(%error, "an unused keychain entry could not be removed");
    }
}

/// The keychain's entry that a profile's manifest names, if it names one.
pub(crate) fn keychain_entry(dir: &Path) -> Result<Option<String>, ManifestError> {
    let manifest = Manifest::read(dir)?;
    Ok(manifest.keychain.map(|slot| slot.entry))
}

/// What a wrapped key is bound to.
fn place(vault_id: &str, lock: &str) -> String {
    format!("stoa vault 1 {vault_id} {lock}")
}

impl Vault {
    /// Reads the manifest of a profile.
    ///
    /// # Errors
    /// [`ManifestError`]
    pub fn read(dir: &Path) -> Result<Self, ManifestError> {
        Ok(Self {
            dir: dir.to_owned(),
            manifest: Manifest::read(dir)?,
        })
    }

    /// The vault's id: 32 hex digits.
    pub fn id(&self) -> &str {
        &self.manifest.vault_id
    }

    pub fn created_at(&self) -> Timestamp {
        self.manifest.created_at
    }

    pub fn has_passphrase(&self) -> bool {
        self.manifest.passphrase.is_some()
    }

    pub fn has_keychain(&self) -> bool {
        self.manifest.keychain.is_some()
    }

    /// Whether this is the key of this vault.
    pub(crate) fn is_key(&self, key: &VaultKey) -> bool {
        key.has_check_value(&self.manifest.key_check)
    }

    pub(crate) fn db_must_exist(&self) -> bool {
        self.manifest.db_must_exist
    }

    /// Whether a database that cannot be read begins like this vault's.
    pub(crate) fn is_own_salt(&self, salt: &[u8]) -> bool {
        self.manifest.db_salt.as_deref() == Some(hex::encode(salt).as_str())
    }

    /// How this vault's database begins, as far as it was noted.
    pub(crate) fn database_salt(&self) -> Option<db::Salt> {
        hex::decode(self.manifest.db_salt.as_deref()?)
    }

    /// Notes that the database exists and how it begins.
    pub(crate) fn note_database(&mut self, salt: &[u8]) -> Result<(), ManifestError> {
        if self.manifest.db_must_exist && self.is_own_salt(salt) {
            return Ok(());
        }
        let mut manifest = self.manifest.clone();
        manifest.db_must_exist = true;
        manifest.db_salt = Some(hex::encode(salt));
        self.replace(manifest)
    }

    /// Puts another manifest in the place of this one. When that fails, this one holds.
    fn replace(&mut self, manifest: Manifest) -> Result<(), ManifestError> {
        if let Err(error) = manifest.write(&self.dir) {
            // It may be in place and not flushed. What was told to have failed must not hold.
            if let Err(error) = self.manifest.write(&self.dir) {
                tracing::error!(%error, "the manifest before could not be put back");
            }
            return Err(error);
        }
        self.manifest = manifest;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
