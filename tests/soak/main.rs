//! `cargo xtask soak [SEEDS [FROM]]`: the simulation of sync for as long as one likes, and the
//! model of its protocol with larger bounds. A seed that fails is told as the smallest history
//! that breaks the same promise.

use std::process::Command;

use anyhow::{Result, ensure};
use stoa_tests::programs::root;

/// Histories of one run, unless the caller names another number.
const SEEDS: &str = "100000";

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let seeds = words.next().unwrap_or_else(|| SEEDS.to_owned());
    let from = words.next().unwrap_or_else(|| "0".to_owned());
    for word in [&seeds, &from] {
        ensure!(word.parse::<u64>().is_ok(), "`{word}` is not a number");
    }
    let status = Command::new("cargo")
        .args(["test", "--release", "--package", "stoa-sync"])
        .args(["--lib", "--test", "model"])
        .env("STOA_SIM_SEEDS", seeds)
        .env("STOA_SIM_FROM", from)
        .env("STOA_MODEL", "large")
        .current_dir(root())
        .status()?;
    ensure!(status.success(), "a promise was broken");
    Ok(())
}
