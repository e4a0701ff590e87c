//! Every state a keychain can be in, and every way into a profile: the real Secret Service of the
//! desktop (gnome-keyring) on a bus of the test's own, and one that misbehaves.
//!
//! The bus is told by the environment, so each cell is run by a process of its own: this test
//! program again.

mod misbehaving;
mod state;
mod step;

use std::path::Path;

use stoa_store::test_support::{KeyringState, PrivateBus};
use tempfile::TempDir;

use state::State;

/// How long the window may take until it can be used: with a list of what opens the profile.
const USABLE_MS: u64 = 5_000;
/// Until the keychain was given up: its own deadline, and a moment on a busy computer.
const SETTLED_MS: u64 = 7_000;

/// What somebody does while the keychain is in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Starts the program.
    Open,
    /// Makes another profile that only the keychain would lock.
    Create,
    /// Tries a passphrase and a recovery key that are wrong.
    Guess,
    /// Opens with the passphrase while the keychain is still being asked, and sets another one.
    Rekey,
    /// Opens with the recovery key, and starts the program again.
    Recover,
}

const WAYS: [Way; 5] = [Way::Open, Way::Create, Way::Guess, Way::Rekey, Way::Recover];

/// What a step said: the code of the failure or that it went well, and how long it took.
#[derive(Debug)]
struct Said {
    what: String,
    usable_ms: u64,
    settled_ms: u64,
}

#[test]
fn no_state_of_the_keychain_costs_a_profile_or_its_way_in() {
    if PrivateBus::start(KeyringState::Unlocked).is_none() {
        println!("dbus-daemon or gnome-keyring is not installed: nothing was tested");
        return;
    }
    let cells: Vec<Cell> = std::thread::scope(|scope| {
        // Most of the time is waiting for keychains that do not answer.
        let columns: Vec<_> = state::ALL
            .chunks(3)
            .map(|states| scope.spawn(|| states.iter().flat_map(cells_of).collect::<Vec<_>>()))
            .collect();
        let cells = columns
            .into_iter()
            .flat_map(|column| column.join().unwrap());
        cells.collect()
    });
    let slowest = cells.iter().map(|cell| cell.usable_ms).max().unwrap();
    println!(
        "{} cells; the window was usable after {slowest} ms at most",
        cells.len()
    );
    let broken: Vec<&String> = cells.iter().flat_map(|cell| &cell.broken).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    assert_eq!(cells.len(), 60);
}

/// What one way came to in one state.
struct Cell {
    usable_ms: u64,
    broken: Vec<String>,
}

/// Brings a keychain into a state and goes every way.
fn cells_of(state: &State) -> Vec<Cell> {
    let mut bus = PrivateBus::start(KeyringState::Unlocked).unwrap();
    let computer = tempfile::tempdir().unwrap();
    let recovery = step::run("make", computer.path(), &bus.env(), "").what;
    let brought = state.bring(&mut bus, computer.path());
    let cells = WAYS.map(|way| {
        let place = copy(computer.path());
        let said = step::run(way.name(), place.path(), &brought.env, &recovery);
        Cell {
            usable_ms: said.usable_ms,
            broken: broken(state, way, &said, (computer.path(), place.path())),
        }
    });
    bus.freeze(false);
    cells.into()
}

/// What is not as it has to be.
fn broken(state: &State, way: Way, said: &Said, (before, after): (&Path, &Path)) -> Vec<String> {
    let (before_dir, after_dir) = (state::profile_dir(before), state::profile_dir(after));
    let is_opened = matches!(way, Way::Rekey | Way::Recover) && state.opens_by_recovery;
    // With the right recovery key the keychain is given its key again, whatever the database is.
    let same = |names: &[&str]| contents(&before_dir, names) == contents(&after_dir, names);
    let is_untouched = same(&DATABASE) && (way == Way::Recover || same(&MANIFEST));
    let n_made = usize::from(said.what == "made");
    let expected = state.expected(way);
    let must_hold = [
        (said.what == expected, expected),
        (
            said.usable_ms <= USABLE_MS,
            "the window was usable too late",
        ),
        (said.settled_ms <= SETTLED_MS, "it took too long"),
        (identity(&before_dir) == identity(&after_dir), "another key"),
        (is_opened || is_untouched, "a file was changed"),
        (n_vaults(after) == 1 + n_made, "another vault"),
    ];
    let broken = must_hold.iter().filter(|(holds, _)| !holds);
    broken
        .map(|(_, what)| format!("{}, {way:?}: {what}, but {said:?}", state.name))
        .collect()
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Way::Open => "open",
            Way::Create => "create",
            Way::Guess => "guess",
            Way::Rekey => "rekey",
            Way::Recover => "recover",
        }
    }
}

/// The lines of a manifest that name the vault, its key and its database: a new key would change
/// them.
fn identity(profile: &Path) -> Vec<String> {
    let manifest = std::fs::read_to_string(profile.join("vault.toml")).unwrap();
    let is_identity = |line: &&str| {
        ["vault_id", "key_check", "db_salt", "db_must_exist"]
            .iter()
            .any(|name| line.starts_with(name))
    };
    manifest
        .lines()
        .filter(is_identity)
        .map(str::to_owned)
        .collect()
}

const DATABASE: [&str; 2] = ["studio.db", "studio.db-wal"];
const MANIFEST: [&str; 2] = ["vault.toml", "vault.toml.copy"];

/// What is in the files of a profile.
fn contents(profile: &Path, names: &[&str]) -> Vec<Option<Vec<u8>>> {
    let files = names.iter().map(|name| profile.join(name));
    files.map(|path| std::fs::read(path).ok()).collect()
}

/// How many profiles have a key.
fn n_vaults(computer: &Path) -> usize {
    let profiles = std::fs::read_dir(computer.join("profiles")).unwrap();
    let paths = profiles.map(|profile| profile.unwrap().path());
    paths
        .filter(|path| path.join("vault.toml").exists())
        .count()
}

/// The same computer once more.
fn copy(computer: &Path) -> TempDir {
    fn all(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() {
                all(&path, &target);
            } else {
                std::fs::write(target, std::fs::read(path).unwrap()).unwrap();
            }
        }
    }
    let place = tempfile::tempdir().unwrap();
    all(computer, place.path());
    place
}
