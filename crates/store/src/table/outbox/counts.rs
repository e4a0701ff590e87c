//! How many changes wait, stand still or failed.

use rusqlite::{Connection, OptionalExtension, named_params};
use stoa_domain::DraftId;

use super::super::Sql;
use super::n_ready;
use crate::{OutboxCounts, Saved, StoreError};

pub(crate) fn counts(db: &Connection) -> Result<OutboxCounts, StoreError> {
    let n_ready = n_ready(db)?;
    let counts = db
        .prepare_cached(
            "with waiting as (
                 select lid, draft, kind, state, made_at, hold_ms
                 from outbox where state in ('pending', 'inflight'))
             select (select count(*) from waiting),
                    -- what was refused with the making of its draft goes with that
                    (select count(*) from outbox
                     where state in ('rejected', 'parked') and (kind = 'create' or not exists (
                         select 1 from outbox made
                         where made.draft = outbox.draft and made.kind = 'create'
                               and made.state in ('rejected', 'parked')))),
                    (select min(made_at) from waiting),
                    (select count(*) from conflict where resolved_at is null),
                    (select count(*) from (
                         select distinct draft, case kind when 'write' then 0 else lid end
                         from outbox
                         where state in ('pending', 'inflight') and (kind = 'create' or not exists (
                             select 1 from outbox made
                             where made.draft = outbox.draft and made.kind = 'create'
                               and made.state in ('pending', 'inflight'))))),
                    (select count(*) from waiting where state = 'pending' and exists (
                         select 1 from outbox held
                         where held.draft = waiting.draft and held.state = 'pending'
                               and held.hold_ms > 0 and held.lid <= waiting.lid)),
                    (select count(*) from waiting where state = 'pending' and exists (
                         select 1 from outbox needing
                         where needing.draft = waiting.draft and needing.state = 'pending'
                               and needing.needs <> '[]' and needing.lid <= waiting.lid)
                       and not exists (
                         select 1 from outbox kept
                         where kept.draft = waiting.draft and kept.state = 'pending'
                               and kept.kept_back = 1 and kept.lid <= waiting.lid))",
        )?
        .query_row([], |row| {
            Ok(OutboxCounts {
                n_waiting: row.get::<_, i64>(0)?.unsigned_abs(),
                n_failed: row.get::<_, i64>(1)?.unsigned_abs(),
                oldest_made_at: row.get::<_, Option<Sql<_>>>(2)?.map(|sql| sql.0),
                n_intents: row.get::<_, i64>(4)?.unsigned_abs(),
                n_conflicts: row.get::<_, i64>(3)?.unsigned_abs(),
                n_ready,
                n_held: row.get::<_, i64>(5)?.unsigned_abs(),
                n_for_files: row.get::<_, i64>(6)?.unsigned_abs(),
            })
        })?;
    Ok(counts)
}

/// How far a draft's latest change has come.
pub(crate) fn saved(db: &Connection, draft: DraftId) -> Result<Saved, StoreError> {
    let worst: Option<i64> = db
        .prepare_cached(
            "select case when state in ('rejected', 'parked') then 2 else 1 end as need
             from outbox
             where draft = :draft and state in ('pending', 'inflight', 'rejected', 'parked')
             order by need desc limit 1",
        )?
        .query_row(named_params! {":draft": Sql(draft)}, |row| row.get(0))
        .optional()?;
    Ok(match worst {
        None => Saved::Synced,
        Some(2) => Saved::NeedsAttention,
        Some(_) => Saved::OnThisComputer,
    })
}
