//! The studio's encrypted store: the vault, drafts and their texts, the outbox, and what the
//! server sent.
//!
//! A profile is a folder with a vault ([`create_vault`], [`Vault`]) and one database behind it
//! ([`Store`]). All calls block until the disk has answered; time and randomness are passed in.
//!
//! Invariants: a call that returns `Ok` is on the disk. Base tables hold the server's truth and
//! nothing else; the user's own changes lie over it and are replayed by the rules the server runs.
//! Nothing a person wrote is taken away without a copy in the history.

mod conflict;
mod db;
mod deletion;
mod disk;
mod error;
mod files;
mod hex;
mod merging;
mod model;
mod overlay;
mod random;
mod restore;
mod salvage;
mod secret;
mod stage;
mod store;
mod table;
#[cfg(feature = "test-support")]
pub mod test_support;
mod text;
mod undo;
mod unsent;
mod vault;
mod wipe;
mod writing;

pub use conflict::{Conflict, ConflictKind, Decision, Settled, Settlement};
pub use disk::make_folder;
pub use error::{FileRefusal, OpenError, StoreError};
pub use files::FileReader;
pub use model::{
    AttachedFile, BulkChange, BulkDone, ChangeKind, ChangeState, ChangeText, Columns, CommentShown,
    CourseShown, Differs, DraftFilter, DraftListPage, DraftListing, EditOutcome, Facets, FileSum,
    FileSums, FileToSend, FileWork, FilesControls, FilesWhere, Held, HistoryEntry, HistoryKind,
    KeptWork, KeyValue, LeftOut, LessonAccess, LessonPlace, LessonShown, LessonSpot,
    LessonToImport, Link, MOST_CHANGED, NewComment, NewFile, NewReview, OpenedText, OutboxCounts,
    OutboxEntry, OutgoingMutation, PageKey, PageKeyError, PartShown, PartToImport, PassedOver,
    Publication, PullEnd, PulledChanges, PushOutcome, Removal, ReviewBadge, ReviewShown, Reviewer,
    ReviewsShown, Saved, SeenThen, StateKind, StepDone, StepKind, StepText, Storage, StoreEvent,
    StoredTokens, TagRename, TagRenamed, TagShown, TagsImported, TakenWord, TextState, Turned,
    UndoState, UsedFile, Where, Which,
};
pub use random::{OsRandom, Random};
pub use restore::{BackupFile, BackupKind, RestoreFrom, backups, restore};
pub use salvage::{Salvaged, SalvagedTable, salvage};
pub use secret::{BuildKind, Keychain, SecretError, SecretStore};
pub use store::{
    NamedDraft, Opened, PostImported, PostToImport, PublishAt, PullStage, Snapshot, SnapshotPart,
    SnapshotRow, Store, TakeRow, TakenFile, UnpackPart,
};
pub use vault::{
    ManifestError, NewVault, PassphraseCost, RecoveryKey, RecoveryKeyError, UnlockError, Vault,
    VaultError, VaultKey, create_vault,
};
pub use wipe::{Wipe, WipeReport};
