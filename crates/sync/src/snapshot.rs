//! Taking a large bucket as a snapshot: some parts at a time, so that pushes have their turn in
//! between; all of them into the store when the last has come.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::{StreamExt, stream};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::sync::{PullLine, SnapshotManifest};
use stoa_protocol::{SNAPSHOT_PART_BYTES, SNAPSHOT_PART_RAW_BYTES};
use stoa_store::{Snapshot, SnapshotPart, SnapshotRow, StoreError, TakeRow};

use crate::line::split;
use crate::session::{Session, SessionError};
use crate::transport::{Caller, TransportError};

/// Parts that are under way at the same time.
const LANES: usize = 4;
/// Parts of one step.
const STEP: usize = 16;
/// More parts than any snapshot has.
const MOST_PARTS: usize = 100_000;
/// After so many parts that were not what they should be, rows are pulled one by one.
const MOST_WRONG: u32 = 3;
/// A window beyond this (8 MiB) is refused.
const WINDOW_LOG_MAX: u32 = 23;
/// The longest line: one mutation's worth of columns and some more.
const MAX_LINE_BYTES: u64 = 1024 * 1024;

/// How far a snapshot has come, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) n_done: u64,
    pub(crate) n_total: u64,
}

/// What the last pull left to snapshots.
#[derive(Default)]
pub(crate) struct Snapshots {
    waiting: Mutex<VecDeque<String>>,
    progress: Mutex<Option<Progress>>,
    /// Snapshots cannot be used; rows are pulled one by one.
    is_row_by_row: AtomicBool,
    n_wrong: AtomicU32,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Snapshots {
    pub(crate) fn are_taken(&self) -> bool {
        !self.is_row_by_row.load(Ordering::Relaxed)
    }

    pub(crate) fn next(&self) -> Option<String> {
        lock(&self.waiting).front().cloned()
    }

    pub(crate) fn set(&self, buckets: Vec<String>) {
        *lock(&self.waiting) = buckets.into();
    }

    pub(crate) fn progress(&self) -> Option<Progress> {
        *lock(&self.progress)
    }

    fn show(&self, progress: Option<Progress>) {
        *lock(&self.progress) = progress;
    }

    /// The next pull says anew what there is to take.
    fn stop(&self) {
        lock(&self.waiting).clear();
        self.show(None);
    }
}

/// Fetches some parts of a bucket's snapshot, and applies it when it is complete.
pub(crate) async fn step(
    session: &Session,
    caller: &Caller,
    (bucket, epoch): (String, &str),
) -> Result<(), SessionError> {
    let name = bucket.clone();
    let begun = session.with_store(move |store| store.begun_snapshot(&name));
    let begun = begun.await?;
    let asked = session.transport.snapshot(caller, &bucket, begun).await;
    let manifest = match asked {
        Ok(manifest) => manifest,
        Err(error) => {
            if error.code() == Some(ApiErrorCode::NotFound) {
                session.snapshots.stop();
            }
            return Err(error.into());
        }
    };
    let snapshot = checked(manifest, &bucket, epoch)?;
    let missing = begin(session, &snapshot).await?;
    let now_due: Vec<usize> = missing.iter().copied().take(STEP).collect();
    let is_last = now_due.len() == missing.len();
    fetch(session, caller, &snapshot, now_due).await?;
    if is_last {
        finish(session, snapshot).await?;
        session.snapshots.stop();
    }
    Ok(())
}

async fn begin(session: &Session, snapshot: &Snapshot) -> Result<Vec<usize>, SessionError> {
    let begun = snapshot.clone();
    let missing = session.with_store(move |store| store.begin_snapshot(&begun));
    let missing = missing.await?;
    let rows = |parts: &mut dyn Iterator<Item = &SnapshotPart>| parts.map(|part| part.rows).sum();
    let n_total: u64 = rows(&mut snapshot.parts.iter());
    let n_missing: u64 = rows(&mut missing.iter().filter_map(|at| snapshot.parts.get(*at)));
    session.snapshots.show(Some(Progress {
        n_done: n_total.saturating_sub(n_missing),
        n_total,
    }));
    Ok(missing)
}

async fn fetch(
    session: &Session,
    caller: &Caller,
    snapshot: &Snapshot,
    parts: Vec<usize>,
) -> Result<(), SessionError> {
    let get = |part| async move {
        let bytes = session
            .transport
            .snapshot_part(caller, snapshot, part)
            .await;
        bytes.map(|bytes| (part, bytes))
    };
    let mut coming = stream::iter(parts.into_iter().map(get)).buffer_unordered(LANES);
    while let Some(come) = coming.next().await {
        let (part, bytes) = come?;
        let described = snapshot.clone();
        let kept = session.with_store(move |store| store.put_part(&described, part, &bytes));
        if !kept.await? {
            wrong_part(session, snapshot).await?;
            let why = "a part of a snapshot is not what it should be";
            return Err(TransportError::Unreadable(why.to_owned()).into());
        }
    }
    Ok(())
}

async fn wrong_part(session: &Session, snapshot: &Snapshot) -> Result<(), SessionError> {
    let n_wrong = session.snapshots.n_wrong.fetch_add(1, Ordering::Relaxed) + 1;
    if n_wrong >= MOST_WRONG {
        give_up(session, &snapshot.bucket).await?;
    }
    Ok(())
}

/// Pulls row by row from now on.
async fn give_up(session: &Session, bucket: &str) -> Result<(), SessionError> {
    let bucket = bucket.to_owned();
    session
        .snapshots
        .is_row_by_row
        .store(true, Ordering::Relaxed);
    session.snapshots.stop();
    session
        .with_store(move |store| store.forget_snapshot(&bucket))
        .await?;
    Ok(())
}

async fn finish(session: &Session, snapshot: Snapshot) -> Result<(), SessionError> {
    let now = session.now();
    let bucket = snapshot.bucket.clone();
    let finish = session.with_store(move |store| store.finish_snapshot(&snapshot, &unpack, now));
    match finish.await {
        Ok(_) => Ok(()),
        Err(error) => {
            // What takes much away is agreed to in a pull.
            let is_useless = matches!(
                error,
                StoreError::Internal(_) | StoreError::Damaged(_) | StoreError::RemovalHeld(_)
            );
            if is_useless {
                tracing::warn!(%error, bucket, "a snapshot cannot be used");
                give_up(session, &bucket).await?;
            }
            Err(error.into())
        }
    }
}

/// A manifest that can be followed.
fn checked(
    manifest: SnapshotManifest,
    bucket: &str,
    epoch: &str,
) -> Result<Snapshot, TransportError> {
    // Both go into an address.
    let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let is_sound = manifest.bucket == bucket
        && is_name(bucket)
        && manifest.id.len() == 32
        && is_name(&manifest.id)
        && manifest.epoch == epoch
        && manifest.seq > 0
        && manifest.parts.len() <= MOST_PARTS
        && manifest
            .parts
            .iter()
            .all(|part| part.size <= SNAPSHOT_PART_BYTES);
    if !is_sound {
        let why = "the description of a snapshot does not fit";
        return Err(TransportError::Unreadable(why.to_owned()));
    }
    let parts = manifest.parts.into_iter().map(|part| SnapshotPart {
        size: part.size,
        rows: part.rows,
        b3: part.b3,
    });
    Ok(Snapshot {
        bucket: manifest.bucket,
        id: manifest.id,
        seq: manifest.seq,
        n: manifest.n,
        x: manifest.x,
        tables: manifest.tables,
        parts: parts.collect(),
    })
}

/// Unpacks a part line by line, within limits.
fn unpack(part: &[u8], take: &mut TakeRow<'_>) -> Result<(), StoreError> {
    let mut packed = zstd::stream::read::Decoder::new(part).map_err(unreadable)?;
    packed.window_log_max(WINDOW_LOG_MAX).map_err(unreadable)?;
    let mut lines = BufReader::with_capacity(64 * 1024, packed.take(SNAPSHOT_PART_RAW_BYTES));
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut one = (&mut lines).take(MAX_LINE_BYTES);
        if one.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            return Ok(());
        }
        if line.pop() != Some(b'\n') {
            return Err(unreadable("a line is cut off or too long"));
        }
        take_line(std::str::from_utf8(&line).map_err(unreadable)?, take)?;
    }
}

fn take_line(line: &str, take: &mut TakeRow<'_>) -> Result<(), StoreError> {
    if let Some(row) = split(line) {
        return take(row);
    }
    match serde_json::from_str(line)? {
        PullLine::Put(table, pk, version, seq, columns) => take(SnapshotRow {
            table: &table,
            pk: &pk,
            version,
            seq,
            columns: &serde_json::to_string(&columns)?,
        }),
        _ => Err(unreadable("a snapshot holds rows and nothing else")),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn unreadable(why: impl ToString) -> StoreError {
    StoreError::Internal(io::Error::other(why.to_string()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(raw: &[u8]) -> Result<Vec<(String, i64, String)>, StoreError> {
        let packed = zstd::bulk::compress(raw, 1).unwrap();
        let mut rows = Vec::new();
        unpack(&packed, &mut |row| {
            rows.push((row.table.to_owned(), row.seq, row.columns.to_owned()));
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn lines_are_read_however_they_are_written() {
        let plain = "{\"p\":[\"draft\",\"id\",2,7,{\"a\":\"],}\"}]}\n";
        let spaced = "{ \"p\": [\"draft\", \"id\", 2, 7, {\"a\":\"],}\"}] }\n";
        let expected = ("draft".to_owned(), 7, "{\"a\":\"],}\"}".to_owned());
        for text in [plain, spaced] {
            assert_eq!(rows(text.as_bytes()).unwrap(), vec![expected.clone()]);
        }
    }

    #[test]
    fn what_is_no_row_or_cut_off_is_refused() {
        for raw in [
            "{\"ok\":7}\n".as_bytes(),
            b"{\"p\":[\"draft\",\"id\",2,7,{}]}",
            b"not json\n",
            &[0xff, b'\n'],
            &vec![b'x'; 2 * 1024 * 1024],
        ] {
            assert!(rows(raw).is_err());
        }
        assert!(unpack(b"not packed", &mut |_| Ok(())).is_err());
    }
}
