//! A folder of Markdown notes: an Obsidian vault, a static site's posts, or our own export.

mod fields;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::front_matter::{self, FrontMatter};
use crate::link::{file_link, is_absolute, is_remote, is_safe_url, post_link};
use crate::model::{FileRef, ImportedPost, Kind, Place, ProblemCode};
use crate::reading::{FileIndex, Reading, Refs, extension, file_name, file_stem, is_hidden};
use crate::{charset, export};

/// Whether a file is a note.
pub(crate) fn is_note(path: &str) -> bool {
    !is_hidden(path) && matches!(extension(path).as_str(), "md" | "markdown" | "txt")
}

pub(crate) fn read(reading: &mut Reading) {
    let notes: Vec<String> = reading
        .files
        .paths()
        .filter(|path| is_note(path))
        .map(str::to_owned)
        .collect();
    let ids = export::note_ids(reading);
    for path in &notes {
        let Some(bytes) = reading.read(path, reading.limits.text_bytes) else {
            continue;
        };
        match charset::text(&bytes) {
            Some(text) => read_note(reading, path, &text, &ids),
            None => reading
                .problems
                .error(Place::file(path), ProblemCode::NotText, ""),
        }
    }
}

/// What notes of our own export are known by, by their path.
pub(crate) type NoteIds = BTreeMap<String, String>;

fn read_note(reading: &mut Reading, path: &str, text: &str, ids: &NoteIds) {
    let (front, body) = front_matter::split(text);
    let mut post = ImportedPost {
        source_id: path.to_owned(),
        ..ImportedPost::default()
    };
    match front {
        FrontMatter::None => {}
        FrontMatter::Fields(fields) if fields.contains_key(export::MARK) => {
            read_own(reading, path, fields, body, ids);
            return;
        }
        FrontMatter::Fields(fields) => fields::take(reading, path, &mut post, fields),
        FrontMatter::Bad { lines, why } => {
            post.unknown
                .insert("front_matter".to_owned(), Value::from(lines));
            reading
                .problems
                .warn(Place::file(path), ProblemCode::BadFrontMatter, why);
        }
    }
    let body = match post.title.is_empty() {
        true => titled(&mut post, path, body),
        false => body,
    };
    let mut note = Note {
        path,
        files: &reading.files,
        ids,
        refs: Refs::default(),
        tags: post.tags.iter().cloned().collect(),
        new_tags: Vec::new(),
        problems: Vec::new(),
    };
    post.markdown = syntax::to_markdown(body, &mut note);
    let cover = match post.feature_image.take() {
        Some(FileRef::Remote(address)) => note.shown(&address),
        other => other,
    };
    let Note {
        refs,
        problems,
        new_tags,
        ..
    } = note;
    post.tags.extend(new_tags);
    post.files = refs.into_files();
    post.feature_image = cover;
    if post.kind == Kind::Article {
        post.kind = kind_of(&post.files);
    }
    for (code, detail) in problems {
        reading.problems.warn(Place::file(path), code, detail);
    }
    reading.add(post);
}

/// A note of our own export has every field, and nothing of Obsidian's is looked for in it.
fn read_own(
    reading: &mut Reading,
    path: &str,
    fields: serde_json::Map<String, Value>,
    body: &str,
    ids: &NoteIds,
) {
    let files = &reading.files;
    let post = export::read_post(fields, body, &|address| {
        let found = files.resolve(path, address)?;
        Some(match ids.get(&found) {
            Some(id) => post_link(id),
            None => file_link(&found),
        })
    });
    match post {
        Ok(post) => reading.add(post),
        Err(why) => reading
            .problems
            .error(Place::file(path), ProblemCode::BadPost, why),
    }
}

/// The title is the heading a note begins with, which is then no part of its text; else its name.
fn titled<'t>(post: &mut ImportedPost, path: &str, body: &'t str) -> &'t str {
    let start = body.trim_start_matches('\n');
    if let Some(rest) = start.strip_prefix("# ") {
        let (heading, below) = rest.split_once('\n').unwrap_or((rest, ""));
        if let Some(title) = stoa_markdown::title_of(&format!("# {heading}\n")) {
            post.title = title;
            return below.trim_start_matches('\n');
        }
    }
    post.title = file_stem(path).to_owned();
    body
}

/// A note that shows one sound or film, and no more, is about it.
fn kind_of(files: &[FileRef]) -> Kind {
    match files {
        [FileRef::Entry(path) | FileRef::Remote(path)] => match media_kind(path) {
            Some(Media::Audio) => Kind::Audio,
            Some(Media::Video) => Kind::Video,
            _ => Kind::Article,
        },
        _ => Kind::Article,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Media {
    Image,
    Audio,
    Video,
}

fn media_kind(path: &str) -> Option<Media> {
    match extension(path.split(['?', '#']).next()?).as_str() {
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "svg" | "bmp" => Some(Media::Image),
        "mp3" | "m4a" | "wav" | "ogg" | "flac" | "opus" | "aac" => Some(Media::Audio),
        "mp4" | "mov" | "webm" | "mkv" | "m4v" | "ogv" => Some(Media::Video),
        _ => None,
    }
}

/// Problems of one note beyond these are of the same kind.
const MAX_PROBLEMS: usize = 1_000;
const MAX_TAGS: usize = 500;

/// A note while its text is read.
pub(crate) struct Note<'n> {
    path: &'n str,
    files: &'n FileIndex,
    ids: &'n NoteIds,
    refs: Refs,
    /// Every tag that the post has by now.
    tags: BTreeSet<String>,
    new_tags: Vec<String>,
    problems: Vec<(ProblemCode, String)>,
}

impl Note<'_> {
    fn problem(&mut self, code: ProblemCode, detail: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push((code, detail.to_owned()));
        }
    }

    fn tag(&mut self, name: &str) {
        if self.tags.len() < MAX_TAGS && self.tags.insert(name.to_owned()) {
            self.new_tags.push(name.to_owned());
        }
    }

    fn post_link(&self, path: &str) -> String {
        post_link(self.ids.get(path).map_or(path, String::as_str))
    }

    /// What a wiki link names: a path, the end of one, or a bare name, with or without `.md`.
    fn named(&mut self, target: &str) -> Option<String> {
        let beside = self
            .files
            .resolve(self.path, &crate::link::encode_path(target));
        if beside.is_some() {
            return beside;
        }
        for end in [target.to_owned(), format!("{target}.md")] {
            let found = self.files.ending(&end);
            let found: Vec<&str> = found.into_iter().filter(|path| !is_hidden(path)).collect();
            if let Some(first) = found.first().map(|path| (*path).to_owned()) {
                if found.len() > 1 {
                    self.problem(ProblemCode::AmbiguousName, target);
                }
                return Some(first);
            }
        }
        None
    }

    /// The file that an address shows; says so when there is none.
    fn shown(&mut self, address: &str) -> Option<FileRef> {
        let file = if is_remote(address) {
            Some(FileRef::Remote(address.to_owned()))
        } else if is_absolute(address) {
            None
        } else {
            let beside = self.files.resolve(self.path, address);
            let decoded = crate::link::decode(address)?;
            beside
                .or_else(|| self.named(file_name(&decoded)))
                .map(FileRef::Entry)
        };
        match file {
            Some(file) => {
                self.refs.add(file.clone());
                Some(file)
            }
            None => {
                self.problem(ProblemCode::MissingFile, address);
                None
            }
        }
    }

    /// Where a picture in the text is. One that is missing may still turn up; one that nobody could
    /// load loses its address.
    fn picture(&mut self, address: &str) -> String {
        let found = crate::link::each_file(address, &mut |address| Some(self.found(address)));
        found.unwrap_or_default()
    }

    fn found(&mut self, address: &str) -> String {
        match self.shown(address) {
            Some(file) => file.destination(),
            None if is_absolute(address) => String::new(),
            None => address.to_owned(),
        }
    }

    /// Where a link in the text leads; `None` keeps it as it stands.
    fn linked(&mut self, address: &str) -> Option<String> {
        if address.starts_with('#') || address.is_empty() {
            return None;
        }
        if is_absolute(address) {
            // Not to be followed by anybody.
            return (!is_safe_url(address)).then(String::new);
        }
        let found = self.files.resolve(self.path, address).or_else(|| {
            let note = format!("{}.md", address.split('#').next()?);
            self.files.resolve(self.path, &note)
        });
        match found {
            Some(path) if is_note(&path) => Some(self.post_link(&path)),
            Some(path) => Some(self.refs.add(FileRef::Entry(path))),
            None => {
                self.problem(ProblemCode::MissingFile, address);
                None
            }
        }
    }
}
