//! The store as other crates see it: real files, real documents, real failures.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this is test code, also what stands outside of test functions"
)]

mod brake;
mod bulk;
mod conflicts;
mod courses;
#[cfg(target_os = "linux")]
#[cfg(target_os = "linux")]
mod crash_undo;
mod deletion;
#[cfg(unix)]
mod disk;
mod drafts;
mod exchange;
mod export;
mod files;
mod fill;
mod first_sync;
mod histories;
mod hold;
#[cfg(target_os = "linux")]
mod keychain;
mod listing;
mod opening;
mod outbox;
mod publishing;
mod restore;
mod reviews;
mod rights;
mod salvage;
mod server;
mod tags;
mod text;
mod undo;
mod unsent;
mod versions;
mod views;

use stoa_domain::{DraftId, Splice, Timestamp, Title};
use stoa_store::test_support::SeededRandom;
use stoa_store::{DraftFilter, DraftListing, Store};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

fn insert(at: usize, text: &str) -> Splice {
    Splice {
        at,
        delete: 0,
        insert: text.to_owned(),
    }
}

fn create(store: &Store, text: &str, millis: i64, random: &SeededRandom) -> DraftId {
    store
        .create_draft(title(text), at(millis), random)
        .unwrap()
        .id
}

/// Writes at the beginning of a draft's text.
fn write(store: &Store, id: DraftId, text: &str, millis: i64, random: &SeededRandom) {
    let opened = store.open_text(id, random).unwrap();
    store
        .edit_text(opened.session, None, &[insert(0, text)], at(millis), random)
        .unwrap();
    store.close_text(opened.session).unwrap();
}

fn list(store: &Store) -> Vec<DraftListing> {
    let filter = DraftFilter {
        limit: 200,
        ..DraftFilter::default()
    };
    store.list_drafts(&filter).unwrap().drafts
}

fn titles(store: &Store) -> Vec<String> {
    list(store).into_iter().map(|draft| draft.title).collect()
}
