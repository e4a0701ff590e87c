//! Expert review of a draft: who looks at which state of its text, by which list, what is said in
//! its margin, and what comes of it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{ReviewCommentId, ReviewId, TextVersion, Timestamp, UserId, text};

/// The longest note, reason or comment, in characters.
pub const MAX_REVIEW_TEXT_CHARS: usize = 2_000;
/// The longest entry of a checklist, in characters.
pub const MAX_CHECK_CHARS: usize = 200;
/// So many entries a checklist can have.
pub const MAX_CHECKS: usize = 30;
/// The longest passage that is quoted beside a comment, in characters; a longer one is cut.
pub const MAX_QUOTE_CHARS: usize = 200;
/// So many reviews of one draft that are over are remembered, the latest.
pub const MAX_CLOSED_REVIEWS: usize = 20;
/// So many comments one draft can have at once.
pub const MAX_REVIEW_COMMENTS: usize = 200;
/// So many characters all comments of one draft can have, with what they quote.
pub const MAX_COMMENTS_CHARS: usize = 40_000;

/// Why a text has no place in a review.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReviewTextError {
    #[error("there is nothing in it")]
    Empty,
    #[error("it has {chars} characters, too many")]
    TooLong { chars: usize },
}

/// What somebody writes in a review: 1 to [`MAX_REVIEW_TEXT_CHARS`] characters, trimmed, without
/// control characters but line breaks and tabs, and without embedded directions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReviewText(String);

impl ReviewText {
    /// Cleans, trims and checks a text.
    ///
    /// # Errors
    /// [`ReviewTextError`] of the text after cleaning.
    pub fn parse(input: &str) -> Result<Self, ReviewTextError> {
        let kept: String = text::clean(input)
            .chars()
            .filter(|c| !text::turns_direction(*c))
            .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
            .collect();
        measured(kept.trim(), MAX_REVIEW_TEXT_CHARS).map(Self)
    }

    /// The same, where nothing at all is as good.
    ///
    /// # Errors
    /// [`ReviewTextError::TooLong`].
    pub fn parse_optional(input: &str) -> Result<Option<Self>, ReviewTextError> {
        match Self::parse(input) {
            Err(ReviewTextError::Empty) => Ok(None),
            read => read.map(Some),
        }
    }

    /// The text, possibly of several lines.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is to be looked at: one line of 1 to [`MAX_CHECK_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CheckLabel(String);

impl CheckLabel {
    /// Cleans (line breaks become spaces, embedded directions go), trims and checks a line.
    ///
    /// # Errors
    /// [`ReviewTextError`] of the line after cleaning.
    pub fn parse(input: &str) -> Result<Self, ReviewTextError> {
        measured(one_line(input).trim(), MAX_CHECK_CHARS).map(Self)
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The passage that a comment is about, as it stood when the comment was written: one line of at
/// most [`MAX_QUOTE_CHARS`] characters, for people and for when the passage is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Quote(String);

impl Quote {
    /// Cleans and cuts a passage.
    pub fn new(input: &str) -> Self {
        let line = one_line(input);
        Self(line.trim().chars().take(MAX_QUOTE_CHARS).collect())
    }

    /// The passage.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Quote {
    fn from(input: String) -> Self {
        Self::new(&input)
    }
}

impl From<Quote> for String {
    fn from(quote: Quote) -> String {
        quote.0
    }
}

/// A place in a text that stays with the characters around it, whatever is written elsewhere: 1 to
/// 200 characters of base64 (standard alphabet, padded), which only the studio's document code
/// reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TextPlace(String);

impl TextPlace {
    /// Reads the form that travels. `None` when it cannot be one.
    pub fn parse(input: &str) -> Option<Self> {
        let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        let fits = (1..=200).contains(&input.len()) && input.bytes().all(is_base64);
        fits.then(|| Self(input.to_owned()))
    }

    /// The form that travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! strings {
    ($($name:ident, $error:ty, $parse:expr);+ $(;)?) => {$(
        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(input: String) -> Result<Self, $error> {
                ($parse)(&input)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    )+};
}

strings! {
    ReviewText, ReviewTextError, ReviewText::parse;
    CheckLabel, ReviewTextError, CheckLabel::parse;
    TextPlace, &'static str, |input: &str| TextPlace::parse(input).ok_or("not a place in a document");
}

fn one_line(input: &str) -> String {
    let kept = text::clean(input);
    let kept = kept.chars().filter(|c| !text::turns_direction(*c));
    let space = |c: char| match c {
        '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    kept.map(space).collect()
}

fn measured(kept: &str, most: usize) -> Result<String, ReviewTextError> {
    match kept.chars().count() {
        0 => Err(ReviewTextError::Empty),
        chars if chars > most => Err(ReviewTextError::TooLong { chars }),
        _ => Ok(kept.to_owned()),
    }
}

/// All that is known of the reviews of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviews {
    /// The one that waits for a verdict; there is one at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Box<Review>>,
    /// Those that are over, in the order in which they ended; the latest [`MAX_CLOSED_REVIEWS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<Review>,
    /// In the order in which they were written; at most [`MAX_REVIEW_COMMENTS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<ReviewComment>,
}

/// Somebody was asked to look at a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub id: ReviewId,
    pub reviewer: UserId,
    /// Who asked; set by the server from the session.
    pub by: Option<UserId>,
    /// The state of the text that was handed over.
    pub text_at: TextVersion,
    /// What is to be looked at, in this order; at most [`MAX_CHECKS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// What whoever asked has to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<ReviewText>,
    /// When it was asked for, as that person's device told it; for display.
    pub at: Timestamp,
    pub status: ReviewStatus,
    /// What the reviewer says of the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReviewText>,
    /// When it ended, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
}

/// How a review stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStatus {
    /// It waits for the verdict.
    Requested,
    /// Whoever may change the draft took it back.
    Withdrawn,
    /// The text is fine as it was handed over.
    Approved,
    /// The text has to be changed first.
    ChangesWanted,
}

impl ReviewStatus {
    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            ReviewStatus::Requested => "requested",
            ReviewStatus::Withdrawn => "withdrawn",
            ReviewStatus::Approved => "approved",
            ReviewStatus::ChangesWanted => "changes-wanted",
        }
    }
}

/// What a reviewer can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewVerdict {
    Approved,
    /// With a reason.
    ChangesWanted,
}

impl From<ReviewVerdict> for ReviewStatus {
    fn from(verdict: ReviewVerdict) -> Self {
        match verdict {
            ReviewVerdict::Approved => ReviewStatus::Approved,
            ReviewVerdict::ChangesWanted => ReviewStatus::ChangesWanted,
        }
    }
}

/// An entry of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub label: CheckLabel,
    #[serde(default, skip_serializing_if = "CheckState::is_open")]
    pub state: CheckState,
}

/// What the reviewer found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Not looked at yet.
    #[default]
    Open,
    Fine,
    /// Something is missing or wrong.
    Wanting,
}

impl CheckState {
    fn is_open(&self) -> bool {
        *self == Self::Open
    }

    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            CheckState::Open => "open",
            CheckState::Fine => "fine",
            CheckState::Wanting => "wanting",
        }
    }
}

/// A passage of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Where it begins and ends.
    pub from: TextPlace,
    pub to: TextPlace,
    pub quote: Quote,
}

/// A remark in the margin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewComment {
    pub id: ReviewCommentId,
    /// The review that was open when it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewId>,
    /// What it is about; absent for the whole text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Anchor>,
    pub body: ReviewText,
    /// Who wrote it; set by the server from the session.
    pub by: Option<UserId>,
    /// When it was written, as that person's device told it; for display.
    pub at: Timestamp,
    /// When somebody said that it is dealt with; absent while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
}

impl ReviewComment {
    /// What it counts for in [`MAX_COMMENTS_CHARS`].
    pub fn n_chars(&self) -> usize {
        let quote = self.anchor.as_ref().map_or("", |a| a.quote.as_str());
        self.body.as_str().chars().count() + quote.chars().count()
    }
}

impl Reviews {
    /// The review with an id, open or over.
    pub fn review(&self, id: ReviewId) -> Option<&Review> {
        let open = self.open.as_deref().into_iter();
        open.chain(&self.closed).find(|review| review.id == id)
    }

    /// The comment with an id.
    pub fn comment(&self, id: ReviewCommentId) -> Option<&ReviewComment> {
        self.comments.iter().find(|comment| comment.id == id)
    }

    /// The open one, or else the one that ended last.
    pub fn latest(&self) -> Option<&Review> {
        self.open.as_deref().or(self.closed.last())
    }

    /// Ends the open review, and forgets the oldest where too many are over.
    pub fn close(&mut self, status: ReviewStatus, reason: Option<ReviewText>, at: Timestamp) {
        let Some(open) = self.open.take() else { return };
        self.closed.push(Review {
            status,
            reason,
            closed_at: Some(at),
            ..*open
        });
        let too_many = self.closed.len().saturating_sub(MAX_CLOSED_REVIEWS);
        self.closed.drain(..too_many);
    }

    /// How many comments are not dealt with.
    pub fn n_unresolved(&self) -> usize {
        let unresolved = |comment: &&ReviewComment| comment.resolved_at.is_none();
        self.comments.iter().filter(unresolved).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_keeps_its_lines_and_nothing_that_hides() {
        let parse = |input: &str| ReviewText::parse(input).map(String::from);
        assert_eq!(parse(" 一\r\n二\u{7} "), Ok("一\n二".to_owned()));
        assert_eq!(parse("a\u{202E}b"), Ok("ab".to_owned()));
        assert_eq!(parse("\u{2066}\0\n "), Err(ReviewTextError::Empty));
        let chars = MAX_REVIEW_TEXT_CHARS + 1;
        assert_eq!(
            parse(&"长".repeat(chars)),
            Err(ReviewTextError::TooLong { chars })
        );
        assert_eq!(ReviewText::parse_optional(" "), Ok(None));
    }

    #[test]
    fn a_check_is_one_line_and_a_quote_is_cut() {
        let label = CheckLabel::parse("数据\n有出处").unwrap();
        assert_eq!(label.as_str(), "数据 有出处");
        assert_eq!(
            CheckLabel::parse(&"x".repeat(201)),
            Err(ReviewTextError::TooLong { chars: 201 })
        );
        let quote = Quote::new(&"引".repeat(500));
        assert_eq!(quote.as_str().chars().count(), MAX_QUOTE_CHARS);
        let read: Quote = serde_json::from_str("\"a\\nb\"").unwrap();
        assert_eq!(read.as_str(), "a b");
    }

    #[test]
    fn a_place_is_short_and_of_few_characters() {
        assert!(TextPlace::parse("AA==").is_some());
        assert!(TextPlace::parse("").is_none());
        assert!(TextPlace::parse("a b").is_none());
        assert!(TextPlace::parse(&"A".repeat(201)).is_none());
    }

    #[test]
    fn what_ends_is_remembered_and_the_oldest_is_forgotten() {
        let mut reviews = Reviews::default();
        for n in 0..=u8::try_from(MAX_CLOSED_REVIEWS).unwrap() {
            let at = Timestamp::from_millis(i64::from(n));
            reviews.open = Some(Box::new(Review {
                id: ReviewId::from_bytes([n; 16]),
                reviewer: UserId::from_bytes([1; 16]),
                by: None,
                text_at: TextVersion::parse("AA==").unwrap(),
                checks: Vec::new(),
                note: None,
                at,
                status: ReviewStatus::Requested,
                reason: None,
                closed_at: None,
            }));
            reviews.close(ReviewStatus::Approved, None, at);
        }
        assert_eq!(reviews.closed.len(), MAX_CLOSED_REVIEWS);
        assert_eq!(reviews.closed[0].id, ReviewId::from_bytes([1; 16]));
        assert_eq!(reviews.latest().unwrap().status, ReviewStatus::Approved);
        assert!(reviews.open.is_none());
        assert_eq!(serde_json::to_string(&Reviews::default()).unwrap(), "{}");
    }
}
