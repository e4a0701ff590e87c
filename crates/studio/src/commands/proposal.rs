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
    let unseen = person.n - person.proposals.len() as u64;
    let proposals = intents(person.proposals);
    ProposedBy {
        name: person.name,
        reason: reason.to_owned(),
        n: unseen + proposals.len() as u64,
        proposals,
    }
}

/// One row for each thing that was meant, as in the list of what waits.
fn intents(proposals: Vec<protocol::Proposal>) -> Vec<Proposal> {
    let mut rows: Vec<(String, Proposal)> = Vec::new();
    for one in proposals {
        let kind = kind(&one.name);
        let same = rows.iter_mut().find(|(subject, row)| {
            *subject == one.subject
                && (row.text.kind == "create" || (row.text.kind == "write" && kind == "write"))
        });
        match same {
            Some((_, row)) => {
                row.ids.push(one.id);
                row.size += one.size;
                if kind == "rename" {
                    row.text.title = one.title;
                }
            }
            None => rows.push((one.subject.clone(), proposal(one, kind))),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn proposal(proposal: protocol::Proposal, kind: &str) -> Proposal {
    Proposal {
        ids: vec![proposal.id],
        text: ChangeText {
            kind: kind.to_owned(),
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
        "draft.describe" => "describe",
        "draft.archive" => "archive",
        "draft.unarchive" => "unarchive",
        "post.publish" => "publish",
        "post.withdraw" => "withdraw",
        "version.keep" => "name-version",
        "version.rename" => "rename-version",
        "version.drop" => "drop-version",
        "review.request" => "request-review",
        "review.withdraw" => "withdraw-review",
        "review.check" => "check-item",
        "review.decide" => "decide-review",
        "review.comment" => "write-comment",
        "review.comment_edit" => "edit-comment",
        "review.comment_drop" => "drop-comment",
        "review.resolve" => "resolve-comment",
        "section.create" => "create-section",
        "section.rename" => "rename-section",
        "section.move" => "move-section",
        "section.delete" => "delete-section",
        "lesson.add" => "add-lesson",
        "lesson.move" => "move-lesson",
        "lesson.remove" => "remove-lesson",
        "lesson.describe" => "describe-lesson",
        "tag.synonyms" => "tag-synonyms",
        "tag.move" => "move-tag",
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

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::Timestamp;

    fn one(id: &str, subject: &str, name: &str, title: &str) -> protocol::Proposal {
        protocol::Proposal {
            id: id.to_owned(),
            subject: subject.to_owned(),
            name: name.to_owned(),
            title: title.to_owned(),
            made_at: Timestamp::from_millis(0),
            size: 10,
        }
    }

    #[test]
    fn a_new_draft_is_decided_with_its_title_and_its_text() {
        let rows = intents(vec![
            one("1", "a", "draft.create", ""),
            one("2", "b", "doc.append", "别的"),
            one("3", "a", "doc.append", ""),
            one("4", "a", "draft.rename", "新题"),
            one("5", "b", "doc.append", "别的"),
            one("6", "b", "draft.bin", "别的"),
        ]);
        let said: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.ids.join(" "),
                    &*row.text.kind,
                    &*row.text.title,
                    row.size,
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                ("1 3 4".to_owned(), "create", "新题", 30),
                ("2 5".to_owned(), "write", "别的", 20),
                ("6".to_owned(), "bin", "别的", 10),
            ]
        );
    }
}
