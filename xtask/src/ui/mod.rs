//! `cargo xtask ui`: the window's content, from Rust, CSS and the editor's
//! JavaScript to `ui/dist`. When no input changed it does nothing.

mod editor;
mod inputs;
mod watch;

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::{
    args::Args,
    place::Place,
    progress,
    setup::{self, Purpose, Toolchain},
    step,
};
pub(crate) use editor::install_packages;
use inputs::Fingerprint;

pub(crate) fn command(place: &Place, mut args: Args) -> Result<()> {
    let watch = args.flag("--watch");
    let release = args.flag("--release");
    args.end()?;
    if watch {
        return watch::command(place, release);
    }
    build(place, release)
}

/// Brings `ui/dist` up to date.
pub(crate) fn build(place: &Place, release: bool) -> Result<()> {
    setup::packages(Purpose::Build)?;
    let stamp = Stamp::of(place, release);
    let inputs = fingerprint(place)?;
    if stamp.matches(inputs, place) {
        return Ok(());
    }
    let toolchain = setup::wasm_toolchain(place)?;
    editor::build(place)?;
    let wasm = compile(place, toolchain, release)?;
    bundle(place, &wasm, release)?;
    stamp.write(inputs)
}

/// Everything `ui/dist` is made of. Changes in a crate the window does not use
/// cost one look by cargo.
fn fingerprint(place: &Place) -> Result<Fingerprint> {
    let within = ["Cargo.toml", "Cargo.lock", ".cargo", "crates", "assets"];
    let own = ["ui", "ui-bundler", "web"];
    let roots: Vec<PathBuf> = within
        .iter()
        .chain(&own)
        .map(|name| place.root.join(name))
        .collect();
    Fingerprint::of(&roots)
}

fn compile(place: &Place, toolchain: Toolchain, release: bool) -> Result<PathBuf> {
    let profile = profile(release);
    let mut command = toolchain.cargo(&place.root);
    command
        .args(["build", "--package", "stoa-ui", "--profile", profile])
        .args(["--target", "wasm32-unknown-unknown", "--target-dir"])
        .arg(&place.wasm_target);
    progress::cargo("Building the window's code", profile, place, &mut command)?;
    let built = place.wasm_target.join("wasm32-unknown-unknown");
    Ok(built.join(profile).join("stoa-ui.wasm"))
}

fn profile(release: bool) -> &'static str {
    if release { "wasm" } else { "wasm-dev" }
}

fn bundle(place: &Place, wasm: &PathBuf, release: bool) -> Result<()> {
    let mut build = step::command("cargo", &place.root);
    build.args(["build", "--workspace", "--bin", "stoa-ui-bundler"]);
    progress::cargo("Building the bundler", "ui-bundler", place, &mut build)?;
    let mut bundler = Command::new(place.binary(false, "stoa-ui-bundler"));
    bundler
        .current_dir(&place.root)
        .arg(wasm)
        .arg(&place.root)
        .arg(place.dist());
    if release {
        bundler.arg(wasm_opt(place)?);
    }
    step::run("Bundling into ui/dist", &mut bundler)
}

/// The optimiser, at the version of the lock file beside it.
fn wasm_opt(place: &Place) -> Result<PathBuf> {
    let folder = place.root.join("ui-bundler/wasm-opt");
    install_packages("Fetching wasm-opt", &folder)?;
    Ok(folder.join("node_modules/binaryen/bin/wasm-opt"))
}

/// Remembers which inputs the present `ui/dist` was made of.
struct Stamp {
    file: PathBuf,
    profile: &'static str,
}

impl Stamp {
    fn of(place: &Place, release: bool) -> Self {
        let clone = inputs::hash_of(&place.root);
        Self {
            file: place.wasm_target.join(format!("dist-{clone:016x}")),
            profile: profile(release),
        }
    }

    fn text(&self, inputs: Fingerprint) -> String {
        format!("{} {inputs}\n", self.profile)
    }

    fn matches(&self, inputs: Fingerprint, place: &Place) -> bool {
        let written = fs::read_to_string(&self.file).unwrap_or_default();
        written == self.text(inputs) && place.dist().join("index.html").is_file()
    }

    fn write(&self, inputs: Fingerprint) -> Result<()> {
        fs::write(&self.file, self.text(inputs))
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}
