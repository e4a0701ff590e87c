//! A cap on the bytes a second, for all parts together.

use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

use super::Controls;

/// Lets bytes through no faster than the user wants.
pub(super) struct Throttle {
    controls: watch::Receiver<Controls>,
    /// When the next bytes may go.
    free_at: Mutex<Instant>,
}

impl Throttle {
    pub(super) fn new(controls: watch::Receiver<Controls>) -> Self {
        Self {
            controls,
            free_at: Mutex::new(Instant::now()),
        }
    }

    /// Waits until so many bytes may go.
    pub(super) async fn take(&self, n_bytes: usize) {
        let limit = self.controls.borrow().wanted.bytes_per_second;
        let Some(limit) = limit.filter(|limit| *limit > 0) else {
            return;
        };
        let mut free_at = self.free_at.lock().await;
        tokio::time::sleep_until(*free_at).await;
        let cost = Duration::from_secs_f64(n_bytes as f64 / limit as f64);
        *free_at = Instant::now() + cost;
    }
}
