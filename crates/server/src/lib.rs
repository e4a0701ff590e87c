//! The backend that desktops synchronise with: accounts, sync, SQLite or PostgreSQL, HTTPS.
//!
//! [`start`] runs a server inside this process; the program `stoa-server` is a command line over
//! it.

mod accounts;
pub mod admin;
mod app;
mod backup;
mod blobs;
mod cli;
mod config;
mod db;
mod entropy;
mod feed;
mod http;
mod lessons;
mod live_session;
mod member;
mod objects;
mod pages;
mod publish;
mod refusal;
mod running;
mod seed;
mod sync;
mod tables;
#[cfg(feature = "test-support")]
pub mod test_support;
mod tls;

pub use backup::{BackupError, backup, restore};
pub use cli::run;
pub use config::{Clock, Config, Rate, Rates, Snapshots, Tls};
pub use db::DbError;
pub use entropy::Entropy;
pub use objects::{BucketError, Media, MediaError, MediaKeys};
pub use running::{RunningServer, StartError, start};
pub use seed::{SeedDemo, Seeded, seed};
pub use tls::TlsError;
