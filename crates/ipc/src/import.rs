//! Posts of another program: what an export holds, what importing it would do, and doing it.
//!
//! There is one import at a time. How it stands is told by [`crate::Event::Import`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use stoa_domain::{Access, DraftId, Kind, Timestamp};

use crate::ErrorCode;

/// Reads an export: a folder, a zip, or one file. Answers at once; `None` when nothing was chosen.
/// In the desktop program the shell asks for it, and `path` is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAtImport {
    pub path: Option<String>,
    /// Which of the system's dialogs is shown.
    pub is_folder: bool,
}

/// Reads one of the files that were dropped on the window as an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAtDropped {
    pub drop: u64,
    /// Its place among the names.
    pub index: u32,
}

/// Asks how the import stands; `None` when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetImport {}

/// How an import stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportStatus {
    /// Its number, for the other commands.
    pub import: u64,
    /// The name of the folder or file.
    pub name: String,
    pub stage: ImportStage,
    /// Files read or posts imported, of `n_total` if that is known yet.
    pub n_done: u64,
    pub n_total: u64,
    /// What it holds, once it is read.
    pub found: Option<ImportFound>,
    /// What became of it, in the end.
    pub report: Option<ImportReport>,
}

/// Where an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStage {
    Reading,
    /// Read; nothing was imported yet.
    Ready,
    Running,
    Ended,
}

/// Which program wrote an export: `import-format-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    Markdown,
    Ghost,
    WordPress,
    Html,
    Docx,
}

impl ImportFormat {
    /// Every format, for the test that each has its text.
    pub const ALL: [ImportFormat; 5] = [
        ImportFormat::Markdown,
        ImportFormat::Ghost,
        ImportFormat::WordPress,
        ImportFormat::Html,
        ImportFormat::Docx,
    ];

    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            ImportFormat::Markdown => "markdown",
            ImportFormat::Ghost => "ghost",
            ImportFormat::WordPress => "wordpress",
            ImportFormat::Html => "html",
            ImportFormat::Docx => "docx",
        }
    }
}

/// What an export holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFound {
    /// Absent when it is none that is known.
    pub format: Option<ImportFormat>,
    pub n_posts: u64,
    /// Posts that members see there.
    pub n_published: u64,
    pub n_files: u64,
    /// Those that were used most come first; at most 500.
    pub tags: Vec<ImportName>,
    pub tiers: Vec<ImportName>,
    /// What the posts are there.
    #[serde(default)]
    pub kinds: Vec<ImportKindFound>,
    /// Who reads them there, as far as it is neither everybody nor a tier with a name.
    #[serde(default)]
    pub readers: Vec<ImportReadersFound>,
    pub n_errors: u64,
    pub n_warnings: u64,
}

/// A name and how many posts have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportName {
    pub name: String,
    pub n: u64,
}

/// A kind of posts, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportKindFound {
    pub kind: ImportKind,
    pub n: u64,
}

/// What a post is in the other program: `import-kind-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    Article,
    Page,
    Audio,
    Video,
    Gallery,
    Course,
    Column,
    Live,
}

impl ImportKind {
    /// Every kind, for the test that each has its text.
    pub const ALL: [ImportKind; 8] = [
        ImportKind::Article,
        ImportKind::Page,
        ImportKind::Audio,
        ImportKind::Video,
        ImportKind::Gallery,
        ImportKind::Course,
        ImportKind::Column,
        ImportKind::Live,
    ];

    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            ImportKind::Article => "article",
            ImportKind::Page => "page",
            ImportKind::Audio => "audio",
            ImportKind::Video => "video",
            ImportKind::Gallery => "gallery",
            ImportKind::Course => "course",
            ImportKind::Column => "column",
            ImportKind::Live => "live",
        }
    }

    /// What it becomes where nobody says otherwise.
    pub fn here(self) -> Kind {
        match self {
            ImportKind::Article | ImportKind::Page => Kind::Article,
            ImportKind::Audio => Kind::Audio,
            ImportKind::Video => Kind::Video,
            ImportKind::Gallery => Kind::Images,
            ImportKind::Course => Kind::Course,
            ImportKind::Column => Kind::Column,
            ImportKind::Live => Kind::Live,
        }
    }
}

/// Readers, and how many posts they have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReadersFound {
    pub readers: ImportReaders,
    pub n: u64,
}

/// Readers without a name of their own in the other program: `import-readers-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportReaders {
    /// Whoever is signed in.
    Registered,
    /// Whoever pays, whatever for.
    Paid,
    /// Nobody but the authors: private, or behind a password.
    Nobody,
}

impl ImportReaders {
    /// All of them, for the test that each has its texts.
    pub const ALL: [ImportReaders; 3] = [
        ImportReaders::Registered,
        ImportReaders::Paid,
        ImportReaders::Nobody,
    ];

    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            ImportReaders::Registered => "registered",
            ImportReaders::Paid => "paid",
            ImportReaders::Nobody => "nobody",
        }
    }
}

/// How what the other program says becomes what this community has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportMapping {
    /// Posts that are left out, by their source ids.
    pub skipped: BTreeSet<String>,
    /// Tags by the name they have here; an empty name drops a tag. One that is not here keeps its own.
    pub tags: BTreeMap<String, String>,
    /// Tiers by the key they have here. Posts of a tier that is not here are open to every tier.
    pub tiers: BTreeMap<String, String>,
    /// Kinds by what they become here; one that is not here becomes [`ImportKind::here`].
    pub kinds: BTreeMap<ImportKind, Kind>,
    /// Readers without a name of their own by the tier they have here. Those that are not here: who is
    /// registered, every tier, and the highest one.
    pub readers: BTreeMap<ImportReaders, String>,
    /// Whether what members see there is published here.
    pub publish: bool,
    /// Whether fields that have no place here are kept at the end of the text.
    pub keep_fields: bool,
}

/// Says what importing would do. Nothing is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanImport {
    pub import: u64,
    pub mapping: ImportMapping,
    /// The first row, and how many; at most 500.
    pub from: u32,
    pub limit: u32,
}

/// What importing would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPlan {
    pub n_new: u64,
    pub n_changed: u64,
    pub n_unchanged: u64,
    pub n_skipped: u64,
    pub n_publish: u64,
    pub rows: Vec<ImportRow>,
    pub n_rows: u64,
}

/// A post of an export, and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    pub source_id: String,
    pub title: String,
    pub action: ImportAction,
    pub kind: Kind,
    pub access: Access,
    /// When members saw it first, there.
    pub published_at: Option<Timestamp>,
    /// Whether members see it there.
    pub is_published: bool,
    /// When members are to see it, there. Here it becomes a draft.
    #[serde(default)]
    pub scheduled_at: Option<Timestamp>,
    pub n_files: u64,
    pub n_problems: u64,
}

/// What would become of a post: `import-action-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportAction {
    Create,
    /// It was imported and is another there now.
    Update,
    /// It was imported and is the same.
    Keep,
    Skip,
}

/// What was not taken over as it was; errors first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListImportProblems {
    pub import: u64,
    pub from: u32,
    /// At most 500.
    pub limit: u32,
}

/// Some of the problems, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblems {
    pub rows: Vec<ImportProblem>,
    pub n: u64,
}

/// Something that was not taken over as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// Whether the post or file is not there at all.
    pub is_error: bool,
    /// `import-problem-<code>`
    pub code: String,
    /// The file it is in, and the line from 1.
    pub file: Option<String>,
    pub line: Option<u64>,
    /// The title of the post, or its source id.
    pub post: Option<String>,
    /// For whoever asks; not translated.
    pub detail: String,
}

/// Imports. All of it is one step, which `undo` takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunImport {
    pub import: u64,
    pub mapping: ImportMapping,
}

/// Stops reading or importing. What was imported stays, and is one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelImport {
    pub import: u64,
}

/// Forgets an import that is not running.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseImport {
    pub import: u64,
}

/// Takes an import back, whatever was done after it: what nobody has heard of yet is gone, the rest
/// is in the bin. Drafts that were renamed since stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoImport {
    pub import: u64,
}

/// A draft that members were to see later, in the program it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportScheduled {
    pub draft: DraftId,
    pub title: String,
    pub at: Timestamp,
}

/// Asks when a draft that was imported on this computer was to be seen by members, there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetPlanned {
    pub draft: DraftId,
}

/// Absent where no import said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    pub at: Option<Timestamp>,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    pub n_new: u64,
    pub n_changed: u64,
    /// They were there before, as they are in the export.
    pub n_unchanged: u64,
    /// They are another there, and were written in here since; they stay as they are.
    pub n_kept_here: u64,
    /// Files that could not be taken in; the texts name them as they did.
    pub n_files_missing: u64,
    /// Drafts that stand in a course again.
    #[serde(default)]
    pub n_lessons: u64,
    /// Other words for tags that came along.
    #[serde(default)]
    pub n_synonyms: u64,
    /// Words for tags that mean something else here, or that this role may not give.
    #[serde(default)]
    pub n_synonyms_left: u64,
    /// Drafts that members were to see later, there; nothing is scheduled here. At most 100.
    #[serde(default)]
    pub scheduled: Vec<ImportScheduled>,
    #[serde(default)]
    pub n_scheduled: u64,
    pub is_cancelled: bool,
    /// Why it ended before its end.
    pub failure: Option<ErrorCode>,
    /// Whether it can be taken back.
    pub can_undo: bool,
}
