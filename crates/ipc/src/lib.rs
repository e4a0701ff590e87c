//! The contract between the window and the studio.
//!
//! Every command is declared once, in [`with_commands!`]; each host expands the list, so that a
//! missing handler does not compile. A [`Failure`] carries a closed [`ErrorCode`], named for what
//! the user can do; its text in both languages is found by the code.
//!
//! Secrets (passwords, passphrases, recovery words) go into the studio and, but for the recovery
//! key that is shown once, never come back.

mod account;
mod app;
mod archive;
mod centre;
mod command;
mod course;
mod device;
mod draft;
mod event;
mod failure;
mod file;
mod import;
mod listing;
mod media;
mod mention;
mod menu;
mod preview;
mod proposal;
mod rescue;
mod review;
mod sync;
mod tag;
mod undo;
mod vault;
mod version;

pub use account::{Account, ProbeServer, ServerInfo, SignIn, SignOut};
pub use app::{
    AppState, Density, ExportEverything, Exported, GetState, HOLD_SECONDS, Language, LocalServer,
    Preferences, ProfileInfo, ProfileKind, SetPreferences, Stage, Theme,
};
pub use archive::{ArchiveInfo, ArchiveProfile, ExportArchive, ListArchives, PutBackArchive};
pub use centre::{
    BackUpNow, Conflict, ConflictAbout, ConflictText, Decision, ExportHistory, GetConflict,
    GetStorage, KeepAsNew, KeepBack, KeepVersion, ListConflicts, Locks, ParagraphChoice, Piece,
    ResolveConflict, Resolved, SendFirst, Settled, Storage, Stretch, WrittenFile,
};
pub use command::{COMMAND_NAMES, Command};
pub use course::{
    AddLesson, CourseOutline, CreateLesson, CreateSection, DeleteSection, DescribeLesson,
    GetCourse, GetLessonPlace, LessonInfo, LessonPlace, MoveLesson, MoveSection, OutlinePart,
    RemoveLesson, RenameSection, SectionInfo,
};
pub use device::{
    AwayLock, CloseWiped, DeviceAccess, DeviceInfo, GetAwayLock, ListDevices, RenameDevice,
    RevokeDevice, RevokeOtherDevices, SetAwayLock, WipeDevice,
};
pub use draft::{
    ArchiveDraft, BinDraft, BinEmptied, CloseDraft, ComparePost, CreateDraft, DeleteDrafts,
    DescribeDraft, DraftPage, DraftSummary, DuplicateDraft, EditDraft, EditReply, EmptyBin,
    GetDraft, ImportFailure, ImportFiles, ImportReply, ListDrafts, OpenDraft, OpenedDraft,
    PostCompared, PostState, PublishPost, RemotePatch, RenameDraft, RestoreDraft, SavedState,
    ShelfCount, UnarchiveDraft, WithdrawPost,
};
pub use event::Event;
pub use failure::{ErrorCode, Failure, FieldError};
pub use file::{
    AddDropped, AddFile, AddImage, AttachDropped, AttachFile, AttachedFile, DroppedFiles,
    EvictFile, EvictFiles, EvictedFiles, FileAttached, FileSum, FileSums, FilesPlace, FilesStatus,
    FilesTrouble, GetFiles, IMAGE_PIECE_BYTES, ImageAdded, ImportDropped, KeepAllFiles, KeepFile,
    LimitFiles, ListFiles, ListUsedFiles, PauseFiles, RemoveFile, RetryFiles, SaveFile, ShowFile,
    StuckFile, UsedFile,
};
pub use import::{
    CancelImport, CloseImport, GetImport, GetPlanned, ImportAction, ImportFormat, ImportFound,
    ImportKind, ImportKindFound, ImportMapping, ImportName, ImportPlan, ImportProblem,
    ImportProblems, ImportReaders, ImportReadersFound, ImportReport, ImportRow, ImportScheduled,
    ImportStage, ImportStatus, ListImportProblems, LookAtDropped, LookAtImport, PlanImport,
    Planned, RunImport, UndoImport,
};
pub use listing::{
    AuthorCount, ChangeDrafts, ChangeView, DeleteView, DraftsChange, DraftsChanged, DraftsMeant,
    Facets, GetFacets, LeftDrafts, ListViews, MeantList, PutBackView, SaveView, TagCount, TagFacet,
};
pub use media::{
    AddDroppedRecording, AddRecording, AddTrack, AddedRecording, AddingFile, ChangeImage, GetTrack,
    ImageChange, ImageCrop, ImageSaved, ListRecordings, PlayRecording, PlayerAddress,
    RecordingAdded, StopAdding, TrackCue, TriedImage, TryImage,
};
pub use mention::{FindMentions, Mentionable, MentionablePerson, MentionablePost};
pub use menu::{CommandSpec, Menu, Scope, Shortcut, commands};
pub use preview::{
    CellAlign, CheckDraft, CopyDraft, CopyForm, DraftCheck, DraftCopy, DraftFinding, DraftPreview,
    LivePreview, PagePart, PageTag, PreviewDraft, PreviewReader,
};
pub use proposal::{DecideProposals, ListProposals, Proposal, ProposalsDecided, ProposedBy};
pub use rescue::{
    Backup, BackupKind, ListBackups, RestoreBackup, RestoreFrom, Restored, Salvage, Salvaged,
};
pub use review::{
    CheckItem, CommentInfo, DecideReview, DraftReviews, DropComment, EditComment, GetReviews,
    ListReviewers, Passage, RequestReview, ResolveComment, ReviewInfo, ReviewMark, ReviewerInfo,
    WithdrawReview, WriteComment,
};
pub use sync::{
    AllowRemoval, Change, ChangeState, ChangeText, ChangedSince, CompareRefused, Connection,
    DiscardChange, GetPublication, GetSync, HeldRemoval, HistoryEntry, HistoryStep, ListChanges,
    ListHistory, NeededFile, PauseSync, PinyinKeys, Publication, RefusedCompared, ReleaseChange,
    Republish, RetryChange, SyncNow, SyncStatus,
};
pub use tag::{
    ChangeSynonyms, ListTags, RenameTag, SynonymsChanged, TagInfo, TagList, TagProgress,
    TagRenamed, TakenWord,
};
pub use undo::{
    DraftPlace, GetUndo, PassedOver, Redo, StepText, Turned, Undo, UndoState, UndoStep,
};
pub use vault::{
    AddPassphrase, ClearDemo, ConfirmRecovery, CreateProfile, OpenProfile, ProfileCreated,
    RecoveryKey, Unlock, UnlockWith,
};
pub use version::{
    CompareVersions, ComparedRow, ComparedSpan, Comparison, DropVersion, ListVersions, NameVersion,
    OpenVersion, RenameVersion, RestoreVersion, VersionInfo, VersionKind, VersionText,
};
