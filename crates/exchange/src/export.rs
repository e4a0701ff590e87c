//! Our own export: a folder that every editor can read, and a file that says everything.
//!
//! `posts/` holds a note for each post, `media/` the files by what is in them, and `stoa.json` every
//! field of every post and the hash of every file. The bytes follow from the contents alone. An
//! address in a text that happens to name a note or file of the export comes back as a link to it.

mod front;
mod names;

use std::collections::BTreeMap;
use std::io::{self, Seek, Write};

use serde_json::{Map, Value, json};
use zip::write::SimpleFileOptions;

use crate::courses;
use crate::limits::MIB;
use crate::link::{each_file, encode_path, is_absolute, linked_file, linked_post};
use crate::model::{FileRef, ImportedPost};
use crate::reading::{Reading, extension};
use crate::tags;
use crate::vault::NoteIds;
pub(crate) use front::MARK;

/// Where the files of an export lie.
pub const MEDIA_FOLDER: &str = "media";
const MANIFEST: &str = "stoa.json";
const VERSION: u64 = 1;

/// A file that posts name as [`FileRef::Entry`]. Its contents stay where they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MediaFile {
    pub path: String,
    pub size: u64,
    /// BLAKE3 of the contents.
    pub hash: [u8; 32],
}

impl MediaFile {
    pub fn of(path: &str, bytes: &[u8]) -> MediaFile {
        MediaFile {
            path: path.to_owned(),
            size: bytes.len() as u64,
            hash: *blake3::hash(bytes).as_bytes(),
        }
    }

    /// Where it goes in an export: equal files have one name, and no name depends on a system.
    pub fn exported_path(&self) -> String {
        let hash = blake3::Hash::from_bytes(self.hash).to_hex();
        let ending: String = extension(&self.path)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(8)
            .collect();
        match ending.as_str() {
            "" => format!("{MEDIA_FOLDER}/{}", &hash[..32]),
            ending => format!("{MEDIA_FOLDER}/{}.{ending}", &hash[..32]),
        }
    }
}

/// What an export consists of, in the order it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Paths and contents.
    pub texts: Vec<(String, Vec<u8>)>,
    /// Where a file is, and where it goes.
    pub media: Vec<(String, String)>,
}

/// Puts an export together. The order of posts and files makes no difference.
pub fn export(posts: &[ImportedPost], media: &[MediaFile]) -> Exported {
    let mut posts: Vec<&ImportedPost> = posts.iter().collect();
    posts.sort_by(|a, b| a.source_id.cmp(&b.source_id));
    let paths = names::paths(&posts);
    let target = Targets {
        files: media
            .iter()
            .map(|file| (file.path.as_str(), file.exported_path()))
            .collect(),
        posts: posts
            .iter()
            .zip(&paths)
            .map(|(post, path)| (post.source_id.as_str(), path.as_str()))
            .collect(),
    };
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut listed = Vec::new();
    for (post, path) in posts.iter().zip(&paths) {
        let post = target.exported(post);
        let mut fields = front::fields(&post);
        texts.push((
            path.clone(),
            front::note(&fields, &post.markdown).into_bytes(),
        ));
        fields.push(("path", json!(path)));
        listed.push(Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        ));
    }
    texts.sort();
    let mut copies: Vec<(String, String)> = Vec::new();
    for file in media {
        copies.push((file.path.clone(), file.exported_path()));
    }
    copies.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    copies.dedup_by(|later, first| later.1 == first.1);
    let manifest = json!({
        "version": VERSION,
        "posts": listed,
        "files": files(&texts, media),
    });
    texts.push((
        MANIFEST.to_owned(),
        front::canonical(&manifest).into_bytes(),
    ));
    Exported {
        texts,
        media: copies,
    }
}

/// Every file of the export but the list itself.
fn files(texts: &[(String, Vec<u8>)], media: &[MediaFile]) -> Vec<Value> {
    let mut files: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let entry = |size: u64, hash: String| {
        Map::from_iter([
            ("size".to_owned(), json!(size)),
            ("blake3".to_owned(), json!(hash)),
        ])
    };
    for (path, bytes) in texts {
        let hash = blake3::hash(bytes).to_hex().to_string();
        files.insert(path.clone(), entry(bytes.len() as u64, hash));
    }
    for file in media {
        let hash = blake3::Hash::from_bytes(file.hash).to_hex().to_string();
        let listed = files
            .entry(file.exported_path())
            .or_insert_with(|| entry(file.size, hash));
        let name = json!(file.path);
        let is_first = listed
            .get("name")
            .and_then(Value::as_str)
            .is_none_or(|other| file.path.as_str() < other);
        if is_first {
            listed.insert("name".to_owned(), name);
        }
    }
    files
        .into_iter()
        .map(|(path, mut file)| {
            file.insert("path".to_owned(), json!(path));
            Value::Object(file)
        })
        .collect()
}

/// Where posts and files are in the export.
struct Targets<'t> {
    files: BTreeMap<&'t str, String>,
    posts: BTreeMap<&'t str, &'t str>,
}

impl Targets<'_> {
    fn exported(&self, post: &ImportedPost) -> ImportedPost {
        let mut post = post.clone();
        let file = |address: &str| {
            let path = linked_file(address)?;
            Some(format!("../{}", self.files.get(path.as_str())?))
        };
        post.recording = post.recording.map(|address| moved(address, &file));
        post.markdown = readdress(&post.markdown, &|address| {
            if linked_file(address).is_some() {
                return file(address);
            }
            let path = self.posts.get(linked_post(address)?.as_str())?;
            Some(encode_path(path.strip_prefix("posts/")?))
        });
        for file in post.files.iter_mut().chain(&mut post.feature_image) {
            if let FileRef::Entry(path) = file
                && let Some(target) = self.files.get(path.as_str())
            {
                path.clone_from(target);
            }
        }
        post
    }
}

/// The address of a recording with a new one for each of its files that has one.
fn moved(address: String, new: &dyn Fn(&str) -> Option<String>) -> String {
    each_file(&address, &mut |address| new(address)).unwrap_or(address)
}

/// Replaces the addresses of links and pictures that have a new one.
fn readdress(markdown: &str, new: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(at) = rest.find("](") {
        let (before, address) = rest.split_at(at + 2);
        out.push_str(before);
        let length = address
            .find(|c: char| c == ')' || c.is_whitespace())
            .unwrap_or(address.len());
        match each_file(&address[..length], &mut |address| new(address)) {
            Some(new) => out.push_str(&new),
            None => out.push_str(&address[..length]),
        }
        rest = &address[length..];
    }
    out.push_str(rest);
    out
}

/// A post as one text, in which every field but its source id has a part.
pub(crate) fn note_of(post: &ImportedPost) -> String {
    let mut fields = front::fields(post);
    fields.retain(|(key, _)| *key != "id");
    front::note(&fields, &post.markdown)
}

/// Writes an export as a zip; `read` gives the contents of a file by its path in
/// [`Exported::media`].
///
/// # Errors
/// When reading or writing fails.
pub fn write_zip<W: Write + Seek>(
    exported: &Exported,
    writer: W,
    read: &mut dyn FnMut(&str) -> io::Result<Vec<u8>>,
) -> io::Result<W> {
    let mut zip = zip::ZipWriter::new(writer);
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let packed = options.compression_method(zip::CompressionMethod::Deflated);
    let stored = options.compression_method(zip::CompressionMethod::Stored);
    for (path, bytes) in &exported.texts {
        zip.start_file(path.as_str(), packed)?;
        zip.write_all(bytes)?;
    }
    for (from, to) in &exported.media {
        zip.start_file(to.as_str(), stored)?;
        zip.write_all(&read(from)?)?;
    }
    Ok(zip.finish()?)
}

/// What the notes of an export are known by, if this is one; with it come its book of tags and the
/// outlines of its courses.
pub(crate) fn note_ids(reading: &mut Reading) -> NoteIds {
    let manifest = reading
        .files
        .ending(MANIFEST)
        .first()
        .map(|path| (*path).to_owned());
    let Some(manifest) = manifest else {
        return NoteIds::new();
    };
    let folder = manifest
        .strip_suffix(MANIFEST)
        .unwrap_or_default()
        .to_owned();
    let bytes = reading.read(&manifest, 64 * MIB).unwrap_or_default();
    let list = crate::json::parse(&bytes).unwrap_or_default();
    reading.tags = tags::read(reading, &folder);
    reading.courses = courses::read(reading, &folder);
    let posts = list["posts"].as_array().into_iter().flatten();
    posts
        .filter_map(|post| {
            let path = format!("{folder}{}", post["path"].as_str()?);
            Some((path, post["id"].as_str()?.to_owned()))
        })
        .collect()
}

/// Reads a note of an export; `resolve` gives the placeholder for an address relative to it.
pub(crate) fn read_post(
    fields: Map<String, Value>,
    body: &str,
    resolve: &dyn Fn(&str) -> Option<String>,
) -> Result<ImportedPost, String> {
    let mut post = front::post(fields)?;
    let found = |address: &str| match is_absolute(address) {
        true => None,
        false => resolve(address),
    };
    post.markdown = readdress(body, &found);
    post.recording = post.recording.map(|address| moved(address, &found));
    for file in post.files.iter_mut().chain(&mut post.feature_image) {
        if let FileRef::Entry(path) = file {
            let placeholder = resolve(&format!("../{}", encode_path(path)));
            if let Some(found) = placeholder.as_deref().and_then(linked_file) {
                *path = found;
            }
        }
    }
    Ok(post)
}

/// The text with an address for each placeholder that has one by now. Both are asked with what
/// [`crate::file_link`] and [`crate::post_link`] were made from.
pub fn replace_placeholders(
    markdown: &str,
    file: &dyn Fn(&str) -> Option<String>,
    post: &dyn Fn(&str) -> Option<String>,
) -> String {
    readdress(markdown, &|address| {
        if let Some(path) = linked_file(address) {
            return file(&path);
        }
        post(&linked_post(address)?)
    })
}

/// The address of a recording with one for each placeholder that has one by now, as
/// [`replace_placeholders`] does it in a text; `None` where its own file has none.
pub fn replace_in_address(address: &str, file: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    each_file(address, &mut |address| file(&linked_file(address)?))
}
