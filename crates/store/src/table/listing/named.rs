//! Drafts by their titles, for mentions.

use rusqlite::{Connection, named_params};
use stoa_domain::{DraftId, Shelf, Timestamp};

use super::super::Sql;
use crate::StoreError;
use crate::store::mentions::NamedDraft;

/// Those whose title has some letters; see [`crate::Store::named_drafts`].
pub(crate) fn named(
    db: &Connection,
    (letters, but): (&str, DraftId),
    now: Timestamp,
    limit: usize,
) -> Result<Vec<NamedDraft>, StoreError> {
    let mut statement = db.prepare_cached(
        "select id, title, shelf, coalesce(live_at <= :now, 0) as is_live from listing
         where shelf <> 'bin' and trim(title) <> '' and id <> :but
           and instr(lower(title), :letters) > 0
         order by is_live desc, instr(lower(title), :letters) = 1 desc, edited_at desc, rid desc
         limit :limit",
    )?;
    let params = named_params! {
        // Only Latin letters have two cases here and there alike.
        ":letters": letters.to_ascii_lowercase(),
        ":but": Sql(but),
        ":now": Sql(now),
        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
    };
    let rows = statement.query_map(params, |row| {
        let (shelf, is_live): (String, bool) = (row.get(2)?, row.get(3)?);
        Ok(NamedDraft {
            id: row.get::<_, Sql<_>>(0)?.0,
            title: row.get(1)?,
            shelf: shelf_of(&shelf, is_live),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn shelf_of(name: &str, is_live: bool) -> Shelf {
    match (name, is_live) {
        ("post", true) => Shelf::Published,
        ("post", false) => Shelf::Scheduled,
        ("review", _) => Shelf::InReview,
        ("archived", _) => Shelf::Archived,
        _ => Shelf::Drafts,
    }
}
