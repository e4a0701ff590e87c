//! The keychain in every state it can be in, on a bus of its own. The bus is told by the
//! environment, so each state is looked at from a process of its own: this test program again.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use stoa_store::test_support::{CHEAP, KeyringState, PrivateBus};
use stoa_store::{
    BuildKind, Keychain, NewVault, Opened, OsRandom, SecretStore, Store, UnlockError, Vault,
    create_vault,
};

use super::at;

const STEP: &str = "STOA_KEYCHAIN_STEP";
const FOLDER: &str = "STOA_KEYCHAIN_FOLDER";

/// Not a test by itself: what the tests below run in a process of its own.
#[test]
fn step() {
    let (Ok(step), Ok(folder)) = (std::env::var(STEP), std::env::var(FOLDER)) else {
        return;
    };
    let folder = Path::new(&folder);
    let keychain = Keychain::open(BuildKind::Test);
    let begun = Instant::now();
    let said = match step.as_str() {
        "create" => create(folder, &keychain),
        "unlock" => unlock(folder, &keychain),
        "spoil" => spoil(folder, &keychain, b"0123456789abcdef0123456789abcdef"),
        "truncate" => spoil(folder, &keychain, b"short"),
        "forget" => {
            keychain.delete(&entry(folder)).unwrap();
            "ok".to_owned()
        }
        other => panic!("{other}"),
    };
    println!("said {said} in {} ms", begun.elapsed().as_millis());
}

fn create(folder: &Path, keychain: &Keychain) -> String {
    let new = NewVault {
        secrets: Some(keychain),
        passphrase: None,
        cost: CHEAP,
    };
    match create_vault(folder, &new, at(0), &OsRandom) {
        Ok((key, _)) => {
            Store::create(folder, &key, at(0), &OsRandom).unwrap();
            "ok".to_owned()
        }
        Err(error) => format!("{error:?}"),
    }
}

fn unlock(folder: &Path, keychain: &Keychain) -> String {
    match Vault::read(folder).unwrap().unlock_with_keychain(keychain) {
        Ok(key) => match Store::open(folder, &key, at(0)).unwrap() {
            Opened::ReadWrite(_) => "ok".to_owned(),
            Opened::ReadOnly(_) => "read-only".to_owned(),
        },
        Err(UnlockError::KeychainUnavailable(_)) => "KeychainUnavailable".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

fn spoil(folder: &Path, keychain: &Keychain, secret: &[u8]) -> String {
    keychain.set(&entry(folder), secret).unwrap();
    "ok".to_owned()
}

fn entry(folder: &Path) -> String {
    let manifest = std::fs::read_to_string(folder.join("vault.toml")).unwrap();
    let line = manifest
        .lines()
        .find(|line| line.starts_with("entry = "))
        .unwrap();
    line["entry = \"".len()..line.len() - 1].to_owned()
}

/// Runs a step with this environment; what it said.
fn run(step: &str, folder: &Path, env: &[(&'static str, String)]) -> (String, u64) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "keychain::step", "--nocapture"])
        .env(STEP, step)
        .env(FOLDER, folder)
        .envs(env.iter().map(|(name, value)| (*name, value.as_str())))
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = out
        .lines()
        .find_map(|line| line.split_once("said "))
        .map(|(_, said)| said);
    let (said, time) = line
        .and_then(|line| line.rsplit_once(" in "))
        .unwrap_or_else(|| panic!("{out}{}", String::from_utf8_lossy(&output.stderr)));
    (
        said.to_owned(),
        time.trim_end_matches(" ms").parse().unwrap(),
    )
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    ["vault.toml", "vault.toml.copy", "studio.db"]
        .into_iter()
        .map(|name| (name.to_owned(), std::fs::read(folder.join(name)).unwrap()))
        .collect()
}

/// A bus with a keychain that holds the key of a new profile.
fn profile_with_keychain() -> Option<(PrivateBus, tempfile::TempDir)> {
    let Some(bus) = PrivateBus::start(KeyringState::Unlocked) else {
        println!("dbus-daemon or gnome-keyring is not installed: nothing was tested");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run("create", folder.path(), &bus.env()).0, "ok");
    assert_eq!(run("unlock", folder.path(), &bus.env()).0, "ok");
    Some((bus, folder))
}

#[track_caller]
fn check_unlock(folder: &Path, env: &[(&'static str, String)], expected: &str) {
    let before = files(folder);
    let (said, millis) = run("unlock", folder, env);
    assert_eq!(said, expected);
    assert!(millis < 6_000, "{millis} ms");
    assert!(files(folder) == before, "a file was changed");
}

#[test]
fn a_keychain_that_is_not_there_or_does_not_answer_changes_nothing() {
    let Some((bus, folder)) = profile_with_keychain() else {
        return;
    };
    check_unlock(folder.path(), &PrivateBus::no_bus(), "KeychainUnavailable");
    let empty = PrivateBus::start(KeyringState::Absent).unwrap();
    check_unlock(folder.path(), &empty.env(), "KeychainUnavailable");
    let locked = PrivateBus::start(KeyringState::Locked).unwrap();
    check_unlock(folder.path(), &locked.env(), "KeyMissing");
    bus.freeze(true);
    check_unlock(folder.path(), &bus.env(), "KeychainTimeout");
    bus.freeze(false);
    check_unlock(folder.path(), &bus.env(), "ok");
}

#[test]
fn a_wrong_a_cut_and_a_missing_secret_are_told_apart() {
    let Some((bus, folder)) = profile_with_keychain() else {
        return;
    };
    run("spoil", folder.path(), &bus.env());
    check_unlock(folder.path(), &bus.env(), "WrongKey");
    run("truncate", folder.path(), &bus.env());
    check_unlock(folder.path(), &bus.env(), "WrongKey");
    run("forget", folder.path(), &bus.env());
    check_unlock(folder.path(), &bus.env(), "KeyMissing");
}

#[test]
fn no_profile_is_made_on_a_locked_frozen_or_absent_keychain() {
    let Some(locked) = PrivateBus::start(KeyringState::Locked) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let frozen = PrivateBus::start(KeyringState::Unlocked).unwrap();
    frozen.freeze(true);
    for (env, expected) in [
        (locked.env(), "Keychain(Refused)"),
        (frozen.env(), "Keychain(Timeout)"),
        (PrivateBus::no_bus(), "Keychain(Unavailable("),
    ] {
        let (said, millis) = run("create", folder.path(), &env);
        assert!(said.starts_with(expected), "{said}");
        assert!(millis < 6_000, "{millis} ms");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    frozen.freeze(false);
    assert_eq!(run("create", folder.path(), &frozen.env()).0, "ok");
    let again = run("create", folder.path(), &frozen.env()).0;
    assert_eq!(again, "AlreadyExists");
}
