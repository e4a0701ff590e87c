//! The files of drafts in an export: decrypted into a folder beside the texts that show them.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;
use stoa_domain::{Attachment, AttachmentId, BlobHash, DraftId};

use super::files::is_damage;
use crate::files::Files;
use crate::table::{attachment, blob};
use crate::{StoreError, Where, disk};

const FOLDER: &str = "attachments";
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

/// Writes the contents of every file that is here.
pub(super) fn write(
    files: &Files,
    db: &Connection,
    folder: &Path,
) -> Result<Vec<ExportedFile>, StoreError> {
    let attachments = attachment::all_shown(db)?;
    if !attachments.is_empty() {
        fs::create_dir_all(folder.join(FOLDER))?;
    }
    let mut exported: Vec<ExportedFile> = Vec::new();
    for one in attachments {
        let earlier = exported.iter().find(|other| other.b3 == one.b3);
        let file = match earlier {
            Some(other) => other.file.clone(),
            None => write_one(files, db, &one, folder)?,
        };
        exported.push(ExportedFile {
            id: one.id,
            draft: one.draft,
            b3: one.b3,
            name: one.name.into(),
            media_type: one.media_type.as_str(),
            size: one.size,
            file,
        });
    }
    Ok(exported)
}

fn write_one(
    files: &Files,
    db: &Connection,
    one: &Attachment,
    folder: &Path,
) -> Result<Option<String>, StoreError> {
    if blob::get(db, one.b3)?.is_none_or(|blob| blob.here != Where::Whole) {
        return Ok(None);
    }
    let name = format!("{FOLDER}/{}", attachment_name(one.b3, one.name.as_str()));
    let target = folder.join(&name);
    match copy(files, one, &target) {
        Ok(()) => Ok(Some(name)),
        Err(error) if is_damage(&error) => {
            tracing::error!(%error, "a file cannot be read and is left out of the export");
            let _ = fs::remove_file(target);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn copy(files: &Files, one: &Attachment, target: &Path) -> io::Result<()> {
    let mut reader = files.read(one.b3, one.size)?;
    let mut file = disk::private_file(target)?;
    let mut at = 0;
    while at < one.size {
        file.write_all(&reader.read(at..at + PIECE)?)?;
        at += PIECE;
    }
    file.sync_all()
}

/// Unlike that of any other file, and safe on every system and in a link.
pub(crate) fn attachment_name(b3: BlobHash, name: &str) -> String {
    let b3 = b3.to_string();
    let safe: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '.' | '-') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let safe = safe.trim_matches('.');
    let n_chars = safe.chars().count();
    let end: String = safe.chars().skip(n_chars.saturating_sub(60)).collect();
    format!("{}-{end}", &b3[..12])
}

/// A text whose links to files lead to those of the export.
pub(super) fn with_paths(markdown: &str, files: &[ExportedFile]) -> String {
    let mut text = markdown.to_owned();
    for exported in files {
        if let Some(file) = &exported.file
            && text.contains("attachment:")
        {
            // Behind `=` stands what belongs to a recording.
            for before in ["](", "="] {
                let named = format!("{before}attachment:{}", exported.b3);
                text = text.replace(&named, &format!("{before}{file}"));
            }
        }
    }
    text
}
