//! Secrets kept by the operating system.

mod keychain;

pub use keychain::{BuildKind, Keychain};

use thiserror::Error;
use zeroize::Zeroizing;

/// A place that keeps small secrets under a name.
pub trait SecretStore: Send + Sync {
    /// Which implementation answers, for the manifest and for help.
    fn backend(&self) -> String;

    /// The secret under this name.
    ///
    /// # Errors
    /// [`SecretError`]; `NoEntry` never means that nothing was ever stored.
    fn get(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError>;

    /// Stores a secret, replacing what was there.
    ///
    /// # Errors
    /// [`SecretError`]
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError>;

    /// Removes a secret; one that is not there counts as removed.
    ///
    /// # Errors
    /// [`SecretError`]
    fn delete(&self, name: &str) -> Result<(), SecretError>;
}

/// Why the operating system did not give or take a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SecretError {
    /// There is no such entry, or the store is locked and hides it.
    #[error("the keychain has no such entry")]
    NoEntry,
    /// It is locked, or the person dismissed its question.
    #[error("the keychain refused")]
    Refused,
    /// There is none, or it failed.
    #[error("the keychain is not available: {0}")]
    Unavailable(String),
    /// It did not answer in time.
    #[error("the keychain did not answer in time")]
    Timeout,
    /// More than one entry has this name.
    #[error("the keychain has several such entries")]
    Ambiguous,
}
