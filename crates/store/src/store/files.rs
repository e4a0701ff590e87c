//! Files of drafts: taking them in, reading them, keeping them here or not.

use std::io::Read;

use stoa_domain::{
    Attachment, AttachmentId, BlobHash, DraftId, FileName, HEAD_BYTES, ImageError, ImageHead,
    MAX_FILE_BYTES, MAX_IMAGE_BYTES, MediaType, Timestamp,
};
use stoa_mutators::{AddAttachment, Mutation, RemoveAttachment};

use super::{Store, Work};
use crate::files::{self, FileReader, NotTaken, Taken};
use crate::table::blob::{self, Blob};
use crate::table::{attachment, draft};
use crate::{AttachedFile, FileRefusal, NewFile, Random, StoreError, Where, overlay, random};

impl Store {
    /// Adds a file to a draft: read once, encrypted on the way, on the disk when this returns. The
    /// same file a second time is the one that is there.
    ///
    /// # Errors
    /// [`StoreError::File`] when it cannot belong to a draft, and others; nothing was kept then.
    pub fn add_file(
        &self,
        new: &NewFile,
        source: &mut dyn Read,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Attachment, StoreError> {
        self.add_file_that(new, source, (now, random), &mut |_| true)
    }

    /// The same, if `fits` says so of the file when it is here whole, before the draft is changed.
    ///
    /// # Errors
    /// [`FileRefusal::NotARecording`] when it does not fit, and others; nothing was kept then.
    pub fn add_file_that(
        &self,
        new: &NewFile,
        source: &mut dyn Read,
        (now, random): (Timestamp, &dyn Random),
        fits: &mut dyn FnMut(FileReader) -> bool,
    ) -> Result<Attachment, StoreError> {
        self.read(|db| draft::shown(db, new.draft)?.ok_or(StoreError::NotFound))?;
        if self.is_read_only() {
            return Err(StoreError::ReadOnly);
        }
        let mut head = Vec::new();
        source.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        let image = image_in(&head, new.must_be_image)?;
        let most = if new.must_be_image {
            MAX_IMAGE_BYTES
        } else {
            MAX_FILE_BYTES
        };
        let _adding = self.inner.adding.read();
        let mut whole = head.as_slice().chain(source);
        let taken = files::take_in(&self.inner.files, &mut whole, most, random)
            .map_err(|why| not_taken(why, most))?;
        if !fits(self.inner.files.read(taken.b3, taken.size)?) {
            if self.read(|db| blob::get(db, taken.b3))?.is_none() {
                self.inner.files.remove(taken.b3)?;
            }
            return Err(FileRefusal::NotARecording.into());
        }
        let id = random::attachment_id(now, random);
        let image = image.filter(|_| taken.size <= MAX_IMAGE_BYTES);
        self.write(|work| {
            work.now = Some(now);
            let there = attachment::of_draft(work.db, new.draft)?;
            keep_taken(work, &taken, now)?;
            match there.into_iter().find(|file| file.b3 == taken.b3) {
                Some(there) => Ok(there),
                None => attach(work, &added(id, new, &taken, image), now),
            }
        })
    }

    /// Takes a file out of its draft. Its contents stay on this computer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the rules' refusal.
    pub fn remove_file(&self, id: AttachmentId, now: Timestamp) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.files = true;
            let held = attachment::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
            let remove = RemoveAttachment {
                id,
                draft: held.draft,
            };
            overlay::enqueue(work, held.draft, &Mutation::RemoveAttachment(remove), now)
        })
    }

    /// The files of a draft, or of all drafts.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn files(&self, of: Option<DraftId>) -> Result<Vec<AttachedFile>, StoreError> {
        self.read(|db| {
            let attachments = match of {
                Some(draft) => attachment::of_draft(db, draft)?,
                None => attachment::all_shown(db)?,
            };
            let with_blob = |attachment: Attachment| {
                let blob = blob::get(db, attachment.b3)?;
                Ok(AttachedFile {
                    here: blob.as_ref().map_or(Where::Away, |blob| blob.here),
                    is_on_server: blob.as_ref().is_none_or(|blob| blob.is_on_server),
                    is_kept: blob.is_some_and(|blob| blob.is_kept),
                    attachment,
                })
            };
            attachments.into_iter().map(with_blob).collect()
        })
    }

    /// What a file is by an attachment that uses it, with how it stands here.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no draft uses it.
    pub fn file(&self, b3: BlobHash) -> Result<AttachedFile, StoreError> {
        let attachment = self
            .read(|db| Ok(attachment::of_blob(db, b3)?.into_iter().next()))?
            .ok_or(StoreError::NotFound)?;
        let of_draft = self.files(Some(attachment.draft))?;
        of_draft
            .into_iter()
            .find(|file| file.attachment.b3 == b3)
            .ok_or(StoreError::NotFound)
    }

    /// Opens a file for reading; `None` when it is not here whole. One that cannot be read any
    /// more is put aside, and fetched anew if the server has it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn open_file(&self, b3: BlobHash) -> Result<Option<FileReader>, StoreError> {
        let known = self.read(|db| blob::get(db, b3))?;
        let Some(known) = known.filter(|blob| blob.here == Where::Whole) else {
            return Ok(None);
        };
        match self.inner.files.read(b3, known.size) {
            Ok(reader) => Ok(Some(reader)),
            Err(error) if is_damage(&error) => {
                tracing::error!(%error, "a file cannot be read");
                self.file_is_damaged(b3)?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A file was found not to be what was written: it is put aside, and wanted from the server if
    /// that has it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn file_is_damaged(&self, b3: BlobHash) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.files = true;
            if let Some(mut known) = blob::get(work.db, b3)? {
                known.here = Where::Away;
                known.is_wanted = known.is_on_server;
                blob::put(work.db, &known)?;
            }
            Ok(())
        })?;
        Ok(self.inner.files.set_aside(b3)?)
    }
}

/// What kind of image it is, if it is one; refused where it must be one.
pub(super) fn image_in(head: &[u8], must_be_image: bool) -> Result<Option<ImageHead>, FileRefusal> {
    match ImageHead::read(head) {
        Ok(image) => Ok(Some(image)),
        Err(ImageError::Unknown) if head.is_empty() => Err(FileRefusal::Empty),
        Err(why) if must_be_image => Err(FileRefusal::NotAnImage(why)),
        Err(_) => Ok(None),
    }
}

pub(super) fn not_taken(why: NotTaken, most: u64) -> StoreError {
    match why {
        NotTaken::Io(error) => error.into(),
        NotTaken::Empty => FileRefusal::Empty.into(),
        NotTaken::TooLarge => FileRefusal::TooLarge { limit: most }.into(),
    }
}

pub(super) fn added(
    id: AttachmentId,
    new: &NewFile,
    taken: &Taken,
    image: Option<ImageHead>,
) -> AddAttachment {
    let fallback = if image.is_some() { "image" } else { "file" };
    AddAttachment {
        id,
        draft: new.draft,
        b3: taken.b3,
        name: FileName::of(&new.name, fallback),
        media_type: image.map_or(MediaType::Bytes, |image| image.media_type),
        size: taken.size,
        width: image.map(|image| image.width),
        height: image.map(|image| image.height),
    }
}

/// Notes that a file is here whole, whatever was known of it before.
pub(super) fn keep_taken(
    work: &mut Work<'_>,
    taken: &Taken,
    now: Timestamp,
) -> Result<(), StoreError> {
    work.changed.files = true;
    let before = blob::get(work.db, taken.b3)?;
    blob::forget_parts(work.db, taken.b3)?;
    blob::put(
        work.db,
        &Blob {
            b3: taken.b3,
            size: taken.size,
            parts: taken.parts.clone(),
            here: Where::Whole,
            is_on_server: match &before {
                Some(before) => before.is_on_server,
                None => blob::is_in_base(work.db, taken.b3)?,
            },
            is_wanted: false,
            is_kept: before.is_some_and(|before| before.is_kept),
            used_at: now,
        },
    )
}

pub(super) fn attach(
    work: &mut Work<'_>,
    add: &AddAttachment,
    now: Timestamp,
) -> Result<Attachment, StoreError> {
    let mutation = Mutation::AddAttachment(add.clone());
    overlay::enqueue(work, add.draft, &mutation, now)?;
    attachment::shown(work.db, add.id)?.ok_or(StoreError::NotFound)
}

/// Whether a file is not what was written, or gone, rather than out of reach.
pub(super) fn is_damage(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::InvalidData
            | std::io::ErrorKind::UnexpectedEof
            | std::io::ErrorKind::NotFound
    )
}
