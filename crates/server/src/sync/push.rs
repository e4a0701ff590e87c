//! Deciding the mutations of one device, in order, in one transaction.
//!
//! The rows a batch touches are loaded once, every mutation runs over them in memory, and what
//! changed is written once. Mutators neither read nor write anything else, so a refused mutation
//! leaves no trace but its result; there is nothing to roll back.

mod batch;
mod courses;
mod deletions;
mod published;
mod read;

use stoa_domain::{Role, Timestamp};
use stoa_mutators::{Mutation, RejectCode};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::sync::{MutationOutcome, MutationResult, PushAnswer};

use super::check_epoch;
use super::standing::Standing;
use crate::db::{Ahead, DbError, Tx};
use crate::refusal::Refusal;
use crate::tables::{
    Sender, audit, community, device_progress, membership, mutation_result, server, session,
};
pub(crate) use batch::Batch;
pub(crate) use read::{Act, Incoming, read};

/// A longer push asks for each thing when it is its turn: what is asked is much by itself then.
const ASKED_AHEAD: usize = 32;

/// Decides a push. Numbers that were used before are answered, not done again.
pub(crate) fn push(
    tx: &mut dyn Tx,
    sender: Sender,
    epoch: &str,
    incoming: &[Incoming],
    now: Timestamp,
) -> Result<PushAnswer, Refusal> {
    let mut ahead = Ahead(tx);
    server::identity(&mut ahead)?;
    membership::role(&mut ahead, sender.community, sender.user)?;
    session::began_at(&mut ahead, sender.user, sender.device)?;
    check_epoch(tx, epoch)?;
    let standing = Standing::of(tx, sender)?;
    apply(tx, sender, standing, incoming, now)
}

/// Decides mutations of somebody whose standing is known.
pub(crate) fn apply(
    tx: &mut dyn Tx,
    sender: Sender,
    standing: Standing,
    incoming: &[Incoming],
    now: Timestamp,
) -> Result<PushAnswer, Refusal> {
    ask_ahead(&mut Ahead(tx), sender, incoming)?;
    let head = community::lock(tx, sender.community)?
        .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such community"))?;
    let lmid = device_progress::lmid(tx, sender)?;
    check_order(incoming, lmid)?;
    let n_known = incoming.iter().take_while(|one| one.mid <= lmid).count();
    let (known, fresh) = incoming.split_at(n_known);
    let mut results = repeat(tx, sender, known)?;
    let mut answer_lmid = lmid;
    let mut new_head = head;
    if let Some(last) = fresh.last() {
        let mut batch = Batch::load(tx, sender, standing, head, fresh)?;
        let fresh_results = batch.decide(fresh, now);
        batch.store(tx)?;
        mutation_result::insert_each(tx, sender, &fresh_results)?;
        device_progress::set_lmid(tx, sender, last.mid)?;
        answer_lmid = last.mid;
        new_head = batch.head();
        results.extend(fresh_results);
    }
    if new_head != head {
        community::set_head(tx, sender.community, new_head)?;
        tx.announce(sender.community, new_head)?;
    }
    Ok(PushAnswer {
        lmid: answer_lmid,
        head: new_head,
        results,
    })
}

/// Does what a person asked this server for, all of it or nothing; answers the new head. It has
/// numbers of its own, below zero: those from one on are the device's, which counts them itself.
pub(crate) fn at_once(
    tx: &mut dyn Tx,
    sender: Sender,
    role: Role,
    mutations: &[Mutation],
    now: Timestamp,
) -> Result<i64, Refusal> {
    let head = community::lock(tx, sender.community)?
        .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such community"))?;
    let lowest = audit::lowest_mid(tx, sender)?;
    let numbered = (1..).map(|n| lowest - n).zip(mutations);
    let incoming: Vec<Incoming> = numbered
        .map(|(mid, mutation)| Incoming::of(mid, mutation, now))
        .collect();
    let mut batch = Batch::load(tx, sender, Standing::from(role), head, &incoming)?;
    for result in batch.decide(&incoming, now) {
        if let MutationOutcome::Rejected { code, field } = result.outcome {
            return Err(refused(&code, field));
        }
    }
    batch.store(tx)?;
    let new_head = batch.head();
    community::set_head(tx, sender.community, new_head)?;
    tx.announce(sender.community, new_head)?;
    Ok(new_head)
}

/// The reject of a mutation as the answer to a request.
fn refused(code: &str, field: Option<String>) -> Refusal {
    let answer = match RejectCode::parse(code) {
        Some(RejectCode::NotAllowed) => ApiErrorCode::NotAllowed,
        Some(RejectCode::NotFound) => ApiErrorCode::NotFound,
        Some(RejectCode::AlreadyExists) => ApiErrorCode::AlreadyExists,
        _ => ApiErrorCode::InvalidInput,
    };
    let mut error = ApiError::new(answer, code);
    error.field = field;
    error.into()
}

/// While the community is locked, others wait for every way to the database and back.
fn ask_ahead(tx: &mut Ahead<'_>, sender: Sender, incoming: &[Incoming]) -> Result<(), DbError> {
    if incoming.len() > ASKED_AHEAD {
        return Ok(());
    }
    community::lock(tx, sender.community)?;
    device_progress::lmid(tx, sender)?;
    Batch::ask_ahead(tx, sender.community, incoming)
}

/// Mids follow each other, and the first is at most one ahead of the last that has a result.
fn check_order(incoming: &[Incoming], lmid: i64) -> Result<(), Refusal> {
    let first = incoming
        .first()
        .map_or(lmid + 1, |one| one.mid.min(lmid + 1));
    for (expected, one) in (first..).zip(incoming) {
        if one.mid != expected || one.mid < 1 {
            let mut error = ApiError::new(
                ApiErrorCode::OutOfOrder,
                "a mutation is missing before this one",
            );
            error.expected = Some(expected.max(1));
            return Err(error.into());
        }
    }
    Ok(())
}

/// What was answered before. A number that now comes with other contents (a device that was set
/// back to an older state numbers anew) is refused in the open instead of vanishing.
fn repeat(
    tx: &mut dyn Tx,
    sender: Sender,
    known: &[Incoming],
) -> Result<Vec<MutationResult>, Refusal> {
    let mids: Vec<i64> = known.iter().map(|one| one.mid).collect();
    let earlier = audit::find_each(tx, sender, &mids)?;
    let results = known.iter().zip(earlier).map(|(one, earlier)| {
        let outcome = match earlier {
            Some(earlier) if !one.is_park() && earlier.digest != one.digest => {
                MutationOutcome::Rejected {
                    code: RejectCode::Conflict.as_str().to_owned(),
                    field: None,
                }
            }
            Some(earlier) => match earlier.code {
                Some(code) if !one.is_park() => MutationOutcome::Rejected { code, field: None },
                _ => MutationOutcome::Duplicate { seq: earlier.seq },
            },
            None => MutationOutcome::Duplicate { seq: None },
        };
        MutationResult {
            mid: one.mid,
            outcome,
        }
    });
    Ok(results.collect())
}
