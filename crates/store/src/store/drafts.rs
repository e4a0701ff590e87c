//! The list of drafts, and every change to a draft but its text.

use rusqlite::Connection;
use stoa_domain::{ContentValues, DraftId, Kind, ListSort, SearchQuery, Timestamp, Title};
use stoa_mutators::{BinDraft, CreateDraft, DescribeDraft, Mutation, RenameDraft, RestoreDraft};

use super::deleting::use_files;
use super::{Store, Work, publishing, reviewing, text};
use crate::table::listing::Page;
use crate::table::tag::LazyBook;
use crate::table::{attachment, conflict, doc, draft, listing, meta, outbox};
use crate::{
    DraftFilter, DraftListPage, DraftListing, Random, Saved, StepKind, StoreError, merging,
    overlay, random, undo, writing,
};

const MOST_ON_A_PAGE: u32 = 200;
/// So many times at most something is tidied up before a search.
const TIDY_BEFORE_SEARCH: usize = 20;
/// Of so many drafts at once it is worked out what lists do not know of them.
const KNOWN_AT_ONCE: i64 = 500;

impl Store {
    /// A new article without a text.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was made then.
    pub fn create_draft(
        &self,
        title: Title,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        self.create_draft_of(Kind::Article, title, now, random)
    }

    /// A new draft of a kind, without a text, in one step.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was made then.
    pub fn create_draft_of(
        &self,
        kind: Kind,
        title: Title,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        let id = random::draft_id(now, random);
        self.write(|work| {
            create(work, id, title, now)?;
            if kind != Kind::default() {
                let values = ContentValues {
                    kind: Some(kind),
                    ..ContentValues::default()
                };
                let describe = Mutation::DescribeDraft(DescribeDraft { id, values });
                overlay::enqueue(work, id, &describe, now)?;
            }
            undo::keep(work, StepKind::Create, id, now)?;
            listing_of(work.db, id)
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
            listing_of(work.db, id)
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
            listing_of(work.db, copy)
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
        self.read(|db| listing_of(db, id))
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

    /// A page of drafts; with a query or a filter, of those that match.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn list_drafts(&self, list: &DraftFilter) -> Result<DraftListPage, StoreError> {
        let sort = self.ready_to_list(list)?;
        let limit = list.limit.clamp(1, MOST_ON_A_PAGE) as usize;
        self.read(|db| {
            // One more tells whether there is a next page.
            let page = page_of(db, (list, sort), limit + 1)?;
            let (mut places, n_total) = listing::page(db, &page)?;
            let has_more = places.len() > limit;
            places.truncate(limit);
            let book = LazyBook::new(db);
            let drafts = places
                .iter()
                .map(|place| listing_with(db, place.id, list.query.as_ref(), &book))
                .collect::<Result<_, _>>()?;
            let last = places.pop().filter(|_| has_more);
            Ok(DraftListPage {
                drafts,
                next: last.map(|place| place.key),
                n_total,
            })
        })
    }

    /// Brings up to date what a list needs; answers the order it can have. A store that is only
    /// read has the usual order where titles have no place yet.
    pub(super) fn ready_to_list(&self, list: &DraftFilter) -> Result<ListSort, StoreError> {
        let needs_all = list.sort == ListSort::Title || list.filter.is_changed;
        if self.is_read_only() {
            let is_unknown = needs_all && self.read(|db| listing::has_unknown(db))?;
            return Ok(match is_unknown {
                true => ListSort::default(),
                false => list.sort,
            });
        }
        if list.query.is_some() {
            self.tidy_before_search()?;
        }
        while needs_all && self.know_some()? {}
        Ok(list.sort)
    }

    /// Works out what lists do not know of some drafts; whether there were any.
    fn know_some(&self) -> Result<bool, StoreError> {
        if !self.read(|db| listing::has_unknown(db))? {
            return Ok(false);
        }
        self.write(|work| {
            let book = LazyBook::new(work.db);
            let is_changed = |id| match draft::shown(work.db, id)? {
                Some(shown) => publishing::is_changed(work.db, &shown, &book),
                None => Ok(false),
            };
            listing::know_some(work.db, KNOWN_AT_ONCE, is_changed)
        })
    }

    /// Merges some of the texts that a large pull left for later, or makes some drafts findable;
    /// to be called when nothing else is to be done, until it says that there is no more.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn tidy(&self) -> Result<bool, StoreError> {
        Ok(self.tidy_texts()? || self.know_some()?)
    }

    fn tidy_texts(&self) -> Result<bool, StoreError> {
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
            if !self.tidy_texts()? {
                break;
            }
        }
        Ok(())
    }
}

/// Which part of a list is read.
pub(super) fn page_of<'f>(
    db: &Connection,
    (list, sort): (&'f DraftFilter, ListSort),
    limit: usize,
) -> Result<Page<'f>, StoreError> {
    Ok(Page {
        shelf: list.shelf,
        now: list.now,
        query: list.query.as_ref(),
        filter: &list.filter,
        me: meta::link(db)?.map(|link| link.user),
        sort,
        after: list.after.clone(),
        limit,
    })
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
    listing_of(work.db, id)
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
    listing_of(work.db, id)
}

/// A draft as lists show it.
pub(super) fn listing_of(db: &Connection, id: DraftId) -> Result<DraftListing, StoreError> {
    listing_with(db, id, None, &LazyBook::new(db))
}

/// One of several; with a query, with the place that matched.
fn listing_with(
    db: &Connection,
    id: DraftId,
    query: Option<&SearchQuery>,
    book: &LazyBook<'_>,
) -> Result<DraftListing, StoreError> {
    let shown = draft::shown(db, id)?.ok_or(StoreError::NotFound)?;
    let summary = doc::summary(db, id)?;
    let is_changed = publishing::is_changed(db, &shown, book)?;
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
        author: shown.author,
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
