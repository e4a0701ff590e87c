//! One change to many drafts at once, which is one step.

use rusqlite::Connection;
use stoa_domain::{ContentValues, Draft, DraftId, Tag, TagBook, Tags, Timestamp};
use stoa_mutators::{
    ArchiveDraft, BinDraft, DescribeDraft, Mutation, Reject, RejectCode, RestoreDraft,
    UnarchiveDraft,
};

use super::drafts::page_of;
use super::{Store, Work};
use crate::table::{draft, listing, meta, person, tag};
use crate::{
    BulkChange, BulkDone, DraftFilter, Facets, LeftOut, MOST_CHANGED, StepKind, StoreError, Which,
    overlay, undo,
};

/// The most tags that are told of.
const MOST_NAMES: usize = 500;
/// The most tiers that are told of.
const MOST_TIERS: i64 = 500;

/// What becomes of one of many drafts.
enum One {
    Changed,
    Same,
    Left(LeftOut),
}

impl Store {
    /// Does the same to many drafts in one step. Those that the rules keep from it are left and
    /// told; of the others all are changed or, where the disk fails, none.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for more than [`MOST_CHANGED`], and others; nothing was changed
    /// then.
    pub fn change_drafts(
        &self,
        which: &Which,
        change: &BulkChange,
        now: Timestamp,
    ) -> Result<BulkDone, StoreError> {
        if let Which::All(list) = which {
            self.ready_to_list(list)?;
        }
        self.write(|work| {
            work.now = Some(now);
            let ids = drafts_of(work, which)?;
            if ids.len() > MOST_CHANGED {
                return Err(StoreError::TooLarge {
                    limit: MOST_CHANGED,
                });
            }
            let (mut done, mut first) = (BulkDone::default(), None);
            let book = tag::book(work.db)?;
            for id in ids {
                match change_one(work, id, (change, &book), now)? {
                    One::Changed => {
                        done.n_changed += 1;
                        first = first.or(Some(id));
                    }
                    One::Same => done.n_same += 1,
                    One::Left(why) => done.left.push((id, why)),
                }
            }
            if let Some(first) = first {
                undo::keep(work, step_of(change), first, now)?;
            }
            Ok(done)
        })
    }

    /// What drafts can be narrowed by.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn facets(&self) -> Result<Facets, StoreError> {
        self.read(|db| {
            let mut authors = Vec::new();
            for (id, n) in listing::authors(db)? {
                let name = person::find(db, id)?.map(|person| person.name);
                authors.push((id, name.unwrap_or_default(), n));
            }
            Ok(Facets {
                tags: tags_by_meaning(db)?,
                tiers: listing::marks_named(db, listing::Mark::Tier, MOST_TIERS)?,
                authors,
                me: meta::link(db)?.map(|link| link.user),
            })
        })
    }
}

/// The tags that drafts have, synonyms counted as their tags, the most used first.
fn tags_by_meaning(db: &Connection) -> Result<Vec<(String, u64)>, StoreError> {
    let book = tag::book(db)?;
    let mut tags = Vec::new();
    for (key, found) in listing::by_meaning(db, &book)? {
        let spelled = found.spellings.into_iter().next().map(|(name, _)| name);
        let name = match book.entry(&key) {
            Some(entry) => entry.name.as_str().to_owned(),
            None => spelled.unwrap_or(key),
        };
        tags.push((name, found.n));
    }
    tags.sort_by(|(one, n), (other, m)| m.cmp(n).then_with(|| one.cmp(other)));
    tags.truncate(MOST_NAMES);
    Ok(tags)
}

/// The drafts, each once.
fn drafts_of(work: &Work<'_>, which: &Which) -> Result<Vec<DraftId>, StoreError> {
    match which {
        Which::These(ids) => {
            let mut seen = std::collections::HashSet::new();
            Ok(ids.iter().copied().filter(|id| seen.insert(*id)).collect())
        }
        Which::All(list) => {
            let list = DraftFilter {
                after: None,
                ..(**list).clone()
            };
            let page = page_of(work.db, (&list, list.sort), MOST_CHANGED + 1)?;
            listing::all(work.db, &page)
        }
    }
}

fn change_one(
    work: &mut Work<'_>,
    id: DraftId,
    (change, book): (&BulkChange, &TagBook),
    now: Timestamp,
) -> Result<One, StoreError> {
    let Some(shown) = draft::shown(work.db, id)? else {
        return Ok(One::Left(LeftOut::Gone));
    };
    let mutation = match mutation_of(change, book, &shown) {
        Ok(Some(mutation)) => mutation,
        Ok(None) => return Ok(One::Same),
        Err(why) => return Ok(One::Left(why)),
    };
    match overlay::enqueue(work, id, &mutation, now) {
        Ok(()) => Ok(One::Changed),
        Err(StoreError::Rejected(reject)) => match left_out(&reject) {
            Some(why) => Ok(One::Left(why)),
            None => Err(StoreError::Rejected(reject)),
        },
        Err(error) => Err(error),
    }
}

fn left_out(reject: &Reject) -> Option<LeftOut> {
    match (reject.code, reject.field.as_deref()) {
        (RejectCode::NotAllowed, _) => Some(LeftOut::NotAllowed),
        (RejectCode::NotFound | RejectCode::Deleted, _) => Some(LeftOut::Gone),
        (RejectCode::Invalid, Some("post")) => Some(LeftOut::Published),
        _ => None,
    }
}

/// What changes a draft; `None` where it is like that already.
fn mutation_of(
    change: &BulkChange,
    book: &TagBook,
    shown: &Draft,
) -> Result<Option<Mutation>, LeftOut> {
    let id = shown.id;
    let is_binned = shown.binned_at.is_some();
    if is_binned && !matches!(change, BulkChange::Bin | BulkChange::Restore) {
        return Err(LeftOut::WrongShelf);
    }
    Ok(match change {
        BulkChange::Archive => shown
            .archived_at
            .is_none()
            .then_some(Mutation::ArchiveDraft(ArchiveDraft { id })),
        BulkChange::Unarchive => shown
            .archived_at
            .is_some()
            .then_some(Mutation::UnarchiveDraft(UnarchiveDraft { id })),
        BulkChange::Bin => (!is_binned).then_some(Mutation::BinDraft(BinDraft { id })),
        BulkChange::Restore => is_binned.then_some(Mutation::RestoreDraft(RestoreDraft { id })),
        BulkChange::AddTag(tag) => with_tag(book, shown, tag)?,
        BulkChange::RemoveTag(tag) => without_tag(book, shown, tag),
        BulkChange::SetAccess(access) => (shown.content.access != *access).then(|| {
            let values = ContentValues {
                access: Some(access.clone()),
                ..ContentValues::default()
            };
            describe(id, values)
        }),
    })
}

/// Another word for the same tag is enough.
fn with_tag(book: &TagBook, shown: &Draft, tag: &Tag) -> Result<Option<Mutation>, LeftOut> {
    let mut tags = shown.content.tags.as_slice().to_vec();
    if book.has(&tags, &book.key(&tag.folded())) {
        return Ok(None);
    }
    tags.push(tag.clone());
    let tags = Tags::new(tags).map_err(|_| LeftOut::TooManyTags)?;
    Ok(Some(describe(shown.id, of_tags(tags))))
}

fn without_tag(book: &TagBook, shown: &Draft, tag: &Tag) -> Option<Mutation> {
    let mut tags = shown.content.tags.as_slice().to_vec();
    let n = tags.len();
    let key = book.key(&tag.folded());
    tags.retain(|other| book.key(&other.folded()) != key);
    let is_less = tags.len() < n;
    // Fewer than there were are never too many.
    let tags = Tags::new(tags).ok().filter(|_| is_less)?;
    Some(describe(shown.id, of_tags(tags)))
}

fn of_tags(tags: Tags) -> ContentValues {
    ContentValues {
        tags: Some(tags),
        ..ContentValues::default()
    }
}

fn describe(id: DraftId, values: ContentValues) -> Mutation {
    Mutation::DescribeDraft(DescribeDraft { id, values })
}

fn step_of(change: &BulkChange) -> StepKind {
    match change {
        BulkChange::Archive => StepKind::Archive,
        BulkChange::Unarchive => StepKind::Unarchive,
        BulkChange::Bin => StepKind::Bin,
        BulkChange::Restore => StepKind::Restore,
        BulkChange::AddTag(_) | BulkChange::RemoveTag(_) | BulkChange::SetAccess(_) => {
            StepKind::Describe
        }
    }
}
