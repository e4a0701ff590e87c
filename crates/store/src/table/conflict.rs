//! `conflict`: what was changed here and elsewhere, open and settled.

use rusqlite::{Connection, OptionalExtension, Params, Row, named_params};
use stoa_domain::{DraftId, Timestamp};

use super::Sql;
use crate::{Conflict, ConflictKind, Settled, Settlement, StoreError};

fn read(row: &Row<'_>) -> rusqlite::Result<Option<Conflict>> {
    let kind: String = row.get(1)?;
    let Some(kind) = ConflictKind::parse(&kind) else {
        return Ok(None);
    };
    let at: Option<Sql<Timestamp>> = row.get(10)?;
    let by: Option<String> = row.get(11)?;
    let by = by.as_deref().and_then(Settlement::parse);
    Ok(Some(Conflict {
        id: row.get(0)?,
        kind,
        draft: row.get::<_, Sql<_>>(2)?.0,
        title: row.get(3)?,
        field: row.get(4)?,
        base: row.get(5)?,
        mine: row.get(6)?,
        theirs: row.get(7)?,
        merged: row.get(8)?,
        seen_at: row.get::<_, Sql<_>>(9)?.0,
        settled: at.zip(by).map(|(at, by)| Settled { at: at.0, by }),
    }))
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, kind, draft, title, field, base, mine, theirs, merged, seen_at,
                    resolved_at, choice from conflict ",
            $rest
        )
    };
}

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<Conflict>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?)
}

pub(crate) fn insert(db: &Connection, new: &Conflict) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into conflict (kind, draft, title, field, base, mine, theirs, merged, seen_at)
         values (:kind, :draft, :title, :field, :base, :mine, :theirs, :merged, :seen_at)",
    )?
    .execute(named_params! {
        ":kind": new.kind.as_str(),
        ":draft": Sql(new.draft),
        ":title": new.title,
        ":field": new.field,
        ":base": new.base,
        ":mine": new.mine,
        ":theirs": new.theirs,
        ":merged": new.merged,
        ":seen_at": Sql(new.seen_at),
    })?;
    Ok(())
}

pub(crate) fn get(db: &Connection, id: i64) -> Result<Option<Conflict>, StoreError> {
    Ok(list(db, select!("where id = :id"), named_params! {":id": id})?.pop())
}

/// Open ones, oldest first.
pub(crate) fn open(db: &Connection, limit: i64) -> Result<Vec<Conflict>, StoreError> {
    list(
        db,
        select!("where resolved_at is null order by id limit :limit"),
        named_params! {":limit": limit},
    )
}

/// Settled ones, the last first.
pub(crate) fn settled(db: &Connection, limit: i64) -> Result<Vec<Conflict>, StoreError> {
    list(
        db,
        select!("where resolved_at is not null order by resolved_at desc, id desc limit :limit"),
        named_params! {":limit": limit},
    )
}

/// The open one about a field of a draft.
pub(crate) fn open_of_field(
    db: &Connection,
    draft: DraftId,
    field: &str,
) -> Result<Option<Conflict>, StoreError> {
    let found = list(
        db,
        select!(
            "where draft = :draft and field = :field and kind = 'field' and resolved_at is null"
        ),
        named_params! {":draft": Sql(draft), ":field": field},
    )?;
    Ok(found.into_iter().next())
}

/// The title that waits for a decision, as it was given here.
pub(crate) fn open_title(db: &Connection, draft: DraftId) -> Result<Option<String>, StoreError> {
    Ok(open_of_field(db, draft, "title")?.map(|open| open.mine))
}

/// Whether a draft waits for a decision.
pub(crate) fn is_open(db: &Connection, draft: DraftId) -> Result<bool, StoreError> {
    let found: Option<i64> = db
        .prepare_cached(
            "select 1 from conflict where draft = :draft and resolved_at is null limit 1",
        )?
        .query_row(named_params! {":draft": Sql(draft)}, |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}

pub(crate) fn set_mine(db: &Connection, id: i64, mine: &str) -> Result<(), StoreError> {
    db.prepare_cached("update conflict set mine = :mine where id = :id and resolved_at is null")?
        .execute(named_params! {":id": id, ":mine": mine})?;
    Ok(())
}

/// Whether anything waits for a decision.
pub(crate) fn has_open(db: &Connection) -> Result<bool, StoreError> {
    let has_open = db
        .prepare_cached("select exists (select 1 from conflict where resolved_at is null)")?
        .query_row([], |row| row.get(0))?;
    Ok(has_open)
}

/// Notes what the server says of a field that waits for a decision; whether one did. Where that is
/// what was wanted here, there is nothing left to decide.
pub(crate) fn their_value(
    db: &Connection,
    (draft, field): (DraftId, &str),
    value: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let n = db
        .prepare_cached(
            "update conflict set
                 theirs = :value,
                 resolved_at = case when mine = :value then :now end,
                 choice = case when mine = :value then 'same' end
             where draft = :draft and field = :field and kind = 'field' and resolved_at is null",
        )?
        .execute(named_params! {
            ":draft": Sql(draft),
            ":field": field,
            ":value": value,
            ":now": Sql(now),
        })?;
    Ok(n > 0)
}

pub(crate) fn settle(db: &Connection, id: i64, settled: Settled) -> Result<(), StoreError> {
    db.prepare_cached(
        "update conflict set resolved_at = :at, choice = :choice
         where id = :id and resolved_at is null",
    )?
    .execute(named_params! {
        ":id": id,
        ":at": Sql(settled.at),
        ":choice": settled.by.as_str(),
    })?;
    Ok(())
}

/// The drafts that conflicts are about.
pub(crate) fn drafts(db: &Connection) -> Result<Vec<DraftId>, StoreError> {
    let mut statement = db.prepare_cached("select distinct draft from conflict")?;
    let rows = statement.query_map([], |row| Ok(row.get::<_, Sql<_>>(0)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets the conflicts of a draft: the right to see it ended.
pub(crate) fn forget(db: &Connection, draft: DraftId) -> Result<(), StoreError> {
    db.prepare_cached("delete from conflict where draft = :draft")?
        .execute(named_params! {":draft": Sql(draft)})?;
    Ok(())
}
