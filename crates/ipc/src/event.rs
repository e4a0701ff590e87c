//! What the studio tells the window without being asked.

use serde::{Deserialize, Serialize};
use stoa_domain::DraftId;

use crate::{
    AddingFile, AppState, DroppedFiles, FilesStatus, ImportReply, ImportStatus, Preferences,
    SyncStatus, TagProgress, UndoState,
};

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
    /// Files of drafts came or went.
    Files,
    /// How files travel, at most five times a second.
    Transfer(FilesStatus),
    /// How far a sound or a film is that is being taken in from the disk.
    Adding(AddingFile),
    /// How far the renaming of a tag is.
    TagProgress(TagProgress),
    /// Files became drafts.
    Imported(ImportReply),
    /// How the import of another program's export stands; absent when there is none any more.
    Import(Option<Box<ImportStatus>>),
    /// Files were dropped on the window.
    Dropped(DroppedFiles),
    /// A menu item was chosen: the id of its command.
    Command(String),
}
