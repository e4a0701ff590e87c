//! Results that a device has not acknowledged.

use stoa_protocol::sync::MutationResult;

use super::{Sender, from_json, to_json};
use crate::db::{DbError, Params, Tx, params};

/// The most results in one answer; the rest comes after these are acknowledged.
const PAGE: i64 = 1000;

pub(crate) fn insert_each(
    tx: &mut dyn Tx,
    sender: Sender,
    results: &[MutationResult],
) -> Result<(), DbError> {
    let sets = results
        .iter()
        .map(|result| {
            Ok(params![
                "community" => sender.community,
                "user" => sender.user,
                "device" => sender.device,
                "mid" => result.mid,
                "outcome" => to_json(&result.outcome)?,
            ])
        })
        .collect::<Result<Vec<Params>, DbError>>()?;
    tx.execute_each(
        "
        insert into mutation_result (community_id, user_id, device_id, mid, outcome)
        values (:community, :user, :device, :mid, :outcome)",
        &sets,
    )
}

pub(crate) fn unacknowledged(
    tx: &mut dyn Tx,
    sender: Sender,
) -> Result<Vec<MutationResult>, DbError> {
    let rows = tx.query(
        "
        select mid, outcome from mutation_result
        where community_id = :community and user_id = :user and device_id = :device
        order by mid
        limit :page",
        &params![
            "community" => sender.community,
            "user" => sender.user,
            "device" => sender.device,
            "page" => PAGE,
        ],
    )?;
    rows.iter()
        .map(|row| {
            Ok(MutationResult {
                mid: row.int(0)?,
                outcome: from_json(row.text(1)?)?,
            })
        })
        .collect()
}

/// The device has stored the results up to this mid.
pub(crate) fn forget(tx: &mut dyn Tx, sender: Sender, upto: i64) -> Result<(), DbError> {
    tx.execute(
        "
        delete from mutation_result
        where community_id = :community and user_id = :user and device_id = :device
          and mid <= :upto",
        &params![
            "community" => sender.community,
            "user" => sender.user,
            "device" => sender.device,
            "upto" => upto,
        ],
    )?;
    Ok(())
}
