//! `blob` and `blob_part`: the contents of files, as far as this computer has or wants them.

use rusqlite::{Connection, OptionalExtension, Params, Row, named_params};
use stoa_domain::{BlobHash, Timestamp};

use super::Sql;
use crate::{StoreError, Where};

/// The contents of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) b3: BlobHash,
    pub(crate) size: u64,
    /// Empty until they are known.
    pub(crate) parts: Vec<BlobHash>,
    pub(crate) here: Where,
    pub(crate) is_on_server: bool,
    pub(crate) is_wanted: bool,
    pub(crate) is_kept: bool,
    pub(crate) used_at: Timestamp,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Blob> {
    let parts: Vec<u8> = row.get(2)?;
    let hash = |part: &[u8]| part.try_into().ok().map(BlobHash::from_bytes);
    let here: String = row.get(3)?;
    Ok(Blob {
        b3: row.get::<_, Sql<_>>(0)?.0,
        size: row.get::<_, i64>(1)?.unsigned_abs(),
        parts: parts.chunks(32).filter_map(hash).collect(),
        here: Where::parse(&here),
        is_on_server: row.get(4)?,
        is_wanted: row.get(5)?,
        is_kept: row.get(6)?,
        used_at: row.get::<_, Sql<_>>(7)?.0,
    })
}

/// The columns, before the condition of a query.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select b3, size, parts, here, on_server, wanted, is_kept, used_at from blob ",
            $rest
        )
    };
}

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<Blob>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn get(db: &Connection, b3: BlobHash) -> Result<Option<Blob>, StoreError> {
    Ok(list(
        db,
        select!("where b3 = :b3"),
        named_params! {":b3": Sql(b3)},
    )?
    .pop())
}

pub(crate) fn put(db: &Connection, blob: &Blob) -> Result<(), StoreError> {
    let parts: Vec<u8> = blob
        .parts
        .iter()
        .flat_map(|part| *part.as_bytes())
        .collect();
    db.prepare_cached(
        "insert or replace into blob (b3, size, parts, here, on_server, wanted, is_kept, used_at)
         values (:b3, :size, :parts, :here, :on_server, :wanted, :is_kept, :used_at)",
    )?
    .execute(named_params! {
        ":b3": Sql(blob.b3),
        ":size": i64::try_from(blob.size).unwrap_or(i64::MAX),
        ":parts": parts,
        ":here": blob.here.as_str(),
        ":on_server": blob.is_on_server,
        ":wanted": blob.is_wanted,
        ":is_kept": blob.is_kept,
        ":used_at": Sql(blob.used_at),
    })?;
    Ok(())
}

/// Whole files that a draft uses and the server does not have, oldest first.
pub(crate) fn to_send(db: &Connection, limit: i64) -> Result<Vec<Blob>, StoreError> {
    list(
        db,
        select!(
            "where here = 'whole' and on_server = 0
               and exists (select 1 from attachment_v where attachment_v.b3 = blob.b3
                           and attachment_v.removed_at is null)
             order by used_at, b3 limit :limit"
        ),
        named_params! {":limit": limit},
    )
}

/// Files that somebody waits for or that are to stay here, and are not here whole.
pub(crate) fn to_fetch(db: &Connection, limit: i64) -> Result<Vec<Blob>, StoreError> {
    list(
        db,
        select!(
            "where here <> 'whole' and (wanted = 1 or is_kept = 1)
             order by wanted desc, used_at, b3 limit :limit"
        ),
        named_params! {":limit": limit},
    )
}

/// Bytes of what is to be sent and of what is to be fetched.
pub(crate) fn open_work(db: &Connection) -> Result<(u64, u64), StoreError> {
    let bytes = db
        .prepare_cached(
            "select (select coalesce(sum(size), 0) from blob
                     where here = 'whole' and on_server = 0
                       and exists (select 1 from attachment_v where attachment_v.b3 = blob.b3
                                   and attachment_v.removed_at is null)),
                    (select coalesce(sum(size), 0) from blob
                     where here <> 'whole' and (wanted = 1 or is_kept = 1))",
        )?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    Ok((bytes.0.unsigned_abs(), bytes.1.unsigned_abs()))
}

/// Hashes of files that are here and that the server is thought to have, after `after`.
pub(crate) fn to_audit(
    db: &Connection,
    after: Option<BlobHash>,
    limit: i64,
) -> Result<Vec<BlobHash>, StoreError> {
    let after = after.map_or_else(Vec::new, |b3| b3.as_bytes().to_vec());
    let mut statement = db.prepare_cached(
        "select b3 from blob
         where here = 'whole' and on_server = 1 and b3 > :after
         order by b3 limit :limit",
    )?;
    let rows = statement.query_map(named_params! {":after": after, ":limit": limit}, |row| {
        Ok(row.get::<_, Sql<_>>(0)?.0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The parts of a file that is being fetched which are on the disk.
pub(crate) fn held_parts(db: &Connection, b3: BlobHash) -> Result<Vec<u32>, StoreError> {
    let mut statement = db.prepare_cached("select n from blob_part where b3 = :b3 order by n")?;
    let rows = statement.query_map(named_params! {":b3": Sql(b3)}, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn hold_part(db: &Connection, b3: BlobHash, n: u32) -> Result<(), StoreError> {
    db.prepare_cached("insert or ignore into blob_part (b3, n) values (:b3, :n)")?
        .execute(named_params! {":b3": Sql(b3), ":n": n})?;
    Ok(())
}

pub(crate) fn forget_parts(db: &Connection, b3: BlobHash) -> Result<(), StoreError> {
    db.prepare_cached("delete from blob_part where b3 = :b3")?
        .execute(named_params! {":b3": Sql(b3)})?;
    Ok(())
}

/// Notes that the drafts of files are gone, so that their contents go later.
pub(crate) fn release_all(
    db: &Connection,
    files: &[BlobHash],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "insert or replace into blob_released (b3, at) select b3, :at from blob where b3 = :b3",
    )?;
    for b3 in files {
        statement.execute(named_params! {":b3": Sql(*b3), ":at": Sql(now)})?;
    }
    Ok(())
}

/// Some of the files that were released before a time, the earliest first.
pub(crate) fn released(
    db: &Connection,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<BlobHash>, StoreError> {
    let mut statement = db.prepare_cached(
        "select b3 from blob_released where at <= :before order by at, b3 limit :limit",
    )?;
    let files = named_params! {":before": Sql(before), ":limit": limit};
    let rows = statement.query_map(files, |row| Ok(row.get::<_, Sql<_>>(0)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The contents of a file have gone, or a draft has them again.
pub(crate) fn forget_release(db: &Connection, b3: BlobHash) -> Result<(), StoreError> {
    db.prepare_cached("delete from blob_released where b3 = :b3")?
        .execute(named_params! {":b3": Sql(b3)})?;
    Ok(())
}

/// Whether a draft has a file or had it.
pub(crate) fn is_of_draft(db: &Connection, b3: BlobHash) -> Result<bool, StoreError> {
    let found = db
        .prepare_cached(
            "select exists (select 1 from attachment where b3 = :b3)
                 or exists (select 1 from attachment_o where b3 = :b3)",
        )?
        .query_row(named_params! {":b3": Sql(b3)}, |row| row.get(0))?;
    Ok(found)
}

/// Whether a draft could have a file again: by a step, by a change that waits or was refused, by
/// work that was kept, or because a text shows it.
pub(crate) fn is_mentioned(db: &Connection, b3: BlobHash) -> Result<bool, StoreError> {
    let found = db
        .prepare_cached(
            "select exists (select 1 from step where instr(back, :text))
                 or exists (select 1 from outbox where instr(args, :text))
                 or exists (select 1 from draft_kept
                            where instr(files, :text) or instr(markdown, :text))
                 or exists (select 1 from doc where instr(markdown, :text))",
        )?
        .query_row(named_params! {":text": b3.to_string()}, |row| row.get(0))?;
    Ok(found)
}

/// Forgets all that is known of a file.
pub(crate) fn forget(db: &Connection, b3: BlobHash) -> Result<(), StoreError> {
    forget_parts(db, b3)?;
    db.prepare_cached("delete from blob where b3 = :b3")?
        .execute(named_params! {":b3": Sql(b3)})?;
    Ok(())
}

/// Whether the server's truth has an attachment with these contents.
pub(crate) fn is_in_base(db: &Connection, b3: BlobHash) -> Result<bool, StoreError> {
    let found = db
        .prepare_cached("select 1 from attachment where b3 = :b3 limit 1")?
        .query_row(named_params! {":b3": Sql(b3)}, |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}
