//! Sign-ins. A session is a family of tokens that fall together.

use stoa_domain::{DeviceId, Timestamp, UserId};

use crate::db::{DbError, Tx, params};

/// What an access token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) session: [u8; 16],
    pub(crate) user: UserId,
    pub(crate) device: DeviceId,
    pub(crate) expires_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) revoked_at: Option<Timestamp>,
    pub(crate) last_seen_at: Timestamp,
}

pub(crate) fn insert(
    tx: &mut dyn Tx,
    id: [u8; 16],
    user: UserId,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into session (id, user_id, device_id, created_at)
        values (:id, :user, :device, :now)",
        &params!["id" => id, "user" => user, "device" => device, "now" => now],
    )?;
    Ok(())
}

pub(crate) fn of_access_token(tx: &mut dyn Tx, hash: [u8; 32]) -> Result<Option<Bearer>, DbError> {
    let rows = tx.query(
        "
        select session.id, session.user_id, session.device_id, access_token.expires_at,
               session.ended_at, device.revoked_at, device.last_seen_at
        from access_token
        join session on session.id = access_token.session_id
        join device on device.user_id = session.user_id and device.id = session.device_id
        where access_token.hash = :hash",
        &params!["hash" => hash],
    )?;
    rows.first()
        .map(|row| {
            Ok(Bearer {
                session: row.id(0)?,
                user: UserId::from_bytes(row.id(1)?),
                device: DeviceId::from_bytes(row.id(2)?),
                expires_at: row.at(3)?,
                ended_at: row.opt_at(4)?,
                revoked_at: row.opt_at(5)?,
                last_seen_at: row.at(6)?,
            })
        })
        .transpose()
}

/// When the open session of a device began.
pub(crate) fn began_at(
    tx: &mut dyn Tx,
    user: UserId,
    device: DeviceId,
) -> Result<Option<Timestamp>, DbError> {
    let rows = tx.query(
        "
        select created_at from session
        where user_id = :user and device_id = :device and ended_at is null
        order by created_at
        limit 1",
        &params!["user" => user, "device" => device],
    )?;
    rows.first().map(|row| row.at(0)).transpose()
}

pub(crate) fn end(tx: &mut dyn Tx, id: [u8; 16], now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "update session set ended_at = :now where id = :id and ended_at is null",
        &params!["id" => id, "now" => now],
    )?;
    Ok(())
}

pub(crate) fn end_of_device(
    tx: &mut dyn Tx,
    user: UserId,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        update session set ended_at = :now
        where user_id = :user and device_id = :device and ended_at is null",
        &params!["user" => user, "device" => device, "now" => now],
    )?;
    Ok(())
}

/// Ends all sessions of a person but those of one device.
pub(crate) fn end_of_others(
    tx: &mut dyn Tx,
    user: UserId,
    but: DeviceId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        update session set ended_at = :now
        where user_id = :user and device_id <> :but and ended_at is null",
        &params!["user" => user, "but" => but, "now" => now],
    )?;
    Ok(())
}

/// Answers how many were open.
pub(crate) fn end_all(tx: &mut dyn Tx, user: UserId, now: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "
        update session set ended_at = :now
        where user_id = :user and ended_at is null",
        &params!["user" => user, "now" => now],
    )
}
