//! `cargo xtask bench | soak | screenshots`: programs of the test crate that
//! drive the finished product, built for speed.

use anyhow::{Context, Result, bail};

use crate::{
    args::Args,
    place::Place,
    progress,
    setup::{self, Purpose},
    step, ui,
};

/// `bench [--json] [FILTER]`.
pub(crate) fn bench(place: &Place, mut args: Args) -> Result<()> {
    let json = args.flag("--json");
    let filter = args.filter()?;
    let words = json.then(|| "--json".to_owned()).into_iter().chain(filter);
    drive(place, "bench", words.collect())
}

/// `soak [WORDS…]`; the program knows its own options.
pub(crate) fn soak(place: &Place, args: Args) -> Result<()> {
    drive(place, "soak", args.all())
}

/// `screenshots [WORDS…]`.
pub(crate) fn screenshots(place: &Place, args: Args) -> Result<()> {
    drive(place, "screenshots", args.all())
}

fn drive(place: &Place, program: &str, words: Vec<String>) -> Result<()> {
    setup::packages(Purpose::Test)?;
    ui::build(place, true)?;
    let mut build = step::command("cargo", &place.root);
    build.args(["build", "--release", "--bins"]);
    build.args(["--package", "stoa", "--package", "stoa-server"]);
    build.args(["--package", "stoa-cli", "--package", "stoa-devhost"]);
    build.args(["--package", "stoa-tests"]);
    // What people use cannot be remote-controlled; what is measured and pictured has to be.
    build.args(["--features", "stoa/automation"]);
    progress::cargo("Building for speed", "release", place, &mut build)?;
    let binary = place.binary(true, program);
    let mut command = step::command(&binary, &place.root);
    command
        .args(words)
        .env("STOA_BIN_DIR", place.binaries(true))
        .env("STOA_UI_DIST", place.dist());
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", binary.display()))?;
    if !status.success() {
        bail!("`cargo xtask {program}` ended with {status}");
    }
    Ok(())
}
