//! The disk tries to break the store: killed at every change, cut from power, failing at every
//! call. A preloaded recorder (`disk.c`) keeps a diary of all changes to a profile's files; from
//! it every state that a crash can leave is made anew and opened with the real store.
//!
//! `STOA_FAULTS` multiplies the numbers of a run.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this is test code, also what stands outside of test functions"
)]

mod arrival;
mod diary;
mod failing;
#[path = "../upgrade/golden.rs"]
#[allow(dead_code, reason = "the tests of upgrades use more of it")]
mod golden;
mod image;
mod killed;
mod migrating;
mod play;
mod power_cut;
mod preload;
mod replay;
mod scenario;
#[path = "../it/server.rs"]
#[allow(dead_code, reason = "the other tests of the store use more of it")]
mod server;
mod view;
mod wiped;

use stoa_domain::Timestamp;
use tempfile::TempDir;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

/// A folder in memory where there is one: what is flushed there costs nothing.
fn scratch() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = tempfile::Builder::new().prefix("stoa-").tempdir_in(memory);
    made.or_else(|_| tempfile::tempdir()).unwrap()
}

/// How much more than usual is to be tried.
fn times() -> usize {
    let asked = std::env::var("STOA_FAULTS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(1)
}
