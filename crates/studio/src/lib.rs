//! The studio without a window: what each command does.
//!
//! A host (the shell, the loopback host, the terminal) starts a [`Studio`], passes commands by
//! name to [`Studio::call`] and hands on the [`Studio::events`]. The list of commands is that of
//! `stoa-ipc`; one without a handler here does not compile.
//!
//! Starting never waits: the stage is `unlocking` at once, and keychain and database are asked
//! behind it. Nothing a person wrote, no password and no key ever reaches the log.

mod archive;
mod away;
mod commands;
mod conflicts;
mod dates;
mod demo;
mod drops;
mod export;
mod failure;
mod folder;
mod import;
mod imports;
mod intake;
mod media;
mod open_profile;
mod opening;
mod options;
mod page;
mod pinyin;
mod place;
mod playing;
mod report;
mod status;
mod studio;
#[cfg(test)]
mod texts;
mod trust;
mod uploads;
mod wiping;

pub use commands::{Answer, Media};
pub use options::{BuildKind, StudioOptions};
pub use playing::Playable;
pub use stoa_domain::{Timestamp, Wanted, wanted};
pub use stoa_store::{Keychain, OsRandom, PassphraseCost, Random, SecretError, SecretStore};
pub use stoa_sync::Clock;
pub use studio::Studio;
pub use trust::fingerprint_of;
