//! The documents that are in memory, beside those on the disk.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::Connection;
use stoa_domain::DraftId;

use super::{Document, Imported};
use crate::StoreError;
use crate::table::doc;

/// After so many updates, or so many bytes of them, a document is stored as one snapshot again.
const MOST_LOGGED: usize = 200;
const MOST_LOGGED_BYTES: usize = 256 * 1024;

/// A document with what is known of its stored form. Nobody writes in it; writers fork it, and
/// what they wrote is imported.
pub(crate) struct Loaded {
    pub(crate) document: Document,
    n_logged: usize,
    n_logged_bytes: usize,
    /// An update waits for one that has not come. A snapshot would forget it.
    has_waiting: bool,
}

/// Documents in memory. What the disk does not hold must not stay here.
#[derive(Default)]
pub(crate) struct Documents(HashMap<DraftId, Loaded>);

impl Documents {
    /// After a call that failed, or when nobody writes in it any more.
    pub(crate) fn forget(&mut self, id: DraftId) {
        self.0.remove(&id);
    }

    pub(crate) fn forget_all(&mut self) {
        self.0.clear();
    }

    /// The document of a draft, from memory or from the disk.
    pub(crate) fn get(&mut self, db: &Connection, id: DraftId) -> Result<&mut Loaded, StoreError> {
        match self.0.entry(id) {
            Entry::Occupied(loaded) => Ok(loaded.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(Loaded::from_disk(db, id)?)),
        }
    }
}

impl Loaded {
    fn from_disk(db: &Connection, id: DraftId) -> Result<Self, StoreError> {
        let stored = doc::load(db, id)?;
        let mut has_waiting = false;
        let parts: Vec<&[u8]> = stored.parts().collect();
        let document = Document::of(&parts, |imported| match imported {
            Imported::New | Imported::Known => Ok(()),
            Imported::Waiting => {
                has_waiting = true;
                Ok(())
            }
            Imported::Unreadable(why) => Err(StoreError::Damaged(format!("a document: {why}"))),
            Imported::Poisoned => Err(StoreError::Damaged("a document".to_owned())),
        })?;
        Ok(Self {
            document,
            n_logged: stored.log.len(),
            n_logged_bytes: stored.log.iter().map(Vec::len).sum(),
            has_waiting,
        })
    }

    fn count(&mut self, n_bytes: usize) {
        self.n_logged += 1;
        self.n_logged_bytes += n_bytes;
    }

    /// Notes that an update was added to the stored log.
    pub(crate) fn log(
        &mut self,
        db: &Connection,
        id: DraftId,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.log_all(db, id, std::iter::once(bytes))
    }

    /// The same of several.
    pub(crate) fn log_all<'u>(
        &mut self,
        db: &Connection,
        id: DraftId,
        updates: impl Iterator<Item = &'u [u8]>,
    ) -> Result<(), StoreError> {
        for update in updates {
            doc::append(db, id, update)?;
            self.count(update.len());
        }
        if self.n_logged >= MOST_LOGGED || self.n_logged_bytes >= MOST_LOGGED_BYTES {
            self.compact(db, id)?;
        }
        Ok(())
    }

    /// Whether anything came after the last snapshot.
    pub(crate) fn has_log(&self) -> bool {
        self.n_logged > 0
    }

    pub(crate) fn note_waiting(&mut self) {
        self.has_waiting = true;
    }

    /// Stores the document as one snapshot, if anything was logged since the last.
    pub(crate) fn compact(&mut self, db: &Connection, id: DraftId) -> Result<(), StoreError> {
        if self.n_logged == 0 || self.has_waiting {
            return Ok(());
        }
        doc::replace(db, id, &self.document.snapshot()?)?;
        self.n_logged = 0;
        self.n_logged_bytes = 0;
        Ok(())
    }
}
