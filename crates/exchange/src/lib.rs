//! Reads other programs' exports into one model, and writes our own.

mod charset;
mod document;
mod html;
mod limits;
mod link;
mod markdown;
mod model;
mod source;
mod zip_source;

pub use limits::Limits;
pub use link::{file_link, linked_file, linked_post, post_link};
pub use model::{
    Access, FileRef, Imported, ImportedPost, Kind, Place, Problem, ProblemCode, Severity, Status,
};
pub use source::{Entry, Files, ReadError, RefusedEntry, Source, entry_name};
pub use zip_source::{ZipRefused, ZipSource};
