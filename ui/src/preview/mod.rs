//! A draft before it goes to members: as each reader will see it, and what to look at first.

mod checks;
mod copy;
mod dialog;
mod page;
mod path;

pub(crate) use checks::{Checks, FieldFinding};
pub(crate) use dialog::PreviewDialog;
