//! Ghost's JSON export, alone or beside its `content` folder.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::html::{self, Use};
use crate::json;
use crate::link::{is_safe_url, post_link};
use crate::model::{Access, FileRef, ImportedPost, Kind, Place, ProblemCode, Status};
use crate::reading::{FileIndex, Reading, Refs};
use crate::{markdown, time};

/// What stands for the address of the site in an export.
const SITE: &str = "__GHOST_URL__";

/// The forms that Ghost's editors keep a text in, beside its HTML.
const EDITORS: [&str; 2] = ["lexical", "mobiledoc"];

type Row = Map<String, Value>;

/// Whether a file begins as Ghost's exports do.
pub(crate) fn is_export(head: &str) -> bool {
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with('{')
        && (head.contains("\"db\"") || head.contains("\"data\""))
        && (head.contains("\"exported_on\"") || head.contains("\"posts\""))
}

pub(crate) fn read(reading: &mut Reading, path: &str) {
    let Some(bytes) = reading.read(path, reading.limits.export_bytes) else {
        return;
    };
    let tables = match json::parse(&bytes) {
        Ok(mut export) => tables_of(&mut export),
        Err(why) => {
            reading
                .problems
                .error(Place::file(path), ProblemCode::Unreadable, why);
            return;
        }
    };
    drop(bytes);
    let export = Export::of(tables);
    for post in &export.posts {
        export.read_post(reading, post);
    }
}

fn tables_of(export: &mut Value) -> Row {
    let data = match export.pointer_mut("/db/0/data") {
        Some(data) => data.take(),
        None => export["data"].take(),
    };
    match data {
        Value::Object(tables) => tables,
        _ => Row::new(),
    }
}

/// The tables of an export, joined by post.
struct Export {
    posts: Vec<Row>,
    /// By slug, to find what links within the site lead to.
    slugs: BTreeMap<String, String>,
    tags: BTreeMap<String, Vec<String>>,
    authors: BTreeMap<String, Vec<String>>,
    tiers: BTreeMap<String, Vec<String>>,
    meta: BTreeMap<String, Row>,
}

impl Export {
    fn of(mut tables: Row) -> Export {
        let posts = rows(&mut tables, "posts");
        let meta = rows(&mut tables, "posts_meta");
        Export {
            slugs: posts
                .iter()
                .filter_map(|post| Some((text(post, "slug")?, source_id(post)?)))
                .collect(),
            tags: names(&mut tables, "tags", "posts_tags", "tag_id"),
            authors: names(&mut tables, "users", "posts_authors", "author_id"),
            tiers: names(&mut tables, "products", "posts_products", "product_id"),
            meta: meta
                .into_iter()
                .filter_map(|row| Some((key(&row, "post_id")?, row)))
                .collect(),
            posts,
        }
    }

    fn read_post(&self, reading: &mut Reading, row: &Row) {
        let Some(source_id) = source_id(row) else {
            let title = text(row, "title").unwrap_or_default();
            let place = Place::default();
            reading.problems.error(place, ProblemCode::BadPost, title);
            return;
        };
        let id = key(row, "id").unwrap_or_default();
        let names = |of: &BTreeMap<String, Vec<String>>| of.get(&id).cloned().unwrap_or_default();
        let mut refs = Refs::default();
        let mut post = ImportedPost {
            title: text(row, "title").unwrap_or_default(),
            kind: match (text(row, "type").as_deref(), row.get("page")) {
                (Some("page"), _) | (None, Some(Value::Bool(true))) => Kind::Page,
                _ => Kind::Article,
            },
            access: self.access(row, names(&self.tiers)),
            slug: text(row, "slug"),
            tags: names(&self.tags),
            authors: names(&self.authors),
            excerpt: text(row, "custom_excerpt"),
            canonical_url: text(row, "canonical_url").filter(|url| is_safe_url(url)),
            search_title: self.found_as(row, &id, "meta_title"),
            search_description: self.found_as(row, &id, "meta_description"),
            source_id,
            ..ImportedPost::default()
        };
        let place = Place::post(&post.source_id);
        let mut when = |field: &str| when(reading, &place, row, field);
        post.created_at = when("created_at");
        post.updated_at = when("updated_at");
        let at = when("published_at");
        post.status = match (text(row, "status").as_deref(), at) {
            (Some("published" | "sent"), at) => Status::Published { at },
            (Some("scheduled"), Some(at)) => Status::Scheduled { at },
            _ => Status::Draft,
        };
        post.unknown = self.unknown(row, &id);
        post.markdown = self.body(reading, row, &mut refs, &place);
        post.feature_image = text(row, "feature_image").map(|address| {
            let file = file_of(&reading.files, &address);
            refs.add(file.clone());
            file
        });
        post.files = refs.into_files();
        warn_of_missing(reading, &post, &place);
        reading.add(post);
    }

    /// What search engines are told: part of the post once, beside it since.
    fn found_as(&self, row: &Row, id: &str, field: &str) -> Option<String> {
        text(row, field).or_else(|| text(self.meta.get(id)?, field))
    }

    fn access(&self, row: &Row, tiers: Vec<String>) -> Access {
        match text(row, "visibility").as_deref() {
            Some("members") => Access::Registered,
            Some("paid") => Access::Paid,
            Some("tiers") => Access::Tiers(tiers),
            Some("public") | None => Access::Public,
            // An older export names a filter such as `product:gold`.
            Some(filter) => Access::Tiers(
                filter
                    .split(',')
                    .map(|part| part.rsplit(':').next().unwrap_or(part).trim().to_owned())
                    .collect(),
            ),
        }
    }

    fn body(&self, reading: &mut Reading, row: &Row, refs: &mut Refs, place: &Place) -> String {
        let Some(source) = text(row, "html") else {
            let plain = text(row, "plaintext").unwrap_or_default();
            if EDITORS.iter().any(|name| text(row, name).is_some()) {
                let detail = "only plain text and the form of an editor";
                reading
                    .problems
                    .warn(place.clone(), ProblemCode::Simplified, detail);
            }
            return markdown::write(&markdown::paragraphs(&plain));
        };
        let files = &reading.files;
        let converted = html::fragment(&source, &mut |of, address| {
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
        let within = address.strip_prefix(SITE);
        match (of, within) {
            (Use::Link, Some(path)) if !path.starts_with("/content/") => {
                let slug = path.trim_matches('/').rsplit('/').next()?;
                let slug = slug.split(['?', '#']).next()?.trim_end_matches('/');
                Some(post_link(self.slugs.get(slug)?))
            }
            (Use::Link, None) => is_safe_url(address).then(|| address.to_owned()),
            (_, Some(_)) => Some(refs.add(file_of(files, address))),
            (_, None) => match file_of(files, address) {
                FileRef::Remote(url) if !crate::link::is_remote(&url) => None,
                file => Some(refs.add(file)),
            },
        }
    }

    fn unknown(&self, row: &Row, id: &str) -> BTreeMap<String, Value> {
        const KNOWN: [&str; 20] = [
            "id",
            "title",
            "slug",
            "html",
            "plaintext",
            "type",
            "page",
            "status",
            "visibility",
            "created_at",
            "updated_at",
            "published_at",
            "custom_excerpt",
            "canonical_url",
            "feature_image",
            "meta_title",
            "meta_description",
            "post_id",
            "author_id",
            "comment_id",
        ];
        let has_html = text(row, "html").is_some();
        let is_known = |name: &str| KNOWN.contains(&name) || has_html && EDITORS.contains(&name);
        let meta = self.meta.get(id).into_iter().flatten();
        row.iter()
            .chain(meta)
            .filter(|(name, value)| !value.is_null() && !is_known(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

fn warn_of_missing(reading: &mut Reading, post: &ImportedPost, place: &Place) {
    for file in &post.files {
        if let FileRef::Entry(path) = file
            && !reading.files.has(path)
        {
            reading
                .problems
                .warn(place.clone(), ProblemCode::MissingFile, path.clone());
        }
    }
}

/// A file of the site, in the export or where it would be in it; or one from elsewhere.
fn file_of(files: &FileIndex, address: &str) -> FileRef {
    let Some(path) = address.strip_prefix(SITE) else {
        return FileRef::Remote(address.to_owned());
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = crate::link::decode(path).unwrap_or_else(|| path.to_owned());
    let path = path.trim_start_matches('/');
    let found = files.ending(path).first().map(|found| (*found).to_owned());
    FileRef::Entry(found.unwrap_or_else(|| path.to_owned()))
}

fn when(reading: &mut Reading, place: &Place, row: &Row, field: &str) -> Option<i64> {
    let value = row.get(field).filter(|value| !value.is_null())?;
    let ms = value.as_i64().or_else(|| time::parse(value.as_str()?));
    if ms.is_none() {
        let detail = format!("{field}: {value}");
        reading
            .problems
            .warn(place.clone(), ProblemCode::BadDate, detail);
    }
    ms
}

fn rows(tables: &mut Row, name: &str) -> Vec<Row> {
    let Some(Value::Array(rows)) = tables.remove(name) else {
        return Vec::new();
    };
    rows.into_iter()
        .filter_map(|row| match row {
            Value::Object(row) => Some(row),
            _ => None,
        })
        .collect()
}

/// The names of what belongs to each post, in their order.
fn names(
    tables: &mut Row,
    things: &str,
    joins: &str,
    thing_id: &str,
) -> BTreeMap<String, Vec<String>> {
    let things: BTreeMap<String, String> = rows(tables, things)
        .iter()
        .filter_map(|row| Some((key(row, "id")?, text(row, "name")?)))
        .collect();
    let mut joins = rows(tables, joins);
    joins.sort_by_key(|row| row.get("sort_order").and_then(Value::as_i64));
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in &joins {
        if let (Some(post), Some(thing)) = (key(row, "post_id"), key(row, thing_id))
            && let Some(name) = things.get(&thing)
        {
            names.entry(post).or_default().push(name.clone());
        }
    }
    names
}

/// Ids are texts, and were numbers once.
fn key(row: &Row, field: &str) -> Option<String> {
    match row.get(field)? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn text(row: &Row, field: &str) -> Option<String> {
    let text = row.get(field)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn source_id(row: &Row) -> Option<String> {
    Some(format!("ghost:{}", key(row, "id")?))
}
