//! How far files have come, and how long the rest takes.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// The speed is that of the last so many seconds.
const WINDOW: Duration = Duration::from_secs(10);

/// Counts the bytes that are through, from one standstill of the lane to the next.
pub(super) struct Progress {
    n_done: AtomicU64,
    marks: Mutex<VecDeque<(Instant, u64)>>,
}

impl Progress {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            n_done: AtomicU64::new(0),
            marks: Mutex::new(VecDeque::from([(now, 0)])),
        }
    }

    pub(super) fn add(&self, n_bytes: usize) {
        self.n_done.fetch_add(n_bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn n_done(&self) -> u64 {
        self.n_done.load(Ordering::Relaxed)
    }

    /// So much is through, though it did not travel now: no reason to think that the line is faster
    /// or slower.
    pub(super) fn set(&self, n_done: u64) {
        let before = self.n_done.swap(n_done, Ordering::Relaxed);
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, mark) in marks.iter_mut() {
            *mark = (*mark + n_done).saturating_sub(before);
        }
    }

    /// How long so many bytes take at the speed of the last seconds; called now and then.
    pub(super) fn seconds_for(&self, n_bytes: u64, now: Instant) -> Option<u64> {
        let n_done = self.n_done();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_travel_now_makes_no_line_faster() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let progress = Progress::new(begun);
        progress.set(1_000_000);
        assert_eq!(progress.seconds_for(500, after(1)), None, "nothing came");
        progress.add(100);
        assert_eq!(progress.seconds_for(500, after(2)), Some(10));
        // A part that broke off is taken back.
        progress.set(1_000_050);
        assert_eq!(progress.n_done(), 1_000_050);
        assert_eq!(progress.seconds_for(500, after(2)), Some(10));
    }
}
