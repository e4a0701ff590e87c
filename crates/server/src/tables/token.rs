//! Access and refresh tokens, by their SHA-256.

use sha2::{Digest, Sha256};
use stoa_domain::{DeviceId, Timestamp, UserId};

use crate::db::{DbError, Tx, params};

/// A refresh token with what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefreshRow {
    pub(crate) session: [u8; 16],
    pub(crate) user: UserId,
    pub(crate) device: DeviceId,
    pub(crate) nonce: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) spent_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
}

/// The only form in which a token is stored or looked up.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

pub(crate) fn insert_access(
    tx: &mut dyn Tx,
    token: &str,
    session: [u8; 16],
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into access_token (hash, session_id, expires_at)
        values (:hash, :session, :expires_at)",
        &params!["hash" => hash(token), "session" => session, "expires_at" => expires_at],
    )?;
    Ok(())
}

pub(crate) fn insert_refresh(
    tx: &mut dyn Tx,
    token: &str,
    session: [u8; 16],
    nonce: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into refresh_token (hash, session_id, nonce, issued_at)
        values (:hash, :session, :nonce, :now)",
        &params!["hash" => hash(token), "session" => session, "nonce" => nonce, "now" => now],
    )?;
    Ok(())
}

pub(crate) fn find_refresh(tx: &mut dyn Tx, token: &str) -> Result<Option<RefreshRow>, DbError> {
    let rows = tx.query(
        "
        select session.id, session.user_id, session.device_id, refresh_token.nonce,
               refresh_token.issued_at, refresh_token.spent_at, session.ended_at
        from refresh_token
        join session on session.id = refresh_token.session_id
        where refresh_token.hash = :hash",
        &params!["hash" => hash(token)],
    )?;
    rows.first()
        .map(|row| {
            Ok(RefreshRow {
                session: row.id(0)?,
                user: UserId::from_bytes(row.id(1)?),
                device: DeviceId::from_bytes(row.id(2)?),
                nonce: row.text(3)?.to_owned(),
                issued_at: row.at(4)?,
                spent_at: row.opt_at(5)?,
                ended_at: row.opt_at(6)?,
            })
        })
        .transpose()
}

/// Every refresh token of the session is used up from now on.
pub(crate) fn spend_all(tx: &mut dyn Tx, session: [u8; 16], now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "
        update refresh_token set spent_at = :now
        where session_id = :session and spent_at is null",
        &params!["session" => session, "now" => now],
    )?;
    Ok(())
}

/// Forgets access tokens that have ended, and refresh tokens of sessions that ended long ago. A
/// revoked device can use its last one for ever, but only to be told of an order that waits for it.
pub(crate) fn forget(
    tx: &mut dyn Tx,
    ended_access: Timestamp,
    ended_session: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "delete from access_token where expires_at < :before",
        &params!["before" => ended_access],
    )?;
    tx.execute(
        "
        delete from refresh_token
        where session_id in (select id from session where ended_at < :before)
          and (spent_at is not null or session_id not in (
              select session.id
              from session
              join device on device.user_id = session.user_id and device.id = session.device_id
              where device.revoked_at is not null and device.wiped_at is null))",
        &params!["before" => ended_session],
    )?;
    Ok(())
}
