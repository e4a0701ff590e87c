//! The drafts: the lists and the board, the search and the filters, what is done to one or to
//! many, the bin, and lists that are kept under a name.

mod board;
mod bulk;
mod bulk_dialogs;
mod deeds;
mod delete;
mod empty;
mod filters;
mod head;
mod import_button;
mod kind_icon;
mod list;
mod live;
mod new;
mod page;
mod pages;
mod row;
mod select;
mod views;
mod window;

pub(crate) use deeds::use_deeds;
pub(crate) use delete::{DeleteDialog, Doomed};
pub(crate) use new::NewDrafts;
pub(crate) use page::DraftsPage;
pub(crate) use row::{language_of, saved_key};
pub(crate) use views::{
    SidebarViews, ViewDialog, remember_layout, remembered_look, use_saved_views,
};
