//! Lists of drafts, and changes to many of them at once.

use std::fmt;
use std::str::FromStr;

use rusqlite::types::Value;
use stoa_domain::{
    Access, DraftId, ListFilter, ListSort, SearchQuery, Shelf, Tag, Timestamp, UserId,
};

use super::DraftListing;

/// The most drafts that are changed in one step.
pub const MOST_CHANGED: usize = 5_000;

/// Which drafts to list.
#[derive(Debug, Clone, Default)]
pub struct DraftFilter {
    pub query: Option<SearchQuery>,
    pub shelf: Shelf,
    pub filter: ListFilter,
    pub sort: ListSort,
    /// By the clock of this computer: which posts are live is only shown.
    pub now: Timestamp,
    pub after: Option<PageKey>,
    pub limit: u32,
}

/// A page of drafts, in the order that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftListPage {
    pub drafts: Vec<DraftListing>,
    pub next: Option<PageKey>,
    /// All that match, on every page, counted up to 100,000.
    pub n_total: u64,
}

/// By what a list is ordered, of one draft.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyValue {
    Number(i64),
    Text(String),
}

impl From<KeyValue> for Value {
    fn from(value: KeyValue) -> Self {
        match value {
            KeyValue::Number(number) => Value::Integer(number),
            KeyValue::Text(text) => Value::Text(text),
        }
    }
}

/// Where a page ends; the next one begins behind it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageKey {
    pub(crate) value: KeyValue,
    pub(crate) rid: i64,
}

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            KeyValue::Number(number) => write!(f, "{number}.{}", self.rid),
            KeyValue::Text(text) => write!(f, "t{}.{text}", self.rid),
        }
    }
}

/// The text is not the end of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the end of a page")]
pub struct PageKeyError;

impl FromStr for PageKey {
    type Err = PageKeyError;

    fn from_str(text: &str) -> Result<Self, PageKeyError> {
        let number = |text: &str| text.parse::<i64>().map_err(|_| PageKeyError);
        if let Some(text) = text.strip_prefix('t') {
            let (rid, text) = text.split_once('.').ok_or(PageKeyError)?;
            return Ok(Self {
                value: KeyValue::Text(text.to_owned()),
                rid: number(rid)?,
            });
        }
        let (value, rid) = text.split_once('.').ok_or(PageKeyError)?;
        Ok(Self {
            value: KeyValue::Number(number(value)?),
            rid: number(rid)?,
        })
    }
}

/// What drafts can be narrowed by: what there is, the most used first, with how many drafts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub tags: Vec<(String, u64)>,
    pub tiers: Vec<(String, u64)>,
    /// Who wrote them, by name.
    pub authors: Vec<(UserId, String, u64)>,
    /// Who asks, if anybody is linked.
    pub me: Option<UserId>,
}

/// Which drafts are changed together.
#[derive(Debug, Clone)]
pub enum Which {
    These(Vec<DraftId>),
    /// All that a list has, on every page.
    All(Box<DraftFilter>),
}

/// What is done to each of several drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkChange {
    Archive,
    Unarchive,
    Bin,
    Restore,
    AddTag(Tag),
    RemoveTag(Tag),
    SetAccess(Access),
}

/// Why a draft was left as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Somebody else's, which this role may not change.
    NotAllowed,
    /// Members see it, or will see it.
    Published,
    TooManyTags,
    /// It is not there any more.
    Gone,
    /// Only what is in the bin is restored, and only what is not there is changed otherwise.
    WrongShelf,
}

impl LeftOut {
    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        match self {
            LeftOut::NotAllowed => "not-allowed",
            LeftOut::Published => "published",
            LeftOut::TooManyTags => "too-many-tags",
            LeftOut::Gone => "gone",
            LeftOut::WrongShelf => "wrong-shelf",
        }
    }
}

/// What became of drafts that were to be changed together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BulkDone {
    pub n_changed: u64,
    /// Those that were like that already.
    pub n_same: u64,
    /// Those that were left, and why.
    pub left: Vec<(DraftId, LeftOut)>,
}
