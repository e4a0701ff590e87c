//! What the studio tells the window without being asked.

use serde::{Deserialize, Serialize};
use stoa_domain::DraftId;

use crate::{AppState, ImportReply, Preferences, SyncStatus, UndoState};

/// Something changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum Event {
    /// The stage, the profile or the list of profiles.
    State(Box<AppState>),
    Preferences(Preferences),
    Sync(SyncStatus),
    /// What undo and redo would do now.
    Undo(UndoState),
    /// These drafts changed from elsewhere or by this window; an empty list means "any".
    Drafts(Vec<DraftId>),
    /// Files of drafts came, went or travel.
    Files,
    /// Files became drafts.
    Imported(ImportReply),
    /// A menu item was chosen: the id of its command.
    Command(String),
}
