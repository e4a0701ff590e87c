//! What goes wrong while the store is open, and while it is being opened.

use stoa_domain::ImageError;
use stoa_mutators::Reject;
use thiserror::Error;

/// A call on an open store was not carried out. Nothing of it was kept.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No space left on the disk.
    #[error("no space left on the disk")]
    DiskFull,
    /// The disk could not be read or written.
    #[error("the disk could not be read or written: {0}")]
    DiskFailed(String),
    /// The database is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// More text than a draft may have, in bytes.
    #[error("more than {limit} bytes")]
    TooLarge { limit: usize },
    /// There is no such draft, change or link.
    #[error("there is no such thing here")]
    NotFound,
    /// The rules refused the change.
    #[error("refused: {0:?}")]
    Rejected(Reject),
    /// A file cannot be taken in.
    #[error(transparent)]
    File(#[from] FileRefusal),
    /// A newer program wrote this store; it is open for reading and export.
    #[error("the store is open for reading only")]
    ReadOnly,
    /// The editing session has ended, or window and studio disagree about the text.
    #[error("the editing session has ended")]
    SessionEnded,
    /// The change was sent and not answered yet, or a later one that builds on it was.
    #[error("the change is under way")]
    UnderWay,
    /// The profile already holds the data of another community; use another profile.
    #[error("the profile belongs to another community")]
    OtherCommunity,
    /// The server's answer would take much away; nothing of it was applied.
    #[error("{} of {} rows of `{}` would go", .0.n, .0.of, .0.bucket)]
    RemovalHeld(crate::Removal),
    /// A defect of this program.
    #[error("internal: {0}")]
    Internal(String),
}

/// Why a file cannot belong to a draft. Nothing of it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FileRefusal {
    #[error("the file is empty")]
    Empty,
    #[error("the file has more than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("not an image: {0}")]
    NotAnImage(ImageError),
    /// By who looked at it when it was here.
    #[error("not a recording that can be read")]
    NotARecording,
}

/// The store could not be opened or made. No file was changed.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The database file is not there although it must be, or there is no manifest.
    #[error("the database file is missing")]
    Missing,
    /// The database file is there and empty.
    #[error("the database file is empty")]
    Empty,
    /// There is one already; it is never replaced.
    #[error("there is a database already")]
    AlreadyExists,
    /// There is no such backup.
    #[error("there is no such backup")]
    NoSuchBackup,
    /// Another program has this profile open.
    #[error("another program has this profile open")]
    InUse,
    /// The file belongs to another vault, or is no database of this program.
    #[error("the database file belongs to another vault")]
    ForeignDatabase,
    /// The file is this vault's and damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    #[error("no space left on the disk")]
    DiskFull,
    #[error("the disk could not be read or written: {0}")]
    DiskFailed(String),
    /// The manifest beside the database cannot be used.
    #[error(transparent)]
    Manifest(#[from] crate::ManifestError),
    /// Bringing the store up to this version failed; it is as it was before.
    #[error("migration {version} failed: {message}")]
    Migration { version: u32, message: String },
    /// The SQLite this program was built with is older than what is safe.
    #[error("SQLite {0} is too old")]
    OldSqlite(String),
    #[error("internal: {0}")]
    Internal(String),
}

impl From<serde_json::Error> for StoreError {
    /// What is written as JSON is written to a disk, which may be full.
    fn from(error: serde_json::Error) -> Self {
        match error.is_io() {
            true => std::io::Error::from(error).into(),
            false => Self::Internal(error.to_string()),
        }
    }
}
