//! Tags: which there are, what each is called besides, and renaming one everywhere.

mod alike;
mod dialogs;
mod page;
mod row;
mod state;

pub(crate) use page::TagsPage;
pub(crate) use state::use_tags;
