//! Reads other programs' exports into one model, plans their import, and writes our own export.
//!
//! Bytes come in through [`Source`], so that a folder, a zip ([`ZipSource`]) and a single file
//! ([`Files`]) are the same. [`detect`] says which program wrote them, [`read`] makes [`Imported`]
//! of them, [`plan`] what importing that would do. [`export`] turns posts into a folder that
//! [`read`] takes back without loss. No clock, no randomness, no file system; nothing is fetched.
//!
//! Everything read is hostile until shown otherwise: time and memory are linear in what the
//! [`Limits`] let through, and what is wrong with one post becomes a [`Problem`] and stops no other.

mod charset;
mod courses;
mod document;
mod docx;
mod export;
mod format;
mod front_matter;
mod ghost;
mod html;
mod json;
mod limits;
mod link;
mod markdown;
mod model;
mod pages;
mod plan;
mod reading;
mod source;
mod tags;
mod time;
mod vault;
mod wxr;
mod xml;
mod zip_source;

pub use courses::{COURSES, ImportedCourse, ImportedLesson, ImportedPart, courses_file};
pub use export::{
    Exported, MEDIA_FOLDER, MediaFile, export, replace_in_address, replace_placeholders, write_zip,
};
pub use format::{Format, detect, read};
pub use limits::Limits;
pub use link::{file_link, linked_file, linked_post, post_link};
pub use model::{
    Access, FileRef, Imported, ImportedPost, Kind, Place, Problem, ProblemCode, Readers, Severity,
    Status,
};
pub use plan::{
    Action, ContentHash, Counts, Existing, Mapping, Plan, Step, content_hash, map_post, plan,
};
pub use source::{Entry, Files, ReadError, RefusedEntry, Source, entry_name};
pub use tags::{TAGS, tags_file};
pub use zip_source::{ZipRefused, ZipSource};

/// The contents of a file that a post names as [`FileRef::Entry`]. It may lie inside a document of
/// the source.
///
/// # Errors
/// [`ReadError`]
pub fn read_file(
    source: &mut dyn Source,
    path: &str,
    limit: u64,
    limits: &Limits,
) -> Result<Vec<u8>, ReadError> {
    match source.read(path, limit) {
        Err(ReadError::NotFound) => {
            docx::read_inside(source, path, limit, limits).unwrap_or(Err(ReadError::NotFound))
        }
        found => found,
    }
}
