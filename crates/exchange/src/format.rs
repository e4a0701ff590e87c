//! Which program an export comes from.

use crate::limits::Limits;
use crate::model::Imported;
use crate::reading::{Reading, extension, is_hidden};
use crate::source::Source;
use crate::{charset, docx, ghost, pages, vault, wxr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// A folder of Markdown, our own export among them.
    Markdown,
    Ghost,
    WordPress,
    Html,
    Docx,
}

type IsIt = fn(&str) -> bool;

/// How much of a file shows what it is.
const HEAD_BYTES: usize = 64 * 1024;

/// Looks for what only one program writes, and then for what there is most of.
pub fn detect(source: &mut dyn Source, limits: &Limits) -> Option<Format> {
    if let Some((format, _)) = find_export(source, limits) {
        return Some(format);
    }
    let kinds: [(Format, IsIt); 3] = [
        (Format::Markdown, vault::is_note),
        (Format::Html, pages::is_page),
        (Format::Docx, docx::is_document),
    ];
    let count = |is_it: IsIt| {
        let entries = source.entries().iter();
        entries.filter(|entry| is_it(&entry.path)).count()
    };
    let counted = kinds.map(|(format, is_it)| (count(is_it), format));
    counted
        .into_iter()
        .filter(|(n, _)| *n > 0)
        // Of equals the first.
        .max_by_key(|(n, format)| (*n, std::cmp::Reverse(*format)))
        .map(|(_, format)| format)
}

/// The file of a source that is a whole export.
fn find_export(source: &mut dyn Source, limits: &Limits) -> Option<(Format, String)> {
    let candidates: Vec<String> = source
        .entries()
        .iter()
        .filter(|entry| !is_hidden(&entry.path) && entry.size <= limits.export_bytes)
        .filter(|entry| matches!(extension(&entry.path).as_str(), "json" | "xml"))
        .map(|entry| entry.path.clone())
        // Exports are a few files beside their pictures.
        .take(16)
        .collect();
    for path in candidates {
        let Ok(bytes) = source.head(&path, HEAD_BYTES) else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes);
        let head = match charset::html(&bytes) {
            Some(text) if head.contains('\u{fffd}') => text,
            _ => head.into_owned(),
        };
        if extension(&path) == "json" && ghost::is_export(&head) {
            return Some((Format::Ghost, path));
        }
        if extension(&path) == "xml" && wxr::is_export(&head) {
            return Some((Format::WordPress, path));
        }
    }
    None
}

/// Reads an export. Whatever is wrong with a part of it becomes a problem and stops nothing else.
pub fn read(source: &mut dyn Source, format: Format, limits: &Limits) -> Imported {
    let export = find_export(source, limits).map(|(_, path)| path);
    let mut reading = Reading::of(source, limits);
    match (format, export) {
        (Format::Markdown, _) => vault::read(&mut reading),
        (Format::Html, _) => pages::read(&mut reading),
        (Format::Docx, _) => docx::read(&mut reading),
        (Format::Ghost, Some(path)) => ghost::read(&mut reading, &path),
        (Format::WordPress, Some(path)) => wxr::read(&mut reading, &path),
        (Format::Ghost | Format::WordPress, None) => reading.no_export(),
    }
    reading.finish()
}
