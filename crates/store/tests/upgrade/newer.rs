//! A database of a newer program.

use std::collections::BTreeMap;
use std::path::Path;

use stoa_domain::Title;
use stoa_store::test_support::SeededRandom;
use stoa_store::{Opened, Store, StoreError};

use super::golden::Golden;
use super::{Found, at, latest};

/// What a program of the next version would leave: a table, a column and a number more.
const NEXT: &str = "alter table draft add column mood text not null default '晴';
                    create table course (id blob primary key, title text not null);
                    insert into course values (x'01', '二十一天训练营');";

fn of_the_next_version() -> Found {
    let found = Found::new(&Golden::of(latest()));
    let db = found.raw();
    db.execute_batch(NEXT).unwrap();
    db.pragma_update(None, "user_version", latest() + 1)
        .unwrap();
    db.close().unwrap();
    found
}

/// Every file of a profile but the lock and the memory behind the log, which hold nothing.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name != "lock" && !name.ends_with("-shm") {
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    // An empty log is none.
    files.retain(|name, bytes| !(name.ends_with("-wal") && bytes.is_empty()));
    files
}

fn open_to_read(found: &Found) -> Store {
    match found.open() {
        Opened::ReadOnly(store) => store,
        Opened::ReadWrite(_) => panic!("a newer database was opened for writing"),
    }
}

#[test]
fn a_newer_database_is_read_and_exported_and_stays_as_it_is_to_the_byte() {
    let same = Found::new(&Golden::of(latest()));
    let expected = tempfile::tempdir().unwrap();
    let n = same.open_to_write().export(expected.path()).unwrap();
    let found = of_the_next_version();
    let before = files(found.path());
    let store = open_to_read(&found);
    let exported = tempfile::tempdir().unwrap();
    assert_eq!(store.export(exported.path()).unwrap(), n);
    assert!(files(exported.path()) == files(expected.path()));
    drop(store);
    assert!(files(found.path()) == before, "a file was changed");
    assert!(found.backups().is_empty());
}

#[test]
fn an_old_program_changes_nothing_in_a_newer_database() {
    let found = of_the_next_version();
    let before = files(found.path());
    let store = open_to_read(&found);
    let draft = store.waiting(1).unwrap()[0].draft;
    let lid = store.waiting(1).unwrap()[0].lid;
    let random = SeededRandom::new(1);
    let title = || Title::parse("新").unwrap();
    let refused: [Result<(), StoreError>; 9] = [
        store.create_draft(title(), at(1), &random).map(drop),
        store.rename_draft(draft, title(), at(1)).map(drop),
        store.bin_draft(draft, at(1)).map(drop),
        store.discard(lid, at(1)),
        store.take_push(9, 1 << 20, at(1)).map(drop),
        store.begin_pull().map(drop),
        store.undo(at(1)).map(drop),
        store.set_epoch("another"),
        store.resend_from(1),
    ];
    for (n, result) in refused.into_iter().enumerate() {
        assert!(matches!(result, Err(StoreError::ReadOnly)), "call {n}");
    }
    drop(store);
    assert!(files(found.path()) == before, "a file was changed");
}
