//! What of files stays on this computer, what goes, and how they may travel.
//!
//! Invariant: a file is taken off this computer only while the server keeps it for a draft there.
//! Whoever asks for that has asked the server first.

use stoa_domain::{BlobHash, Timestamp};

use super::Store;
use crate::table::blob::{self, Blob};
use crate::table::{doc, meta, used_file};
use crate::{FileSum, FileWork, FilesControls, FilesWhere, StoreError, UsedFile, Where};

/// How many files go in one transaction.
const RELEASED_AT_ONCE: i64 = 100;

impl Store {
    /// The files that drafts use, each once, the largest first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn used_files(&self, place: FilesWhere, limit: u32) -> Result<Vec<UsedFile>, StoreError> {
        self.read(|db| used_file::list(db, place, limit.into()))
    }

    /// One of them; `None` when no draft uses it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn used_file(&self, b3: BlobHash) -> Result<Option<UsedFile>, StoreError> {
        self.read(|db| used_file::get(db, b3))
    }

    /// The next files that can be taken off this computer.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files_that_can_go(
        &self,
        after: Option<BlobHash>,
        limit: u32,
    ) -> Result<Vec<BlobHash>, StoreError> {
        self.read(|db| used_file::that_can_go(db, after, limit.into()))
    }

    /// Takes the contents of files off this computer; the server keeps them. Those that it does not
    /// keep, or that are to stay, stay. Answers what went.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn evict_files(&self, files: &[BlobHash]) -> Result<FileSum, StoreError> {
        let gone = self.write(|work| {
            work.changed.files = true;
            let mut gone = Vec::new();
            for b3 in files {
                let can_go = used_file::get(work.db, *b3)?.is_some_and(|file| file.can_go);
                let known = blob::get(work.db, *b3)?;
                let Some(known) = known.filter(|_| can_go) else {
                    continue;
                };
                let away = Blob {
                    here: Where::Away,
                    is_wanted: false,
                    ..known.clone()
                };
                blob::forget_parts(work.db, *b3)?;
                blob::put(work.db, &away)?;
                gone.push(known);
            }
            Ok(gone)
        })?;
        // First nobody counts on it, then it goes.
        let mut stays = Vec::new();
        let mut failed = None;
        for blob in &gone {
            if let Err(error) = self.inner.files.remove(blob.b3) {
                stays.push(blob);
                failed.get_or_insert(error);
            }
        }
        if let Some(error) = failed {
            self.are_here_after_all(&stays)?;
            return Err(error.into());
        }
        Ok(FileSum {
            n: gone.len() as u64,
            bytes: gone.iter().map(|blob| blob.size).sum(),
        })
    }

    /// What was to go is still there, so that it is seen and can be let go of again.
    fn are_here_after_all(&self, stays: &[&Blob]) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.files = true;
            stays.iter().try_for_each(|known| blob::put(work.db, known))
        })
    }

    /// Takes the contents of one file off this computer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is not here, [`StoreError::UnderWay`] when the server does
    /// not keep it or it is to stay.
    pub fn evict_file(&self, b3: BlobHash) -> Result<(), StoreError> {
        let known = self.read(|db| blob::get(db, b3))?;
        if known.is_none_or(|known| known.here == Where::Away) {
            return Err(StoreError::NotFound);
        }
        match self.evict_files(&[b3])?.n {
            0 => Err(StoreError::UnderWay),
            _ => Ok(()),
        }
    }

    /// Takes the contents of some of the files off this computer whose drafts were deleted for good;
    /// whether there may be more. What somebody is just adding may be one of them, so they wait
    /// then.
    pub(super) fn let_files_go(&self) -> Result<bool, StoreError> {
        // Looking through all texts takes a while, so nobody who saves has to wait for it.
        let released = self.read(|db| {
            let released = blob::released(db, RELEASED_AT_ONCE)?.into_iter();
            let looked = released.map(|b3| Ok((b3, doc::any_shows(db, b3)?)));
            looked.collect::<Result<Vec<_>, StoreError>>()
        })?;
        let Ok(_nobody_adds) = self.inner.adding.try_write() else {
            return Ok(false);
        };
        if released.is_empty() {
            return Ok(false);
        }
        self.write(|work| {
            work.changed.files = true;
            for (b3, is_shown) in released {
                if !is_shown && !blob::is_mentioned(work.db, b3)? {
                    // Should this not be kept, nothing counts on them all the same.
                    self.inner.files.remove(b3)?;
                    blob::forget(work.db, b3)?;
                }
                blob::forget_release(work.db, b3)?;
            }
            Ok(true)
        })
    }

    /// The same after a deletion, which has succeeded whatever becomes of this; what does not go
    /// now goes when nothing else is to be done.
    pub(super) fn let_files_go_soon(&self) {
        if let Err(error) = self.let_files_go() {
            tracing::warn!(%error, "files of deleted drafts are still here");
        }
    }

    /// Has every file stay on this computer, or lets all go when there is need of room. Answers for
    /// how many that is new.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn keep_all_files(&self, keep: bool, now: Timestamp) -> Result<u64, StoreError> {
        self.write(|work| {
            work.changed.files = true;
            used_file::keep_all(work.db, keep, now)
        })
    }

    /// How much of files is still to travel.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn file_work(&self) -> Result<FileWork, StoreError> {
        let (to_send, to_fetch) = self.read(|db| blob::open_work(db))?;
        Ok(FileWork { to_send, to_fetch })
    }

    /// How the user wants files to travel.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files_controls(&self) -> Result<FilesControls, StoreError> {
        self.read(|db| meta::files_controls(db))
    }

    /// Changes how files travel; answers how that is now.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn change_files_controls(
        &self,
        change: impl FnOnce(&mut FilesControls),
    ) -> Result<FilesControls, StoreError> {
        self.write(|work| {
            let mut controls = meta::files_controls(work.db)?;
            change(&mut controls);
            meta::set_files_controls(work.db, controls)?;
            Ok(controls)
        })
    }
}
