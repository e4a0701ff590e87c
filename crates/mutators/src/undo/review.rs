//! What takes changes of a review back. Each review, entry and comment stands alone in the field
//! that they share.

use serde_json::{Value, json};
use stoa_domain::{Draft, ReviewCommentId, ReviewId};

use crate::{
    CheckItem, DropComment, EditComment, Mutation, RequestReview, ResolveComment, Rows,
    WithdrawReview, WriteComment,
};

/// Before the id of a review, where the field is how it stands.
const REVIEW: &str = "reviews.";
/// Before the id of a review and the number of an entry of its checklist.
const CHECK: &str = "checks.";
/// Before the id of a comment, where the field is its words.
const COMMENT: &str = "comments.";
/// Before the id of a comment, where the field is whether it is dealt with.
const RESOLVED: &str = "resolved.";

/// The field that a change of a review is about.
pub(super) fn field(mutation: &Mutation) -> Option<String> {
    Some(match mutation {
        Mutation::RequestReview(args) => format!("{REVIEW}{}", args.id),
        Mutation::WithdrawReview(args) => format!("{REVIEW}{}", args.id),
        Mutation::DecideReview(args) => format!("{REVIEW}{}", args.id),
        Mutation::CheckItem(args) => format!("{CHECK}{}.{}", args.id, args.item),
        Mutation::WriteComment(args) => format!("{COMMENT}{}", args.id),
        Mutation::EditComment(args) => format!("{COMMENT}{}", args.id),
        Mutation::DropComment(args) => format!("{COMMENT}{}", args.id),
        Mutation::ResolveComment(args) => format!("{RESOLVED}{}", args.id),
        _ => return None,
    })
}

/// What a draft holds in such a field; `None` for a field of another kind.
pub(super) fn mark(draft: &Draft, field: &str) -> Option<Value> {
    let reviews = &draft.reviews;
    let review = |id: &str| {
        id.parse::<ReviewId>()
            .ok()
            .and_then(|id| reviews.review(id))
    };
    let comment = |id: &str| {
        let id = id.parse::<ReviewCommentId>().ok()?;
        reviews.comment(id)
    };
    if let Some(id) = field.strip_prefix(REVIEW) {
        return Some(review(id).map_or(Value::Null, |review| json!(review.status)));
    }
    if let Some((id, item)) = field.strip_prefix(CHECK).and_then(|f| f.split_once('.')) {
        let item = item.parse::<usize>().ok();
        let check = review(id)
            .zip(item)
            .and_then(|(r, item)| r.checks.get(item));
        return Some(check.map_or(Value::Null, |check| json!(check.state)));
    }
    if let Some(id) = field.strip_prefix(COMMENT) {
        return Some(comment(id).map_or(Value::Null, |comment| comment.body.as_str().into()));
    }
    let id = field.strip_prefix(RESOLVED)?;
    Some(comment(id).map_or(Value::Null, |comment| comment.resolved_at.is_some().into()))
}

/// What takes a change of a review back, but for a verdict.
pub(super) fn inverse(mutation: &Mutation, before: &Rows) -> Vec<Mutation> {
    match mutation {
        Mutation::RequestReview(args) => {
            let (id, draft) = (args.id, args.draft);
            vec![Mutation::WithdrawReview(WithdrawReview { id, draft })]
        }
        Mutation::WriteComment(args) => {
            let (id, draft) = (args.id, args.draft);
            vec![Mutation::DropComment(DropComment { id, draft })]
        }
        Mutation::WithdrawReview(args) => asking_again(args, before),
        Mutation::CheckItem(args) => checking_as_before(args, before),
        Mutation::EditComment(args) => words_before(args, before),
        Mutation::DropComment(args) => writing_again(args, before),
        Mutation::ResolveComment(args) => resolving_back(args, before),
        _ => Vec::new(),
    }
}

/// The same request once more: it goes on as it stood.
fn asking_again(args: &WithdrawReview, before: &Rows) -> Vec<Mutation> {
    let open = before
        .draft(args.draft)
        .and_then(|draft| draft.reviews.open.as_deref())
        .filter(|open| open.id == args.id);
    let ask = |open: &stoa_domain::Review| {
        Mutation::RequestReview(RequestReview {
            id: open.id,
            draft: args.draft,
            reviewer: open.reviewer,
            text_at: open.text_at.clone(),
            checks: open.checks.iter().map(|c| c.label.clone()).collect(),
            note: open.note.clone(),
            at: open.at,
        })
    };
    open.map(ask).into_iter().collect()
}

fn checking_as_before(args: &CheckItem, before: &Rows) -> Vec<Mutation> {
    let review = before
        .draft(args.draft)
        .and_then(|draft| draft.reviews.review(args.id));
    let check = review.and_then(|review| review.checks.get(usize::from(args.item)));
    let changed = check.filter(|check| check.state != args.state);
    let back = changed.map(|check| {
        Mutation::CheckItem(CheckItem {
            state: check.state,
            ..args.clone()
        })
    });
    back.into_iter().collect()
}

fn words_before(args: &EditComment, before: &Rows) -> Vec<Mutation> {
    let comment = before
        .draft(args.draft)
        .and_then(|draft| draft.reviews.comment(args.id));
    let changed = comment.filter(|comment| comment.body != args.body);
    let back = changed.map(|comment| {
        Mutation::EditComment(EditComment {
            body: comment.body.clone(),
            was: Some(args.body.clone()),
            ..args.clone()
        })
    });
    back.into_iter().collect()
}

/// The comment as it was, and that it was dealt with.
fn writing_again(args: &DropComment, before: &Rows) -> Vec<Mutation> {
    let (id, draft) = (args.id, args.draft);
    let Some(comment) = before.draft(draft).and_then(|d| d.reviews.comment(id)) else {
        return Vec::new();
    };
    let mut changes = vec![Mutation::WriteComment(WriteComment {
        id,
        draft,
        anchor: comment.anchor.clone(),
        body: comment.body.clone(),
        at: comment.at,
    })];
    if comment.resolved_at.is_some() {
        changes.push(Mutation::ResolveComment(ResolveComment {
            id,
            draft,
            is_resolved: true,
        }));
    }
    changes
}

fn resolving_back(args: &ResolveComment, before: &Rows) -> Vec<Mutation> {
    let comment = before
        .draft(args.draft)
        .and_then(|draft| draft.reviews.comment(args.id));
    let changed = comment.filter(|c| c.resolved_at.is_some() != args.is_resolved);
    let back = changed.map(|_| {
        Mutation::ResolveComment(ResolveComment {
            is_resolved: !args.is_resolved,
            ..args.clone()
        })
    });
    back.into_iter().collect()
}

/// The same edit by somebody who sees these rows.
pub(super) fn seeing(args: EditComment, rows: &Rows) -> EditComment {
    let comment = rows
        .draft(args.draft)
        .and_then(|draft| draft.reviews.comment(args.id));
    EditComment {
        was: comment.map(|comment| comment.body.clone()).or(args.was),
        ..args
    }
}
