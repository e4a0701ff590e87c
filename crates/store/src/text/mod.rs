//! The text of a draft as a document that remembers its history, so that what several devices
//! write at the same time merges.

mod document;
mod documents;
mod passage;
mod sessions;
mod spans;

pub(crate) use document::{Document, Imported};
pub(crate) use documents::Documents;
pub(crate) use sessions::{Piece, Session, Written, sessions};
pub(crate) use spans::Spans;

/// Updates are cut into pieces of at most this many bytes, so that each fits a mutation.
pub(crate) const MAX_PIECE_BYTES: usize = 128 * 1024;
