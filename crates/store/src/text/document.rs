//! One document: the only place that knows how texts are merged.

use std::panic::{AssertUnwindSafe, catch_unwind};

use loro::cursor::{Cursor, PosQueryResult};
use loro::{
    ExportMode, Frontiers, ID, JsonOpContent, JsonTextOp, LoroDoc, LoroText, VersionVector,
};
use stoa_domain::Splice;

use super::{MAX_PIECE_BYTES, Spans};
use crate::StoreError;

const BODY: &str = "body";
/// A pasted text goes in piece by piece, so that its update can be cut.
const INSERT_BYTES: usize = 32 * 1024;
/// Said in the document's history of a change that puts an earlier text in place. Kept for ever.
const RESTORED: &str = "restored";

/// A text with its history.
pub(crate) struct Document {
    doc: LoroDoc,
}

/// What became of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Imported {
    /// It changed the document.
    New,
    /// All of it was there before.
    Known,
    /// It builds on something that has not come yet; it waits.
    Waiting,
    /// It cannot be read; the document is as before.
    Unreadable(String),
    /// It brought the reader down; the document in memory must not be used any more.
    Poisoned,
}

impl Document {
    /// An empty document. Nobody writes in it; writers fork it.
    pub(crate) fn empty() -> Self {
        Self {
            doc: LoroDoc::new(),
        }
    }

    /// The document that updates make, read at once or, when one of them has to be looked at by
    /// itself, one after the other; `each` decides then what ends it.
    pub(crate) fn of<E>(
        updates: &[&[u8]],
        mut each: impl FnMut(Imported) -> Result<(), E>,
    ) -> Result<Self, E> {
        let document = Self::empty();
        if document.import_together(updates).is_some() {
            return Ok(document);
        }
        let document = Self::empty();
        for update in updates {
            each(document.import(update))?;
        }
        Ok(document)
    }

    /// A second document with the same history, for another author.
    pub(crate) fn fork(&self, peer: u64) -> Self {
        let doc = self.doc.fork();
        set_peer(&doc, peer);
        Self { doc }
    }

    /// The document as it was at an earlier point, for another author.
    pub(crate) fn fork_at(&self, point: &Frontiers, peer: u64) -> Result<Self, StoreError> {
        let doc = self.doc.fork_at(point).map_err(broken)?;
        set_peer(&doc, peer);
        Ok(Self { doc })
    }

    pub(super) fn body(&self) -> LoroText {
        self.doc.get_text(BODY)
    }

    pub(crate) fn text(&self) -> String {
        self.body().to_string()
    }

    /// Bytes of the text.
    pub(crate) fn len(&self) -> usize {
        self.body().len_utf8()
    }

    pub(crate) fn version(&self) -> VersionVector {
        self.doc.oplog_vv()
    }

    /// The point in history that the text shows.
    pub(crate) fn point(&self) -> Frontiers {
        self.doc.state_frontiers()
    }

    /// The text as it was at a version that this document knows.
    pub(crate) fn text_at(&self, version: &VersionVector) -> Result<String, StoreError> {
        let point = self.doc.vv_to_frontiers(version);
        let doc = self.doc.fork_at(&point).map_err(broken)?;
        Ok(Self { doc }.text())
    }

    /// The text as it was at a point; `None` for one that this document does not know. What the
    /// point builds on is read anew: going back in a document that is there takes ten times as long.
    pub(crate) fn text_at_point(&self, point: &Frontiers) -> Option<String> {
        let closure = self.closure(point)?;
        if closure == self.version() {
            return Some(self.text());
        }
        let spans = Spans::new(closure.sub_iter(&VersionVector::default()));
        let then = Self::empty();
        if !spans.is_empty() && then.import(&self.export(&spans).ok()?) != Imported::New {
            return None;
        }
        Some(then.text())
    }

    /// Where a cursor points now; `None` where this document does not know it.
    pub(super) fn cursor_position(&self, cursor: &Cursor) -> Option<PosQueryResult> {
        self.doc.get_cursor_pos(cursor).ok()
    }

    /// Whether a point is in this document's history.
    pub(crate) fn knows(&self, point: &Frontiers) -> bool {
        self.doc
            .with_oplog(|log| point.iter().all(|id| log.dag().vv().includes_id(id)))
    }

    /// All that a point builds on, itself included; `None` for one that is not known.
    pub(crate) fn closure(&self, point: &Frontiers) -> Option<VersionVector> {
        self.knows(point)
            .then(|| self.doc.frontiers_to_vv(point))
            .flatten()
    }

    /// A point without those parts that the others build on.
    pub(crate) fn minimal(&self, point: &Frontiers) -> Option<Frontiers> {
        self.doc.minimize_frontiers(point).ok()
    }

    /// The point that an operation was written on; `None` for one that is not known.
    pub(crate) fn before(&self, id: ID) -> Option<Frontiers> {
        let change = self.doc.get_change(id)?;
        Some(match change.id.counter < id.counter {
            true => Frontiers::from_id(ID::new(id.peer, id.counter - 1)),
            false => change.deps,
        })
    }

    /// Whether an operation belongs to a change that put an earlier text in place.
    pub(crate) fn is_restored(&self, id: ID) -> bool {
        let change = self.doc.get_change(id);
        change.is_some_and(|change| change.message.as_deref() == Some(RESTORED))
    }

    /// What is written next puts an earlier text in place.
    pub(crate) fn restores_next(&self) {
        self.doc.set_next_commit_message(RESTORED);
    }

    /// How many characters parts of the history added, and how many they took out of what was
    /// there before. What came and went within them counts as neither.
    pub(crate) fn counts(&self, spans: &Spans) -> (u64, u64) {
        let (mut n_added, mut n_removed) = (0, 0);
        for span in spans.to_ids() {
            for change in self.doc.export_json_in_id_span(span) {
                for op in change.ops {
                    match op.content {
                        JsonOpContent::Text(JsonTextOp::Insert { text, .. }) => {
                            n_added += text.chars().count() as u64;
                        }
                        JsonOpContent::Text(JsonTextOp::Delete { len, start_id, .. }) => {
                            let n = u64::from(len.unsigned_abs());
                            let n_own = spans.overlap(start_id, len.unsigned_abs());
                            n_added = n_added.saturating_sub(n_own);
                            n_removed += n - n_own.min(n);
                        }
                        _ => {}
                    }
                }
            }
        }
        (n_added, n_removed)
    }

    /// Writes splices, one after the other.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] for a splice that does not fit the text. The document may
    /// hold those before it then.
    pub(crate) fn splice(&self, splices: &[Splice]) -> Result<(), StoreError> {
        let body = self.body();
        for splice in splices {
            let end = splice.at.checked_add(splice.delete);
            if end.is_none_or(|end| end > body.len_utf16()) {
                return Err(StoreError::SessionEnded);
            }
            if splice.delete > 0 {
                body.delete_utf16(splice.at, splice.delete)
                    .map_err(|_| StoreError::SessionEnded)?;
            }
            let mut at = splice.at;
            for piece in pieces(&splice.insert, INSERT_BYTES) {
                body.insert_utf16(at, piece)
                    .map_err(|_| StoreError::SessionEnded)?;
                at += piece.encode_utf16().count();
                self.doc.commit();
            }
        }
        self.doc.commit();
        Ok(())
    }

    /// Takes out what no text may hold; whether there was anything.
    pub(crate) fn clean(&self) -> Result<bool, StoreError> {
        let text = self.text();
        if !text.contains(['\0', '\r']) {
            return Ok(false);
        }
        let body = self.body();
        let chars: Vec<char> = text.chars().collect();
        // From the end, so that earlier places stay where they are.
        for (at, c) in chars.iter().enumerate().rev() {
            let replacement = match c {
                '\0' => "",
                '\r' if chars.get(at + 1) == Some(&'\n') => "",
                '\r' => "\n",
                _ => continue,
            };
            body.splice(at, 1, replacement).map_err(broken)?;
        }
        self.doc.commit();
        Ok(true)
    }

    /// Reads an update that somebody else may have written.
    pub(crate) fn import(&self, bytes: &[u8]) -> Imported {
        let before = self.version();
        match catch_unwind(AssertUnwindSafe(|| self.doc.import(bytes))) {
            Ok(Ok(status)) if status.pending.is_some() => Imported::Waiting,
            Ok(Ok(_)) if self.version() == before => Imported::Known,
            Ok(Ok(_)) => Imported::New,
            Ok(Err(error)) => Imported::Unreadable(error.to_string()),
            Err(_) => Imported::Poisoned,
        }
    }

    /// Reads several updates at once, which takes a fraction of one after the other; whether each
    /// brought something new. `None` when they cannot all be taken: the document in memory must not
    /// be used any more then.
    pub(crate) fn import_together(&self, updates: &[&[u8]]) -> Option<Vec<bool>> {
        let before = self.version();
        let read = || {
            let mut are_new = Vec::with_capacity(updates.len());
            let mut new = Vec::new();
            for update in updates {
                let meta = LoroDoc::decode_import_blob_meta(update, false)?;
                let is_new = !before.includes_vv(&meta.partial_end_vv);
                new.extend(is_new.then(|| update.to_vec()));
                are_new.push(is_new);
            }
            let status = self.doc.import_batch(&new)?;
            Ok::<_, loro::LoroError>(status.pending.is_none().then_some(are_new))
        };
        catch_unwind(AssertUnwindSafe(read)).ok()?.ok()?
    }

    /// What was written after a point, as parts of the history.
    pub(crate) fn spans_since(&self, before: &VersionVector) -> Spans {
        Spans::new(self.version().sub_iter(before))
    }

    /// Everything after a point, as one update.
    pub(crate) fn updates_since(&self, before: &VersionVector) -> Result<Vec<u8>, StoreError> {
        self.doc.export(ExportMode::updates(before)).map_err(broken)
    }

    /// Parts of the history as one update.
    pub(crate) fn export(&self, spans: &Spans) -> Result<Vec<u8>, StoreError> {
        let mode = ExportMode::updates_in_range(spans.to_ids());
        self.doc.export(mode).map_err(broken)
    }

    /// Parts of the history as updates that each fit a mutation.
    pub(crate) fn export_pieces(&self, spans: &Spans) -> Result<Vec<(Spans, Vec<u8>)>, StoreError> {
        let bytes = self.export(spans)?;
        match spans.halves() {
            Some((first, second)) if bytes.len() > MAX_PIECE_BYTES => {
                let mut pieces = self.export_pieces(&first)?;
                pieces.extend(self.export_pieces(&second)?);
                Ok(pieces)
            }
            _ => Ok(vec![(spans.clone(), bytes)]),
        }
    }

    /// The whole document, with its history.
    pub(crate) fn snapshot(&self) -> Result<Vec<u8>, StoreError> {
        self.doc.export(ExportMode::Snapshot).map_err(broken)
    }
}

fn set_peer(doc: &LoroDoc, peer: u64) {
    doc.set_peer_id(peer)
        .expect("a document without unfinished changes takes any author");
}

fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Internal(format!("document: {error}"))
}

/// A text in pieces of at most `most` bytes, cut between characters.
fn pieces(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = rest.split_at(rest.floor_char_boundary(most));
        rest = after;
        Some(piece)
    })
}
