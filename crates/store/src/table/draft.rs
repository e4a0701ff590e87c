//! `draft`, `draft_o` and `draft_v`: what the server says of a draft, what this computer's changes
//! make of it, and both together.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use stoa_domain::{Content, Draft, DraftId, Reviews, Sections, Timestamp, Title, Versions};

use super::{BaseMark, Json, Sql};
use crate::StoreError;

fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    let title: String = row.get(1)?;
    Ok(Draft {
        id: row.get::<_, Sql<_>>(0)?.0,
        title: Title::parse(&title).unwrap_or_default(),
        author: row.get::<_, Option<Sql<_>>>(2)?.map(|sql| sql.0),
        created_at: row.get::<_, Sql<_>>(3)?.0,
        edited_at: row.get::<_, Sql<_>>(4)?.0,
        binned_at: row.get::<_, Option<Sql<_>>>(5)?.map(|sql| sql.0),
        content: row
            .get::<_, Option<Json<_>>>(6)?
            .map_or_else(Content::default, |json| json.0),
        post: row.get::<_, Option<Json<_>>>(7)?.map(|json| json.0),
        archived_at: row.get::<_, Option<Sql<_>>>(8)?.map(|sql| sql.0),
        versions: row
            .get::<_, Option<Json<_>>>(9)?
            .map_or_else(Versions::default, |json| json.0),
        reviews: row
            .get::<_, Option<Json<_>>>(10)?
            .map_or_else(Box::default, |json| json.0),
        sections: row
            .get::<_, Option<Json<_>>>(11)?
            .map_or_else(Sections::default, |json| json.0),
        lesson: row.get::<_, Option<Json<_>>>(12)?.map(|json| json.0),
    })
}

/// What is to be stored of a content; most say nothing.
fn content_of(draft: &Draft) -> Option<Json<&Content>> {
    (draft.content != Content::default()).then_some(Json(&draft.content))
}

/// What is to be stored of the versions; most drafts have none.
fn versions_of(draft: &Draft) -> Option<Json<&Versions>> {
    (draft.versions != Versions::default()).then_some(Json(&draft.versions))
}

/// What is to be stored of the reviews; most drafts have none.
fn reviews_of(draft: &Draft) -> Option<Json<&Reviews>> {
    (*draft.reviews != Reviews::default()).then_some(Json(&*draft.reviews))
}

/// What is to be stored of the sections; only courses have some.
fn sections_of(draft: &Draft) -> Option<Json<&Sections>> {
    (draft.sections != Sections::default()).then_some(Json(&draft.sections))
}

/// The course in which a draft stands.
fn course_of(draft: &Draft) -> Option<Sql<DraftId>> {
    draft.lesson.as_ref().map(|lesson| Sql(lesson.course))
}

/// The draft as the user sees it.
pub(crate) fn shown(db: &Connection, id: DraftId) -> Result<Option<Draft>, StoreError> {
    let draft = db
        .prepare_cached(
            "select id, title, author, created_at, edited_at, binned_at, content, post,
                    archived_at, versions, reviews, sections, lesson
             from draft_v where id = :id",
        )?
        .query_row(named_params! {":id": Sql(id)}, read)
        .optional()?;
    Ok(draft)
}

/// Every draft the user sees, in the order of their ids.
pub(crate) fn all_shown(db: &Connection) -> Result<Vec<Draft>, StoreError> {
    let mut statement = db.prepare(
        "select id, title, author, created_at, edited_at, binned_at, content, post,
                archived_at, versions, reviews, sections, lesson
         from draft_v order by id",
    )?;
    let drafts = statement.query_map([], read)?;
    Ok(drafts.collect::<Result<_, _>>()?)
}

/// Every draft that stands in a course, in no order.
pub(crate) fn lessons_of(db: &Connection, course: DraftId) -> Result<Vec<Draft>, StoreError> {
    let mut statement = db.prepare_cached(
        "select id, title, author, created_at, edited_at, binned_at, content, post,
                archived_at, versions, reviews, sections, lesson
         from draft_v where course = :course",
    )?;
    let drafts = statement.query_map(named_params! {":course": Sql(course)}, read)?;
    Ok(drafts.collect::<Result<_, _>>()?)
}

/// How many drafts stand in a course.
pub(crate) fn n_lessons(db: &Connection, course: DraftId) -> Result<usize, StoreError> {
    let n: i64 = db
        .prepare_cached("select count(*) from draft_v where course = :course")?
        .query_row(named_params! {":course": Sql(course)}, |row| row.get(0))?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// The draft as the server has it, with its version and sequence number.
pub(crate) fn base(db: &Connection, id: DraftId) -> Result<Option<(Draft, i64, i64)>, StoreError> {
    let base = db
        .prepare_cached(
            "select id, title, author, created_at, edited_at, binned_at, content, post, archived_at,
                    versions, reviews, sections, lesson, _v, _seq
             from draft
             where id = :id and _gen <= coalesce((select gen from bucket where name = 'content'), 0)",
        )?
        .query_row(named_params! {":id": Sql(id)}, |row| {
            Ok((read(row)?, row.get(13)?, row.get(14)?))
        })
        .optional()?;
    Ok(base)
}

/// Title, version and sequence number of a draft that the server has.
pub(crate) fn held(db: &Connection, id: DraftId) -> Result<Option<(String, i64, i64)>, StoreError> {
    let held = db
        .prepare_cached("select title, _v, _seq from draft where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(held)
}

/// Stores what the server says; `extra` are columns this version does not know.
pub(crate) fn put_base(
    db: &Connection,
    draft: &Draft,
    mark: BaseMark,
    extra: Option<&str>,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into draft (id, title, author, created_at, edited_at, binned_at,
                            content, post, archived_at, versions, reviews, sections, lesson,
                            course, _v, _seq, _gen, _extra)
         values (:id, :title, :author, :created_at, :edited_at, :binned_at,
                 :content, :post, :archived_at, :versions, :reviews, :sections, :lesson,
                 :course, :v, :seq, :gen, :extra)
         on conflict (id) do update set
             title = excluded.title, author = excluded.author,
             created_at = excluded.created_at, edited_at = excluded.edited_at,
             binned_at = excluded.binned_at, content = excluded.content,
             post = excluded.post, archived_at = excluded.archived_at,
             versions = excluded.versions, reviews = excluded.reviews,
             sections = excluded.sections, lesson = excluded.lesson, course = excluded.course,
             _v = excluded._v, _seq = excluded._seq, _gen = excluded._gen,
             _extra = excluded._extra",
    )?
    .execute(named_params! {
        ":id": Sql(draft.id),
        ":title": draft.title.as_str(),
        ":author": draft.author.map(Sql),
        ":created_at": Sql(draft.created_at),
        ":edited_at": Sql(draft.edited_at),
        ":binned_at": draft.binned_at.map(Sql),
        ":content": content_of(draft),
        ":post": draft.post.as_ref().map(Json),
        ":archived_at": draft.archived_at.map(Sql),
        ":versions": versions_of(draft),
        ":reviews": reviews_of(draft),
        ":sections": sections_of(draft),
        ":lesson": draft.lesson.as_ref().map(Json),
        ":course": course_of(draft),
        ":v": mark.version,
        ":seq": mark.seq,
        ":gen": mark.generation,
        ":extra": extra,
    })?;
    Ok(())
}

pub(crate) fn delete_base(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from draft where id = :id")?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// The drafts of the server that did not come in this generation, with their versions.
pub(crate) fn not_of_generation(
    db: &Connection,
    generation: i64,
) -> Result<Vec<(DraftId, i64)>, StoreError> {
    let mut statement = db.prepare_cached("select id, _v from draft where _gen <> :gen")?;
    let rows = statement.query_map(named_params! {":gen": generation}, |row| {
        Ok((row.get::<_, Sql<_>>(0)?.0, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the user's own changes make of a draft.
pub(crate) fn put_overlay(db: &Connection, draft: &Draft) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into draft_o (id, title, author, created_at, edited_at, binned_at,
                                         content, post, archived_at, versions, reviews,
                                         sections, lesson, course)
         values (:id, :title, :author, :created_at, :edited_at, :binned_at,
                 :content, :post, :archived_at, :versions, :reviews,
                 :sections, :lesson, :course)",
    )?
    .execute(named_params! {
        ":id": Sql(draft.id),
        ":title": draft.title.as_str(),
        ":author": draft.author.map(Sql),
        ":created_at": Sql(draft.created_at),
        ":edited_at": Sql(draft.edited_at),
        ":binned_at": draft.binned_at.map(Sql),
        ":content": content_of(draft),
        ":post": draft.post.as_ref().map(Json),
        ":archived_at": draft.archived_at.map(Sql),
        ":versions": versions_of(draft),
        ":reviews": reviews_of(draft),
        ":sections": sections_of(draft),
        ":lesson": draft.lesson.as_ref().map(Json),
        ":course": course_of(draft),
    })?;
    Ok(())
}

pub(crate) fn delete_overlay(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from draft_o where id = :id")?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// Notes that changes of this computer delete a draft, or that they do not.
pub(crate) fn set_gone(db: &Connection, id: DraftId, is_gone: bool) -> Result<(), StoreError> {
    let sql = match is_gone {
        true => "insert or ignore into draft_gone (id) values (:id)",
        false => "delete from draft_gone where id = :id",
    };
    db.prepare_cached(sql)?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// Whether changes of this computer delete a draft.
pub(crate) fn is_gone(db: &Connection, id: DraftId) -> Result<bool, StoreError> {
    let is_gone = db
        .prepare_cached("select exists (select 1 from draft_gone where id = :id)")?
        .query_row(named_params! {":id": Sql(id)}, |row| row.get(0))?;
    Ok(is_gone)
}

/// Keeps a title that a pull replaced.
pub(crate) fn keep_title(
    db: &Connection,
    id: DraftId,
    title: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into field_history (draft, field, value, at) values (:draft, 'title', :value, :at)",
    )?
    .execute(named_params! {":draft": Sql(id), ":value": title, ":at": Sql(at)})?;
    Ok(())
}

/// The drafts of which replaced titles are kept.
pub(crate) fn with_kept_titles(db: &Connection) -> Result<BTreeSet<DraftId>, StoreError> {
    let mut statement = db.prepare_cached("select distinct draft from field_history")?;
    let rows = statement.query_map([], |row| Ok(row.get::<_, Sql<_>>(0)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn forget_titles(db: &Connection, id: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from field_history where draft = :id")?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// Every title that a pull replaced, oldest first.
pub(crate) fn kept_titles(
    db: &Connection,
) -> Result<Vec<(DraftId, String, Timestamp)>, StoreError> {
    let mut statement = db.prepare("select draft, value, at from field_history order by id")?;
    let rows = statement.query_map([], |row| {
        Ok((
            row.get::<_, Sql<_>>(0)?.0,
            row.get(1)?,
            row.get::<_, Sql<_>>(2)?.0,
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
            "delete from draft where rid in (
                 select rid from draft where _gen > :shown order by rid desc limit :limit)",
        )?
        .execute(named_params! {":shown": shown, ":limit": limit})?;
    Ok(n)
}

/// Calls back with id and version of every row.
pub(crate) fn visit_versions(
    db: &Connection,
    mut each: impl FnMut(&[u8; 16], i64),
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("select id, _v from draft")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(&row.get(0)?, row.get(1)?);
    }
    Ok(())
}

/// Whether there is no row at all.
pub(crate) fn is_empty(db: &Connection) -> Result<bool, StoreError> {
    let has_any: bool =
        db.query_row("select exists (select 1 from draft)", [], |row| row.get(0))?;
    Ok(!has_any)
}
