//! `cargo xtask soak [SEEDS [FROM]]`: the simulation of sync for as long as one likes, the model of
//! its protocol with larger bounds, the network that fails and the disk that fails, and a file of a
//! GiB over a line that breaks three times. A seed of the simulation that fails is told as the smallest history that breaks the same promise.

use std::process::Command;

use anyhow::{Result, ensure};
use stoa_tests::programs::root;

/// Histories of one run, unless the caller names another number.
const SEEDS: &str = "100000";
/// Runs over a network that fails.
const CHAOS_RUNS: &str = "1000";
/// How many times the crash points of a normal run: more than five hundred in each migration.
const FAULTS: &str = "10";
/// The file that is sent over a line that breaks, in MiB.
const FILE_MIB: &str = "1024";
/// Seconds that is waited for it.
const PATIENCE: &str = "1800";

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let seeds = words.next().unwrap_or_else(|| SEEDS.to_owned());
    let from = words.next().unwrap_or_else(|| "0".to_owned());
    for word in [&seeds, &from] {
        ensure!(word.parse::<u64>().is_ok(), "`{word}` is not a number");
    }
    let mut sync = tests_of(
        "stoa-sync",
        &["--lib", "--test", "model", "--test", "chaos"],
    );
    sync.env("STOA_SIM_SEEDS", seeds)
        .env("STOA_SIM_FROM", &from)
        .env("STOA_CHAOS_RUNS", CHAOS_RUNS)
        .env("STOA_CHAOS_FROM", from)
        .env("STOA_MODEL", "large");
    let mut store = tests_of("stoa-store", &["--test", "faults"]);
    store.env("STOA_FAULTS", FAULTS);
    let mut large = tests_of("stoa-sync", &["--test", "it", "cut_three_times"]);
    large
        .env("STOA_FILE_MIB", FILE_MIB)
        .env("STOA_PATIENCE", PATIENCE);
    for mut tests in [sync, store, large] {
        ensure!(tests.status()?.success(), "a promise was broken");
    }
    Ok(())
}

fn tests_of(package: &str, which: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["test", "--release", "--package", package])
        .args(which)
        .current_dir(root());
    cargo
}
