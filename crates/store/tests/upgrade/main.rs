//! Every schema there has been, brought to today's: nothing is lost, what was not sent still sends,
//! and a program that is too old leaves what it cannot read as it is.
//!
//! `golden` holds a profile for each; `cargo run --package stoa-store --features test-support
//! --example golden` makes the one that a new migration asks for.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this is test code, also what stands outside of test functions"
)]

mod dump;
mod golden;
mod newer;
mod older;
#[path = "../it/server.rs"]
#[allow(dead_code, reason = "the other tests of the store use more of it")]
mod server;

use std::path::{Path, PathBuf};

use stoa_domain::Timestamp;
use stoa_store::{Opened, Store};
use tempfile::TempDir;

use golden::Golden;

/// Two days after the last work in the golden profiles.
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + 2 * 86_400_000 + millis)
}

/// A golden profile in a folder of its own.
struct Found {
    dir: TempDir,
    version: u32,
}

impl Found {
    fn new(golden: &Golden) -> Self {
        let dir = tempfile::tempdir().unwrap();
        golden.lay_out(dir.path());
        Self {
            dir,
            version: golden.version,
        }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn open(&self) -> Opened {
        Store::open(self.path(), &golden::key_of(self.path()), at(0)).unwrap()
    }

    fn open_to_write(&self) -> Store {
        match self.open() {
            Opened::ReadWrite(store) => store,
            Opened::ReadOnly(_) => panic!("{} is open for reading only", self.version),
        }
    }

    fn raw(&self) -> rusqlite::Connection {
        golden::raw(self.path(), &golden::key_of(self.path()))
    }

    fn dump(&self) -> dump::Dump {
        dump::of(&self.raw())
    }

    fn backups(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.path().join("backups")) else {
            return Vec::new();
        };
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

fn latest() -> u32 {
    golden::migrations().last().unwrap().0
}

#[test]
fn every_migration_has_its_golden_profile() {
    let wanted: Vec<u32> = golden::migrations().into_iter().map(|(n, _)| n).collect();
    let found: Vec<u32> = golden::all().into_iter().map(|g| g.version).collect();
    assert_eq!(
        found, wanted,
        "make what is missing: cargo run -p stoa-store --features test-support --example golden"
    );
}

#[test]
fn a_golden_profile_has_rows_in_every_table_of_its_schema() {
    for golden in golden::all() {
        let found = Found::new(&golden);
        let version = found
            .raw()
            .query_row("pragma user_version", [], |row| row.get::<_, u32>(0));
        assert_eq!(version.unwrap(), golden.version);
        for (table, rows) in found.dump() {
            assert!(!rows.is_empty(), "{} of {}", table, golden.version);
        }
    }
}
