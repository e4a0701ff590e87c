//! The files that drafts use, each once: `attachment_v` together with `blob`.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use stoa_domain::{BlobHash, Timestamp};

use super::Sql;
use crate::{FileSum, FileSums, FilesWhere, StoreError, UsedFile, Where};

/// Each file in use with where it is, before the rest of a query. What this computer knows nothing
/// of is on the server: its row came from there. One goes only when the server keeps it for a draft
/// there, so that what waits in the outbox never counts on a file that nobody holds.
macro_rules! with_used {
    ($rest:expr) => {
        concat!(
            "with used as (
                 select b3, min(name) as name, min(media_type) as media_type, max(size) as size,
                        min(draft) as draft, count(distinct draft) as n_drafts
                 from attachment_v where removed_at is null group by b3
             ),
             placed as (
                 select used.*, coalesce(blob.here, 'away') as here,
                        coalesce(blob.on_server, 1) as on_server,
                        coalesce(blob.is_kept, 0) as is_kept,
                        coalesce(blob.here, 'away') <> 'away' and blob.on_server = 1
                            and blob.is_kept = 0
                            and exists (select 1 from attachment
                                        where attachment.b3 = used.b3
                                          and attachment.removed_at is null) as can_go
                 from used left join blob on blob.b3 = used.b3
             ) ",
            $rest
        )
    };
}

/// The columns of a file, before the condition of a query.
macro_rules! select {
    ($rest:literal) => {
        with_used!(concat!(
            "select placed.b3, placed.name, placed.media_type, placed.size, placed.draft,
                    coalesce((select title from draft_v where draft_v.id = placed.draft), ''),
                    placed.n_drafts, placed.here, placed.on_server, placed.is_kept, placed.can_go
             from placed ",
            $rest
        ))
    };
}

pub(crate) fn get(db: &Connection, b3: BlobHash) -> Result<Option<UsedFile>, StoreError> {
    let file = db
        .prepare_cached(select!("where b3 = :b3"))?
        .query_row(named_params! {":b3": Sql(b3)}, read)
        .optional()?;
    Ok(file)
}

/// The largest first.
pub(crate) fn list(
    db: &Connection,
    place: FilesWhere,
    limit: i64,
) -> Result<Vec<UsedFile>, StoreError> {
    let mut statement = db.prepare_cached(select!(
        "where case :place when 'here' then here = 'whole'
                           when 'only_here' then here = 'whole' and on_server = 0
                           when 'only_on_server' then here <> 'whole' and on_server = 1
                           else 1 end
         order by size desc, b3 limit :limit"
    ))?;
    let place = match place {
        FilesWhere::Anywhere => "anywhere",
        FilesWhere::Here => "here",
        FilesWhere::OnlyHere => "only_here",
        FilesWhere::OnlyOnServer => "only_on_server",
    };
    let rows = statement.query_map(named_params! {":place": place, ":limit": limit}, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<UsedFile> {
    let here: String = row.get(7)?;
    Ok(UsedFile {
        b3: row.get::<_, Sql<_>>(0)?.0,
        name: row.get(1)?,
        media_type: row.get::<_, Sql<_>>(2)?.0,
        size: row.get::<_, i64>(3)?.unsigned_abs(),
        draft: row.get::<_, Sql<_>>(4)?.0,
        title: row.get(5)?,
        n_drafts: row.get::<_, i64>(6)?.unsigned_abs(),
        here: Where::parse(&here),
        is_on_server: row.get(8)?,
        is_kept: row.get(9)?,
        can_go: row.get(10)?,
    })
}

/// The files that can be taken off this computer, after `after`.
pub(crate) fn that_can_go(
    db: &Connection,
    after: Option<BlobHash>,
    limit: i64,
) -> Result<Vec<BlobHash>, StoreError> {
    let after = after.map_or_else(Vec::new, |b3| b3.as_bytes().to_vec());
    let mut statement = db.prepare_cached(with_used!(
        "select b3 from placed where can_go and b3 > :after order by b3 limit :limit"
    ))?;
    let rows = statement.query_map(named_params! {":after": after, ":limit": limit}, |row| {
        Ok(row.get::<_, Sql<_>>(0)?.0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Has every file in use stay on this computer, or lets all go; how many that changes.
pub(crate) fn keep_all(db: &Connection, keep: bool, now: Timestamp) -> Result<u64, StoreError> {
    db.prepare_cached(
        "insert or ignore into blob (b3, size, parts, here, on_server, wanted, is_kept, used_at)
         select b3, max(size), x'', 'away', 1, 0, 0, :now
         from attachment_v where removed_at is null group by b3",
    )?
    .execute(named_params! {":now": Sql(now)})?;
    let n = db
        .prepare_cached(
            "update blob set is_kept = :keep
             where is_kept <> :keep
               and exists (select 1 from attachment_v where attachment_v.b3 = blob.b3
                           and attachment_v.removed_at is null)",
        )?
        .execute(named_params! {":keep": keep})?;
    Ok(n as u64)
}

/// Counts the files by where they are.
pub(crate) fn sums(db: &Connection) -> Result<FileSums, StoreError> {
    let sums = db
        .prepare_cached(with_used!(
            "select count(*), coalesce(sum(size), 0),
                    coalesce(sum(here = 'whole'), 0),
                    coalesce(sum(size * (here = 'whole')), 0),
                    coalesce(sum(here = 'whole' and on_server = 0), 0),
                    coalesce(sum(size * (here = 'whole' and on_server = 0)), 0),
                    coalesce(sum(here <> 'whole' and on_server = 1), 0),
                    coalesce(sum(size * (here <> 'whole' and on_server = 1)), 0),
                    coalesce(sum(is_kept), 0), coalesce(sum(size * is_kept), 0),
                    coalesce(sum(can_go), 0), coalesce(sum(size * can_go), 0),
                    (select count(*) from blob where here = 'whole'
                       and not exists (select 1 from used where used.b3 = blob.b3)),
                    (select coalesce(sum(size), 0) from blob where here = 'whole'
                       and not exists (select 1 from used where used.b3 = blob.b3))
             from placed"
        ))?
        .query_row([], |row| {
            Ok(FileSums {
                used: sum(row, 0)?,
                here: sum(row, 2)?,
                only_here: sum(row, 4)?,
                only_on_server: sum(row, 6)?,
                kept: sum(row, 8)?,
                can_go: sum(row, 10)?,
                unused: sum(row, 12)?,
            })
        })?;
    Ok(sums)
}

fn sum(row: &Row<'_>, at: usize) -> rusqlite::Result<FileSum> {
    Ok(FileSum {
        n: row.get::<_, i64>(at)?.unsigned_abs(),
        bytes: row.get::<_, i64>(at + 1)?.unsigned_abs(),
    })
}
