//! Word documents.

mod body;
mod list;
mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use crate::document::{Block, Inline};
use crate::html::{leading_heading, one_line};
use crate::limits::{Limits, MIB};
use crate::link::is_safe_url;
use crate::model::{FileRef, ImportedPost, Place, ProblemCode};
use crate::reading::{Reading, Refs, extension, file_stem, is_hidden};
use crate::source::{ReadError, Source};
use crate::zip_source::ZipSource;
use crate::{markdown, time};
use body::Body;
use parts::Parts;

/// The largest document that is opened, pictures and all.
const MAX_DOCUMENT_BYTES: u64 = 64 * MIB;

pub(crate) fn is_document(path: &str) -> bool {
    !is_hidden(path) && extension(path) == "docx" && !path.contains("~$")
}

pub(crate) fn read(reading: &mut Reading) {
    let documents: Vec<String> = reading
        .files
        .paths()
        .filter(|path| is_document(path))
        .map(str::to_owned)
        .collect();
    for path in &documents {
        let Some(bytes) = reading.read(path, MAX_DOCUMENT_BYTES) else {
            continue;
        };
        if let Err(problem) = read_document(reading, path, bytes) {
            let (code, detail) = problem;
            reading.problems.error(Place::file(path), code, detail);
        }
    }
}

/// The contents of a file inside a document, by the path that posts name it with; `None` when it
/// is not inside of one.
pub(crate) fn read_inside(
    source: &mut dyn Source,
    path: &str,
    limit: u64,
    limits: &Limits,
) -> Option<Result<Vec<u8>, ReadError>> {
    let (document, inside) = path.split_once(".docx/")?;
    let document = format!("{document}.docx");
    Some(
        source
            .read(&document, MAX_DOCUMENT_BYTES)
            .and_then(|bytes| {
                let mut zip = open(bytes, limits).map_err(|(_, why)| ReadError::Unreadable(why))?;
                zip.read(inside, limit)
            }),
    )
}

type Refusal = (ProblemCode, String);

fn open(bytes: Vec<u8>, limits: &Limits) -> Result<ZipSource<Cursor<Vec<u8>>>, Refusal> {
    ZipSource::open(Cursor::new(bytes), limits).map_err(|why| {
        let code = match why {
            crate::ZipRefused::Unreadable(_) => ProblemCode::Unreadable,
            _ => ProblemCode::Bomb,
        };
        (code, why.to_string())
    })
}

fn read_document(reading: &mut Reading, path: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
    let mut zip = open(bytes, reading.limits)?;
    let limit = reading.limits.text_bytes;
    let mut part = |name: &str| -> Result<Option<String>, Refusal> {
        match zip.read(name, limit) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(ReadError::NotFound) => Ok(None),
            Err(why @ ReadError::Bomb) => Err((ProblemCode::Bomb, format!("{name}: {why}"))),
            Err(why @ ReadError::TooLarge { .. }) => {
                Err((ProblemCode::TooLarge, format!("{name}: {why}")))
            }
            Err(why) => Err((ProblemCode::Unreadable, format!("{name}: {why}"))),
        }
    };
    let parts = Parts {
        styles: parts::styles(&part("word/styles.xml")?.unwrap_or_default()),
        lists: parts::lists(&part("word/numbering.xml")?.unwrap_or_default()),
        targets: parts::targets(&part("word/_rels/document.xml.rels")?.unwrap_or_default()),
    };
    let notes = part("word/footnotes.xml")?.unwrap_or_default();
    let core = parts::core(&part("docProps/core.xml")?.unwrap_or_default());
    let document =
        part("word/document.xml")?.ok_or((ProblemCode::Unreadable, "it has no text".to_owned()))?;
    let entries: BTreeSet<String> = zip
        .entries()
        .iter()
        .map(|entry| entry.path.clone())
        .collect();
    let mut files = Files {
        document: path,
        entries: &entries,
        refs: Refs::default(),
        missing: Vec::new(),
    };
    let mut read = body::read(&document, &parts, &mut files);
    let mut notes = body::read_notes(&notes, &parts, &mut files);
    if let Some((line, why)) = read.ends_early.take() {
        let place = Place::line(path, line);
        reading.problems.error(place, ProblemCode::Truncated, why);
    }
    for address in std::mem::take(&mut files.missing) {
        reading
            .problems
            .warn(Place::file(path), ProblemCode::MissingFile, address);
    }
    let refs = files.refs;
    let title = title_of(&mut read, &core).unwrap_or_else(|| file_stem(path).to_owned());
    let mut blocks = read.blocks;
    for (n, id) in read.notes.iter().enumerate() {
        let note = notes.remove(id).unwrap_or_default();
        blocks.push(Block::Footnote((n + 1).to_string(), note));
    }
    reading.add(ImportedPost {
        title,
        markdown: markdown::write(&blocks),
        files: refs.into_files(),
        ..described(path, &core)
    });
    Ok(())
}

fn described(path: &str, core: &BTreeMap<String, String>) -> ImportedPost {
    let field = |name: &str| core.get(name).cloned();
    let when = |name: &str| time::parse(core.get(name)?);
    const KNOWN: [&str; 6] = [
        "title",
        "creator",
        "keywords",
        "description",
        "created",
        "modified",
    ];
    ImportedPost {
        source_id: path.to_owned(),
        excerpt: field("description"),
        authors: field("creator").into_iter().collect(),
        tags: field("keywords")
            .iter()
            .flat_map(|list| list.split([',', '，', ';', '；']))
            .map(|tag| tag.trim().to_owned())
            .filter(|tag| !tag.is_empty())
            .collect(),
        created_at: when("created"),
        updated_at: when("modified"),
        unknown: core
            .iter()
            .filter(|(name, _)| !KNOWN.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect(),
        ..ImportedPost::default()
    }
}

/// The paragraph in the style of a title, the first heading, or the title among the properties.
fn title_of(body: &mut Body, core: &BTreeMap<String, String>) -> Option<String> {
    body.title
        .take()
        .or_else(|| leading_heading(&mut body.blocks))
        .or_else(|| core.get("title").map(|title| one_line(title)))
        .filter(|title| !title.is_empty())
}

/// The pictures and links of a document.
struct Files<'d> {
    document: &'d str,
    entries: &'d BTreeSet<String>,
    refs: Refs,
    missing: Vec<String>,
}

impl Files<'_> {
    fn picture(&mut self, target: &str, alt: &str) -> Option<Inline> {
        let inside = match target.strip_prefix('/') {
            Some(from_top) => from_top.to_owned(),
            None => format!("word/{target}"),
        };
        let file = if crate::link::is_remote(target) {
            FileRef::Remote(target.to_owned())
        } else if self.entries.contains(&inside) {
            FileRef::Entry(format!("{}/{inside}", self.document))
        } else {
            self.missing.push(target.to_owned());
            return None;
        };
        Some(Inline::Image {
            source: self.refs.add(file),
            alt: alt.to_owned(),
            caption: String::new(),
        })
    }

    fn link(target: &str) -> Option<String> {
        is_safe_url(target).then(|| target.to_owned())
    }
}
