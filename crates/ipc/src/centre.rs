//! Conflicts, and what is on this computer: the parts of the sync centre where something is
//! decided or looked after.

use serde::{Deserialize, Serialize};
use stoa_domain::{DraftId, Timestamp};

use crate::{FileSum, FileSums};

/// Conflicts that wait for a decision, oldest first; or those that are settled, the last first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListConflicts {
    pub settled: bool,
    /// At most 1,000.
    pub limit: u32,
}

/// Something that was changed here and elsewhere at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    pub id: i64,
    pub draft: DraftId,
    /// The draft's title when it was found, possibly empty.
    pub title: String,
    pub about: ConflictAbout,
    pub seen_at: Timestamp,
    /// How it was settled and when; `None` while it waits.
    pub settled: Option<Settled>,
    /// How many others are open about the same kind of thing.
    pub n_alike: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ConflictAbout {
    /// A field that must not be overwritten unseen: `field-<name>`.
    Field {
        field: String,
        base: String,
        mine: String,
        /// `None` until the server has told it.
        theirs: Option<String>,
    },
    /// Paragraphs of a text, which were merged and should be looked at.
    Text { n_clashes: u64 },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub at: Timestamp,
    /// `mine`, `theirs`, `written`, `same` (both sides came to the same): `settled-<by>`.
    pub by: String,
}

/// The paragraphs of a conflict about a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetConflict {
    pub id: i64,
}

/// A text as both sides have it, stretch by stretch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictText {
    pub conflict: Conflict,
    pub stretches: Vec<Stretch>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Stretch {
    /// Nobody changed it; at most its beginning and its end.
    Same { text: String },
    /// Only one side changed it; at most its beginning and its end.
    Merged { mine: bool, text: String },
    /// Both changed it. The pieces tell how each differs from what both come from.
    Clash {
        base: String,
        mine: Vec<Piece>,
        theirs: Vec<Piece>,
    },
}

/// A piece of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "text", rename_all = "snake_case")]
pub enum Piece {
    Same(String),
    /// In the old text only.
    Gone(String),
    /// In the new text only.
    New(String),
}

/// Settles a conflict by an ordinary change; both versions stay in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolveConflict {
    pub id: i64,
    pub decision: Decision,
    /// The same for all others that are open about the same kind of thing; not with words of
    /// one's own.
    pub alike: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Decision {
    Mine,
    Theirs,
    /// A third value of a field.
    Written {
        text: String,
    },
    /// A choice for each clash of a text, in order.
    Paragraphs {
        choices: Vec<ParagraphChoice>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ParagraphChoice {
    Mine,
    Theirs,
    /// Mine, then theirs.
    Both,
    Written {
        text: String,
    },
}

/// How many conflicts were settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    pub n: u64,
}

/// Makes a new draft of one version of a text, also of a settled conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepVersion {
    pub id: i64,
    /// Mine, or theirs.
    pub mine: bool,
}

/// Makes a new draft of the work on one that was deleted elsewhere; what was refused of it is
/// settled with that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepAsNew {
    /// The draft that was deleted.
    pub draft: DraftId,
}

/// Keeps a waiting change on this computer until it is released, with what follows it on its
/// draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepBack {
    pub lid: i64,
    pub kept_back: bool,
}

/// Sends a waiting draft's changes before those of other drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendFirst {
    pub lid: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetStorage {}

/// What is on this computer, in bytes on the disk where nothing else is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storage {
    pub n_drafts: u64,
    pub n_in_bin: u64,
    /// Texts as Markdown, without their history.
    pub text_bytes: u64,
    /// The encrypted database with its log.
    pub database_bytes: u64,
    pub n_backups: u64,
    pub backup_bytes: u64,
    pub last_backup_at: Option<Timestamp>,
    /// Whether all that was never sent is kept a second time, beside the database.
    pub is_unsent_kept_twice: bool,
    /// What opens the database.
    pub locks: Locks,
    /// Databases that a restore put aside; they stay until somebody removes them by hand.
    #[serde(default)]
    pub set_aside: FileSum,
    /// Contents of attachments, in bytes of their own; each is encrypted with a key of its own.
    #[serde(default)]
    pub files: FileSums,
}

/// The locks of a profile. A recovery key there always is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locks {
    /// The system's keychain keeps the key.
    pub keychain: bool,
    pub passphrase: bool,
}

/// Makes a verified, encrypted copy of the database beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackUpNow {}

/// Writes the history as a text file for whoever helps: times, kinds and counts; no titles, no
/// contents, no addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportHistory {
    /// The folder; the default is the user's documents folder.
    pub folder: Option<String>,
}

/// Where a file was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenFile {
    pub path: String,
}
