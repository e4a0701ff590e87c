//! Files of drafts, as they are told.

use serde::{Deserialize, Serialize};
use stoa_domain::{Attachment, BlobHash, DraftId, MediaType};

/// Where the contents of a file are on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// All of it is here.
    Whole,
    /// Some parts are here.
    Partial,
    /// Nothing of it is here.
    Away,
}

impl Where {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Where::Whole => "whole",
            Where::Partial => "partial",
            Where::Away => "away",
        }
    }

    pub(crate) fn parse(name: &str) -> Self {
        match name {
            "whole" => Where::Whole,
            "partial" => Where::Partial,
            _ => Where::Away,
        }
    }
}

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    pub attachment: Attachment,
    pub here: Where,
    pub is_on_server: bool,
    /// Whether it is to stay on this computer.
    pub is_kept: bool,
}

/// A file to be added to a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    pub draft: DraftId,
    /// What it is called where it comes from.
    pub name: String,
    /// Whether anything but an image is refused.
    pub must_be_image: bool,
}

/// The contents of a file as the server is told of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileToSend {
    pub b3: BlobHash,
    /// Bytes.
    pub size: u64,
    /// BLAKE3 of each part.
    pub parts: Vec<BlobHash>,
}

/// How much of files is still to travel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileWork {
    /// Bytes of the files that the server does not have.
    pub to_send: u64,
    /// Bytes of the files that are wanted here.
    pub to_fetch: u64,
}

/// How the user wants files to travel. Kept in the profile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesControls {
    /// Whether no file travels.
    pub is_paused: bool,
    /// Bytes a second, both ways together; absent for as many as the line takes.
    pub bytes_per_second: Option<u64>,
}

/// Which of the files of all drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilesWhere {
    Anywhere,
    /// On this computer, wherever else.
    Here,
    /// On this computer, and the server does not have it.
    OnlyHere,
    /// The server has it, and it is not here.
    OnlyOnServer,
}

/// The contents of a file that drafts use, however many of them.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub here: Where,
    pub is_on_server: bool,
    pub is_kept: bool,
    /// Whether it can be taken off this computer: the server keeps it because a draft there uses
    /// it, and it is not to stay.
    pub can_go: bool,
}

/// So many files with so many bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileSum {
    pub n: u64,
    pub bytes: u64,
}

/// The files of all drafts, counted by where they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileSums {
    /// Of all drafts together, each file once.
    pub used: FileSum,
    /// On this computer.
    pub here: FileSum,
    pub only_here: FileSum,
    pub only_on_server: FileSum,
    /// What is to stay on this computer.
    pub kept: FileSum,
    /// What can be taken off this computer, see [`UsedFile::can_go`].
    pub can_go: FileSum,
    /// On this computer though no draft uses them any more.
    pub unused: FileSum,
}
