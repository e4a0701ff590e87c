//! What was answered to requests that came with a key of their sender.

use serde::Serialize;
use serde::de::DeserializeOwned;
use stoa_domain::Timestamp;

use super::{Sender, from_json, to_json};
use crate::db::{DbError, Tx, params};

/// What was asked under a key, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answered<T> {
    pub(crate) digest: Vec<u8>,
    pub(crate) answer: T,
}

pub(crate) fn find<T: DeserializeOwned>(
    tx: &mut dyn Tx,
    sender: Sender,
    key: &str,
) -> Result<Option<Answered<T>>, DbError> {
    let rows = tx.query(
        "
        select digest, answer from answered_request
        where community_id = :community and user_id = :user and key = :key",
        &params!["community" => sender.community, "user" => sender.user, "key" => key],
    )?;
    rows.first()
        .map(|row| {
            Ok(Answered {
                digest: row.bytes(0)?.to_vec(),
                answer: from_json(row.text(1)?)?,
            })
        })
        .transpose()
}

pub(crate) fn insert<T: Serialize>(
    tx: &mut dyn Tx,
    sender: Sender,
    (key, digest): (&str, [u8; 32]),
    answer: &T,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.write(
        "
        insert into answered_request (community_id, user_id, key, digest, answer, answered_at)
        values (:community, :user, :key, :digest, :answer, :now)",
        params![
            "community" => sender.community,
            "user" => sender.user,
            "key" => key,
            "digest" => digest,
            "answer" => to_json(answer)?,
            "now" => now,
        ],
    )
}

/// Forgets what was answered before a time.
pub(crate) fn forget(tx: &mut dyn Tx, before: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "delete from answered_request where answered_at < :before",
        &params!["before" => before],
    )?;
    Ok(())
}
