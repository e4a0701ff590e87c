//! How long this profile has been away from its server, and whether that locks it. The facts lie
//! in the encrypted database: who has only the files cannot change them.

use stoa_domain::{Contact, LockAfter, Timestamp};

use super::Store;
use crate::StoreError;
use crate::table::meta;

/// A contact is noted at most this often, so that a quiet studio does not write.
const NOTE_EVERY_MILLIS: i64 = 3_600_000;

impl Store {
    /// After how many days without its server the profile locks.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn lock_after(&self) -> Result<LockAfter, StoreError> {
        self.read(|db| meta::lock_after(db))
    }

    /// Sets it; the days are counted from now.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn set_lock_after(&self, after: LockAfter, now: Timestamp) -> Result<(), StoreError> {
        self.write(|work| {
            meta::set_lock_after(work.db, after)?;
            meta::set_contact(work.db, Contact::made(now))
        })
    }

    /// The server was spoken with.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn note_contact(&self, now: Timestamp) -> Result<(), StoreError> {
        let kept = self.read(|db| meta::contact(db))?;
        let is_fresh = kept.is_some_and(|kept| {
            kept.at() == kept.latest()
                && (0..NOTE_EVERY_MILLIS).contains(&now.millis_since(kept.at()))
        });
        match is_fresh {
            true => Ok(()),
            false => self.write(|work| meta::set_contact(work.db, Contact::made(now))),
        }
    }

    /// Looks at the clock: whether the profile has been away for too long. What the clock shows is
    /// kept, so that setting it back changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn is_away_too_long(&self, now: Timestamp) -> Result<bool, StoreError> {
        let after = self.lock_after()?;
        let Some(kept) = self.read(|db| meta::contact(db))? else {
            return Ok(false);
        };
        if after == LockAfter::Never || self.is_read_only() {
            return Ok(kept.is_too_long_ago(now, after));
        }
        let looked = kept.looked(now);
        if looked.latest().millis_since(kept.latest()) >= NOTE_EVERY_MILLIS {
            self.write(|work| meta::set_contact(work.db, looked))?;
        }
        Ok(looked.is_too_long_ago(now, after))
    }
}
