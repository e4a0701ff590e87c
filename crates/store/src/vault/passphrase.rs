//! Unlocking with a passphrase.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::key::{Secret, VaultKey, Wrapped};
use crate::{Random, hex, random};

/// How costly guessing a passphrase is made. Stored with each passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

impl PassphraseCost {
    /// Brought into what Argon2 takes and a computer can bear.
    fn params(self) -> Params {
        let lanes = self.lanes.clamp(1, 16);
        let memory = self.memory_kib.clamp(8 * lanes, 4 * 1024 * 1024);
        Params::new(memory, self.passes.clamp(1, 64), lanes, Some(32))
            .expect("the numbers were brought into range")
    }
}

/// The vault key under a passphrase.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PassphraseSlot {
    salt: String,
    cost: PassphraseCost,
    wrapped: Wrapped,
}

impl PassphraseSlot {
    pub(super) fn new(
        key: &VaultKey,
        passphrase: &str,
        cost: PassphraseCost,
        place: &str,
        random: &dyn Random,
    ) -> Self {
        let salt: [u8; 16] = random::bytes(random);
        let under = stretch(passphrase, &salt, cost);
        Self {
            salt: hex::encode(&salt),
            cost,
            wrapped: Wrapped::wrap(key, &under, place, random),
        }
    }

    pub(super) fn unlock(&self, passphrase: &str, place: &str) -> Option<VaultKey> {
        let salt: [u8; 16] = hex::decode(&self.salt)?;
        self.wrapped
            .unwrap(&stretch(passphrase, &salt, self.cost), place)
    }
}

fn stretch(passphrase: &str, salt: &[u8; 16], cost: PassphraseCost) -> Secret {
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.params())
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut())
        .expect("salt and output have lengths that Argon2 takes");
    key
}
