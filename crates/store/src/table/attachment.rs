//! `attachment`, `attachment_o` and `attachment_v`: which files drafts use, by the server, by this
//! computer's changes, and both together.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, Row, named_params};
use stoa_domain::{Attachment, AttachmentId, BlobHash, DraftId, FileName, MediaType};

use super::{BaseMark, Sql};
use crate::StoreError;

impl ToSql for Sql<BlobHash> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
    }
}

impl FromSql for Sql<BlobHash> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        let bytes = bytes
            .try_into()
            .map_err(|_| FromSqlError::InvalidBlobSize {
                expected_size: 32,
                blob_size: bytes.len(),
            })?;
        Ok(Sql(BlobHash::from_bytes(bytes)))
    }
}

impl FromSql for Sql<MediaType> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        MediaType::parse(name)
            .map(Sql)
            .ok_or(FromSqlError::InvalidType)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let name: String = row.get(3)?;
    Ok(Attachment {
        id: row.get::<_, Sql<_>>(0)?.0,
        draft: row.get::<_, Sql<_>>(1)?.0,
        b3: row.get::<_, Sql<_>>(2)?.0,
        name: FileName::of(&name, "file"),
        media_type: row.get::<_, Sql<_>>(4)?.0,
        size: row.get::<_, i64>(5)?.unsigned_abs(),
        width: row.get(6)?,
        height: row.get(7)?,
        author: row.get::<_, Option<Sql<_>>>(8)?.map(|sql| sql.0),
        made_at: row.get::<_, Sql<_>>(9)?.0,
        removed_at: row.get::<_, Option<Sql<_>>>(10)?.map(|sql| sql.0),
    })
}

/// The columns of an attachment, from one of its tables, before the condition of a query.
macro_rules! select {
    ($from:literal) => {
        concat!(
            "select id, draft, b3, name, media_type, size, width, height, author, made_at,
                    removed_at from ",
            $from
        )
    };
}

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<Attachment>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn shown(db: &Connection, id: AttachmentId) -> Result<Option<Attachment>, StoreError> {
    let id = named_params! {":id": Sql(id)};
    Ok(list(db, select!("attachment_v where id = :id"), id)?.pop())
}

/// Those a draft uses now, oldest first.
pub(crate) fn of_draft(db: &Connection, draft: DraftId) -> Result<Vec<Attachment>, StoreError> {
    list(
        db,
        select!("attachment_v where draft = :draft and removed_at is null order by made_at, id"),
        named_params! {":draft": Sql(draft)},
    )
}

/// The contents that a draft uses or used, each once, refused ones included.
pub(crate) fn blobs_of_draft(db: &Connection, draft: DraftId) -> Result<Vec<BlobHash>, StoreError> {
    let mut statement = db.prepare_cached(
        "select b3 from attachment where draft = :draft
         union select b3 from attachment_o where draft = :draft
         union select unhex(json_extract(args, '$.b3')) from outbox
               where draft = :draft and json_extract(args, '$.b3') is not null",
    )?;
    let rows = statement.query_map(named_params! {":draft": Sql(draft)}, |row| {
        Ok(row.get::<_, Sql<_>>(0)?.0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those that use a file now.
pub(crate) fn of_blob(db: &Connection, b3: BlobHash) -> Result<Vec<Attachment>, StoreError> {
    list(
        db,
        select!("attachment_v where b3 = :b3 and removed_at is null order by made_at, id"),
        named_params! {":b3": Sql(b3)},
    )
}

/// Every attachment that is in use, in the order of the ids.
pub(crate) fn all_shown(db: &Connection) -> Result<Vec<Attachment>, StoreError> {
    list(
        db,
        select!(
            "attachment_v
             where removed_at is null
               and not exists (select 1 from draft_gone where draft_gone.id = attachment_v.draft)
             order by id"
        ),
        [],
    )
}

/// Those the server has of a draft, removed ones included, as far as they are shown.
pub(crate) fn ids_of_draft(db: &Connection, draft: DraftId) -> Result<Vec<[u8; 16]>, StoreError> {
    let mut statement = db.prepare_cached(
        "select id from attachment
         where draft = :draft
           and _gen <= coalesce((select gen from bucket where name = 'content'), 0)",
    )?;
    let rows = statement.query_map(named_params! {":draft": Sql(draft)}, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The same with their versions.
pub(crate) fn versions_of_draft(
    db: &Connection,
    draft: DraftId,
) -> Result<Vec<(AttachmentId, i64)>, StoreError> {
    let mut statement = db.prepare_cached("select id, _v from attachment where draft = :draft")?;
    let rows = statement.query_map(named_params! {":draft": Sql(draft)}, |row| {
        Ok((row.get::<_, Sql<_>>(0)?.0, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The draft, version and sequence number of the server's row.
pub(crate) fn base(
    db: &Connection,
    id: AttachmentId,
) -> Result<Option<(DraftId, i64, i64)>, StoreError> {
    let base = db
        .prepare_cached("select draft, _v, _seq from attachment where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, |row| {
            Ok((row.get::<_, Sql<_>>(0)?.0, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(base)
}

/// Stores what the server says; `extra` are columns this version does not know, as JSON.
pub(crate) fn put_base(
    db: &Connection,
    row: &Attachment,
    mark: BaseMark,
    extra: Option<&str>,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into attachment (id, draft, b3, name, media_type, size, width, height,
                                            author, made_at, removed_at, _v, _seq, _gen, _extra)
         values (:id, :draft, :b3, :name, :media_type, :size, :width, :height,
                 :author, :made_at, :removed_at, :v, :seq, :gen, :extra)",
    )?
    .execute(named_params! {
        ":id": Sql(row.id),
        ":draft": Sql(row.draft),
        ":b3": Sql(row.b3),
        ":name": row.name.as_str(),
        ":media_type": row.media_type.as_str(),
        ":size": i64::try_from(row.size).unwrap_or(i64::MAX),
        ":width": row.width,
        ":height": row.height,
        ":author": row.author.map(Sql),
        ":made_at": Sql(row.made_at),
        ":removed_at": row.removed_at.map(Sql),
        ":v": mark.version,
        ":seq": mark.seq,
        ":gen": mark.generation,
        ":extra": extra,
    })?;
    Ok(())
}

pub(crate) fn delete_base(db: &Connection, id: AttachmentId) -> Result<(), StoreError> {
    db.prepare_cached("delete from attachment where id = :id")?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// The attachments of the server that did not come in this generation: id, draft, version.
pub(crate) fn not_of_generation(
    db: &Connection,
    generation: i64,
) -> Result<Vec<(AttachmentId, DraftId, i64)>, StoreError> {
    let mut statement =
        db.prepare_cached("select id, draft, _v from attachment where _gen <> :gen")?;
    let rows = statement.query_map(named_params! {":gen": generation}, |row| {
        Ok((
            row.get::<_, Sql<_>>(0)?.0,
            row.get::<_, Sql<_>>(1)?.0,
            row.get(2)?,
        ))
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
            "delete from attachment where rid in (
                 select rid from attachment where _gen > :shown order by rid desc limit :limit)",
        )?
        .execute(named_params! {":shown": shown, ":limit": limit})?;
    Ok(n)
}

/// Calls back with id and version of every row.
pub(crate) fn visit_versions(
    db: &Connection,
    mut each: impl FnMut(&[u8; 16], i64),
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("select id, _v from attachment")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(&row.get(0)?, row.get(1)?);
    }
    Ok(())
}

/// What the user's own changes make of an attachment.
pub(crate) fn put_overlay(db: &Connection, row: &Attachment) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into attachment_o (id, draft, b3, name, media_type, size, width, height,
                                              author, made_at, removed_at)
         values (:id, :draft, :b3, :name, :media_type, :size, :width, :height,
                 :author, :made_at, :removed_at)",
    )?
    .execute(named_params! {
        ":id": Sql(row.id),
        ":draft": Sql(row.draft),
        ":b3": Sql(row.b3),
        ":name": row.name.as_str(),
        ":media_type": row.media_type.as_str(),
        ":size": i64::try_from(row.size).unwrap_or(i64::MAX),
        ":width": row.width,
        ":height": row.height,
        ":author": row.author.map(Sql),
        ":made_at": Sql(row.made_at),
        ":removed_at": row.removed_at.map(Sql),
    })?;
    Ok(())
}

pub(crate) fn delete_overlay(db: &Connection, draft: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from attachment_o where draft = :draft")?
        .execute(named_params! {":draft": Sql(draft)})?;
    Ok(())
}

/// Whether there is no row at all.
pub(crate) fn is_empty(db: &Connection) -> Result<bool, StoreError> {
    let has_any: bool = db.query_row("select exists (select 1 from attachment)", [], |row| {
        row.get(0)
    })?;
    Ok(!has_any)
}
