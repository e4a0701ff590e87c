//! What waits, what failed, what happened: the sync centre.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{DraftId, Timestamp};
use stoa_mutators::{AppendDoc, Mutation};

use super::deleting::give_up;
use super::tags::taken_word;
use super::{Store, Work, publication};
use crate::table::outbox::{self, Entry, State};
use crate::table::{doc, doc_update, doc_waiting, draft_kept, history, journal, listing, tag};
use crate::text::{Document, Imported};
use crate::{
    ChangeKind, ChangeState, ChangeText, HistoryEntry, HistoryKind, OutboxCounts, OutboxEntry,
    StepKind, StoreError, TakenWord, deletion, overlay, undo, writing,
};

impl Store {
    /// How many changes wait or failed.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn counts(&self) -> Result<OutboxCounts, StoreError> {
        self.read(|db| outbox::counts(db))
    }

    /// How many changes can be sent now.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn n_ready(&self) -> Result<u64, StoreError> {
        self.read(|db| outbox::n_ready(db))
    }

    /// Changes the server has not answered, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn waiting(&self, limit: u32) -> Result<Vec<OutboxEntry>, StoreError> {
        let entries = self.read(|db| outbox::open(db, limit.into()))?;
        let entries = entries.into_iter();
        Ok(entries.filter_map(|entry| told(entry, None)).collect())
    }

    /// Changes that were refused or set aside, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn failed(&self, limit: u32) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read(|db| {
            let book = tag::book(db)?;
            let entries = outbox::failed(db, limit.into())?.into_iter();
            let told = entries.filter_map(|entry| {
                let taken = taken_word(&book, &entry);
                told(entry, taken)
            });
            Ok(told.collect())
        })
    }

    /// What happened, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn history(&self, limit: u32) -> Result<Vec<HistoryEntry>, StoreError> {
        self.read(|db| history::newest(db, limit.into()))
    }

    /// Adds a line to the history.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn record(
        &self,
        kind: HistoryKind,
        n: u64,
        text: Option<&ChangeText>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.outbox = true;
            let line = HistoryEntry {
                at: now,
                kind,
                n,
                text: text.cloned(),
                kept_markdown: None,
            };
            history::add(work.db, &line)
        })
    }

    /// Takes a change back that the server has not accepted. Taking back the creation of a draft
    /// takes back all that was done to it; taking back what was written takes back what was
    /// written after it too, because that builds on it. The text before stays in the history, and
    /// undo puts everything back. Of a draft that was deleted elsewhere all work is given up, and
    /// only the history keeps it.
    ///
    /// # Errors
    /// [`StoreError::UnderWay`] when this change or one that goes with it was sent and not
    /// answered, [`StoreError::NotFound`] when there is no such change.
    pub fn discard(&self, lid: i64, now: Timestamp) -> Result<(), StoreError> {
        self.write(|work| {
            let entry = outbox::get(work.db, lid)?.ok_or(StoreError::NotFound)?;
            if give_up(work, entry.draft, now)? {
                return Ok(());
            }
            let taken = discard(work, lid, now)?;
            undo::keep_taken(work, StepKind::Discard, &taken, now)
        })
    }

    /// Keeps a change that was not sent yet on this computer, with what follows it on its draft;
    /// or lets it go.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was sent or is not there.
    pub fn keep_back(&self, lid: i64, kept: bool) -> Result<(), StoreError> {
        self.write(|work| {
            unsent(work, lid)?;
            outbox::keep_back(work.db, lid, kept)
        })
    }

    /// Sends what waits of a change's draft before all other drafts.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was sent or is not there.
    pub fn send_first(&self, lid: i64) -> Result<(), StoreError> {
        self.write(|work| {
            let entry = unsent(work, lid)?;
            outbox::put_first(work.db, entry.draft)
        })
    }

    /// Sends a refused change again, as a new one, and with the making of a draft all that was
    /// refused because of it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it did not fail or its draft was deleted,
    /// [`StoreError::Rejected`] when it has no ground here any more.
    pub fn retry(&self, lid: i64, now: Timestamp) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.outbox = true;
            let entry = outbox::get(work.db, lid)?
                .filter(|entry| entry.state.is_failed())
                .ok_or(StoreError::NotFound)?;
            if draft_kept::get(work.db, entry.draft)?.is_some() {
                return Err(StoreError::NotFound);
            }
            note(work, HistoryKind::Retried, &entry, now)?;
            let id = entry.draft;
            let again = match entry.kind {
                ChangeKind::Create => outbox::of_draft(work.db, id)?,
                _ => vec![entry],
            };
            for entry in again.into_iter().filter(|entry| entry.state.is_failed()) {
                send_again(work, entry, now)?;
            }
            overlay::rebuild(work, id)
        })
    }
}

/// A change that was not sent yet; the outbox is about to look different.
fn unsent(work: &mut Work<'_>, lid: i64) -> Result<Entry, StoreError> {
    work.changed.outbox = true;
    outbox::get(work.db, lid)?
        .filter(|entry| entry.state == State::Pending)
        .ok_or(StoreError::NotFound)
}

/// Takes a change back with all that builds on it; answers what was taken.
pub(crate) fn discard(
    work: &mut Work<'_>,
    lid: i64,
    now: Timestamp,
) -> Result<Vec<Entry>, StoreError> {
    work.now = Some(now);
    work.changed.outbox = true;
    let entry = outbox::get(work.db, lid)?
        .filter(|entry| entry.state != State::Applied)
        .ok_or(StoreError::NotFound)?;
    match entry.kind {
        ChangeKind::Create => discard_draft(work, entry.draft, now),
        ChangeKind::Write => discard_writing(work, &entry, now),
        _ => discard_field(work, entry, now),
    }
}

fn send_again(work: &mut Work<'_>, mut entry: Entry, now: Timestamp) -> Result<(), StoreError> {
    settle(work, &entry, now)?;
    entry.lid = 0;
    entry.mid = None;
    entry.was_sent = false;
    entry.state = State::Pending;
    entry.code = None;
    entry.seq = None;
    entry.spans = None;
    entry.acked_at = None;
    entry.made_at = now;
    entry.base = overlay::base_versions(work.db, entry.draft)?;
    if entry.kind == ChangeKind::Delete {
        return delete_as_seen_now(work, entry.draft, now);
    }
    outbox::insert(work.db, &entry)?;
    Ok(())
}

/// A deletion is meant of the draft as it is now.
fn delete_as_seen_now(work: &mut Work<'_>, id: DraftId, now: Timestamp) -> Result<(), StoreError> {
    let delete = deletion::of_shown(work.db, id)?;
    let prepared = overlay::prepare(work.db, id, &delete, now)?;
    overlay::put(work, &prepared)
}

/// An entry as people are told about it; one accepted already is nothing to tell.
fn told(entry: Entry, taken: Option<TakenWord>) -> Option<OutboxEntry> {
    let state = match entry.state {
        State::Pending => ChangeState::Waiting,
        State::Inflight => ChangeState::UnderWay,
        State::Rejected => ChangeState::Rejected,
        State::Parked => ChangeState::Parked,
        State::Applied => return None,
    };
    let publication = publication::said(&entry);
    Some(OutboxEntry {
        lid: entry.lid,
        kind: entry.kind,
        title: entry.title,
        draft: entry.draft,
        size: entry.size.unsigned_abs(),
        made_at: entry.made_at,
        state,
        code: entry.code,
        taken,
        needs: entry.needs,
        kept_back: entry.kept_back,
        held_seconds: entry.hold_ms.unsigned_abs().div_ceil(1_000),
        live_at: publication.as_ref().and_then(|said| said.live_at),
        unless_after: publication.and_then(|said| said.unless_after),
    })
}

/// Adds a line about an entry to the history.
pub(super) fn note(
    work: &mut Work<'_>,
    kind: HistoryKind,
    entry: &Entry,
    now: Timestamp,
) -> Result<(), StoreError> {
    let line = HistoryEntry {
        at: now,
        kind,
        n: 1,
        text: Some(ChangeText {
            kind: entry.kind,
            title: entry.title.clone(),
        }),
        kept_markdown: None,
    };
    history::add(work.db, &line)
}

/// Takes an entry out of the outbox. A number that was used up stays used up: should the server
/// have to be healed, a stand-in goes in its place.
pub(crate) fn settle(work: &mut Work<'_>, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
    if is_under_way(entry) {
        return Err(StoreError::UnderWay);
    }
    if entry.mid.is_some() {
        journal::keep(work.db, &super::push::stand_in(entry), now)?;
    }
    outbox::delete(work.db, entry.lid)
}

/// Sent and not answered; for a change that was set aside that is its stand-in.
fn is_under_way(entry: &Entry) -> bool {
    entry.state == State::Inflight || entry.mid.is_some() && entry.acked_at.is_none()
}

/// Takes one change back; answers what was taken.
fn discard_field(
    work: &mut Work<'_>,
    entry: Entry,
    now: Timestamp,
) -> Result<Vec<Entry>, StoreError> {
    settle(work, &entry, now)?;
    note(work, HistoryKind::Discarded, &entry, now)?;
    overlay::rebuild(work, entry.draft)?;
    writing::index_if_small(work.db, entry.draft)?;
    Ok(vec![entry])
}

fn discard_draft(
    work: &mut Work<'_>,
    id: DraftId,
    now: Timestamp,
) -> Result<Vec<Entry>, StoreError> {
    let entries = outbox::of_draft(work.db, id)?;
    for entry in &entries {
        settle(work, entry, now)?;
    }
    // Nothing shows the draft any more; its text goes into the history on the way.
    overlay::rebuild(work, id)?;
    Ok(entries)
}

fn discard_writing(
    work: &mut Work<'_>,
    first: &Entry,
    now: Timestamp,
) -> Result<Vec<Entry>, StoreError> {
    let id = first.draft;
    let listed = listing::get(work.db, id)?.ok_or(StoreError::NotFound)?;
    writing::keep(work, id, ChangeKind::Write, listed)?;
    let later: Vec<Entry> = outbox::of_draft(work.db, id)?
        .into_iter()
        .filter(|e| e.kind == ChangeKind::Write && e.lid >= first.lid && e.state != State::Applied)
        .collect();
    for entry in &later {
        settle(work, entry, now)?;
    }
    rewrite_document(work, id)?;
    overlay::rebuild(work, id)?;
    Ok(later)
}

/// Makes a document anew from what the server sent and what still waits.
pub(crate) fn rewrite_document(work: &mut Work<'_>, id: DraftId) -> Result<(), StoreError> {
    let mut updates: Vec<Vec<u8>> = doc_update::of_doc(work.db, id)?
        .into_iter()
        .map(|update| update.bytes)
        .collect();
    for entry in outbox::of_draft(work.db, id)? {
        updates.extend(update_in(&entry)?);
    }
    work.documents.forget(id);
    work.changed.ended.insert(id);
    doc::forget_document(work.db, id)?;
    doc_waiting::remove(work.db, id)?;
    let document = Document::empty();
    for update in &updates {
        match document.import(update) {
            Imported::New | Imported::Waiting => doc::append(work.db, id, update)?,
            Imported::Known => {}
            Imported::Unreadable(why) => return Err(StoreError::Damaged(why)),
            Imported::Poisoned => return Err(StoreError::Damaged("an update".to_owned())),
        }
    }
    writing::put(work.db, id, &document.text())?;
    writing::index_if_small(work.db, id)
}

/// The update to a text that an entry carries.
fn update_in(entry: &Entry) -> Result<Option<Vec<u8>>, StoreError> {
    if entry.kind != ChangeKind::Write {
        return Ok(None);
    }
    let args = serde_json::from_str(&entry.args)?;
    match Mutation::parse(&entry.name, entry.version, &args) {
        Ok(Mutation::AppendDoc(AppendDoc { bytes, .. })) => Ok(STANDARD.decode(bytes).ok()),
        _ => Ok(None),
    }
}
