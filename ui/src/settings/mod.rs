//! Settings: everything on one page.

mod account;
mod data;
mod looks;
mod page;
mod security;

pub(crate) use page::SettingsPage;
pub(crate) use security::PassphraseDialog;
