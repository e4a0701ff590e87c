//! The drafts: the list, the search, the bin.

mod deeds;
mod delete;
mod empty;
mod list;
mod page;
mod pages;
mod row;
mod window;

pub(crate) use deeds::use_deeds;
pub(crate) use delete::{DeleteDialog, Doomed};
pub(crate) use page::DraftsPage;
pub(crate) use row::{language_of, saved_key};
