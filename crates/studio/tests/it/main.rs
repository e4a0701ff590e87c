//! The studio as its hosts use it: real stores, a real server over HTTPS.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::print_stdout,
    reason = "measurements and what was skipped are told"
)]

mod archives;
mod bombs;
mod centre;
mod courses;
mod devices;
mod drafts;
mod exports;
mod files;
mod first_run;
mod import_mapping;
mod import_origins;
mod imports;
#[cfg(target_os = "linux")]
mod keychain;
mod listing;
mod log;
mod media;
mod mentions;
mod opening;
mod preview;
mod publications;
mod rescue;
mod reviews;
mod support;
mod syncing;
mod tags;
mod undo;
mod versions;
