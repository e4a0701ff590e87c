//! Sounds, films and other files on their way into the store: piece by piece from the window, or from the disk.
//! Nothing is held but the piece in hand; the store reads at its own pace, and whoever hands over
//! waits for it.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use stoa_domain::{DraftId, Recording};
use stoa_ipc::{AddingFile, AttachedFile, Event, Failure};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::studio::Studio;

/// So many at once; a window that wants more begins too many.
const MOST: usize = 4;
/// A window that hands over nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two words of how far it is.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// What is being taken in, by draft and number.
#[derive(Default)]
pub(crate) struct Intakes(Mutex<HashMap<Key, Intake>>);

pub(crate) type Key = (DraftId, u32);

enum Intake {
    Pieces(Pieces),
    Disk(Arc<AtomicBool>),
}

/// A file that a draft has now.
pub(crate) struct Kept {
    pub(crate) file: AttachedFile,
    /// What it is, where it was taken in as a recording.
    pub(crate) recording: Option<Recording>,
}

/// Where pieces go, and what comes of them in the end.
pub(crate) struct Pieces {
    to: mpsc::Sender<Piece>,
    at: u64,
    kept: JoinHandle<Result<Kept, Failure>>,
}

/// What is handed over.
pub(crate) enum Piece {
    Bytes(Vec<u8>),
    /// There is no more. A sender that goes without it has given up.
    End,
}

impl Intakes {
    /// Takes one out to work on it; one that expects another place is given up.
    fn take_pieces(&self, key: Key, at: u64) -> Result<Pieces, Failure> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.remove(&key) {
            Some(Intake::Pieces(pieces)) if pieces.at == at => Ok(pieces),
            _ => Err(Failure::field("at", "out-of-range")),
        }
    }

    fn put(&self, key: Key, intake: Intake) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(&key) {
            // Those that were given up make room.
            all.retain(|_, intake| !intake.is_over());
        }
        if let Some(before) = all.insert(key, intake) {
            before.stop();
        }
    }

    fn forget(&self, key: Key) -> Option<Intake> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&key)
    }

    fn is_full(&self) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, intake| !intake.is_over());
        all.len() >= MOST
    }
}

impl Intake {
    fn stop(self) {
        // Pieces end by their sender's going.
        if let Self::Disk(is_stopped) = self {
            is_stopped.store(true, Ordering::Relaxed);
        }
    }

    fn is_over(&self) -> bool {
        match self {
            Self::Pieces(pieces) => pieces.kept.is_finished(),
            Self::Disk(is_stopped) => is_stopped.load(Ordering::Relaxed),
        }
    }
}

impl Studio {
    /// Begins to take pieces; `keep` reads them in a thread of its own.
    pub(crate) fn begin_pieces(
        &self,
        key: Key,
        keep: impl FnOnce(PieceReader) -> Result<Kept, Failure> + Send + 'static,
    ) -> Result<(), Failure> {
        self.stop_intake(key);
        if self.inner.intakes.is_full() {
            return Err(Failure::field("file", "too-many-at-once"));
        }
        let (to, from) = mpsc::channel(1);
        let runtime = self.inner.runtime.clone();
        let kept = self.inner.runtime.spawn_blocking(move || {
            keep(PieceReader {
                runtime,
                from,
                piece: Vec::new(),
                read: 0,
                is_whole: false,
            })
        });
        let pieces = Pieces { to, at: 0, kept };
        self.inner.intakes.put(key, Intake::Pieces(pieces));
        Ok(())
    }

    /// Hands a piece over, as soon as the one before was read; what came of all after the last.
    pub(crate) async fn hand_over(
        &self,
        key: Key,
        (at, bytes): (u64, Vec<u8>),
        is_last: bool,
    ) -> Result<Option<Kept>, Failure> {
        let mut pieces = self.inner.intakes.take_pieces(key, at)?;
        pieces.at += bytes.len() as u64;
        let mut is_read = pieces.to.send(Piece::Bytes(bytes)).await.is_ok();
        if is_read && is_last {
            is_read = pieces.to.send(Piece::End).await.is_ok();
        }
        if is_read && !is_last {
            self.inner.intakes.put(key, Intake::Pieces(pieces));
            return Ok(None);
        }
        drop(pieces.to);
        let kept = pieces.kept.await;
        let ended = |_| Failure::new(stoa_ipc::ErrorCode::Internal, "a step ended abnormally");
        kept.map_err(ended)?.map(Some)
    }

    /// A reader of a file of the disk that tells how far it is and can be stopped.
    pub(crate) fn watched<R: Read>(&self, key: Key, source: R, n_total: u64) -> Watched<R> {
        let is_stopped = Arc::new(AtomicBool::new(false));
        self.inner
            .intakes
            .put(key, Intake::Disk(is_stopped.clone()));
        Watched {
            studio: self.clone(),
            key,
            source,
            n_done: 0,
            n_total,
            told_at: Instant::now(),
            is_stopped,
        }
    }

    pub(crate) fn stop_intake(&self, key: Key) {
        if let Some(intake) = self.inner.intakes.forget(key) {
            intake.stop();
        }
    }
}

/// Pieces as one source.
pub(crate) struct PieceReader {
    runtime: Handle,
    from: mpsc::Receiver<Piece>,
    piece: Vec<u8>,
    read: usize,
    is_whole: bool,
}

impl PieceReader {
    fn next(&mut self) -> io::Result<()> {
        let next = self
            .runtime
            .block_on(tokio::time::timeout(PATIENCE, self.from.recv()));
        match next {
            Ok(Some(Piece::Bytes(bytes))) => (self.piece, self.read) = (bytes, 0),
            Ok(Some(Piece::End)) => self.is_whole = true,
            Ok(None) | Err(_) => return Err(stopped()),
        }
        Ok(())
    }
}

impl Read for PieceReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.read == self.piece.len() && !self.is_whole {
            self.next()?;
        }
        let rest = &self.piece[self.read..];
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.read += n;
        Ok(n)
    }
}

/// A file of the disk while it is read.
pub(crate) struct Watched<R> {
    studio: Studio,
    key: Key,
    source: R,
    n_done: u64,
    n_total: u64,
    told_at: Instant,
    is_stopped: Arc<AtomicBool>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return Err(stopped());
        }
        let n = self.source.read(out)?;
        self.n_done += n as u64;
        if self.told_at.elapsed() >= TELL_EVERY {
            self.told_at = Instant::now();
            let (draft, upload) = self.key;
            self.studio.emit(Event::Adding(AddingFile {
                draft,
                upload,
                n_done: self.n_done,
                n_total: self.n_total.max(self.n_done),
            }));
        }
        Ok(n)
    }
}

impl<R> Watched<R> {
    /// Says afterwards whether somebody stopped it.
    pub(crate) fn stop_sign(&self) -> Arc<AtomicBool> {
        self.is_stopped.clone()
    }
}

/// Somebody has stopped it.
fn stopped() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "stopped")
}
