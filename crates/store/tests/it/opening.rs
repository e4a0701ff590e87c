use std::collections::BTreeMap;
use std::path::Path;

use stoa_store::test_support::{Profile, open_with_passphrase};
use stoa_store::{OpenError, Opened, Store, StoreError};

use super::{at, create, titles, write};

/// Name and contents of every file of a profile but the lock and the memory behind the log, which
/// hold nothing.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_file() && name != "lock" && !name.ends_with("-shm") {
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
    files
}

fn with_a_draft(seed: u64) -> Profile {
    let profile = Profile::new(seed);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, &"正文".repeat(5_000), 2, &profile.random);
    // Empties the log: what is in it would be put right from there.
    assert!(store.verify().unwrap().is_empty());
    drop(store);
    profile
}

#[track_caller]
fn check_refused(profile: &Profile, is_expected: impl Fn(&OpenError) -> bool) {
    let before = files(profile.dir());
    match profile.try_open(at(1)) {
        Err(error) => assert!(is_expected(&error), "{error:?}"),
        Ok(_) => panic!("it opened"),
    }
    assert!(files(profile.dir()) == before, "a file was changed");
}

#[test]
fn a_missing_database_is_not_made_anew() {
    let profile = with_a_draft(100);
    std::fs::remove_file(profile.dir().join("studio.db")).unwrap();
    check_refused(&profile, |error| matches!(error, OpenError::Missing));
    let made = Store::create(profile.dir(), &profile.key, at(1), &profile.random);
    assert!(matches!(made, Err(OpenError::AlreadyExists)));
}

#[test]
fn an_empty_database_file_is_left_empty() {
    let profile = with_a_draft(101);
    std::fs::write(profile.dir().join("studio.db"), b"").unwrap();
    check_refused(&profile, |error| matches!(error, OpenError::Empty));
}

#[test]
fn a_database_of_another_vault_is_told_from_a_damaged_one() {
    let profile = with_a_draft(102);
    let other = with_a_draft(103);
    let path = profile.dir().join("studio.db");
    let own = std::fs::read(&path).unwrap();
    std::fs::write(&path, std::fs::read(other.dir().join("studio.db")).unwrap()).unwrap();
    check_refused(&profile, |error| {
        matches!(error, OpenError::ForeignDatabase)
    });
    std::fs::write(&path, b"SQLite format 3\0 and so on").unwrap();
    check_refused(&profile, |error| {
        matches!(error, OpenError::ForeignDatabase)
    });
    let mut damaged = own.clone();
    damaged[100] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    check_refused(&profile, |error| matches!(error, OpenError::Damaged(_)));
    std::fs::write(&path, &own).unwrap();
    assert_eq!(titles(&profile.open()), ["稿"]);
}

#[test]
fn another_vaults_key_opens_nothing() {
    let profile = with_a_draft(104);
    let other = Profile::new(105);
    let before = files(profile.dir());
    let opened = Store::open(profile.dir(), &other.key, at(1));
    assert!(matches!(opened, Err(OpenError::ForeignDatabase)));
    assert!(files(profile.dir()) == before);
}

#[test]
fn damage_inside_is_found_by_reading_everything() {
    let profile = with_a_draft(106);
    let path = profile.dir().join("studio.db");
    let own = std::fs::read(&path).unwrap();
    let n_pages = own.len() / 4096;
    for page in n_pages / 2..n_pages {
        let mut bytes = own.clone();
        bytes[page * 4096 + 100] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        // Some pages are read by opening already.
        let Ok(Opened::ReadWrite(store)) = profile.try_open(at(1)) else {
            continue;
        };
        assert!(!store.verify().unwrap().is_empty());
        assert!(matches!(store.backup(at(1)), Err(StoreError::Damaged(_))));
        return;
    }
    panic!("opening read every page");
}

#[test]
fn a_profile_is_open_only_once() {
    let profile = with_a_draft(107);
    let store = profile.open();
    assert!(matches!(profile.try_open(at(1)), Err(OpenError::InUse)));
    drop(store);
    profile.open();
}

#[test]
fn a_newer_store_is_read_and_exported_and_nothing_else() {
    let profile = with_a_draft(108);
    set_schema_version(&profile, 99);
    let before = files(profile.dir());
    let Ok(Opened::ReadOnly(store)) = profile.try_open(at(1)) else {
        panic!("it should be open for reading only");
    };
    assert!(store.is_read_only());
    assert_eq!(titles(&store), ["稿"]);
    let made = store.create_draft(super::title("x"), at(2), &profile.random);
    assert!(matches!(made, Err(StoreError::ReadOnly)));
    let id = super::list(&store)[0].id;
    let opened = store.open_text(id, &profile.random).unwrap();
    assert!(!opened.editable);
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(store.export(folder.path()).unwrap(), 1);
    store.close_text(opened.session).unwrap();
    drop(store);
    let after = files(profile.dir());
    for (name, contents) in &before {
        assert!(after.get(name) == Some(contents), "{name} was changed");
    }
}

/// Writes the number a future version would leave, through the database itself.
fn set_schema_version(profile: &Profile, version: u32) {
    let db = raw(profile);
    db.pragma_update(None, "user_version", version).unwrap();
    db.close().unwrap();
}

/// The database without this crate's care, for tests that have to spoil something.
fn raw(profile: &Profile) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(profile.dir().join("studio.db")).unwrap();
    db.pragma(None, "key", profile.raw_database_key().as_str(), |_| Ok(()))
        .unwrap();
    db
}

#[test]
fn backups_open_like_the_store_and_only_some_are_kept() {
    let profile = with_a_draft(110);
    let store = profile.open();
    let hour = 3_600_000;
    let mut last = store.backup(at(0)).unwrap();
    for n in 1..30 {
        last = store.backup(at(n * hour)).unwrap();
    }
    let n_kept = std::fs::read_dir(profile.dir().join("backups"))
        .unwrap()
        .count();
    assert!((24..=26).contains(&n_kept), "{n_kept}");
    drop(store);
    std::fs::write(
        profile.dir().join("studio.db"),
        std::fs::read(last).unwrap(),
    )
    .unwrap();
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(profile.dir().join(format!("studio.db{end}")));
    }
    let store = open_with_passphrase(profile.dir());
    assert_eq!(titles(&store), ["稿"]);
    assert!(store.verify().unwrap().is_empty());
}

#[test]
fn nothing_written_is_readable_in_the_files() {
    let profile = Profile::new(111);
    let store = profile.open();
    let id = create(&store, "canary-title", 1, &profile.random);
    write(&store, id, "canary-text 金丝雀", 2, &profile.random);
    store.backup(at(3)).unwrap();
    let mut folders = vec![profile.dir().to_owned(), profile.dir().join("backups")];
    while let Some(folder) = folders.pop() {
        for (name, bytes) in files(&folder) {
            for needle in ["canary", "金丝雀"] {
                let found = bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
                assert!(!found, "{needle} in {name}");
            }
        }
    }
}
