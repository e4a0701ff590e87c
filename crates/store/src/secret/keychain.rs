//! The keychain of the operating system, asked on a thread of its own and only so long.

use super::{SecretError, SecretStore};
use zeroize::Zeroizing;

/// Keeps the secrets of development and tests apart from real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildKind {
    Release,
    Development,
    Test,
}

/// The platform's keychain.
pub struct Keychain {
    _namespace: String,
}

impl Keychain {
    /// Never blocks; the keychain is first touched by the first call.
    pub fn open(kind: BuildKind) -> Self {
        Self {
            _namespace: format!("{kind:?}"),
        }
    }
}

impl SecretStore for Keychain {
    fn backend(&self) -> String {
        todo!()
    }
    fn get(&self, _name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        todo!()
    }
    fn set(&self, _name: &str, _secret: &[u8]) -> Result<(), SecretError> {
        todo!()
    }
    fn delete(&self, _name: &str) -> Result<(), SecretError> {
        todo!()
    }
}
