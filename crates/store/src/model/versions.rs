//! The states that a text went through, as they are shown.

use stoa_domain::{NamedVersion, TextVersion, Timestamp, UserId};

/// How a state of a text came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateKind {
    /// Somebody wrote without a pause.
    Written,
    /// An earlier text was put in the place of the one before, and perhaps written on.
    Restored,
    /// What was written apart came together.
    Merged,
    /// It was named or published in the midst of writing.
    Kept,
}

/// A state that a text went through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextState {
    pub text_at: TextVersion,
    /// The state that it began on; absent where its own text is not on this computer.
    pub before: Option<TextVersion>,
    pub kind: StateKind,
    /// Who wrote it; absent for work that came together and for a computer without an account.
    pub by: Option<UserId>,
    /// What that person is called, where it is somebody else who is known here.
    pub by_name: Option<String>,
    /// Whether it was written by who works here.
    pub is_own: bool,
    /// From when to when it was written, as the devices told it.
    pub began_at: Timestamp,
    pub at: Timestamp,
    /// Characters that it has and the state before had not, and the other way round.
    pub n_added: u64,
    pub n_removed: u64,
    /// The names it was given.
    pub named: Vec<NamedVersion>,
    /// The publications that it was; see [`stoa_domain::PublishedVersion`].
    pub posts: Vec<u32>,
    /// Whether it is the text as it is now.
    pub is_present: bool,
    /// Whether its text is on this computer.
    pub is_here: bool,
}
