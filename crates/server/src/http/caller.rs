//! Who asks: the session behind an access token.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use stoa_domain::{CommunityId, DeviceId, UserId};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::{PROTOCOL, header as stoa_header};

use crate::accounts::session::sign_in_again;
use crate::accounts::wipe;
use crate::app::App;
use crate::refusal::Refusal;
use crate::sync::MIN_SCHEMA;
use crate::tables::{Sender, device, session, token};

/// How often "last seen" is written.
const SEEN_MILLIS: i64 = 60_000;

/// A signed-in device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) session: [u8; 16],
    pub(crate) user: UserId,
    pub(crate) device: DeviceId,
}

/// A signed-in device that speaks of one community. Whether the person belongs to it is looked up
/// in the transaction that does the work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InCommunity(pub(crate) Sender);

/// The access token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .filter(|token| token.len() <= 128)
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let token = bearer(&parts.headers).ok_or_else(|| sign_in_again("no access token"))?;
        let hash = token::hash(token);
        let found = app
            .db
            .read(move |tx| Ok(session::of_access_token(tx, hash)?))
            .await?
            .ok_or_else(|| sign_in_again("this access token is not known"))?;
        let (user, device) = (found.user, found.device);
        if found.revoked_at.is_some() {
            let told = app.db.read(move |tx| Ok(wipe::revoked(tx, user, device)?));
            return Err(told.await?);
        }
        let now = app.now();
        if found.ended_at.is_some() || found.expires_at <= now {
            return Err(sign_in_again("this access token has ended"));
        }
        if now.millis_since(found.last_seen_at) > SEEN_MILLIS {
            app.db
                .write(move |tx| Ok(device::saw(tx, user, device, now)?))
                .await?;
        }
        Ok(Self {
            session: found.session,
            user,
            device,
        })
    }
}

impl FromRequestParts<Arc<App>> for InCommunity {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let caller = Caller::from_request_parts(parts, app).await?;
        check_headers(&parts.headers, caller.device)?;
        let params = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| not_found())?;
        let community: CommunityId = params
            .iter()
            .find(|(name, _)| *name == "community")
            .and_then(|(_, text)| text.parse().ok())
            .ok_or_else(not_found)?;
        Ok(Self(Sender {
            community,
            user: caller.user,
            device: caller.device,
        }))
    }
}

fn not_found() -> Refusal {
    Refusal::new(ApiErrorCode::NotFound, "no such community")
}

/// Headers that are there must be right; a device speaks only for itself.
fn check_headers(headers: &HeaderMap, device: DeviceId) -> Result<(), Refusal> {
    if let Some(proto) = headers.get(stoa_header::PROTO)
        && proto.to_str().ok().and_then(|text| text.parse().ok()) != Some(PROTOCOL)
    {
        return Err(too_old(MIN_SCHEMA));
    }
    if let Some(named) = headers.get(stoa_header::DEVICE)
        && named.to_str().ok().and_then(|text| text.parse().ok()) != Some(device)
    {
        return Err(Refusal::new(
            ApiErrorCode::Malformed,
            "the session belongs to another device",
        ));
    }
    Ok(())
}

/// Whether the device's data schema is new enough to be given rows.
pub(crate) fn check_schema(headers: &HeaderMap, min_schema: u32) -> Result<(), Refusal> {
    let schema: Option<u32> = headers
        .get(stoa_header::SCHEMA)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    if schema.is_none_or(|schema| schema < min_schema) {
        return Err(too_old(min_schema));
    }
    Ok(())
}

fn too_old(min_schema: u32) -> Refusal {
    let mut error = ApiError::new(
        ApiErrorCode::ClientTooOld,
        "this program is too old to pull",
    );
    error.min_schema = Some(min_schema);
    error.into()
}
