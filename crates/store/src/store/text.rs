//! Writing in a text: a session for each open editor, semantics as the window's contract says.
//!
//! A session holds a fork of the document that shows exactly what its window shows. What the
//! window writes goes into the fork, from there into the document, and with the outbox entry onto
//! the disk in one transaction. What others wrote is offered to the window as splices; only when
//! the window says it has applied them does the fork take it in.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use loro::Frontiers;
use rusqlite::Connection;
use stoa_domain::{
    DraftId, MAX_BODY_BYTES, Splice, Timestamp, apply_splices, clean, diff, is_same_session,
};
use stoa_markdown::versions;
use stoa_mutators::{AppendDoc, Mutation};

use super::drafts::listing_of;
use super::{Store, Work, actor, lock};
use crate::table::{doc_waiting, draft, outbox};
use crate::text::{Document, Imported, Spans};
use crate::{EditOutcome, OpenedText, Random, StoreError, merging, overlay, random, writing};

/// A text change that was not sent yet grows up to this size before a new one is begun.
const GROWS_TO_BYTES: usize = 24 * 1024;

/// When something is done, and by what chance.
#[derive(Clone, Copy)]
struct Moment<'a> {
    now: Timestamp,
    random: &'a dyn Random,
    /// It is an entry of its own, whatever was written before it.
    is_apart: bool,
}

/// A session as the store knows it.
pub(super) struct OpenSession {
    pub(super) draft: DraftId,
    state: Arc<Mutex<Session>>,
}

/// What a window shows.
struct Session {
    draft: DraftId,
    fork: Document,
    /// The patch the window may apply next.
    offer: Option<Offer>,
    last_revision: u64,
    last_applied: Option<u64>,
}

struct Offer {
    revision: u64,
    updates: Vec<u8>,
}

impl Session {
    /// Takes in the patch that the window has applied. Saying so twice does no harm: the answer
    /// may have been lost.
    fn confirm(&mut self, applied: Option<u64>) -> Result<(), StoreError> {
        let Some(revision) = applied.filter(|revision| self.last_applied != Some(*revision)) else {
            return Ok(());
        };
        match self.offer.take() {
            Some(offer) if offer.revision == revision => {
                self.fork.import(&offer.updates);
                self.last_applied = Some(revision);
                Ok(())
            }
            _ => Err(StoreError::SessionEnded),
        }
    }

    /// That the text does not grow beyond what a draft may have.
    fn check_size(&self, splices: &[Splice]) -> Result<(), StoreError> {
        let inserted: usize = splices.iter().map(|splice| splice.insert.len()).sum();
        if self.fork.len() + inserted <= MAX_BODY_BYTES {
            return Ok(());
        }
        let text = apply_splices(&self.fork.text(), splices);
        match text.map_err(|_| StoreError::SessionEnded)?.len() {
            len if len > MAX_BODY_BYTES => Err(StoreError::TooLarge {
                limit: MAX_BODY_BYTES,
            }),
            _ => Ok(()),
        }
    }

    /// What the window does not show yet, as splices of what it shows.
    fn offer(&mut self, document: &Document) -> Result<Option<(u64, Vec<Splice>)>, StoreError> {
        self.offer = None;
        if document.version() == self.fork.version() {
            return Ok(None);
        }
        let updates = document.updates_since(&self.fork.version())?;
        let Some(splice) = diff(&self.fork.text(), &document.text()) else {
            self.fork.import(&updates);
            return Ok(None);
        };
        self.last_revision += 1;
        let revision = self.last_revision;
        self.offer = Some(Offer { revision, updates });
        Ok(Some((revision, vec![splice])))
    }
}

impl Store {
    /// Opens a draft for writing, or for reading when it may not be changed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the disk's error.
    pub fn open_text(&self, id: DraftId, random: &dyn Random) -> Result<OpenedText, StoreError> {
        let is_read_only = self.is_read_only();
        if !is_read_only {
            self.merge_if_waiting(id)?;
        }
        let (opened, fork) = self.inspect(|db, documents| {
            let listing = listing_of(db, id)?;
            let fork = documents
                .get(db, id)?
                .document
                .fork(random::peer_id(random));
            let editable = !is_read_only && listing.binned_at.is_none() && may_change(db, id)?;
            let opened = OpenedText {
                session: self.inner.n_sessions.fetch_add(1, Ordering::Relaxed) + 1,
                listing,
                markdown: fork.text(),
                editable,
            };
            Ok((opened, fork))
        })?;
        let session = Session {
            draft: id,
            fork,
            offer: None,
            last_revision: 0,
            last_applied: None,
        };
        let state = Arc::new(Mutex::new(session));
        lock(&self.inner.sessions).insert(opened.session, OpenSession { draft: id, state });
        Ok(opened)
    }

    fn merge_if_waiting(&self, id: DraftId) -> Result<(), StoreError> {
        let Some(at) = self.read(|db| doc_waiting::since(db, id))? else {
            return Ok(());
        };
        self.write(|work| {
            if merging::merge_all(work, id, at)? {
                merging::put_text(work, id)?;
            }
            Ok(())
        })
    }

    /// Writes splices of the text the window shows; on the disk when this returns. Without
    /// splices it asks for what came from elsewhere.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] when the draft has to be opened again. With any other error
    /// everything is as before, and the same splices can be sent again.
    #[expect(
        clippy::too_many_arguments,
        reason = "a request, and when and by what chance it is done"
    )]
    pub fn edit_text(
        &self,
        session: u64,
        applied: Option<u64>,
        splices: &[Splice],
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<EditOutcome, StoreError> {
        let state = self.session(session)?;
        let mut state = lock(&state);
        let result = state.confirm(applied).and_then(|()| {
            if !splices.is_empty() {
                let moment = Moment {
                    now,
                    random,
                    is_apart: false,
                };
                self.save(session, &mut state, splices, moment)?;
            }
            self.outcome(&mut state)
        });
        if matches!(result, Err(StoreError::SessionEnded | StoreError::NotFound)) {
            lock(&self.inner.sessions).remove(&session);
        }
        result
    }

    /// What a session shows, for as long as `look` takes.
    pub(super) fn with_shown<T>(
        &self,
        session: u64,
        look: impl FnOnce(DraftId, &Document) -> T,
    ) -> Result<T, StoreError> {
        let state = self.session(session)?;
        let state = lock(&state);
        Ok(look(state.draft, &state.fork))
    }

    fn session(&self, session: u64) -> Result<Arc<Mutex<Session>>, StoreError> {
        let sessions = lock(&self.inner.sessions);
        let open = sessions.get(&session).ok_or(StoreError::SessionEnded)?;
        Ok(open.state.clone())
    }

    fn save(
        &self,
        number: u64,
        session: &mut Session,
        splices: &[Splice],
        moment: Moment<'_>,
    ) -> Result<(), StoreError> {
        session.check_size(splices)?;
        let before = session.fork.point();
        let must_clean = splices
            .iter()
            .any(|splice| splice.insert.contains(['\0', '\r']));
        let saved = session.fork.splice(splices).and_then(|()| {
            self.write(|work| {
                // It may have ended while this call waited for its turn.
                self.session(number)?;
                take_in(
                    work,
                    session.draft,
                    &session.fork,
                    must_clean,
                    moment.random,
                )
                .and_then(|spans| record(work, session.draft, &spans, moment))
            })
        });
        if saved.is_err() {
            // What was not saved must not be saved with the next edit. A new author, because the
            // operations of this one may be on the disk after all.
            session.fork = session
                .fork
                .fork_at(&before, random::peer_id(moment.random))?;
        }
        saved
    }

    fn outcome(&self, session: &mut Session) -> Result<EditOutcome, StoreError> {
        self.inspect(|db, documents| {
            let listing = listing_of(db, session.draft)?;
            let document = &documents.get(db, session.draft)?.document;
            Ok(EditOutcome {
                saved: listing.saved,
                n_words: listing.n_words,
                edited_at: listing.edited_at,
                remote: session.offer(document)?,
            })
        })
    }

    /// Ends a session. Its text was saved with the last edit; here only the disk is tidied up.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails; the session has ended all the same.
    pub fn close_text(&self, session: u64) -> Result<(), StoreError> {
        let mut sessions = lock(&self.inner.sessions);
        let Some(closed) = sessions.remove(&session) else {
            return Ok(());
        };
        let id = closed.draft;
        let is_open_elsewhere = sessions.values().any(|other| other.draft == id);
        drop(sessions);
        if is_open_elsewhere || self.is_read_only() {
            return Ok(());
        }
        let has_log = self.inspect(|db, documents| Ok(documents.get(db, id)?.has_log()))?;
        if has_log {
            self.write(|work| {
                work.documents.get(work.db, id)?.compact(work.db, id)?;
                writing::index(work.db, id)
            })?;
        }
        lock(&self.inner.writer).documents.forget(id);
        Ok(())
    }
}

pub(super) fn may_change(db: &Connection, id: DraftId) -> Result<bool, StoreError> {
    let who = actor(db, Timestamp::default())?;
    let author = draft::shown(db, id)?.and_then(|draft| draft.author);
    let is_own = author.is_none() || author == who.user;
    Ok(who.role.edits_any_draft() || who.role.writes_drafts() && is_own)
}

/// Takes what a fork has and the document has not; answers what is new in the document.
fn take_in(
    work: &mut Work<'_>,
    id: DraftId,
    fork: &Document,
    must_clean: bool,
    random: &dyn Random,
) -> Result<Spans, StoreError> {
    let document = &work.documents.get(work.db, id)?.document;
    let before = document.version();
    import_own(document, &fork.updates_since(&before)?)?;
    if must_clean {
        let cleaner = document.fork(random::peer_id(random));
        if cleaner.clean()? {
            import_own(document, &cleaner.updates_since(&document.version())?)?;
        }
    }
    Ok(document.spans_since(&before))
}

fn import_own(document: &Document, updates: &[u8]) -> Result<(), StoreError> {
    match document.import(updates) {
        Imported::New | Imported::Known => Ok(()),
        other => Err(StoreError::Internal(format!("an own change was {other:?}"))),
    }
}

/// Stores what is new in a document: the update for the server, the document, its Markdown.
fn record(
    work: &mut Work<'_>,
    id: DraftId,
    spans: &Spans,
    moment: Moment<'_>,
) -> Result<(), StoreError> {
    if spans.is_empty() {
        return Ok(());
    }
    let pieces = work
        .documents
        .get(work.db, id)?
        .document
        .export_pieces(spans)?;
    for (spans, bytes) in &pieces {
        enqueue(work, id, spans, bytes, moment)?;
        work.documents.get(work.db, id)?.log(work.db, id, bytes)?;
    }
    let markdown = work.documents.get(work.db, id)?.document.text();
    writing::put(work.db, id, &markdown)?;
    writing::index_if_small(work.db, id)
}

/// Puts a piece of a text into the outbox: into the last entry of this text if that was not sent,
/// has room and was not followed by a pause, else as a new one. So an entry is never of two
/// sessions.
fn enqueue(
    work: &mut Work<'_>,
    id: DraftId,
    spans: &Spans,
    bytes: &[u8],
    moment: Moment<'_>,
) -> Result<(), StoreError> {
    let Moment { now, random, .. } = moment;
    let grown = match moment.is_apart {
        true => None,
        false => grow(work, id, spans, bytes, now)?,
    };
    if let Some(grown) = grown {
        outbox::replace_text(work.db, &grown.entry)?;
        return overlay::show(work, id, &grown);
    }
    let update = random::update_id(now, random);
    let mut prepared = overlay::prepare(work.db, id, &append(id, update, bytes), now)?;
    prepared.entry.spans = Some(spans.to_json());
    overlay::put(work, &prepared)
}

fn grow(
    work: &mut Work<'_>,
    id: DraftId,
    spans: &Spans,
    bytes: &[u8],
    now: Timestamp,
) -> Result<Option<overlay::Prepared>, StoreError> {
    let last = outbox::last_unsent_text(work.db, id)?;
    let Some(last) = last.filter(|last| is_same_session(last.made_at, now)) else {
        return Ok(None);
    };
    let has_room = usize::try_from(last.size).is_ok_and(|n| n + bytes.len() <= GROWS_TO_BYTES);
    let Some(old) = last
        .spans
        .as_deref()
        .and_then(Spans::from_json)
        .filter(|_| has_room)
    else {
        return Ok(None);
    };
    let joined = old.join(spans);
    let bytes = work.documents.get(work.db, id)?.document.export(&joined)?;
    let update = serde_json::from_str::<AppendDoc>(&last.args)?.id;
    let mut grown = overlay::prepare(work.db, id, &append(id, update, &bytes), now)?;
    grown.entry.lid = last.lid;
    grown.entry.spans = Some(joined.to_json());
    Ok(Some(grown))
}

fn append(doc: DraftId, id: stoa_domain::UpdateId, bytes: &[u8]) -> Mutation {
    Mutation::AppendDoc(AppendDoc {
        id,
        doc,
        bytes: STANDARD.encode(bytes),
        b3: blake3::hash(bytes).to_hex().to_string(),
    })
}

/// Gives a text that is there another wording, as if somebody had typed only what differs.
pub(super) fn rewrite(
    work: &mut Work<'_>,
    id: DraftId,
    markdown: &str,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let wanted = clean(markdown);
    if wanted.len() > MAX_BODY_BYTES {
        return Err(StoreError::TooLarge {
            limit: MAX_BODY_BYTES,
        });
    }
    let document = &work.documents.get(work.db, id)?.document;
    let fork = document.fork(random::peer_id(random));
    fork.splice(&changed_stretches(&document.text(), &wanted))?;
    let spans = take_in(work, id, &fork, false, random)?;
    let moment = Moment {
        now,
        random,
        is_apart: false,
    };
    record(work, id, &spans, moment)
}

/// Puts the text of an earlier point in the place of the present one, as a change of its own that
/// says what it is; whether there was anything to change.
pub(crate) fn restore(
    work: &mut Work<'_>,
    id: DraftId,
    point: &Frontiers,
    now: Timestamp,
    random: &dyn Random,
) -> Result<bool, StoreError> {
    let document = &work.documents.get(work.db, id)?.document;
    let wanted = document.text_at_point(point).ok_or(StoreError::NotFound)?;
    let present = document.text();
    if wanted == present {
        return Ok(false);
    }
    let fork = document.fork(random::peer_id(random));
    fork.restores_next();
    fork.splice(&changed_stretches(&present, &wanted))?;
    // Paragraphs are compared without the blank lines around them; nothing may be missing.
    fork.splice(&Vec::from_iter(diff(&fork.text(), &wanted)))?;
    let spans = take_in(work, id, &fork, false, random)?;
    let moment = Moment {
        now,
        random,
        is_apart: true,
    };
    record(work, id, &spans, moment)?;
    if !work.is_open(id) {
        work.documents.forget(id);
    }
    Ok(true)
}

/// The splices that make one text of another, paragraph by paragraph, each on the text that those
/// before it have made.
fn changed_stretches(from: &str, to: &str) -> Vec<Splice> {
    let mut at = 0;
    let mut splices = Vec::new();
    for hunk in versions(from, to, from) {
        if let Some(mut splice) = diff(&hunk.base, &hunk.mine) {
            splice.at += at;
            splices.push(splice);
        }
        at += hunk.mine.encode_utf16().count();
    }
    splices
}

/// Writes the first text of a new draft.
pub(super) fn write_new(
    work: &mut Work<'_>,
    id: DraftId,
    markdown: &str,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let insert = clean(markdown);
    if insert.len() > MAX_BODY_BYTES {
        return Err(StoreError::TooLarge {
            limit: MAX_BODY_BYTES,
        });
    }
    if insert.is_empty() {
        return Ok(());
    }
    let fork = work
        .documents
        .get(work.db, id)?
        .document
        .fork(random::peer_id(random));
    fork.splice(&[Splice {
        at: 0,
        delete: 0,
        insert,
    }])?;
    let spans = take_in(work, id, &fork, false, random)?;
    let moment = Moment {
        now,
        random,
        is_apart: false,
    };
    record(work, id, &spans, moment)?;
    work.documents.get(work.db, id)?.compact(work.db, id)?;
    work.documents.forget(id);
    Ok(())
}
