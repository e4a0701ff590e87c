//! Deciding about work whose author has lost the right to it.

use std::collections::HashSet;

use stoa_domain::{CommunityId, Role, Timestamp, Title};
use stoa_mutators::{Mutation, Row, Table};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::proposal::{
    DecideProposals, Decided, MOST_DECIDED, NotDone, Proposal, ProposedBy,
};
use stoa_protocol::sync::MutationOutcome;
use uuid::Uuid;

use super::push::{self, Batch};
use super::role_in;
use super::standing::Standing;
use crate::db::Tx;
use crate::refusal::Refusal;
use crate::tables::proposal::{self, Decision, OpenProposal};
use crate::tables::{Sender, account, community, draft};

/// What waits, person by person.
pub(crate) fn list(tx: &mut dyn Tx, by: Sender) -> Result<Vec<ProposedBy>, Refusal> {
    check_right(tx, by)?;
    let mut people: Vec<ProposedBy> = Vec::new();
    for open in proposal::open(tx, by.community)? {
        let is_same = people
            .last()
            .is_some_and(|last| last.user == open.sender.user && last.reason == open.reason);
        if !is_same {
            let name = account::find(tx, open.sender.user)?.map(|(_, name)| name);
            people.push(ProposedBy {
                user: open.sender.user,
                name: name.unwrap_or_default(),
                reason: open.reason,
                n: 0,
                proposals: Vec::new(),
            });
        }
        if let Some(person) = people.last_mut() {
            person.n += 1;
            if person.proposals.len() < MOST_DECIDED {
                person.proposals.push(told(tx, by.community, &open)?);
            }
        }
    }
    Ok(people)
}

fn check_right(tx: &mut dyn Tx, by: Sender) -> Result<Role, Refusal> {
    let role = role_in(tx, by.community, by.user)?;
    if role.decides_proposals() {
        Ok(role)
    } else {
        Err(Refusal::new(
            ApiErrorCode::NotAllowed,
            "owners and admins decide about proposals",
        ))
    }
}

fn told(tx: &mut dyn Tx, community: CommunityId, open: &OpenProposal) -> Result<Proposal, Refusal> {
    let args = &open.mutation.args;
    // A draft by its title, a tag by its name.
    let named = ["title", "tag", "from"]
        .into_iter()
        .find_map(|name| args[name].as_str());
    let new_title = named.and_then(|text| Title::parse(text).ok());
    let title = match new_title {
        Some(title) => title.as_str().to_owned(),
        None => title_now(tx, community, open.subject)?,
    };
    Ok(Proposal {
        id: Uuid::from_bytes(open.id).to_string(),
        subject: Uuid::from_bytes(open.subject).to_string(),
        name: open.mutation.name.clone(),
        title,
        made_at: open.mutation.made_at,
        size: open.mutation.args.to_string().len() as u64,
    })
}

fn title_now(
    tx: &mut dyn Tx,
    community: CommunityId,
    subject: [u8; 16],
) -> Result<String, Refusal> {
    let found = draft::find_each(tx, community, &[subject])?;
    let title = found.into_iter().find_map(|stored| match stored.row {
        Row::Draft(draft) => Some(draft.title.as_str().to_owned()),
        _ => None,
    });
    Ok(title.unwrap_or_default())
}

/// Accepts or discards. What is accepted is done in the order it was made, in the author's name
/// and with the right of who decides.
pub(crate) fn decide(
    tx: &mut dyn Tx,
    by: Sender,
    request: &DecideProposals,
    now: Timestamp,
) -> Result<Decided, Refusal> {
    let role = check_right(tx, by)?;
    if request.ids.len() > MOST_DECIDED {
        return Err(Refusal::field("ids", format!("more than {MOST_DECIDED}")));
    }
    let wanted: HashSet<[u8; 16]> = request
        .ids
        .iter()
        .map(|id| Uuid::parse_str(id).map(Uuid::into_bytes))
        .collect::<Result<_, _>>()
        .map_err(|_| Refusal::field("ids", "not an id"))?;
    let head = community::lock(tx, by.community)?
        .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such community"))?;
    let mut chosen = proposal::open(tx, by.community)?;
    chosen.retain(|open| wanted.contains(&open.id));
    if !request.accept {
        for open in &chosen {
            let decision = Decision {
                by: by.user,
                at: now,
                seq: None,
            };
            proposal::decide(tx, by.community, open.id, decision)?;
        }
        return Ok(Decided {
            n_done: chosen.len() as u64,
            failed: Vec::new(),
        });
    }
    accept(tx, by, role, (head, now), &chosen)
}

fn accept(
    tx: &mut dyn Tx,
    by: Sender,
    role: Role,
    (head, now): (i64, Timestamp),
    chosen: &[OpenProposal],
) -> Result<Decided, Refusal> {
    let mut decided = Decided {
        n_done: 0,
        failed: Vec::new(),
    };
    let mut new_head = head;
    for of_one in chosen.chunk_by(|one, next| one.sender == next.sender) {
        let pushed: Vec<_> = of_one.iter().map(|open| open.mutation.clone()).collect();
        let incoming = push::read(&pushed)?;
        let sender = of_one.first().map_or(by, |open| open.sender);
        let mut batch = Batch::load(tx, sender, Standing::from(role), new_head, &incoming)?;
        let results = batch.decide(&incoming, now);
        batch.store_rows(tx)?;
        new_head = batch.head();
        for (open, result) in of_one.iter().zip(results) {
            match result.outcome {
                MutationOutcome::Applied { seq } | MutationOutcome::Merged { seq, .. } => {
                    let decision = Decision {
                        by: by.user,
                        at: now,
                        seq: Some(seq),
                    };
                    proposal::decide(tx, by.community, open.id, decision)?;
                    decided.n_done += 1;
                }
                MutationOutcome::Rejected { code, .. } => decided.failed.push(NotDone {
                    id: Uuid::from_bytes(open.id).to_string(),
                    code,
                }),
                MutationOutcome::Duplicate { .. } | MutationOutcome::Deferred { .. } => {}
            }
        }
    }
    if new_head != head {
        community::set_head(tx, by.community, new_head)?;
        tx.announce(by.community, new_head)?;
    }
    Ok(decided)
}

/// The draft or tag a mutation is about.
pub(crate) fn subject_of(mutation: &Mutation) -> [u8; 16] {
    let touched = mutation.touches();
    let draft = touched.iter().find(|key| key.table == Table::Draft);
    draft.or(touched.first()).map_or([0; 16], |key| key.id)
}
