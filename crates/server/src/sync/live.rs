//! Which WebSockets are open, so that no device holds more than its share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use stoa_domain::{DeviceId, UserId};
use tokio::sync::broadcast;

/// The most open at once for one device.
const PER_DEVICE: usize = 5;

type Counts = HashMap<(UserId, DeviceId), usize>;

/// Losing one of these costs nothing: each connection looks by itself now and then.
const CALLS: usize = 64;

/// Counts open connections, and has those of a person look whether they may go on.
#[derive(Clone)]
pub(crate) struct OpenConnections {
    counts: Arc<Mutex<Counts>>,
    calls: broadcast::Sender<UserId>,
}

impl Default for OpenConnections {
    fn default() -> Self {
        Self {
            counts: Arc::default(),
            calls: broadcast::channel(CALLS).0,
        }
    }
}

/// One open connection; dropping it closes the count.
pub(crate) struct OpenConnection {
    of: (UserId, DeviceId),
    all: OpenConnections,
}

impl OpenConnections {
    /// `None` when the device has its share open already.
    pub(crate) fn open(&self, user: UserId, device: DeviceId) -> Option<OpenConnection> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((user, device)).or_default();
        if *count >= PER_DEVICE {
            return None;
        }
        *count += 1;
        Some(OpenConnection {
            of: (user, device),
            all: self.clone(),
        })
    }

    /// Devices of this person may have lost their access.
    pub(crate) fn look_again(&self, user: UserId) {
        // Nobody listens while nobody is connected.
        let _ = self.calls.send(user);
    }

    /// Whose connections are to look again.
    pub(crate) fn calls(&self) -> broadcast::Receiver<UserId> {
        self.calls.subscribe()
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut counts = self
            .all
            .counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.of);
            }
        }
    }
}
