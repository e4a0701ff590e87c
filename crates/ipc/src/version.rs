//! The versions of a draft, and two texts side by side.

use serde::{Deserialize, Serialize};
use stoa_domain::{DraftId, NamedVersion, TextVersion, Timestamp, VersionId};

/// Asks for the versions of a draft, the latest first: one for each stretch of writing, each
/// publication, each name that was given, and each time that what two devices wrote came together.
/// At most the latest 1,000 and all that were named or published. `not_found` for a draft that is
/// not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListVersions {
    pub id: DraftId,
}

/// A state that the text of a draft went through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionInfo {
    /// By what it is opened, compared and restored.
    pub text_at: TextVersion,
    /// The state that it began on; absent where `is_here` is false.
    pub before: Option<TextVersion>,
    pub kind: VersionKind,
    /// Who wrote it, where that is somebody else who is known here.
    pub by_name: Option<String>,
    /// Whether it was written by who works here, on whichever computer.
    pub is_own: bool,
    /// From when to when it was written, as the devices' clocks said.
    pub began_at: Timestamp,
    pub at: Timestamp,
    /// Characters that it has and the state before had not, and the other way round.
    pub n_added: u64,
    pub n_removed: u64,
    /// The names it was given.
    pub named: Vec<NamedVersion>,
    /// Which publications of the draft it was, counted from 1.
    pub posts: Vec<u32>,
    /// Whether it is the text as it is now.
    pub is_present: bool,
    /// Whether its text is on this computer; otherwise it cannot be opened yet.
    pub is_here: bool,
}

/// How a version came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionKind {
    /// Written without a pause of ten minutes.
    Written,
    /// An earlier text was put in place.
    Restored,
    /// What two devices wrote came together.
    Merged,
    /// Named or published in the midst of writing.
    Kept,
}

impl VersionKind {
    /// The key of its name.
    pub fn text_key(self) -> &'static str {
        match self {
            VersionKind::Written => "version-written",
            VersionKind::Restored => "version-restored",
            VersionKind::Merged => "version-merged",
            VersionKind::Kept => "version-kept",
        }
    }
}

/// Asks for the text of a version. `not_found` where it is not on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenVersion {
    pub id: DraftId,
    pub text_at: TextVersion,
}

/// The Markdown of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionText {
    pub markdown: String,
}

/// Asks how two states of a draft's text differ. `not_found` where one is not on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareVersions {
    pub id: DraftId,
    pub old: TextVersion,
    /// Absent for the text as it is now.
    #[serde(default)]
    pub new: Option<TextVersion>,
}

/// Two texts side by side, paragraph beside paragraph; blank lines are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    pub rows: Vec<ComparedRow>,
}

/// A paragraph of the old text and the one it became. A side is empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedRow {
    pub old: Vec<ComparedSpan>,
    pub new: Vec<ComparedSpan>,
}

impl ComparedRow {
    /// Whether both sides say the same.
    pub fn is_unchanged(&self) -> bool {
        self.old == self.new
    }
}

/// A stretch of a paragraph: words, in Chinese characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedSpan {
    pub text: String,
    /// Whether it stands on its side only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub differs: bool,
}

/// Gives the text of a draft as it is now a name: one line of 1 to 80 characters. `invalid_input`
/// with the field `name` otherwise, or with the field `versions` when 200 have one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameVersion {
    pub id: DraftId,
    pub name: String,
}

/// Gives a version another name; errors like [`NameVersion`], and `not_found` when it has none any
/// more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameVersion {
    pub id: DraftId,
    pub version: VersionId,
    pub name: String,
}

/// Takes the name of a version off; its text stays. `not_found` when it has none any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropVersion {
    pub id: DraftId,
    pub version: VersionId,
}

/// Puts the text of a version in the place of the present one, as one step that can be taken back.
/// What stood there stays a version. `not_found` where it is not on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreVersion {
    pub id: DraftId,
    pub text_at: TextVersion,
}
