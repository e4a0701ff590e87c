//! Secrets from files, never from the command line, where other programs can read them.

use std::path::Path;

use stoa_ipc::Failure;
use stoa_studio::{SecretError, SecretStore};
use zeroize::Zeroizing;

/// The first line of a file.
pub(crate) fn first_line(path: &Path, field: &str) -> Result<Zeroizing<String>, Failure> {
    let text = whole(path, field)?;
    let line = text.lines().next().unwrap_or_default().to_owned();
    Ok(Zeroizing::new(line))
}

/// A whole file.
pub(crate) fn whole(path: &Path, field: &str) -> Result<Zeroizing<String>, Failure> {
    std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|_| Failure::field(field, "unreadable"))
}

/// No keychain at all: the passphrase or the recovery key has to do.
pub(crate) struct NoKeychain;

impl SecretStore for NoKeychain {
    fn backend(&self) -> String {
        "none".to_owned()
    }

    fn get(&self, _name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        Err(not_asked())
    }

    fn set(&self, _name: &str, _secret: &[u8]) -> Result<(), SecretError> {
        Err(not_asked())
    }

    fn delete(&self, _name: &str) -> Result<(), SecretError> {
        Err(not_asked())
    }
}

fn not_asked() -> SecretError {
    SecretError::Unavailable("it is not to be asked".to_owned())
}
