//! RSS 2.0, with what it lacks from the modules that readers know: whole texts (`content`), names
//! without an e-mail (`dc`), and the way to the next page (`atom`).

use std::io;

use super::dates::{http_date, rfc3339};
use super::xml::Xml;
use super::{Entry, Feed, Format};

const NAMESPACES: &[(&str, &str)] = &[
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
];

pub(super) fn write(feed: &Feed) -> io::Result<Vec<u8>> {
    let mut xml = Xml::begin("rss", NAMESPACES)?;
    xml.open("channel", &[])?;
    xml.text("title", &feed.title)?;
    xml.text("link", &feed.home)?;
    xml.text("description", &feed.title)?;
    xml.text("language", feed.lang)?;
    xml.text("lastBuildDate", &http_date(feed.changed_at))?;
    link(&mut xml, "self", &feed.own_address)?;
    if let Some(next) = &feed.next_address {
        link(&mut xml, "next", next)?;
    }
    for entry in &feed.entries {
        item(&mut xml, entry)?;
    }
    xml.close("channel")?;
    xml.end("rss")
}

fn link(xml: &mut Xml, rel: &str, href: &str) -> io::Result<()> {
    let media_type = Format::Rss.media_type();
    xml.empty(
        "atom:link",
        &[("rel", rel), ("href", href), ("type", media_type)],
    )
}

fn item(xml: &mut Xml, entry: &Entry) -> io::Result<()> {
    xml.open("item", &[("xml:lang", entry.lang)])?;
    xml.text("title", &entry.title)?;
    let link = entry.canonical.as_ref().unwrap_or(&entry.address);
    xml.text("link", link)?;
    xml.text_with("guid", &[("isPermaLink", "false")], &entry.urn())?;
    xml.text("pubDate", &http_date(entry.published_at))?;
    xml.text("atom:updated", &rfc3339(entry.updated_at))?;
    xml.text("dc:language", entry.lang)?;
    if let Some(author) = &entry.author {
        xml.text("dc:creator", author)?;
    }
    for tag in &entry.tags {
        xml.text("category", tag)?;
    }
    xml.text("description", &entry.summary)?;
    if !entry.html.is_empty() {
        xml.text("content:encoded", &entry.html)?;
    }
    // More than one is not what readers expect.
    if let Some(recording) = entry.recordings.first() {
        let size = recording.size.to_string();
        xml.empty(
            "enclosure",
            &[
                ("url", &recording.address),
                ("length", &size),
                ("type", recording.media_type),
            ],
        )?;
    }
    xml.close("item")
}
