//! Tags: what each is called besides, and renaming one wherever it is written.

use serde::{Deserialize, Serialize};
use stoa_domain::Tag;

use crate::TagCount;

/// Asks for every tag that a draft has or that has synonyms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListTags {}

/// Tags, those of most drafts first; at most 2,000 of them, and those that have synonyms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagList {
    pub tags: Vec<TagInfo>,
    /// How many there are.
    pub n_total: u64,
    /// Whether this role decides what means the same, and renames.
    pub may_change: bool,
}

/// A tag with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagInfo {
    /// The canonical word.
    pub name: Tag,
    /// How many drafts have it or another word for it, those in the bin apart.
    pub n: u64,
    pub synonyms: Vec<Tag>,
    /// How it is written in drafts, used most first.
    pub written: Vec<TagCount>,
}

/// Gives a tag other words, or takes some from it, in one step. Refused with the field `synonym`,
/// reason `word-taken` where a word belongs to another tag, `same-word`, `too-many-synonyms` beyond
/// 20 of one tag, `too-many-entries` beyond 500 tags that have some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSynonyms {
    pub tag: Tag,
    #[serde(default)]
    pub add: Vec<Tag>,
    #[serde(default)]
    pub remove: Vec<Tag>,
}

/// What became of a change of synonyms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SynonymsChanged {
    /// How many words the tag has gained or lost. Without any there is no step to take back.
    pub n: u64,
}

/// Gives a tag another name in the book and in every draft that has it, in one step; with a name
/// that another tag has, both become one. Refused like [`ChangeSynonyms`], and with the field `tag`,
/// reason `tag-too-common` where more than 5,000 drafts have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameTag {
    pub from: Tag,
    pub into: Tag,
    /// Whether the old name stays as a synonym.
    pub keep: bool,
}

/// What became of a renaming.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagRenamed {
    pub n_changed: u64,
    /// Whether anything was changed, which is one step to take back.
    pub can_undo: bool,
    /// Drafts that the rules kept from it.
    pub n_left: u64,
}

/// How far a renaming is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagProgress {
    pub n_done: u64,
    pub n_total: u64,
}

/// Which word of a refused change belongs to which other tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenWord {
    pub word: Tag,
    pub tag: Tag,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_its_form() {
        let tag = |text: &str| Tag::parse(text).unwrap();
        let change = ChangeSynonyms {
            tag: tag("人工智能"),
            add: vec![tag("AI")],
            remove: Vec::new(),
        };
        let json = r#"{"tag":"人工智能","add":["AI"],"remove":[]}"#;
        assert_eq!(serde_json::to_string(&change).unwrap(), json);
        let info = TagInfo {
            name: tag("人工智能"),
            n: 2,
            synonyms: vec![tag("AI")],
            written: vec![TagCount {
                tag: tag("AI"),
                n: 2,
            }],
        };
        assert_eq!(
            serde_json::to_string(&info).unwrap(),
            r#"{"name":"人工智能","n":2,"synonyms":["AI"],"written":[{"tag":"AI","n":2}]}"#
        );
        let wrong = r#"{"tag":"","add":[]}"#;
        assert!(serde_json::from_str::<ChangeSynonyms>(wrong).is_err());
    }
}
