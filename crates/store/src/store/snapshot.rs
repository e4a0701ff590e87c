//! A bucket taken as a snapshot: its parts wait in the staging file as they came, and go into the
//! base when all are there.
//!
//! Parts are kept packed, so that every row is written once. An empty bucket is filled in small
//! transactions with rows that are not shown before all are there; one that is fetched anew goes
//! row by row in one transaction, so that titles which give way are kept and what does not come
//! again goes.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, sync_channel};

use stoa_domain::Timestamp;
use stoa_mutators::Table;

use super::pull::apply::Apply;
use super::pull::row::{Incoming, Place, id_of};
use super::review::Review;
use super::{Store, Work, lock};
use crate::stage::Stage;
use crate::table::bucket;
use crate::{HistoryKind, PullEnd, PulledChanges, StoreError};

/// Rows that are stored in one transaction when a bucket is filled, also by their bytes: so long
/// does a save wait at most.
const BATCH: usize = 2_000;
const BATCH_BYTES: usize = 1024 * 1024;
/// Batches that are read ahead.
const BATCHES: usize = 2;

/// A snapshot as the server describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    pub bucket: String,
    pub id: String,
    /// The sequence number up to which it is complete.
    pub seq: i64,
    /// Number of rows, and sum of the row checksums as 16 hex digits.
    pub n: i64,
    pub x: String,
    pub tables: Vec<String>,
    pub parts: Vec<SnapshotPart>,
}

/// A part as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotPart {
    pub size: u64,
    pub rows: u64,
    /// BLAKE3, 64 hex digits.
    pub b3: String,
}

/// A row in a part.
#[derive(Debug, Clone, Copy)]
pub struct SnapshotRow<'a> {
    pub table: &'a str,
    pub pk: &'a str,
    pub version: i64,
    pub seq: i64,
    /// The columns as a JSON object.
    pub columns: &'a str,
}

/// Takes the rows of a part one by one.
pub type TakeRow<'a> = dyn FnMut(SnapshotRow<'_>) -> Result<(), StoreError> + 'a;
/// Unpacks a part and hands over its rows.
pub type UnpackPart<'a> = dyn Fn(&[u8], &mut TakeRow<'_>) -> Result<(), StoreError> + Sync + 'a;

impl Store {
    /// The snapshot of a bucket of which parts are here.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn begun_snapshot(&self, bucket: &str) -> Result<Option<String>, StoreError> {
        self.staged(|stage| stage.snapshot_id(bucket))
    }

    /// Begins a snapshot or goes on with it; answers which parts are missing. Parts of another
    /// snapshot of the same bucket are thrown away.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn begin_snapshot(&self, snapshot: &Snapshot) -> Result<Vec<usize>, StoreError> {
        if self.is_read_only() {
            return Err(StoreError::ReadOnly);
        }
        let has = self.staged(|stage| stage.begin_snapshot(&snapshot.bucket, &snapshot.id))?;
        Ok((0..snapshot.parts.len())
            .filter(|part| !has.contains(part))
            .collect())
    }

    /// Keeps a part; false when it is not the one that was described, and nothing was kept.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn put_part(
        &self,
        snapshot: &Snapshot,
        part: usize,
        bytes: &[u8],
    ) -> Result<bool, StoreError> {
        let is_right = snapshot.parts.get(part).is_some_and(|described| {
            described.size == bytes.len() as u64
                && described.b3 == blake3::hash(bytes).to_hex().as_str()
        });
        if is_right {
            self.staged(|stage| stage.put_part(&snapshot.bucket, part, bytes))?;
        }
        Ok(is_right)
    }

    /// Throws away what has come of a bucket's snapshot.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn forget_snapshot(&self, bucket: &str) -> Result<(), StoreError> {
        self.staged(|stage| stage.forget_snapshot(bucket))
    }

    /// Puts a snapshot, all parts of which are here, in the place of the bucket: all of it, or
    /// nothing when it is not what it was said to be.
    ///
    /// # Errors
    /// [`StoreError`]; the store is as before then.
    pub fn finish_snapshot(
        &self,
        snapshot: &Snapshot,
        unpack: &UnpackPart<'_>,
        now: Timestamp,
    ) -> Result<PulledChanges, StoreError> {
        let parts = self.open_stage()?;
        let changes = std::thread::scope(|scope| {
            let (sender, rows) = sync_channel(BATCHES);
            let reading = scope.spawn(move || {
                let (mut batch, mut n_bytes) = (Vec::new(), 0);
                let read = parts.visit_parts(&snapshot.bucket, |bytes| {
                    unpack(&bytes, &mut |row| {
                        n_bytes += row.columns.len();
                        batch.push(read_row(row)?);
                        if batch.len() < BATCH && n_bytes < BATCH_BYTES {
                            return Ok(());
                        }
                        n_bytes = 0;
                        let full = std::mem::take(&mut batch);
                        sender.send(Ok(full)).map_err(|_| stopped())
                    })
                });
                // When nobody takes them any more, the other side knows why.
                let _ = sender.send(read.map(|()| batch));
            });
            let changes = match self.begin_fill(snapshot) {
                Ok(Some(apply)) => self.fill(snapshot, apply, rows, now),
                Ok(None) => self.write(|work| put_in_place(work, snapshot, rows, now)),
                Err(error) => {
                    // Who reads ahead must not wait for ever.
                    drop(rows);
                    Err(error)
                }
            };
            if reading.join().is_err() {
                return Err(stopped());
            }
            changes
        })?;
        // What was applied is applied; parts that are left are thrown away with the next snapshot.
        if let Err(error) = self.forget_snapshot(&snapshot.bucket) {
            tracing::warn!(%error, "the parts of a snapshot stay");
        }
        Ok(changes)
    }

    fn staged<T>(
        &self,
        work: impl FnOnce(&mut Stage) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut kept = lock(&self.inner.stage);
        let stage = match &mut *kept {
            Some(stage) => stage,
            none => none.insert(self.open_stage()?),
        };
        let done = work(stage);
        if done.is_err() {
            *kept = None;
        }
        done
    }
}

fn stopped() -> StoreError {
    StoreError::Internal("a snapshot was not read to its end".to_owned())
}

fn read_row(row: SnapshotRow<'_>) -> Result<Incoming, StoreError> {
    let place = Place {
        id: id_of(row.pk)?,
        version: row.version,
        seq: row.seq,
    };
    Incoming::from_text(row.table, place, row.columns)
}

fn put_in_place(
    work: &mut Work<'_>,
    snapshot: &Snapshot,
    rows: Receiver<Result<Vec<Incoming>, StoreError>>,
    now: Timestamp,
) -> Result<PulledChanges, StoreError> {
    work.now = Some(now);
    work.kept_as = HistoryKind::Pulled;
    let name = &snapshot.bucket;
    if !bucket::load(work.db, name)?.is_refilling {
        super::pull::start_again(work.db, name)?;
    }
    let mut apply = Apply::begin(work.db, &end_of(snapshot))?;
    let mut n_rows = 0;
    for batch in rows {
        for row in batch? {
            check_place(&row, snapshot)?;
            n_rows += 1;
            apply.put(work.db, row, now)?;
        }
    }
    apply.close(work.db, name, (Some(snapshot.seq), true))?;
    apply.removals.check(work.db, &end_of(snapshot))?;
    work.changed.outbox |= apply.is_outbox_changed;
    work.changed.files |= apply.is_files_changed;
    let mut review = Review::begin(work.db)?;
    apply.show(work, &mut review, now)?;
    let sums = vec![(name.clone(), snapshot.n, snapshot.x.clone())];
    let end = PullEnd {
        sums,
        ..PullEnd::default()
    };
    if !apply.save(work.db, &end)? {
        return Err(StoreError::Internal(
            "a snapshot does not hold what it says".to_owned(),
        ));
    }
    Ok(PulledChanges {
        drafts: work.changed.drafts.iter().copied().collect(),
        n_rows,
        checksum_ok: true,
    })
}

pub(super) fn end_of(snapshot: &Snapshot) -> PullEnd {
    let tables = snapshot.tables.iter();
    PullEnd {
        upto: snapshot.seq,
        more: true,
        buckets: vec![snapshot.bucket.clone()],
        tables: tables
            .map(|table| (table.clone(), snapshot.bucket.clone()))
            .collect::<BTreeMap<_, _>>(),
        ..PullEnd::default()
    }
}

/// A row of another bucket would not be taken away with this one.
pub(super) fn check_place(row: &Incoming, snapshot: &Snapshot) -> Result<(), StoreError> {
    let is_own = match Table::parse(row.table()) {
        Some(table) => table.bucket() == snapshot.bucket,
        None => snapshot.tables.iter().any(|table| table == row.table()),
    };
    match is_own && row.seq <= snapshot.seq {
        true => Ok(()),
        false => Err(StoreError::Internal(
            "a row does not belong into this snapshot".to_owned(),
        )),
    }
}
