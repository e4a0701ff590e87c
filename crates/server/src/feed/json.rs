//! JSON Feed 1.1.

use std::io;

use serde::Serialize;

use super::dates::rfc3339;
use super::{Entry, Feed};

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a str>,
    language: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    content_html: &'a str,
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    authors: Vec<Author<'a>>,
    tags: &'a [String],
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'static str,
    size_in_bytes: u64,
}

pub(super) fn write(feed: &Feed) -> io::Result<Vec<u8>> {
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.home,
        feed_url: &feed.own_address,
        next_url: feed.next_address.as_deref(),
        language: feed.lang,
        items: feed.entries.iter().map(item).collect(),
    };
    Ok(serde_json::to_vec(&feed)?)
}

fn item(entry: &Entry) -> Item<'_> {
    let author = entry.author.as_deref().map(|name| Author { name });
    let attachments = entry.recordings.iter().map(|recording| Attachment {
        url: &recording.address,
        mime_type: recording.media_type,
        size_in_bytes: recording.size,
    });
    Item {
        id: entry.urn(),
        url: &entry.address,
        external_url: entry.canonical.as_deref(),
        title: &entry.title,
        content_html: &entry.html,
        summary: &entry.summary,
        image: entry.cover.as_deref(),
        date_published: rfc3339(entry.published_at),
        date_modified: rfc3339(entry.updated_at),
        authors: author.into_iter().collect(),
        tags: &entry.tags,
        language: entry.lang,
        attachments: attachments.collect(),
    }
}
