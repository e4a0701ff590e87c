//! The sources: words and calls that break a promise wherever they stand.

use std::path::{Path, PathBuf};
use std::process::Command;

use stoa_tests::programs::root;

/// Every file of the project, as git knows it, with its text.
fn files(endings: &[&str]) -> Vec<(PathBuf, String)> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names = String::from_utf8(output.stdout).unwrap();
    names
        .split('\0')
        .filter(|name| endings.iter().any(|ending| name.ends_with(ending)))
        .map(PathBuf::from)
        .filter_map(|path| {
            Some((
                path.clone(),
                std::fs::read_to_string(root().join(&path)).ok()?,
            ))
        })
        .collect()
}

fn is_guard(path: &Path) -> bool {
    path.starts_with("tests/guards")
}

#[track_caller]
fn refuse(endings: &[&str], words: &[&str], allowed: &[&str]) {
    for (path, text) in files(endings) {
        if is_guard(&path) || allowed.iter().any(|prefix| path.starts_with(prefix)) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            for word in words {
                assert!(
                    !line.contains(word),
                    "{}:{}: {word}",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn no_html_is_ever_put_into_the_page_as_text() {
    refuse(
        &[".rs", ".js", ".ts", ".html"],
        &[
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "from_html_unchecked",
            "document.write",
        ],
        // What is put there on purpose has to be noticed.
        &["tests/journeys/hostile"],
    );
}

#[test]
fn no_sql_is_put_together_from_strings() {
    for (path, text) in files(&[".rs"]) {
        // What tests look through a whole store with names tables from the schema, and a name
        // cannot be a parameter.
        let reads_every_table = [
            "crates/store/src/test_support/mod.rs",
            "crates/store/tests/upgrade",
            "crates/server/tests/it/upgrade",
        ]
        .iter()
        .any(|place| path.starts_with(place));
        if is_guard(&path) || reads_every_table {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let Some(at) = line.find("format!(\"").or_else(|| line.find("format!(r")) else {
                continue;
            };
            let built = line[at..].to_lowercase();
            let is_sql = [
                "select ",
                "insert into",
                "update ",
                "delete from",
                "drop table",
            ]
            .iter()
            .any(|verb| built.contains(&format!("\"{verb}")));
            assert!(!is_sql, "{}:{}", path.display(), number + 1);
        }
    }
}

#[test]
fn only_the_edges_read_the_clock() {
    refuse(
        &[".rs"],
        &["SystemTime::now(", "Utc::now(", "Local::now("],
        &[
            "src-tauri/",
            "crates/cli/src/main.rs",
            "crates/devhost/src/main.rs",
            "crates/server/src/main.rs",
            "tests/",
            "xtask/",
            "ui-bundler/",
        ],
    );
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    refuse(
        &[".rs", ".css", ".sql", ".ftl", ".js"],
        &["TODO", "FIXME", "#[ignore"],
        &[],
    );
}

#[test]
fn no_style_attribute_stands_in_the_window_sources() {
    for (path, text) in files(&[".rs", ".html"]) {
        if path.starts_with("ui") {
            for (number, line) in text.lines().enumerate() {
                let has_style = line.contains(" style=\"") || line.contains(" style={");
                assert!(!has_style, "{}:{}", path.display(), number + 1);
            }
        }
    }
}
