//! Sounds and films of drafts, what belongs to them, and images cut to size.

use serde::{Deserialize, Serialize};
use stoa_domain::{BlobHash, DraftId};

use crate::AttachedFile;

/// A sound or a film that was pasted, dropped or chosen, in pieces of at most
/// [`crate::IMAGE_PIECE_BYTES`], one after the other. The draft is changed only by the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddRecording {
    pub draft: DraftId,
    pub name: String,
    /// Chosen by the window, another one for each recording.
    pub upload: u32,
    /// Where the piece begins, in bytes; 0 begins anew.
    pub at: u64,
    /// In base64 (standard alphabet, padded).
    pub bytes: String,
    pub is_last: bool,
}

/// Absent until the last piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingAdded {
    pub recording: Option<AddedRecording>,
}

/// A sound or a film that a draft has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedRecording {
    pub file: AttachedFile,
    /// What the text names it by, with what is known of it.
    pub address: String,
    /// Whether Windows, macOS and Linux all play it.
    pub plays_everywhere: bool,
}

/// Adds one of the files that were dropped on the window; [`crate::Event::Adding`] tells how far it
/// is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddDroppedRecording {
    pub drop: u64,
    /// Its place among the names.
    pub index: u32,
    pub draft: DraftId,
    /// Chosen by the window, another one for each recording.
    pub upload: u32,
}

/// Asks which sounds and films a draft has. What is not on this computer is known by the draft's text
/// alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRecordings {
    pub draft: DraftId,
}

/// Stops taking a recording in; nothing of it is kept. One that is not under way is stopped too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopAdding {
    pub draft: DraftId,
    pub upload: u32,
}

/// How far a file is that is being taken in, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddingFile {
    pub draft: DraftId,
    pub upload: u32,
    pub n_done: u64,
    pub n_total: u64,
}

/// By what the window plays a recording that is on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayRecording {
    pub b3: BlobHash,
}

/// An address that is good for ten minutes after its last use; absent where the host has a scheme
/// of its own for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerAddress {
    pub address: Option<String>,
}

/// Adds chapters or a transcript, as WebVTT, to a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddTrack {
    pub draft: DraftId,
    pub name: String,
    /// The whole file, at most 1 MiB.
    pub text: String,
}

/// The cues of chapters or of a transcript that is on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetTrack {
    pub b3: BlobHash,
}

/// A stretch of a recording and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackCue {
    /// Milliseconds from the beginning.
    pub from: u64,
    pub to: u64,
    pub text: String,
}

/// What an image would be after a change. Nothing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TryImage {
    pub b3: BlobHash,
    pub change: ImageChange,
}

/// Adds an image as it is after a change to a draft. The one before stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeImage {
    pub draft: DraftId,
    pub b3: BlobHash,
    pub change: ImageChange,
}

/// What becomes of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageChange {
    /// What stays of it, in the pixels of the image as it is shown; all of it when absent.
    pub crop: Option<ImageCrop>,
    /// The longer side becomes at most this long, in pixels.
    pub most_side: Option<u32>,
    pub saved: ImageSaved,
}

/// A rectangle inside an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageCrop {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// How an image is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageSaved {
    /// 1 to 100.
    Jpeg {
        quality: u8,
    },
    Png,
    /// Without loss.
    Webp,
}

/// An image after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedImage {
    /// Bytes, before and after.
    pub size_before: u64,
    pub size: u64,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}
