//! Who may depend on whom, and which crates may not be in the tree at all.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use stoa_tests::programs::root;

/// The arrows: a crate, and the crates of ours that it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("stoa-domain", &[]),
    ("stoa-l10n", &[]),
    ("stoa-markdown", &["stoa-domain"]),
    ("stoa-exchange", &["stoa-domain", "stoa-markdown"]),
    ("stoa-mutators", &["stoa-domain"]),
    ("stoa-protocol", &["stoa-domain"]),
    ("stoa-ipc", &["stoa-domain"]),
    (
        "stoa-store",
        &[
            "stoa-domain",
            "stoa-exchange",
            "stoa-markdown",
            "stoa-mutators",
        ],
    ),
    (
        "stoa-sync",
        &[
            "stoa-domain",
            "stoa-mutators",
            "stoa-protocol",
            "stoa-store",
        ],
    ),
    (
        "stoa-studio",
        &[
            "stoa-domain",
            "stoa-exchange",
            "stoa-ipc",
            "stoa-l10n",
            "stoa-markdown",
            "stoa-mutators",
            "stoa-protocol",
            "stoa-store",
            "stoa-sync",
        ],
    ),
    ("stoa-playback", &["stoa-studio"]),
    (
        "stoa-devhost",
        &["stoa-ipc", "stoa-playback", "stoa-studio"],
    ),
    (
        "stoa-cli",
        &["stoa-domain", "stoa-ipc", "stoa-l10n", "stoa-studio"],
    ),
    (
        "stoa",
        &["stoa-ipc", "stoa-l10n", "stoa-playback", "stoa-studio"],
    ),
    ("stoa-ui", &["stoa-domain", "stoa-ipc", "stoa-l10n"]),
    (
        "stoa-server",
        &[
            "stoa-domain",
            "stoa-markdown",
            "stoa-mutators",
            "stoa-protocol",
        ],
    ),
    ("xtask", &[]),
    ("stoa-ui-bundler", &[]),
];

/// Crates that only some of ours may use directly.
const RESERVED: &[(&str, &[&str])] = &[
    ("tauri", &["stoa"]),
    ("rusqlite", &["stoa-store", "stoa-server"]),
    ("reqwest", &["stoa-sync", "stoa-server"]),
    ("yew", &["stoa-ui"]),
    ("web-sys", &["stoa-ui"]),
    // The dialog plugin brings it along; nothing of ours may register it.
    ("tauri-plugin-fs", &[]),
];

/// Crates that may not be in the tree, and why.
const ABSENT: &[(&str, &str)] = &[
    ("aws-lc-rs", "one crypto library: ring"),
    ("openssl-sys", "one crypto library: ring"),
    ("native-tls", "one TLS library: rustls"),
    ("sqlx", "brings a second SQLite"),
    ("tauri-plugin-shell", "opens programs at the page's wish"),
    ("tauri-plugin-http", "input and output is in typed commands"),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        // What other systems need may not be on this machine.
        .args(["--filter-platform", &host()])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

/// The system that this is built for, as the compiler calls it.
fn host() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.expect("rustc names its host").to_owned()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Our crates with what each depends on, tests apart.
fn ours(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let members: BTreeSet<&str> = metadata["workspace_members"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|package| members.contains(text(package, "id")))
        .map(|package| {
            let dependencies = package["dependencies"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|dependency| dependency["kind"] != "dev")
                .map(|dependency| text(dependency, "name").to_owned())
                .collect();
            (text(package, "name").to_owned(), dependencies)
        })
        .collect()
}

#[test]
fn every_arrow_between_our_crates_is_an_allowed_one() {
    let ours = ours(&metadata());
    for (name, dependencies) in &ours {
        if name == "stoa-tests" {
            continue;
        }
        let (_, allowed) = ARROWS
            .iter()
            .find(|(from, _)| from == name)
            .unwrap_or_else(|| panic!("{name} has no place in the layers yet"));
        let between_ours = dependencies.iter().filter(|to| ours.contains_key(*to));
        for to in between_ours {
            assert!(
                allowed.contains(&to.as_str()),
                "{name} may not depend on {to}"
            );
        }
    }
}

#[test]
fn reserved_crates_are_used_only_where_they_belong() {
    for (name, dependencies) in ours(&metadata()) {
        for (reserved, owners) in RESERVED {
            assert!(
                name == "stoa-tests"
                    || owners.contains(&name.as_str())
                    || !dependencies.contains(*reserved),
                "{name} may not depend on {reserved}"
            );
        }
    }
}

#[test]
fn unwanted_crates_are_absent_and_there_is_one_sqlite() {
    let metadata = metadata();
    let packages: Vec<&Value> = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    for (unwanted, why) in ABSENT {
        let is_there = packages
            .iter()
            .any(|package| text(package, "name") == *unwanted);
        assert!(!is_there, "{unwanted} is in the tree ({why})");
    }
    let n_sqlite = packages
        .iter()
        .filter(|p| text(p, "name") == "libsqlite3-sys")
        .count();
    assert_eq!(
        n_sqlite, 1,
        "two copies of SQLite in one program drop each other's locks"
    );
}

#[test]
fn security_relevant_crates_are_not_older_than_their_floor() {
    let floors = std::fs::read_to_string(root().join("security/min-versions.toml")).unwrap();
    let floors: BTreeMap<String, toml::Value> = toml::from_str(&floors).unwrap();
    let metadata = metadata();
    for (name, floor) in floors {
        let floor = floor["version"]
            .as_str()
            .expect("a floor has a version")
            .to_owned();
        for package in metadata["packages"].as_array().into_iter().flatten() {
            if text(package, "name") == name {
                let version = text(package, "version");
                assert!(
                    number(version) >= number(&floor),
                    "{name} {version} is older than {floor}"
                );
            }
        }
    }
}

/// `1.2.3+more` as comparable numbers.
fn number(version: &str) -> Vec<u64> {
    version
        .split(['.', '-', '+'])
        .take(3)
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}
