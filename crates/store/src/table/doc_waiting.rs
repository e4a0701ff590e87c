//! `doc_waiting`: texts with updates that have come and are not merged yet.
//!
//! Merging takes far longer than storing. A pull with many texts leaves it for later: for the
//! moment somebody looks at one, or for when nothing else is to be done.

use rusqlite::{Connection, OptionalExtension, named_params};
use stoa_domain::{DraftId, Timestamp};

use super::Sql;
use crate::StoreError;

pub(crate) fn put(db: &Connection, doc: DraftId, at: Timestamp) -> Result<(), StoreError> {
    db.prepare_cached("insert or ignore into doc_waiting (doc, at) values (:doc, :at)")?
        .execute(named_params! {":doc": Sql(doc), ":at": Sql(at)})?;
    Ok(())
}

/// Every listed text that the server has updates of.
pub(crate) fn put_all(db: &Connection, at: Timestamp) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or ignore into doc_waiting (doc, at)
         select distinct doc, :at from doc_update
         where exists (select 1 from listing where listing.id = doc_update.doc)
         order by doc",
    )?
    .execute(named_params! {":at": Sql(at)})?;
    Ok(())
}

/// Since when a text waits.
pub(crate) fn since(db: &Connection, doc: DraftId) -> Result<Option<Timestamp>, StoreError> {
    let at = db
        .prepare_cached("select at from doc_waiting where doc = :doc")?
        .query_row(named_params! {":doc": Sql(doc)}, |row| {
            Ok(row.get::<_, Sql<_>>(0)?.0)
        })
        .optional()?;
    Ok(at)
}

pub(crate) fn remove(db: &Connection, doc: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from doc_waiting where doc = :doc")?
        .execute(named_params! {":doc": Sql(doc)})?;
    Ok(())
}

/// Some of them, and since when each waits.
pub(crate) fn some(db: &Connection, limit: i64) -> Result<Vec<(DraftId, Timestamp)>, StoreError> {
    let mut statement = db.prepare_cached("select doc, at from doc_waiting limit :limit")?;
    let rows = statement.query_map(named_params! {":limit": limit}, |row| {
        Ok((row.get::<_, Sql<_>>(0)?.0, row.get::<_, Sql<_>>(1)?.0))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
