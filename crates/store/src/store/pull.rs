//! Taking in what the server sent: staged row by row, applied in one transaction when complete.

pub(super) mod apply;
pub(super) mod bulk;
pub(super) mod row;
pub(super) mod show;

use std::collections::BTreeMap;

use rusqlite::Connection;
use stoa_domain::{Person, Timestamp, UserId};
use stoa_mutators::Table;

use super::review::Review;
use super::{Store, fill, lost};
use crate::stage::{Line, Stage};
use crate::table::{bucket, doc_waiting, journal, meta, person};
use crate::{HistoryKind, PullEnd, PulledChanges, StoreError, merging};
use apply::Apply;
use row::{Incoming, Place, id_of};

/// Rows of a pull that stay in memory, in about so many bytes: twice an answer of our server. What
/// comes after them goes to the disk.
const IN_MEMORY_BYTES: usize = 16 * 1024 * 1024;
/// Lines that go to the disk together, in about so many bytes.
const BATCH_BYTES: usize = 1024 * 1024;
/// An answer with more rows fills an empty bucket first, and then makes what follows from them.
const MANY: usize = 500;
/// About what a row takes beside its columns.
const ROW_BYTES: usize = 100;

/// Rows of a pull that is under way. Dropped without [`PullStage::finish`], it leaves no trace.
pub struct PullStage {
    store: Store,
    first: Vec<Staged>,
    n_bytes: usize,
    /// What came after those: on the disk, and not yet there.
    on_disk: Option<Stage>,
    rest: Vec<Line>,
    n_rest_bytes: usize,
}

/// What came of one row.
enum Staged {
    Put(Incoming),
    Gone {
        table: String,
        id: [u8; 16],
        seq: i64,
    },
}

impl Store {
    /// The sequence number up to which this device has everything of a bucket; 0 for nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn cursor(&self, bucket: &str) -> Result<i64, StoreError> {
        self.read(|db| Ok(bucket::load(db, bucket)?.cursor))
    }

    /// The cursor of every bucket that this program knows or that was ever pulled, and where the
    /// server's head was when it was begun.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn cursors(&self) -> Result<BTreeMap<String, (i64, i64)>, StoreError> {
        self.read(|db| {
            let known = Table::ALL
                .into_iter()
                .map(|table| table.bucket().to_owned());
            let mut cursors = BTreeMap::new();
            for name in bucket::names(db)?.into_iter().chain(known) {
                let bucket = bucket::load(db, &name)?;
                cursors.insert(name, (bucket.cursor, bucket.began));
            }
            Ok(cursors)
        })
    }

    /// Everybody who belongs to the community, as far as this role may know.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        self.read(|db| person::all(db))
    }

    /// Who somebody is.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn person(&self, id: UserId) -> Result<Option<Person>, StoreError> {
        self.read(|db| person::find(db, id))
    }

    /// Begins to take in a pull.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]
    pub fn begin_pull(&self) -> Result<PullStage, StoreError> {
        if self.is_read_only() {
            return Err(StoreError::ReadOnly);
        }
        Ok(PullStage {
            store: self.clone(),
            first: Vec::new(),
            n_bytes: 0,
            on_disk: None,
            rest: Vec::new(),
            n_rest_bytes: 0,
        })
    }

    /// Has everything of a bucket fetched anew. Nothing is taken away before it has come again;
    /// the outbox is kept.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn reset_bucket(&self, bucket: &str) -> Result<(), StoreError> {
        self.write(|work| start_again(work.db, bucket))
    }

    /// Whether texts wait to be merged.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn has_waiting_texts(&self) -> Result<bool, StoreError> {
        self.read(|db| Ok(!doc_waiting::some(db, 1)?.is_empty()))
    }

    /// Merges some of the texts that a large pull left for later; whether there may be more.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn merge_waiting_texts(&self) -> Result<bool, StoreError> {
        if !self.has_waiting_texts()? {
            return Ok(false);
        }
        self.write(merging::merge_some)
    }
}

pub(super) fn start_again(db: &Connection, name: &str) -> Result<(), StoreError> {
    fill::forget_hidden(db, name)?;
    let mut bucket = bucket::load(db, name)?;
    bucket.cursor = 0;
    bucket.began = 0;
    bucket.generation += 1;
    bucket.is_refilling = true;
    bucket::save(db, name, &bucket)
}

impl PullStage {
    /// Stages a row, with its columns as a JSON object.
    ///
    /// # Errors
    /// [`StoreError::Internal`] when the id is no UUID or the columns cannot be read.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a row as they travel"
    )]
    pub fn put(
        &mut self,
        table: &str,
        pk: &str,
        version: i64,
        seq: i64,
        columns: &str,
    ) -> Result<(), StoreError> {
        let place = Place {
            id: id_of(pk)?,
            version,
            seq,
        };
        if self.is_full() {
            return self.put_on_disk(Line {
                table: table.to_owned(),
                id: place.id,
                version,
                seq,
                columns: Some(columns.to_owned()),
            });
        }
        let row = Incoming::from_text(table, place, columns)?;
        self.n_bytes += columns.len() + ROW_BYTES;
        self.first.push(Staged::Put(row));
        Ok(())
    }

    /// Stages that a row is gone.
    ///
    /// # Errors
    /// [`StoreError::Internal`] when the id is no UUID.
    pub fn delete(&mut self, table: &str, pk: &str, seq: i64) -> Result<(), StoreError> {
        let (table, id) = (table.to_owned(), id_of(pk)?);
        if self.is_full() {
            return self.put_on_disk(Line {
                table,
                id,
                version: 0,
                seq,
                columns: None,
            });
        }
        self.n_bytes += ROW_BYTES;
        self.first.push(Staged::Gone { table, id, seq });
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.n_bytes > IN_MEMORY_BYTES
    }

    fn put_on_disk(&mut self, line: Line) -> Result<(), StoreError> {
        self.n_rest_bytes += line.columns.as_ref().map_or(0, String::len) + ROW_BYTES;
        self.rest.push(line);
        if self.n_rest_bytes > BATCH_BYTES {
            let stage = match &mut self.on_disk {
                Some(stage) => stage,
                none => none.insert(self.store.begin_lines()?),
            };
            stage.push_lines(&self.rest)?;
            self.rest.clear();
            self.n_rest_bytes = 0;
        }
        Ok(())
    }

    /// Applies everything staged, all of it or nothing: the server's rows, the user's own changes
    /// over them, the texts.
    ///
    /// # Errors
    /// [`StoreError`]; the store is as before then, and the same pull can be made again.
    pub fn finish(self, end: &PullEnd, now: Timestamp) -> Result<PulledChanges, StoreError> {
        let Self {
            store,
            first,
            mut on_disk,
            rest,
            ..
        } = self;
        store.forget_hidden()?;
        let changes = store.write(|work| {
            work.now = Some(now);
            work.kept_as = HistoryKind::Pulled;
            work.is_right_lost = lost::is_bucket_lost(work, end)?;
            let mut apply = Apply::begin(work.db, end)?;
            let mut n_rows = first.len() + rest.len();
            if n_rows > MANY {
                apply.fill_empty(work.db, end)?;
            }
            for staged in first {
                apply.staged(work.db, staged, now)?;
            }
            if let Some(stage) = &mut on_disk {
                n_rows += stage.visit_lines(|line| apply.line(work.db, line, now))?;
            }
            for line in rest {
                apply.line(work.db, line, now)?;
            }
            apply.close_buckets(work.db, end)?;
            apply.removals.check(work.db, end)?;
            work.changed.outbox |= apply.is_outbox_changed;
            work.changed.files |= apply.is_files_changed;
            let mut review = Review::begin(work.db)?;
            apply.follow(work, now)?;
            apply.settle_deleted(work, now)?;
            apply.drop_arrived(work, end, now)?;
            apply.show(work, &mut review, now)?;
            if work.is_right_lost {
                lost::forget_traces(work)?;
            }
            let checksum_ok = apply.save(work.db, end)?;
            if meta::must_heal(work.db)? && !end.more {
                super::push::resend(work, end.lmid + 1)?;
                meta::set_must_heal(work.db, false)?;
            }
            journal::forget_old(work.db, now)?;
            Ok(PulledChanges {
                drafts: work.changed.drafts.iter().copied().collect(),
                n_rows,
                checksum_ok,
            })
        })?;
        if let Some(stage) = &on_disk {
            stage.clear_lines()?;
        }
        Ok(changes)
    }
}

impl Apply {
    fn staged(&mut self, db: &Connection, row: Staged, now: Timestamp) -> Result<(), StoreError> {
        match row {
            Staged::Put(row) => self.put(db, row, now),
            Staged::Gone { table, id, seq } => self.delete(db, (&table, id), seq),
        }
    }

    fn line(&mut self, db: &Connection, line: Line, now: Timestamp) -> Result<(), StoreError> {
        let place = Place {
            id: line.id,
            version: line.version,
            seq: line.seq,
        };
        match line.columns {
            Some(columns) => {
                let row = Incoming::from_text(&line.table, place, &columns)?;
                self.put(db, row, now)
            }
            None => self.delete(db, (&line.table, line.id), line.seq),
        }
    }
}
