//! A publication that the server has not accepted.

use stoa_domain::{Content, DraftId, Timestamp};

/// What a publication says that waits or was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub draft: DraftId,
    pub content: Content,
    pub live_at: Option<Timestamp>,
    pub unless_after: Option<Timestamp>,
    /// Whether the draft is not as it was when this was decided.
    pub is_behind: bool,
    pub is_refused: bool,
}

/// What somebody had before their eyes who wanted to publish, beside what there is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenThen {
    pub differs: Vec<Differs>,
    pub title_then: String,
    pub title: String,
    /// Absent where the state of then is not on this computer.
    pub text_then: Option<String>,
    pub text: String,
}

/// What is not as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differs {
    /// The draft is in the bin.
    Bin,
    /// Something else was published, or it was withdrawn.
    Post,
    Title,
    /// What it is to become: audience, address, cover.
    Content,
    /// The text or its files.
    Text,
}
