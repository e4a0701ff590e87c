//! Hashing passwords, a few at a time, so that signing in cannot exhaust the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::Entropy;
use crate::db::DbError;
use crate::refusal::Refusal;

/// How many may wait before the next is told to come back.
const QUEUE: usize = 50;
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// The place where passwords are hashed and compared.
#[derive(Clone)]
pub(crate) struct Passwords {
    at_once: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    entropy: Entropy,
    /// Compared with when there is no such account, so that both take as long.
    dummy: Arc<str>,
}

impl Passwords {
    pub(crate) fn new(entropy: Entropy) -> Result<Self, DbError> {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let dummy = hash("a password that nobody has", &entropy)?;
        Ok(Self {
            at_once: Arc::new(Semaphore::new(cores.clamp(2, 4))),
            waiting: Arc::default(),
            entropy,
            dummy: dummy.into(),
        })
    }

    /// Argon2id as a PHC string.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Refusal> {
        let entropy = self.entropy.clone();
        Ok(self.take_turn(move || hash(&password, &entropy)).await??)
    }

    /// Whether the password belongs to the hash; without one it takes as long and answers no.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Refusal> {
        let dummy = Arc::clone(&self.dummy);
        self.take_turn(move || {
            let is_right = matches(&password, hash.as_deref().unwrap_or(&dummy));
            is_right && hash.is_some()
        })
        .await
    }

    async fn take_turn<T, F>(&self, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let place = Place::in_queue(&self.waiting).ok_or_else(|| Refusal::slow_down(5))?;
        let turn = self.at_once.acquire().await.map_err(|_| DbError::Stopped)?;
        let done = tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| DbError::Panicked)?;
        drop((turn, place));
        Ok(done)
    }
}

/// A place in the queue, given back when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn in_queue(waiting: &Arc<AtomicUsize>) -> Option<Self> {
        let place = Self(Arc::clone(waiting));
        (place.0.fetch_add(1, Ordering::AcqRel) < QUEUE).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn argon2() -> Result<Argon2<'static>, DbError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None)
        .map_err(|error| DbError::Stored(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes on the calling thread; for commands that do it once.
pub(crate) fn hash(password: &str, entropy: &Entropy) -> Result<String, DbError> {
    let salt = entropy.bytes::<16>();
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| DbError::Stored(error.to_string()))?;
    Ok(hash.to_string())
}

fn matches(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    argon2().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), &hash).is_ok())
}
