//! The book of tags: which words mean the same, and renaming a tag wherever it is written.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use stoa_domain::{
    ContentValues, Draft, DraftId, Tag, TagBook, TagEntry, TagId, Tags, Timestamp, fold,
};
use stoa_mutators::{ChangeSynonyms, DescribeDraft, MoveTag, Mutation, RejectCode};

use super::{Store, Work};
use crate::table::outbox::Entry;
use crate::table::{draft, listing, tag};
use crate::{
    StepKind, StoreError, TagRename, TagRenamed, TagShown, TagsImported, TakenWord, overlay, undo,
};

/// So many drafts are renamed in one transaction: in between others write.
const RENAMED_AT_ONCE: i64 = 200;

impl Store {
    /// Which words mean the same.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn tag_book(&self) -> Result<TagBook, StoreError> {
        self.read(|db| tag::book(db))
    }

    /// Every tag that a draft has or that has synonyms, those of most drafts first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn tags(&self) -> Result<Vec<TagShown>, StoreError> {
        self.read(|db| {
            let book = tag::book(db)?;
            let mut written = listing::by_meaning(db, &book)?;
            let mut tags = Vec::new();
            for entry in book.entries() {
                let found = written.remove(&entry.name.folded()).unwrap_or_default();
                tags.push(TagShown {
                    name: entry.name.clone(),
                    n: found.n,
                    synonyms: entry.synonyms.clone(),
                    written: tags_of(found.spellings),
                });
            }
            for found in written.into_values() {
                let written = tags_of(found.spellings);
                if let Some((name, _)) = written.first() {
                    tags.push(TagShown {
                        name: name.clone(),
                        n: found.n,
                        synonyms: Vec::new(),
                        written,
                    });
                }
            }
            tags.sort_by(|one, other| {
                let by_name = || one.name.as_str().cmp(other.name.as_str());
                other.n.cmp(&one.n).then_with(by_name)
            });
            Ok(tags)
        })
    }

    /// Gives a tag other words, or takes some from it, in one step; how many it has gained or lost.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] where a word belongs to another tag, and others; nothing was changed
    /// then.
    pub fn change_synonyms(
        &self,
        change: ChangeSynonyms,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.write(|work| {
            let id = change.tag.id();
            let before = synonyms_of(work.db, id)?;
            let mutation = Mutation::ChangeSynonyms(change);
            put_if_it_changes(work, &mutation, now)?;
            undo::keep(work, StepKind::TagSynonyms, tag::subject(), now)?;
            let after = synonyms_of(work.db, id)?;
            Ok(before.symmetric_difference(&after).count() as u64)
        })
    }

    /// Renames a tag wherever it is written, in the book and in some of the drafts; to be called
    /// with what it has answered until that is done. All of it is one step.
    ///
    /// # Errors
    /// [`StoreError::Rejected`] where the new name belongs to another tag, and others. What was
    /// done before stays, and the step takes it back.
    pub fn rename_tag(
        &self,
        rename: &TagRename,
        so_far: Option<TagRenamed>,
        now: Timestamp,
    ) -> Result<TagRenamed, StoreError> {
        self.write(|work| {
            work.now = Some(now);
            let mut done = match so_far {
                Some(so_far) => so_far,
                None => {
                    move_entry(work, rename, now)?;
                    TagRenamed::default()
                }
            };
            rename_some(work, rename, &mut done, now)?;
            work.doing.name(said(rename));
            let onto = (done.step, now);
            done.step = undo::keep_onto(work, StepKind::RenameTag, tag::subject(), onto)?;
            Ok(done)
        })
    }

    /// How many drafts a tag is to be renamed in.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn n_to_rename(&self, from: &Tag) -> Result<u64, StoreError> {
        self.read(|db| {
            let names = listing::spelled(db, &from.folded())?;
            listing::count_any(db, &names)
        })
    }

    /// Adds a book of tags that an import brought, as part of the step `onto` or as a new one.
    /// Words that belong to another tag here stay where they are.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn import_tags(
        &self,
        book: &[(Tag, Vec<Tag>)],
        onto: Option<i64>,
        now: Timestamp,
    ) -> Result<(TagsImported, Option<i64>), StoreError> {
        self.write(|work| {
            let mut done = TagsImported::default();
            let mut here = TakenWords::of(tag::standing(work.db)?);
            for (tag, words) in book {
                add_words(work, (tag, words), (&mut here, &mut done), now)?;
            }
            let step = undo::keep_onto(work, StepKind::Import, tag::subject(), (onto, now))?;
            Ok((done, step))
        })
    }
}

fn tags_of(spellings: Vec<(String, u64)>) -> Vec<(Tag, u64)> {
    let spellings = spellings.into_iter();
    spellings
        .filter_map(|(name, n)| Some((Tag::parse(&name).ok()?, n)))
        .collect()
}

fn said(rename: &TagRename) -> String {
    if rename.from == rename.into {
        return rename.into.as_str().to_owned();
    }
    format!("{} → {}", rename.from.as_str(), rename.into.as_str())
}

/// The book's part of a renaming; nothing where it says nothing of the tag.
fn move_entry(work: &mut Work<'_>, rename: &TagRename, now: Timestamp) -> Result<(), StoreError> {
    let moved = MoveTag {
        from: rename.from.clone(),
        into: rename.into.clone(),
        keep: rename.keep,
    };
    put_if_it_changes(work, &Mutation::MoveTag(moved), now).map(drop)
}

/// Makes a change of the book that makes a difference; whether it did.
fn put_if_it_changes(
    work: &mut Work<'_>,
    mutation: &Mutation,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let prepared = overlay::prepare(work.db, tag::subject(), mutation, now)?;
    let does = prepared.changes_something();
    if does {
        overlay::put(work, &prepared)?;
    }
    Ok(does)
}

fn rename_some(
    work: &mut Work<'_>,
    rename: &TagRename,
    done: &mut TagRenamed,
    now: Timestamp,
) -> Result<(), StoreError> {
    let names = listing::spelled(work.db, &rename.from.folded())?;
    let from = (done.after.unwrap_or(i64::MIN), RENAMED_AT_ONCE);
    let next = listing::next_with(work.db, &names, from)?;
    for (_, id) in &next {
        match rename_in(work, *id, rename, now) {
            Ok(is_changed) => done.n_changed += u64::from(is_changed),
            Err(StoreError::Rejected(_)) => done.left.push(*id),
            Err(error) => return Err(error),
        }
    }
    let is_full = i64::try_from(next.len()).is_ok_and(|n| n == RENAMED_AT_ONCE);
    done.after = next.last().filter(|_| is_full).map(|(rid, _)| *rid);
    Ok(())
}

/// Renames a tag in one draft; whether that made a difference.
fn rename_in(
    work: &mut Work<'_>,
    id: DraftId,
    rename: &TagRename,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(shown) = draft::shown(work.db, id)? else {
        return Ok(false);
    };
    let Some(tags) = renamed(&shown, rename) else {
        return Ok(false);
    };
    let values = ContentValues {
        tags: Some(tags),
        ..ContentValues::default()
    };
    let mutation = Mutation::DescribeDraft(DescribeDraft { id, values });
    overlay::enqueue(work, id, &mutation, now)?;
    Ok(true)
}

/// The tags of a draft with the new name in the place of the old one; `None` where they stay.
fn renamed(shown: &Draft, rename: &TagRename) -> Option<Tags> {
    let (from, into) = (rename.from.folded(), rename.into.folded());
    let mut seen = BTreeSet::new();
    let mut tags = Vec::new();
    for tag in shown.content.tags.as_slice() {
        let folded = tag.folded();
        let is_it = folded == from;
        let tag = if is_it { &rename.into } else { tag };
        // With both names, one is enough; other tags stay as somebody wrote them.
        if (is_it || folded == into) && !seen.insert(into.clone()) {
            continue;
        }
        tags.push(tag.clone());
    }
    let tags = Tags::new(tags).ok()?;
    (tags != shown.content.tags).then_some(tags)
}

/// To which tag, folded, each word belongs, folded; names that have words are among them.
struct TakenWords(BTreeMap<String, String>);

impl TakenWords {
    fn of(entries: Vec<TagEntry>) -> Self {
        let mut taken = BTreeMap::new();
        for entry in entries {
            let name = entry.name.folded();
            let words = entry.synonyms.iter().map(Tag::folded);
            taken.extend(words.map(|word| (word, name.clone())));
            taken.insert(name.clone(), name);
        }
        Self(taken)
    }

    fn is_anothers(&self, word: &str, tag: &str) -> bool {
        self.0.get(word).is_some_and(|owner| owner != tag)
    }
}

/// Gives a tag those of some words that no other tag has.
fn add_words(
    work: &mut Work<'_>,
    (tag, words): (&Tag, &[Tag]),
    (here, done): (&mut TakenWords, &mut TagsImported),
    now: Timestamp,
) -> Result<(), StoreError> {
    let name = tag.folded();
    let mut new = Vec::new();
    for word in words {
        let folded = word.folded();
        if here.is_anothers(&folded, &name) || here.is_anothers(&name, &name) {
            done.n_left += 1;
        } else if folded != name && !here.0.contains_key(&folded) {
            new.push(word.clone());
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    let added: Vec<String> = new.iter().map(Tag::folded).collect();
    let mutation = Mutation::ChangeSynonyms(ChangeSynonyms {
        tag: tag.clone(),
        add: new,
        remove: Vec::new(),
    });
    match put_if_it_changes(work, &mutation, now) {
        Ok(_) => {
            done.n_new += added.len() as u64;
            here.0
                .extend(added.into_iter().map(|word| (word, name.clone())));
            here.0.insert(name.clone(), name);
        }
        // Too many of them, or of one tag.
        Err(StoreError::Rejected(_)) => done.n_left += added.len() as u64,
        Err(error) => return Err(error),
    }
    Ok(())
}

fn synonyms_of(db: &Connection, id: TagId) -> Result<BTreeSet<String>, StoreError> {
    let entry = tag::shown(db, id)?;
    let words = entry.into_iter().flat_map(|entry| entry.synonyms);
    Ok(words.map(|word| word.folded()).collect())
}

/// Which word of a refused change belongs to which other tag, as the book is now.
pub(super) fn taken_word(book: &TagBook, entry: &Entry) -> Option<TakenWord> {
    if entry.code.as_deref() != Some(RejectCode::WordTaken.as_str()) {
        return None;
    }
    let args = serde_json::from_str(&entry.args).ok()?;
    let (tag, words) = match Mutation::parse(&entry.name, entry.version, &args).ok()? {
        Mutation::ChangeSynonyms(change) => {
            let mut words = change.add;
            words.push(change.tag.clone());
            (change.tag, words)
        }
        Mutation::MoveTag(moved) => (moved.into.clone(), vec![moved.into, moved.from]),
        _ => return None,
    };
    let own = fold(tag.as_str());
    words.into_iter().find_map(|word| {
        let entry = book.entry(&word.folded())?;
        (entry.name.folded() != own).then(|| TakenWord {
            tag: entry.name.clone(),
            word,
        })
    })
}
