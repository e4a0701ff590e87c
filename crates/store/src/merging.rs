//! Taking updates of texts into their documents: at once when there are few, later when a pull
//! brought many.

use std::collections::BTreeSet;

use loro::Frontiers;
use rusqlite::Connection;
use stoa_domain::{DraftId, Timestamp, UpdateId, UserId};
use stoa_mutators::{MAX_UPDATE_BYTES, Mutation};

use crate::store::{Work, actor};
use crate::table::doc_update::{self, StoredUpdate};
use crate::table::outbox::{self, Entry};
use crate::table::{doc, doc_waiting, history};
use crate::text::{Document, Imported, Piece, Spans};
use crate::{ChangeKind, HistoryEntry, HistoryKind, StoreError, writing};

/// How many texts are merged in one transaction: little enough that a save does not notice.
const BATCH: i64 = 20;

/// The text of a draft, with everything that has come for it.
pub(crate) fn markdown(db: &Connection, id: DraftId) -> Result<String, StoreError> {
    if doc_waiting::since(db, id)?.is_none() {
        return doc::markdown(db, id);
    }
    match document(db, id)? {
        Some(document) => Ok(document.text()),
        None => doc::markdown(db, id),
    }
}

/// The text as it was at a point in its history.
pub(crate) fn text_at(
    db: &Connection,
    id: DraftId,
    point: &Frontiers,
) -> Result<String, StoreError> {
    let document = document(db, id)?.ok_or(StoreError::NotFound)?;
    document.text_at_point(point).ok_or(StoreError::NotFound)
}

/// A document and who wrote which part of it when.
pub(crate) struct History {
    pub(crate) document: Document,
    /// In an order in which each comes after those that it builds on.
    pub(crate) pieces: Vec<Piece>,
}

/// The history of a text: what the server has of it, then what it does not have yet. `None` where
/// something of it brings the reader down.
pub(crate) fn history(db: &Connection, id: DraftId) -> Result<Option<History>, StoreError> {
    let theirs = doc_update::of_doc(db, id)?;
    let Some(document) = document_with(db, id, &theirs)? else {
        return Ok(None);
    };
    let mut pieces = Vec::with_capacity(theirs.len());
    for update in theirs.iter().filter(|update| is_whole(update)) {
        pieces.extend(Spans::of_update(&update.bytes).map(|spans| Piece {
            by: update.author,
            began_at: update.id.made_at().min(update.made_at),
            at: update.made_at,
            spans,
        }));
    }
    let known: BTreeSet<UpdateId> = theirs.iter().map(|update| update.id).collect();
    let me = actor(db, Timestamp::default())?.user;
    for entry in outbox::of_draft(db, id)? {
        pieces.extend(of_entry(&entry, &known, me)?);
    }
    Ok(Some(History { document, pieces }))
}

/// What an entry of the outbox wrote, unless that has arrived.
fn of_entry(
    entry: &Entry,
    known: &BTreeSet<UpdateId>,
    me: Option<UserId>,
) -> Result<Option<Piece>, StoreError> {
    if entry.kind != ChangeKind::Write {
        return Ok(None);
    }
    let args = serde_json::from_str(&entry.args)?;
    let Ok(Mutation::AppendDoc(append)) = Mutation::parse(&entry.name, entry.version, &args) else {
        return Ok(None);
    };
    if known.contains(&append.id) {
        return Ok(None);
    }
    let spans = append.decoded().ok().and_then(|b| Spans::of_update(&b));
    Ok(spans.map(|spans| Piece {
        by: me,
        began_at: append.id.made_at().min(entry.made_at),
        at: entry.made_at,
        spans,
    }))
}

/// The document of a draft with everything that has come for it; `None` where something of it
/// brings the reader down.
pub(crate) fn document(db: &Connection, id: DraftId) -> Result<Option<Document>, StoreError> {
    document_with(db, id, &doc_update::of_doc(db, id)?)
}

fn document_with(
    db: &Connection,
    id: DraftId,
    theirs: &[StoredUpdate],
) -> Result<Option<Document>, StoreError> {
    let stored = doc::load(db, id)?;
    let theirs = theirs.iter().filter(|update| is_whole(update));
    let parts = stored.parts().chain(theirs.map(|u| u.bytes.as_slice()));
    let parts: Vec<&[u8]> = parts.collect();
    let document = Document::of(&parts, |imported| match imported {
        Imported::Poisoned => Err(()),
        _ => Ok(()),
    });
    Ok(document.ok())
}

/// Merges all that the server has of a text.
pub(crate) fn merge_all(
    work: &mut Work<'_>,
    id: DraftId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    doc_waiting::remove(work.db, id)?;
    let updates = doc_update::of_doc(work.db, id)?;
    Ok(!merge(work, &updates, at)?.is_empty())
}

/// Stores the text of a document that has changed.
pub(crate) fn put_text(work: &mut Work<'_>, id: DraftId) -> Result<(), StoreError> {
    let markdown = work.documents.get(work.db, id)?.document.text();
    writing::put(work.db, id, &markdown)?;
    if !work.is_open(id) {
        work.documents.forget(id);
    }
    Ok(())
}

/// Merges some of the texts that wait; whether there may be more.
pub(crate) fn merge_some(work: &mut Work<'_>) -> Result<bool, StoreError> {
    let some = doc_waiting::some(work.db, BATCH)?;
    for (id, at) in &some {
        if merge_all(work, *id, *at)? {
            put_text(work, *id)?;
            work.changed.drafts.insert(*id);
        }
    }
    Ok(!some.is_empty())
}

/// Takes updates of one text into its document; answers those that changed it. One that cannot be
/// read is set aside, so that a single bad one holds up nothing.
pub(crate) fn merge<'u>(
    work: &mut Work<'_>,
    updates: &'u [StoredUpdate],
    now: Timestamp,
) -> Result<Vec<&'u StoredUpdate>, StoreError> {
    if let Some(new) = merge_together(work, updates)? {
        return Ok(new);
    }
    let mut new = Vec::new();
    for update in updates {
        if merge_one(work, update, now)? {
            new.push(update);
        }
    }
    Ok(new)
}

/// Takes updates into the document at once; `None`, and nothing is done, when one of them has to
/// be looked at by itself.
fn merge_together<'u>(
    work: &mut Work<'_>,
    updates: &'u [StoredUpdate],
) -> Result<Option<Vec<&'u StoredUpdate>>, StoreError> {
    let [first, _, ..] = updates else {
        return Ok(None);
    };
    if !updates.iter().all(is_whole) {
        return Ok(None);
    }
    let loaded = work.documents.get(work.db, first.doc)?;
    let bytes: Vec<&[u8]> = updates.iter().map(|u| u.bytes.as_slice()).collect();
    let Some(are_new) = loaded.document.import_together(&bytes) else {
        work.documents.forget(first.doc);
        return Ok(None);
    };
    let new: Vec<_> = updates
        .iter()
        .zip(are_new)
        .filter_map(|(update, is_new)| is_new.then_some(update))
        .collect();
    let bytes = new.iter().map(|update| update.bytes.as_slice());
    loaded.log_all(work.db, first.doc, bytes)?;
    Ok(Some(new))
}

/// Takes an update into the document; whether that changed it.
fn merge_one(
    work: &mut Work<'_>,
    update: &StoredUpdate,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if !is_whole(update) {
        set_aside(work, update, "checksum or size", now)?;
        return Ok(false);
    }
    let loaded = work.documents.get(work.db, update.doc)?;
    match loaded.document.import(&update.bytes) {
        Imported::Known => Ok(false),
        Imported::New => {
            loaded.log(work.db, update.doc, &update.bytes)?;
            Ok(true)
        }
        Imported::Waiting => {
            loaded.note_waiting();
            loaded.log(work.db, update.doc, &update.bytes)?;
            Ok(true)
        }
        Imported::Unreadable(why) => {
            set_aside(work, update, &why, now)?;
            Ok(false)
        }
        Imported::Poisoned => {
            // What was read so far is on the disk; the document is made anew from there.
            work.documents.forget(update.doc);
            set_aside(work, update, "it brought the reader down", now)?;
            Ok(false)
        }
    }
}

fn is_whole(update: &StoredUpdate) -> bool {
    let b3 = blake3::hash(&update.bytes).to_hex();
    b3.as_str() == update.b3 && update.bytes.len() <= MAX_UPDATE_BYTES
}

fn set_aside(
    work: &mut Work<'_>,
    update: &StoredUpdate,
    why: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tracing::warn!(draft = %update.doc, update = %update.id, why, "an update was set aside");
    doc_update::set_aside(work.db, update, why, now)?;
    let line = HistoryEntry {
        at: now,
        kind: HistoryKind::SetAside,
        n: 1,
        text: None,
        kept_markdown: None,
    };
    history::add(work.db, &line)
}
