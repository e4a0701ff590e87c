//! The vault key, what is derived from it, and how it is wrapped.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{Random, hex, random};

/// 32 secret bytes that are wiped when dropped.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

/// The key of everything in a profile.
#[derive(Clone)]
pub struct VaultKey(Secret);

impl VaultKey {
    pub(super) fn generate(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random::bytes(random)))
    }

    /// A key for one purpose.
    pub(crate) fn derive(&self, purpose: &str) -> Secret {
        derive(self.0.as_ref(), &[], purpose)
    }

    /// A value that tells whether a key is this one, and nothing else about it.
    pub(super) fn check_value(&self) -> String {
        hex::encode(&self.derive("kcv")[..16])
    }

    pub(super) fn has_check_value(&self, expected: &str) -> bool {
        self.check_value()
            .as_bytes()
            .ct_eq(expected.as_bytes())
            .into()
    }
}

pub(crate) fn derive(secret: &[u8], salt: &[u8], purpose: &str) -> Secret {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(purpose.as_bytes(), key.as_mut())
        .expect("32 bytes are less than HKDF can give");
    key
}

/// The vault key, encrypted under another key.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Wrapped {
    nonce: String,
    key: String,
}

impl Wrapped {
    /// `place` binds the result to one vault and one way of unlocking it.
    pub(super) fn wrap(key: &VaultKey, under: &Secret, place: &str, random: &dyn Random) -> Self {
        let nonce: [u8; 24] = random::bytes(random);
        let payload = Payload {
            msg: key.0.as_ref(),
            aad: place.as_bytes(),
        };
        let wrapped = XChaCha20Poly1305::new((&**under).into())
            .encrypt(&XNonce::from(nonce), payload)
            .expect("32 bytes are less than the cipher can take");
        Self {
            nonce: hex::encode(&nonce),
            key: hex::encode(&wrapped),
        }
    }

    /// The vault key, or nothing if the key above it or the place is another.
    pub(super) fn unwrap(&self, under: &Secret, place: &str) -> Option<VaultKey> {
        let nonce: [u8; 24] = hex::decode(&self.nonce)?;
        let wrapped = hex::decode_all(&self.key)?;
        let payload = Payload {
            msg: &wrapped,
            aad: place.as_bytes(),
        };
        let plain = XChaCha20Poly1305::new((&**under).into())
            .decrypt(&XNonce::from(nonce), payload)
            .ok()
            .map(Zeroizing::new)?;
        let bytes: [u8; 32] = plain.as_slice().try_into().ok()?;
        Some(VaultKey(Zeroizing::new(bytes)))
    }
}
