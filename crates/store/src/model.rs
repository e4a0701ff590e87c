//! What the store hands out and takes in.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stoa_domain::{
    CommunityId, Content, DeviceId, DraftId, Post, Role, Splice, Timestamp, UserId, ZoneName,
};
use zeroize::Zeroizing;

mod files;
pub use files::{
    AttachedFile, FileSum, FileSums, FileToSend, FileWork, FilesControls, FilesWhere, NewFile,
    UsedFile, Where,
};

mod courses;
pub use courses::{
    CourseShown, LessonAccess, LessonPlace, LessonShown, LessonSpot, LessonToImport, PartShown,
    PartToImport,
};

mod history;
pub use history::{HistoryEntry, HistoryKind};

mod listing;
pub use listing::{
    BulkChange, BulkDone, DraftFilter, DraftListPage, Facets, KeyValue, LeftOut, MOST_CHANGED,
    PageKey, PageKeyError, Which,
};

mod publication;
pub use publication::{Differs, Publication, SeenThen};

mod reviews;
pub use reviews::{
    CommentShown, NewComment, NewReview, ReviewBadge, ReviewShown, Reviewer, ReviewsShown,
};

mod tags;
pub use tags::{TagRename, TagRenamed, TagShown, TagsImported, TakenWord};

mod steps;
pub use steps::{PassedOver, StepDone, StepKind, StepText, Turned, UndoState};

mod versions;
pub use versions::{StateKind, TextState};

/// How far a draft's latest change has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// On this computer's disk, not on the server (yet).
    OnThisComputer,
    /// On the server too.
    Synced,
    /// A change was refused.
    NeedsAttention,
}

/// A draft as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftListing {
    pub id: DraftId,
    pub title: String,
    /// The beginning of the text, or the place that matched, without Markdown marks.
    pub excerpt: String,
    pub n_words: u64,
    pub created_at: Timestamp,
    pub edited_at: Timestamp,
    pub binned_at: Option<Timestamp>,
    /// Absent until a server has seen it.
    pub author: Option<UserId>,
    pub content: Content,
    pub post: Option<Post>,
    pub archived_at: Option<Timestamp>,
    /// How its latest review stands, unless that was withdrawn.
    pub review: Option<ReviewBadge>,
    /// The course or column in which it stands.
    pub course: Option<DraftId>,
    /// Whether the draft is not as it was published.
    pub is_changed: bool,
    pub saved: Saved,
}

/// A draft opened for writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedText {
    pub session: u64,
    pub listing: DraftListing,
    pub markdown: String,
    /// Whether it may be changed (not in the bin, not read-only, allowed).
    pub editable: bool,
}

/// An edit is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditOutcome {
    pub saved: Saved,
    pub n_words: u64,
    pub edited_at: Timestamp,
    /// What came from elsewhere and the window does not show yet: a revision, and the splices that
    /// bring the window's text up to date.
    pub remote: Option<(u64, Vec<Splice>)>,
}

/// What kind of change an entry of the outbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Create,
    Rename,
    Bin,
    Restore,
    Delete,
    Write,
    Attach,
    Detach,
    Describe,
    Archive,
    Unarchive,
    Publish,
    Withdraw,
    NameVersion,
    RenameVersion,
    DropVersion,
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
    MoveTag,
}

impl ChangeKind {
    /// The name in texts and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Create => "create",
            ChangeKind::Rename => "rename",
            ChangeKind::Bin => "bin",
            ChangeKind::Restore => "restore",
            ChangeKind::Delete => "delete",
            ChangeKind::Write => "write",
            ChangeKind::Attach => "attach",
            ChangeKind::Detach => "detach",
            ChangeKind::Describe => "describe",
            ChangeKind::Archive => "archive",
            ChangeKind::Unarchive => "unarchive",
            ChangeKind::Publish => "publish",
            ChangeKind::Withdraw => "withdraw",
            ChangeKind::NameVersion => "name-version",
            ChangeKind::RenameVersion => "rename-version",
            ChangeKind::DropVersion => "drop-version",
            ChangeKind::RequestReview => "request-review",
            ChangeKind::WithdrawReview => "withdraw-review",
            ChangeKind::CheckItem => "check-item",
            ChangeKind::DecideReview => "decide-review",
            ChangeKind::WriteComment => "write-comment",
            ChangeKind::EditComment => "edit-comment",
            ChangeKind::DropComment => "drop-comment",
            ChangeKind::ResolveComment => "resolve-comment",
            ChangeKind::CreateSection => "create-section",
            ChangeKind::RenameSection => "rename-section",
            ChangeKind::MoveSection => "move-section",
            ChangeKind::DeleteSection => "delete-section",
            ChangeKind::AddLesson => "add-lesson",
            ChangeKind::MoveLesson => "move-lesson",
            ChangeKind::RemoveLesson => "remove-lesson",
            ChangeKind::DescribeLesson => "describe-lesson",
            ChangeKind::TagSynonyms => "tag-synonyms",
            ChangeKind::MoveTag => "move-tag",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [
            Self::Create,
            Self::Rename,
            Self::Bin,
            Self::Restore,
            Self::Delete,
            Self::Write,
            Self::Attach,
            Self::Detach,
            Self::Describe,
            Self::Archive,
            Self::Unarchive,
            Self::Publish,
            Self::Withdraw,
            Self::NameVersion,
            Self::RenameVersion,
            Self::DropVersion,
            Self::RequestReview,
            Self::WithdrawReview,
            Self::CheckItem,
            Self::DecideReview,
            Self::WriteComment,
            Self::EditComment,
            Self::DropComment,
            Self::ResolveComment,
            Self::CreateSection,
            Self::RenameSection,
            Self::MoveSection,
            Self::DeleteSection,
            Self::AddLesson,
            Self::MoveLesson,
            Self::RemoveLesson,
            Self::DescribeLesson,
            Self::TagSynonyms,
            Self::MoveTag,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}

/// A change named for people: what, and the draft's title at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeText {
    pub kind: ChangeKind,
    pub title: String,
}

/// How an entry of the outbox stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// Not sent.
    Waiting,
    /// Sent, not answered.
    UnderWay,
    /// Refused by the server.
    Rejected,
    /// Set aside because the server could not process it.
    Parked,
}

/// A change that the server has not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    pub lid: i64,
    pub kind: ChangeKind,
    /// The draft's title when the change was made.
    pub title: String,
    pub draft: DraftId,
    /// Bytes that travel.
    pub size: u64,
    pub made_at: Timestamp,
    pub state: ChangeState,
    /// Why it was refused.
    pub code: Option<String>,
    /// Where that is because a word belongs to another tag: which.
    pub taken: Option<TakenWord>,
    /// BLAKE3 names of attachments it waits for.
    pub needs: Vec<String>,
    /// Not sent until it is released by hand.
    pub kept_back: bool,
    /// Held for so many seconds before it is sent; 0 when it is not.
    pub held_seconds: u64,
    /// Of a publication: from when on members see it, and after when it is not wanted any more.
    pub live_at: Option<Timestamp>,
    pub unless_after: Option<Timestamp>,
}

/// A draft that was deleted elsewhere while work of this computer on it waited, as it was here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptWork {
    pub draft: DraftId,
    pub title: String,
    pub markdown: String,
    /// When it was heard of.
    pub at: Timestamp,
}

/// What is kept on this computer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Storage {
    pub n_drafts: u64,
    pub n_in_bin: u64,
    /// Texts as Markdown, without their history.
    pub text_bytes: u64,
    /// The database with its log.
    pub database_bytes: u64,
    pub n_backups: u64,
    pub backup_bytes: u64,
    pub last_backup_at: Option<Timestamp>,
    /// Databases that a restore put aside.
    pub set_aside: FileSum,
    pub files: FileSums,
    /// Whether all that was never sent is kept a second time, beside the database.
    pub is_unsent_kept_twice: bool,
}

/// A change that is held before it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub lid: i64,
    /// For how long, from the start of the program on or from when it was made.
    pub hold: Duration,
}

/// How many changes wait or failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Not answered by the server.
    pub n_waiting: u64,
    /// Of those that wait, how many may not be sent yet.
    pub n_held: u64,
    /// Refused or set aside; a new draft is one, with all that was refused because of it.
    pub n_failed: u64,
    /// What was meant by those that wait: a new draft is one, with its title and its text; writing
    /// in a draft is one, however often it was saved.
    pub n_intents: u64,
    /// Changed here and elsewhere, and waiting for a decision.
    pub n_conflicts: u64,
    /// When the oldest that waits was made.
    pub oldest_made_at: Option<Timestamp>,
    /// What a push would send now: without what waits for an attachment, with the stand-ins of
    /// what was set aside.
    pub n_ready: u64,
    /// Of those that wait, how many do so for a file that is not on the server, or behind one that
    /// does.
    pub n_for_files: u64,
}

/// The server this profile syncs with, and the keys for it.
#[derive(Clone)]
pub struct Link {
    pub server_url: String,
    pub server_id: String,
    /// The certificate authority the user trusted, when the system does not.
    pub ca_pem: Option<String>,
    pub community: CommunityId,
    pub community_name: String,
    /// In which the community tells time; absent as long as no server said.
    pub timezone: Option<ZoneName>,
    pub device: DeviceId,
    /// The secret half of the device's key.
    pub device_key: Zeroizing<[u8; 32]>,
    pub user: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// The server database's incarnation; empty until the first hello.
    pub epoch: String,
    pub tokens: Option<StoredTokens>,
    /// The server's Ed25519 key for orders to this device, pinned when it signed in.
    pub order_key: Option<[u8; 32]>,
}

/// What proves the session to the server.
#[derive(Clone)]
pub struct StoredTokens {
    pub access: Zeroizing<String>,
    pub access_expires_at: Timestamp,
    pub refresh: Zeroizing<String>,
    pub nonce: String,
}

/// A change ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct OutgoingMutation {
    pub mid: i64,
    pub name: String,
    pub version: u32,
    pub args: Value,
    /// Table, id and version of the rows it was made on.
    pub base: Vec<(String, String, i64)>,
    pub made_at: Timestamp,
}

/// What the server made of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushOutcome {
    Applied {
        seq: i64,
    },
    Merged {
        seq: i64,
    },
    /// It had been looked at before; without `seq` it had been rejected.
    Duplicate {
        seq: Option<i64>,
    },
    Rejected {
        code: String,
        field: Option<String>,
    },
}

/// So many rows of a bucket would go, of how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    pub bucket: String,
    pub n: u64,
    pub of: u64,
}

/// The end of a complete pull.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullEnd {
    /// The last sequence number when this was read.
    pub upto: i64,
    /// Whether more rows wait behind.
    pub more: bool,
    /// The buckets of this role; rows of others are taken away.
    pub buckets: Vec<String>,
    /// Up to where each bucket is complete; one that is not named here is up to `upto`.
    pub cursors: BTreeMap<String, i64>,
    /// The bucket of each table, also of tables that only a newer version knows.
    pub tables: BTreeMap<String, String>,
    /// The last mid of this device that the server has looked at, as of this pull.
    pub lmid: i64,
    /// What the server names when it means to take much away; see [`Removal`].
    pub reset_token: Option<String>,
    /// Bucket, number of rows, and sum of the row checksums as 16 hex digits.
    pub sums: Vec<(String, i64, String)>,
}

/// What a pull brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledChanges {
    /// Drafts that look different now.
    pub drafts: Vec<DraftId>,
    pub n_rows: usize,
    /// Whether the rows held now are those the server says.
    pub checksum_ok: bool,
}

/// Something changed that a list or a status shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreEvent {
    Drafts(Vec<DraftId>),
    Outbox,
    /// What undo and redo would do.
    Steps,
    /// Files came, went or are wanted.
    Files,
    /// What is known of the community itself.
    Community,
}

/// The columns of a row as they travel.
pub type Columns = Map<String, Value>;
