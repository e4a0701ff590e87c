//! The fields of a post at the top of its note. Each value is JSON, which is YAML too.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::model::{ImportedPost, Status};
use crate::time;

/// The field that says whose note this is, and the version of its form.
pub(crate) const MARK: &str = "stoa";

/// Every field but the text, in the order they are written. What a post does not have is left out.
pub(super) fn fields(post: &ImportedPost) -> Vec<(&'static str, Value)> {
    let (status, at) = match post.status {
        Status::Draft => ("draft", None),
        Status::Scheduled { at } => ("scheduled", Some(at)),
        Status::Published { at } => ("published", at),
    };
    let moment = |at: Option<i64>| at.map(|ms| time::format(ms).map_or(json!(ms), Value::from));
    let fields = [
        (MARK, Some(json!(super::VERSION))),
        ("id", Some(json!(post.source_id))),
        ("title", Some(json!(post.title))),
        ("slug", post.slug.as_ref().map(|slug| json!(slug))),
        ("kind", Some(json!(post.kind))),
        ("status", Some(json!(status))),
        ("at", moment(at)),
        ("access", Some(json!(post.access))),
        ("singly", post.is_sold_singly.then_some(Value::Bool(true))),
        ("tags", (!post.tags.is_empty()).then(|| json!(post.tags))),
        (
            "authors",
            (!post.authors.is_empty()).then(|| json!(post.authors)),
        ),
        ("excerpt", post.excerpt.as_ref().map(|text| json!(text))),
        (
            "feature_image",
            post.feature_image.as_ref().map(|file| json!(file)),
        ),
        (
            "canonical_url",
            post.canonical_url.as_ref().map(|url| json!(url)),
        ),
        ("starts_at", moment(post.starts_at)),
        ("lasts_minutes", post.lasts_minutes.map(|n| json!(n))),
        ("join_link", post.join_link.as_ref().map(|link| json!(link))),
        ("recording", post.recording.as_ref().map(|file| json!(file))),
        (
            "search_title",
            post.search_title.as_ref().map(|text| json!(text)),
        ),
        (
            "search_description",
            post.search_description.as_ref().map(|text| json!(text)),
        ),
        ("created_at", moment(post.created_at)),
        ("updated_at", moment(post.updated_at)),
        ("files", (!post.files.is_empty()).then(|| json!(post.files))),
        (
            "unknown",
            (!post.unknown.is_empty()).then(|| json!(post.unknown)),
        ),
    ];
    fields
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

pub(super) fn note(fields: &[(&str, Value)], body: &str) -> String {
    let mut out = "---\n".to_owned();
    for (key, value) in fields {
        out.push_str(key);
        out.push_str(": ");
        push_json(&mut out, value);
        out.push('\n');
    }
    out.push_str("---\n\n");
    out.push_str(body);
    out
}

/// Reads what [`fields`] wrote.
pub(super) fn post(mut fields: Map<String, Value>) -> Result<ImportedPost, String> {
    if fields.get(MARK) != Some(&json!(super::VERSION)) {
        return Err("made by a newer version".to_owned());
    }
    let at = moment(&mut fields, "at")?;
    let status: Option<String> = take(&mut fields, "status")?;
    Ok(ImportedPost {
        source_id: take(&mut fields, "id")?.ok_or("it has no id")?,
        title: take(&mut fields, "title")?.unwrap_or_default(),
        markdown: String::new(),
        kind: take(&mut fields, "kind")?.unwrap_or_default(),
        status: match (status.as_deref(), at) {
            (Some("published"), at) => Status::Published { at },
            (Some("scheduled"), Some(at)) => Status::Scheduled { at },
            _ => Status::Draft,
        },
        access: take(&mut fields, "access")?.unwrap_or_default(),
        is_sold_singly: take(&mut fields, "singly")?.unwrap_or_default(),
        slug: take(&mut fields, "slug")?,
        tags: take(&mut fields, "tags")?.unwrap_or_default(),
        excerpt: take(&mut fields, "excerpt")?,
        feature_image: take(&mut fields, "feature_image")?,
        canonical_url: take(&mut fields, "canonical_url")?,
        starts_at: moment(&mut fields, "starts_at")?,
        lasts_minutes: take(&mut fields, "lasts_minutes")?,
        join_link: take(&mut fields, "join_link")?,
        recording: take(&mut fields, "recording")?,
        search_title: take(&mut fields, "search_title")?,
        search_description: take(&mut fields, "search_description")?,
        authors: take(&mut fields, "authors")?.unwrap_or_default(),
        created_at: moment(&mut fields, "created_at")?,
        updated_at: moment(&mut fields, "updated_at")?,
        files: take(&mut fields, "files")?.unwrap_or_default(),
        unknown: take(&mut fields, "unknown")?.unwrap_or_default(),
    })
}

fn take<T: DeserializeOwned>(
    fields: &mut Map<String, Value>,
    key: &str,
) -> Result<Option<T>, String> {
    match fields.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => serde_json::from_value(value)
            .map(Some)
            .map_err(|why| format!("{key}: {why}")),
    }
}

fn moment(fields: &mut Map<String, Value>, key: &str) -> Result<Option<i64>, String> {
    match take(fields, key)? {
        None => Ok(None),
        Some(Value::String(text)) => match time::parse(&text) {
            None => Err(format!("{key}: {text}")),
            at => Ok(at),
        },
        Some(value) => Ok(value.as_i64()),
    }
}

/// JSON with its keys in order, one post or file a line.
pub(super) fn canonical(manifest: &Value) -> String {
    let mut out = "{\n".to_owned();
    let lists = manifest.as_object().into_iter().flatten();
    let mut parts: Vec<String> = lists
        .map(|(key, value)| match value.as_array() {
            Some(rows) => {
                let rows: Vec<String> = rows.iter().map(json_line).collect();
                format!("\"{key}\": [\n{}\n]", rows.join(",\n"))
            }
            None => format!("\"{key}\": {}", json_line(value)),
        })
        .collect();
    parts.sort();
    out.push_str(&parts.join(",\n"));
    out.push_str("\n}\n");
    out
}

fn json_line(value: &Value) -> String {
    let mut out = String::new();
    push_json(&mut out, value);
    out
}

fn push_json(out: &mut String, value: &Value) {
    match value {
        Value::Array(values) => {
            out.push('[');
            for (n, value) in values.iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                push_json(out, value);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (n, (key, value)) in entries.into_iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                push_text(out, key);
                out.push_str(": ");
                push_json(out, value);
            }
            out.push('}');
        }
        Value::String(text) => push_text(out, text),
        other => out.push_str(&other.to_string()),
    }
}

/// A text as JSON, with what YAML does not print as escapes.
fn push_text(out: &mut String, text: &str) {
    for c in Value::from(text).to_string().chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
}
