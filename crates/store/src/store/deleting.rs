//! Deleting drafts for good, and what a person makes of work on a draft that somebody else
//! deleted.

use stoa_domain::{Attachment, DraftId, Timestamp, Title};
use stoa_mutators::{AddAttachment, Mutation, RejectCode};

use super::drafts::{create, listing_of};
use super::fetch::unknown;
use super::{Store, Work, settle, text};
use crate::table::draft_kept::{self, KeptDraft};
use crate::table::outbox::{self, Entry};
use crate::table::{attachment, blob, draft, history, listing};
use crate::{
    ChangeKind, ChangeText, DraftListing, HistoryEntry, HistoryKind, KeptWork, Random, StepKind,
    StoreError, deletion, merging, overlay, random, undo,
};

impl Store {
    /// Deletes drafts in the bin for good, with their texts and files, in one step; all of them or
    /// none. One that the server never heard of is gone at once. Others go when the server has
    /// taken the change, and stay where somebody else has changed them since.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or [`StoreError::Rejected`] for a draft that is not in the bin or
    /// may not be deleted; nothing was deleted then.
    pub fn delete_drafts(&self, ids: &[DraftId], now: Timestamp) -> Result<(), StoreError> {
        self.write(|work| {
            work.now = Some(now);
            for id in ids {
                delete(work, *id, now)?;
            }
            ids.first().map_or(Ok(()), |first| {
                undo::keep(work, StepKind::Delete, *first, now)
            })
        })
    }

    /// Deletes every draft in the bin for good that this role may delete, in one step; answers how
    /// many went and how many stayed.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was deleted then.
    pub fn empty_bin(&self, now: Timestamp) -> Result<(u64, u64), StoreError> {
        self.write(|work| {
            work.now = Some(now);
            let (mut gone, mut n_left) = (Vec::new(), 0);
            for id in listing::in_bin(work.db)? {
                match delete(work, id, now) {
                    Ok(()) => gone.push(id),
                    Err(StoreError::Rejected(_)) => n_left += 1,
                    Err(error) => return Err(error),
                }
            }
            if let Some(first) = gone.first() {
                undo::keep(work, StepKind::Delete, *first, now)?;
            }
            Ok((gone.len() as u64, n_left))
        })
    }

    /// The drafts that were deleted elsewhere while work of this computer waited, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn kept_work(&self) -> Result<Vec<KeptWork>, StoreError> {
        let kept = self.read(|db| draft_kept::all(db))?;
        let told = |kept: KeptDraft| KeptWork {
            draft: kept.draft,
            title: kept.title,
            markdown: kept.markdown,
            at: kept.at,
        };
        Ok(kept.into_iter().map(told).collect())
    }

    /// Makes a new draft of one that was deleted elsewhere while work of this computer waited, as
    /// it was here, and ends what waited.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such work, [`StoreError::UnderWay`] while some of
    /// it was sent and is not answered.
    pub fn keep_as_new(
        &self,
        id: DraftId,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        let new = random::draft_id(now, random);
        self.write(|work| {
            work.now = Some(now);
            let kept = kept_or_refused(work, id, now)?;
            let title = Title::parse(&kept.title).unwrap_or_default();
            create(work, new, title, now)?;
            text::write_new(work, new, &kept.markdown, now, random)?;
            use_files(work, (new, &kept.markdown), &kept.files, now, random)?;
            undo::keep(work, StepKind::Import, new, now)?;
            end_work(work, id, now)?;
            listing_of(work.db, new)
        })
    }
}

fn delete(work: &mut Work<'_>, id: DraftId, now: Timestamp) -> Result<(), StoreError> {
    let change = deletion::of_shown(work.db, id)?;
    let prepared = overlay::prepare(work.db, id, &change, now)?;
    let entries = outbox::of_draft(work.db, id)?;
    let is_unknown = draft::base(work.db, id)?.is_none();
    if !is_unknown || entries.iter().any(|entry| entry.was_sent) {
        return overlay::put(work, &prepared);
    }
    for entry in &entries {
        settle(work, entry, now)?;
    }
    work.changed.outbox = true;
    blob::release_all(work.db, &attachment::blobs_of_draft(work.db, id)?, now)?;
    deletion::forget(work, id)
}

/// What is kept of a draft, or what is shown of one that the server says is deleted before it has
/// taken it away.
fn kept_or_refused(work: &Work<'_>, id: DraftId, now: Timestamp) -> Result<KeptDraft, StoreError> {
    if let Some(kept) = draft_kept::get(work.db, id)? {
        return Ok(kept);
    }
    let is_deleted = |entry: &Entry| entry.code.as_deref() == Some(RejectCode::Deleted.as_str());
    let shown = draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
    let entries = outbox::of_draft(work.db, id)?;
    if !entries.iter().any(is_deleted) {
        return Err(StoreError::NotFound);
    }
    Ok(KeptDraft {
        draft: id,
        title: deletion::own_title(&entries).unwrap_or(shown.title.into()),
        markdown: merging::markdown(work.db, id)?,
        files: attachment::of_draft(work.db, id)?,
        at: now,
    })
}

/// Ends what waited of a draft that was deleted; answers what that was.
fn end_work(work: &mut Work<'_>, id: DraftId, now: Timestamp) -> Result<Vec<Entry>, StoreError> {
    let entries = outbox::of_draft(work.db, id)?;
    for entry in &entries {
        settle(work, entry, now)?;
    }
    if let Some(kept) = draft_kept::get(work.db, id)? {
        let files: Vec<_> = kept.files.iter().map(|file| file.b3).collect();
        blob::release_all(work.db, &files, now)?;
        draft_kept::delete(work.db, id)?;
    }
    work.changed.outbox = true;
    work.changed.drafts.insert(id);
    overlay::rebuild(work, id)?;
    Ok(entries)
}

/// Gives up the work on a draft that was deleted elsewhere; whether there was any. The text stays
/// in the history.
pub(super) fn give_up(
    work: &mut Work<'_>,
    id: DraftId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(kept) = draft_kept::get(work.db, id)? else {
        return Ok(false);
    };
    end_work(work, id, now)?;
    let line = HistoryEntry {
        at: now,
        kind: HistoryKind::Discarded,
        n: 1,
        text: Some(ChangeText {
            kind: ChangeKind::Write,
            title: kept.title,
        }),
        kept_markdown: (!kept.markdown.is_empty()).then_some(kept.markdown),
    };
    history::add(work.db, &line)?;
    Ok(true)
}

/// Has a draft use those of the files that its text shows.
pub(super) fn use_files(
    work: &mut Work<'_>,
    (id, markdown): (DraftId, &str),
    files: &[Attachment],
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), StoreError> {
    for file in files {
        if !markdown.contains(&format!("attachment:{}", file.b3)) {
            continue;
        }
        if blob::get(work.db, file.b3)?.is_none() {
            // It was never wanted here; the server has it.
            blob::put(work.db, &unknown(file.b3, file.size, now))?;
        }
        let add = AddAttachment {
            id: random::attachment_id(now, random),
            draft: id,
            b3: file.b3,
            name: file.name.clone(),
            media_type: file.media_type,
            size: file.size,
            width: file.width,
            height: file.height,
        };
        work.changed.files = true;
        overlay::enqueue(work, id, &Mutation::AddAttachment(add), now)?;
    }
    Ok(())
}
