//! Lists of drafts: what they can be narrowed by, changes to many drafts at once, and lists that
//! are kept under a name.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Access, DraftId, ListFilter, ListLook, SavedView, Shelf, Tag, TierKey, UserId, ViewName,
};

/// Asks what drafts can be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetFacets {}

/// What drafts can be narrowed by: what those have that are not in the bin, the most used first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    pub tags: Vec<TagFacet>,
    /// The tiers that every community begins with, and those that drafts name.
    pub tiers: Vec<TierKey>,
    pub authors: Vec<AuthorCount>,
}

/// A tag, with the drafts that have it or another word for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagFacet {
    pub tag: Tag,
    pub n: u64,
    /// The other words, by which it is found too.
    pub synonyms: Vec<Tag>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagCount {
    pub tag: Tag,
    pub n: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorCount {
    pub id: UserId,
    /// Empty where it is not known here.
    pub name: String,
    pub is_me: bool,
    pub n: u64,
}

/// Does the same to many drafts in one step: to all that the rules let, or where the disk fails to
/// none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDrafts {
    /// At most 5,000.
    pub which: DraftsMeant,
    pub change: DraftsChange,
}

/// Which drafts are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftsMeant {
    These(Vec<DraftId>),
    /// All of a list, on every page.
    All(MeantList),
}

/// A list without an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeantList {
    #[serde(default)]
    pub query: String,
    #[serde(default)]
    pub shelf: Shelf,
    #[serde(default)]
    pub filter: ListFilter,
}

/// What is done to each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftsChange {
    Archive,
    Unarchive,
    Bin,
    Restore,
    AddTag(Tag),
    RemoveTag(Tag),
    SetAccess(Access),
}

/// What became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftsChanged {
    pub n_changed: u64,
    /// Those that were like that already.
    pub n_same: u64,
    pub left: Vec<LeftDrafts>,
}

/// Drafts that were left as they were, and why as a text key (`left-<reason>`): `not-allowed`,
/// `published`, `too-many-tags`, `gone`, `wrong-shelf`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftDrafts {
    pub reason: String,
    pub n: u64,
    /// The titles of the first five; may be empty texts.
    pub titles: Vec<String>,
}

/// Asks for the lists that are kept. Every command about them answers all of them, in the order of
/// the sidebar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListViews {}

/// Keeps a list under a name, as the last one; refused with the field `view`, reason
/// `too-many-views`, when there are 50.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveView {
    pub name: ViewName,
    pub look: ListLook,
}

/// Another name or another look; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    pub id: u32,
    #[serde(default)]
    pub name: Option<ViewName>,
    #[serde(default)]
    pub look: Option<ListLook>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteView {
    pub id: u32,
}

/// Puts a list back that was deleted, where it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutBackView {
    pub view: SavedView,
    /// Counted from 0.
    pub at: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_keeps_its_form() {
        let all = ChangeDrafts {
            which: DraftsMeant::All(MeantList {
                query: "社群".to_owned(),
                ..MeantList::default()
            }),
            change: DraftsChange::AddTag(Tag::parse("旧文").unwrap()),
        };
        assert_eq!(
            serde_json::to_string(&all).unwrap(),
            r#"{"which":{"all":{"query":"社群","shelf":"drafts","filter":{}}},"change":{"add_tag":"旧文"}}"#
        );
        let these = r#"{"which":{"these":[]},"change":"archive"}"#;
        let read: ChangeDrafts = serde_json::from_str(these).unwrap();
        assert_eq!(read.which, DraftsMeant::These(Vec::new()));
        assert_eq!(serde_json::to_string(&read).unwrap(), these);
    }
}
