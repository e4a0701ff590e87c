//! What a draft is to become, and its way to members and back.

use rusqlite::Connection;
use stoa_domain::{Content, ContentValues, Draft, DraftId, Shelf, Timestamp};
use stoa_mutators::{
    ArchiveDraft, DescribeDraft, Mutation, PublishPost, UnarchiveDraft, WithdrawPost,
};

use super::drafts::change;
use super::versions::{merge_what_waits, present, read_point};
use super::{Store, Work};
use crate::table::tag::LazyBook;
use crate::table::{draft, listing};
use crate::{DraftListing, StepKind, StoreError, deletion, merging};

/// When a post is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PublishAt {
    /// From when on members see it; absent for at once.
    pub live_at: Option<Timestamp>,
    /// It is not wanted any more when the server hears of it later than this.
    pub unless_after: Option<Timestamp>,
}

impl Store {
    /// Gives some of what a draft is to become another value.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn describe_draft(
        &self,
        id: DraftId,
        values: ContentValues,
        now: Timestamp,
    ) -> Result<DraftListing, StoreError> {
        let describe = Mutation::DescribeDraft(DescribeDraft { id, values });
        self.change(id, &describe, StepKind::Describe, now)
    }

    /// Offers a draft to members as it is shown now.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn publish(
        &self,
        id: DraftId,
        at: PublishAt,
        now: Timestamp,
    ) -> Result<DraftListing, StoreError> {
        self.write(|work| {
            merge_what_waits(work, id, now)?;
            let publish = Mutation::PublishPost(as_shown(work, id, at)?);
            change(work, &publish, StepKind::Publish, (id, now))
        })
    }

    /// Takes a post back from members.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none, and others; nothing was changed then.
    pub fn withdraw(&self, id: DraftId, now: Timestamp) -> Result<DraftListing, StoreError> {
        self.write(|work| {
            let shown = draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
            let version = shown.post.ok_or(StoreError::NotFound)?.version;
            let withdraw = Mutation::WithdrawPost(WithdrawPost { id, version });
            change(work, &withdraw, StepKind::Withdraw, (id, now))
        })
    }

    /// Puts a draft away.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn archive_draft(&self, id: DraftId, now: Timestamp) -> Result<DraftListing, StoreError> {
        let archive = Mutation::ArchiveDraft(ArchiveDraft { id });
        self.change(id, &archive, StepKind::Archive, now)
    }

    /// Takes a draft back to the others.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn unarchive_draft(&self, id: DraftId, now: Timestamp) -> Result<DraftListing, StoreError> {
        let unarchive = Mutation::UnarchiveDraft(UnarchiveDraft { id });
        self.change(id, &unarchive, StepKind::Unarchive, now)
    }

    /// The text of a post as it was published.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none or its text is not on this computer yet.
    pub fn published_text(&self, id: DraftId) -> Result<String, StoreError> {
        self.read(|db| {
            let shown = draft::shown(db, id)?.ok_or(StoreError::NotFound)?;
            let post = shown.post.ok_or(StoreError::NotFound)?;
            let point = read_point(&post.text_at).ok_or(StoreError::NotFound)?;
            merging::text_at(db, id, &point)
        })
    }

    /// How many drafts are on each shelf, by the clock of this computer.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn count_shelves(&self, now: Timestamp) -> Result<Vec<(Shelf, u64)>, StoreError> {
        self.read(|db| {
            Shelf::ALL
                .into_iter()
                .map(|shelf| Ok((shelf, listing::count(db, shelf, now)?)))
                .collect()
        })
    }
}

pub(super) fn as_shown(
    work: &mut Work<'_>,
    id: DraftId,
    at: PublishAt,
) -> Result<PublishPost, StoreError> {
    let shown = draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
    Ok(PublishPost {
        id,
        over: shown.post.map_or(0, |post| post.version),
        title: shown.title,
        content: shown.content,
        parts: deletion::seen_parts(work.db, id)?,
        text_at: present(work, id)?,
        live_at: at.live_at,
        unless_after: at.unless_after,
        is_guarded: true,
    })
}

/// Whether a draft is not as it was published.
pub(super) fn is_changed(
    db: &Connection,
    draft: &Draft,
    book: &LazyBook<'_>,
) -> Result<bool, StoreError> {
    let Some(post) = &draft.post else {
        return Ok(false);
    };
    Ok(post.title != draft.title
        || !are_alike(&post.content, &draft.content, book)?
        || post.parts != deletion::seen_parts(db, draft.id)?)
}

/// Whether members see the same of both: another word for a tag is the same tag.
fn are_alike(one: &Content, other: &Content, book: &LazyBook<'_>) -> Result<bool, StoreError> {
    if one == other || one.tags == other.tags {
        return Ok(one == other);
    }
    let with_tags = Content {
        tags: one.tags.clone(),
        ..other.clone()
    };
    if with_tags != *one {
        return Ok(false);
    }
    let book = book.get()?;
    let [one, other] = [one, other].map(|content| book.canonical_each(content.tags.as_slice()));
    Ok(one == other)
}
