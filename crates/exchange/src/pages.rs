//! HTML files: one, or a folder of them.

use serde_json::Value;

use crate::html::{self, Use};
use crate::link::{is_absolute, is_remote, is_safe_url, post_link};
use crate::model::{FileRef, ImportedPost, Place, ProblemCode, Status};
use crate::reading::{FileIndex, Reading, Refs, extension, file_stem, is_hidden};
use crate::{charset, markdown, time};

pub(crate) fn is_page(path: &str) -> bool {
    !is_hidden(path) && matches!(extension(path).as_str(), "html" | "htm" | "xhtml")
}

pub(crate) fn read(reading: &mut Reading) {
    let pages: Vec<String> = reading
        .files
        .paths()
        .filter(|path| is_page(path))
        .map(str::to_owned)
        .collect();
    for path in &pages {
        let Some(bytes) = reading.read(path, reading.limits.text_bytes) else {
            continue;
        };
        match charset::html(&bytes) {
            Some(text) => read_page(reading, path, &text),
            None => reading
                .problems
                .error(Place::file(path), ProblemCode::NotText, ""),
        }
    }
}

fn read_page(reading: &mut Reading, path: &str, text: &str) {
    let mut refs = Refs::default();
    let mut missing = Vec::new();
    let files = &reading.files;
    let mut page = html::page(text, &mut |of, address| {
        resolve(files, path, &mut refs, of, address).unwrap_or_else(|| {
            missing.push(address.to_owned());
            None
        })
    });
    for address in missing {
        reading
            .problems
            .warn(Place::file(path), ProblemCode::MissingFile, address);
    }
    if page.body.is_cut {
        reading
            .problems
            .warn(Place::file(path), ProblemCode::TooDeep, "nested elements");
    }
    let mut meta = |names: &[&str]| names.iter().find_map(|name| page.meta.remove(*name));
    let published = meta(&["article:published_time", "date", "dc.date"]);
    let at = published.as_deref().and_then(time::parse);
    let cover = meta(&["og:image"]).filter(|url| is_remote(url));
    let feature_image = cover.map(FileRef::Remote);
    let mut post = ImportedPost {
        source_id: path.to_owned(),
        excerpt: meta(&["description", "og:description"]),
        authors: meta(&["author", "article:author"]).into_iter().collect(),
        tags: meta(&["keywords"])
            .iter()
            .flat_map(|list| list.split([',', '，']))
            .map(|tag| tag.trim().to_owned())
            .filter(|tag| !tag.is_empty())
            .collect(),
        created_at: at,
        updated_at: meta(&["article:modified_time"]).and_then(|text| time::parse(&text)),
        status: Status::Draft,
        canonical_url: page.canonical.filter(|url| is_safe_url(url)),
        ..ImportedPost::default()
    };
    if let Some(cover) = feature_image {
        refs.add(cover.clone());
        post.feature_image = Some(cover);
    }
    post.title = page
        .title
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| file_stem(path).to_owned());
    post.markdown = markdown::write(&page.body.blocks);
    post.files = refs.into_files();
    post.unknown = page
        .meta
        .into_iter()
        .map(|(name, content)| (format!("meta:{name}"), Value::from(content)))
        .collect();
    reading.add(post);
}

/// What an address becomes; the outer `None` is a file that is not there.
fn resolve(
    files: &FileIndex,
    path: &str,
    refs: &mut Refs,
    of: Use,
    address: &str,
) -> Option<Option<String>> {
    if is_absolute(address) {
        return match of {
            Use::Link => Some(is_safe_url(address).then(|| address.to_owned())),
            // Pictures written into the page itself are not kept.
            _ if !is_remote(address) => None,
            _ => Some(Some(refs.add(FileRef::Remote(address.to_owned())))),
        };
    }
    if address.is_empty() || address.starts_with('#') {
        return Some(None);
    }
    let found = files.resolve(path, address)?;
    Some(Some(match of {
        Use::Link if is_page(&found) => post_link(&found),
        _ => refs.add(FileRef::Entry(found)),
    }))
}
