//! The keychain of the operating system, asked on a thread of its own and only so long: some
//! keychains answer a call with silence (a locked collection without anybody to ask, a daemon
//! that hangs), and the window must not wait with them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use super::{SecretError, SecretStore};

const DEADLINE: Duration = Duration::from_secs(3);
const FIRST_DEADLINE: Duration = Duration::from_secs(5);
/// How long nothing is asked after a call that was not answered.
const REST: Duration = Duration::from_secs(30);

/// Keeps the secrets of development and tests apart from real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildKind {
    Release,
    Development,
    Test,
}

impl BuildKind {
    fn namespace(self) -> &'static str {
        match self {
            BuildKind::Release => "stoa",
            BuildKind::Development => "stoa-development",
            BuildKind::Test => "stoa-test",
        }
    }
}

/// The platform's keychain.
pub struct Keychain {
    namespace: &'static str,
    was_touched: AtomicBool,
    /// Until when it is left alone.
    resting_until: Mutex<Option<Instant>>,
}

impl Keychain {
    /// Never blocks; the keychain is first touched by the first call.
    pub fn open(kind: BuildKind) -> Self {
        Self {
            namespace: kind.namespace(),
            was_touched: AtomicBool::new(false),
            resting_until: Mutex::new(None),
        }
    }

    /// Runs one call on a thread of its own. After the deadline the thread is left behind; it
    /// holds nothing but its own connection to the keychain.
    fn ask<T: Send + 'static>(
        &self,
        name: &str,
        call: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, SecretError> {
        self.check_rested()?;
        let deadline = if self.was_touched.swap(true, Ordering::Relaxed) {
            DEADLINE
        } else {
            FIRST_DEADLINE
        };
        let (namespace, name) = (self.namespace, name.to_owned());
        let (answer, answered) = mpsc::sync_channel(1);
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let result = platform_store()
                    .and_then(|store| store.build(namespace, &name, None))
                    .and_then(|entry| call(&entry));
                // Nobody listens any more when the deadline has passed.
                let _ = answer.send(result.map_err(secret_error));
            })
            .map_err(|error| SecretError::Unavailable(error.to_string()))?;
        match answered.recv_timeout(deadline) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                self.rest();
                Err(SecretError::Timeout)
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(SecretError::Unavailable(
                "the call ended without an answer".to_owned(),
            )),
        }
    }

    fn check_rested(&self) -> Result<(), SecretError> {
        let resting = self
            .resting_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match *resting {
            Some(until) if Instant::now() < until => Err(SecretError::Timeout),
            _ => Ok(()),
        }
    }

    fn rest(&self) {
        let mut resting = self
            .resting_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *resting = Some(Instant::now() + REST);
    }
}

impl SecretStore for Keychain {
    fn backend(&self) -> String {
        if cfg!(target_os = "macos") {
            "macos-keychain".to_owned()
        } else if cfg!(target_os = "windows") {
            "windows-credentials".to_owned()
        } else {
            "secret-service".to_owned()
        }
    }

    fn get(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        self.ask(name, |entry| entry.get_secret().map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        let secret = Zeroizing::new(secret.to_vec());
        self.ask(name, move |entry| entry.set_secret(&secret))
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.ask(name, |entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            other => other,
        })
    }
}

fn platform_store() -> keyring_core::Result<Arc<dyn CredentialStoreApi + Send + Sync>> {
    #[cfg(target_os = "linux")]
    return Ok(zbus_secret_service_keyring_store::Store::new()?);
    #[cfg(target_os = "macos")]
    return Ok(apple_native_keyring_store::keychain::Store::new()?);
    #[cfg(target_os = "windows")]
    return Ok(windows_native_keyring_store::Store::new()?);
    #[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
    return Err(Error::NoDefaultStore);
}

/// What the platform said, as what a person can do about it. No secret gets into the message.
fn secret_error(error: Error) -> SecretError {
    match error {
        Error::NoEntry => SecretError::NoEntry,
        Error::NoStorageAccess(_) => SecretError::Refused,
        Error::Ambiguous(_) => SecretError::Ambiguous,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            SecretError::Unavailable("the entry is malformed".to_owned())
        }
        other => SecretError::Unavailable(other.to_string()),
    }
}
