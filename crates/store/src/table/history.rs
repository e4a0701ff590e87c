//! `history`: what happened between this computer and the server.

use rusqlite::{Connection, named_params};

use super::Sql;
use crate::{ChangeText, HistoryEntry, HistoryKind, StoreError};

/// Lines without a text that are kept at most; those with a text are kept for ever.
const MOST_LINES: i64 = 10_000;

pub(crate) fn add(db: &Connection, entry: &HistoryEntry) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into history (at, kind, n, change_kind, title, kept_markdown)
         values (:at, :kind, :n, :change_kind, :title, :kept)",
    )?
    .execute(named_params! {
        ":at": Sql(entry.at),
        ":kind": entry.kind.as_str(),
        ":n": i64::try_from(entry.n).unwrap_or(i64::MAX),
        ":change_kind": entry.text.as_ref().map(|text| text.kind),
        ":title": entry.text.as_ref().map(|text| &text.title),
        ":kept": entry.kept_markdown,
    })?;
    db.prepare_cached("delete from history where id <= :last - :most and kept_markdown is null")?
        .execute(named_params! {":last": db.last_insert_rowid(), ":most": MOST_LINES})?;
    Ok(())
}

/// Newest first. Lines of a kind that only a newer version knows are left out.
pub(crate) fn newest(db: &Connection, limit: i64) -> Result<Vec<HistoryEntry>, StoreError> {
    let mut statement = db.prepare_cached(
        "select at, kind, n, change_kind, title, kept_markdown
         from history order by id desc limit :limit",
    )?;
    let rows = statement.query_map(named_params! {":limit": limit}, |row| {
        let kind: String = row.get(1)?;
        let change: Option<_> = row.get(3)?;
        let title: Option<String> = row.get(4)?;
        let entry = HistoryKind::parse(&kind).map(|kind| -> rusqlite::Result<_> {
            Ok(HistoryEntry {
                at: row.get::<_, Sql<_>>(0)?.0,
                kind,
                n: row.get::<_, i64>(2)?.unsigned_abs(),
                text: change
                    .zip(title)
                    .map(|(kind, title)| ChangeText { kind, title }),
                kept_markdown: row.get(5)?,
            })
        });
        entry.transpose()
    })?;
    Ok(rows
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?)
}
