//! Tags as they are looked after.

use stoa_domain::{DraftId, Tag};

/// A tag with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagShown {
    /// The canonical word; of a word that says nothing besides itself, the spelling used most.
    pub name: Tag,
    /// How many drafts have it or another word for it, those in the bin apart.
    pub n: u64,
    pub synonyms: Vec<Tag>,
    /// How it is written in drafts, used most first.
    pub written: Vec<(Tag, u64)>,
}

/// A tag that is to be called something else, or to become part of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRename {
    pub from: Tag,
    pub into: Tag,
    /// Whether the old name stays as a synonym.
    pub keep: bool,
}

/// How far a renaming is that is done in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagRenamed {
    pub n_changed: u64,
    /// The drafts that the rules keep from it.
    pub left: Vec<DraftId>,
    /// What takes all of it back.
    pub step: Option<i64>,
    /// Behind which draft the next part begins; absent when it is done.
    pub(crate) after: Option<i64>,
}

impl TagRenamed {
    /// Whether nothing is left to be done.
    pub fn is_done(&self) -> bool {
        self.after.is_none()
    }
}

/// A word that was refused because it belongs to another tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenWord {
    pub word: Tag,
    /// The tag to which it belongs.
    pub tag: Tag,
}

/// What became of a book of tags that an import brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TagsImported {
    pub n_new: u64,
    /// Words that belong to other tags here, or that the rules keep from it.
    pub n_left: u64,
}
