//! The files of drafts in an export: decrypted into a folder beside the texts that show them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;
use stoa_domain::{Attachment, AttachmentId, BlobHash, DraftId, FILE_SCHEME};
use stoa_exchange::{FileRef, MEDIA_FOLDER, MediaFile, file_link};

use super::files::is_damage;
use crate::files::Files;
use crate::table::{attachment, blob};
use crate::{StoreError, Where, disk};

/// Hex digits of a hash.
const DIGITS: usize = 64;
/// What stands before an address in a text.
const LINK: &str = "](";
/// So much is decrypted at a time.
const PIECE: u64 = 1024 * 1024;

/// A file of a draft in `everything.json`.
#[derive(Serialize)]
pub(super) struct ExportedFile {
    id: AttachmentId,
    draft: DraftId,
    b3: BlobHash,
    name: String,
    media_type: &'static str,
    size: u64,
    /// Where it is in the export; absent when its contents are not on this computer.
    file: Option<String>,
}

/// The files of drafts, and those of them that were written.
pub(super) struct Written {
    pub(super) attachments: Vec<ExportedFile>,
    /// By the hash that texts call them by.
    pub(super) media: BTreeMap<BlobHash, MediaFile>,
}

impl Written {
    /// The files of a draft that were written.
    pub(super) fn of(&self, draft: DraftId) -> Vec<FileRef> {
        let mut files: Vec<FileRef> = self
            .attachments
            .iter()
            .filter(|file| file.draft == draft)
            .filter_map(|file| self.entry(file))
            .collect();
        files.sort();
        files.dedup();
        files
    }

    /// One file, when it was written.
    pub(super) fn file(&self, id: AttachmentId) -> Option<FileRef> {
        self.entry(self.attachments.iter().find(|file| file.id == id)?)
    }

    fn entry(&self, file: &ExportedFile) -> Option<FileRef> {
        let written = self.media.get(&file.b3)?;
        Some(FileRef::Entry(written.path.clone()))
    }
}

/// Writes the contents of every file that is here.
pub(super) fn write(files: &Files, db: &Connection, folder: &Path) -> Result<Written, StoreError> {
    let attachments = attachment::all_shown(db)?;
    if !attachments.is_empty() {
        fs::create_dir_all(folder.join(MEDIA_FOLDER))?;
    }
    let mut media: BTreeMap<BlobHash, MediaFile> = BTreeMap::new();
    let mut exported = Vec::new();
    for one in attachments {
        if !media.contains_key(&one.b3)
            && let Some(file) = write_one(files, db, &one, folder)?
        {
            media.insert(one.b3, file);
        }
        exported.push(ExportedFile {
            id: one.id,
            draft: one.draft,
            b3: one.b3,
            file: media.get(&one.b3).map(MediaFile::exported_path),
            name: one.name.into(),
            media_type: one.media_type.as_str(),
            size: one.size,
        });
    }
    Ok(Written {
        attachments: exported,
        media,
    })
}

fn write_one(
    files: &Files,
    db: &Connection,
    one: &Attachment,
    folder: &Path,
) -> Result<Option<MediaFile>, StoreError> {
    if blob::get(db, one.b3)?.is_none_or(|blob| blob.here != Where::Whole) {
        return Ok(None);
    }
    let unnamed = folder.join(MEDIA_FOLDER).join(one.b3.to_string());
    match copy(files, one, &unnamed) {
        Ok(hash) => {
            let file = MediaFile {
                path: format!("{}/{}", one.b3, one.name.as_str()),
                size: one.size,
                hash,
            };
            fs::rename(unnamed, folder.join(file.exported_path()))?;
            Ok(Some(file))
        }
        Err(error) if is_damage(&error) => {
            tracing::error!(%error, "a file cannot be read and is left out of the export");
            let _ = fs::remove_file(unnamed);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Answers the BLAKE3 of what was copied.
fn copy(files: &Files, one: &Attachment, target: &Path) -> io::Result<[u8; 32]> {
    let mut reader = files.read(one.b3, one.size)?;
    let mut file = disk::private_file(target)?;
    let mut hash = blake3::Hasher::new();
    let mut at = 0;
    while at < one.size {
        let piece = reader.read(at..at + PIECE)?;
        hash.update(&piece);
        file.write_all(&piece)?;
        at += PIECE;
    }
    file.sync_all()?;
    Ok(*hash.finalize().as_bytes())
}

/// The same of an address that stands alone.
pub(super) fn with_path(address: &str, media: &BTreeMap<BlobHash, MediaFile>) -> String {
    with_paths(&format!("{LINK}{address}"), media).split_off(LINK.len())
}

/// A text whose links to files that were written lead to what the export calls them.
pub(super) fn with_paths(markdown: &str, media: &BTreeMap<BlobHash, MediaFile>) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut pieces = markdown.split(FILE_SCHEME);
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        // Behind `=` stands what belongs to a recording.
        let is_link = text.ends_with(LINK) || text.ends_with('=');
        let named = piece.get(..DIGITS).filter(|_| is_link);
        let named = named.and_then(|digits| {
            let b3: BlobHash = digits.parse().ok()?;
            media.get(&b3)
        });
        match named {
            Some(file) => {
                text.push_str(&file_link(&file.path));
                text.push_str(&piece[DIGITS..]);
            }
            None => {
                text.push_str(FILE_SCHEME);
                text.push_str(piece);
            }
        }
    }
    text
}
