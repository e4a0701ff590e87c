//! Undo and redo: any number of steps, over restarts.

use serde::{Deserialize, Serialize};
use stoa_domain::DraftId;

/// Asks for [`UndoState`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetUndo {}

/// What undo and redo would do now; absent when there is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoState {
    pub undo: Option<StepText>,
    pub redo: Option<StepText>,
}

/// A step as a phrase: key `step-<kind>` with the draft's title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepText {
    /// `create`, `rename`, `duplicate`, `import`, `bin`, `restore`, `discard`.
    pub kind: String,
    /// The title of the draft, possibly empty.
    pub title: String,
    /// How many drafts it was about.
    pub n_of: u64,
}

/// Takes the latest step back; `None` when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {}

/// Does the step again that was taken back last; `None` when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redo {}

/// Takes one step back, whatever was done after it; `None` when it was taken back before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoStep {
    pub n: i64,
}

/// A step that was taken back or done again, or passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    pub text: StepText,
    /// The draft it was about first, and where it is now.
    pub draft: DraftId,
    pub place: DraftPlace,
    /// Why it was passed over instead; nothing was changed then (`passed-over-<name>`).
    pub passed_over: Option<PassedOver>,
}

/// Where a draft is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftPlace {
    List,
    Bin,
    Nowhere,
}

/// Why a step was not turned round. It cannot be any more; those before it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassedOver {
    /// The same thing was changed since.
    ChangedSince,
    /// What it was about does not exist any more.
    Gone,
    /// It was sent, and nothing takes it back.
    Final,
    /// The role does not allow it, or what it would take back is just being sent.
    NotAllowed,
}

impl PassedOver {
    /// Every reason, for the test that each has its text.
    pub const ALL: [PassedOver; 4] = [
        PassedOver::ChangedSince,
        PassedOver::Gone,
        PassedOver::Final,
        PassedOver::NotAllowed,
    ];

    /// The key of its sentence.
    pub fn text_key(self) -> &'static str {
        match self {
            PassedOver::ChangedSince => "passed-over-changed-since",
            PassedOver::Gone => "passed-over-gone",
            PassedOver::Final => "passed-over-final",
            PassedOver::NotAllowed => "passed-over-not-allowed",
        }
    }
}
