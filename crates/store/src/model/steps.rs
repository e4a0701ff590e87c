//! What a person did, and what becomes of it when it is taken back.

use stoa_domain::{DraftId, Timestamp};

/// What kind of step can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Create,
    Rename,
    Duplicate,
    Import,
    Bin,
    Restore,
    /// Drafts were deleted for good; taken back only as long as that was not sent.
    Delete,
    /// A change that was not sent was thrown away.
    Discard,
    /// Titles that were in conflict were decided.
    Resolve,
    Describe,
    Archive,
    Unarchive,
    Publish,
    Withdraw,
    NameVersion,
    RenameVersion,
    DropVersion,
    /// An earlier text was put in the place of the present one.
    RestoreText,
    RequestReview,
    WithdrawReview,
    CheckItem,
    DecideReview,
    WriteComment,
    EditComment,
    DropComment,
    ResolveComment,
    CreateSection,
    RenameSection,
    MoveSection,
    DeleteSection,
    AddLesson,
    MoveLesson,
    RemoveLesson,
    DescribeLesson,
    TagSynonyms,
    /// A tag was renamed wherever it was written.
    RenameTag,
}

impl StepKind {
    /// Every kind.
    pub const ALL: [StepKind; 36] = [
        StepKind::Create,
        StepKind::Rename,
        StepKind::Duplicate,
        StepKind::Import,
        StepKind::Bin,
        StepKind::Restore,
        StepKind::Delete,
        StepKind::Discard,
        StepKind::Resolve,
        StepKind::Describe,
        StepKind::Archive,
        StepKind::Unarchive,
        StepKind::Publish,
        StepKind::Withdraw,
        StepKind::NameVersion,
        StepKind::RenameVersion,
        StepKind::DropVersion,
        StepKind::RestoreText,
        StepKind::RequestReview,
        StepKind::WithdrawReview,
        StepKind::CheckItem,
        StepKind::DecideReview,
        StepKind::WriteComment,
        StepKind::EditComment,
        StepKind::DropComment,
        StepKind::ResolveComment,
        StepKind::CreateSection,
        StepKind::RenameSection,
        StepKind::MoveSection,
        StepKind::DeleteSection,
        StepKind::AddLesson,
        StepKind::MoveLesson,
        StepKind::RemoveLesson,
        StepKind::DescribeLesson,
        StepKind::TagSynonyms,
        StepKind::RenameTag,
    ];

    /// The name in texts and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            StepKind::Create => "create",
            StepKind::Rename => "rename",
            StepKind::Duplicate => "duplicate",
            StepKind::Import => "import",
            StepKind::Bin => "bin",
            StepKind::Restore => "restore",
            StepKind::Delete => "delete",
            StepKind::Discard => "discard",
            StepKind::Resolve => "resolve",
            StepKind::Describe => "describe",
            StepKind::Archive => "archive",
            StepKind::Unarchive => "unarchive",
            StepKind::Publish => "publish",
            StepKind::Withdraw => "withdraw",
            StepKind::NameVersion => "name-version",
            StepKind::RenameVersion => "rename-version",
            StepKind::DropVersion => "drop-version",
            StepKind::RestoreText => "restore-text",
            StepKind::RequestReview => "request-review",
            StepKind::WithdrawReview => "withdraw-review",
            StepKind::CheckItem => "check-item",
            StepKind::DecideReview => "decide-review",
            StepKind::WriteComment => "write-comment",
            StepKind::EditComment => "edit-comment",
            StepKind::DropComment => "drop-comment",
            StepKind::ResolveComment => "resolve-comment",
            StepKind::CreateSection => "create-section",
            StepKind::RenameSection => "rename-section",
            StepKind::MoveSection => "move-section",
            StepKind::DeleteSection => "delete-section",
            StepKind::AddLesson => "add-lesson",
            StepKind::MoveLesson => "move-lesson",
            StepKind::RemoveLesson => "remove-lesson",
            StepKind::DescribeLesson => "describe-lesson",
            StepKind::TagSynonyms => "tag-synonyms",
            StepKind::RenameTag => "rename-tag",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A step named for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepText {
    pub kind: StepKind,
    /// The title of the draft, possibly empty.
    pub title: String,
    /// How many drafts it was about.
    pub n_of: u64,
}

/// A step of before, and whether it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDone {
    /// By what [`Store::undo_step`](crate::Store::undo_step) takes it back.
    pub n: i64,
    pub text: StepText,
    pub at: Timestamp,
    /// Why it cannot be, as far as that is known without trying.
    pub stays: Option<PassedOver>,
}

/// What undo and redo would do now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UndoState {
    pub undo: Option<StepText>,
    pub redo: Option<StepText>,
}

/// Why a step was passed over instead of being turned round. It cannot be turned round any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedOver {
    /// The same thing was changed since.
    ChangedSince,
    /// What it was about does not exist any more.
    Gone,
    /// It was sent, and nothing takes it back.
    Final,
    /// The rules do not allow it (any more).
    NotAllowed,
}

/// A step that was taken back or done again, or passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    pub text: StepText,
    /// The draft it was about first; whether it is there now, and where.
    pub draft: DraftId,
    pub is_there: bool,
    pub is_in_bin: bool,
    pub passed_over: Option<PassedOver>,
}
