//! `other_row`: rows of tables that only a newer version knows.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::BaseMark;
use crate::StoreError;

/// The version and sequence number of a row held.
pub(crate) fn base(
    db: &Connection,
    table: &str,
    id: &[u8; 16],
) -> Result<Option<(i64, i64)>, StoreError> {
    let base = db
        .prepare_cached("select _v, _seq from other_row where tbl = :tbl and id = :id")?
        .query_row(named_params! {":tbl": table, ":id": id}, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(base)
}

pub(crate) fn put_base(
    db: &Connection,
    (bucket, table): (&str, &str),
    id: &[u8; 16],
    mark: BaseMark,
    columns: &str,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into other_row (tbl, id, columns, bucket, _v, _seq, _gen)
         values (:tbl, :id, :columns, :bucket, :v, :seq, :gen)",
    )?
    .execute(named_params! {
        ":tbl": table,
        ":id": id,
        ":columns": columns,
        ":bucket": bucket,
        ":v": mark.version,
        ":seq": mark.seq,
        ":gen": mark.generation,
    })?;
    Ok(())
}

pub(crate) fn delete_base(db: &Connection, table: &str, id: &[u8; 16]) -> Result<(), StoreError> {
    db.prepare_cached("delete from other_row where tbl = :tbl and id = :id")?
        .execute(named_params! {":tbl": table, ":id": id})?;
    Ok(())
}

/// The rows of a bucket that did not come in this generation: table, id, version.
pub(crate) fn not_of_generation(
    db: &Connection,
    bucket: &str,
    generation: i64,
) -> Result<Vec<(String, [u8; 16], i64)>, StoreError> {
    let mut statement = db.prepare_cached(
        "select tbl, id, _v from other_row where bucket = :bucket and _gen <> :gen",
    )?;
    let rows = statement.query_map(
        named_params! {":bucket": bucket, ":gen": generation},
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes away the rows of a generation that is not shown yet; how many.
pub(crate) fn delete_hidden(
    db: &Connection,
    bucket: &str,
    shown: i64,
) -> Result<usize, StoreError> {
    let n = db
        .prepare_cached("delete from other_row where bucket = :bucket and _gen > :shown")?
        .execute(named_params! {":bucket": bucket, ":shown": shown})?;
    Ok(n)
}

/// Calls back with table, id and version of every row of a bucket.
pub(crate) fn visit_versions(
    db: &Connection,
    bucket: &str,
    mut each: impl FnMut(&str, &[u8; 16], i64),
) -> Result<(), StoreError> {
    let mut statement =
        db.prepare_cached("select tbl, id, _v from other_row where bucket = :bucket")?;
    let mut rows = statement.query(named_params! {":bucket": bucket})?;
    while let Some(row) = rows.next()? {
        each(&row.get::<_, String>(0)?, &row.get(1)?, row.get(2)?);
    }
    Ok(())
}

pub(crate) fn has_any(db: &Connection, bucket: &str) -> Result<bool, StoreError> {
    let has_any = db
        .prepare_cached("select exists (select 1 from other_row where bucket = :bucket)")?
        .query_row(named_params! {":bucket": bucket}, |row| row.get(0))?;
    Ok(has_any)
}
