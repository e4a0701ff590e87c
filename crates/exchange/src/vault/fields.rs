//! What programs call the fields of a note, and what they are here.

use serde_json::{Map, Value};

use crate::link::is_safe_url;
use crate::model::{Access, FileRef, ImportedPost, Place, ProblemCode, Status};
use crate::reading::Reading;
use crate::time;

/// Takes what is known; all else stays as it was.
pub(super) fn take(
    reading: &mut Reading,
    path: &str,
    post: &mut ImportedPost,
    mut fields: Map<String, Value>,
) {
    post.title = text(&mut fields, &["title"]).unwrap_or_default();
    post.slug = text(&mut fields, &["slug"]);
    post.excerpt = text(&mut fields, &["excerpt", "description", "summary"]);
    for key in ["tags", "tag", "categories", "category", "keywords"] {
        post.tags.extend(list(&mut fields, key));
    }
    let mut seen = std::collections::BTreeSet::new();
    post.tags.retain(|tag| seen.insert(tag.clone()));
    for key in ["authors", "author"] {
        post.authors.extend(list(&mut fields, key));
    }
    let canonical = ["canonical_url", "canonical", "canonicalURL", "canonicalUrl"];
    post.canonical_url = text_if(&mut fields, &canonical, is_safe_url);
    post.search_title = text(&mut fields, &["meta_title", "seo_title"]);
    post.search_description = text(&mut fields, &["meta_description", "seo_description"]);
    let covers = [
        "feature_image",
        "featured_image",
        "cover",
        "image",
        "banner",
        "thumbnail",
    ];
    post.feature_image = text(&mut fields, &covers).map(FileRef::Remote);
    let mut date = |keys: &[&str]| date(reading, path, &mut fields, keys);
    let at = date(&[
        "date",
        "published_at",
        "publish_date",
        "publishDate",
        "pubDate",
    ]);
    post.created_at = date(&["created_at", "created"]).or(at);
    post.updated_at = date(&[
        "updated_at",
        "updated",
        "lastmod",
        "modified",
        "last_modified_at",
    ]);
    post.status = status(&mut fields, at);
    post.access = access(&mut fields);
    post.unknown = fields.into_iter().collect();
}

fn status(fields: &mut Map<String, Value>, at: Option<i64>) -> Status {
    let published = Status::Published { at };
    let scheduled = at.map_or(Status::Draft, |at| Status::Scheduled { at });
    let draft = take_if(fields, "draft", Value::as_bool);
    let publish = ["published", "publish"]
        .into_iter()
        .find_map(|key| take_if(fields, key, Value::as_bool));
    let named = take_if(fields, "status", |value| match value.as_str()? {
        "published" | "publish" | "public" => Some(published),
        "scheduled" | "future" => Some(scheduled),
        "draft" => Some(Status::Draft),
        _ => None,
    });
    match (named, draft, publish) {
        (Some(status), _, _) => status,
        (None, Some(true), _) | (None, None, Some(false)) => Status::Draft,
        (None, Some(false), _) | (None, None, Some(true)) => published,
        (None, None, None) => Status::Draft,
    }
}

fn access(fields: &mut Map<String, Value>) -> Access {
    let named = ["access", "visibility"].into_iter().find_map(|key| {
        take_if(fields, key, |value| match value.as_str()? {
            "public" => Some(Access::Public),
            "members" | "registered" => Some(Access::Registered),
            "paid" => Some(Access::Paid),
            "private" => Some(Access::Nobody),
            _ => None,
        })
    });
    let tiers = list(fields, "tiers");
    match tiers.is_empty() {
        true => named.unwrap_or_default(),
        false => Access::Tiers(tiers),
    }
}

/// Takes a field out if it is what is asked for, and leaves it if not.
fn take_if<T>(
    fields: &mut Map<String, Value>,
    key: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Option<T> {
    let found = read(fields.get(key)?)?;
    fields.remove(key);
    Some(found)
}

fn text(fields: &mut Map<String, Value>, keys: &[&str]) -> Option<String> {
    text_if(fields, keys, |_| true)
}

fn text_if(
    fields: &mut Map<String, Value>,
    keys: &[&str],
    is_it: impl Fn(&str) -> bool,
) -> Option<String> {
    keys.iter().find_map(|key| {
        take_if(fields, key, |value| match value {
            Value::String(text) if !text.trim().is_empty() && is_it(text) => {
                Some(text.trim().to_owned())
            }
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    })
}

/// Names as a list, or as one text with commas between them.
fn list(fields: &mut Map<String, Value>, key: &str) -> Vec<String> {
    let found = take_if(fields, key, |value| match value {
        Value::String(text) => Some(text.split([',', '，', '、']).map(str::to_owned).collect()),
        Value::Array(values) => values
            .iter()
            .map(|value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
            .collect(),
        _ => None,
    });
    let found: Vec<String> = found.unwrap_or_default();
    found
        .iter()
        .map(|name| name.trim().trim_start_matches('#').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn date(
    reading: &mut Reading,
    path: &str,
    fields: &mut Map<String, Value>,
    keys: &[&str],
) -> Option<i64> {
    for key in keys {
        let found = take_if(fields, key, |value| time::parse(value.as_str()?));
        if found.is_some() {
            return found;
        }
        if let Some(value) = fields.get(*key).filter(|value| value.is_string()) {
            let detail = format!("{key}: {value}");
            let place = Place::file(path);
            reading.problems.warn(place, ProblemCode::BadDate, detail);
        }
    }
    None
}
