//! The devices of an account: renaming, revoking, wiping from afar.
//!
//! | Request | Body → answer |
//! |---|---|
//! | `GET /v1/accounts/devices` | – → `[`[`Device`]`]` |
//! | `PATCH /v1/accounts/devices/{id}` | [`RenameDevice`] → 204 |
//! | `POST /v1/accounts/devices/{id}/revoke` | [`StepUp`] → 204 |
//! | `POST /v1/accounts/devices/revoke-others` | [`StepUp`] → 204 |
//! | `POST /v1/accounts/devices/{id}/wipe` | [`StepUp`] → 204 |
//! | `POST /v1/accounts/wiped` | [`Wiped`] → 204, without a session |
//!
//! An order to wipe reaches its device as the error `wipe_ordered` of whatever it asks next, and
//! counts only under the key that the device pinned when it signed in.

use serde::{Deserialize, Serialize};
use stoa_domain::{DeviceId, Timestamp};

use crate::account::Secret;

/// An installation that has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    pub id: DeviceId,
    pub name: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    /// When somebody ordered that everything is wiped from it; such a device is revoked too.
    #[serde(default)]
    pub wipe_ordered_at: Option<Timestamp>,
    /// When it told that this was done.
    #[serde(default)]
    pub wiped_at: Option<Timestamp>,
    /// Whether it is the device that asks.
    pub is_this: bool,
}

/// Another name for a device: one line of at most 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RenameDevice {
    pub name: String,
}

/// The password once more, before something that cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepUp {
    pub password: Secret,
}

/// The order to wipe one device, signed by its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WipeOrder {
    pub server_id: String,
    pub device: DeviceId,
    /// Which order it is: 64 lower-case hex digits.
    pub nonce: String,
    /// Ed25519 over [`wipe_message`] by the key of `Hello::order_key`, 128 lower-case hex digits.
    pub signature: String,
}

/// The bytes that a server signs to have a device wiped.
pub fn wipe_message(server_id: &str, device: DeviceId, nonce: &str) -> Vec<u8> {
    format!("stoa-wipe-v1\n{server_id}\n{device}\n{nonce}").into_bytes()
}

/// A device tells that it carried an order out. It has no session any more, only its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wiped {
    pub device: DeviceId,
    pub nonce: String,
    /// Ed25519 over [`wiped_message`] by the device's key, 128 lower-case hex digits.
    pub signature: String,
}

/// The bytes that a device signs to tell that it was wiped.
pub fn wiped_message(server_id: &str, device: DeviceId, nonce: &str) -> Vec<u8> {
    format!("stoa-wiped-v1\n{server_id}\n{device}\n{nonce}").into_bytes()
}
