//! What of files is to be sent and fetched, and how far that has come.

use stoa_domain::{BlobHash, Timestamp, n_parts, part_size};
use stoa_mutators::Table;

use super::Store;
use crate::files::{Fetching, root};
use crate::table::blob::{self, Blob};
use crate::table::{attachment, bucket, meta, outbox};
use crate::{FileToSend, Random, StoreError, Where};

impl Store {
    /// Files that drafts use and the server does not have, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files_to_send(&self, limit: u32) -> Result<Vec<FileToSend>, StoreError> {
        let blobs = self.read(|db| blob::to_send(db, limit.into()))?;
        let file = |blob: Blob| FileToSend {
            b3: blob.b3,
            size: blob.size,
            parts: blob.parts,
        };
        Ok(blobs.into_iter().map(file).collect())
    }

    /// The server has a file whole: what waited for nothing else can be sent.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn file_was_sent(&self, b3: BlobHash) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.files = true;
            if let Some(mut known) = blob::get(work.db, b3)? {
                known.is_on_server = true;
                blob::put(work.db, &known)?;
            }
            if outbox::forget_need(work.db, &b3.to_string())? {
                work.changed.outbox = true;
            }
            Ok(())
        })
    }

    /// Somebody wants to see a file that a draft uses: it is fetched before others. Answers whether
    /// it is here whole already.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no draft uses it.
    pub fn want_file(&self, b3: BlobHash, now: Timestamp) -> Result<bool, StoreError> {
        let known = self.read(|db| blob::get(db, b3))?;
        match known {
            Some(known) if known.here == Where::Whole => return Ok(true),
            Some(known) if known.is_wanted => return Ok(false),
            _ => {}
        }
        self.change_file(b3, now, |blob| blob.is_wanted = true)?;
        Ok(false)
    }

    /// Has a file stay on this computer, or lets it go when there is need of room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no draft uses it.
    pub fn keep_file(&self, b3: BlobHash, keep: bool, now: Timestamp) -> Result<(), StoreError> {
        self.change_file(b3, now, |blob| blob.is_kept = keep)
    }

    fn change_file(
        &self,
        b3: BlobHash,
        now: Timestamp,
        change: impl FnOnce(&mut Blob),
    ) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.files = true;
            let mut blob = match blob::get(work.db, b3)? {
                Some(blob) => blob,
                None => {
                    let used = attachment::of_blob(work.db, b3)?;
                    let size = used.first().ok_or(StoreError::NotFound)?.size;
                    unknown(b3, size, now)
                }
            };
            change(&mut blob);
            blob.used_at = now;
            blob::put(work.db, &blob)
        })
    }

    /// Files that are wanted here and are not here whole, the most wanted first, with their bytes.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files_to_fetch(&self, limit: u32) -> Result<Vec<(BlobHash, u64)>, StoreError> {
        let blobs = self.read(|db| blob::to_fetch(db, limit.into()))?;
        Ok(blobs.into_iter().map(|blob| (blob.b3, blob.size)).collect())
    }

    /// Begins or goes on to fetch a file of these parts; answers which are missing here.
    ///
    /// # Errors
    /// [`StoreError::Internal`] when the parts are not those of the file.
    pub fn begin_fetch(
        &self,
        b3: BlobHash,
        size: u64,
        parts: &[BlobHash],
        random: &dyn Random,
    ) -> Result<Vec<u32>, StoreError> {
        let n = n_parts(size).filter(|n| u32::try_from(parts.len()) == Ok(*n));
        let n = n.filter(|_| root(size, parts) == b3);
        let n = n.ok_or_else(|| StoreError::Internal("not the parts of this file".to_owned()))?;
        let files = &self.inner.files;
        if Fetching::is_finished(files, b3, size) {
            self.fetched(b3, parts)?;
            return Ok(Vec::new());
        }
        let has_begun = Fetching::go_on(files, b3, size)?.is_some();
        if !has_begun {
            Fetching::begin(files, b3, size, random)?;
        }
        self.write(|work| {
            let mut known = blob::get(work.db, b3)?.ok_or(StoreError::NotFound)?;
            if !has_begun {
                blob::forget_parts(work.db, b3)?;
            }
            known.here = Where::Partial;
            known.size = size;
            known.parts = parts.to_vec();
            blob::put(work.db, &known)?;
            let held = blob::held_parts(work.db, b3)?;
            Ok((0..n).filter(|n| held.binary_search(n).is_err()).collect())
        })
    }

    /// Takes a part of a file in, if it is what it says it is.
    ///
    /// # Errors
    /// [`StoreError::Internal`] when it is not; nothing was kept then.
    pub fn take_part(&self, b3: BlobHash, n: u32, bytes: &[u8]) -> Result<(), StoreError> {
        let known = self
            .read(|db| blob::get(db, b3))?
            .ok_or(StoreError::NotFound)?;
        let hash = BlobHash::from_bytes(*blake3::hash(bytes).as_bytes());
        let is_right = known.parts.get(n as usize) == Some(&hash)
            && part_size(known.size, n) == Some(bytes.len() as u64);
        if !is_right {
            return Err(StoreError::Internal(
                "not the part it says it is".to_owned(),
            ));
        }
        let fetching = Fetching::go_on(&self.inner.files, b3, known.size)?;
        fetching.ok_or(StoreError::NotFound)?.put(n, bytes)?;
        self.write(|work| blob::hold_part(work.db, b3, n))
    }

    /// All parts are here: the file can be read.
    ///
    /// # Errors
    /// [`StoreError::UnderWay`] when parts are missing.
    pub fn finish_fetch(&self, b3: BlobHash) -> Result<(), StoreError> {
        let files = &self.inner.files;
        let (known, held) = self.read(|db| Ok((blob::get(db, b3)?, blob::held_parts(db, b3)?)))?;
        let known = known.ok_or(StoreError::NotFound)?;
        if held.len() != known.parts.len() {
            return Err(StoreError::UnderWay);
        }
        match Fetching::go_on(files, b3, known.size)? {
            Some(fetching) => fetching.finish(files, b3)?,
            None if Fetching::is_finished(files, b3, known.size) => {}
            None => return Err(StoreError::NotFound),
        }
        self.fetched(b3, &known.parts)
    }

    fn fetched(&self, b3: BlobHash, parts: &[BlobHash]) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.files = true;
            let mut known = blob::get(work.db, b3)?.ok_or(StoreError::NotFound)?;
            known.here = Where::Whole;
            known.parts = parts.to_vec();
            known.is_on_server = true;
            known.is_wanted = false;
            blob::forget_parts(work.db, b3)?;
            blob::put(work.db, &known)
        })
    }

    /// Nobody waits for a file any more: the server does not have it (any more). It is fetched when
    /// somebody wants it again and another computer has sent it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn give_up_file(&self, b3: BlobHash) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.files = true;
            if let Some(mut known) = blob::get(work.db, b3)? {
                known.is_wanted = false;
                known.is_on_server = false;
                blob::put(work.db, &known)?;
            }
            Ok(())
        })
    }

    /// Whether the server has to be asked about files: after everything was fetched anew, or the
    /// server was restored. Answers what to give to [`Store::files_were_audited`].
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files_audit_due(&self) -> Result<Option<String>, StoreError> {
        self.read(|db| {
            let Some(link) = meta::link(db)? else {
                return Ok(None);
            };
            let content = bucket::load(db, Table::Attachment.bucket())?;
            let is_whole = content.cursor > 0 && !content.is_refilling;
            let key = format!("{}/{}", link.epoch, content.generation);
            let is_due = is_whole && meta::files_audited(db)?.as_deref() != Some(&*key);
            Ok(is_due.then_some(key))
        })
    }

    /// The server was asked about all files.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files_were_audited(&self, key: &str) -> Result<(), StoreError> {
        self.write(|work| meta::set_files_audited(work.db, key))
    }

    /// The next files that the server should have, to be asked about after everything was fetched
    /// anew or the server was restored.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files_to_audit(
        &self,
        after: Option<BlobHash>,
        limit: u32,
    ) -> Result<Vec<BlobHash>, StoreError> {
        self.read(|db| blob::to_audit(db, after, limit.into()))
    }

    /// The server lacks these: those that are here are sent again. Answers how many are.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files_are_missing(&self, missing: &[BlobHash]) -> Result<u64, StoreError> {
        if missing.is_empty() {
            return Ok(0);
        }
        self.write(|work| {
            let mut n = 0;
            for b3 in missing {
                if let Some(mut known) = blob::get(work.db, *b3)? {
                    n += u64::from(known.here == Where::Whole);
                    known.is_on_server = false;
                    blob::put(work.db, &known)?;
                }
            }
            work.changed.files = true;
            Ok(n)
        })
    }
}

/// A file that only the server has, as far as is known.
pub(super) fn unknown(b3: BlobHash, size: u64, now: Timestamp) -> Blob {
    Blob {
        b3,
        size,
        parts: Vec::new(),
        here: Where::Away,
        is_on_server: true,
        is_wanted: false,
        is_kept: false,
        used_at: now,
    }
}
