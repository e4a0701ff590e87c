//! Feeds: what a community has published, for readers that nobody knows. A feed is the same for
//! everybody: what is public whole, of all else what stands before the paywall.

mod atom;
mod dates;
mod json;
mod page;
mod recording;
mod rss;
mod xml;

use stoa_domain::{CommunityId, DraftId, Timestamp};

pub(crate) use dates::http_date;
pub(crate) use page::{Asked, Known, Page, Validators, page};
use recording::Recording;

/// The forms a feed is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Rss,
    Atom,
    Json,
}

impl Format {
    /// The last part of its address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }

    /// What it is, for the reader.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json; charset=utf-8",
        }
    }
}

/// What a feed says. Every address in it is whole.
struct Feed {
    community: CommunityId,
    title: String,
    lang: &'static str,
    /// Where the list of articles is.
    home: String,
    own_address: String,
    next_address: Option<String>,
    changed_at: Timestamp,
    entries: Vec<Entry>,
}

/// An article in a feed.
struct Entry {
    id: DraftId,
    title: String,
    lang: &'static str,
    address: String,
    /// Where it first appeared, if that is elsewhere.
    canonical: Option<String>,
    author: Option<String>,
    tags: Vec<String>,
    published_at: Timestamp,
    updated_at: Timestamp,
    summary: String,
    /// Where its cover is fetched.
    cover: Option<String>,
    html: String,
    recordings: Vec<Recording>,
}

impl Entry {
    /// The name it has for ever, whatever becomes of its address.
    fn urn(&self) -> String {
        format!("urn:uuid:{}", self.id)
    }
}

impl Page {
    /// Writes the feed. What takes long is done here, outside of any transaction.
    ///
    /// # Errors
    /// None that happens: what is written goes into memory.
    pub(crate) fn write(self, format: Format) -> std::io::Result<Vec<u8>> {
        let feed = self.read(format);
        match format {
            Format::Rss => rss::write(&feed),
            Format::Atom => atom::write(&feed),
            Format::Json => json::write(&feed),
        }
    }
}
