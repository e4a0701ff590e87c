//! Outward changes are held for a moment before they are sent, so that they can be taken back.
//!
//! How long is kept with the change and counted in the program's running time by whoever sends.
//! No clock is asked: one that was set forward sends nothing early, one that was set back holds
//! nothing for ever, and a restart begins the moment anew.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Store;
use crate::table::outbox;
use crate::{Held, StoreError};

impl Store {
    /// How long outward changes made from now on are held.
    pub fn set_hold(&self, hold: Duration) {
        let millis = i64::try_from(hold.as_millis()).unwrap_or(i64::MAX);
        self.inner.hold_ms.store(millis, Ordering::Relaxed);
    }

    /// The changes that are held, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn held(&self) -> Result<Vec<Held>, StoreError> {
        let held = self.read(|db| outbox::held(db))?;
        let told = |(lid, millis): (i64, i64)| Held {
            lid,
            hold: Duration::from_millis(millis.unsigned_abs()),
        };
        Ok(held.into_iter().map(told).collect())
    }

    /// Lets changes go whose moment is over; for good, also after a restart.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails; they are held then.
    pub fn release(&self, lids: &[i64]) -> Result<(), StoreError> {
        self.hold(lids, 0)
    }

    fn hold(&self, lids: &[i64], millis: i64) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.outbox = true;
            lids.iter()
                .try_for_each(|lid| outbox::hold(work.db, *lid, millis))
        })
    }
}

#[cfg(feature = "test-support")]
impl Store {
    /// Holds any change as if it were an outward one.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn hold_for_test(&self, lid: i64, hold: Duration) -> Result<(), StoreError> {
        self.hold(&[lid], i64::try_from(hold.as_millis()).unwrap_or(i64::MAX))
    }
}
