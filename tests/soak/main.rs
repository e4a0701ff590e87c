//! `cargo xtask soak [CASES]`: the simulation of sync, for as long as one likes. Every case is a
//! random history of several devices and a server; a case that fails is kept by its seed.

use std::process::Command;

use anyhow::{Result, ensure};
use stoa_tests::programs::root;

/// Histories of one run, unless the caller names another number.
const CASES: &str = "2000";

fn main() -> Result<()> {
    let cases = std::env::args().nth(1).unwrap_or_else(|| CASES.to_owned());
    ensure!(
        cases.parse::<u32>().is_ok(),
        "`{cases}` is not a number of cases"
    );
    let status = Command::new("cargo")
        .args([
            "test",
            "--release",
            "--package",
            "stoa-sync",
            "--lib",
            "sim::",
        ])
        .env("STOA_SIM_CASES", cases)
        .current_dir(root())
        .status()?;
    ensure!(
        status.success(),
        "a history failed; its seed is kept beside the simulation"
    );
    Ok(())
}
