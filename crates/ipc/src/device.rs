//! The devices of an account, and how long this one may be away from its server.

use serde::{Deserialize, Serialize};
use stoa_domain::{DeviceId, Timestamp};

/// Asks the server for the account's devices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListDevices {}

/// Gives a device another name and answers the list after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameDevice {
    pub id: DeviceId,
    pub name: String,
}

/// Takes a device's access away and answers the list after it. The account's password is typed
/// once more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeDevice {
    pub id: DeviceId,
    pub password: String,
}

/// The same for all devices but this one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeOtherDevices {
    pub password: String,
}

/// Orders everything of this account to be wiped from a device when it next meets the server.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WipeDevice {
    pub id: DeviceId,
    pub password: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    pub id: DeviceId,
    pub name: String,
    pub last_seen_at: Timestamp,
    pub is_this: bool,
    pub access: DeviceAccess,
}

/// Whether a device may sync, and what became of an order to wipe it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum DeviceAccess {
    Active,
    Revoked,
    /// It has not met the server since.
    WipeOrdered {
        at: Timestamp,
    },
    /// It told that it was done.
    Wiped {
        at: Timestamp,
    },
}

/// Asks how long the open profile may be away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetAwayLock {}

/// Sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAwayLock {
    /// 0 for never, 7, 30 or 90.
    pub days: u32,
}

/// After how many days without contact the open profile locks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwayLock {
    pub days: u32,
    /// Whether a passphrase could open it then, beside recovery key and server.
    pub has_passphrase: bool,
}

/// The window has shown that a profile was wiped; it is not shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseWiped {
    pub id: String,
}
