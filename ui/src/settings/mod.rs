//! Settings: everything on one page.

mod account;
mod archives;
mod away;
mod data;
mod device_dialogs;
mod devices;
mod hold;
mod looks;
mod page;
mod security;

pub(crate) use archives::Archives;
pub(crate) use page::SettingsPage;
pub(crate) use security::PassphraseDialog;
