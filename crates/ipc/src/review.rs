//! Expert review of a draft.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Check, CheckState, DraftId, ReviewCommentId, ReviewId, ReviewStatus, ReviewVerdict, Role,
    TextVersion, Timestamp, UserId,
};

/// Asks who can be asked to review a draft: everybody whose role reviews, but its author and
/// oneself. Empty on a computer that has no account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListReviewers {
    pub id: DraftId,
}

/// Somebody who can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewerInfo {
    pub id: UserId,
    pub name: String,
    pub role: Role,
}

/// Hands a draft over for review, as its text is now. `invalid_input` with the field `reviewer`
/// (reason `own-work` or `not-a-reviewer`), `checks` (at most 30 lines of 1 to 200 characters),
/// `note` (at most 2,000 characters) or `review` (one is open).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestReview {
    pub id: DraftId,
    pub reviewer: UserId,
    /// What is to be looked at, in this order; empty lines are left out.
    #[serde(default)]
    pub checks: Vec<String>,
    /// May be empty.
    #[serde(default)]
    pub note: String,
}

/// Takes the open request back. `not_found` when none is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawReview {
    pub id: DraftId,
}

/// Says what the reviewer found of an entry of the checklist, counted from 0. `not_found` when no
/// review is open, `not_allowed` for anybody but the reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    pub id: DraftId,
    pub item: u8,
    pub state: CheckState,
}

/// The reviewer's verdict, held for some seconds and final then. `not_found` when no review is
/// open, `not_allowed` for anybody but the reviewer, `invalid_input` with the field `reason` when
/// changes are wanted without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideReview {
    pub id: DraftId,
    pub verdict: ReviewVerdict,
    /// May be empty when the draft is approved; at most 2,000 characters.
    #[serde(default)]
    pub reason: String,
}

/// A passage of a Markdown text, in UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub from: usize,
    pub to: usize,
}

/// Writes a comment. `invalid_input` with the field `body` (1 to 2,000 characters), `at` (no
/// passage of the text) or `comments` (there are too many); `not_allowed` for who takes no part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteComment {
    pub id: DraftId,
    pub body: String,
    /// Absent for a comment about the whole text.
    #[serde(default)]
    pub at: Option<Passage>,
    /// The editing session in whose text the passage is; absent for the text as it was saved.
    #[serde(default)]
    pub session: Option<u64>,
}

/// Gives a comment of one's own other words; errors like [`WriteComment`], and `not_found`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditComment {
    pub id: DraftId,
    pub comment: ReviewCommentId,
    pub body: String,
}

/// Takes a comment of one's own away. `not_found` when it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropComment {
    pub id: DraftId,
    pub comment: ReviewCommentId,
}

/// Says that a comment is dealt with, or is not after all. `not_found` when it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolveComment {
    pub id: DraftId,
    pub comment: ReviewCommentId,
    pub is_resolved: bool,
}

/// Asks for the reviews and comments of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetReviews {
    pub id: DraftId,
    /// The editing session in whose text the passages are to be found; absent for the text as it
    /// was saved. `session_ended` for one that has ended.
    #[serde(default)]
    pub session: Option<u64>,
}

/// What is known of the reviews of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftReviews {
    /// The open one first, then at most 20 that are over, the latest first.
    pub reviews: Vec<ReviewInfo>,
    /// In the order of the text; those about all of it first, those whose passage is gone last.
    pub comments: Vec<CommentInfo>,
    pub may_ask: bool,
    pub may_comment: bool,
    /// Whether who works here decides about the open one.
    pub may_decide: bool,
}

impl DraftReviews {
    /// The one that waits for a verdict.
    pub fn open(&self) -> Option<&ReviewInfo> {
        let first = self.reviews.first();
        first.filter(|review| review.status == ReviewStatus::Requested)
    }
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewInfo {
    pub id: ReviewId,
    /// What the reviewer is called, and who asked; empty where they are not known here.
    pub reviewer_name: String,
    pub by_name: String,
    /// Whether who works here was asked.
    pub is_for_me: bool,
    pub status: ReviewStatus,
    pub checks: Vec<Check>,
    /// What was said when it was asked for; may be empty.
    pub note: String,
    /// What is said of the verdict; may be empty.
    pub reason: String,
    pub at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// The state of the text that was handed over; for comparing.
    pub text_at: TextVersion,
    /// Whether that text is on this computer.
    pub is_here: bool,
    /// Whether the text went on since.
    pub is_changed_since: bool,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentInfo {
    pub id: ReviewCommentId,
    /// Who wrote it; empty where they are not known here.
    pub by_name: String,
    pub is_own: bool,
    pub body: String,
    pub at: Timestamp,
    pub is_resolved: bool,
    /// The passage as it stood when the comment was written; absent for the whole text.
    pub quote: Option<String>,
    /// Where the passage is now; absent where there is none, or none any more.
    pub passage: Option<Passage>,
}

/// What lists show of the latest review of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewMark {
    pub status: ReviewStatus,
    pub is_for_me: bool,
    /// When it ended, by the server's clock.
    pub closed_at: Option<Timestamp>,
    /// Comments that are not dealt with.
    pub n_unresolved: u64,
}
