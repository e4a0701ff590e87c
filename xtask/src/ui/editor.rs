//! The editor's JavaScript: packages by the lock file, then one bundle.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use super::inputs::Fingerprint;
use crate::{place::Place, setup, step};

/// Brings `web/editor/dist/editor.js` up to date.
pub(crate) fn build(place: &Place) -> Result<()> {
    let folder = place.editor();
    let stamp = folder.join("node_modules/.stoa-built");
    let inputs = Fingerprint::of(std::slice::from_ref(&folder))?.to_string();
    let built = fs::read_to_string(&stamp).is_ok_and(|written| written == inputs);
    if built && folder.join("dist/editor.js").is_file() {
        return Ok(());
    }
    install_packages("Fetching the editor's packages", &folder)?;
    let mut npm = npm(&folder);
    npm.args(["run", "--silent", "build"]);
    step::run_quietly("Bundling the editor", &mut npm)?;
    fs::write(stamp, inputs)?;
    Ok(())
}

/// `npm ci` in `folder`, unless its lock file is already installed.
pub(crate) fn install_packages(what: &str, folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let lock =
        fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let stamp = folder.join("node_modules/.stoa-installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = npm(folder);
    npm.args(["ci", "--no-audit", "--no-fund"]);
    step::run_quietly(what, &mut npm)?;
    fs::write(stamp, lock)?;
    Ok(())
}

fn npm(folder: &Path) -> Command {
    let program = setup::program("npm");
    step::command(program, folder)
}
