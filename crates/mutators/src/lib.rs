//! Every named change to the data, written once and run by both sides.
//!
//! The studio runs a [`Mutation`] over its pending changes to show the user's own work at once;
//! the server runs the same code to decide. A mutation first says which rows it [`touches`], the
//! host loads them into [`Rows`], and [`run`] answers with the [`Change`]s to store or a
//! [`Reject`]. No clock, no randomness, no input or output.
//!
//! Invariant: a mutation's name and version are for ever. A new meaning is a new version, and the
//! old one is read through an upcaster in [`Mutation::parse`].
//!
//! [`touches`]: Mutation::touches

mod attachment;
mod course;
mod doc;
mod draft;
mod mutation;
mod order;
mod post;
mod reject;
mod review;
mod rows;
mod run;
mod state;
mod tag;
mod undo;
mod unique;
mod version;

pub use attachment::{AddAttachment, RemoveAttachment};
pub use course::{
    AddLesson, CreateSection, DeleteSection, DescribeLesson, LessonTerms, MoveLesson, MoveSection,
    RemoveLesson, RenameSection,
};
pub use doc::{AppendDoc, MAX_UPDATE_BYTES};
pub use draft::{BinDraft, CreateDraft, DeleteDraft, RenameDraft, RestoreDraft, SeenDraft};
pub use mutation::{Class, Guarded, MAX_MUTATION_BYTES, Mutation, ParseError};
pub use order::key_between;
pub use post::{ArchiveDraft, DescribeDraft, PublishPost, UnarchiveDraft, WithdrawPost};
pub use reject::{Reject, RejectCode};
pub use review::{
    CheckItem, DecideReview, DropComment, EditComment, RequestReview, ResolveComment,
    WithdrawReview, WriteComment,
};
pub use rows::{DocUpdate, Key, Row, Rows, Table};
pub use run::{
    BaseVersion, Change, Context, FieldVersions, Ground, Outcome, Stored, Superseded, run,
};
pub use state::decide;
pub use tag::{ChangeSynonyms, MoveTag};
pub use undo::{Inverse, Mark, Reach};
pub use unique::free_name;
pub use version::{DropVersion, KeepVersion, RenameVersion};
