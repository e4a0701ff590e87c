//! Which WebSockets are open, so that no device holds more than its share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use stoa_domain::{DeviceId, UserId};

/// The most open at once for one device.
const PER_DEVICE: usize = 5;

type Counts = HashMap<(UserId, DeviceId), usize>;

/// Counts open connections.
#[derive(Clone, Default)]
pub(crate) struct OpenConnections(Arc<Mutex<Counts>>);

/// One open connection; dropping it closes the count.
pub(crate) struct OpenConnection {
    of: (UserId, DeviceId),
    all: OpenConnections,
}

impl OpenConnections {
    /// `None` when the device has its share open already.
    pub(crate) fn open(&self, user: UserId, device: DeviceId) -> Option<OpenConnection> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut counts = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.of) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.of);
            }
        }
    }
}
