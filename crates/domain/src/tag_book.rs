//! What tags are called besides: a community's canonical tags with their synonyms.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Tag, TagId};

/// The most synonyms of one tag.
pub const MAX_SYNONYMS: usize = 20;
/// The most tags that have synonyms.
pub const MAX_TAG_ENTRIES: usize = 500;

/// A canonical tag with the other words for it. Without any it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagEntry {
    /// [`Tag::id`] of its name.
    pub id: TagId,
    pub name: Tag,
    /// Each once, in the order of their folded forms.
    pub synonyms: Vec<Tag>,
}

impl TagEntry {
    /// An entry that says nothing yet.
    pub fn new(name: Tag) -> Self {
        Self {
            id: name.id(),
            name,
            synonyms: Vec::new(),
        }
    }

    /// Whether it stands for nothing.
    pub fn is_empty(&self) -> bool {
        self.synonyms.is_empty()
    }

    /// Whether a word, folded, is one of the other words.
    pub fn has(&self, folded: &str) -> bool {
        self.synonyms.iter().any(|word| word.folded() == folded)
    }
}

impl Tag {
    /// The tag as it is compared: without regard to case, full or half width, and how much space
    /// stands between its words.
    pub fn folded(&self) -> String {
        fold(self.as_str())
    }

    /// By what the tag is known, however it is spelled.
    ///
    /// It is FNV-1a of the folded tag. Who knows of two words with the same id may make one of them
    /// unusable, and nothing else: whoever finds a row by its id also looks at its name.
    pub fn id(&self) -> TagId {
        const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let folded = self.folded();
        let hash = folded.bytes().fold(BASIS, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(PRIME)
        });
        TagId::from_bytes(hash.to_be_bytes())
    }
}

/// A text as tags are compared; see [`Tag::folded`].
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().map(half_width).flat_map(char::to_lowercase));
    }
    folded
}

/// Letters, digits and signs of full width stand 0xFEE0 behind the others.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// Every entry, to look words up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagBook {
    /// By id, so that the same book is always in the same order.
    entries: BTreeMap<TagId, TagEntry>,
    /// The entry of each name and synonym, folded.
    words: BTreeMap<String, TagId>,
}

impl TagBook {
    /// Takes the entries that stand for something. Where two name the same word, which a server
    /// does not let happen, it is the one with the smaller id.
    pub fn new(entries: impl IntoIterator<Item = TagEntry>) -> Self {
        let entries = entries.into_iter().filter(|entry| !entry.is_empty());
        let entries: BTreeMap<TagId, TagEntry> = entries.map(|entry| (entry.id, entry)).collect();
        let mut words = BTreeMap::new();
        for entry in entries.values() {
            words.entry(entry.name.folded()).or_insert(entry.id);
        }
        for entry in entries.values() {
            for word in &entry.synonyms {
                words.entry(word.folded()).or_insert(entry.id);
            }
        }
        Self { entries, words }
    }

    /// Whether no tag has a synonym.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, in the order of their ids.
    pub fn entries(&self) -> impl Iterator<Item = &TagEntry> {
        self.entries.values()
    }

    /// The entry to which a word belongs, as its name or as a synonym; the word is folded.
    pub fn entry(&self, folded: &str) -> Option<&TagEntry> {
        self.entries.get(self.words.get(folded)?)
    }

    /// The tag that a word stands for; a word of which nothing is said stands for itself.
    pub fn canonical<'t>(&'t self, tag: &'t Tag) -> &'t Tag {
        self.entry(&tag.folded()).map_or(tag, |entry| &entry.name)
    }

    /// What a word stands for, folded: the same of all words of one tag.
    pub fn key(&self, folded: &str) -> String {
        match self.entry(folded) {
            Some(entry) => entry.name.folded(),
            None => folded.to_owned(),
        }
    }

    /// What some tags stand for, each once, in their order.
    pub fn canonical_each(&self, tags: &[Tag]) -> Vec<Tag> {
        let mut seen = Vec::with_capacity(tags.len());
        let mut each = Vec::with_capacity(tags.len());
        for tag in tags {
            let canonical = self.canonical(tag);
            let folded = canonical.folded();
            if !seen.contains(&folded) {
                seen.push(folded);
                each.push(canonical.clone());
            }
        }
        each
    }

    /// Whether one of some tags stands for the same as a word, which [`TagBook::key`] has named.
    pub fn has(&self, tags: &[Tag], key: &str) -> bool {
        tags.iter().any(|tag| self.key(&tag.folded()) == key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    fn entry(name: &str, synonyms: &[&str]) -> TagEntry {
        TagEntry {
            synonyms: synonyms.iter().map(|word| tag(word)).collect(),
            ..TagEntry::new(tag(name))
        }
    }

    #[test]
    fn words_are_compared_without_regard_to_case_width_and_space() {
        let cases = [
            ("AI", "ai"),
            ("ＡＩ", "ai"),
            ("Machine\u{3000} Learning", "machine learning"),
            ("Ｃ＋＋", "c++"),
            ("人工智能", "人工智能"),
            ("ÉCOLE", "école"),
        ];
        for (written, folded) in cases {
            assert_eq!(tag(written).folded(), folded);
            assert_eq!(tag(written).id(), tag(folded).id());
        }
        assert_ne!(tag("AI").id(), tag("A I").id());
    }

    #[test]
    fn the_id_of_a_word_is_for_ever() {
        // The test vectors of FNV-1a with 128 bits.
        assert_eq!(
            tag("a").id().to_string(),
            "d228cb69-6f1a-8caf-7891-2b704e4a8964"
        );
        assert_eq!(
            tag("foobar").id().to_string(),
            "343e1662-793c-64bf-6f0d-3597ba446f18"
        );
    }

    #[test]
    fn a_synonym_counts_as_its_tag_and_other_words_as_themselves() {
        let book = TagBook::new([
            entry("人工智能", &["AI", "Artificial Intelligence"]),
            entry("空", &[]),
        ]);
        assert_eq!(book.entries().count(), 1);
        assert_eq!(book.canonical(&tag("ａｉ")).as_str(), "人工智能");
        assert_eq!(book.canonical(&tag("人工智能")).as_str(), "人工智能");
        assert_eq!(book.canonical(&tag("空")).as_str(), "空");
        let written = [tag("AI"), tag("入门"), tag("人工智能"), tag("入门 ")];
        let each = book.canonical_each(&written);
        assert_eq!(each, [tag("人工智能"), tag("入门")]);
        let key = book.key("artificial intelligence");
        assert!(book.has(&[tag("Ai")], &key));
        assert!(!book.has(&[tag("入门")], &key));
    }

    #[test]
    fn a_word_that_two_entries_name_belongs_to_one_of_them_always_the_same() {
        let (one, two) = (entry("甲", &["词"]), entry("乙", &["词"]));
        let forward = TagBook::new([one.clone(), two.clone()]);
        let backward = TagBook::new([two, one]);
        assert_eq!(forward, backward);
        assert_eq!(
            forward.canonical(&tag("词")),
            backward.canonical(&tag("词"))
        );
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
