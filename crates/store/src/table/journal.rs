//! `journal`: settled changes of the last 30 days.
//!
//! A server that was restored from an old backup gets from here what it had accepted and lost.

use rusqlite::{Connection, named_params};
use stoa_domain::Timestamp;

use super::Sql;
use super::outbox::{Entry, State};
use crate::StoreError;

const DAYS_30: i64 = 30 * 86_400_000;

/// Keeps a settled entry that has a number.
pub(crate) fn keep(db: &Connection, entry: &Entry, at: Timestamp) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into journal
             (mid, draft, kind, title, name, ver, args, base, made_at, acked_at)
         values (:mid, :draft, :kind, :title, :name, :ver, :args, :base, :made_at, :acked_at)",
    )?
    .execute(named_params! {
        ":mid": entry.mid,
        ":draft": Sql(entry.draft),
        ":kind": entry.kind,
        ":title": entry.title,
        ":name": entry.name,
        ":ver": entry.version,
        ":args": entry.args,
        ":base": entry.base,
        ":made_at": Sql(entry.made_at),
        ":acked_at": Sql(entry.acked_at.unwrap_or(at)),
    })?;
    Ok(())
}

/// Takes everything from a number on out of the journal, in order, to be sent again.
pub(crate) fn take_from(db: &Connection, mid: i64) -> Result<Vec<Entry>, StoreError> {
    let mut statement = db.prepare_cached(
        "select mid, draft, kind, title, name, ver, args, base, made_at
         from journal where mid >= :mid order by mid",
    )?;
    let rows = statement.query_map(named_params! {":mid": mid}, |row| {
        let args: String = row.get(6)?;
        Ok(Entry {
            lid: 0,
            mid: row.get(0)?,
            draft: row.get::<_, Sql<_>>(1)?.0,
            kind: row.get(2)?,
            title: row.get(3)?,
            name: row.get(4)?,
            version: row.get(5)?,
            size: i64::try_from(args.len()).unwrap_or(i64::MAX),
            args,
            base: row.get(7)?,
            state: State::Inflight,
            code: None,
            seq: None,
            spans: None,
            made_at: row.get::<_, Sql<_>>(8)?.0,
            acked_at: None,
            needs: Vec::new(),
            kept_back: false,
            hold_ms: 0,
            was_sent: true,
        })
    })?;
    let entries = rows.collect::<Result<Vec<_>, _>>()?;
    db.prepare_cached("delete from journal where mid >= :mid")?
        .execute(named_params! {":mid": mid})?;
    Ok(entries)
}

/// Forgets what is older than 30 days.
pub(crate) fn forget_old(db: &Connection, now: Timestamp) -> Result<(), StoreError> {
    db.prepare_cached("delete from journal where acked_at < :before")?
        .execute(named_params! {":before": Sql(now.plus_millis(-DAYS_30))})?;
    Ok(())
}

/// Forgets everything: the numbers were another device's.
pub(crate) fn forget_all(db: &Connection) -> Result<(), StoreError> {
    db.prepare_cached("delete from journal")?.execute([])?;
    Ok(())
}
