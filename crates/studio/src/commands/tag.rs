//! Tags with their synonyms, and renaming one everywhere.

use stoa_domain::Tag;
use stoa_ipc::{
    ChangeSynonyms, Event, Failure, ListTags, RenameTag, SynonymsChanged, TagCount, TagInfo,
    TagList, TagProgress, TagRenamed,
};
use stoa_store::{MOST_CHANGED, Store, StoreError, TagRename, TagShown};

use crate::studio::Studio;

/// The most tags that are told of, apart from those that have synonyms.
const MOST_TAGS: usize = 2_000;

pub(super) async fn list_tags(studio: &Studio, _: ListTags) -> Result<TagList, Failure> {
    let now = studio.now();
    studio
        .ask(move |store| {
            let may_change = !store.is_read_only() && store.actor(now)?.role.keeps_tags();
            let tags = store.tags()?;
            Ok::<_, StoreError>(TagList {
                n_total: tags.len() as u64,
                tags: told(tags).map(info).collect(),
                may_change,
            })
        })
        .await
}

fn told(tags: Vec<TagShown>) -> impl Iterator<Item = TagShown> {
    let numbered = tags.into_iter().enumerate();
    numbered
        .filter(|(n, tag)| *n < MOST_TAGS || !tag.synonyms.is_empty())
        .map(|(_, tag)| tag)
}

fn info(tag: TagShown) -> TagInfo {
    let written = tag.written.into_iter();
    TagInfo {
        name: tag.name,
        n: tag.n,
        synonyms: tag.synonyms,
        written: written.map(|(tag, n)| TagCount { tag, n }).collect(),
    }
}

pub(super) async fn change_synonyms(
    studio: &Studio,
    request: ChangeSynonyms,
) -> Result<SynonymsChanged, Failure> {
    let ChangeSynonyms { tag, add, remove } = request;
    let change = stoa_mutators::ChangeSynonyms { tag, add, remove };
    let now = studio.now();
    let n = studio
        .ask(move |store| store.change_synonyms(change, now))
        .await?;
    Ok(SynonymsChanged { n })
}

pub(super) async fn rename_tag(studio: &Studio, request: RenameTag) -> Result<TagRenamed, Failure> {
    let RenameTag { from, into, keep } = request;
    let n_total = n_to_rename(studio, from.clone()).await?;
    if n_total > MOST_CHANGED as u64 {
        return Err(Failure::field("tag", "tag-too-common"));
    }
    let rename = TagRename { from, into, keep };
    let now = studio.now();
    let mut so_far = None;
    loop {
        let (rename, before) = (rename.clone(), so_far.take());
        let part = move |store: &Store| store.rename_tag(&rename, before, now);
        let renamed = studio.ask(part).await?;
        let n_left = renamed.left.len() as u64;
        let n_done = renamed.n_changed + n_left;
        if renamed.is_done() {
            return Ok(TagRenamed {
                n_changed: renamed.n_changed,
                can_undo: renamed.step.is_some(),
                n_left,
            });
        }
        studio.emit(Event::TagProgress(TagProgress { n_done, n_total }));
        so_far = Some(renamed);
    }
}

async fn n_to_rename(studio: &Studio, from: Tag) -> Result<u64, Failure> {
    studio.ask(move |store| store.n_to_rename(&from)).await
}
