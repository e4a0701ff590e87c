//! The versions of a draft: what was written when, how it differs, and the way back to it; and the
//! comparison of two texts that other screens use too.

mod compared;
mod detail;
mod list;
mod name;
mod page;
mod post;
mod refused;

pub(crate) use compared::Compared;
pub(crate) use name::NameVersionDialog;
pub(crate) use page::VersionsPage;
pub(crate) use post::ComparePostDialog;
pub(crate) use refused::CompareRefusedDialog;
