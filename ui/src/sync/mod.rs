//! The sync centre: what waits, what failed, what happened.

mod changes;
mod history;
mod page;

pub(crate) use page::SyncPage;
