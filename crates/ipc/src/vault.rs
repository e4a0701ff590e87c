//! Making, locking and unlocking a profile.

use serde::{Deserialize, Serialize};

use crate::{AppState, ProfileInfo, ProfileKind};

/// Makes a profile: a new vault key, wrapped by the keychain, by the recovery key and, if given,
/// by a passphrase. Without a keychain a passphrase is required (`keychain_unavailable`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateProfile {
    pub kind: ProfileKind,
    /// The community's name; for `Demo` it is ignored.
    pub name: String,
    pub passphrase: Option<String>,
}

/// A profile and, once in its life, the recovery key to be written down. `Demo` has none to show.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileCreated {
    pub profile: ProfileInfo,
    pub recovery: Option<RecoveryKey>,
    pub state: AppState,
}

/// 256 bits as groups of characters that are hard to mistake for each other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryKey {
    pub groups: Vec<String>,
}

/// "I have written it down": the group asked for (counted from 0), typed again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmRecovery {
    pub index: usize,
    pub group: String,
}

/// Opens another profile of this computer; the present one is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenProfile {
    pub id: String,
}

/// Removes the demo, which must be the open profile, with everything tried out in it. The profile
/// made last is opened then, if there is one; else the program begins anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearDemo {}

/// Unlocks the chosen profile.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlock {
    pub with: UnlockWith,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnlockWith {
    /// Ask the keychain again.
    Keychain,
    Passphrase(String),
    /// As typed: case, spaces and dashes do not matter. The keychain is given its key again.
    RecoveryKey(String),
}

/// Sets or replaces the passphrase of the open profile.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddPassphrase {
    pub passphrase: String,
}
