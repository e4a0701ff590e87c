//! Keeping the second copy of unsent work in step with the database, and putting back from it what
//! a database has lost.
//!
//! Database and file count the commits that changed what waits. The same count on the same line:
//! they agree. The database is further: the program ended between the two, or the file could not
//! be written; it is written anew. The file is further: the database is an older one, from a
//! backup or from a disk that broke its word. Then what waits is made what the file says, under
//! the places it had. On another line (the database is a new one, or comes from before a break)
//! places mean nothing: what the file holds and the database does not know is added.
//!
//! A database that was put back does not know which numbers were given to the server. It goes on
//! as another device, whose numbers begin anew; what was accepted before is recognized by the ids
//! that were made here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use rusqlite::hooks::Action;
use stoa_domain::{DeviceId, DraftId, Timestamp};
use stoa_mutators::Mutation;

use super::{Store, Work, Writer, lock, push};
use crate::files::Files;
use crate::table::blob::{self, Blob};
use crate::table::{doc_update, draft, history, meta, outbox};
use crate::text::Imported;
use crate::unsent::{self, Base, Found, Frame, Unsent, UnsentLog};
use crate::vault::derive;
use crate::{ChangeKind, HistoryEntry, HistoryKind, StoreError, Where, hex, overlay, writing};

/// The entries of the outbox that a transaction has touched, as SQLite tells.
#[derive(Clone, Default)]
pub(super) struct Touched(Arc<Mutex<BTreeSet<i64>>>);

impl Touched {
    /// Listens on a connection that writes.
    pub(super) fn listen(&self, db: &mut Connection) -> rusqlite::Result<()> {
        let touched = self.0.clone();
        db.update_hook(Some(move |_: Action, _: &str, table: &str, rowid: i64| {
            if table == outbox::TABLE {
                lock(&touched).insert(rowid);
            }
        }))
    }

    pub(super) fn clear(&self) {
        lock(&self.0).clear();
    }
}

/// What a transaction changes of what waits, as far as the file does not hold it yet; the database
/// counts one further with it.
pub(super) fn gather(
    db: &Connection,
    touched: &Touched,
    log: Option<&UnsentLog>,
) -> Result<Option<Frame>, StoreError> {
    let touched = std::mem::take(&mut *lock(&touched.0));
    let Some(log) = log.filter(|_| !touched.is_empty()) else {
        return Ok(None);
    };
    let (mut put, mut gone) = (Vec::new(), Vec::new());
    for lid in touched {
        match outbox::get(db, lid)?.as_ref().and_then(Unsent::of) {
            Some(unsent) if !log.holds(&unsent) => put.push(unsent),
            None if log.holds_any(lid) => gone.push(lid),
            _ => {}
        }
    }
    if put.is_empty() && gone.is_empty() && !log.is_behind() {
        return Ok(None);
    }
    let (line, n) = meta::unsent_line(db)?;
    meta::set_unsent_n(db, n + 1)?;
    Ok(Some(Frame {
        line,
        n: n + 1,
        base: None,
        put,
        gone,
    }))
}

impl Writer {
    /// Writes what a commit has changed into the file. The work is in the database by now; when
    /// the disk does not take the second copy, it is caught up with the next commit.
    pub(super) fn keep_unsent(&mut self, frame: Frame) {
        let Some(log) = &mut self.unsent else {
            return;
        };
        let is_waited_for = !frame.put.is_empty();
        let is_current = !log.is_behind() && log.append(frame).is_ok();
        if is_current && !log.is_overgrown(is_waited_for) {
            return;
        }
        let written = base(&self.db).and_then(|base| Ok(log.rewrite(base)?));
        if let Err(error) = written {
            tracing::error!(%error, "the second copy of unsent work could not be written");
        }
    }
}

/// All that waits in the database.
fn base(db: &Connection) -> Result<Base, StoreError> {
    let (line, n) = meta::unsent_line(db)?;
    let all = outbox::not_accepted(db)?;
    Ok(Base {
        line,
        n,
        last_lid: outbox::last_lid(db)?,
        all: all.iter().filter_map(Unsent::of).collect(),
    })
}

impl Store {
    /// Whether the second copy of unsent work holds all that waits.
    pub fn is_unsent_kept_twice(&self) -> bool {
        let writer = self.writer();
        writer.unsent.as_ref().is_some_and(|log| !log.is_behind())
    }

    /// Begins to keep the second copy; before that, what the database has lost is put back from
    /// it.
    pub(super) fn begin_unsent(&self, now: Timestamp) -> Result<(), StoreError> {
        let (dir, secret) = (&self.inner.dir, self.inner.key.unsent());
        let found = unsent::read(dir, secret).unwrap_or_else(|error| {
            tracing::error!(%error, "the second copy of unsent work cannot be read");
            Some(Found::default())
        });
        let (line, n, was_put_back) = {
            // Not by a reader: one that is still open at the end leaves the log as it is.
            let writer = self.writer();
            let (line, n) = meta::unsent_line(&writer.db)?;
            (line, n, meta::was_put_back(&writer.db)?)
        };
        let readable = found.as_ref().filter(|found| !found.line.is_empty());
        let is_ahead = |found: &&Found| found.line != line || found.n > n;
        let files = self.inner.files.clone();
        if let Some(found) = readable.filter(is_ahead) {
            self.write(|work| put_back(work, found, &files, now))?;
        } else if was_put_back {
            let nothing = Found::nothing_more(&line, n);
            self.write(|work| put_back(work, &nothing, &files, now))?;
        }
        if readable.is_none() {
            self.write(|work| meta::set_unsent_line(work.db, &next_line(&line, n, now)))?;
        }
        if found
            .as_ref()
            .is_some_and(|f| f.is_damaged || f.line.is_empty())
        {
            unsent::keep_aside(dir, now)?;
        }
        self.open_unsent(found.filter(|f| f.is_clean && !f.is_damaged));
        Ok(())
    }

    /// Goes on with the file if it says what the database says, else writes it anew.
    fn open_unsent(&self, found: Option<Found>) {
        let (dir, secret) = (&self.inner.dir, self.inner.key.unsent());
        let mut guard = self.writer();
        let opened = meta::unsent_line(&guard.db).and_then(|(line, n)| {
            if let Some(found) = found.filter(|found| found.line == line && found.n == n) {
                return Ok(UnsentLog::resume(dir, secret, &found)?);
            }
            let mut log = UnsentLog::behind(dir, secret);
            log.rewrite(base(&guard.db)?)?;
            Ok(log)
        });
        let log = opened.unwrap_or_else(|error| {
            tracing::error!(%error, "the second copy of unsent work could not be opened");
            UnsentLog::behind(dir, secret)
        });
        guard.unsent = Some(log);
    }
}

/// A line that no other database of this profile is on.
fn next_line(line: &str, n: i64, now: Timestamp) -> String {
    let from = format!("{line} {n} {}", now.millis());
    hex::encode(&blake3::hash(from.as_bytes()).as_bytes()[..16])
}

/// Makes of a database that has lost something one that waits for all that the file holds.
fn put_back(
    work: &mut Work<'_>,
    found: &Found,
    files: &Files,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (line, n) = meta::unsent_line(work.db)?;
    become_another_device(work.db, found, now)?;
    meta::set_put_back(work.db, false)?;
    let mut drafts = BTreeSet::new();
    let n_put = if found.line == line {
        let n_put = as_in(work.db, found, &mut drafts, now)?;
        meta::set_unsent_n(work.db, found.n)?;
        n_put
    } else {
        let from = format!("{line} {}", found.line);
        meta::set_unsent_line(work.db, &next_line(&from, found.n.max(n), now))?;
        meta::set_unsent_n(work.db, found.n.max(n) + 1)?;
        added_from(work.db, found, &mut drafts, now)?
    };
    outbox::close_unsent(work.db)?;
    show(work, found, &drafts, files)?;
    work.changed.outbox = true;
    if n_put == 0 {
        return Ok(());
    }
    let line = HistoryEntry {
        at: now,
        kind: HistoryKind::PutBack,
        n: n_put,
        text: None,
        kept_markdown: None,
    };
    history::add(work.db, &line)
}

/// Makes what waits the same as in the file; answers how much had been lost.
fn as_in(
    db: &Connection,
    found: &Found,
    drafts: &mut BTreeSet<DraftId>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    for entry in outbox::not_accepted(db)? {
        // What makes a draft or writes in one shows here until the server has told it, and sent a
        // second time it does nothing.
        let is_repeatable = matches!(entry.kind, ChangeKind::Create | ChangeKind::Write);
        if found.is_gone(entry.lid) && !is_repeatable {
            outbox::delete(db, entry.lid)?;
            drafts.insert(entry.draft);
        }
    }
    let mut n_put = 0;
    for unsent in found.live.values() {
        let there = outbox::get(db, unsent.lid)?;
        if there.as_ref().and_then(Unsent::of).as_ref() == Some(unsent) {
            continue;
        }
        let Some(entry) = unsent.entry(now) else {
            continue;
        };
        outbox::delete(db, unsent.lid)?;
        outbox::insert(db, &entry)?;
        drafts.insert(unsent.draft);
        n_put += 1;
    }
    Ok(n_put)
}

/// Adds what the database does not know; answers how much.
fn added_from(
    db: &Connection,
    found: &Found,
    drafts: &mut BTreeSet<DraftId>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut n_put = 0;
    for unsent in found.live.values() {
        let Some(mut entry) = unsent.entry(now) else {
            continue;
        };
        if is_known(db, &entry)? {
            continue;
        }
        entry.lid = 0;
        outbox::insert(db, &entry)?;
        drafts.insert(unsent.draft);
        n_put += 1;
    }
    Ok(n_put)
}

/// Whether the server has told it already, or just this waits.
fn is_known(db: &Connection, entry: &outbox::Entry) -> Result<bool, StoreError> {
    let is_on_server = match mutation(&entry.name, entry.version, &entry.args) {
        Some(Mutation::CreateDraft(create)) => draft::base(db, create.id)?.is_some(),
        Some(Mutation::AppendDoc(append)) => doc_update::load(db, append.id)?.is_some(),
        _ => false,
    };
    let is_same = |other: &outbox::Entry| {
        other.name == entry.name && other.args == entry.args && other.made_at == entry.made_at
    };
    Ok(is_on_server || outbox::of_draft(db, entry.draft)?.iter().any(is_same))
}

fn mutation(name: &str, version: u32, args: &str) -> Option<Mutation> {
    Mutation::parse(name, version, &serde_json::from_str(args).ok()?).ok()
}

/// Which numbers the server knows of this device, the database has forgotten: it begins anew as
/// another one, with a name and a key that follow from the old ones.
fn become_another_device(db: &Connection, found: &Found, now: Timestamp) -> Result<(), StoreError> {
    push::number_anew(db)?;
    let Some(mut link) = meta::link(db)? else {
        return Ok(());
    };
    let which = format!("device after {} {} {}", found.line, found.n, now.millis());
    let id = derive(link.device_key.as_ref(), link.device.as_bytes(), &which);
    let mut tail = [0; 10];
    tail.copy_from_slice(&id[..10]);
    link.device_key = derive(
        &*link.device_key,
        link.device.as_bytes(),
        &format!("key of {which}"),
    );
    link.device = DeviceId::new(now, tail);
    link.tokens = None;
    meta::set_link(db, &link)
}

/// Shows what was put back: lists, texts, files.
fn show(
    work: &mut Work<'_>,
    found: &Found,
    drafts: &BTreeSet<DraftId>,
    files: &Files,
) -> Result<(), StoreError> {
    let mut updates: BTreeMap<DraftId, Vec<Vec<u8>>> = BTreeMap::new();
    let put = found.live.values().filter(|u| drafts.contains(&u.draft));
    for unsent in put {
        match mutation(&unsent.name, 1, &unsent.args) {
            Some(Mutation::AppendDoc(append)) => {
                let bytes = STANDARD.decode(&append.bytes).unwrap_or_default();
                updates.entry(unsent.draft).or_default().push(bytes);
            }
            Some(Mutation::AddAttachment(added)) => {
                let known = blob::get(work.db, added.b3)?;
                if let (None, Ok(parts)) = (known, files.parts(added.b3, added.size)) {
                    blob::put(
                        work.db,
                        &Blob {
                            b3: added.b3,
                            size: added.size,
                            parts,
                            here: Where::Whole,
                            is_on_server: false,
                            is_wanted: false,
                            is_kept: false,
                            used_at: Timestamp::default(),
                        },
                    )?;
                    work.changed.files = true;
                }
            }
            _ => {}
        }
    }
    for id in drafts {
        overlay::rebuild(work, *id)?;
        show_text(work, *id, updates.get(id).map_or(&[], Vec::as_slice))?;
    }
    Ok(())
}

fn show_text(work: &mut Work<'_>, id: DraftId, updates: &[Vec<u8>]) -> Result<(), StoreError> {
    for bytes in updates {
        let loaded = work.documents.get(work.db, id)?;
        match loaded.document.import(bytes) {
            Imported::Known => {}
            Imported::New | Imported::Waiting => loaded.log(work.db, id, bytes)?,
            // It waits in the outbox all the same.
            other => tracing::error!(?other, "an update that was put back cannot be read"),
        }
    }
    if !updates.is_empty() {
        let markdown = work.documents.get(work.db, id)?.document.text();
        writing::put(work.db, id, &markdown)?;
    }
    work.documents.forget(id);
    writing::index_if_small(work.db, id)
}
