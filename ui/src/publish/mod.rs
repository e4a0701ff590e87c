//! A draft's way to members: who may read it, from when on, and how it stands there.

mod cover;
mod dialog;
mod editing;
mod form;
mod sending;
mod state;

pub(crate) use dialog::PublishDialog;
pub(crate) use editing::RepublishDialog;
pub(crate) use state::{StateChip, review_stands, stands, use_summary, use_this_moment};
