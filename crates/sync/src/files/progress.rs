//! How far files have come, and how long the rest takes.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// The speed is that of the last so many seconds.
const WINDOW: Duration = Duration::from_secs(10);

/// Counts the bytes of one file.
pub(super) struct Progress {
    n_done: AtomicU64,
    marks: Mutex<VecDeque<(Instant, u64)>>,
}

impl Progress {
    /// Begins with what was through before.
    pub(super) fn from(n_done: u64) -> Self {
        Self {
            n_done: AtomicU64::new(n_done),
            marks: Mutex::new(VecDeque::from([(Instant::now(), n_done)])),
        }
    }

    pub(super) fn add(&self, n_bytes: usize) {
        self.n_done.fetch_add(n_bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn n_done(&self) -> u64 {
        self.n_done.load(Ordering::Relaxed)
    }

    /// How long so many bytes take at the speed of the last seconds; called now and then.
    pub(super) fn seconds_for(&self, n_bytes: u64) -> Option<u64> {
        let (now, n_done) = (Instant::now(), self.n_done());
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        marks.push_back((now, n_done));
        while marks.len() > 2 && marks[0].0 + WINDOW < now {
            marks.pop_front();
        }
        let (from, before) = *marks.front()?;
        let seconds = now.duration_since(from).as_secs_f64();
        let speed = n_done.saturating_sub(before) as f64 / seconds;
        (seconds > 0.5 && speed > 0.0).then(|| (n_bytes as f64 / speed).ceil() as u64)
    }
}
