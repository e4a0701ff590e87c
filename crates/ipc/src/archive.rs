//! Profiles that were put aside when the account or the server changed. Nothing of them is deleted.

use serde::{Deserialize, Serialize};
use stoa_domain::Timestamp;

/// Puts the open profile aside; there is none afterwards, and a new one can begin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveProfile {}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListArchives {}

/// A profile that was put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveInfo {
    pub id: String,
    pub name: String,
    pub server: Option<String>,
    pub email: Option<String>,
    pub archived_at: Timestamp,
    /// Changes that the server has not accepted.
    pub n_unsent: u64,
    /// Its folder.
    pub path: String,
}

/// Makes it a profile again and opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutBackArchive {
    pub id: String,
}

/// Writes everything that is in it, like [`crate::ExportEverything`]. The keychain has to have its
/// key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportArchive {
    pub id: String,
}
