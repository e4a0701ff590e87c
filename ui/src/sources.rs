//! What the sources must not contain, and the texts they ask for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::texts::Words;

fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        extension,
        &mut found,
    );
    assert!(!found.is_empty(), "{folder}");
    found
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, extension, found);
        } else if path.extension().is_some_and(|it| it == extension) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

/// The literals right behind `before`, up to the closing quote.
fn literals<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn every_text_that_is_asked_for_exists_in_both_languages() {
    let mut keys = BTreeSet::new();
    for (_, text) in files("src", "rs") {
        keys.extend(
            literals(&text, "t!(words, \"")
                .into_iter()
                .map(str::to_owned),
        );
        keys.extend(
            literals(&text, "t!(self.words, \"")
                .into_iter()
                .map(str::to_owned),
        );
        let gets = literals(&text, "words.get(\"")
            .into_iter()
            .map(str::to_owned);
        keys.extend(gets);
    }
    assert!(keys.len() > 100, "only {} keys were found", keys.len());
    for language in ["zh-CN", "en"] {
        let words = Words::new(language);
        let missing: Vec<&String> = keys.iter().filter(|key| !words.has(key)).collect();
        assert!(missing.is_empty(), "{language} has no text for {missing:?}");
    }
}

#[test]
fn every_icon_that_is_drawn_is_in_the_sprite() {
    let icons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/icons/ui");
    for (path, text) in files("src", "rs") {
        for name in literals(&text, "icon=\"")
            .into_iter()
            .chain(literals(&text, "<Icon name=\""))
        {
            assert!(
                icons.join(format!("{name}.svg")).is_file(),
                "{}: {name}",
                path.display()
            );
        }
    }
}

#[test]
fn components_have_no_inline_styles_and_no_html_from_text() {
    let forbidden = [
        concat!(" sty", "le="),
        concat!("inner", "_html"),
        concat!("from_html_", "unchecked"),
    ];
    for (path, text) in files("src", "rs") {
        for word in forbidden {
            assert!(!text.contains(word), "{} contains {word}", path.display());
        }
    }
}

#[test]
fn only_the_tokens_name_colours() {
    for (path, text) in files("styles", "css") {
        if path.ends_with("10-tokens.css") {
            continue;
        }
        let raw = ["#", "rgb(", "rgba(", "hsl(", "oklch("];
        for line in text
            .lines()
            .filter(|line| !line.trim_start().starts_with("/*"))
        {
            assert!(
                !raw.iter().any(|colour| line.contains(colour)),
                "{}: {line}",
                path.display()
            );
        }
    }
}

#[test]
fn styles_use_logical_properties_only() {
    let physical = [
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        "border-left",
        "border-right",
        " left:",
        " right:",
    ];
    for (path, text) in files("styles", "css") {
        for word in physical {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}
