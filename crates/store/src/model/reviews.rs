//! Reviews of a draft, as they are asked for and shown.

use std::ops::Range;

use stoa_domain::{
    CheckLabel, Review, ReviewComment, ReviewStatus, ReviewText, Role, Timestamp, UserId,
};

/// Somebody who can be asked to review a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    pub id: UserId,
    pub name: String,
    pub role: Role,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview {
    pub reviewer: UserId,
    pub checks: Vec<CheckLabel>,
    pub note: Option<ReviewText>,
}

/// A remark to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewComment {
    pub body: ReviewText,
    /// What it is about, in UTF-16 units of the Markdown; absent for the whole text.
    pub at: Option<Range<usize>>,
    /// The editing session that shows this Markdown; absent for the text as it is on the disk.
    pub session: Option<u64>,
}

/// What lists show of the reviews of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewBadge {
    pub status: ReviewStatus,
    /// Whether who works here was asked.
    pub is_for_me: bool,
    /// When it ended, by the server's clock.
    pub closed_at: Option<Timestamp>,
    /// Comments that are not dealt with.
    pub n_unresolved: u64,
}

/// The reviews of a draft and all that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewsShown {
    /// The open one first, then those that are over, the latest first.
    pub reviews: Vec<ReviewShown>,
    /// In the order of the text, those about all of it first and those whose passage is gone last.
    pub comments: Vec<CommentShown>,
    /// Whether who works here may ask for a review.
    pub may_ask: bool,
    /// Whether who works here may write comments.
    pub may_comment: bool,
    /// Whether who works here decides about the open one.
    pub may_decide: bool,
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewShown {
    pub review: Review,
    /// What the reviewer is called, and who asked; absent where they are not known here.
    pub reviewer_name: Option<String>,
    pub by_name: Option<String>,
    pub is_for_me: bool,
    /// Whether the text that was handed over is on this computer.
    pub is_here: bool,
    /// Whether the text went on since.
    pub is_changed_since: bool,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentShown {
    pub comment: ReviewComment,
    pub by_name: Option<String>,
    pub is_own: bool,
    /// Where its passage is now, in UTF-16 units of the Markdown; absent where it is about the
    /// whole text, is dealt with, or its passage is gone.
    pub at: Option<Range<usize>>,
}
