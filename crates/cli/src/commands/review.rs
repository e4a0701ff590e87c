//! Expert review from the terminal.

use stoa_domain::{DraftId, Shelf, UserId};
use stoa_ipc::{
    CheckItem, CloseDraft, CommentInfo, DecideReview, DraftReviews, DropComment, EditComment,
    Failure, GetReviews, ListDrafts, ListReviewers, OpenDraft, Passage, RequestReview,
    ResolveComment, ReviewInfo, WithdrawReview, WriteComment,
};
use stoa_studio::Studio;

use super::draft;
use crate::arguments::ReviewCommand;
use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn carry_out(
    studio: &Studio,
    command: &ReviewCommand,
    output: &Output,
) -> Result<End, Problem> {
    match command.clone() {
        ReviewCommand::List { limit } => {
            let request = ListDrafts {
                shelf: Shelf::InReview,
                limit,
                ..ListDrafts::default()
            };
            return draft::list(studio, request, output).await;
        }
        ReviewCommand::Show { id } => show(studio, id, output).await?,
        ReviewCommand::Reviewers { id } => reviewers(studio, id, output).await?,
        ReviewCommand::Request {
            id,
            reviewer,
            check,
            note,
        } => {
            let request = RequestReview {
                id,
                reviewer: find(studio, id, &reviewer).await?,
                checks: check,
                note,
            };
            return Ok(draft::one(&studio.run(request).await?, output));
        }
        ReviewCommand::Withdraw { id } => {
            return Ok(draft::one(
                &studio.run(WithdrawReview { id }).await?,
                output,
            ));
        }
        ReviewCommand::Check { id, item, state } => {
            let item = item.saturating_sub(1);
            let state = state.into();
            studio.run(CheckItem { id, item, state }).await?;
            done(output);
        }
        ReviewCommand::Decide {
            id,
            verdict,
            reason,
        } => {
            let verdict = verdict.into();
            let decide = DecideReview {
                id,
                verdict,
                reason,
            };
            return Ok(draft::one(&studio.run(decide).await?, output));
        }
        other => comment(studio, other, output).await?,
    }
    Ok(End::Done)
}

async fn reviewers(studio: &Studio, id: DraftId, output: &Output) -> Result<(), Problem> {
    let reviewers = studio.run(ListReviewers { id }).await?;
    output.answer(&reviewers, |_| {
        let line = |one: &stoa_ipc::ReviewerInfo| format!("{}\t{}", one.id, one.name);
        reviewers.iter().map(line).collect()
    });
    Ok(())
}

/// What is done to comments.
async fn comment(studio: &Studio, command: ReviewCommand, output: &Output) -> Result<(), Problem> {
    match command {
        ReviewCommand::Comment { id, body, quote } => {
            let comment = write(studio, id, body, quote).await?;
            output.answer(&comment, |_| vec![comment.to_string()]);
        }
        ReviewCommand::EditComment { id, comment, body } => {
            studio.run(EditComment { id, comment, body }).await?;
            done(output);
        }
        ReviewCommand::DropComment { id, comment } => {
            studio.run(DropComment { id, comment }).await?;
            done(output);
        }
        ReviewCommand::Resolve {
            id,
            comment,
            reopen,
        } => {
            let is_resolved = !reopen;
            let resolve = ResolveComment {
                id,
                comment,
                is_resolved,
            };
            studio.run(resolve).await?;
            done(output);
        }
        _ => unreachable!("the others are carried out above"),
    }
    Ok(())
}

/// A comment about the first place of these words, or about the whole text.
async fn write(
    studio: &Studio,
    id: DraftId,
    body: String,
    quote: Option<String>,
) -> Result<stoa_domain::ReviewCommentId, Problem> {
    let Some(quote) = quote else {
        let about_all = WriteComment {
            id,
            body,
            at: None,
            session: None,
        };
        return Ok(studio.run(about_all).await?);
    };
    let opened = studio.run(OpenDraft { id }).await?;
    let at = place_of(&opened.markdown, &quote);
    let written = match at {
        Some(at) => {
            let about_it = WriteComment {
                id,
                body,
                at: Some(at),
                session: Some(opened.session),
            };
            studio.run(about_it).await
        }
        None => Err(Failure::field("quote", "not-in-the-text")),
    };
    let session = opened.session;
    studio.run(CloseDraft { session }).await?;
    Ok(written?)
}

/// Where words stand first, in UTF-16 units.
fn place_of(markdown: &str, words: &str) -> Option<Passage> {
    let found = markdown.find(words).filter(|_| !words.is_empty())?;
    let from = markdown[..found].encode_utf16().count();
    let to = from + words.encode_utf16().count();
    Some(Passage { from, to })
}

/// Who is meant by an id or a name.
async fn find(studio: &Studio, id: DraftId, reviewer: &str) -> Result<UserId, Problem> {
    if let Ok(id) = reviewer.parse() {
        return Ok(id);
    }
    let all = studio.run(ListReviewers { id }).await?;
    let mut named = all.iter().filter(|one| one.name == reviewer);
    match (named.next(), named.next()) {
        (Some(one), None) => Ok(one.id),
        _ => Err(Failure::field("reviewer", "not-a-reviewer").into()),
    }
}

async fn show(studio: &Studio, id: DraftId, output: &Output) -> Result<(), Problem> {
    let session = None;
    let found = studio.run(GetReviews { id, session }).await?;
    output.answer(&found, |output| lines(&found, output));
    Ok(())
}

fn lines(found: &DraftReviews, output: &Output) -> Vec<String> {
    let mut lines = Vec::new();
    for review in &found.reviews {
        lines.extend(of_review(review, output));
    }
    lines.extend(
        found
            .comments
            .iter()
            .map(|comment| of_comment(comment, output)),
    );
    lines
}

/// Status, reviewer, reason or note; then its checklist, an entry a line.
fn of_review(review: &ReviewInfo, output: &Output) -> Vec<String> {
    let status = output.text(&format!("review-status-{}", review.status.as_str()));
    let said = match review.reason.is_empty() {
        true => &review.note,
        false => &review.reason,
    };
    let mut lines = vec![format!(
        "{status}\t{}\t{}",
        review.reviewer_name,
        one_line(said)
    )];
    if review.is_changed_since {
        lines.push(format!("\t{}", output.text("review-changed-since")));
    }
    let checks = review.checks.iter().enumerate();
    lines.extend(checks.map(|(n, check)| {
        let state = output.text(&format!("review-check-{}", check.state.as_str()));
        format!("\t{}\t{state}\t{}", n + 1, check.label.as_str())
    }));
    lines
}

/// Id, whether it is dealt with, who wrote it, the passage, the words.
fn of_comment(comment: &CommentInfo, output: &Output) -> String {
    let mark = if comment.is_resolved { "x" } else { "-" };
    let by = match comment.is_own {
        true => output.text("review-you"),
        false => comment.by_name.clone(),
    };
    let quote = comment.quote.as_deref().unwrap_or_default();
    let body = one_line(&comment.body);
    format!("{}\t{mark}\t{by}\t{quote}\t{body}", comment.id)
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

fn done(output: &Output) {
    output.answer(&(), |output| vec![output.text("cli-done")]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_stand_first() {
        let at = |markdown, words| place_of(markdown, words).map(|at| (at.from, at.to));
        assert_eq!(at("一👩二二", "二"), Some((3, 4)));
        assert_eq!(at("一", "二"), None);
        assert_eq!(at("一", ""), None);
    }
}
