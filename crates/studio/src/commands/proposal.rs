//! Work of people who have lost the right to it: shown to owners and admins, and decided.

use stoa_ipc::{
    ChangeText, DecideProposals, ErrorCode, Failure, ListProposals, Proposal, ProposalsDecided,
    ProposedBy,
};
use stoa_protocol::proposal as protocol;

use crate::failure::OrFailure;
use crate::studio::Studio;

pub(super) async fn list_proposals(
    studio: &Studio,
    _: ListProposals,
) -> Result<Vec<ProposedBy>, Failure> {
    let sync = studio.profile()?.sync().ok_or_else(signed_out)?;
    let people = sync.proposals().await.or_failure()?;
    Ok(people.into_iter().map(proposed_by).collect())
}

fn proposed_by(person: protocol::ProposedBy) -> ProposedBy {
    let reason = match person.reason {
        protocol::ProposalReason::RoleLowered => "role_lowered",
        protocol::ProposalReason::MembershipEnded => "membership_ended",
    };
    ProposedBy {
        name: person.name,
        reason: reason.to_owned(),
        n: person.n,
        proposals: person.proposals.into_iter().map(proposal).collect(),
    }
}

fn proposal(proposal: protocol::Proposal) -> Proposal {
    Proposal {
        id: proposal.id,
        text: ChangeText {
            kind: kind(&proposal.name).to_owned(),
            title: proposal.title,
        },
        made_at: proposal.made_at,
        size: proposal.size,
    }
}

/// The name of the sentence for a mutation.
fn kind(name: &str) -> &'static str {
    match name {
        "draft.create" => "create",
        "draft.rename" => "rename",
        "draft.bin" => "bin",
        "draft.restore" => "restore",
        "draft.delete" => "delete",
        "doc.append" => "write",
        _ => "other",
    }
}

pub(super) async fn decide_proposals(
    studio: &Studio,
    request: DecideProposals,
) -> Result<ProposalsDecided, Failure> {
    let sync = studio.profile()?.sync().ok_or_else(signed_out)?;
    let decision = protocol::DecideProposals {
        ids: request.ids,
        accept: request.accept,
    };
    let decided = sync.decide(&decision).await.or_failure()?;
    Ok(ProposalsDecided {
        n_done: decided.n_done,
        n_failed: decided.failed.len() as u64,
    })
}

fn signed_out() -> Failure {
    Failure::new(ErrorCode::SignInAgain, "nobody is signed in")
}
