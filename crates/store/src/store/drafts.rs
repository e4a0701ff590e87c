//! The list of drafts, and every change to a draft but its text.

use rusqlite::Connection;
use stoa_domain::{DraftId, SearchQuery, Timestamp, Title};
use stoa_mutators::{BinDraft, CreateDraft, Mutation, RenameDraft, RestoreDraft};

use super::deleting::use_files;
use super::{Store, Work, publishing, reviewing, text};
use crate::table::listing::Page;
use crate::table::{attachment, conflict, doc, draft, listing, outbox};
use crate::{
    DraftFilter, DraftListPage, DraftListing, Random, Saved, StepKind, StoreError, merging,
    overlay, random, undo, writing,
};

const MOST_ON_A_PAGE: u32 = 200;
/// So many times at most something is tidied up before a search.
const TIDY_BEFORE_SEARCH: usize = 20;

impl Store {
    /// A new draft without a text.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was made then.
    pub fn create_draft(
        &self,
        title: Title,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        let id = random::draft_id(now, random);
        self.write(|work| {
            let listing = create(work, id, title, now)?;
            undo::keep(work, StepKind::Create, id, now)?;
            Ok(listing)
        })
    }

    /// A new draft with a text, in one step.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] and others; nothing was made then.
    pub fn import_draft(
        &self,
        title: Title,
        markdown: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        let id = random::draft_id(now, random);
        self.write(|work| {
            create(work, id, title, now)?;
            text::write_new(work, id, markdown, now, random)?;
            undo::keep(work, StepKind::Import, id, now)?;
            listing_of(work.db, id, None)
        })
    }

    /// A copy with the same text and another title.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] and others; nothing was made then.
    pub fn duplicate_draft(
        &self,
        id: DraftId,
        title: Title,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        let copy = random::draft_id(now, random);
        self.write(|work| {
            draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
            let markdown = merging::markdown(work.db, id)?;
            create(work, copy, title, now)?;
            text::write_new(work, copy, &markdown, now, random)?;
            let files = attachment::of_draft(work.db, id)?;
            use_files(work, (copy, &markdown), &files, now, random)?;
            undo::keep(work, StepKind::Duplicate, copy, now)?;
            listing_of(work.db, copy, None)
        })
    }

    /// Gives a draft another title.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn rename_draft(
        &self,
        id: DraftId,
        title: Title,
        now: Timestamp,
    ) -> Result<DraftListing, StoreError> {
        self.write(|work| {
            let shown = draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
            let was = Some(shown.title);
            let rename = Mutation::RenameDraft(RenameDraft { id, title, was });
            change(work, &rename, StepKind::Rename, (id, now))
        })
    }

    /// Puts a draft into the bin.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn bin_draft(&self, id: DraftId, now: Timestamp) -> Result<DraftListing, StoreError> {
        let bin = Mutation::BinDraft(BinDraft { id });
        self.change(id, &bin, StepKind::Bin, now)
    }

    /// Takes a draft out of the bin.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn restore_draft(&self, id: DraftId, now: Timestamp) -> Result<DraftListing, StoreError> {
        let restore = Mutation::RestoreDraft(RestoreDraft { id });
        self.change(id, &restore, StepKind::Restore, now)
    }

    pub(super) fn change(
        &self,
        id: DraftId,
        mutation: &Mutation,
        kind: StepKind,
        now: Timestamp,
    ) -> Result<DraftListing, StoreError> {
        self.write(|work| {
            draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
            change(work, mutation, kind, (id, now))
        })
    }

    /// One draft.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the disk's error.
    pub fn draft(&self, id: DraftId) -> Result<DraftListing, StoreError> {
        self.read(|db| listing_of(db, id, None))
    }

    /// The whole text of a draft.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the disk's error.
    pub fn markdown(&self, id: DraftId) -> Result<String, StoreError> {
        self.read(|db| {
            draft::shown(db, id)?.ok_or(StoreError::NotFound)?;
            merging::markdown(db, id)
        })
    }

    /// A page of drafts, newest first; with a query, of those that match.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn list_drafts(&self, filter: &DraftFilter) -> Result<DraftListPage, StoreError> {
        if filter.query.is_some() && !self.is_read_only() {
            self.tidy_before_search()?;
        }
        let limit = filter.limit.clamp(1, MOST_ON_A_PAGE) as usize;
        let page = Page {
            shelf: filter.shelf,
            now: filter.now,
            after: filter.after,
            // One more tells whether there is a next page.
            limit: limit + 1,
        };
        self.read(|db| {
            let (mut places, n_total) = match &filter.query {
                Some(query) => listing::search(db, &query.to_fts5(), page)?,
                None => listing::page(db, page)?,
            };
            let has_more = places.len() > limit;
            places.truncate(limit);
            let drafts = places
                .iter()
                .map(|place| listing_of(db, place.id, filter.query.as_ref()))
                .collect::<Result<_, _>>()?;
            Ok(DraftListPage {
                drafts,
                next: places.last().filter(|_| has_more).map(|place| place.key),
                n_total,
            })
        })
    }

    /// Merges some of the texts that a large pull left for later, or makes some drafts findable;
    /// to be called when nothing else is to be done, until it says that there is no more.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn tidy(&self) -> Result<bool, StoreError> {
        if self.merge_waiting_texts()? {
            return Ok(true);
        }
        if self.read(|db| doc::to_index(db, 1))?.is_empty() {
            return Ok(false);
        }
        self.write(|work| writing::index_some(work.db))
    }

    /// A search finds what was written a moment ago; after a first sync it does not wait for all.
    fn tidy_before_search(&self) -> Result<(), StoreError> {
        for _ in 0..TIDY_BEFORE_SEARCH {
            if !self.tidy()? {
                break;
            }
        }
        Ok(())
    }
}

/// A change to one draft that is one step.
pub(super) fn change(
    work: &mut Work<'_>,
    mutation: &Mutation,
    kind: StepKind,
    (id, now): (DraftId, Timestamp),
) -> Result<DraftListing, StoreError> {
    overlay::enqueue(work, id, mutation, now)?;
    undo::keep(work, kind, id, now)?;
    writing::index_if_small(work.db, id)?;
    listing_of(work.db, id, None)
}

pub(super) fn create(
    work: &mut Work<'_>,
    id: DraftId,
    title: Title,
    now: Timestamp,
) -> Result<DraftListing, StoreError> {
    overlay::enqueue(
        work,
        id,
        &Mutation::CreateDraft(CreateDraft { id, title }),
        now,
    )?;
    writing::index_if_small(work.db, id)?;
    listing_of(work.db, id, None)
}

/// A draft as lists show it; with a query, with the place that matched.
pub(super) fn listing_of(
    db: &Connection,
    id: DraftId,
    query: Option<&SearchQuery>,
) -> Result<DraftListing, StoreError> {
    let shown = draft::shown(db, id)?.ok_or(StoreError::NotFound)?;
    let summary = doc::summary(db, id)?;
    let is_changed = publishing::is_changed(db, &shown)?;
    let hit = match query {
        Some(query) => writing::excerpt_at_hit(&merging::markdown(db, id)?, query),
        None => None,
    };
    Ok(DraftListing {
        id,
        title: shown.title.into(),
        excerpt: hit.unwrap_or(summary.excerpt),
        n_words: summary.n_words,
        created_at: shown.created_at,
        edited_at: shown.edited_at,
        binned_at: shown.binned_at,
        is_changed,
        review: reviewing::badge(db, &shown.reviews)?,
        course: shown.lesson.map(|lesson| lesson.course),
        content: shown.content,
        post: shown.post.map(|post| *post),
        archived_at: shown.archived_at,
        saved: match conflict::is_open(db, id)? {
            true => Saved::NeedsAttention,
            false => outbox::saved(db, id)?,
        },
    })
}
