//! `tag`, `tag_o` and `tag_v`: which words mean the same tag, by the server, by this computer's
//! changes, and both together.

use std::cell::OnceCell;

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use stoa_domain::{DraftId, Tag, TagBook, TagEntry, TagId};

use super::{BaseMark, Json, Sql};
use crate::StoreError;

/// Under what changes of the book stand in the outbox, where others name their draft. No draft has
/// this id.
pub(crate) fn subject() -> DraftId {
    DraftId::from_bytes([0; 16])
}

fn read(row: &Row<'_>) -> rusqlite::Result<TagEntry> {
    let name: String = row.get(1)?;
    Ok(TagEntry {
        id: row.get::<_, Sql<_>>(0)?.0,
        name: Tag::parse(&name).map_err(|error| {
            let kind = rusqlite::types::Type::Text;
            rusqlite::Error::FromSqlConversionFailure(1, kind, error.into())
        })?,
        synonyms: row.get::<_, Json<_>>(2)?.0,
    })
}

/// Every entry that stands for something, as it is shown, in the order of the ids.
pub(crate) fn standing(db: &Connection) -> Result<Vec<TagEntry>, StoreError> {
    let mut statement = db.prepare_cached(
        "select id, name, synonyms from tag_v where synonyms <> '[]' order by id",
    )?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Which words mean the same.
pub(crate) fn book(db: &Connection) -> Result<TagBook, StoreError> {
    standing(db).map(TagBook::new)
}

/// Which words mean the same, read when it is first asked for.
pub(crate) struct LazyBook<'db> {
    db: &'db Connection,
    book: OnceCell<TagBook>,
}

impl<'db> LazyBook<'db> {
    pub(crate) fn new(db: &'db Connection) -> Self {
        let book = OnceCell::new();
        Self { db, book }
    }

    pub(crate) fn get(&self) -> Result<&TagBook, StoreError> {
        if let Some(book) = self.book.get() {
            return Ok(book);
        }
        let read = book(self.db)?;
        Ok(self.book.get_or_init(|| read))
    }
}

pub(crate) fn shown(db: &Connection, id: TagId) -> Result<Option<TagEntry>, StoreError> {
    let entry = db
        .prepare_cached("select id, name, synonyms from tag_v where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, read)
        .optional()?;
    Ok(entry)
}

/// The version and sequence number of the server's row.
pub(crate) fn base(db: &Connection, id: &[u8; 16]) -> Result<Option<(i64, i64)>, StoreError> {
    let base = db
        .prepare_cached("select _v, _seq from tag where id = :id")?
        .query_row(named_params! {":id": id}, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(base)
}

/// Stores what the server says; `extra` are columns this version does not know, as JSON.
pub(crate) fn put_base(
    db: &Connection,
    row: &TagEntry,
    mark: BaseMark,
    extra: Option<&str>,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into tag (id, name, synonyms, _v, _seq, _gen, _extra)
         values (:id, :name, :synonyms, :v, :seq, :gen, :extra)",
    )?
    .execute(named_params! {
        ":id": Sql(row.id),
        ":name": row.name.as_str(),
        ":synonyms": Json(&row.synonyms),
        ":v": mark.version,
        ":seq": mark.seq,
        ":gen": mark.generation,
        ":extra": extra,
    })?;
    Ok(())
}

pub(crate) fn delete_base(db: &Connection, id: &[u8; 16]) -> Result<(), StoreError> {
    db.prepare_cached("delete from tag where id = :id")?
        .execute(named_params! {":id": id})?;
    Ok(())
}

/// The entries of the server that did not come in this generation: id and version.
pub(crate) fn not_of_generation(
    db: &Connection,
    generation: i64,
) -> Result<Vec<([u8; 16], i64)>, StoreError> {
    let mut statement = db.prepare_cached("select id, _v from tag where _gen <> :gen")?;
    let rows = statement.query_map(named_params! {":gen": generation}, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes away some rows of a generation that is not shown yet; how many.
pub(crate) fn delete_hidden(
    db: &Connection,
    (shown, limit): (i64, i64),
) -> Result<usize, StoreError> {
    // They came last.
    let n = db
        .prepare_cached(
            "delete from tag where rid in (
                 select rid from tag where _gen > :shown order by rid desc limit :limit)",
        )?
        .execute(named_params! {":shown": shown, ":limit": limit})?;
    Ok(n)
}

/// Calls back with id and version of every row.
pub(crate) fn visit_versions(
    db: &Connection,
    mut each: impl FnMut(&[u8; 16], i64),
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("select id, _v from tag")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(&row.get(0)?, row.get(1)?);
    }
    Ok(())
}

/// What the user's own changes make of an entry.
pub(crate) fn put_overlay(db: &Connection, row: &TagEntry) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into tag_o (id, name, synonyms) values (:id, :name, :synonyms)",
    )?
    .execute(named_params! {
        ":id": Sql(row.id),
        ":name": row.name.as_str(),
        ":synonyms": Json(&row.synonyms),
    })?;
    Ok(())
}

/// Takes away what the user's own changes made of the book.
pub(crate) fn delete_overlay(db: &Connection) -> Result<(), StoreError> {
    db.prepare_cached("delete from tag_o")?.execute([])?;
    Ok(())
}

/// Whether there is no row at all.
pub(crate) fn is_empty(db: &Connection) -> Result<bool, StoreError> {
    let has_any: bool = db.query_row("select exists (select 1 from tag)", [], |row| row.get(0))?;
    Ok(!has_any)
}
