//! What was deleted for good, until every device has heard of it.

use stoa_domain::{CommunityId, DraftId, Timestamp};
use stoa_mutators::{Key, Table};

use crate::db::{DbError, Params, Tx, params};

/// The text of a draft in the bucket of the texts: all its updates, under the draft's id.
const DOC: &str = "doc";
/// About what a tombstone takes in an answer.
const SIZE: i64 = 90;

/// A draft that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deleted {
    pub(crate) draft: DraftId,
    pub(crate) seq: i64,
    pub(crate) at: Timestamp,
}

/// A tombstone as it travels: its table, the id in it, its sequence number.
pub(crate) type Found = (String, [u8; 16], i64);

/// Puts up the tombstones of drafts and of their texts.
pub(crate) fn insert_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    deleted: &[Deleted],
) -> Result<(), DbError> {
    let stones = [
        (Table::Draft.bucket(), Table::Draft.as_str()),
        (Table::DocUpdate.bucket(), DOC),
    ];
    let sets: Vec<Params> = deleted
        .iter()
        .flat_map(|one| {
            stones.map(|(bucket, table)| {
                params![
                    "community" => community,
                    "bucket" => bucket,
                    "table" => table,
                    "pk" => one.draft,
                    "seq" => one.seq,
                    "at" => one.at,
                ]
            })
        })
        .collect();
    tx.execute_each(
        "
        insert into tombstone (community_id, bucket, tbl, pk, seq, at)
        values (:community, :bucket, :table, :pk, :seq, :at)",
        &sets,
    )
}

/// Those of the drafts that were deleted.
pub(crate) fn of_drafts(
    tx: &mut dyn Tx,
    community: CommunityId,
    drafts: &[[u8; 16]],
) -> Result<Vec<Key>, DbError> {
    let sets: Vec<Params> = drafts
        .iter()
        .map(|id| {
            params![
                "community" => community,
                "bucket" => Table::Draft.bucket(),
                "table" => Table::Draft.as_str(),
                "pk" => *id,
            ]
        })
        .collect();
    let found = tx.query_each(
        "
        select pk from tombstone
        where community_id = :community and bucket = :bucket and tbl = :table and pk = :pk",
        &sets,
    )?;
    let rows = found.iter().flatten();
    rows.map(|row| {
        Ok(Key {
            table: Table::Draft,
            id: row.id(0)?,
        })
    })
    .collect()
}

/// Sequence number and size in an answer of the next tombstones after a cursor.
pub(crate) fn sizes_after(
    tx: &mut dyn Tx,
    (community, bucket): (CommunityId, &str),
    cursor: i64,
    limit: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    let rows = tx.query(
        "
        select seq from tombstone
        where community_id = :community and bucket = :bucket and seq > :cursor
        order by seq
        limit :limit",
        &params![
            "community" => community,
            "bucket" => bucket,
            "cursor" => cursor,
            "limit" => limit,
        ],
    )?;
    rows.iter().map(|row| Ok((row.int(0)?, SIZE))).collect()
}

pub(crate) fn visit_between(
    tx: &mut dyn Tx,
    (community, bucket): (CommunityId, &str),
    (cursor, upto): (i64, i64),
    each: &mut dyn FnMut(Found) -> Result<(), DbError>,
) -> Result<(), DbError> {
    tx.visit(
        "
        select tbl, pk, seq from tombstone
        where community_id = :community and bucket = :bucket and seq > :cursor and seq <= :upto
        order by seq",
        &params![
            "community" => community,
            "bucket" => bucket,
            "cursor" => cursor,
            "upto" => upto,
        ],
        &mut |row| each((row.text(0)?.to_owned(), row.id(1)?, row.int(2)?)),
    )
}

/// The last tombstone of each bucket that is older than `before` and that every device has heard
/// of, up to `seen`.
pub(crate) fn last_old(
    tx: &mut dyn Tx,
    community: CommunityId,
    (before, seen): (Timestamp, i64),
) -> Result<Vec<(String, i64)>, DbError> {
    let rows = tx.query(
        "
        select bucket, max(seq) from tombstone
        where community_id = :community and at < :before and seq <= :seen
        group by bucket
        order by bucket",
        &params!["community" => community, "before" => before, "seen" => seen],
    )?;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?)))
        .collect()
}

/// Takes the same ones away; answers how many.
pub(crate) fn forget_old(
    tx: &mut dyn Tx,
    community: CommunityId,
    (before, seen): (Timestamp, i64),
) -> Result<u64, DbError> {
    tx.execute(
        "
        delete from tombstone
        where community_id = :community and at < :before and seq <= :seen",
        &params!["community" => community, "before" => before, "seen" => seen],
    )
}
