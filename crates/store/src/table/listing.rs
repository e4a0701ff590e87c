//! `listing` and `draft_index`: the order of the list and the search index, derived from the
//! drafts as the user sees them.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, named_params};
use stoa_domain::{Draft, DraftId, Shelf, Timestamp, index_tokens};

use super::Sql;
use crate::{PageKey, StoreError};

/// The most hits that are counted.
const MOST_HITS: i64 = 100_000;
/// With more hits than this, walking the list is cheaper than sorting the hits.
const FEW_HITS: usize = 500;

/// Where a draft stands in the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) id: DraftId,
    pub(crate) key: PageKey,
}

/// Which page of which list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) shelf: Shelf,
    /// By the clock of this computer, for scheduled posts.
    pub(crate) now: Timestamp,
    pub(crate) after: Option<PageKey>,
    pub(crate) limit: usize,
}

const START: PageKey = PageKey {
    edited_at: i64::MAX,
    rid: i64::MAX,
};

/// Puts a draft where it belongs.
pub(crate) fn put(db: &Connection, draft: &Draft) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into listing (id, shelf, live_at, edited_at, title)
         values (:id, :shelf, :live_at, :edited_at, :title)
         on conflict (id) do update set
             shelf = excluded.shelf, live_at = excluded.live_at,
             edited_at = excluded.edited_at, title = excluded.title",
    )?
    .execute(named_params! {
        ":id": Sql(draft.id),
        ":shelf": name_of(draft.shelf(Timestamp::default())),
        ":live_at": draft.offered().map(|post| Sql(post.live_at)),
        ":edited_at": Sql(draft.edited_at),
        ":title": draft.title.as_str(),
    })?;
    Ok(())
}

/// What was listed of a draft, for those that are not there any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) rid: i64,
    pub(crate) title: String,
    pub(crate) edited_at: Timestamp,
}

/// How many drafts are on all shelves but the bin, and how many in the bin.
pub(crate) fn counts(db: &Connection) -> Result<(u64, u64), StoreError> {
    let counts = db
        .prepare_cached("select count(*), coalesce(sum(shelf = 'bin'), 0) from listing")?
        .query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    let (n_all, n_in_bin) = (counts.0.unsigned_abs(), counts.1.unsigned_abs());
    Ok((n_all - n_in_bin, n_in_bin))
}

pub(crate) fn get(db: &Connection, id: DraftId) -> Result<Option<Listed>, StoreError> {
    let listed = db
        .prepare_cached("select rid, title, edited_at from listing where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, |row| {
            Ok(Listed {
                rid: row.get(0)?,
                title: row.get(1)?,
                edited_at: row.get::<_, Sql<_>>(2)?.0,
            })
        })
        .optional()?;
    Ok(listed)
}

/// Puts every draft that there is where it belongs.
pub(crate) fn put_all(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "insert into listing (id, shelf, live_at, edited_at, title)
         select id,
                case when binned_at is not null then 'bin'
                     when archived_at is not null then 'archived'
                     when post is not null and post ->> 'withdrawn_at' is null then 'post'
                     when reviews ->> 'open' is not null then 'review'
                     else 'drafts' end,
                case when binned_at is null and archived_at is null
                          and post ->> 'withdrawn_at' is null
                     then post ->> 'live_at' end,
                edited_at, title
         from draft_v
         where true
         order by edited_at
         on conflict (id) do update set
             shelf = excluded.shelf, live_at = excluded.live_at,
             edited_at = excluded.edited_at, title = excluded.title",
        [],
    )?;
    Ok(())
}

/// Every draft in the bin, the one edited last first.
pub(crate) fn in_bin(db: &Connection) -> Result<Vec<DraftId>, StoreError> {
    let mut statement = db.prepare_cached(
        "select id from listing where shelf = 'bin' order by edited_at desc, rid desc",
    )?;
    let rows = statement.query_map([], |row| Ok(row.get::<_, Sql<_>>(0)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The drafts at the top of the list.
pub(crate) fn newest(db: &Connection, limit: i64) -> Result<Vec<DraftId>, StoreError> {
    let mut statement = db.prepare_cached(
        "select id from listing where shelf = 'drafts'
         order by edited_at desc, rid desc limit :limit",
    )?;
    let rows = statement.query_map(named_params! {":limit": limit}, |row| {
        Ok(row.get::<_, Sql<_>>(0)?.0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn is_listed(db: &Connection, id: DraftId) -> Result<bool, StoreError> {
    let is_listed = db
        .prepare_cached("select exists (select 1 from listing where id = :id)")?
        .query_row(named_params! {":id": Sql(id)}, |row| row.get(0))?;
    Ok(is_listed)
}

/// Takes a draft off the list and out of the index.
pub(crate) fn remove(db: &Connection, rid: i64) -> Result<(), StoreError> {
    db.prepare_cached("delete from draft_index where rowid = :rid")?
        .execute(named_params! {":rid": rid})?;
    db.prepare_cached("delete from listing where rid = :rid")?
        .execute(named_params! {":rid": rid})?;
    Ok(())
}

/// Makes a draft findable by its title and text.
pub(crate) fn index(db: &Connection, rid: i64, title: &str, text: &str) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into draft_index (rowid, title, body) values (:rid, :title, :body)",
    )?
    .execute(named_params! {
        ":rid": rid,
        ":title": index_tokens(title),
        ":body": index_tokens(text),
    })?;
    Ok(())
}

/// Takes out of the index's files what it only marks as gone.
pub(crate) fn compact_index(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "insert into draft_index (draft_index) values ('optimize')",
        [],
    )?;
    Ok(())
}

/// A page of the list, and how many drafts the whole list has.
pub(crate) fn page(db: &Connection, page: Page) -> Result<(Vec<Place>, u64), StoreError> {
    let n_total = count(db, page.shelf, page.now)?;
    let mut places = Vec::with_capacity(page.limit);
    walk(db, page, |place| {
        places.push(place);
        places.len() < page.limit
    })?;
    Ok((places, n_total))
}

/// A page of those that match, and how many match.
pub(crate) fn search(
    db: &Connection,
    fts5: &str,
    page: Page,
) -> Result<(Vec<Place>, u64), StoreError> {
    let mut hits = hits(db, fts5)?;
    let elsewhere = not_drafts(db, page.now)?;
    hits.retain(|rid| elsewhere.get(rid).copied().unwrap_or_default() == page.shelf);
    let n_total = hits.len() as u64;
    let mut places = Vec::with_capacity(page.limit);
    if hits.len() <= FEW_HITS {
        let from = page.after.unwrap_or(START);
        for rid in &hits {
            places.extend(place(db, *rid)?.filter(|place| order(place.key) < order(from)));
        }
        places.sort_by_key(|place| std::cmp::Reverse(order(place.key)));
        places.truncate(page.limit);
    } else {
        walk(db, page, |place| {
            if hits.contains(&place.key.rid) {
                places.push(place);
            }
            places.len() < page.limit
        })?;
    }
    Ok((places, n_total))
}

fn order(key: PageKey) -> (i64, i64) {
    (key.edited_at, key.rid)
}

/// Goes down the list from where the page begins, until told to stop.
fn walk(
    db: &Connection,
    page: Page,
    mut visit: impl FnMut(Place) -> bool,
) -> Result<(), StoreError> {
    if page.limit == 0 {
        return Ok(());
    }
    let from = page.after.unwrap_or(START);
    let mut statement = db.prepare_cached(
        "select id, edited_at, rid from listing
         where shelf = :shelf and (edited_at, rid) < (:edited_at, :rid)
           and (:is_ahead is null or (live_at > :now) = :is_ahead)
         order by edited_at desc, rid desc",
    )?;
    let mut rows = statement.query(named_params! {
        ":shelf": name_of(page.shelf),
        ":is_ahead": is_ahead(page.shelf),
        ":now": Sql(page.now),
        ":edited_at": from.edited_at,
        ":rid": from.rid,
    })?;
    while let Some(row) = rows.next()? {
        let key = PageKey {
            edited_at: row.get(1)?,
            rid: row.get(2)?,
        };
        if !visit(Place {
            id: row.get::<_, Sql<_>>(0)?.0,
            key,
        }) {
            break;
        }
    }
    Ok(())
}

fn place(db: &Connection, rid: i64) -> Result<Option<Place>, StoreError> {
    let place = db
        .prepare_cached("select id, edited_at from listing where rid = :rid")?
        .query_row(named_params! {":rid": rid}, |row| {
            Ok(Place {
                id: row.get::<_, Sql<_>>(0)?.0,
                key: PageKey {
                    edited_at: row.get(1)?,
                    rid,
                },
            })
        })
        .optional()?;
    Ok(place)
}

fn hits(db: &Connection, fts5: &str) -> Result<HashSet<i64>, StoreError> {
    let mut statement = db.prepare_cached(
        "select rowid from draft_index where draft_index match :query limit :most",
    )?;
    let rows = statement.query_map(named_params! {":query": fts5, ":most": MOST_HITS}, |row| {
        row.get(0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Where everything is listed that is not among the drafts.
fn not_drafts(db: &Connection, now: Timestamp) -> Result<HashMap<i64, Shelf>, StoreError> {
    let mut statement = db.prepare_cached(
        "select rid, shelf, coalesce(live_at > :now, 0) from listing where shelf <> 'drafts'",
    )?;
    let rows = statement.query_map(named_params! {":now": Sql(now)}, |row| {
        let shelf: String = row.get(1)?;
        let shelf = match (shelf.as_str(), row.get(2)?) {
            ("post", true) => Shelf::Scheduled,
            ("post", false) => Shelf::Published,
            ("archived", _) => Shelf::Archived,
            ("review", _) => Shelf::InReview,
            _ => Shelf::Bin,
        };
        Ok((row.get(0)?, shelf))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
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

/// The shelf in the database, where time changes nothing.
fn name_of(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Drafts => "drafts",
        Shelf::InReview => "review",
        Shelf::Scheduled | Shelf::Published => "post",
        Shelf::Archived => "archived",
        Shelf::Bin => "bin",
    }
}

/// Whether what is on a shelf goes live later; `None` where it does not matter.
fn is_ahead(shelf: Shelf) -> Option<bool> {
    match shelf {
        Shelf::Scheduled => Some(true),
        Shelf::Published => Some(false),
        Shelf::Drafts | Shelf::InReview | Shelf::Archived | Shelf::Bin => None,
    }
}
