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
    /// It must not exist.
    pub path: String,
}

/// Has a file stay on this computer, or lets it go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepFile {
    pub b3: BlobHash,
    pub keep: bool,
}

/// Takes the contents of a file off this computer; the server keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvictFile {
    pub b3: BlobHash,
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
    pub trouble: Option<FilesTrouble>,
}

/// Why files do not travel: `files-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilesTrouble {
    Offline,
    NoRoom,
    Refused,
    Disk,
}
