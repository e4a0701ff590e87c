//! What a text can mention.

use serde::{Deserialize, Serialize};
use stoa_domain::{DraftId, Role, Shelf, UserId};

/// Asks what a text can mention: content of every shelf but the bin, what members see first, and
/// people of the community. Found by letters of the title or name, and by pinyin and initials.
/// `invalid_input` with the field `query` (reason `too-long`) beyond 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindMentions {
    /// What was typed; empty for what was written last.
    #[serde(default)]
    pub query: String,
    /// The draft that is being written does not mention itself.
    pub own: DraftId,
}

/// What fits, the best first: at most 8 contents and 6 people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentionable {
    pub posts: Vec<MentionablePost>,
    /// Empty on a computer that has no account.
    pub people: Vec<MentionablePerson>,
}

/// Content with a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionablePost {
    pub id: DraftId,
    pub title: String,
    pub shelf: Shelf,
}

/// Somebody of the community.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionablePerson {
    pub id: UserId,
    pub name: String,
    /// Absent where this studio may not know it.
    pub role: Option<Role>,
}
