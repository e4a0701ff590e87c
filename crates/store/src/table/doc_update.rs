//! `doc_update` and `doc_set_aside`: updates to texts as the server has them, and those that
//! cannot be read.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use stoa_domain::{DraftId, Timestamp, UpdateId, UserId};

use super::{BaseMark, Sql};
use crate::StoreError;

/// An update as it is stored: decoded.
#[derive(Clone)]
pub(crate) struct StoredUpdate {
    pub(crate) id: UpdateId,
    pub(crate) doc: DraftId,
    pub(crate) bytes: Vec<u8>,
    pub(crate) b3: String,
    pub(crate) author: Option<UserId>,
    pub(crate) made_at: Timestamp,
}

pub(crate) fn put_base(
    db: &Connection,
    update: &StoredUpdate,
    mark: BaseMark,
    extra: Option<&str>,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into doc_update (id, doc, bytes, b3, author, made_at, _v, _seq, _gen, _extra)
         values (:id, :doc, :bytes, :b3, :author, :made_at, :v, :seq, :gen, :extra)
         on conflict (id) do update set
             doc = excluded.doc, bytes = excluded.bytes, b3 = excluded.b3,
             author = excluded.author, made_at = excluded.made_at,
             _v = excluded._v, _seq = excluded._seq, _gen = excluded._gen,
             _extra = excluded._extra",
    )?
    .execute(named_params! {
        ":id": Sql(update.id),
        ":doc": Sql(update.doc),
        ":bytes": update.bytes,
        ":b3": update.b3,
        ":author": update.author.map(Sql),
        ":made_at": Sql(update.made_at),
        ":v": mark.version,
        ":seq": mark.seq,
        ":gen": mark.generation,
        ":extra": extra,
    })?;
    Ok(())
}

/// The draft, version and sequence number of an update the server has.
pub(crate) fn base(
    db: &Connection,
    id: UpdateId,
) -> Result<Option<(DraftId, i64, i64)>, StoreError> {
    let base = db
        .prepare_cached("select doc, _v, _seq from doc_update where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, |row| {
            Ok((row.get::<_, Sql<_>>(0)?.0, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(base)
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredUpdate> {
    Ok(StoredUpdate {
        id: row.get::<_, Sql<_>>(0)?.0,
        doc: row.get::<_, Sql<_>>(1)?.0,
        bytes: row.get(2)?,
        b3: row.get(3)?,
        author: row.get::<_, Option<Sql<_>>>(4)?.map(|sql| sql.0),
        made_at: row.get::<_, Sql<_>>(5)?.0,
    })
}

/// The whole update, if the server has it.
pub(crate) fn load(db: &Connection, id: UpdateId) -> Result<Option<StoredUpdate>, StoreError> {
    let update = db
        .prepare_cached(
            "select id, doc, bytes, b3, author, made_at from doc_update_v where id = :id",
        )?
        .query_row(named_params! {":id": Sql(id)}, read)
        .optional()?;
    Ok(update)
}

/// The updates of a text in the server's order, but not those set aside.
pub(crate) fn of_doc(db: &Connection, doc: DraftId) -> Result<Vec<StoredUpdate>, StoreError> {
    let mut statement = db.prepare_cached(
        "select id, doc, bytes, b3, author, made_at from doc_update_v
         where doc = :doc
           and not exists (select 1 from doc_set_aside s where s.id = doc_update_v.id)
         order by _seq, rid",
    )?;
    let rows = statement.query_map(named_params! {":doc": Sql(doc)}, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The updates of a text that the server has, as far as they are shown.
pub(crate) fn ids_of_doc(db: &Connection, doc: DraftId) -> Result<Vec<[u8; 16]>, StoreError> {
    let mut statement = db.prepare_cached("select id from doc_update_v where doc = :doc")?;
    let rows = statement.query_map(named_params! {":doc": Sql(doc)}, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The updates of a text up to a place in the server's order, with their versions.
pub(crate) fn versions_of_doc(
    db: &Connection,
    doc: DraftId,
    upto: i64,
) -> Result<Vec<(UpdateId, i64)>, StoreError> {
    let mut statement =
        db.prepare_cached("select id, _v from doc_update where doc = :doc and _seq <= :upto")?;
    let rows = statement.query_map(named_params! {":doc": Sql(doc), ":upto": upto}, |row| {
        Ok((row.get::<_, Sql<_>>(0)?.0, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the server had of a text before a place in its order, but not what was set aside.
pub(crate) fn before(db: &Connection, doc: DraftId, seq: i64) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut statement = db.prepare_cached(
        "select bytes from doc_update_v
         where doc = :doc and _seq < :seq
           and not exists (select 1 from doc_set_aside s where s.id = doc_update_v.id)
         order by _seq, rid",
    )?;
    let rows = statement.query_map(named_params! {":doc": Sql(doc), ":seq": seq}, |row| {
        row.get(0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether the server has any update of a text.
pub(crate) fn has_any(db: &Connection, doc: DraftId) -> Result<bool, StoreError> {
    let has_any = db
        .prepare_cached("select exists (select 1 from doc_update_v where doc = :doc)")?
        .query_row(named_params! {":doc": Sql(doc)}, |row| row.get(0))?;
    Ok(has_any)
}

pub(crate) fn delete_base(db: &Connection, id: UpdateId) -> Result<(), StoreError> {
    db.prepare_cached("delete from doc_update where id = :id")?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// The updates of the server that did not come in this generation: id, draft, version.
pub(crate) fn not_of_generation(
    db: &Connection,
    generation: i64,
) -> Result<Vec<(UpdateId, DraftId, i64)>, StoreError> {
    let mut statement =
        db.prepare_cached("select id, doc, _v from doc_update where _gen <> :gen")?;
    let rows = statement.query_map(named_params! {":gen": generation}, |row| {
        Ok((
            row.get::<_, Sql<_>>(0)?.0,
            row.get::<_, Sql<_>>(1)?.0,
            row.get(2)?,
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The texts of which updates were set aside.
pub(crate) fn set_aside_docs(db: &Connection) -> Result<Vec<DraftId>, StoreError> {
    let mut statement = db.prepare_cached("select distinct doc from doc_set_aside")?;
    let rows = statement.query_map([], |row| Ok(row.get::<_, Sql<_>>(0)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn forget_set_aside(db: &Connection, doc: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from doc_set_aside where doc = :doc")?
        .execute(named_params! {":doc": Sql(doc)})?;
    Ok(())
}

/// Keeps an update that cannot be read, and why.
pub(crate) fn set_aside(
    db: &Connection,
    update: &StoredUpdate,
    why: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or ignore into doc_set_aside (id, doc, bytes, why, at)
         values (:id, :doc, :bytes, :why, :at)",
    )?
    .execute(named_params! {
        ":id": Sql(update.id),
        ":doc": Sql(update.doc),
        ":bytes": update.bytes,
        ":why": why,
        ":at": Sql(at),
    })?;
    Ok(())
}

/// Takes away some rows of a generation that is not shown yet; how many.
pub(crate) fn delete_hidden(
    db: &Connection,
    (shown, limit): (i64, i64),
) -> Result<usize, StoreError> {
    // They came last.
    let n = db
        .prepare_cached(
            "delete from doc_update where rid in (
                 select rid from doc_update where _gen > :shown order by rid desc limit :limit)",
        )?
        .execute(named_params! {":shown": shown, ":limit": limit})?;
    Ok(n)
}

/// Calls back with id and version of every row.
pub(crate) fn visit_versions(
    db: &Connection,
    mut each: impl FnMut(&[u8; 16], i64),
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("select id, _v from doc_update")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(&row.get(0)?, row.get(1)?);
    }
    Ok(())
}

/// Whether there is no row at all.
pub(crate) fn is_empty(db: &Connection) -> Result<bool, StoreError> {
    let has_any: bool = db.query_row("select exists (select 1 from doc_update)", [], |row| {
        row.get(0)
    })?;
    Ok(!has_any)
}
