//! Tags that differ only in how they are spelled, and words that belong to a tag.

use std::collections::BTreeMap;

use stoa_domain::Tag;
use stoa_ipc::{TagCount, TagInfo, TagList};

/// A word of a tag that is written in several ways: the way it should be, and the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alike {
    pub(super) best: Tag,
    pub(super) others: Vec<TagCount>,
}

/// The words of a tag that drafts spell in several ways. A name is spelled as the book has it, all
/// else as it is written most.
pub(super) fn alike(tag: &TagInfo) -> Vec<Alike> {
    let mut spelled: BTreeMap<String, Vec<&TagCount>> = BTreeMap::new();
    for written in &tag.written {
        spelled
            .entry(written.tag.folded())
            .or_default()
            .push(written);
    }
    let known: Vec<&Tag> = std::iter::once(&tag.name).chain(&tag.synonyms).collect();
    let spellings = spelled.into_iter().filter_map(|(folded, found)| {
        let in_book = known.iter().find(|word| word.folded() == folded);
        let best = match in_book {
            Some(word) => (*word).clone(),
            None => found.first()?.tag.clone(),
        };
        let others = found.into_iter().filter(|one| one.tag != best);
        let others: Vec<TagCount> = others.cloned().collect();
        (!others.is_empty()).then_some(Alike { best, others })
    });
    spellings.collect()
}

/// Whether a tag is found by what was typed: by its name, a synonym or a spelling.
pub(super) fn is_found(tag: &TagInfo, sought: &str) -> bool {
    let sought = stoa_domain::fold(sought.trim().trim_start_matches(['#', '＃']));
    let written = tag.written.iter().map(|written| &written.tag);
    let mut words = std::iter::once(&tag.name)
        .chain(&tag.synonyms)
        .chain(written);
    words.any(|word| word.folded().contains(&sought))
}

/// The tag that has a word, as its name, a synonym or a spelling.
pub(super) fn of_word<'t>(tags: &'t TagList, word: &Tag) -> Option<&'t TagInfo> {
    let folded = word.folded();
    tags.tags.iter().find(|tag| {
        let mut words = std::iter::once(&tag.name).chain(&tag.synonyms);
        words.any(|word| word.folded() == folded)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        Tag::parse(text).unwrap()
    }

    fn info(name: &str, synonyms: &[&str], written: &[(&str, u64)]) -> TagInfo {
        let count = |(text, n): &(&str, u64)| TagCount {
            tag: tag(text),
            n: *n,
        };
        TagInfo {
            name: tag(name),
            n: 5,
            synonyms: synonyms.iter().map(|word| tag(word)).collect(),
            written: written.iter().map(count).collect(),
        }
    }

    #[test]
    fn only_what_is_the_same_word_is_to_be_written_alike() {
        let ai = info(
            "人工智能",
            &["AI"],
            &[("ai", 4), ("人工智能", 3), ("ＡＩ", 1), ("AI", 1)],
        );
        let found = alike(&ai);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].best, tag("AI"));
        let others: Vec<&str> = found[0].others.iter().map(|one| one.tag.as_str()).collect();
        assert_eq!(others, ["ai", "ＡＩ"]);
        let rust = info("rust", &[], &[("rust", 2), ("Rust", 1)]);
        assert_eq!(alike(&rust)[0].best, tag("rust"));
        assert_eq!(
            alike(&info("定价", &["价格"], &[("定价", 2), ("价格", 1)])),
            []
        );
    }

    #[test]
    fn a_tag_is_found_by_any_of_its_words() {
        let ai = info("人工智能", &["AI"], &[("ａｉ", 1)]);
        for sought in ["", "智能", "ai", "＃AI", " Ａ"] {
            assert!(is_found(&ai, sought), "{sought}");
        }
        assert!(!is_found(&ai, "定价"));
        let list = TagList {
            tags: vec![ai],
            ..TagList::default()
        };
        assert!(of_word(&list, &tag("Ai")).is_some());
        assert!(of_word(&list, &tag("智能")).is_none());
    }
}
