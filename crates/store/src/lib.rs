//! The studio's encrypted store: vault, drafts and their texts, outbox, and what the server sent.

mod error;
mod model;
mod random;
mod secret;
mod store;
mod vault;

pub use error::{OpenError, StoreError};
pub use model::*;
pub use random::{OsRandom, Random};
pub use secret::{BuildKind, Keychain, SecretError, SecretStore};
pub use store::{Opened, PullStage, Store};
pub use vault::{
    ManifestError, NewVault, PassphraseCost, RecoveryKey, RecoveryKeyError, UnlockError, Vault,
    VaultError, VaultKey, create_vault,
};
