//! Versions of a text: which writing belongs together, and the states that somebody named or that
//! went to members.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{TextVersion, Timestamp, UserId, VersionId, text};

/// The longest name of a version, in characters.
pub const MAX_VERSION_NAME_CHARS: usize = 80;
/// So many versions of one draft can have a name at once.
pub const MAX_NAMED_VERSIONS: usize = 200;
/// So many publications of one draft are remembered, the latest.
pub const MAX_PUBLISHED_VERSIONS: usize = 100;
/// A pause in writing of this many milliseconds ends a session. Ten minutes: thinking, reading up
/// or a telephone call does not part what is written before and after it, a meal or another task
/// does; a day of work is a handful of versions then, not a hundred.
pub const SESSION_PAUSE_MS: i64 = 10 * 60 * 1_000;

/// Whether writing that began at `began_at` goes on with a session that was last written in at
/// `last_at`. A clock that was set back does not glue sessions together.
pub fn is_same_session(last_at: Timestamp, began_at: Timestamp) -> bool {
    began_at.millis_since(last_at).saturating_abs() < SESSION_PAUSE_MS
}

/// The name of a version: one line, trimmed, 1 to [`MAX_VERSION_NAME_CHARS`] characters, without
/// characters that turn round the direction of what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionName(String);

/// Why a text cannot be the name of a version.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VersionNameError {
    #[error("a version needs a name")]
    Empty,
    #[error("the name has {chars} characters, more than {MAX_VERSION_NAME_CHARS}")]
    TooLong { chars: usize },
}

impl VersionName {
    /// Cleans (control characters and line breaks become spaces, embedded directions go), trims
    /// and checks a name.
    ///
    /// # Errors
    /// [`VersionNameError`] of the name after cleaning.
    pub fn parse(input: &str) -> Result<Self, VersionNameError> {
        let line: String = text::clean(input)
            .chars()
            .filter(|c| !text::turns_direction(*c))
            .map(|c| match c {
                '\u{2028}' | '\u{2029}' => ' ',
                c if c.is_control() => ' ',
                c => c,
            })
            .collect();
        let name = line.trim();
        match name.chars().count() {
            0 => Err(VersionNameError::Empty),
            chars if chars > MAX_VERSION_NAME_CHARS => Err(VersionNameError::TooLong { chars }),
            _ => Ok(Self(name.to_owned())),
        }
    }

    /// The name as one line of text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for VersionName {
    type Error = VersionNameError;

    fn try_from(input: String) -> Result<Self, VersionNameError> {
        Self::parse(&input)
    }
}

impl From<VersionName> for String {
    fn from(name: VersionName) -> String {
        name.0
    }
}

/// The states of a draft's text that are kept by name or because members saw them. The texts are
/// not copied: each is a place in the history of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// In the order in which they were named; at most [`MAX_NAMED_VERSIONS`].
    #[serde(default)]
    pub named: Vec<NamedVersion>,
    /// In the order in which they were published; the latest [`MAX_PUBLISHED_VERSIONS`].
    #[serde(default)]
    pub published: Vec<PublishedVersion>,
}

/// A state that somebody gave a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedVersion {
    pub id: VersionId,
    pub name: VersionName,
    pub text_at: TextVersion,
    /// Who named it; set by the server from the session.
    pub by: Option<UserId>,
    /// When it was named, as that person's device told it; for display.
    pub at: Timestamp,
}

/// A state that was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedVersion {
    /// Which publication of the draft it was, counted from 1.
    pub post: u32,
    pub text_at: TextVersion,
    pub by: Option<UserId>,
    /// When it was published, by the server's clock.
    pub at: Timestamp,
}

impl Versions {
    /// The version with an id.
    pub fn named(&self, id: VersionId) -> Option<&NamedVersion> {
        self.named.iter().find(|version| version.id == id)
    }

    /// Remembers a publication, and forgets the oldest where there are too many.
    pub fn publish(&mut self, version: PublishedVersion) {
        self.published.push(version);
        let too_many = self.published.len().saturating_sub(MAX_PUBLISHED_VERSIONS);
        self.published.drain(..too_many);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_stands_for_itself() {
        let parse = |input: &str| VersionName::parse(input).map(String::from);
        assert_eq!(parse("  一审稿 "), Ok("一审稿".to_owned()));
        assert_eq!(parse("one\r\ntwo\u{7}"), Ok("one two".to_owned()));
        assert_eq!(parse("safe\u{202E}txt.exe"), Ok("safetxt.exe".to_owned()));
        assert_eq!(parse("مسودة أولى"), Ok("مسودة أولى".to_owned()));
        assert_eq!(parse("\u{2066}\u{2069} \0\n"), Err(VersionNameError::Empty));
        assert_eq!(parse(&"长".repeat(80)), Ok("长".repeat(80)));
        let chars = 81;
        assert_eq!(
            parse(&"长".repeat(chars)),
            Err(VersionNameError::TooLong { chars })
        );
    }

    #[test]
    fn a_pause_of_ten_minutes_ends_a_session() {
        let at = Timestamp::from_millis;
        assert!(is_same_session(at(0), at(SESSION_PAUSE_MS - 1)));
        assert!(!is_same_session(at(0), at(SESSION_PAUSE_MS)));
        assert!(is_same_session(at(5_000), at(0)));
        assert!(!is_same_session(at(i64::MAX), at(i64::MIN)));
    }

    #[test]
    fn the_oldest_publications_are_forgotten_first() {
        let mut versions = Versions::default();
        let n = u32::try_from(MAX_PUBLISHED_VERSIONS).unwrap() + 3;
        for post in 1..=n {
            versions.publish(PublishedVersion {
                post,
                text_at: TextVersion::parse("AA==").unwrap(),
                by: None,
                at: Timestamp::from_millis(post.into()),
            });
        }
        assert_eq!(versions.published.len(), MAX_PUBLISHED_VERSIONS);
        assert_eq!(versions.published[0].post, 4);
        assert_eq!(versions.published.last().unwrap().post, n);
    }
}
