//! `cargo xtask setup`, and the silent first step of the other commands:
//! installs what is missing and costs nothing when nothing is.

mod debian_std;
mod packages;
mod system;
mod wasm_target;

use std::path::PathBuf;

use anyhow::Result;

use crate::{args::Args, place::Place, step};
pub(crate) use packages::Purpose;
pub(crate) use system::on_path;
pub(crate) use wasm_target::Toolchain;

pub(crate) fn command(place: &Place, mut args: Args) -> Result<()> {
    let purpose = if args.flag("--tests") {
        Purpose::Test
    } else {
        Purpose::Build
    };
    args.end()?;
    packages(purpose)?;
    let toolchain = wasm_toolchain(place)?;
    step::say(&format!(
        "Everything is in place; the window's code is built with {toolchain}"
    ));
    Ok(())
}

/// Makes sure that this system's packages for `purpose` are installed.
pub(crate) fn packages(purpose: Purpose) -> Result<()> {
    packages::ensure(purpose, &system::System::detect())
}

/// Makes sure that some toolchain can compile for the browser, and says which.
pub(crate) fn wasm_toolchain(place: &Place) -> Result<Toolchain> {
    wasm_target::ensure(place, &system::System::detect())
}

/// `name` as the system wants it called: Windows has `npm` as a script.
pub(crate) fn program(name: &str) -> PathBuf {
    system::on_path(name).unwrap_or_else(|| name.into())
}
