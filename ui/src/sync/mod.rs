//! The sync centre: how things stand, what waits, what has to be decided, what failed, what
//! happened, and what is on this computer. One file a tab.

mod conflict_text;
mod conflicts;
mod failed;
mod file_list;
mod held;
mod history;
mod now;
mod page;
mod proposals;
mod remedy;
mod sentence;
mod storage;
mod tabs;
mod transfer;
mod waiting;
mod wake;

pub(crate) use page::SyncPage;
pub(crate) use wake::use_wake;
