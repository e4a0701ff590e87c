//! Filling a large bucket of which nothing is here: in many small transactions, between which
//! everybody who saves has their turn, and shown in one short last one.
//!
//! The rows carry the bucket's next generation, which what is shown does not read. That a fill was
//! begun is noted in the same transaction as its first rows; one that was not finished is taken
//! away before anything else is pulled.

use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;

use rusqlite::Connection;
use stoa_domain::Timestamp;
use stoa_mutators::Table;

use super::Store;
use super::pull::apply::Apply;
use super::pull::bulk::is_empty;
use super::pull::row::Incoming;
use super::review::Review;
use super::snapshot::{Snapshot, check_place, end_of};
use crate::table::{attachment, bucket, doc_update, draft, meta, other_row, person, tag};
use crate::{HistoryKind, PullEnd, PulledChanges, StoreError};

/// Hidden rows that are taken away in one transaction.
const FORGOTTEN: i64 = 2_000;
/// How often somebody who waits to write is given the processor before a fill goes on.
const MOST_YIELDS: usize = 1_000;

impl Store {
    /// Begins to fill the bucket of a snapshot; nothing when something of it is here.
    pub(super) fn begin_fill(&self, snapshot: &Snapshot) -> Result<Option<Apply>, StoreError> {
        self.forget_hidden()?;
        self.write(|work| {
            if !is_empty(work.db, &snapshot.bucket)? {
                return Ok(None);
            }
            let mut apply = Apply::begin(work.db, &end_of(snapshot))?;
            apply.fill(&snapshot.bucket);
            apply.hide(&snapshot.bucket);
            meta::set_filling(work.db, Some(&snapshot.bucket))?;
            Ok(Some(apply))
        })
    }

    /// Stores the rows where nobody sees them, and shows all of them when they are what the
    /// snapshot says.
    pub(super) fn fill(
        &self,
        snapshot: &Snapshot,
        mut apply: Apply,
        rows: Receiver<Result<Vec<Incoming>, StoreError>>,
        now: Timestamp,
    ) -> Result<PulledChanges, StoreError> {
        let filled = self
            .store_hidden(snapshot, &mut apply, rows)
            .and_then(|n_rows| self.show_filled(snapshot, &apply, (n_rows, now)));
        if filled.is_err()
            && let Err(error) = self.forget_hidden()
        {
            tracing::warn!(%error, "rows that are not shown stay until the next pull");
        }
        filled
    }

    fn store_hidden(
        &self,
        snapshot: &Snapshot,
        apply: &mut Apply,
        rows: Receiver<Result<Vec<Incoming>, StoreError>>,
    ) -> Result<usize, StoreError> {
        let mut n_rows = 0;
        for batch in rows {
            let batch = batch?;
            n_rows += batch.len();
            self.write_unflushed(|work| {
                for row in batch {
                    check_place(&row, snapshot)?;
                    apply.insert(work.db, row)?;
                }
                Ok(())
            })?;
            self.make_way();
        }
        let held = apply.buckets.get(&snapshot.bucket);
        let sum = u64::from_str_radix(&snapshot.x, 16);
        match held {
            Some(held) if held.n == snapshot.n && sum == Ok(held.x) => Ok(n_rows),
            _ => Err(StoreError::Internal(
                "a snapshot does not hold what it says".to_owned(),
            )),
        }
    }

    /// The bucket reaches the generation of its rows, and what follows from them is made.
    fn show_filled(
        &self,
        snapshot: &Snapshot,
        filled: &Apply,
        (n_rows, now): (usize, Timestamp),
    ) -> Result<PulledChanges, StoreError> {
        let name = &snapshot.bucket;
        self.write(|work| {
            work.now = Some(now);
            work.kept_as = HistoryKind::Pulled;
            if meta::filling(work.db)?.as_ref() != Some(name) {
                let why = "what a snapshot brought was taken away meanwhile";
                return Err(StoreError::Internal(why.to_owned()));
            }
            meta::set_filling(work.db, None)?;
            let mut apply = Apply::begin(work.db, &end_of(snapshot))?;
            apply.take_over(filled, name);
            apply.close(work.db, name, (Some(snapshot.seq), true))?;
            // From here on the rows are seen.
            apply.save(work.db, &PullEnd::default())?;
            work.changed.files |= apply.is_files_changed;
            let mut review = Review::begin(work.db)?;
            apply.follow(work, now)?;
            apply.show(work, &mut review, now)?;
            Ok(PulledChanges {
                drafts: work.changed.drafts.iter().copied().collect(),
                n_rows,
                checksum_ok: true,
            })
        })
    }

    /// Takes away what a fill left that was not finished.
    pub(super) fn forget_hidden(&self) -> Result<(), StoreError> {
        let Some(name) = self.read(|db| meta::filling(db))? else {
            return Ok(());
        };
        while self.write(|work| forget_some(work.db, &name))? {
            self.make_way();
        }
        self.write(|work| meta::set_filling(work.db, None))
    }

    /// Lets those go first who wait to write.
    fn make_way(&self) {
        for _ in 0..MOST_YIELDS {
            if self.inner.n_waiting.load(Ordering::SeqCst) == 0 {
                return;
            }
            std::thread::yield_now();
        }
    }
}

/// The same at once, for a bucket whose generation goes on.
pub(super) fn forget_hidden(db: &Connection, name: &str) -> Result<(), StoreError> {
    if meta::filling(db)?.as_deref() != Some(name) {
        return Ok(());
    }
    while forget_some(db, name)? {}
    meta::set_filling(db, None)
}

/// Takes some hidden rows of a bucket away; whether there may be more.
fn forget_some(db: &Connection, name: &str) -> Result<bool, StoreError> {
    let shown = bucket::load(db, name)?.generation;
    let mut n_gone = other_row::delete_hidden(db, name, shown)?;
    for table in Table::ALL
        .into_iter()
        .filter(|table| table.bucket() == name)
    {
        let of = (shown, FORGOTTEN);
        n_gone += match table {
            Table::Person => person::delete_hidden(db, of)?,
            Table::Draft => draft::delete_hidden(db, of)?,
            Table::Attachment => attachment::delete_hidden(db, of)?,
            Table::Tag => tag::delete_hidden(db, of)?,
            Table::DocUpdate => doc_update::delete_hidden(db, of)?,
        };
    }
    Ok(n_gone > 0)
}
