//! Tickets that open one WebSocket each.

use stoa_domain::{CommunityId, DeviceId, Timestamp, UserId};

use super::{Sender, token};
use crate::db::{DbError, Tx, params};

pub(crate) fn insert(
    tx: &mut dyn Tx,
    ticket: &str,
    sender: Sender,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into live_ticket (hash, community_id, user_id, device_id, expires_at)
        values (:hash, :community, :user, :device, :expires_at)",
        &params![
            "hash" => token::hash(ticket),
            "community" => sender.community,
            "user" => sender.user,
            "device" => sender.device,
            "expires_at" => expires_at,
        ],
    )?;
    Ok(())
}

/// Uses a ticket up; `None` when there is none that still holds.
pub(crate) fn take(
    tx: &mut dyn Tx,
    ticket: &str,
    now: Timestamp,
) -> Result<Option<Sender>, DbError> {
    let rows = tx.query(
        "
        delete from live_ticket where hash = :hash
        returning community_id, user_id, device_id, expires_at",
        &params!["hash" => token::hash(ticket)],
    )?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let sender = Sender {
        community: CommunityId::from_bytes(row.id(0)?),
        user: UserId::from_bytes(row.id(1)?),
        device: DeviceId::from_bytes(row.id(2)?),
    };
    Ok((row.at(3)? >= now).then_some(sender))
}

pub(crate) fn forget(tx: &mut dyn Tx, before: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "delete from live_ticket where expires_at < :before",
        &params!["before" => before],
    )?;
    Ok(())
}
