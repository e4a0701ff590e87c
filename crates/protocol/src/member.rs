//! What members read, and the short names for a program of a few lines.
//!
//! | Request | Body → answer |
//! |---|---|
//! | `GET /v1/communities/{community}/articles?after=…&limit=…` | – → [`Articles`] |
//! | `GET /v1/communities/{community}/articles/{id}` | – → [`Article`] |
//! | `GET /v1/communities/{community}/articles/by-address/{slug}` | – → [`Article`]; 308 from an address it had before |
//! | `GET /v1/communities/{community}/articles/{id}/files/{b3}` | – → a file that the text names |
//! | `GET /v1/communities/{community}/feeds/{rss,atom,json}?after=…` | – → a feed, the same for everybody |
//! | `POST /v1/register` | [`ShortRegister`] → [`Registered`] |
//! | `POST /v1/login` | [`Login`] → [`LoggedIn`] |
//! | `GET /v1/user` | – → [`Account`] |
//! | `POST /v1/publish` | [`Publish`] → [`Published`] |
//! | `GET /v1/article/{id}` | – → [`Article`] |
//!
//! The articles answer without an account too. Who may read the whole of one is decided by the
//! server at each request: what is closed to the reader is never in an answer. The short names
//! answer without `/v1` as well. `docs/member-api.md` is for who writes a program against them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Access, Canonical, CommunityId, DraftId, Excerpt, JoinLink, Kind, Minutes, SearchDescription,
    SearchTitle, Slug, Tags, Timestamp, Title,
};

use crate::account::{Account, Secret};

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
    /// The image that stands for it; everybody may fetch it, whoever may read the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
    /// Where it first appeared, if that is elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical: Option<String>,
    pub open_to: OpenTo,
    /// Whether this reader may read the whole of it.
    pub is_open: bool,
    /// When a lesson opens for this reader, where nothing but the time is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub opens_at: Option<Timestamp>,
    /// The lesson that this reader is to finish before this one opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_after: Option<OpensAfter>,
    /// When a live session is, and what of it is open to this reader; absent for other kinds and
    /// before its time is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub published_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub updated_at: Timestamp,
}

/// A lesson that is to be finished before another one opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpensAfter {
    pub id: DraftId,
    pub title: String,
}

/// The image that stands for an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cover {
    /// Where it is fetched, from the server's own address on.
    pub path: String,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

/// When a live session is. Time and length are for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Live {
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub starts_at: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub ends_at: Timestamp,
    pub lasts_minutes: u16,
    /// The time zone in which the community tells time, such as `Asia/Shanghai`.
    pub timezone: String,
    /// Where this reader joins: only where it is open to them, and until it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_link: Option<String>,
    /// What this reader can play: only where it is open to them, and once it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<LiveRecording>,
}

/// What is left of a live session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveRecording {
    /// Where it is fetched, from the server's own address on.
    pub path: String,
    pub media_type: String,
    /// The same as the text of an article names it, with what is known of it.
    pub address: String,
}

/// What search engines and cards are told of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seo {
    /// For `<title>` and `og:title`: the author's words for it, or the title.
    pub title: String,
    /// For `description` and `og:description`: the author's words for it, or the excerpt.
    pub description: String,
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
    pub seo: Seo,
    /// What a course or column is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outline: Option<Outline>,
    /// Where a lesson stands in its course.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<PlaceInCourse>,
}

/// The sections of a course with the lessons that are published, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Outline {
    pub sections: Vec<CourseSection>,
}

/// A section that has at least one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourseSection {
    /// Absent for what stands before the first section, and in a column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub lessons: Vec<CourseLesson>,
}

/// A lesson in an outline. It is read as an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CourseLesson {
    pub id: DraftId,
    pub title: String,
    pub kind: Kind,
    pub slug: String,
    /// Who it is open to by itself; `public` in a course that is not is a free trial.
    pub open_to: OpenTo,
    /// Whether this reader may read the whole of it now.
    pub is_open: bool,
    /// When it opens for this reader, where nothing but the time is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub opens_at: Option<Timestamp>,
    /// The lesson that this reader is to finish before this one opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_after: Option<OpensAfter>,
    /// The lesson before it that the author wants to be finished first, whether this reader did or
    /// not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires: Option<DraftId>,
    /// Whether this reader has finished it.
    #[serde(default)]
    pub is_done: bool,
}

/// Where a lesson stands among the published lessons of its course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceInCourse {
    pub course: DraftId,
    pub title: String,
    /// Counted from 1.
    pub number: u64,
    pub n_lessons: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<DraftId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<DraftId>,
    /// Whether this reader has finished it.
    #[serde(default)]
    pub is_done: bool,
}

/// A new account, by its short name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShortRegister {
    /// An e-mail.
    pub username: String,
    pub password: Secret,
    /// What others read; what stands before the `@` when it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// An account was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registered {
    /// For people, in the language that the request prefers.
    pub message: String,
    pub user: Account,
}

/// Signing in with nothing but a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Login {
    /// An e-mail.
    pub username: String,
    pub password: Secret,
    /// What the session is called in the list of devices; `API` when it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
}

/// A session that ends with its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedIn {
    pub token: Secret,
    /// Seconds from the answer until the token ends.
    pub expires_in: u64,
    pub user: Account,
}

/// An article to be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Publish {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub title: Title,
    /// Markdown, with `<!-- paywall -->` alone on its line where the part ends that everybody may
    /// read.
    pub content: String,
    /// Who may read the whole of it; who has an account when it is absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = OpenTo))]
    pub access: Access,
    #[serde(default)]
    pub kind: Kind,
    /// One line about it; taken from its beginning when it is absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub excerpt: Excerpt,
    /// The last part of its address; made of the title when it is absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub slug: Slug,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub tags: Tags,
    /// Where it first appeared, if that is elsewhere.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub canonical: Canonical,
    /// When a live session begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub starts_at: Option<Timestamp>,
    /// How long it lasts, 1 to 1440 minutes; an hour when it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u16>))]
    pub lasts_minutes: Option<Minutes>,
    /// Where those whom `access` lets in join it: an `https` address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub join_link: Option<JoinLink>,
    /// What search engines show instead of the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub search_title: Option<SearchTitle>,
    /// What search engines show instead of the excerpt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub search_description: Option<SearchDescription>,
    /// From when on members see it; at once when it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>))]
    pub live_at: Option<Timestamp>,
    /// Where; in the community that people who register join when it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community: Option<CommunityId>,
}

/// An article was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Published {
    /// For people, in the language that the request prefers.
    pub message: String,
    pub id: DraftId,
    pub slug: String,
    /// Where it is read, on this server.
    pub address: String,
    /// From when on members see it.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub published_at: Timestamp,
}
