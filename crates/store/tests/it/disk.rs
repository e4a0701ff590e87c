//! A disk that is full: a limit on the size of files, in a process of its own, stands for it.

use std::path::Path;
use std::process::Command;

use stoa_store::StoreError;
use stoa_store::test_support::{Profile, SeededRandom, open_with_passphrase};

use super::{at, create, insert, write};

const FOLDER: &str = "STOA_DISK_FOLDER";

/// Not a test by itself: what the test below runs with a limit on the size of files.
#[test]
fn writer() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let store = open_with_passphrase(Path::new(&folder));
    let random = SeededRandom::new(9);
    let id = create(&store, "稿", 1, &random);
    let session = store.open_text(id, &random).unwrap().session;
    let mut saved = String::new();
    loop {
        // Hard to compress, so that the files grow.
        let mut piece = blake3::hash(saved.as_bytes()).to_hex().to_string();
        piece = piece.repeat(40);
        match store.edit_text(session, None, &[insert(0, &piece)], at(2), &random) {
            Ok(_) => saved.insert_str(0, &piece),
            Err(StoreError::DiskFull | StoreError::DiskFailed(_)) => break,
            Err(error) => panic!("{error}"),
        }
        assert!(saved.len() < 64 << 20, "the limit was never reached");
    }
    // The session goes on as if the edit had not been made, and reading goes on.
    assert_eq!(store.markdown(id).unwrap(), saved);
    let _ = store.edit_text(session, None, &[], at(3), &random).unwrap();
    println!("SAVED {}", blake3::hash(saved.as_bytes()));
}

#[test]
fn a_full_disk_is_told_and_takes_nothing_that_was_saved() {
    let profile = Profile::new(130);
    {
        let store = profile.open();
        let earlier = create(&store, "früher", 1, &profile.random);
        write(&store, earlier, "da", 1, &profile.random);
    }
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "disk::writer", "--nocapture"])
        .env(FOLDER, profile.dir())
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let hash = out
        .lines()
        .find_map(|line| line.split_once("SAVED "))
        .unwrap_or_else(|| panic!("{out}{}", String::from_utf8_lossy(&output.stderr)))
        .1
        .to_owned();
    let store = profile.open();
    let draft = super::list(&store)
        .into_iter()
        .find(|d| d.title == "稿")
        .unwrap();
    let text = store.markdown(draft.id).unwrap();
    assert_eq!(blake3::hash(text.as_bytes()).to_hex().as_str(), hash);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
    // With room again, the same session of work goes on.
    write(&store, draft.id, "weiter ", 5, &profile.random);
    assert!(store.markdown(draft.id).unwrap().starts_with("weiter "));
}
