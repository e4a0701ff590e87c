//! Sessions: opening one, refreshing its tokens, ending it.
//!
//! A refresh token is used once. Its second use within a minute, signed by the same device, is an
//! answer that was lost on the way and is answered again; any other second use means a copy is
//! about, and the whole family falls.

use ed25519_dalek::{Signature, VerifyingKey};
use stoa_domain::{DeviceId, Timestamp, UserId};
use stoa_protocol::account::{Refresh, Secret, Tokens, refresh_message};
use stoa_protocol::error::ApiErrorCode;

use super::rules::hex_bytes;
use super::wipe;
use crate::Entropy;
use crate::db::{DbError, Tx};
use crate::refusal::Refusal;
use crate::tables::token::RefreshRow;
use crate::tables::{device, session, token};

const ACCESS_SECONDS: u64 = 15 * 60;
/// A device that was away longer signs in again.
const REFRESH_MILLIS: i64 = 180 * 86_400_000;
const GRACE_MILLIS: i64 = 60_000;

/// Fresh tokens, not yet stored. Made before the transaction, so that a repeated one stores the same.
#[derive(Debug, Clone)]
pub(crate) struct FreshTokens(Tokens);

impl FreshTokens {
    pub(crate) fn new(entropy: &Entropy) -> Self {
        Self(Tokens {
            access_token: Secret(entropy.token()),
            expires_in: ACCESS_SECONDS,
            refresh_token: Secret(entropy.token()),
            nonce: entropy.token(),
        })
    }

    fn store(&self, tx: &mut dyn Tx, id: [u8; 16], now: Timestamp) -> Result<Tokens, DbError> {
        let Self(tokens) = self;
        let millis = i64::try_from(ACCESS_SECONDS * 1000).unwrap_or(i64::MAX);
        token::insert_access(tx, &tokens.access_token.0, id, now.plus_millis(millis))?;
        token::insert_refresh(tx, &tokens.refresh_token.0, id, &tokens.nonce, now)?;
        Ok(tokens.clone())
    }
}

/// Opens a session of a device that has just shown its password.
pub(crate) fn open(
    tx: &mut dyn Tx,
    id: [u8; 16],
    of: (UserId, DeviceId),
    fresh: &FreshTokens,
    now: Timestamp,
) -> Result<Tokens, Refusal> {
    let (user, device) = of;
    session::end_of_device(tx, user, device, now)?;
    session::insert(tx, id, user, device, now)?;
    Ok(fresh.store(tx, id, now)?)
}

/// New tokens for an old one. The inner refusal is an answer whose effects are kept.
pub(crate) fn refresh(
    tx: &mut dyn Tx,
    request: &Refresh,
    fresh: &FreshTokens,
    now: Timestamp,
) -> Result<Result<Tokens, Refusal>, Refusal> {
    let Some(row) = token::find_refresh(tx, &request.refresh_token.0)? else {
        return Err(sign_in_again("this refresh token is not known"));
    };
    let device = device::find(tx, row.user, row.device)?
        .ok_or_else(|| sign_in_again("this device is not known"))?;
    if device.revoked_at.is_some() {
        return Err(wipe::revoked(tx, row.user, row.device)?);
    }
    if row.ended_at.is_some() || now.millis_since(row.issued_at) > REFRESH_MILLIS {
        return Err(sign_in_again("this session has ended"));
    }
    let is_signed = is_signed_by(&device.public_key, &row, request);
    if let Some(spent_at) = row.spent_at {
        let is_lost_answer = is_signed && now.millis_since(spent_at) <= GRACE_MILLIS;
        if !is_lost_answer {
            session::end(tx, row.session, now)?;
            tracing::warn!(user = %row.user, device = %row.device, "a refresh token came twice");
            return Ok(Err(sign_in_again("this refresh token was used before")));
        }
    } else if !is_signed {
        return Err(sign_in_again(
            "the signature does not belong to this device",
        ));
    }
    token::spend_all(tx, row.session, now)?;
    device::saw(tx, row.user, row.device, now)?;
    Ok(Ok(fresh.store(tx, row.session, now)?))
}

fn is_signed_by(key: &[u8; 32], row: &RefreshRow, request: &Refresh) -> bool {
    let (Ok(key), Some(signature)) = (
        VerifyingKey::from_bytes(key),
        hex_bytes::<64>(&request.signature),
    ) else {
        return false;
    };
    let message = refresh_message(row.device, &request.refresh_token, &row.nonce);
    request.device == row.device
        && key
            .verify_strict(&message, &Signature::from_bytes(&signature))
            .is_ok()
}

pub(crate) fn sign_in_again(message: &str) -> Refusal {
    Refusal::new(ApiErrorCode::SignInAgain, message)
}

pub(crate) fn device_revoked() -> Refusal {
    Refusal::new(ApiErrorCode::DeviceRevoked, "this device was revoked")
}
