//! Backups, and what is left of a damaged profile. All of it works while the profile in hand does
//! not open, as long as its key was found.

use serde::{Deserialize, Serialize};
use stoa_domain::Timestamp;

use crate::AppState;

/// The backups of the profile in hand, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListBackups {}

/// An encrypted copy of the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// The file's name, by which it is restored.
    pub name: String,
    pub kind: BackupKind,
    pub made_at: Option<Timestamp>,
    pub bytes: u64,
    /// The version of its schema; `None` when it cannot be read.
    pub schema: Option<u32>,
}

/// What a backup was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupKind {
    /// Made while working, or by hand.
    Rolling,
    /// Before a newer Stoa changed the schema.
    BeforeMigration,
    /// Before everything was fetched anew from a server that was restored.
    BeforeRefetch,
}

impl BackupKind {
    /// Every kind, for the test that each has its text.
    pub const ALL: [BackupKind; 3] = [
        BackupKind::Rolling,
        BackupKind::BeforeMigration,
        BackupKind::BeforeRefetch,
    ];

    /// The key of its text.
    pub fn text_key(self) -> &'static str {
        match self {
            BackupKind::Rolling => "backup-rolling",
            BackupKind::BeforeMigration => "backup-before-migration",
            BackupKind::BeforeRefetch => "backup-before-refetch",
        }
    }
}

/// Puts a backup in the place of the database. What is there goes aside and stays; what was never
/// sent is put back; the profile signs in again, as another device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreBackup {
    pub from: RestoreFrom,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum RestoreFrom {
    Backup {
        name: String,
    },
    /// A new, empty database: what was never sent comes back into it, the rest from the server.
    Nothing,
}

/// Where the profile stands after a restore.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restored {
    pub state: AppState,
    /// The folder with what was there before.
    pub set_aside: String,
}

/// Writes all that can be read of the profile in hand into a new folder, page by page. An open
/// profile is closed for it and opened again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Salvage {
    /// The folder to make it in; the default is the user's documents folder.
    pub folder: Option<String>,
}

/// What could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Salvaged {
    pub path: String,
    pub n_drafts: u64,
    pub n_rows: u64,
    /// Changes in the second copy of unsent work.
    pub n_unsent: u64,
    pub n_pages: u64,
    pub n_damaged_pages: u64,
    /// Rows that begin on a whole page and continue on a damaged one.
    pub n_broken_rows: u64,
}
