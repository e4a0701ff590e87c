//! The contents of files: what was offered, which parts are there, what nothing uses any more.

use stoa_domain::{BlobHash, CommunityId, DraftId, Timestamp};
use stoa_protocol::blob::OfferBlob;

use super::unreadable;
use crate::db::{DbError, Params, Record, Tx, params};

/// Where the parts of a file lie in the object store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) community: CommunityId,
    pub(crate) id: [u8; 16],
}

/// A file that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) place: Place,
    pub(crate) size: u64,
    pub(crate) parts: Vec<BlobHash>,
    pub(crate) is_complete: bool,
}

/// A place that nothing names any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Litter {
    pub(crate) place: Place,
    pub(crate) n_parts: u32,
}

pub(crate) fn find(
    tx: &mut dyn Tx,
    community: CommunityId,
    b3: BlobHash,
) -> Result<Option<Blob>, DbError> {
    let rows = tx.query(
        "
        select place, size, parts, completed_at from blob
        where community_id = :community and b3 = :b3",
        &params!["community" => community, "b3" => *b3.as_bytes()],
    )?;
    rows.first().map(|row| read(row, community)).transpose()
}

fn read(row: &Record, community: CommunityId) -> Result<Blob, DbError> {
    let parts = row.bytes(2)?.chunks(32).map(|part| {
        let bytes = part.try_into().map_err(unreadable)?;
        Ok(BlobHash::from_bytes(bytes))
    });
    Ok(Blob {
        place: Place {
            community,
            id: row.id(0)?,
        },
        size: row.int(1)?.try_into().map_err(unreadable)?,
        parts: parts.collect::<Result<_, DbError>>()?,
        is_complete: row.opt_at(3)?.is_some(),
    })
}

/// Notes a file that will be sent. One that is known already is left as it is.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    place: Place,
    offer: &OfferBlob,
    now: Timestamp,
) -> Result<(), DbError> {
    let parts: Vec<u8> = offer
        .parts
        .iter()
        .flat_map(|part| *part.as_bytes())
        .collect();
    tx.execute(
        "
        insert into blob (community_id, b3, size, parts, place, completed_at, used_at)
        values (:community, :b3, :size, :parts, :place, null, :now)
        on conflict (community_id, b3) do nothing",
        &params![
            "community" => place.community,
            "b3" => *offer.b3.as_bytes(),
            "size" => i64::try_from(offer.size).map_err(unreadable)?,
            "parts" => parts,
            "place" => place.id,
            "now" => now,
        ],
    )?;
    Ok(())
}

/// Bytes of all files of a community, those still under way included.
pub(crate) fn total_size(tx: &mut dyn Tx, community: CommunityId) -> Result<u64, DbError> {
    let rows = tx.query(
        "select cast(coalesce(sum(size), 0) as bigint) from blob where community_id = :community",
        &params!["community" => community],
    )?;
    let total = rows.first().map_or(Ok(0), |row| row.int(0))?;
    total.try_into().map_err(unreadable)
}

/// Files that are used now are not collected for a while.
pub(crate) fn touch_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    blobs: &[BlobHash],
    now: Timestamp,
) -> Result<(), DbError> {
    let sets: Vec<Params> = blobs
        .iter()
        .map(|b3| params!["community" => community, "b3" => *b3.as_bytes(), "now" => now])
        .collect();
    tx.execute_each(
        "update blob set used_at = :now where community_id = :community and b3 = :b3",
        &sets,
    )
}

/// The files of a draft are not collected for a while.
pub(crate) fn touch_of_draft(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        update blob set used_at = :now
        where community_id = :community and b3 in (
            select b3 from attachment
            where community_id = :community and draft = :draft)",
        &params!["community" => community, "draft" => draft, "now" => now],
    )?;
    Ok(())
}

/// The parts that are in the object store.
pub(crate) fn arrived(tx: &mut dyn Tx, place: Place) -> Result<Vec<u32>, DbError> {
    let rows = tx.query(
        "select n from blob_part where place = :place order by n",
        &params!["place" => place.id],
    )?;
    rows.iter()
        .map(|row| row.int(0)?.try_into().map_err(unreadable))
        .collect()
}

/// Notes that a part is in the object store; whether there still is a file it belongs to.
pub(crate) fn part_arrived(tx: &mut dyn Tx, place: Place, n: u32) -> Result<bool, DbError> {
    let n_rows = tx.execute(
        "
        insert into blob_part (place, n)
        select place, cast(:n as bigint) from blob where community_id = :community and place = :place
        on conflict (place, n) do update set n = excluded.n",
        &params!["community" => place.community, "place" => place.id, "n" => i64::from(n)],
    )?;
    Ok(n_rows > 0)
}

/// Notes that a part is not in the object store after all.
pub(crate) fn part_lost(tx: &mut dyn Tx, place: Place, n: u32) -> Result<(), DbError> {
    tx.execute(
        "delete from blob_part where place = :place and n = :n",
        &params!["place" => place.id, "n" => i64::from(n)],
    )?;
    tx.execute(
        "
        update blob set completed_at = null
        where community_id = :community and place = :place",
        &params!["community" => place.community, "place" => place.id],
    )?;
    Ok(())
}

pub(crate) fn complete(tx: &mut dyn Tx, place: Place, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "
        update blob set completed_at = :now
        where community_id = :community and place = :place and completed_at is null",
        &params!["community" => place.community, "place" => place.id, "now" => now],
    )?;
    Ok(())
}

/// Those of the files that are not there whole.
pub(crate) fn not_whole(
    tx: &mut dyn Tx,
    community: CommunityId,
    asked: &[BlobHash],
) -> Result<Vec<BlobHash>, DbError> {
    let sets: Vec<Params> = asked
        .iter()
        .map(|b3| params!["community" => community, "b3" => *b3.as_bytes()])
        .collect();
    let found = tx.query_each(
        "
        select 1 from blob
        where community_id = :community and b3 = :b3 and completed_at is not null",
        &sets,
    )?;
    let missing = asked.iter().zip(found).filter(|(_, rows)| rows.is_empty());
    Ok(missing.map(|(b3, _)| *b3).collect())
}

/// Lets go of files that no draft uses and no post names, and that were not used since `before`.
pub(crate) fn abandon(tx: &mut dyn Tx, before: Timestamp, limit: i64) -> Result<u64, DbError> {
    let rows = tx.query(
        "
        select community_id, place, size, parts, completed_at from blob
        where used_at < :before and not exists (
            select 1 from attachment
            where attachment.community_id = blob.community_id and attachment.b3 = blob.b3
              and attachment.removed_at is null)
          and not exists (
            select 1 from post_file
            where post_file.community_id = blob.community_id and post_file.b3 = blob.b3)
        order by used_at
        limit :limit",
        &params!["before" => before, "limit" => limit],
    )?;
    for row in &rows {
        let place = Place {
            community: CommunityId::from_bytes(row.id(0)?),
            id: row.id(1)?,
        };
        let n_parts = u32::try_from(row.bytes(3)?.len() / 32).map_err(unreadable)?;
        to_sweep(tx, place, n_parts)?;
        let place = params!["place" => row.id(1)?];
        tx.execute("delete from blob_part where place = :place", &place)?;
        tx.execute(
            "delete from blob where community_id = :community and place = :place",
            &params!["community" => row.id(0)?, "place" => row.id(1)?],
        )?;
    }
    Ok(rows.len() as u64)
}

/// Names the objects of a place for deletion.
pub(crate) fn to_sweep(tx: &mut dyn Tx, place: Place, n_parts: u32) -> Result<(), DbError> {
    tx.execute(
        "
        insert into blob_litter (place, community_id, n_parts)
        values (:place, :community, :n_parts)
        on conflict (place) do update set n_parts = excluded.n_parts
        where blob_litter.n_parts < excluded.n_parts",
        &params![
            "place" => place.id,
            "community" => place.community,
            "n_parts" => i64::from(n_parts)
        ],
    )?;
    Ok(())
}

/// Places whose objects are to be deleted.
pub(crate) fn litter(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Litter>, DbError> {
    let rows = tx.query(
        "select place, community_id, n_parts from blob_litter order by place limit :limit",
        &params!["limit" => limit],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Litter {
                place: Place {
                    id: row.id(0)?,
                    community: CommunityId::from_bytes(row.id(1)?),
                },
                n_parts: row.int(2)?.try_into().map_err(unreadable)?,
            })
        })
        .collect()
}

/// The objects of a place are deleted.
pub(crate) fn swept(tx: &mut dyn Tx, place: Place) -> Result<(), DbError> {
    tx.execute(
        "delete from blob_litter where place = :place",
        &params!["place" => place.id],
    )?;
    Ok(())
}
