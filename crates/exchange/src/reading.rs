//! One import under way: what has been read, what may still be, and what went wrong.

use std::collections::{BTreeMap, BTreeSet};

use stoa_domain::Tag;

use crate::courses::ImportedCourse;
use crate::limits::{Limits, MAX_BODY_BYTES};
use crate::link;
use crate::model::{FileRef, Imported, ImportedPost, Place, ProblemCode, Problems};
use crate::source::{ReadError, Source};

pub(crate) struct Reading<'s> {
    source: &'s mut dyn Source,
    pub(crate) limits: &'s Limits,
    pub(crate) files: FileIndex,
    pub(crate) problems: Problems,
    posts: Vec<ImportedPost>,
    pub(crate) tags: Vec<(Tag, Vec<Tag>)>,
    pub(crate) courses: Vec<ImportedCourse>,
    ids: BTreeSet<String>,
    left: u64,
}

impl<'s> Reading<'s> {
    pub(crate) fn of(source: &'s mut dyn Source, limits: &'s Limits) -> Self {
        let mut problems = Problems::default();
        for refused in source.refused() {
            problems.error(
                Place::file(&refused.name),
                code_of(&refused.why),
                refused.why.to_string(),
            );
        }
        let paths = source.entries().iter().map(|entry| entry.path.clone());
        Reading {
            files: FileIndex::of(paths.take(limits.entries)),
            problems,
            posts: Vec::new(),
            tags: Vec::new(),
            courses: Vec::new(),
            ids: BTreeSet::new(),
            left: limits.total_bytes,
            source,
            limits,
        }
    }

    /// The contents of a file; says so itself when there are none to be had.
    pub(crate) fn read(&mut self, path: &str, limit: u64) -> Option<Vec<u8>> {
        match self.source.read(path, limit.min(self.left)) {
            Ok(bytes) => {
                self.left -= bytes.len() as u64;
                Some(bytes)
            }
            Err(why) => {
                self.problems
                    .error(Place::file(path), code_of(&why), why.to_string());
                None
            }
        }
    }

    pub(crate) fn add(&mut self, post: ImportedPost) {
        let place = Place::post(&post.source_id);
        if self.posts.len() >= self.limits.entries {
            let detail = format!("more than {} posts", self.limits.entries);
            self.problems.error(place, ProblemCode::TooLarge, detail);
        } else if post.markdown.len() > MAX_BODY_BYTES {
            let detail = format!("{} bytes of text", post.markdown.len());
            self.problems.error(place, ProblemCode::TooLarge, detail);
        } else if self.ids.insert(post.source_id.clone()) {
            self.posts.push(post);
        } else {
            self.problems
                .error(place, ProblemCode::DuplicateId, post.title);
        }
    }

    pub(crate) fn no_export(&mut self) {
        let detail = "there is no export of this program";
        self.problems
            .error(Place::default(), ProblemCode::Unreadable, detail);
    }

    pub(crate) fn finish(self) -> Imported {
        Imported {
            posts: self.posts,
            tags: self.tags,
            courses: self.courses,
            problems: self.problems.0,
        }
    }
}

fn code_of(why: &ReadError) -> ProblemCode {
    match why {
        ReadError::UnsafeName => ProblemCode::UnsafeName,
        ReadError::TooLarge { .. } => ProblemCode::TooLarge,
        ReadError::Bomb => ProblemCode::Bomb,
        ReadError::NotFound | ReadError::Unreadable(_) => ProblemCode::Unreadable,
    }
}

/// The files of a source, found by path, by the end of a path, or by name alone.
#[derive(Debug, Default)]
pub(crate) struct FileIndex {
    paths: BTreeSet<String>,
    /// By name in lower case: the path in lower case, and as it is.
    by_name: BTreeMap<String, Vec<(String, String)>>,
}

/// Of more files that share a name only the first are looked at.
const MAX_NAMESAKES: usize = 64;

impl FileIndex {
    fn of(paths: impl Iterator<Item = String>) -> FileIndex {
        let mut index = FileIndex::default();
        for path in paths {
            let lower = path.to_lowercase();
            let name = file_name(&lower).to_owned();
            let namesakes = index.by_name.entry(name).or_default();
            if namesakes.len() < MAX_NAMESAKES {
                namesakes.push((lower, path.clone()));
            }
            index.paths.insert(path);
        }
        index
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// What an address in the file `from` leads to: beside it, or from the top.
    pub(crate) fn resolve(&self, from: &str, address: &str) -> Option<String> {
        let address = address.split(['?', '#']).next().unwrap_or_default();
        let decoded = link::decode(address)?;
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        [join(folder, &decoded), join("", &decoded)]
            .into_iter()
            .flatten()
            .find(|path| self.has(path))
    }

    /// Every file whose path ends like this, in any case.
    pub(crate) fn ending(&self, end: &str) -> Vec<&str> {
        let end = end.trim_start_matches('/').to_lowercase();
        let found = self.by_name.get(file_name(&end));
        found
            .into_iter()
            .flatten()
            .filter(|(lower, _)| {
                lower
                    .strip_suffix(&end)
                    .is_some_and(|before| before.is_empty() || before.ends_with('/'))
            })
            .map(|(_, path)| path.as_str())
            .collect()
    }
}

/// A path from a folder; `None` when it leads out of the source.
fn join(folder: &str, address: &str) -> Option<String> {
    let mut parts: Vec<&str> = match address.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').collect(),
    };
    for part in address.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    Some(parts.join("/"))
}

pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The name without its ending.
pub(crate) fn file_stem(path: &str) -> &str {
    let name = file_name(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// The ending in lower case, without its dot.
pub(crate) fn extension(path: &str) -> String {
    match file_name(path).rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => ending.to_lowercase(),
        _ => String::new(),
    }
}

/// Whether any folder of the path is hidden, or the file is.
pub(crate) fn is_hidden(path: &str) -> bool {
    path.split('/')
        .any(|part| part.starts_with('.') || part == "__MACOSX")
}

/// The files a post names, in the order they are met.
#[derive(Debug, Default)]
pub(crate) struct Refs {
    files: Vec<FileRef>,
    seen: BTreeSet<FileRef>,
}

impl Refs {
    /// Notes a file and says how the text names it.
    pub(crate) fn add(&mut self, file: FileRef) -> String {
        let destination = file.destination();
        if self.seen.insert(file.clone()) {
            self.files.push(file);
        }
        destination
    }

    pub(crate) fn into_files(self) -> Vec<FileRef> {
        self.files
    }
}
