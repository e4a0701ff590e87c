//! How many drafts there are of something.

use rusqlite::{Connection, named_params};
use stoa_domain::{Shelf, Timestamp, UserId};

use super::super::Sql;
use super::marks::Mark;
use super::{is_ahead, name_of};
use crate::StoreError;

/// How many drafts are on all shelves but the bin, and how many in the bin.
pub(crate) fn counts(db: &Connection) -> Result<(u64, u64), StoreError> {
    let counts = db
        .prepare_cached("select count(*), coalesce(sum(shelf = 'bin'), 0) from listing")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    let (n_all, n_in_bin) = (counts.0.unsigned_abs(), counts.1.unsigned_abs());
    Ok((n_all - n_in_bin, n_in_bin))
}

/// How many drafts are on a shelf.
pub(crate) fn count(db: &Connection, shelf: Shelf, now: Timestamp) -> Result<u64, StoreError> {
    let n = db
        .prepare_cached(
            "select count(*) from listing
             where shelf = :shelf and (:is_ahead is null or (live_at > :now) = :is_ahead)",
        )?
        .query_row(
            named_params! {
                ":shelf": name_of(shelf),
                ":is_ahead": is_ahead(shelf),
                ":now": Sql(now),
            },
            |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()),
        )?;
    Ok(n)
}

/// The tags or tiers of all drafts but those in the bin, the most used first, with how many
/// drafts have each.
pub(crate) fn marks_named(
    db: &Connection,
    mark: Mark,
    limit: i64,
) -> Result<Vec<(String, u64)>, StoreError> {
    let mut statement = db.prepare_cached(
        "select name, count(*)
         from listing_mark join listing using (rid)
         where what = :what and shelf <> 'bin'
         group by name order by count(*) desc, name limit :limit",
    )?;
    let names = named_params! {":what": mark.as_str(), ":limit": limit};
    let rows = statement.query_map(names, |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Who wrote the drafts that are not in the bin, with how many each.
pub(crate) fn authors(db: &Connection) -> Result<Vec<(UserId, u64)>, StoreError> {
    let mut statement = db.prepare_cached(
        "select author, count(*) from listing
         where author is not null and shelf <> 'bin'
         group by author order by count(*) desc, author",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((
            row.get::<_, Sql<_>>(0)?.0,
            row.get::<_, i64>(1)?.unsigned_abs(),
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
