//! Expert review of a draft.

use stoa_domain::{
    CheckLabel, MAX_CHECKS, ReviewCommentId, ReviewText, ReviewTextError, ReviewVerdict,
};
use stoa_ipc::{
    CheckItem, CommentInfo, DecideReview, DraftReviews, DraftSummary, DropComment, EditComment,
    Failure, GetReviews, ListReviewers, Passage, RequestReview, ResolveComment, ReviewInfo,
    ReviewerInfo, WithdrawReview, WriteComment,
};
use stoa_store::{CommentShown, NewComment, NewReview, ReviewShown, ReviewsShown, Store};

use super::draft::summary;
use crate::studio::Studio;

pub(super) async fn list_reviewers(
    studio: &Studio,
    request: ListReviewers,
) -> Result<Vec<ReviewerInfo>, Failure> {
    let list = move |store: &Store| store.reviewers(request.id);
    let reviewers = studio.ask(list).await?.into_iter();
    let told = reviewers.map(|reviewer| ReviewerInfo {
        id: reviewer.id,
        name: reviewer.name,
        role: reviewer.role,
    });
    Ok(told.collect())
}

pub(super) async fn get_reviews(
    studio: &Studio,
    request: GetReviews,
) -> Result<DraftReviews, Failure> {
    let get = move |store: &Store| store.reviews(request.id, request.session);
    studio.ask(get).await.map(told)
}

pub(super) async fn request_review(
    studio: &Studio,
    request: RequestReview,
) -> Result<DraftSummary, Failure> {
    let new = NewReview {
        reviewer: request.reviewer,
        checks: checks(&request.checks)?,
        note: optional("note", &request.note)?,
    };
    let options = studio.inner.options.clone();
    let id = request.id;
    let ask =
        move |store: &Store| store.request_review(id, new, options.clock.now(), &*options.random);
    studio.ask(ask).await.map(summary)
}

pub(super) async fn withdraw_review(
    studio: &Studio,
    request: WithdrawReview,
) -> Result<DraftSummary, Failure> {
    let now = studio.now();
    let withdraw = move |store: &Store| store.withdraw_review(request.id, now);
    studio.ask(withdraw).await.map(summary)
}

pub(super) async fn check_item(studio: &Studio, request: CheckItem) -> Result<(), Failure> {
    let now = studio.now();
    let found = (request.item, request.state);
    let check = move |store: &Store| store.check_item(request.id, found, now);
    studio.ask(check).await.map(drop)
}

pub(super) async fn decide_review(
    studio: &Studio,
    request: DecideReview,
) -> Result<DraftSummary, Failure> {
    let reason = optional("reason", &request.reason)?;
    if request.verdict == ReviewVerdict::ChangesWanted && reason.is_none() {
        return Err(Failure::field("reason", "required"));
    }
    let now = studio.now();
    let decide = move |store: &Store| store.decide_review(request.id, request.verdict, reason, now);
    studio.ask(decide).await.map(summary)
}

pub(super) async fn write_comment(
    studio: &Studio,
    request: WriteComment,
) -> Result<ReviewCommentId, Failure> {
    let new = NewComment {
        body: body(&request.body)?,
        at: request.at.map(|Passage { from, to }| from..to),
        session: request.session,
    };
    let options = studio.inner.options.clone();
    let id = request.id;
    let write =
        move |store: &Store| store.write_comment(id, new, options.clock.now(), &*options.random);
    studio.ask(write).await
}

pub(super) async fn edit_comment(studio: &Studio, request: EditComment) -> Result<(), Failure> {
    let body = body(&request.body)?;
    let now = studio.now();
    let edit = move |store: &Store| store.edit_comment(request.id, request.comment, body, now);
    studio.ask(edit).await
}

pub(super) async fn drop_comment(studio: &Studio, request: DropComment) -> Result<(), Failure> {
    let now = studio.now();
    let drop_it = move |store: &Store| store.drop_comment(request.id, request.comment, now);
    studio.ask(drop_it).await
}

pub(super) async fn resolve_comment(
    studio: &Studio,
    request: ResolveComment,
) -> Result<(), Failure> {
    let now = studio.now();
    let ResolveComment {
        id,
        comment,
        is_resolved,
    } = request;
    let resolve = move |store: &Store| store.resolve_comment(id, comment, is_resolved, now);
    studio.ask(resolve).await
}

fn checks(lines: &[String]) -> Result<Vec<CheckLabel>, Failure> {
    let mut checks = Vec::new();
    for line in lines {
        match CheckLabel::parse(line) {
            Ok(label) => checks.push(label),
            Err(ReviewTextError::Empty) => {}
            Err(ReviewTextError::TooLong { .. }) => {
                return Err(Failure::field("checks", "too-long"));
            }
        }
    }
    match checks.len() > MAX_CHECKS {
        true => Err(Failure::field("checks", "too-many")),
        false => Ok(checks),
    }
}

fn body(text: &str) -> Result<ReviewText, Failure> {
    ReviewText::parse(text).map_err(|error| {
        let reason = match error {
            ReviewTextError::Empty => "required",
            ReviewTextError::TooLong { .. } => "too-long",
        };
        Failure::field("body", reason)
    })
}

fn optional(field: &str, text: &str) -> Result<Option<ReviewText>, Failure> {
    ReviewText::parse_optional(text).map_err(|_| Failure::field(field, "too-long"))
}

fn told(shown: ReviewsShown) -> DraftReviews {
    DraftReviews {
        reviews: shown.reviews.into_iter().map(review).collect(),
        comments: shown.comments.into_iter().map(comment).collect(),
        may_ask: shown.may_ask,
        may_comment: shown.may_comment,
        may_decide: shown.may_decide,
    }
}

fn review(shown: ReviewShown) -> ReviewInfo {
    let review = shown.review;
    ReviewInfo {
        id: review.id,
        reviewer_name: shown.reviewer_name.unwrap_or_default(),
        by_name: shown.by_name.unwrap_or_default(),
        is_for_me: shown.is_for_me,
        status: review.status,
        checks: review.checks,
        note: review.note.map(String::from).unwrap_or_default(),
        reason: review.reason.map(String::from).unwrap_or_default(),
        at: review.at,
        closed_at: review.closed_at,
        text_at: review.text_at,
        is_here: shown.is_here,
        is_changed_since: shown.is_changed_since,
    }
}

fn comment(shown: CommentShown) -> CommentInfo {
    let comment = shown.comment;
    CommentInfo {
        id: comment.id,
        by_name: shown.by_name.unwrap_or_default(),
        is_own: shown.is_own,
        body: comment.body.into(),
        at: comment.at,
        is_resolved: comment.resolved_at.is_some(),
        quote: comment.anchor.map(|anchor| anchor.quote.into()),
        passage: shown.at.map(|at| Passage {
            from: at.start,
            to: at.end,
        }),
    }
}
