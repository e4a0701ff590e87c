//! The texts of drafts as Markdown files, from whatever of them is whole: the Markdown itself, else
//! the document with its history, else the updates that came or wait.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{BlobHash, DraftId, Timestamp};
use stoa_mutators::{AppendDoc, Mutation};

use super::naming::{FrontMatter, attachment_name, file_name};
use super::pages::Pages;
use super::rows::Readable;
use super::tree::Value;
use crate::files::Files;
use crate::text::Document;
use crate::{StoreError, disk};

const ATTACHMENTS: &str = "attachments";
/// So much of a file is decrypted at a time.
const PIECE: u64 = 1 << 20;

type Named<'a> = BTreeMap<&'a str, Value>;

/// What is known of a draft.
#[derive(Default)]
struct Known {
    title: Option<String>,
    created_at: Option<i64>,
    edited_at: Option<i64>,
    binned_at: Option<i64>,
    has_text: bool,
}

/// Writes every draft that anything is known of; answers how many.
pub(super) fn write(
    pages: &mut Pages,
    tables: &[Readable],
    folder: &Path,
) -> Result<u64, StoreError> {
    let mut drafts: BTreeMap<DraftId, Known> = BTreeMap::new();
    // The later ones say what was shown.
    for name in ["listing", "draft", "draft_o"] {
        each(pages, tables, name, |row| {
            if let Some(id) = id(&row, "id") {
                note(drafts.entry(id).or_default(), &row);
            }
            Ok(())
        })?;
    }
    let mut names = BTreeSet::new();
    each(pages, tables, "doc", |row| {
        let (Some(id), Some(markdown)) = (id(&row, "id"), text(&row, "markdown")) else {
            return Ok(());
        };
        let known = drafts.entry(id).or_default();
        if !markdown.is_empty() && !known.has_text {
            known.has_text = true;
            write_one(folder, id, known, markdown, &mut names)?;
        }
        Ok(())
    })?;
    let mut updates = histories(pages, tables, &drafts)?;
    for id in updates.keys() {
        drafts.entry(*id).or_default();
    }
    for (id, known) in drafts.iter().filter(|(_, known)| !known.has_text) {
        let document = Document::empty();
        for update in updates.remove(id).unwrap_or_default() {
            document.import(&update);
        }
        write_one(folder, *id, known, &document.text(), &mut names)?;
    }
    Ok(drafts.len() as u64)
}

fn each(
    pages: &mut Pages,
    tables: &[Readable],
    name: &str,
    mut take: impl FnMut(Named<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if let Some(readable) = tables.iter().find(|t| t.table.name == name) {
        readable.each(pages, |row| take(readable.named(row)))?;
    }
    Ok(())
}

fn note(known: &mut Known, row: &Named<'_>) {
    let int = |column: &str| match row.get(column) {
        Some(Value::Int(n)) => Some(*n),
        _ => None,
    };
    known.title = text(row, "title").map(str::to_owned).or(known.title.take());
    known.created_at = int("created_at").or(known.created_at);
    known.edited_at = int("edited_at").or(known.edited_at);
    known.binned_at = int("binned_at");
}

fn id(row: &Named<'_>, column: &str) -> Option<DraftId> {
    match row.get(column) {
        Some(Value::Blob(bytes)) => Some(DraftId::from_bytes(bytes.as_slice().try_into().ok()?)),
        _ => None,
    }
}

fn text<'a>(row: &'a Named<'_>, column: &str) -> Option<&'a str> {
    match row.get(column) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// The snapshots and updates of every draft whose Markdown is not there.
fn histories(
    pages: &mut Pages,
    tables: &[Readable],
    drafts: &BTreeMap<DraftId, Known>,
) -> Result<BTreeMap<DraftId, Vec<Vec<u8>>>, StoreError> {
    let mut updates: BTreeMap<DraftId, Vec<Vec<u8>>> = BTreeMap::new();
    let is_needed = |id: &DraftId| drafts.get(id).is_none_or(|known| !known.has_text);
    for name in ["doc_snapshot", "doc_update", "doc_log"] {
        each(pages, tables, name, |mut row| {
            if let (Some(id), Some(Value::Blob(bytes))) = (id(&row, "doc"), row.remove("bytes"))
                && is_needed(&id)
            {
                updates.entry(id).or_default().push(bytes);
            }
            Ok(())
        })?;
    }
    each(pages, tables, "outbox", |row| {
        if let (Some(id), Some(bytes)) = (id(&row, "draft"), waiting_update(&row))
            && is_needed(&id)
        {
            updates.entry(id).or_default().push(bytes);
        }
        Ok(())
    })?;
    Ok(updates)
}

/// The update of a text that waits.
fn waiting_update(row: &Named<'_>) -> Option<Vec<u8>> {
    let args = serde_json::from_str(text(row, "args")?).ok()?;
    match Mutation::parse(text(row, "name")?, 1, &args) {
        Ok(Mutation::AppendDoc(AppendDoc { bytes, .. })) => STANDARD.decode(bytes).ok(),
        _ => None,
    }
}

fn write_one(
    folder: &Path,
    id: DraftId,
    known: &Known,
    markdown: &str,
    names: &mut BTreeSet<String>,
) -> Result<(), StoreError> {
    let title = known.title.as_deref().unwrap_or_default();
    let at = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    let head = FrontMatter {
        id,
        title,
        created_at: at(known.created_at),
        edited_at: at(known.edited_at),
        binned_at: at(known.binned_at),
    };
    let path = folder.join(file_name(title, names));
    Ok(disk::replace_file(
        &path,
        format!("{head}{markdown}").as_bytes(),
    )?)
}

/// Writes the contents of every file that is here and known.
pub(super) fn write_files(
    pages: &mut Pages,
    tables: &[Readable],
    files: &Files,
    folder: &Path,
) -> Result<(), StoreError> {
    let mut written = BTreeSet::new();
    for table in ["attachment_o", "attachment"] {
        each(pages, tables, table, |row| {
            let (Some(Value::Blob(b3)), Some(Value::Int(size))) = (row.get("b3"), row.get("size"))
            else {
                return Ok(());
            };
            let Ok(b3) = <[u8; 32]>::try_from(b3.as_slice()).map(BlobHash::from_bytes) else {
                return Ok(());
            };
            let name = text(&row, "name").unwrap_or_default();
            if written.insert(b3) {
                write_file(files, (b3, size.unsigned_abs()), folder, name)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// One that is not here, or damaged, is left out from where it cannot be read.
fn write_file(
    files: &Files,
    (b3, size): (BlobHash, u64),
    folder: &Path,
    name: &str,
) -> Result<(), StoreError> {
    let Ok(mut reader) = files.read(b3, size) else {
        return Ok(());
    };
    let folder = folder.join(ATTACHMENTS);
    std::fs::create_dir_all(&folder)?;
    let mut out = disk::private_file(&folder.join(attachment_name(b3, name)))?;
    let mut at = 0;
    while at < size {
        let Ok(piece) = reader.read(at..at + PIECE) else {
            break;
        };
        out.write_all(&piece)?;
        at += PIECE;
    }
    Ok(out.sync_all()?)
}
