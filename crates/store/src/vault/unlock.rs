//! Opening a vault, and changing its locks while it is open.

use stoa_domain::Timestamp;
use thiserror::Error;
use zeroize::Zeroizing;

use super::passphrase::PassphraseSlot;
use super::{
    ManifestError, PassphraseCost, RecoveryKey, Vault, VaultKey, forget, keychain_slot, place,
};
use crate::{Random, SecretError, SecretStore};

/// A vault stays locked. Nothing was changed.
#[derive(Debug, Error)]
pub enum UnlockError {
    /// The keychain has no entry, or is locked and hides it; or this vault has no such lock.
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

impl From<SecretError> for UnlockError {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::NoEntry => Self::KeyMissing,
            SecretError::Refused => Self::KeychainRefused,
            SecretError::Unavailable(why) => Self::KeychainUnavailable(why),
            SecretError::Timeout => Self::KeychainTimeout,
            SecretError::Ambiguous => Self::WrongKey,
        }
    }
}

impl Vault {
    /// Opens the vault with the keychain's secret.
    ///
    /// # Errors
    /// One variant for each way this can fail.
    pub fn unlock_with_keychain(&self, secrets: &dyn SecretStore) -> Result<VaultKey, UnlockError> {
        let slot = self
            .manifest
            .keychain
            .as_ref()
            .ok_or(UnlockError::KeyMissing)?;
        let secret = secrets.get(&slot.entry)?;
        let under: [u8; 32] = secret
            .as_slice()
            .try_into()
            .map_err(|_| UnlockError::WrongKey)?;
        let key = slot
            .wrapped
            .unwrap(&Zeroizing::new(under), &place(self.id(), "keychain"));
        self.checked(key).ok_or(UnlockError::WrongKey)
    }

    /// Opens the vault with the passphrase. Takes about half a second on purpose.
    ///
    /// # Errors
    /// [`UnlockError::WrongPassphrase`], also when there is none.
    pub fn unlock_with_passphrase(&self, passphrase: &str) -> Result<VaultKey, UnlockError> {
        let slot = self.manifest.passphrase.as_ref();
        let key = slot.and_then(|slot| slot.unlock(passphrase, &place(self.id(), "passphrase")));
        self.checked(key).ok_or(UnlockError::WrongPassphrase)
    }

    /// Opens the vault with the recovery key.
    ///
    /// # Errors
    /// [`UnlockError::WrongRecoveryKey`]
    pub fn unlock_with_recovery(&self, recovery: &RecoveryKey) -> Result<VaultKey, UnlockError> {
        let under = recovery.wrapping_key(self.id());
        let key = self
            .manifest
            .recovery
            .unwrap(&under, &place(self.id(), "recovery"));
        self.checked(key).ok_or(UnlockError::WrongRecoveryKey)
    }

    /// Sets or replaces the passphrase.
    ///
    /// # Errors
    /// [`UnlockError::WrongKey`] when the key is not this vault's, or the manifest's error.
    pub fn set_passphrase(
        &mut self,
        key: &VaultKey,
        passphrase: &str,
        cost: PassphraseCost,
        random: &dyn Random,
    ) -> Result<(), UnlockError> {
        self.check(key)?;
        let mut manifest = self.manifest.clone();
        let place = place(self.id(), "passphrase");
        manifest.passphrase = Some(PassphraseSlot::new(key, passphrase, cost, &place, random));
        Ok(self.replace(manifest)?)
    }

    /// Gives the keychain a key again: after it was lost, or on another computer.
    ///
    /// # Errors
    /// The keychain's or the manifest's error; what opened the vault before still does.
    pub fn restore_keychain(
        &mut self,
        key: &VaultKey,
        secrets: &dyn SecretStore,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<(), UnlockError> {
        self.check(key)?;
        let mut manifest = self.manifest.clone();
        let slot = keychain_slot(self.id(), key, secrets, now, random)?;
        let before = manifest.keychain.replace(slot.clone());
        if let Err(error) = self.replace(manifest) {
            forget(Some(&slot), Some(secrets));
            return Err(error.into());
        }
        forget(before.as_ref(), Some(secrets));
        Ok(())
    }

    fn checked(&self, key: Option<VaultKey>) -> Option<VaultKey> {
        key.filter(|key| self.is_key(key))
    }

    fn check(&self, key: &VaultKey) -> Result<(), UnlockError> {
        if self.is_key(key) {
            Ok(())
        } else {
            Err(UnlockError::WrongKey)
        }
    }
}
