//! What lists are narrowed by, changes to many drafts at once, and lists kept under a name.

use std::collections::BTreeMap;

use stoa_domain::{SavedView, SearchQuery, Tag, TierKey};
use stoa_ipc::{
    AuthorCount, ChangeDrafts, ChangeView, DeleteView, DraftsChange, DraftsChanged, DraftsMeant,
    ErrorCode, Facets, Failure, GetFacets, LeftDrafts, ListViews, MeantList, PutBackView, SaveView,
    TagFacet,
};
use stoa_store::{BulkChange, DraftFilter, LeftOut, Store, StoreError, Which};

use crate::studio::Studio;

/// So many titles of drafts that were left are told for each reason.
const TOLD_TITLES: usize = 5;

/// A list as the store knows it. `None` where the words are only punctuation: nothing can match,
/// and everything would be wrong.
pub(super) fn meant(studio: &Studio, list: MeantList) -> Result<Option<DraftFilter>, Failure> {
    if !list.filter.is_sound() {
        return Err(Failure::field("filter", "too-many"));
    }
    let query = SearchQuery::parse(&list.query);
    if query.is_none() && !list.query.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(DraftFilter {
        query,
        shelf: list.shelf,
        filter: list.filter,
        now: studio.now(),
        ..DraftFilter::default()
    }))
}

pub(super) async fn get_facets(studio: &Studio, _: GetFacets) -> Result<Facets, Failure> {
    let facets_and_book = |store: &Store| Ok::<_, StoreError>((store.facets()?, store.tag_book()?));
    let (found, book) = studio.ask(facets_and_book).await?;
    let presets = TierKey::PRESETS.into_iter().map(str::to_owned);
    let others = found.tiers.into_iter().map(|(tier, _)| tier);
    let mut tiers = Vec::new();
    for tier in presets.chain(others) {
        tiers.extend(TierKey::parse(&tier).ok().filter(|t| !tiers.contains(t)));
    }
    let tags = found.tags.into_iter().filter_map(|(tag, n)| {
        let tag = Tag::parse(&tag).ok()?;
        let entry = book.entry(&tag.folded());
        let synonyms = entry.map_or_else(Vec::new, |entry| entry.synonyms.clone());
        Some(TagFacet { tag, n, synonyms })
    });
    let me = found.me;
    let authors = found.authors.into_iter().map(|(id, name, n)| AuthorCount {
        id,
        name,
        is_me: me == Some(id),
        n,
    });
    Ok(Facets {
        tags: tags.collect(),
        tiers,
        authors: authors.collect(),
    })
}

pub(super) async fn change_drafts(
    studio: &Studio,
    request: ChangeDrafts,
) -> Result<DraftsChanged, Failure> {
    let change = change_of(request.change)?;
    let which = match request.which {
        DraftsMeant::These(ids) => Which::These(ids),
        DraftsMeant::All(list) => match meant(studio, list)? {
            Some(list) => Which::All(Box::new(list)),
            None => return Ok(DraftsChanged::default()),
        },
    };
    let now = studio.now();
    let done = studio
        .ask(move |store| told(store, store.change_drafts(&which, &change, now)))
        .await;
    done.map_err(|failure| match failure.code {
        ErrorCode::TooLarge => Failure::field("which", "too-many-drafts"),
        _ => failure,
    })
}

fn change_of(change: DraftsChange) -> Result<BulkChange, Failure> {
    Ok(match change {
        DraftsChange::Archive => BulkChange::Archive,
        DraftsChange::Unarchive => BulkChange::Unarchive,
        DraftsChange::Bin => BulkChange::Bin,
        DraftsChange::Restore => BulkChange::Restore,
        DraftsChange::AddTag(tag) => BulkChange::AddTag(tag),
        DraftsChange::RemoveTag(tag) => BulkChange::RemoveTag(tag),
        DraftsChange::SetAccess(access) if access.is_sound() => BulkChange::SetAccess(access),
        DraftsChange::SetAccess(_) => return Err(Failure::field("access", "invalid")),
    })
}

/// What was done, with the drafts that were left by reason and title.
fn told(
    store: &Store,
    done: Result<stoa_store::BulkDone, StoreError>,
) -> Result<DraftsChanged, StoreError> {
    let done = done?;
    let mut left: BTreeMap<LeftOut, LeftDrafts> = BTreeMap::new();
    for (id, why) in done.left {
        let drafts = left.entry(why).or_insert_with(|| LeftDrafts {
            reason: why.as_str().to_owned(),
            n: 0,
            titles: Vec::new(),
        });
        drafts.n += 1;
        if why != LeftOut::Gone && drafts.titles.len() < TOLD_TITLES {
            drafts.titles.push(store.draft(id)?.title);
        }
    }
    Ok(DraftsChanged {
        n_changed: done.n_changed,
        n_same: done.n_same,
        left: left.into_values().collect(),
    })
}

pub(super) async fn list_views(studio: &Studio, _: ListViews) -> Result<Vec<SavedView>, Failure> {
    studio.ask(Store::views).await
}

pub(super) async fn save_view(
    studio: &Studio,
    request: SaveView,
) -> Result<Vec<SavedView>, Failure> {
    if !request.look.filter.is_sound() {
        return Err(Failure::field("filter", "too-many"));
    }
    let SaveView { name, look } = request;
    let saved = studio.ask(move |store| store.save_view(name, look)).await?;
    if saved.is_none() {
        return Err(Failure::field("view", "too-many-views"));
    }
    studio.ask(Store::views).await
}

pub(super) async fn change_view(
    studio: &Studio,
    request: ChangeView,
) -> Result<Vec<SavedView>, Failure> {
    let ChangeView { id, name, look } = request;
    if look.as_ref().is_some_and(|look| !look.filter.is_sound()) {
        return Err(Failure::field("filter", "too-many"));
    }
    studio
        .ask(move |store| {
            store.change_view(id, name, look)?;
            store.views()
        })
        .await
}

pub(super) async fn delete_view(
    studio: &Studio,
    request: DeleteView,
) -> Result<Vec<SavedView>, Failure> {
    studio
        .ask(move |store| {
            store.delete_view(request.id)?;
            store.views()
        })
        .await
}

pub(super) async fn put_back_view(
    studio: &Studio,
    request: PutBackView,
) -> Result<Vec<SavedView>, Failure> {
    let PutBackView { view, at } = request;
    let is_there = studio
        .ask(move |store| store.put_back_view(view, at))
        .await?;
    if !is_there {
        return Err(Failure::field("view", "too-many-views"));
    }
    studio.ask(Store::views).await
}
