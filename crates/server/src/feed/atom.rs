//! Atom 1.0 (RFC 4287), page by page (RFC 5005).

use std::io;

use super::dates::rfc3339;
use super::xml::Xml;
use super::{Entry, Feed, Format};

pub(super) fn write(feed: &Feed) -> io::Result<Vec<u8>> {
    let namespace = ("xmlns", "http://www.w3.org/2005/Atom");
    let mut xml = Xml::begin("feed", &[namespace, ("xml:lang", feed.lang)])?;
    xml.text("id", &format!("urn:uuid:{}", feed.community))?;
    xml.text("title", &feed.title)?;
    xml.text("updated", &rfc3339(feed.changed_at))?;
    let media_type = Format::Atom.media_type();
    let own = [
        ("rel", "self"),
        ("href", feed.own_address.as_str()),
        ("type", media_type),
    ];
    xml.empty("link", &own)?;
    xml.empty("link", &[("rel", "alternate"), ("href", &feed.home)])?;
    if let Some(next) = &feed.next_address {
        xml.empty("link", &[("rel", "next"), ("href", next)])?;
    }
    author(&mut xml, &feed.title)?;
    for one in &feed.entries {
        entry(&mut xml, one)?;
    }
    xml.end("feed")
}

fn author(xml: &mut Xml, name: &str) -> io::Result<()> {
    xml.open("author", &[])?;
    xml.text("name", name)?;
    xml.close("author")
}

fn entry(xml: &mut Xml, entry: &Entry) -> io::Result<()> {
    xml.open("entry", &[("xml:lang", entry.lang)])?;
    xml.text("id", &entry.urn())?;
    xml.text("title", &entry.title)?;
    let link = entry.canonical.as_ref().unwrap_or(&entry.address);
    xml.empty("link", &[("rel", "alternate"), ("href", link)])?;
    xml.text("published", &rfc3339(entry.published_at))?;
    xml.text("updated", &rfc3339(entry.updated_at))?;
    if let Some(name) = &entry.author {
        author(xml, name)?;
    }
    for tag in &entry.tags {
        xml.empty("category", &[("term", tag)])?;
    }
    xml.text("summary", &entry.summary)?;
    xml.text_with("content", &[("type", "html")], &entry.html)?;
    for recording in &entry.recordings {
        let size = recording.size.to_string();
        let enclosure = [
            ("rel", "enclosure"),
            ("href", recording.address.as_str()),
            ("type", recording.media_type),
            ("length", size.as_str()),
        ];
        xml.empty("link", &enclosure)?;
    }
    xml.close("entry")
}
