//! A draft: a title, a place (list or bin) and a text kept as a document beside it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    Content, DraftId, Lesson, Post, Reviews, Sections, Shelf, Timestamp, UserId, Versions, text,
};

/// The longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 200;
/// The longest text of one draft, in bytes of Markdown.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// A title: one line, trimmed, at most [`MAX_TITLE_CHARS`] characters. It may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Title(String);

/// Why a text cannot be a title.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TitleError {
    #[error("the title has {chars} characters, more than {MAX_TITLE_CHARS}")]
    TooLong { chars: usize },
}

impl Title {
    /// Cleans (control characters and line breaks become spaces), trims and checks a title.
    ///
    /// # Errors
    /// [`TitleError::TooLong`] with the length after cleaning.
    pub fn parse(input: &str) -> Result<Self, TitleError> {
        let line: String = text::clean(input)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let title = line.trim();
        let chars = title.chars().count();
        if chars > MAX_TITLE_CHARS {
            return Err(TitleError::TooLong { chars });
        }
        Ok(Self(title.to_owned()))
    }

    /// The title as one line of text, possibly empty.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Title {
    type Error = TitleError;

    fn try_from(input: String) -> Result<Self, TitleError> {
        Self::parse(&input)
    }
}

impl From<Title> for String {
    fn from(title: Title) -> String {
        title.0
    }
}

/// What every device and the server agree on about a draft, apart from its text. It is that of
/// whatever is made: an article, a course, a live session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub id: DraftId,
    pub title: Title,
    /// Who wrote it; set by the server from the session, absent until a server has seen it.
    pub author: Option<UserId>,
    pub created_at: Timestamp,
    /// When a person last changed title or text, as their device told it; for display and order.
    pub edited_at: Timestamp,
    /// When it was put into the bin; absent while it is in the list.
    pub binned_at: Option<Timestamp>,
    /// What it is to become, and for whom.
    #[serde(flatten)]
    pub content: Content,
    /// What of it members see; absent when it was never published.
    #[serde(default)]
    pub post: Option<Box<Post>>,
    /// When it was put away; absent while it is not.
    #[serde(default)]
    pub archived_at: Option<Timestamp>,
    /// The states of its text that are kept by name, or because members saw them.
    #[serde(default)]
    pub versions: Versions,
    /// Who was asked to look at it, and what they say.
    #[serde(default)]
    pub reviews: Box<Reviews>,
    /// The sections of a course.
    #[serde(default)]
    pub sections: Sections,
    /// Its place in a course or column; absent where it stands in none.
    #[serde(default)]
    pub lesson: Option<Box<Lesson>>,
}

impl Draft {
    /// A new draft with nothing but a title.
    pub fn new(id: DraftId, title: Title, author: Option<UserId>, at: Timestamp) -> Self {
        Self {
            id,
            title,
            author,
            created_at: at,
            edited_at: at,
            binned_at: None,
            content: Content::default(),
            post: None,
            archived_at: None,
            versions: Versions::default(),
            reviews: Box::default(),
            sections: Sections::default(),
            lesson: None,
        }
    }

    /// The post that members see, or will see when its time comes.
    pub fn offered(&self) -> Option<&Post> {
        let is_away = self.archived_at.is_some() || self.binned_at.is_some();
        let post = self.post.as_deref().filter(|_| !is_away);
        post.filter(|post| post.withdrawn_at.is_none())
    }

    /// Where it stands at a time.
    pub fn shelf(&self, now: Timestamp) -> Shelf {
        match self.offered() {
            _ if self.binned_at.is_some() => Shelf::Bin,
            _ if self.archived_at.is_some() => Shelf::Archived,
            None if self.reviews.open.is_some() => Shelf::InReview,
            None => Shelf::Drafts,
            Some(post) if post.live_at > now => Shelf::Scheduled,
            Some(_) => Shelf::Published,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &Result<&str, TitleError>) {
        let title = Title::parse(input);
        assert_eq!(
            title.as_ref().map(Title::as_str),
            expected.as_ref().copied()
        );
    }

    #[test]
    fn titles_are_one_trimmed_line() {
        check("  知识付费入门 ", &Ok("知识付费入门"));
        check("two\nlines", &Ok("two lines"));
        check("nul\0inside", &Ok("nulinside"));
        check("", &Ok(""));
        check(&"长".repeat(200), &Ok(&"长".repeat(200)));
        check(&"长".repeat(201), &Err(TitleError::TooLong { chars: 201 }));
    }
}
