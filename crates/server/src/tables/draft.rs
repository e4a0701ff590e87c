//! Drafts, as the server holds them.

use stoa_domain::{
    CommunityId, Content, Draft, DraftId, Post, Reviews, Sections, Tags, Timestamp, Title, UserId,
    Versions,
};
use stoa_mutators::{Row, Stored};

use super::{from_json, to_json, unreadable};
use crate::db::{DbError, Params, Record, Tx, params};

/// About what a draft takes in an answer beside its reviews and sections.
const SIZE: i64 = 400;

pub(crate) fn find_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    ids: &[[u8; 16]],
) -> Result<Vec<Stored>, DbError> {
    let sets: Vec<Params> = ids
        .iter()
        .map(|id| params!["community" => community, "id" => *id])
        .collect();
    let found = tx.query_each(
        "
        select id, title, author, created_at, edited_at, binned_at, content, post, archived_at,
               versions, reviews, sections, lesson, version, seq, field_versions
        from draft
        where community_id = :community and id = :id",
        &sets,
    )?;
    found
        .iter()
        .flatten()
        .map(|row| {
            Ok(Stored {
                row: Row::Draft(read(row)?),
                version: row.int(13)?,
                field_versions: from_json(row.text(15)?)?,
            })
        })
        .collect()
}

/// Stores drafts, each with the sequence number of its last change.
pub(crate) fn put_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    drafts: &[(&Draft, &Stored, i64)],
) -> Result<(), DbError> {
    let sets = drafts
        .iter()
        .map(|(draft, stored, seq)| {
            Ok(params![
                "community" => community,
                "id" => draft.id,
                "title" => draft.title.as_str(),
                "author" => draft.author,
                "created_at" => draft.created_at,
                "edited_at" => draft.edited_at,
                "binned_at" => draft.binned_at,
                "content" => content_of(draft)?,
                "post" => draft.post.as_ref().map(to_json).transpose()?,
                "archived_at" => draft.archived_at,
                "versions" => versions_of(draft)?,
                "reviews" => reviews_of(draft)?,
                "sections" => sections_of(draft)?,
                "lesson" => draft.lesson.as_ref().map(to_json).transpose()?,
                "course" => draft.lesson.as_ref().map(|lesson| lesson.course),
                "live_at" => draft.offered().map(|post| post.live_at),
                "version" => stored.version,
                "seq" => *seq,
                "field_versions" => to_json(&stored.field_versions)?,
            ])
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    tx.execute_each(
        "
        insert into draft (community_id, id, title, author, created_at, edited_at, binned_at,
                           content, post, archived_at, versions, reviews, sections, lesson,
                           course, live_at, version, seq, field_versions)
        values (:community, :id, :title, :author, :created_at, :edited_at, :binned_at,
                :content, :post, :archived_at, :versions, :reviews, :sections, :lesson, :course,
                :live_at, :version, :seq, :field_versions)
        on conflict (community_id, id) do update
        set title          = excluded.title,
            author         = excluded.author,
            created_at     = excluded.created_at,
            edited_at      = excluded.edited_at,
            binned_at      = excluded.binned_at,
            content        = excluded.content,
            post           = excluded.post,
            archived_at    = excluded.archived_at,
            versions       = excluded.versions,
            reviews        = excluded.reviews,
            sections       = excluded.sections,
            lesson         = excluded.lesson,
            course         = excluded.course,
            live_at        = excluded.live_at,
            version        = excluded.version,
            seq            = excluded.seq,
            field_versions = excluded.field_versions",
        &sets,
    )
}

/// Sequence number and size of the next drafts after a cursor.
pub(crate) fn sizes_after(
    tx: &mut dyn Tx,
    community: CommunityId,
    cursor: i64,
    limit: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    let rows = tx.query(
        "
        select seq, (coalesce(length(reviews), 0) + coalesce(length(sections), 0)
                     + coalesce(length(lesson), 0)) * 3
        from draft
        where community_id = :community and seq > :cursor
        order by seq
        limit :limit",
        &params!["community" => community, "cursor" => cursor, "limit" => limit],
    )?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, SIZE + row.int(1)?)))
        .collect()
}

/// A draft with its version and sequence number.
pub(crate) type Found = (Draft, i64, i64);

pub(crate) fn visit_between(
    tx: &mut dyn Tx,
    community: CommunityId,
    (cursor, upto): (i64, i64),
    each: &mut dyn FnMut(Found) -> Result<(), DbError>,
) -> Result<(), DbError> {
    tx.visit(
        "
        select id, title, author, created_at, edited_at, binned_at, content, post, archived_at,
               versions, reviews, sections, lesson, version, seq
        from draft
        where community_id = :community and seq > :cursor and seq <= :upto
        order by seq",
        &params!["community" => community, "cursor" => cursor, "upto" => upto],
        &mut |row| each((read(row)?, row.int(13)?, row.int(14)?)),
    )
}

pub(crate) fn delete(tx: &mut dyn Tx, community: CommunityId, id: DraftId) -> Result<(), DbError> {
    tx.execute(
        "delete from draft where community_id = :community and id = :id",
        &params!["community" => community, "id" => id],
    )?;
    Ok(())
}

/// A draft, wherever it stands.
pub(crate) fn find(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: DraftId,
) -> Result<Option<Draft>, DbError> {
    let rows = tx.query(
        "
        select id, title, author, created_at, edited_at, binned_at, content, post, archived_at,
               versions, reviews, sections, lesson
        from draft
        where community_id = :community and id = :id",
        &params!["community" => community, "id" => id],
    )?;
    rows.first().map(read).transpose()
}

/// A draft that members see now.
pub(crate) fn live(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: DraftId,
    now: Timestamp,
) -> Result<Option<Draft>, DbError> {
    let rows = tx.query(
        "
        select id, title, author, created_at, edited_at, binned_at, content, post, archived_at,
               versions, reviews, sections, lesson
        from draft
        where community_id = :community and id = :id and live_at <= :now",
        &params!["community" => community, "id" => id, "now" => now],
    )?;
    rows.first().map(read).transpose()
}

/// What members see, the newest first: a page of those before a place.
pub(crate) fn live_before(
    tx: &mut dyn Tx,
    community: CommunityId,
    (live_at, id): (Timestamp, DraftId),
    limit: i64,
) -> Result<Vec<Draft>, DbError> {
    let rows = tx.query(
        "
        select id, title, author, created_at, edited_at, binned_at, content, post, archived_at,
               versions, reviews, sections, lesson
        from draft
        where community_id = :community and live_at <= :live_at
          and (live_at < :live_at or id < :id)
        order by live_at desc, id desc
        limit :limit",
        &params!["community" => community, "live_at" => live_at, "id" => id, "limit" => limit],
    )?;
    rows.iter().map(read).collect()
}

/// Posts that members see, the newest first: those before a place, each with its place and tags.
pub(crate) fn tags_before(
    tx: &mut dyn Tx,
    community: CommunityId,
    (live_at, id): (Timestamp, DraftId),
    limit: i64,
) -> Result<Vec<(Timestamp, DraftId, Tags)>, DbError> {
    let rows = tx.query(
        "
        select live_at, id, post from draft
        where community_id = :community and live_at <= :live_at
          and (live_at < :live_at or id < :id)
        order by live_at desc, id desc
        limit :limit",
        &params!["community" => community, "live_at" => live_at, "id" => id, "limit" => limit],
    )?;
    rows.iter()
        .map(|row| {
            let post: Option<Post> = row.opt_text(2)?.map(from_json).transpose()?;
            let tags = post.map(|post| post.content.tags).unwrap_or_default();
            Ok((row.at(0)?, DraftId::from_bytes(row.id(1)?), tags))
        })
        .collect()
}

/// Every draft that stands in a course, in no order.
pub(crate) fn lessons_of(
    tx: &mut dyn Tx,
    community: CommunityId,
    course: DraftId,
) -> Result<Vec<Draft>, DbError> {
    let rows = tx.query(
        "
        select id, title, author, created_at, edited_at, binned_at, content, post, archived_at,
               versions, reviews, sections, lesson
        from draft
        where community_id = :community and course = :course",
        &params!["community" => community, "course" => course],
    )?;
    rows.iter().map(read).collect()
}

/// How many drafts stand in each of some courses.
pub(crate) fn n_lessons_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    courses: &[DraftId],
) -> Result<Vec<i64>, DbError> {
    let sets: Vec<Params> = courses
        .iter()
        .map(|course| params!["community" => community, "course" => *course])
        .collect();
    let found = tx.query_each(
        "
        select count(*) from draft
        where community_id = :community and course = :course",
        &sets,
    )?;
    found
        .iter()
        .map(|rows| rows.first().map_or(Ok(0), |row| row.int(0)))
        .collect()
}

/// Posts that members see or will see and that have no address, the first of them first.
pub(crate) fn without_address(
    tx: &mut dyn Tx,
    community: CommunityId,
) -> Result<Vec<Draft>, DbError> {
    let rows = tx.query(
        "
        select id, title, author, created_at, edited_at, binned_at, content, post, archived_at,
               versions, reviews, sections, lesson
        from draft
        where community_id = :community and live_at is not null
          and not exists (
              select 1 from post_address
              where post_address.community_id = draft.community_id
                and post_address.draft_id = draft.id and post_address.former_at is null)
        order by live_at, id",
        &params!["community" => community],
    )?;
    rows.iter().map(read).collect()
}

/// Id and version of every row.
pub(crate) fn visit_versions(
    tx: &mut dyn Tx,
    community: CommunityId,
    each: &mut dyn FnMut([u8; 16], i64),
) -> Result<(), DbError> {
    tx.visit(
        "select id, version from draft where community_id = :community",
        &params!["community" => community],
        &mut |row| {
            each(row.id(0)?, row.int(1)?);
            Ok(())
        },
    )
}

fn read(row: &Record) -> Result<Draft, DbError> {
    Ok(Draft {
        id: DraftId::from_bytes(row.id(0)?),
        title: Title::parse(row.text(1)?).map_err(unreadable)?,
        author: row.opt_id(2)?.map(UserId::from_bytes),
        created_at: row.at(3)?,
        edited_at: row.at(4)?,
        binned_at: row.opt_at(5)?,
        content: row.opt_text(6)?.map_or(Ok(Content::default()), from_json)?,
        post: row.opt_text(7)?.map(from_json).transpose()?,
        archived_at: row.opt_at(8)?,
        versions: row
            .opt_text(9)?
            .map_or(Ok(Versions::default()), from_json)?,
        reviews: row.opt_text(10)?.map_or(Ok(Box::default()), from_json)?,
        sections: row
            .opt_text(11)?
            .map_or(Ok(Sections::default()), from_json)?,
        lesson: row.opt_text(12)?.map(from_json).transpose()?,
    })
}

/// What is to be stored of a content; most say nothing.
fn content_of(draft: &Draft) -> Result<Option<String>, DbError> {
    match draft.content == Content::default() {
        true => Ok(None),
        false => to_json(&draft.content).map(Some),
    }
}

/// What is to be stored of the versions; most drafts have none.
fn versions_of(draft: &Draft) -> Result<Option<String>, DbError> {
    match draft.versions == Versions::default() {
        true => Ok(None),
        false => to_json(&draft.versions).map(Some),
    }
}

/// What is to be stored of the reviews; most drafts have none.
fn reviews_of(draft: &Draft) -> Result<Option<String>, DbError> {
    match *draft.reviews == Reviews::default() {
        true => Ok(None),
        false => to_json(&draft.reviews).map(Some),
    }
}

/// What is to be stored of the sections; only courses have some.
fn sections_of(draft: &Draft) -> Result<Option<String>, DbError> {
    match draft.sections == Sections::default() {
        true => Ok(None),
        false => to_json(&draft.sections).map(Some),
    }
}
