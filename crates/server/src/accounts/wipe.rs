//! Orders to wipe a device from afar: given once, kept for ever, handed to the device whenever it
//! asks for anything.
//!
//! Invariant: an order is signed by the key that devices pinned when they signed in, and names
//! server, device and order, so that it does nothing anywhere else.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use stoa_domain::{DeviceId, Timestamp, UserId};
use stoa_protocol::device::{WipeOrder, Wiped, wipe_message, wiped_message};
use stoa_protocol::error::{ApiError, ApiErrorCode};

use super::rules::hex_bytes;
use super::session::device_revoked;
use crate::db::{DbError, Tx};
use crate::refusal::Refusal;
use crate::tables::{device, server};

/// The public half of the key that orders are signed with, as hello tells it.
pub(crate) fn announced_key(secret: &[u8; 32]) -> String {
    hex(SigningKey::from_bytes(secret).verifying_key().as_bytes())
}

/// What a device is told that was revoked: that, or the order to wipe itself.
pub(crate) fn revoked(tx: &mut dyn Tx, user: UserId, device: DeviceId) -> Result<Refusal, DbError> {
    let nonce = device::find(tx, user, device)?.and_then(|known| known.wipe_nonce);
    match nonce {
        Some(nonce) => Ok(ordered(signed(tx, device, &nonce)?)),
        None => Ok(device_revoked()),
    }
}

fn ordered(order: WipeOrder) -> Refusal {
    let mut error = ApiError::new(ApiErrorCode::WipeOrdered, "this device is to be wiped");
    error.wipe = Some(order);
    error.into()
}

fn signed(tx: &mut dyn Tx, device: DeviceId, nonce: &[u8; 32]) -> Result<WipeOrder, DbError> {
    let server_id = server_id(tx)?;
    let secret = server::order_key(tx)?;
    let nonce = hex(nonce);
    let message = wipe_message(&server_id, device, &nonce);
    let signature = SigningKey::from_bytes(&secret).sign(&message);
    Ok(WipeOrder {
        server_id,
        device,
        nonce,
        signature: hex(&signature.to_bytes()),
    })
}

/// Notes that a device carried its order out, if it is that device that says so.
pub(crate) fn carried_out(
    tx: &mut dyn Tx,
    said: &Wiped,
    now: Timestamp,
) -> Result<UserId, Refusal> {
    let no_such_order = || Refusal::new(ApiErrorCode::NotFound, "no such order");
    let nonce = hex_bytes::<32>(&said.nonce).ok_or_else(no_such_order)?;
    let signature = hex_bytes::<64>(&said.signature).ok_or_else(no_such_order)?;
    let (user, key) = device::ordered_to_wipe(tx, said.device, nonce)?.ok_or_else(no_such_order)?;
    let message = wiped_message(&server_id(tx)?, said.device, &said.nonce);
    VerifyingKey::from_bytes(&key)
        .and_then(|key| key.verify_strict(&message, &Signature::from_bytes(&signature)))
        .map_err(|_| no_such_order())?;
    device::wiped(tx, user, said.device, now)?;
    Ok(user)
}

fn server_id(tx: &mut dyn Tx) -> Result<String, DbError> {
    let identity = server::identity(tx)?;
    let identity =
        identity.ok_or_else(|| DbError::Stored("the database has no identity".into()))?;
    Ok(identity.server_id)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
