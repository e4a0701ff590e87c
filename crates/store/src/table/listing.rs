//! `listing` and `draft_index`: the order of the list and the search index, derived from the
//! drafts as the user sees them.

mod counts;
mod marks;
mod named;
mod page;
mod tags;
mod unknown;

use rusqlite::{Connection, OptionalExtension, named_params};
use stoa_domain::{Draft, DraftId, Shelf, Timestamp, index_tokens};

use super::Sql;
use crate::StoreError;

pub(crate) use counts::{authors, count, counts, marks_named};
pub(crate) use marks::Mark;
pub(crate) use named::named;
pub(crate) use page::{Page, all, page};
pub(crate) use tags::{by_meaning, count_any, next_with, spelled, tags_may_have_changed};
pub(crate) use unknown::{has_unknown, know_some, may_have_changed};

/// Puts a draft where it belongs.
pub(crate) fn put(db: &Connection, draft: &Draft) -> Result<(), StoreError> {
    let rid = db
        .prepare_cached(
            "insert into listing (id, shelf, live_at, edited_at, title, kind, access, author,
                                  title_key, is_changed)
             values (:id, :shelf, :live_at, :edited_at, :title, :kind, :access, :author,
                     :title_key, iif(:live_at is null, 0, null))
             on conflict (id) do update set
                 shelf = excluded.shelf, live_at = excluded.live_at,
                 edited_at = excluded.edited_at, title = excluded.title,
                 kind = excluded.kind, access = excluded.access, author = excluded.author,
                 title_key = excluded.title_key, is_changed = excluded.is_changed
             returning rid",
        )?
        .query_row(
            named_params! {
                ":id": Sql(draft.id),
                ":shelf": name_of(draft.shelf(Timestamp::default())),
                ":live_at": draft.offered().map(|post| Sql(post.live_at)),
                ":edited_at": Sql(draft.edited_at),
                ":title": draft.title.as_str(),
                ":kind": draft.content.kind.as_str(),
                ":access": draft.content.access.as_str(),
                ":author": draft.author.map(Sql),
                ":title_key": unknown::title_key(draft.title.as_str()),
            },
            |row| row.get(0),
        )?;
    marks::put(db, rid, &draft.content)
}

/// What was listed of a draft, for those that are not there any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) rid: i64,
    pub(crate) title: String,
    pub(crate) edited_at: Timestamp,
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
        "insert into listing (id, shelf, live_at, edited_at, title, kind, access, author,
                              is_changed)
         select id,
                case when binned_at is not null then 'bin'
                     when archived_at is not null then 'archived'
                     when post is not null and post ->> 'withdrawn_at' is null then 'post'
                     when reviews ->> 'open' is not null then 'review'
                     else 'drafts' end,
                case when binned_at is null and archived_at is null
                          and post ->> 'withdrawn_at' is null
                     then post ->> 'live_at' end,
                edited_at, title,
                coalesce(content ->> '$.kind', 'article'),
                coalesce(content ->> '$.access.to', 'registered'),
                author,
                case when binned_at is null and archived_at is null
                          and post ->> 'withdrawn_at' is null and post is not null
                     then null else 0 end
         from draft_v
         where true
         order by edited_at
         on conflict (id) do update set
             shelf = excluded.shelf, live_at = excluded.live_at,
             edited_at = excluded.edited_at, title = excluded.title,
             kind = excluded.kind, access = excluded.access, author = excluded.author,
             title_key = iif(listing.title = excluded.title, listing.title_key, null),
             is_changed = excluded.is_changed",
        [],
    )?;
    marks::put_all(db)
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
    marks::remove(db, rid)?;
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
