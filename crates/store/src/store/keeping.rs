//! What of files stays on this computer, what goes, and how they may travel.
//!
//! Invariant: a file that a draft has is taken off this computer only while the server keeps it for a
//! draft there; whoever asks for that has asked the server first. One that no draft has, and that
//! nothing could give to a draft again, goes 30 days after its draft was deleted for good.

use std::time::Duration;

use stoa_domain::{BlobHash, Timestamp};

use super::Store;
use crate::table::blob::{self, Blob};
use crate::table::{meta, used_file};
use crate::{FileSum, FileWork, FilesControls, FilesWhere, StoreError, UsedFile, Where};

/// How many files go in one transaction.
const RELEASED_AT_ONCE: i64 = 10;
/// For how long the contents of files are kept after their draft was deleted for good: a backup from
/// before may bring it back.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

fn due(now: Timestamp) -> Timestamp {
    let kept = i64::try_from(KEPT_FOR.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.millis().saturating_sub(kept))
}

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

    /// Whether files of drafts that were deleted for good have to be looked at.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn has_files_to_let_go(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.read(|db| Ok(!blob::released(db, due(now), 1)?.is_empty()))
    }

    /// Takes the contents of some of the files off this computer whose drafts were deleted for good
    /// 30 days ago; whether there may be more. What something needs by now is looked at again after
    /// as long, as is what the disk does not let go of.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn let_files_go(&self, now: Timestamp) -> Result<bool, StoreError> {
        // A text that was not merged yet may show one of them, and so may what is just added.
        if self.has_waiting_texts()? || !self.has_files_to_let_go(now)? {
            return Ok(false);
        }
        let Ok(_nobody_adds) = self.inner.adding.try_write() else {
            return Ok(false);
        };
        self.write(|work| {
            work.changed.files = true;
            for b3 in blob::released(work.db, due(now), RELEASED_AT_ONCE)? {
                if blob::is_of_draft(work.db, b3)? {
                    blob::forget_release(work.db, b3)?;
                } else if blob::is_mentioned(work.db, b3)? || !self.let_go(b3) {
                    blob::release_all(work.db, &[b3], now)?;
                } else {
                    blob::forget(work.db, b3)?;
                    blob::forget_release(work.db, b3)?;
                }
            }
            Ok(true)
        })
    }

    /// Whether the disk lets go of a file, so that a power cut does not bring it back.
    fn let_go(&self, b3: BlobHash) -> bool {
        let gone = self.inner.files.forget(b3);
        if let Err(error) = &gone {
            tracing::warn!(%error, "a file of a deleted draft is still here");
        }
        gone.is_ok()
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
