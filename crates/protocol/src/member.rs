//! What members read.
//!
//! | Request | Body → answer |
//! |---|---|
//! | `GET /v1/communities/{community}/articles?after=…&limit=…` | – → [`Articles`] |
//! | `GET /v1/communities/{community}/articles/{id}` | – → [`Article`] |
//! | `GET /v1/communities/{community}/articles/by-address/{slug}` | – → [`Article`]; 308 from an address it had before |
//! | `GET /v1/communities/{community}/articles/{id}/files/{b3}` | – → a file that the text names |
//! | `GET /v1/communities/{community}/feeds/{rss,atom,json}?after=…` | – → a feed, the same for everybody |
//!
//! All of them answer without an account too. Who may read the whole of an article is decided by the
//! server at each request: what is closed to the reader is never in an answer.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use stoa_domain::{DraftId, Kind, Timestamp};

/// The most articles in one answer.
pub const MAX_ARTICLES: u32 = 100;

/// Who may read the whole of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum OpenTo {
    Public,
    Registered,
    Paid {
        /// Keys of tiers.
        tiers: BTreeSet<String>,
        singly: bool,
    },
}

/// An article as it stands in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    pub id: DraftId,
    pub title: String,
    pub kind: Kind,
    /// The last part of its address, which no other article of the community has.
    pub slug: String,
    /// One line about it, from what everybody may read.
    pub excerpt: String,
    pub tags: Vec<String>,
    /// Where it first appeared, if that is elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    pub open_to: OpenTo,
    /// Whether this reader may read the whole of it.
    pub is_open: bool,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub published_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub updated_at: Timestamp,
}

/// A page of articles, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Articles {
    pub articles: Vec<Summary>,
    /// Where the next page begins; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// An article with as much of its text as the reader may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Article {
    #[serde(flatten)]
    pub summary: Summary,
    /// The whole text, or what lies before the paywall divider.
    pub markdown: String,
    /// The same as HTML of a few harmless elements; its images lead to `…/files/{b3}`. Absent for
    /// a text that is too much to be set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
}
