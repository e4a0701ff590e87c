//! Answers that are written while they are read from the database, so that none is ever held in
//! memory as a whole.
//!
//! The job first decides (and may refuse), then writes. What it writes goes through a short
//! queue; who does not take it in time is cut off, because a reader of the database waits for
//! them.

use std::io::{self, BufWriter, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use crate::db::{Db, DbError, Tx};
use crate::refusal::Refusal;

/// Pieces that may wait to be sent.
const QUEUE: usize = 4;
const PIECE_BYTES: usize = 64 * 1024;
/// How long one piece may wait.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Plain,
    Zstd,
}

type Pieces = mpsc::Sender<Result<Bytes, io::Error>>;
type Begun = oneshot::Sender<Result<Coding, Refusal>>;

/// Where a job says that its answer begins.
#[derive(Clone)]
pub(super) struct Begin {
    begun: Arc<Mutex<Option<Begun>>>,
    pieces: Pieces,
}

impl Begin {
    fn take(&self) -> Option<Begun> {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.take()
    }

    /// Begins the answer and writes its body.
    pub(super) fn body(
        &self,
        coding: Coding,
        write: impl FnOnce(&mut dyn Write) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        // A job that the database had to run again cannot take back what was sent.
        let begun = self.take().ok_or(DbError::Stopped)?;
        if begun.send(Ok(coding)).is_err() {
            return Ok(());
        }
        let mut queue = BufWriter::with_capacity(PIECE_BYTES, Queue(&self.pieces));
        let failed = |error: io::Error| DbError::Stored(error.to_string());
        match coding {
            Coding::Plain => write(&mut queue)?,
            Coding::Zstd => {
                let mut packed = zstd::stream::Encoder::new(&mut queue, 1).map_err(failed)?;
                write(&mut packed)?;
                packed.finish().map_err(failed)?;
            }
        }
        queue.flush().map_err(failed)
    }

    /// Says what a job failed with: as the answer, or by cutting the answer off.
    async fn fail(&self, refusal: Refusal) {
        if let Some(begun) = self.take() {
            // Nobody waits any more when the connection was closed.
            let _ = begun.send(Err(refusal));
            return;
        }
        tracing::info!(?refusal, "an answer broke off");
        let broken = io::Error::other("the answer broke off");
        let _ = self.pieces.send(Err(broken)).await;
    }
}

struct Queue<'a>(&'a Pieces);

impl Write for Queue<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        let send = tokio::time::timeout(PATIENCE, self.0.send(piece));
        match Handle::current().block_on(send) {
            Ok(Ok(())) => Ok(bytes.len()),
            _ => Err(io::Error::other("nobody takes the answer")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs a job over one snapshot of the database. Answers when its body begins.
pub(super) async fn answer<F>(db: &Db, mut job: F) -> Result<(Coding, Body), Refusal>
where
    F: FnMut(&mut dyn Tx, &Begin) -> Result<(), Refusal> + Send + 'static,
{
    let (begun, beginning) = oneshot::channel();
    let (pieces, mut taken) = mpsc::channel(QUEUE);
    let begin = Begin {
        begun: Arc::new(Mutex::new(Some(begun))),
        pieces,
    };
    let db = db.clone();
    tokio::spawn(async move {
        let to_fill = begin.clone();
        if let Err(refusal) = db.read(move |tx| job(tx, &to_fill)).await {
            begin.fail(refusal).await;
        }
    });
    let coding = beginning.await.map_err(|_| DbError::Stopped)??;
    let body = stream::poll_fn(move |cx| taken.poll_recv(cx));
    Ok((coding, Body::from_stream(body)))
}
