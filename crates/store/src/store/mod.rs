//! The open store: a cheap handle, one writer at a time, as many readers as ask.
//!
//! Every change is one transaction that is flushed to the disk before the call returns. When the
//! disk fails, nothing of it is seen, and the call can be made again.

mod away;
mod brake;
mod bulk;
mod conflicts;
mod courses;
mod deleting;
mod drafts;
mod export;
mod export_files;
mod fetch;
mod files;
mod fill;
mod hold;
mod importing;
mod importing_courses;
mod keeping;
mod lost;
pub(crate) mod mentions;
mod open;
mod outbox;
mod publication;
mod publishing;
mod pull;
mod push;
mod review;
mod reviewing;
mod snapshot;
mod storage;
mod tags;
mod text;
mod undo;
mod unsent;
mod versions;
mod views;

pub(crate) use open::{backup_error as open_error_of, lock_profile, make};
pub(crate) use outbox::{discard, rewrite_document, settle};

pub(crate) use storage::made_at;
pub(crate) use text::restore as restore_text;
pub(crate) use versions::{present, read_point};

pub use importing::{PostImported, PostToImport, TakenFile};
pub use mentions::NamedDraft;
pub use open::Opened;
pub use publishing::PublishAt;
pub use pull::PullStage;
pub use snapshot::{Snapshot, SnapshotPart, SnapshotRow, TakeRow, UnpackPart};

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use stoa_domain::{DraftId, Role, Timestamp};
use stoa_mutators::Context;

use crate::db::{self, DbKey, Mode, Salt};
use crate::files::Files;
use crate::stage::Stage;
use crate::table::{listing, meta, tag};
use crate::text::Documents;
use crate::undo::Doing;
use crate::unsent::UnsentLog;
use crate::{HistoryKind, StoreError, StoreEvent};
use text::OpenSession;
use unsent::Touched;

/// A cheap handle on the open store. All calls block until the disk has answered.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

type Listener = Box<dyn Fn(&StoreEvent) + Send + Sync>;

struct Inner {
    dir: PathBuf,
    /// Of this vault's databases: this one and its copies.
    key: DbKey,
    files: Files,
    /// How this one begins.
    salt: Salt,
    is_read_only: bool,
    writer: Mutex<Writer>,
    /// How many wait for their turn to write.
    n_waiting: AtomicUsize,
    readers: Mutex<Vec<Connection>>,
    sessions: Mutex<HashMap<u64, OpenSession>>,
    n_sessions: AtomicU64,
    listeners: Mutex<Vec<Listener>>,
    /// How long an outward change is held before it is sent, in milliseconds.
    hold_ms: AtomicI64,
    stage: Mutex<Option<Stage>>,
    /// Held for reading while a file is taken in, until the database knows it.
    adding: RwLock<()>,
    /// Held as long as the profile is open.
    _lock: File,
}

/// Only one call writes at a time.
struct Writer {
    db: Connection,
    documents: Documents,
    touched: Touched,
    /// The second copy of what waits, while it is kept.
    unsent: Option<UnsentLog>,
    /// Whether a commit is on the disk when it returns.
    is_flushing: bool,
}

impl Writer {
    fn set_flushing(&mut self, is_flushing: bool) -> rusqlite::Result<()> {
        if self.is_flushing != is_flushing {
            let level = if is_flushing { "full" } else { "normal" };
            self.db.pragma_update(None, "synchronous", level)?;
            self.is_flushing = is_flushing;
        }
        Ok(())
    }
}

/// What one writing call works with.
pub(crate) struct Work<'a> {
    pub(crate) db: &'a Transaction<'a>,
    pub(crate) documents: &'a mut Documents,
    pub(crate) changed: Changed,
    /// What is done here, as far as it can be taken back.
    pub(crate) doing: Doing,
    /// How long an outward change is held, in milliseconds.
    pub(crate) hold_ms: i64,
    /// When this happens, where that is known.
    pub(crate) now: Option<Timestamp>,
    /// What the history says of texts that are taken away.
    pub(crate) kept_as: HistoryKind,
    /// Whether a right ended: texts in which nothing waits leave no copy.
    pub(crate) is_right_lost: bool,
    /// Drafts that somebody writes in.
    open: BTreeSet<DraftId>,
}

impl Work<'_> {
    /// The drafts that somebody writes in.
    pub(crate) fn open_drafts(&self) -> impl Iterator<Item = DraftId> {
        self.open.iter().copied()
    }

    /// Whether an editor has this draft open.
    pub(crate) fn is_open(&self, id: DraftId) -> bool {
        self.open.contains(&id)
    }
}

/// What lists and statuses have to show anew.
#[derive(Default)]
pub(crate) struct Changed {
    pub(crate) drafts: BTreeSet<DraftId>,
    pub(crate) outbox: bool,
    pub(crate) steps: bool,
    pub(crate) files: bool,
    pub(crate) community: bool,
    /// Drafts whose documents were made anew: nobody may go on writing in the old ones.
    pub(crate) ended: BTreeSet<DraftId>,
}

impl Store {
    /// Whether a newer program wrote this store, so that it can only be read and exported.
    pub fn is_read_only(&self) -> bool {
        self.inner.is_read_only
    }

    /// Calls `listener` after every change, on the thread that made it; it must not block.
    pub fn subscribe(&self, listener: Box<dyn Fn(&StoreEvent) + Send + Sync>) {
        lock(&self.inner.listeners).push(listener);
    }

    /// Who works here: the linked account, or nobody with the owner's role.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn actor(&self, now: Timestamp) -> Result<Context, StoreError> {
        self.read(|db| actor(db, now))
    }

    /// Reads one state of the store, whatever is written meanwhile.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let pooled = lock(&self.inner.readers).pop();
        let mut db = match pooled {
            Some(db) => db,
            None => self.connect(Mode::Read)?,
        };
        let tx = db.transaction()?;
        let value = work(&tx)?;
        drop(tx);
        lock(&self.inner.readers).push(db);
        Ok(value)
    }

    /// Changes the store: all of it or nothing, on the disk when this returns.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.write_flushing(true, work)
    }

    /// The same for what nobody counts on yet: it is on the disk with the next commit of
    /// [`Store::write`], or after a power cut not at all.
    pub(crate) fn write_unflushed<T>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.write_flushing(false, work)
    }

    fn write_flushing<T>(
        &self,
        is_flushing: bool,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.inner.is_read_only {
            return Err(StoreError::ReadOnly);
        }
        let mut guard = self.writer();
        let writer = &mut *guard;
        writer.set_flushing(is_flushing)?;
        let result = self.write_with(writer, work);
        if result.is_err() {
            // Documents in memory may hold what the disk does not.
            writer.documents.forget_all();
        }
        let (value, changed) = result?;
        self.end_sessions(&changed.ended);
        drop(guard);
        self.tell(changed);
        Ok(value)
    }

    fn write_with<T>(
        &self,
        writer: &mut Writer,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, StoreError>,
    ) -> Result<(T, Changed), StoreError> {
        let open = lock(&self.inner.sessions)
            .values()
            .map(|session| session.draft)
            .collect();
        writer.touched.clear();
        let tx = writer
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut work_on = Work {
            db: &tx,
            documents: &mut writer.documents,
            changed: Changed::default(),
            doing: Doing::default(),
            hold_ms: self.inner.hold_ms.load(Ordering::Relaxed),
            now: None,
            kept_as: HistoryKind::Discarded,
            is_right_lost: false,
            open,
        };
        let done = work(&mut work_on).and_then(|value| {
            for id in &work_on.changed.drafts {
                listing::may_have_changed(&tx, *id)?;
            }
            if work_on.changed.drafts.contains(&tag::subject()) {
                listing::tags_may_have_changed(&tx)?;
            }
            let frame = unsent::gather(&tx, &writer.touched, writer.unsent.as_ref())?;
            Ok((value, std::mem::take(&mut work_on.changed), frame))
        });
        let done = match done {
            Ok(done) => tx.commit().map(|()| done).map_err(StoreError::from),
            Err(error) => {
                drop(tx);
                Err(error)
            }
        };
        let (value, changed, frame) = done.inspect_err(|error| self.connect_anew(writer, error))?;
        if let Some(frame) = frame {
            writer.keep_unsent(frame);
        }
        Ok((value, changed))
    }

    /// After the disk failed: a connection that once could not read stays broken. The new one comes
    /// before the old one goes. What a failed commit has written stays unseen, to be written over
    /// by the next, only while a connection is open; a first one would find it complete in the log
    /// and count it, after it was told as failed.
    fn connect_anew(&self, writer: &mut Writer, error: &StoreError) {
        use StoreError::{Damaged, DiskFailed, DiskFull};
        if !matches!(error, DiskFull | DiskFailed(_) | Damaged(_)) {
            return;
        }
        tracing::error!(%error, "the disk failed");
        let mode = if self.inner.is_read_only {
            Mode::Read
        } else {
            Mode::Write
        };
        let listening = |mut db| {
            writer.touched.listen(&mut db)?;
            Ok::<_, StoreError>(db)
        };
        match self.connect(mode).and_then(listening) {
            Ok(db) => {
                writer.db = db;
                writer.is_flushing = true;
            }
            Err(error) => tracing::error!(%error, "the database could not be opened again"),
        }
    }

    /// Looks at documents in memory, without writing anything.
    fn inspect<T>(
        &self,
        work: impl FnOnce(&Connection, &mut Documents) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut guard = self.writer();
        let writer = &mut *guard;
        let seen = work(&writer.db, &mut writer.documents);
        seen.inspect_err(|error| self.connect_anew(writer, error))
    }

    fn connect(&self, mode: Mode) -> Result<Connection, StoreError> {
        Ok(db::connect(
            &self.inner.dir.join(db::FILE),
            &self.inner.key.with_salt(&self.inner.salt),
            mode,
        )?)
    }

    fn open_stage(&self) -> Result<Stage, StoreError> {
        Stage::open(&self.inner.dir, &self.inner.key)
    }

    /// The staging file, without lines of a pull that was never finished.
    fn begin_lines(&self) -> Result<Stage, StoreError> {
        let stage = self.open_stage()?;
        stage.clear_lines()?;
        Ok(stage)
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.inner.n_waiting.fetch_add(1, Ordering::SeqCst);
        let writer = self.inner.writer.lock();
        self.inner.n_waiting.fetch_sub(1, Ordering::SeqCst);
        writer.unwrap_or_else(|poisoned| {
            // A call panicked. Its transaction was rolled back; its documents are not trusted.
            let mut writer = poisoned.into_inner();
            writer.documents.forget_all();
            self.inner.writer.clear_poison();
            writer
        })
    }

    fn end_sessions(&self, drafts: &BTreeSet<DraftId>) {
        if drafts.is_empty() {
            return;
        }
        let mut sessions = lock(&self.inner.sessions);
        sessions.retain(|_, session| !drafts.contains(&session.draft));
    }

    fn tell(&self, changed: Changed) {
        let mut events = Vec::new();
        if !changed.drafts.is_empty() {
            events.push(StoreEvent::Drafts(changed.drafts.into_iter().collect()));
        }
        if changed.outbox {
            events.push(StoreEvent::Outbox);
        }
        if changed.steps {
            events.push(StoreEvent::Steps);
        }
        if changed.files {
            events.push(StoreEvent::Files);
        }
        if changed.community {
            events.push(StoreEvent::Community);
        }
        let listeners = lock(&self.inner.listeners);
        for event in &events {
            for listener in listeners.iter() {
                listener(event);
            }
        }
    }
}

/// A lock whose holder panicked protects plain values here; they are whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn actor(db: &Connection, now: Timestamp) -> Result<Context, StoreError> {
    let link = meta::link(db)?;
    Ok(Context {
        user: link.as_ref().map(|link| link.user),
        role: link.map_or(Role::Owner, |link| link.role),
        now,
        made_at: now,
    })
}
