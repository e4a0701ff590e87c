//! Files of drafts: images in the text and other attachments.

use serde::{Deserialize, Serialize};
use stoa_domain::{AttachmentId, BlobHash, DraftId, MediaType};

/// How many bytes of an image travel in one [`AddImage`], before base64.
pub const IMAGE_PIECE_BYTES: usize = 3 * 1024 * 1024;

/// An image that was pasted, dropped or chosen, in pieces of [`IMAGE_PIECE_BYTES`]. The draft is
/// changed only by the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddImage {
    pub draft: DraftId,
    pub name: String,
    /// Chosen by the window, another one for each image.
    pub upload: u32,
    /// Where the piece begins, in bytes; 0 begins anew.
    pub at: u64,
    /// In base64 (standard alphabet, padded).
    pub bytes: String,
    pub is_last: bool,
}

/// Absent until the last piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageAdded {
    pub file: Option<AttachedFile>,
}

/// Adds a file from the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddFile {
    pub draft: DraftId,
    pub path: String,
    /// Whether anything but an image is refused.
    pub must_be_image: bool,
}

/// Files that were dropped on the window, outside the page: it learns their names and decides what
/// becomes of them, with [`AddDropped`] and [`ImportDropped`]. Their paths stay outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedFiles {
    pub drop: u64,
    pub names: Vec<String>,
    /// Where in the page, in its own pixels.
    pub x: i32,
    pub y: i32,
}

/// Adds one of the dropped files to a draft, as an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddDropped {
    pub drop: u64,
    /// Its place among the names.
    pub index: u32,
    pub draft: DraftId,
}

/// Makes drafts of some of the dropped files; [`crate::Event::Imported`] tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDropped {
    pub drop: u64,
    /// Their places among the names.
    pub indexes: Vec<u32>,
}

/// A file of any kind that was pasted, dropped or chosen, in pieces of at most [`IMAGE_PIECE_BYTES`], one
/// after the other. The draft is changed only by the last one. [`crate::StopAdding`] stops it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachFile {
    pub draft: DraftId,
    pub name: String,
    /// Chosen by the window, another one for each file.
    pub upload: u32,
    /// Where the piece begins, in bytes; 0 begins anew.
    pub at: u64,
    /// In base64 (standard alphabet, padded).
    pub bytes: String,
    pub is_last: bool,
}

/// Absent until the last piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAttached {
    pub file: Option<AttachedFile>,
}

/// Adds one of the files that were dropped on the window, of any kind; [`crate::Event::Adding`] tells
/// how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachDropped {
    pub drop: u64,
    /// Its place among the names.
    pub index: u32,
    pub draft: DraftId,
    /// Chosen by the window, another one for each file.
    pub upload: u32,
}

/// Takes a file out of its draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveFile {
    pub id: AttachmentId,
}

/// The files of a draft, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFiles {
    pub draft: Option<DraftId>,
}

/// How a file stands. One that is not here is fetched then, and [`crate::Event::Files`] tells when
/// it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowFile {
    pub b3: BlobHash,
}

/// Writes the contents of a file to the disk, fetching it first if need be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveFile {
    pub b3: BlobHash,
    pub path: String,
    /// Whether a file that is there makes room; else it must not exist.
    pub replaces: bool,
}

/// Has a file stay on this computer, or lets it go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepFile {
    pub b3: BlobHash,
    pub keep: bool,
}

/// Has every file stay on this computer, or lets all go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepAllFiles {
    pub keep: bool,
}

/// Takes the contents of a file off this computer, after the server was asked and has it whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvictFile {
    pub b3: BlobHash,
}

/// The same for every file that can go, see [`UsedFile::can_go`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvictFiles {}

/// What went from this computer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvictedFiles {
    pub gone: FileSum,
    /// Those that the server turned out not to have whole; they stay, and are sent again.
    pub n_stayed: u64,
}

/// The files that drafts use, each once, the largest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListUsedFiles {
    pub place: FilesPlace,
    /// At most 1,000.
    pub limit: u32,
}

/// Which of the files: `files-place-<name>`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilesPlace {
    #[default]
    Anywhere,
    /// On this computer, and the server does not have it.
    OnlyHere,
    /// The server has it, and it is not here.
    OnlyOnServer,
    Here,
}

/// A file that drafts use, however many of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedFile {
    pub b3: BlobHash,
    pub name: String,
    pub media_type: MediaType,
    /// Bytes.
    pub size: u64,
    /// One of the drafts, and its title.
    pub draft: DraftId,
    pub title: String,
    pub n_drafts: u64,
    /// Whether all of it is on this computer.
    pub is_here: bool,
    pub is_on_server: bool,
    /// Whether it is to stay on this computer.
    pub is_kept: bool,
    /// Whether it can be taken off this computer: the server keeps it for a draft, and it is not to
    /// stay.
    pub can_go: bool,
}

/// So many files with so many bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    pub n: u64,
    pub bytes: u64,
}

/// The files of all drafts, by where they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSums {
    pub used: FileSum,
    pub here: FileSum,
    pub only_here: FileSum,
    pub only_on_server: FileSum,
    /// What is to stay on this computer.
    pub kept: FileSum,
    /// What can be taken off this computer.
    pub can_go: FileSum,
    /// On this computer though no draft uses them any more.
    pub unused: FileSum,
}

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    pub id: AttachmentId,
    pub draft: DraftId,
    /// What a text names it by: `attachment:<b3>`.
    pub b3: BlobHash,
    pub name: String,
    pub media_type: MediaType,
    /// Bytes.
    pub size: u64,
    /// Pixels; only of images.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Whether all of it is on this computer.
    pub is_here: bool,
    pub is_on_server: bool,
    /// Whether it is to stay on this computer.
    pub is_kept: bool,
}

/// How files travel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetFiles {}

/// At most so many bytes a second; `None` for as many as the line takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitFiles {
    pub bytes_per_second: Option<u64>,
}

/// Files do not travel while paused; changes do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseFiles {
    pub paused: bool,
}

/// Tries at once what was not taken or could not be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryFiles {}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesStatus {
    /// Bytes of the files that the server does not have.
    pub to_send: u64,
    /// Bytes of the files that are wanted here.
    pub to_fetch: u64,
    /// Bytes that are through, of `n_total`, while files travel.
    pub n_done: u64,
    pub n_total: u64,
    /// As far as can be told.
    pub seconds_left: Option<u64>,
    pub is_paused: bool,
    /// The most that is sent and fetched together; absent for as much as the line takes.
    #[serde(default)]
    pub bytes_per_second: Option<u64>,
    /// What keeps all files, or the most telling reason why some do not travel.
    pub trouble: Option<FilesTrouble>,
    /// At most 50 of the files that do not travel while others do.
    #[serde(default)]
    pub stuck: Vec<StuckFile>,
}

/// A file that does not travel for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckFile {
    pub b3: BlobHash,
    pub name: String,
    pub size: u64,
    pub draft: DraftId,
    pub title: String,
    pub trouble: FilesTrouble,
    /// Whether it is on its way to the server.
    pub is_outgoing: bool,
}

/// Why files do not travel: `files-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilesTrouble {
    /// Somebody paused them.
    Paused,
    Offline,
    /// The server does not have it any more.
    Lost,
    /// The server does not take or give it.
    Refused,
    /// The server has no room left at all.
    NoRoom,
    /// The community has used up its room for files.
    OverQuota,
    /// This computer's disk.
    Disk,
}

impl FilesTrouble {
    /// Every reason, for the test that each has its texts.
    pub const ALL: [FilesTrouble; 7] = [
        FilesTrouble::Paused,
        FilesTrouble::Offline,
        FilesTrouble::Lost,
        FilesTrouble::Refused,
        FilesTrouble::NoRoom,
        FilesTrouble::OverQuota,
        FilesTrouble::Disk,
    ];

    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            FilesTrouble::Paused => "paused",
            FilesTrouble::Offline => "offline",
            FilesTrouble::Lost => "lost",
            FilesTrouble::Refused => "refused",
            FilesTrouble::NoRoom => "no-room",
            FilesTrouble::OverQuota => "over-quota",
            FilesTrouble::Disk => "disk",
        }
    }
}
