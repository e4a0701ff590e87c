//! WordPress' export: WXR, an RSS with everything in it.

mod item;
mod shortcode;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::html::{self, Use};
use crate::link::{is_absolute, is_remote, is_safe_url, post_link};
use crate::model::{Access, FileRef, ImportedPost, Kind, Place, ProblemCode, Status};
use crate::reading::{FileIndex, Reading, Refs};
use crate::{charset, markdown, time};
use item::{Channel, Item};

/// Whether a file begins as WordPress' exports do.
pub(crate) fn is_export(head: &str) -> bool {
    head.contains("<rss") && head.contains("wordpress.org/export/")
}

pub(crate) fn read(reading: &mut Reading, path: &str) {
    let Some(bytes) = reading.read(path, reading.limits.export_bytes) else {
        return;
    };
    let Some(xml) = charset::html(&bytes) else {
        let place = Place::file(path);
        reading.problems.error(place, ProblemCode::NotText, "");
        return;
    };
    drop(bytes);
    let channel = item::read(&xml);
    drop(xml);
    if let Some((line, why)) = &channel.ends_early {
        let place = Place::line(path, *line);
        reading
            .problems
            .error(place, ProblemCode::Truncated, why.clone());
    }
    let site = Site::of(&channel);
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for item in &channel.items {
        match (item.field("wp:post_type"), item.field("wp:status")) {
            (_, "trash") => *left_out.entry("trash").or_default() += 1,
            ("post" | "page" | "", _) => site.read_item(reading, item),
            ("attachment", _) => {}
            (other, _) => *left_out.entry(other).or_default() += 1,
        }
    }
    for (kind, n) in left_out {
        let detail = format!("{kind}: {n}");
        reading
            .problems
            .warn(Place::file(path), ProblemCode::LeftOut, detail);
    }
}

/// What items say of each other.
struct Site<'c> {
    channel: &'c Channel,
    /// The addresses of files, by their id.
    attachments: BTreeMap<&'c str, &'c str>,
    /// The source ids of posts, by their address.
    posts: BTreeMap<&'c str, String>,
}

impl<'c> Site<'c> {
    fn of(channel: &'c Channel) -> Site<'c> {
        let items = || channel.items.iter();
        Site {
            channel,
            attachments: items()
                .filter(|item| !item.field("wp:attachment_url").is_empty())
                .map(|item| (item.field("wp:post_id"), item.field("wp:attachment_url")))
                .collect(),
            posts: items()
                .filter(|item| matches!(item.field("wp:post_type"), "post" | "page"))
                .map(|item| (item.field("link").trim_end_matches('/'), source_id(item)))
                .collect(),
        }
    }

    fn read_item(&self, reading: &mut Reading, item: &Item) {
        let source_id = source_id(item);
        let place = Place::post(&source_id);
        if item.field("wp:post_id").is_empty() && item.field("guid").is_empty() {
            let title = item.field("title");
            reading.problems.error(place, ProblemCode::BadPost, title);
            return;
        }
        let mut refs = Refs::default();
        let (status, access) = self.state(reading, item, &place);
        let (teaser, body) = shortcode::split_at_more(item.field("content:encoded"));
        let excerpt = match item.field("excerpt:encoded") {
            "" => html::text(&shortcode::expand(
                teaser.unwrap_or_default(),
                &self.attachments,
            )),
            excerpt => html::text(excerpt),
        };
        let mut post = ImportedPost {
            title: html::text(item.field("title")),
            markdown: self.body(reading, &body, &mut refs, &place),
            kind: kind_of(item),
            status,
            access,
            slug: non_empty(item.field("wp:post_name")),
            tags: tags_of(item),
            excerpt: non_empty(&excerpt),
            search_title: found_as(item, YOAST_TITLE),
            search_description: found_as(item, YOAST_DESCRIPTION),
            authors: self.author(item).into_iter().collect(),
            created_at: date(item, "wp:post_date_gmt").or_else(|| date(item, "wp:post_date")),
            updated_at: date(item, "wp:post_modified_gmt"),
            unknown: unknown_of(item),
            source_id,
            ..ImportedPost::default()
        };
        let cover = item.meta.iter().find(|(key, _)| key == "_thumbnail_id");
        if let Some(url) = cover.and_then(|(_, id)| self.attachments.get(id.as_str())) {
            let file = file_of(&reading.files, url);
            refs.add(file.clone());
            post.feature_image = Some(file);
        }
        post.files = refs.into_files();
        reading.add(post);
    }

    fn state(&self, reading: &mut Reading, item: &Item, place: &Place) -> (Status, Access) {
        let at = date(item, "wp:post_date_gmt")
            .or_else(|| date(item, "pubDate"))
            .or_else(|| date(item, "wp:post_date"));
        let (status, access) = match (item.field("wp:status"), at) {
            ("publish", at) => (Status::Published { at }, Access::Public),
            ("private", at) => (Status::Published { at }, Access::Nobody),
            ("future", Some(at)) => (Status::Scheduled { at }, Access::Public),
            _ => (Status::Draft, Access::Public),
        };
        if item.field("wp:post_password").is_empty() {
            return (status, access);
        }
        reading
            .problems
            .warn(place.clone(), ProblemCode::Password, "");
        (status, Access::Nobody)
    }

    fn body(&self, reading: &mut Reading, body: &str, refs: &mut Refs, place: &Place) -> String {
        let html = shortcode::expand(body, &self.attachments);
        let files = &reading.files;
        let converted = html::fragment(&html, &mut |of, address| {
            self.resolve(files, refs, of, address)
        });
        if converted.is_cut {
            reading
                .problems
                .warn(place.clone(), ProblemCode::TooDeep, "nested elements");
        }
        markdown::write(&converted.blocks)
    }

    fn resolve(
        &self,
        files: &FileIndex,
        refs: &mut Refs,
        of: Use,
        address: &str,
    ) -> Option<String> {
        // Addresses without a host are those of the site.
        let absolute = match is_absolute(address) || address.is_empty() {
            true => address.to_owned(),
            false => format!("{}/{}", self.channel.site, address.trim_start_matches('/')),
        };
        if of == Use::Link {
            let page = absolute.split(['?', '#']).next().unwrap_or_default();
            if let Some(id) = self.posts.get(page.trim_end_matches('/')) {
                return Some(post_link(id));
            }
            return is_safe_url(&absolute).then_some(absolute);
        }
        is_remote(&absolute).then(|| refs.add(file_of(files, &absolute)))
    }

    fn author(&self, item: &Item) -> Option<String> {
        let login = item.field("dc:creator");
        let name = self.channel.authors.get(login).map(String::as_str);
        non_empty(name.unwrap_or(login))
    }
}

/// A file of the site: beside the export if its folder of uploads is there, else where it is.
fn file_of(files: &FileIndex, url: &str) -> FileRef {
    let uploads = url.split_once("/wp-content/").map(|(_, path)| path);
    let found = uploads.and_then(|path| {
        let path = path.split(['?', '#']).next()?;
        let path = crate::link::decode(path)?;
        files.ending(&path).first().map(|found| (*found).to_owned())
    });
    match found {
        Some(path) => FileRef::Entry(path),
        None => FileRef::Remote(url.to_owned()),
    }
}

/// The guid names a post for ever, also beside those of another site.
fn source_id(item: &Item) -> String {
    match item.field("guid") {
        "" => format!("wordpress:{}", item.field("wp:post_id")),
        guid => format!("wordpress:{guid}"),
    }
}

fn kind_of(item: &Item) -> Kind {
    let format = item
        .categories
        .iter()
        .find(|category| category.domain == "post_format");
    match format.map(|format| format.slug.as_str()) {
        Some("post-format-audio") => Kind::Audio,
        Some("post-format-video") => Kind::Video,
        Some("post-format-gallery") => Kind::Gallery,
        _ if item.field("wp:post_type") == "page" => Kind::Page,
        _ => Kind::Article,
    }
}

/// Categories and tags by name, each once. Everything is in the category that WordPress puts what
/// is in none.
fn tags_of(item: &Item) -> Vec<String> {
    let mut seen = BTreeSet::new();
    item.categories
        .iter()
        .filter(|category| matches!(category.domain.as_str(), "category" | "post_tag"))
        .filter(|category| category.slug != "uncategorized")
        .map(|category| html::one_line(&category.name))
        .filter(|name| !name.is_empty() && seen.insert(name.clone()))
        .collect()
}

/// Where Yoast SEO keeps what search engines are told.
const YOAST_TITLE: &str = "_yoast_wpseo_title";
const YOAST_DESCRIPTION: &str = "_yoast_wpseo_metadesc";

/// What search engines are told; what is to be put together of other fields is not taken.
fn found_as(item: &Item, field: &str) -> Option<String> {
    let (_, text) = item.meta.iter().find(|(name, _)| name == field)?;
    non_empty(text.trim()).filter(|text| !text.contains("%%"))
}

fn unknown_of(item: &Item) -> BTreeMap<String, Value> {
    const KNOWN: [&str; 17] = [
        "title",
        "link",
        "pubDate",
        "guid",
        "description",
        "dc:creator",
        "content:encoded",
        "excerpt:encoded",
        "wp:post_id",
        "wp:post_date",
        "wp:post_date_gmt",
        "wp:post_modified",
        "wp:post_modified_gmt",
        "wp:post_name",
        "wp:status",
        "wp:post_type",
        "wp:post_password",
    ];
    let fields = item
        .fields
        .iter()
        .filter(|(name, value)| !KNOWN.contains(&name.as_str()) && !value.is_empty())
        .map(|(name, value)| (name.clone(), value.clone()));
    let is_taken = |name: &str| {
        matches!(name, YOAST_TITLE | YOAST_DESCRIPTION) && found_as(item, name).is_some()
    };
    let meta = item.meta.iter().filter(|(name, _)| !is_taken(name));
    let meta = meta.map(|(name, value)| (format!("meta:{name}"), value.clone()));
    let mut unknown: BTreeMap<String, Value> = fields
        .chain(meta)
        .map(|(name, value)| (name, Value::from(value)))
        .collect();
    if item.n_comments > 0 {
        unknown.insert("comments".to_owned(), Value::from(item.n_comments));
    }
    unknown
}

fn date(item: &Item, field: &str) -> Option<i64> {
    time::parse(item.field(field))
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
