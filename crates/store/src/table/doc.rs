//! `doc`, `doc_snapshot` and `doc_log`: the text of each draft, as Markdown and as a document with
//! its history.

use rusqlite::{Connection, OptionalExtension, named_params};
use stoa_domain::DraftId;

use super::Sql;
use crate::StoreError;

/// What lists show of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) n_words: u64,
    pub(crate) excerpt: String,
}

pub(crate) fn summary(db: &Connection, id: DraftId) -> Result<Summary, StoreError> {
    let summary = db
        .prepare_cached("select n_words, excerpt from doc where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, |row| {
            Ok(Summary {
                n_words: row.get::<_, i64>(0)?.unsigned_abs(),
                excerpt: row.get(1)?,
            })
        })
        .optional()?;
    Ok(summary.unwrap_or_default())
}

/// Bytes of all texts together.
pub(crate) fn text_bytes(db: &Connection) -> Result<u64, StoreError> {
    let sum: i64 = db
        .prepare_cached("select coalesce(sum(octet_length(markdown)), 0) from doc")?
        .query_row([], |row| row.get(0))?;
    Ok(sum.unsigned_abs())
}

/// The text of a draft; one that was never written has none.
pub(crate) fn markdown(db: &Connection, id: DraftId) -> Result<String, StoreError> {
    let markdown = db
        .prepare_cached("select markdown from doc where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, |row| row.get(0))
        .optional()?;
    Ok(markdown.unwrap_or_default())
}

/// Stores a text; the search index lags behind then.
pub(crate) fn put(
    db: &Connection,
    id: DraftId,
    markdown: &str,
    summary: &Summary,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into doc (id, n_words, excerpt, needs_index, markdown)
         values (:id, :n_words, :excerpt, 1, :markdown)
         on conflict (id) do update set
             n_words = excluded.n_words, excerpt = excluded.excerpt,
             needs_index = 1, markdown = excluded.markdown",
    )?
    .execute(named_params! {
        ":id": Sql(id),
        ":n_words": i64::try_from(summary.n_words).unwrap_or(i64::MAX),
        ":excerpt": summary.excerpt,
        ":markdown": markdown,
    })?;
    Ok(())
}

/// Notes that the search index lags behind; a draft without a text gets an empty one.
pub(crate) fn mark_to_index(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into doc (id, n_words, excerpt, needs_index, markdown) values (:id, 0, '', 1, '')
         on conflict (id) do update set needs_index = 1",
    )?
    .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// Notes for every draft of the server that the search index lags behind.
pub(crate) fn mark_all_to_index(db: &Connection) -> Result<(), StoreError> {
    db.execute(
        "insert into doc (id, n_words, excerpt, needs_index, markdown)
         select id, 0, '', 1, '' from draft
         where true
         order by id
         on conflict (id) do update set needs_index = 1",
        [],
    )?;
    Ok(())
}

/// Notes that the search index is up to date.
pub(crate) fn mark_indexed(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("update doc set needs_index = 0 where id = :id")?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// Drafts whose search index lags behind.
pub(crate) fn to_index(db: &Connection, limit: i64) -> Result<Vec<DraftId>, StoreError> {
    let mut statement =
        db.prepare_cached("select id from doc where needs_index = 1 order by rid limit :limit")?;
    let rows = statement.query_map(named_params! {":limit": limit}, |row| {
        Ok(row.get::<_, Sql<_>>(0)?.0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The document as it is stored: a snapshot, and the updates since in the order they came.
pub(crate) struct StoredDocument {
    pub(crate) snapshot: Option<Vec<u8>>,
    pub(crate) log: Vec<Vec<u8>>,
}

impl StoredDocument {
    /// Snapshot and updates.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.snapshot.iter().chain(&self.log).map(Vec::as_slice)
    }
}

pub(crate) fn load(db: &Connection, id: DraftId) -> Result<StoredDocument, StoreError> {
    let snapshot = db
        .prepare_cached("select bytes from doc_snapshot where doc = :doc")?
        .query_row(named_params! {":doc": Sql(id)}, |row| row.get(0))
        .optional()?;
    let mut statement =
        db.prepare_cached("select bytes from doc_log where doc = :doc order by n")?;
    let log = statement.query_map(named_params! {":doc": Sql(id)}, |row| row.get(0))?;
    Ok(StoredDocument {
        snapshot,
        log: log.collect::<Result<_, _>>()?,
    })
}

pub(crate) fn append(db: &Connection, id: DraftId, bytes: &[u8]) -> Result<(), StoreError> {
    db.prepare_cached("insert into doc_log (doc, bytes) values (:doc, :bytes)")?
        .execute(named_params! {":doc": Sql(id), ":bytes": bytes})?;
    Ok(())
}

/// Puts one snapshot in the place of all that is stored of a document.
pub(crate) fn replace(db: &Connection, id: DraftId, snapshot: &[u8]) -> Result<(), StoreError> {
    forget_document(db, id)?;
    db.prepare_cached("insert into doc_snapshot (doc, bytes) values (:doc, :bytes)")?
        .execute(named_params! {":doc": Sql(id), ":bytes": snapshot})?;
    Ok(())
}

pub(crate) fn forget_document(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from doc_snapshot where doc = :doc")?
        .execute(named_params! {":doc": Sql(id)})?;
    db.prepare_cached("delete from doc_log where doc = :doc")?
        .execute(named_params! {":doc": Sql(id)})?;
    Ok(())
}

pub(crate) fn delete(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    forget_document(db, id)?;
    db.prepare_cached("delete from doc where id = :id")?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}
