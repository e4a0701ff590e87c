//! How a list of drafts is narrowed, ordered and laid out, and what of that is kept under a name.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Access, Kind, Shelf, Tag, TierKey, UserId, text};

/// The most views that are kept.
pub const MAX_VIEWS: usize = 50;
/// The longest name of a view, in characters.
pub const MAX_VIEW_NAME_CHARS: usize = 40;
/// The most tags or tiers that one filter names.
pub const MAX_FILTER_NAMES: usize = 20;

/// Which drafts of a shelf are listed: those that fit every part of it. A part that is empty
/// fits all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListFilter {
    /// Any of these kinds.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<Kind>,
    /// Open to any of these, or to one of `tiers`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub access: BTreeSet<AccessKind>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tiers: BTreeSet<TierKey>,
    /// All of these tags.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// Not as it was published.
    #[serde(skip_serializing_if = "is_false")]
    pub is_changed: bool,
    /// With changes that are on this computer only.
    #[serde(skip_serializing_if = "is_false")]
    pub is_unsent: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

impl ListFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it names no more than can be looked for.
    pub fn is_sound(&self) -> bool {
        self.tags.len() <= MAX_FILTER_NAMES && self.tiers.len() <= MAX_FILTER_NAMES
    }
}

/// What kind of readers a draft is open to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessKind {
    Public,
    Registered,
    /// Members with some tier, or who bought it.
    Paid,
    /// Whoever bought this one.
    Singly,
}

impl AccessKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [AccessKind; 4] = [
        AccessKind::Public,
        AccessKind::Registered,
        AccessKind::Paid,
        AccessKind::Singly,
    ];

    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            AccessKind::Public => "public",
            AccessKind::Registered => "registered",
            AccessKind::Paid => "paid",
            AccessKind::Singly => "singly",
        }
    }
}

impl Access {
    /// The name of its form on the wire.
    pub fn as_str(&self) -> &'static str {
        match self {
            Access::Public => "public",
            Access::Registered => "registered",
            Access::Paid { .. } => "paid",
        }
    }
}

/// Whose drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Those of whoever asks, with those that no server has seen.
    Me,
    Person(UserId),
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListSort {
    /// Edited last first.
    #[default]
    NewestEdited,
    OldestEdited,
    /// By title; Chinese by pinyin.
    Title,
    /// By the time of going live: what comes next first where that is ahead, what came last first
    /// where it has been.
    Live,
}

impl ListSort {
    /// The orders that a shelf can have, the usual one first.
    pub fn of_shelf(shelf: Shelf) -> &'static [ListSort] {
        match shelf {
            Shelf::Scheduled | Shelf::Published => &[
                ListSort::NewestEdited,
                ListSort::OldestEdited,
                ListSort::Title,
                ListSort::Live,
            ],
            Shelf::Drafts | Shelf::InReview | Shelf::Archived | Shelf::Bin => &[
                ListSort::NewestEdited,
                ListSort::OldestEdited,
                ListSort::Title,
            ],
        }
    }

    /// The order itself where the shelf can have it, otherwise the usual one.
    #[must_use]
    pub fn on(self, shelf: Shelf) -> Self {
        match Self::of_shelf(shelf).contains(&self) {
            true => self,
            false => Self::default(),
        }
    }

    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            ListSort::NewestEdited => "newest-edited",
            ListSort::OldestEdited => "oldest-edited",
            ListSort::Title => "title",
            ListSort::Live => "live",
        }
    }
}

/// How a list is laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListLayout {
    #[default]
    List,
    /// The shelves beside each other.
    Board,
}

/// The name of a view: one line of 1 to [`MAX_VIEW_NAME_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ViewName(String);

/// Why a text cannot be the name of a view.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ViewNameError {
    #[error("a view without a name")]
    Empty,
    #[error("the name has {0} characters, more than {MAX_VIEW_NAME_CHARS}")]
    TooLong(usize),
}

impl ViewName {
    /// Cleans, trims and checks a name.
    ///
    /// # Errors
    /// [`ViewNameError`]
    pub fn parse(input: &str) -> Result<Self, ViewNameError> {
        let line: String = text::clean(input)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let name = line.trim();
        match name.chars().count() {
            0 => Err(ViewNameError::Empty),
            n if n > MAX_VIEW_NAME_CHARS => Err(ViewNameError::TooLong(n)),
            _ => Ok(Self(name.to_owned())),
        }
    }

    /// The name as one line of text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ViewName {
    type Error = ViewNameError;

    fn try_from(input: String) -> Result<Self, ViewNameError> {
        Self::parse(&input)
    }
}

impl From<ViewName> for String {
    fn from(name: ViewName) -> String {
        name.0
    }
}

/// A list as somebody wants to see it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListLook {
    pub shelf: Shelf,
    pub filter: ListFilter,
    pub sort: ListSort,
    pub layout: ListLayout,
}

/// A [`ListLook`] that is kept under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Counts up from 1 within a profile.
    pub id: u32,
    pub name: ViewName,
    pub look: ListLook,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_keeps_its_form() {
        let look = ListLook {
            shelf: Shelf::Published,
            filter: ListFilter {
                kinds: [Kind::Article, Kind::Course].into(),
                access: [AccessKind::Singly].into(),
                tiers: [TierKey::parse("vip").unwrap()].into(),
                tags: [Tag::parse("定价").unwrap()].into(),
                by: Some(By::Me),
                is_changed: true,
                is_unsent: false,
            },
            sort: ListSort::Live,
            layout: ListLayout::Board,
        };
        let view = SavedView {
            id: 1,
            name: ViewName::parse(" 待更新 ").unwrap(),
            look,
        };
        let json = serde_json::to_string(&view).unwrap();
        assert_eq!(
            json,
            r#"{"id":1,"name":"待更新","look":{"shelf":"published","filter":{"kinds":["article","course"],"access":["singly"],"tiers":["vip"],"tags":["定价"],"by":"me","is_changed":true},"sort":"live","layout":"board"}}"#
        );
        assert_eq!(serde_json::from_str::<SavedView>(&json).unwrap(), view);
        assert_eq!(
            serde_json::from_str::<ListLook>("{}").unwrap(),
            ListLook::default()
        );
    }

    #[test]
    fn a_name_is_one_line_of_1_to_40_characters() {
        assert_eq!(ViewName::parse("a\nb").unwrap().as_str(), "a b");
        assert_eq!(ViewName::parse(" \n"), Err(ViewNameError::Empty));
        assert!(ViewName::parse(&"长".repeat(40)).is_ok());
        let long = ViewName::parse(&"长".repeat(41));
        assert_eq!(long, Err(ViewNameError::TooLong(41)));
    }

    #[test]
    fn a_shelf_without_times_of_going_live_is_not_ordered_by_them() {
        assert_eq!(ListSort::Live.on(Shelf::Drafts), ListSort::NewestEdited);
        assert_eq!(ListSort::Live.on(Shelf::Scheduled), ListSort::Live);
        assert_eq!(ListSort::Title.on(Shelf::Bin), ListSort::Title);
    }
}
