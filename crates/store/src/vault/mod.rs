//! The vault: a random key for everything in a profile, never stored bare.

use std::path::Path;
use std::str::FromStr;

use stoa_domain::Timestamp;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{Random, SecretStore};

/// The key of everything in a profile.
#[derive(Clone)]
pub struct VaultKey(pub(crate) Zeroizing<[u8; 32]>);

/// The key a person writes down. `Display` gives 14 groups of four characters.
pub struct RecoveryKey(pub(crate) Zeroizing<[u8; 32]>);

impl RecoveryKey {
    /// The groups, in order.
    pub fn groups(&self) -> Vec<String> {
        todo!()
    }
}

impl std::fmt::Display for RecoveryKey {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is no recovery key")]
pub struct RecoveryKeyError;

impl FromStr for RecoveryKey {
    type Err = RecoveryKeyError;
    fn from_str(_text: &str) -> Result<Self, RecoveryKeyError> {
        todo!()
    }
}

/// How costly guessing a passphrase is made. Stored with each passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassphraseCost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Default for PassphraseCost {
    fn default() -> Self {
        Self {
            memory_kib: 64 * 1024,
            passes: 3,
            lanes: 1,
        }
    }
}

/// What a new vault is locked with, beside the recovery key. One of the two is required.
pub struct NewVault<'a> {
    pub secrets: Option<&'a dyn SecretStore>,
    pub passphrase: Option<&'a str>,
    pub cost: PassphraseCost,
}

/// The manifest could not be read or written.
#[derive(Debug, Error)]
pub enum ManifestError {
    #[error("there is no manifest")]
    Missing,
    #[error("the manifest cannot be read: {0}")]
    Damaged(String),
    #[error("a newer program wrote the manifest (version {0})")]
    TooNew(u32),
    #[error("no space left on the disk")]
    DiskFull,
    #[error("the manifest could not be read or written: {0}")]
    DiskFailed(String),
}

/// A vault could not be made.
#[derive(Debug, Error)]
pub enum VaultError {
    /// There is a manifest or a database in this folder; a new key would lock it for ever.
    #[error("there is a vault already")]
    AlreadyExists,
    /// Neither keychain nor passphrase.
    #[error("a keychain or a passphrase is needed")]
    NoLock,
    #[error("the keychain did not take the key: {0}")]
    Keychain(#[from] crate::SecretError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// A vault stays locked. Nothing was changed.
#[derive(Debug, Error)]
pub enum UnlockError {
    #[error("the keychain has no entry for this profile")]
    KeyMissing,
    #[error("the keychain refused")]
    KeychainRefused,
    #[error("the keychain is not available: {0}")]
    KeychainUnavailable(String),
    #[error("the keychain did not answer in time")]
    KeychainTimeout,
    /// What the keychain gave does not open this vault.
    #[error("the key found belongs to another profile or is damaged")]
    WrongKey,
    #[error("the passphrase does not open this profile")]
    WrongPassphrase,
    #[error("the recovery key does not open this profile")]
    WrongRecoveryKey,
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// The locks of a profile, as its manifest tells.
pub struct Vault;

/// Makes a vault in a folder that holds none.
///
/// # Errors
/// [`VaultError`]; nothing is left behind then.
pub fn create_vault(
    _dir: &Path,
    _new: &NewVault<'_>,
    _now: Timestamp,
    _random: &dyn Random,
) -> Result<(VaultKey, RecoveryKey), VaultError> {
    todo!()
}

impl Vault {
    pub fn read(_dir: &Path) -> Result<Self, ManifestError> {
        todo!()
    }
    /// The vault's id, as hex digits.
    pub fn id(&self) -> &str {
        todo!()
    }
    pub fn has_passphrase(&self) -> bool {
        todo!()
    }
    pub fn has_keychain(&self) -> bool {
        todo!()
    }
    pub fn created_at(&self) -> Timestamp {
        todo!()
    }
    pub fn unlock_with_keychain(
        &self,
        _secrets: &dyn SecretStore,
    ) -> Result<VaultKey, UnlockError> {
        todo!()
    }
    pub fn unlock_with_passphrase(&self, _passphrase: &str) -> Result<VaultKey, UnlockError> {
        todo!()
    }
    pub fn unlock_with_recovery(&self, _key: &RecoveryKey) -> Result<VaultKey, UnlockError> {
        todo!()
    }
    pub fn set_passphrase(
        &mut self,
        _key: &VaultKey,
        _passphrase: &str,
        _cost: PassphraseCost,
        _random: &dyn Random,
    ) -> Result<(), UnlockError> {
        todo!()
    }
    /// Gives the keychain its key again.
    pub fn restore_keychain(
        &mut self,
        _key: &VaultKey,
        _secrets: &dyn SecretStore,
        _now: Timestamp,
        _random: &dyn Random,
    ) -> Result<(), UnlockError> {
        todo!()
    }
}
