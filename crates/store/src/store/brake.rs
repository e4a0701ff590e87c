//! The brake: an answer of the server that would take away much of what is here is not applied
//! until the user agrees, or the server proves that it means it.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::Store;
use crate::table::meta;
use crate::{PullEnd, Removal, StoreError};

/// More than every fifth row,
const SHARE: u64 = 5;
/// and at least so many.
const FEWEST: u64 = 100;

/// How many rows an answer takes away from each bucket, of how many.
#[derive(Debug, Default)]
pub(crate) struct Removals(BTreeMap<String, (u64, u64)>);

impl Removals {
    /// Notes how many rows a bucket holds before the answer.
    pub(crate) fn begin(&mut self, bucket: &str, n: i64) {
        self.0
            .insert(bucket.to_owned(), (0, n.max(0).unsigned_abs()));
    }

    /// A row of a bucket that the role still has was taken away.
    pub(crate) fn count(&mut self, bucket: &str) {
        self.0.entry(bucket.to_owned()).or_default().0 += 1;
    }

    /// A bucket that the role has no more: that is not the brake's business.
    pub(crate) fn forget(&mut self, bucket: &str) {
        self.0.remove(bucket);
    }

    /// Refuses to take away too much. What the user agreed to, or what the server announced under
    /// the token that stands in the answer, is let through.
    pub(super) fn check(&self, db: &Connection, end: &PullEnd) -> Result<(), StoreError> {
        let known = meta::reset_token(db)?;
        if known.is_some() && known == end.reset_token {
            return Ok(());
        }
        let allowed = meta::allowed_removal(db)?;
        for (bucket, (n, of)) in &self.0 {
            let is_much = *n >= FEWEST && *n * SHARE > *of;
            // A little more may have gone since the user was asked.
            let is_allowed = allowed.as_ref().is_some_and(|allowed| {
                allowed.bucket == *bucket && *n <= allowed.n + allowed.n / 5
            });
            if is_much && !is_allowed {
                return Err(StoreError::RemovalHeld(Removal {
                    bucket: bucket.clone(),
                    n: *n,
                    of: *of,
                }));
            }
        }
        if allowed.is_some() && !end.more {
            meta::set_allowed_removal(db, None)?;
        }
        Ok(())
    }
}

impl Store {
    /// The user agrees that so much is taken away, once.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn allow_removal(&self, removal: &Removal) -> Result<(), StoreError> {
        self.write(|work| meta::set_allowed_removal(work.db, Some(removal)))
    }

    /// The server announced that much will go, under this token.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn note_reset_token(&self, token: &str) -> Result<(), StoreError> {
        self.write(|work| meta::set_reset_token(work.db, token))
    }
}
