//! The twelve states, how each comes about, and what is said in it.

use std::any::Any;
use std::path::{Path, PathBuf};

use stoa_store::test_support::{KeyringState, PrivateBus};

use super::Way;
use super::misbehaving;
use super::step;

type Env = Vec<(&'static str, String)>;

pub(super) struct State {
    pub(super) name: &'static str,
    /// What starting the program comes to.
    opens: &'static str,
    /// What making another profile comes to.
    creates: &'static str,
    /// Whether the recovery key opens the profile.
    pub(super) opens_by_recovery: bool,
    /// What starting the program comes to after a recovery.
    recovers: &'static str,
    bring: fn(&mut PrivateBus, &Path) -> Brought,
}

/// A keychain that has been brought into a state.
pub(super) struct Brought {
    pub(super) env: Env,
    /// What has to live as long as the state lasts.
    _kept: Option<Box<dyn Any>>,
}

impl State {
    pub(super) fn bring(&self, bus: &mut PrivateBus, computer: &Path) -> Brought {
        (self.bring)(bus, computer)
    }

    pub(super) fn expected(&self, way: Way) -> &'static str {
        match way {
            Way::Open => self.opens,
            Way::Create => self.creates,
            Way::Guess => "wrong_passphrase wrong_recovery_key",
            Way::Rekey if !self.opens_by_recovery => self.opens,
            Way::Rekey => "open",
            Way::Recover => self.recovers,
        }
    }
}

/// The keychain cannot be used at all.
const fn without(
    name: &'static str,
    code: &'static str,
    bring: fn(&mut PrivateBus, &Path) -> Brought,
) -> State {
    State {
        name,
        opens: code,
        creates: code,
        opens_by_recovery: true,
        recovers: code,
        bring,
    }
}

/// The keychain works and has not what it should have: it is given its key again.
const fn without_key(
    name: &'static str,
    code: &'static str,
    bring: fn(&mut PrivateBus, &Path) -> Brought,
) -> State {
    State {
        name,
        opens: code,
        creates: "made",
        opens_by_recovery: true,
        recovers: "open",
        bring,
    }
}

pub(super) const ALL: [State; 12] = [
    without("no bus", "keychain_unavailable", |_, _| Brought {
        env: PrivateBus::no_bus(),
        _kept: None,
    }),
    without("no service", "keychain_unavailable", |bus, _| {
        assert!(bus.change(KeyringState::Absent));
        on(bus)
    }),
    without("the question is dismissed", "keychain_refused", |bus, _| {
        assert!(bus.change(KeyringState::Absent));
        let service = misbehaving::start(bus.address());
        Brought {
            env: bus.env(),
            _kept: Some(Box::new(service)),
        }
    }),
    without("frozen", "keychain_timeout", |bus, _| {
        bus.freeze(true);
        on(bus)
    }),
    without("locked", "keychain_refused", |bus, _| {
        assert!(bus.change(KeyringState::Locked));
        on(bus)
    }),
    without_key("no entry", "key_missing", |bus, computer| {
        step::run("forget", computer, &bus.env(), "");
        on(bus)
    }),
    without_key("another value", "wrong_key", |bus, computer| {
        step::run("spoil", computer, &bus.env(), "");
        on(bus)
    }),
    without_key("a value cut short", "wrong_key", |bus, computer| {
        step::run("truncate", computer, &bus.env(), "");
        on(bus)
    }),
    without_key("two values", "wrong_key", |bus, computer| {
        misbehaving::put_twice(bus.address(), &entry(&profile_dir(computer)));
        on(bus)
    }),
    without_key("another keychain program", "key_missing", |_, computer| {
        name_another_backend(&profile_dir(computer));
        let other = PrivateBus::start(KeyringState::Unlocked).unwrap();
        Brought {
            env: other.env(),
            _kept: Some(Box::new(other)),
        }
    }),
    without_key("reset", "key_missing", |bus, _| {
        assert!(bus.reset());
        on(bus)
    }),
    State {
        creates: "made",
        opens_by_recovery: false,
        ..without(
            "a database of another computer",
            "foreign_database",
            |bus, computer| {
                put_another_database(&profile_dir(computer), bus);
                on(bus)
            },
        )
    },
];

fn on(bus: &PrivateBus) -> Brought {
    Brought {
        env: bus.env(),
        _kept: None,
    }
}

/// The folder of the profile that was there first.
pub(super) fn profile_dir(computer: &Path) -> PathBuf {
    let first = std::fs::read_to_string(computer.join("first")).unwrap();
    computer.join("profiles").join(first)
}

/// The name of the keychain's entry.
pub(super) fn entry(profile: &Path) -> String {
    let manifest = std::fs::read_to_string(profile.join("vault.toml")).unwrap();
    let mut lines = manifest.lines();
    let line = lines.find(|line| line.starts_with("entry = ")).unwrap();
    line.split('"').nth(1).unwrap().to_owned()
}

/// The manifest says that another program took the key, as after moving to another desktop.
fn name_another_backend(profile: &Path) {
    let text = std::fs::read_to_string(profile.join("vault.toml")).unwrap();
    let (_, body) = text.split_once('\n').unwrap();
    let body = body.replace("\"secret-service\"", "\"kwallet\"");
    let checksum = blake3::hash(body.as_bytes());
    for name in ["vault.toml", "vault.toml.copy"] {
        let text = format!("checksum = \"{checksum}\"\n{body}");
        std::fs::write(profile.join(name), text).unwrap();
    }
}

fn put_another_database(profile: &Path, bus: &PrivateBus) {
    let other = tempfile::tempdir().unwrap();
    step::run("make", other.path(), &bus.env(), "");
    let theirs = profile_dir(other.path());
    for name in ["studio.db", "studio.db-wal", "studio.db-shm"] {
        let _ = std::fs::remove_file(profile.join(name));
        if let Ok(bytes) = std::fs::read(theirs.join(name)) {
            std::fs::write(profile.join(name), bytes).unwrap();
        }
    }
}
