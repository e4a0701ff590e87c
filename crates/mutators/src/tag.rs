//! Which words mean the same tag.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use stoa_domain::{MAX_SYNONYMS, MAX_TAG_ENTRIES, Tag, TagEntry};

use crate::{Context, Reject, RejectCode, Row, Rows};

/// `tag.synonyms@1`: a tag gets other words, or loses some. Class B, soft: each word stands alone,
/// so what two people give to one tag stays. A word belongs to one tag at most: who comes second
/// with it is refused ([`RejectCode::WordTaken`]). A tag without any word has no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSynonyms {
    pub tag: Tag,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<Tag>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<Tag>,
}

/// `tag.move@1`: a tag is called something else, or becomes part of another one; its synonyms go
/// along, as they are at arrival. Class B, soft. Where both spell the same word, only the spelling
/// changes. What drafts have written is not its business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveTag {
    pub from: Tag,
    pub into: Tag,
    /// Whether the old name stays as a synonym.
    pub keep: bool,
}

impl ChangeSynonyms {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        may_keep_tags(ctx)?;
        if self.add.len() > MAX_SYNONYMS || self.remove.len() > MAX_SYNONYMS {
            return Err(Reject::field(RejectCode::Invalid, "synonyms"));
        }
        let mut entry = entry_of(rows, &self.tag)?;
        let added: BTreeSet<String> = self.add.iter().map(Tag::folded).collect();
        let mut gone: BTreeSet<String> = self.remove.iter().map(Tag::folded).collect();
        gone.retain(|word| !added.contains(word));
        entry.synonyms.retain(|word| !gone.contains(&word.folded()));
        if !self.add.is_empty() {
            self.add_to(&mut entry, &Taken::of(rows))?;
        }
        put(rows, entry)
    }
}

impl ChangeSynonyms {
    fn add_to(&self, entry: &mut TagEntry, taken: &Taken) -> Result<(), Reject> {
        let tag = self.tag.folded();
        taken.must_spare(&tag, &tag, "tag")?;
        for word in &self.add {
            let folded = word.folded();
            if folded == tag {
                return Err(Reject::field(RejectCode::Invalid, "synonym"));
            }
            taken.must_spare(&folded, &tag, "synonym")?;
            if taken.names.contains(&folded) {
                return Err(Reject::field(RejectCode::WordTaken, "synonym"));
            }
            if !entry.has(&folded) {
                entry.synonyms.push(word.clone());
            }
        }
        Ok(())
    }
}

impl MoveTag {
    pub(crate) fn apply(&self, rows: &mut Rows, ctx: &Context) -> Result<(), Reject> {
        may_keep_tags(ctx)?;
        let mut from = entry_of(rows, &self.from)?;
        if self.is_spelling() {
            from.name = self.into.clone();
            return put(rows, from);
        }
        let (into_folded, taken) = (self.into.folded(), Taken::of(rows));
        if !from.has(&into_folded) {
            taken.must_spare(&into_folded, &into_folded, "into")?;
        }
        let mut into = entry_of(rows, &self.into)?;
        let mut words = std::mem::take(&mut from.synonyms);
        if self.keep {
            taken.must_spare(&self.from.folded(), &into_folded, "from")?;
            words.push(self.from.clone());
        }
        for word in words {
            let folded = word.folded();
            if folded != into_folded && !into.has(&folded) {
                into.synonyms.push(word);
            }
        }
        put(rows, from)?;
        put(rows, into)
    }

    /// Whether both are the same word.
    pub(crate) fn is_spelling(&self) -> bool {
        self.from.id() == self.into.id()
    }
}

fn may_keep_tags(ctx: &Context) -> Result<(), Reject> {
    match ctx.role.keeps_tags() {
        true => Ok(()),
        false => Err(Reject::new(RejectCode::NotAllowed)),
    }
}

/// The entry of a tag as it stands; one that stands for nothing takes the tag's spelling.
fn entry_of(rows: &Rows, tag: &Tag) -> Result<TagEntry, Reject> {
    match rows.tag(tag.id()) {
        // Two words with one id: the second has no place.
        Some(entry) if entry.name.folded() != tag.folded() => {
            Err(Reject::field(RejectCode::Invalid, "tag"))
        }
        Some(entry) if !entry.is_empty() => Ok(entry.clone()),
        _ => Ok(TagEntry::new(tag.clone())),
    }
}

/// The words that belong to some tag, all folded.
struct Taken {
    /// Names of tags that have synonyms.
    names: BTreeSet<String>,
    /// The tag of each synonym.
    synonyms: BTreeMap<String, String>,
}

impl Taken {
    fn of(rows: &Rows) -> Self {
        let (mut names, mut synonyms) = (BTreeSet::new(), BTreeMap::new());
        for entry in rows.tags().filter(|entry| !entry.is_empty()) {
            let name = entry.name.folded();
            let words = entry.synonyms.iter().map(Tag::folded);
            synonyms.extend(words.map(|word| (word, name.clone())));
            names.insert(name);
        }
        Self { names, synonyms }
    }

    /// Refuses a word that is a synonym of another tag.
    fn must_spare(&self, word: &str, tag: &str, field: &str) -> Result<(), Reject> {
        match self.synonyms.get(word).is_some_and(|owner| owner != tag) {
            true => Err(Reject::field(RejectCode::WordTaken, field)),
            false => Ok(()),
        }
    }
}

/// Stores an entry, unless it stands for nothing and was not there.
fn put(rows: &mut Rows, mut entry: TagEntry) -> Result<(), Reject> {
    entry.synonyms.sort_by_cached_key(Tag::folded);
    if entry.synonyms.len() > MAX_SYNONYMS {
        return Err(Reject::field(RejectCode::Invalid, "synonyms"));
    }
    let before = rows.tag(entry.id);
    let is_new = before.is_none_or(TagEntry::is_empty);
    if is_new && entry.is_empty() || before == Some(&entry) {
        return Ok(());
    }
    let n = rows.tags().filter(|entry| !entry.is_empty()).count();
    if is_new && !entry.is_empty() && n >= MAX_TAG_ENTRIES {
        return Err(Reject::field(RejectCode::Invalid, "tags"));
    }
    rows.put(Row::Tag(entry));
    Ok(())
}

#[cfg(test)]
mod tests;
