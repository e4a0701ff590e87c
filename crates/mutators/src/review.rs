//! Expert review: asking for it, what is said in the margin, and the verdict.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Anchor, Check, CheckLabel, CheckState, Draft, DraftId, MAX_CHECKS, MAX_COMMENTS_CHARS,
    MAX_REVIEW_COMMENTS, Review, ReviewComment, ReviewCommentId, ReviewId, ReviewStatus,
    ReviewText, ReviewVerdict, Role, TextVersion, Timestamp, UserId,
};

use crate::draft::may_change;
use crate::{Context, Key, Reject, RejectCode, Row, Rows, decide};

/// `review.request@1`: somebody is asked to look at a draft as it is. Class C: one review is open
/// at a time, the first request counts. It is never the draft's author who is asked, nor whoever
/// asks, and it is somebody whose role reviews. A request that was withdrawn can be made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestReview {
    pub id: ReviewId,
    pub draft: DraftId,
    pub reviewer: UserId,
    /// The state of the text that is handed over.
    pub text_at: TextVersion,
    /// At most [`MAX_CHECKS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CheckLabel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<ReviewText>,
    /// When it was asked for, by the device's clock.
    pub at: Timestamp,
}

/// `review.withdraw@1`: a request is taken back. Class C: after a verdict it is `already_decided`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawReview {
    pub id: ReviewId,
    pub draft: DraftId,
}

/// `review.check@1`: what the reviewer found of one entry of the checklist. Class B, soft; each
/// entry stands alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    pub id: ReviewId,
    pub draft: DraftId,
    /// Which entry, counted from 0.
    pub item: u8,
    pub state: CheckState,
}

/// `review.decide@1`: the verdict. Class C: the first decision counts, a later one is
/// `already_decided` and is kept as a second opinion. Only who was asked decides, with a role that
/// reviews by then, and never about what is their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideReview {
    pub id: ReviewId,
    pub draft: DraftId,
    pub verdict: ReviewVerdict,
    /// Always there when changes are wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReviewText>,
    /// Absent where a device shows its own change over whatever came meanwhile; see
    /// [`Mutation::unguarded`](crate::Mutation::unguarded).
    #[serde(skip, default = "yes")]
    pub is_guarded: bool,
}

fn yes() -> bool {
    true
}

/// `review.comment@1`: a remark, about a passage or the whole text. Class A (insert once).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteComment {
    pub id: ReviewCommentId,
    pub draft: DraftId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Anchor>,
    pub body: ReviewText,
    /// When it was written, by the device's clock; one that is brought back keeps its time.
    pub at: Timestamp,
}

/// `review.comment_edit@1`: other words, by whoever wrote it. Class B, soft: the later arrival
/// wins, what the same person wrote on another device meanwhile is kept in the field history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditComment {
    pub id: ReviewCommentId,
    pub draft: DraftId,
    pub body: ReviewText,
    /// The words that were seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<ReviewText>,
}

/// `review.comment_drop@1`: a remark is gone, by whoever wrote it. Class B, soft; of one that is
/// gone it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropComment {
    pub id: ReviewCommentId,
    pub draft: DraftId,
}

/// `review.resolve@1`: a remark is dealt with, or is not after all. Class B, soft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolveComment {
    pub id: ReviewCommentId,
    pub draft: DraftId,
    pub is_resolved: bool,
}

impl RequestReview {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = may_change(rows, ctx, self.draft)?.clone();
        if self.checks.len() > MAX_CHECKS {
            return Err(Reject::field(RejectCode::Invalid, "checks"));
        }
        if draft.binned_at.is_some() || draft.archived_at.is_some() {
            return Err(Reject::field(RejectCode::Invalid, "draft"));
        }
        if draft.reviews.open.is_some() {
            return Err(Reject::field(RejectCode::AlreadyExists, "review"));
        }
        self.check_reviewer(&draft, rows, ctx)?;
        let again = draft.reviews.closed.iter().position(|r| r.id == self.id);
        let review = match again {
            Some(n) if draft.reviews.closed[n].status == ReviewStatus::Withdrawn => Review {
                status: ReviewStatus::Requested,
                closed_at: None,
                ..draft.reviews.closed.remove(n)
            },
            Some(_) => return Err(Reject::field(RejectCode::AlreadyExists, "review")),
            None => self.review(ctx),
        };
        draft.reviews.open = Some(Box::new(review));
        rows.put(Row::Draft(draft));
        Ok(())
    }

    fn check_reviewer(&self, draft: &Draft, rows: &Rows, ctx: &Context) -> Result<(), Reject> {
        let reviewer = Some(self.reviewer);
        if reviewer == ctx.user || reviewer == draft.author {
            return Err(Reject::field(RejectCode::NotAllowed, "own"));
        }
        let role = match rows.get(Key::person(self.reviewer)) {
            Some(Row::Person(person)) => person.role,
            _ => None,
        };
        match role.is_some_and(Role::reviews) {
            true => Ok(()),
            false => Err(Reject::field(RejectCode::Invalid, "reviewer")),
        }
    }

    fn review(&self, ctx: &Context) -> Review {
        let open = |label: &CheckLabel| Check {
            label: label.clone(),
            state: CheckState::Open,
        };
        Review {
            id: self.id,
            reviewer: self.reviewer,
            by: ctx.user,
            text_at: self.text_at.clone(),
            checks: self.checks.iter().map(open).collect(),
            note: self.note.clone(),
            at: self.at.min(ctx.now),
            status: ReviewStatus::Requested,
            reason: None,
            closed_at: None,
        }
    }
}

impl WithdrawReview {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = may_change(rows, ctx, self.draft)?.clone();
        undecided(&draft, self.id)?;
        let reviews = &mut draft.reviews;
        reviews.close(ReviewStatus::Withdrawn, None, ctx.now);
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

impl CheckItem {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = there(rows, self.draft)?.clone();
        check_is_reviewer(&draft, self.id, ctx)?;
        undecided(&draft, self.id)?;
        let checks = draft.reviews.open.as_mut().map(|open| &mut open.checks);
        let check = checks
            .and_then(|checks| checks.get_mut(usize::from(self.item)))
            .ok_or(Reject::field(RejectCode::Invalid, "checks"))?;
        check.state = self.state;
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

impl DecideReview {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = there(rows, self.draft)?.clone();
        let review = check_is_reviewer(&draft, self.id, ctx)?;
        if draft.author == ctx.user || review.by == ctx.user {
            return Err(Reject::field(RejectCode::NotAllowed, "own"));
        }
        if self.is_guarded && !ctx.role.reviews() {
            return Err(Reject::new(RejectCode::NotAllowed));
        }
        if self.verdict == ReviewVerdict::ChangesWanted && self.reason.is_none() {
            return Err(Reject::field(RejectCode::Invalid, "reason"));
        }
        undecided(&draft, self.id)?;
        let reviews = &mut draft.reviews;
        reviews.close(self.verdict.into(), self.reason.clone(), ctx.now);
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

impl WriteComment {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = takes_part(rows, ctx, self.draft)?.clone();
        let reviews = &mut draft.reviews;
        if reviews.comment(self.id).is_some() {
            return Err(Reject::new(RejectCode::AlreadyExists));
        }
        let comment = ReviewComment {
            id: self.id,
            review: reviews.open.as_ref().map(|open| open.id),
            anchor: self.anchor.clone(),
            body: self.body.clone(),
            by: ctx.user,
            at: self.at.min(ctx.now),
            resolved_at: None,
        };
        let place = reviews.comments.partition_point(|c| c.at <= comment.at);
        reviews.comments.insert(place, comment);
        check_room(&draft)?;
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

impl EditComment {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = there(rows, self.draft)?.clone();
        own_comment(&mut draft, self.id, ctx)?.body = self.body.clone();
        check_room(&draft)?;
        rows.put(Row::Draft(draft));
        Ok(())
    }

    /// The words that stand there and are neither those that were seen nor those that are wanted.
    pub(crate) fn overridden(&self, before: &Draft) -> Option<ReviewText> {
        let here = &before.reviews.comment(self.id)?.body;
        let is_other = self.was.as_ref().is_some_and(|was| was != here) && self.body != *here;
        is_other.then(|| here.clone())
    }
}

impl DropComment {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = there(rows, self.draft)?.clone();
        if draft.reviews.comment(self.id).is_none() {
            return Ok(());
        }
        own_comment(&mut draft, self.id, ctx)?;
        draft.reviews.comments.retain(|c| c.id != self.id);
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

impl ResolveComment {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        let mut draft = there(rows, self.draft)?.clone();
        if own_comment(&mut draft, self.id, ctx).is_err() {
            takes_part(rows, ctx, self.draft)?;
        }
        let mut comments = draft.reviews.comments.iter_mut();
        let Some(comment) = comments.find(|c| c.id == self.id) else {
            return Err(Reject::field(RejectCode::NotFound, "comments"));
        };
        comment.resolved_at = match self.is_resolved {
            true => comment.resolved_at.or(Some(ctx.shown_at())),
            false => None,
        };
        rows.put(Row::Draft(draft));
        Ok(())
    }
}

/// A draft that exists, whoever it belongs to.
fn there(rows: &Rows, id: DraftId) -> Result<&Draft, Reject> {
    let missing = match rows.is_gone(Key::draft(id)) {
        true => RejectCode::Deleted,
        false => RejectCode::NotFound,
    };
    rows.draft(id).ok_or(Reject::new(missing))
}

/// A draft that the person may change, or is asked to review.
fn takes_part<'r>(rows: &'r Rows, ctx: &Context, id: DraftId) -> Result<&'r Draft, Reject> {
    let draft = there(rows, id)?;
    let open = draft.reviews.open.as_ref();
    let is_asked = open.is_some_and(|open| Some(open.reviewer) == ctx.user);
    match is_asked && ctx.role.writes_drafts() {
        true => Ok(draft),
        false => may_change(rows, ctx, id),
    }
}

/// A review of which the person is the one that was asked.
fn check_is_reviewer<'d>(
    draft: &'d Draft,
    id: ReviewId,
    ctx: &Context,
) -> Result<&'d Review, Reject> {
    let review = draft.reviews.review(id);
    let review = review.ok_or(Reject::field(RejectCode::NotFound, "review"))?;
    match Some(review.reviewer) == ctx.user && ctx.role.writes_drafts() {
        true => Ok(review),
        false => Err(Reject::field(RejectCode::NotAllowed, "reviewer")),
    }
}

fn undecided(draft: &Draft, id: ReviewId) -> Result<(), Reject> {
    let review = draft.reviews.review(id);
    let review = review.ok_or(Reject::field(RejectCode::NotFound, "review"))?;
    decide(&review.status, &[ReviewStatus::Requested])
}

fn own_comment<'d>(
    draft: &'d mut Draft,
    id: ReviewCommentId,
    ctx: &Context,
) -> Result<&'d mut ReviewComment, Reject> {
    let mut comments = draft.reviews.comments.iter_mut();
    let comment = comments
        .find(|comment| comment.id == id)
        .ok_or(Reject::field(RejectCode::NotFound, "comments"))?;
    match comment.by == ctx.user && ctx.role.writes_drafts() {
        true => Ok(comment),
        false => Err(Reject::new(RejectCode::NotAllowed)),
    }
}

/// Whether the comments of a draft are not too many.
fn check_room(draft: &Draft) -> Result<(), Reject> {
    let comments = &draft.reviews.comments;
    let n_chars: usize = comments.iter().map(ReviewComment::n_chars).sum();
    match comments.len() > MAX_REVIEW_COMMENTS || n_chars > MAX_COMMENTS_CHARS {
        true => Err(Reject::field(RejectCode::Invalid, "comments")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
