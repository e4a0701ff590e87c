//! Up to where each device has heard of everything.

use stoa_domain::{CommunityId, Timestamp};

use super::Sender;
use crate::db::{DbError, Tx, params};

/// A place that went on is noted once in so long; too low a one only keeps tombstones longer.
const NOTED_EVERY_MILLIS: i64 = 3_600_000;

/// Whether a place is worth noting: lower than the one that is known, or higher for a while.
pub(crate) fn is_news(
    tx: &mut dyn Tx,
    sender: Sender,
    (seq, now): (i64, Timestamp),
) -> Result<bool, DbError> {
    let rows = tx.query(
        "
        select seq, noted_at from device_place
        where community_id = :community and user_id = :user and device_id = :device",
        &params![
            "community" => sender.community,
            "user" => sender.user,
            "device" => sender.device,
        ],
    )?;
    let Some(row) = rows.first() else {
        return Ok(true);
    };
    let (known, noted_at) = (row.int(0)?, row.at(1)?);
    let is_old = now.millis_since(noted_at).abs() > NOTED_EVERY_MILLIS;
    Ok(seq < known || seq > known && is_old)
}

pub(crate) fn put(
    tx: &mut dyn Tx,
    sender: Sender,
    (seq, now): (i64, Timestamp),
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into device_place (community_id, user_id, device_id, seq, noted_at)
        values (:community, :user, :device, :seq, :now)
        on conflict (community_id, user_id, device_id) do update
        set seq = excluded.seq, noted_at = excluded.noted_at",
        &params![
            "community" => sender.community,
            "user" => sender.user,
            "device" => sender.device,
            "seq" => seq,
            "now" => now,
        ],
    )?;
    Ok(())
}

/// The lowest place of the devices that were seen since, of people who belong to the community;
/// `None` when there is no such device.
pub(crate) fn lowest(
    tx: &mut dyn Tx,
    community: CommunityId,
    seen_since: Timestamp,
) -> Result<Option<i64>, DbError> {
    let rows = tx.query(
        "
        select min(device_place.seq)
        from device_place
        join device on device.user_id = device_place.user_id
                   and device.id = device_place.device_id
        join membership on membership.community_id = device_place.community_id
                       and membership.user_id = device_place.user_id
        where device_place.community_id = :community
          and device.revoked_at is null and device.last_seen_at >= :seen_since",
        &params!["community" => community, "seen_since" => seen_since],
    )?;
    rows.first().map_or(Ok(None), |row| row.opt_int(0))
}
