//! `step`: what a person did, to be taken back and done again.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use stoa_domain::{DraftId, Timestamp};

use super::Sql;
use crate::{StepKind, StoreError};

/// Steps that are kept at most.
const MOST_STEPS: i64 = 10_000;

/// One step.
#[derive(Debug, Clone)]
pub(crate) struct StoredStep {
    /// Its place in the order; 0 for a new one.
    pub(crate) n: i64,
    pub(crate) is_done: bool,
    pub(crate) kind: StepKind,
    pub(crate) draft: DraftId,
    pub(crate) title: String,
    pub(crate) n_of: u64,
    pub(crate) at: Timestamp,
    /// See the table's definition; all three are JSON.
    pub(crate) did: String,
    pub(crate) back: Option<String>,
    pub(crate) marks: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredStep> {
    Ok(StoredStep {
        n: row.get(0)?,
        is_done: row.get::<_, String>(1)? == "done",
        kind: row.get(2)?,
        draft: row.get::<_, Sql<_>>(3)?.0,
        title: row.get(4)?,
        n_of: row.get::<_, i64>(5)?.unsigned_abs(),
        at: row.get::<_, Sql<_>>(6)?.0,
        did: row.get(7)?,
        back: row.get(8)?,
        marks: row.get(9)?,
    })
}

/// The step that would be taken back next.
pub(crate) fn to_undo(db: &Connection) -> Result<Option<StoredStep>, StoreError> {
    let step = db
        .prepare_cached(
            "select n, state, kind, draft, title, n_of, at, did, back, marks
             from step where state = 'done' order by n desc limit 1",
        )?
        .query_row([], read)
        .optional()?;
    Ok(step)
}

/// The step that would be done again next.
pub(crate) fn to_redo(db: &Connection) -> Result<Option<StoredStep>, StoreError> {
    let step = db
        .prepare_cached(
            "select n, state, kind, draft, title, n_of, at, did, back, marks
             from step where state = 'undone' order by n limit 1",
        )?
        .query_row([], read)
        .optional()?;
    Ok(step)
}

/// What is done and not taken back, the latest first.
pub(crate) fn done(db: &Connection, limit: u32) -> Result<Vec<StoredStep>, StoreError> {
    let mut statement = db.prepare_cached(
        "select n, state, kind, draft, title, n_of, at, did, back, marks
         from step where state = 'done' order by n desc limit :limit",
    )?;
    let rows = statement.query_map(named_params! {":limit": limit}, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One step.
pub(crate) fn get(db: &Connection, n: i64) -> Result<Option<StoredStep>, StoreError> {
    let step = db
        .prepare_cached(
            "select n, state, kind, draft, title, n_of, at, did, back, marks
             from step where n = :n",
        )?
        .query_row(named_params! {":n": n}, read)
        .optional()?;
    Ok(step)
}

/// Every step, the first first.
pub(crate) fn all(db: &Connection) -> Result<Vec<StoredStep>, StoreError> {
    let mut statement = db.prepare_cached(
        "select n, state, kind, draft, title, n_of, at, did, back, marks from step order by n",
    )?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The steps that may be about a draft.
pub(crate) fn mentioning(db: &Connection, draft: DraftId) -> Result<Vec<StoredStep>, StoreError> {
    let mut statement = db.prepare_cached(
        "select n, state, kind, draft, title, n_of, at, did, back, marks from step
         where draft = :draft or back is null or instr(back, :text) > 0
         order by n",
    )?;
    let names = named_params! {":draft": Sql(draft), ":text": draft.to_string()};
    let rows = statement.query_map(names, read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a step. What was undone before cannot be done again any more.
pub(crate) fn add(db: &Connection, step: &StoredStep) -> Result<(), StoreError> {
    db.prepare_cached("delete from step where state = 'undone'")?
        .execute([])?;
    db.prepare_cached(
        "insert into step (state, kind, draft, title, n_of, at, did, back, marks)
         values ('done', :kind, :draft, :title, :n_of, :at, :did, :back, :marks)",
    )?
    .execute(named_params! {
        ":kind": step.kind,
        ":draft": Sql(step.draft),
        ":title": step.title,
        ":n_of": i64::try_from(step.n_of).unwrap_or(i64::MAX),
        ":at": Sql(step.at),
        ":did": step.did,
        ":back": step.back,
        ":marks": step.marks,
    })?;
    db.prepare_cached("delete from step where n <= :last - :most")?
        .execute(named_params! {":last": db.last_insert_rowid(), ":most": MOST_STEPS})?;
    Ok(())
}

/// Stores a step anew, in its place.
pub(crate) fn replace(db: &Connection, step: &StoredStep) -> Result<(), StoreError> {
    db.prepare_cached(
        "update step set state = :state, draft = :draft, title = :title, n_of = :n_of, at = :at, did = :did, back = :back,
                         marks = :marks
         where n = :n",
    )?
    .execute(named_params! {
        ":n": step.n,
        ":state": if step.is_done { "done" } else { "undone" },
        ":draft": Sql(step.draft),
        ":title": step.title,
        ":n_of": i64::try_from(step.n_of).unwrap_or(i64::MAX),
        ":at": Sql(step.at),
        ":did": step.did,
        ":back": step.back,
        ":marks": step.marks,
    })?;
    Ok(())
}

pub(crate) fn delete_all(db: &Connection) -> Result<(), StoreError> {
    db.prepare_cached("delete from step")?.execute([])?;
    Ok(())
}

pub(crate) fn delete(db: &Connection, n: i64) -> Result<(), StoreError> {
    db.prepare_cached("delete from step where n = :n")?
        .execute(named_params! {":n": n})?;
    Ok(())
}
