//! What can be sent now.

use rusqlite::{Connection, named_params};

use super::{Entry, State, in_state, list};
use crate::StoreError;

/// What has a number and must be sent (again), in the order of the numbers: not answered, or set
/// aside with a stand-in to send.
pub(crate) fn numbered_unanswered(db: &Connection, limit: i64) -> Result<Vec<Entry>, StoreError> {
    list(
        db,
        select!(
            "where mid is not null and acked_at is null and state in ('inflight', 'parked')
             order by mid limit :limit"
        ),
        named_params! {":limit": limit},
    )
}

/// Whether anything that was not sent waits for an attachment, is held, or is kept here by hand.
fn stays_any(db: &Connection) -> Result<bool, StoreError> {
    let stays = db
        .prepare_cached(
            "select exists (select 1 from outbox where needs <> '[]')
                 or exists (select 1 from outbox where hold_ms > 0)
                 or exists (select 1 from outbox where kept_back = 1)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(stays)
}

/// Whether any draft is to be sent before others.
fn is_any_ranked(db: &Connection) -> Result<bool, StoreError> {
    let is_ranked = db
        .prepare_cached("select exists (select 1 from outbox where rank > 0)")?
        .query_row([], |row| row.get(0))?;
    Ok(is_ranked)
}

/// What can be sent for the first time, oldest first: not what waits for an attachment or is held,
/// and nothing of a draft behind such a change. With thousands waiting, only those that are sent
/// now are looked at, unless something stays here or goes first.
pub(crate) fn sendable(db: &Connection, limit: i64) -> Result<Vec<Entry>, StoreError> {
    if !stays_any(db)? && !is_any_ranked(db)? {
        return in_state(db, State::Pending, limit);
    }
    list(
        db,
        select!(
            "where state = 'pending' and not exists (
                 select 1 from outbox blocking
                 where blocking.draft = outbox.draft and blocking.lid <= outbox.lid
                   and (blocking.needs <> '[]' or blocking.hold_ms > 0)
                           and blocking.state = 'pending')
             and not exists (
                 select 1 from outbox kept
                 where kept.draft = outbox.draft and kept.lid <= outbox.lid
                   and kept.kept_back = 1 and kept.state = 'pending')
             order by (select max(rank) from outbox ranked
                       where ranked.draft = outbox.draft and ranked.rank > 0) desc, lid
             limit :limit"
        ),
        named_params! {":limit": limit},
    )
}

/// How many changes can be sent now, for the first time or again.
pub(crate) fn n_ready(db: &Connection) -> Result<u64, StoreError> {
    let unsent = if stays_any(db)? {
        "select count(*) from outbox
         where state = 'pending' and not exists (
             select 1 from outbox blocking
             where blocking.draft = outbox.draft and blocking.lid <= outbox.lid
               and (blocking.needs <> '[]' or blocking.hold_ms > 0)
               and blocking.state = 'pending')
           and not exists (
             select 1 from outbox kept
             where kept.draft = outbox.draft and kept.lid <= outbox.lid
               and kept.kept_back = 1 and kept.state = 'pending')"
    } else {
        "select count(*) from outbox where state = 'pending'"
    };
    let again = "select count(*) from outbox
                 where mid is not null and acked_at is null and state in ('inflight', 'parked')";
    let mut n_ready = 0;
    for sql in [unsent, again] {
        n_ready += db
            .prepare_cached(sql)?
            .query_row([], |row| row.get::<_, i64>(0))?
            .unsigned_abs();
    }
    Ok(n_ready)
}
