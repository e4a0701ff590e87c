//! Where the mutations of a device stand.

use super::Sender;
use crate::db::{DbError, Tx, params};

/// The last mid that has a result; 0 before the first.
pub(crate) fn lmid(tx: &mut dyn Tx, sender: Sender) -> Result<i64, DbError> {
    let rows = tx.query(
        "
        select lmid from device_progress
        where community_id = :community and user_id = :user and device_id = :device",
        &params![
            "community" => sender.community,
            "user" => sender.user,
            "device" => sender.device,
        ],
    )?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

pub(crate) fn set_lmid(tx: &mut dyn Tx, sender: Sender, lmid: i64) -> Result<(), DbError> {
    tx.write(
        "
        insert into device_progress (community_id, user_id, device_id, lmid)
        values (:community, :user, :device, :lmid)
        on conflict (community_id, user_id, device_id) do update set lmid = excluded.lmid",
        params![
            "community" => sender.community,
            "user" => sender.user,
            "device" => sender.device,
            "lmid" => lmid,
        ],
    )
}
