//! `cargo xtask`: everything a person working on Stoa types, and what the
//! continuous integration calls. Each command is a file of its own; this one
//! only reads the command line.

#![allow(
    clippy::print_stdout,
    reason = "a program for the terminal: what was asked for goes to stdout, progress to stderr"
)]

mod args;
mod child;
mod dist;
mod lint;
mod measure;
mod place;
mod progress;
mod run;
mod setup;
mod step;
mod test;
mod ui;

use std::process::ExitCode;

use anyhow::{Result, bail};
use args::Args;
use place::Place;

const USAGE: &str = "\
cargo xtask <command>

  run [--release] [--virtual-display]   open the studio with a local backend and demo data
  test [FILTER]                         run every test (or those whose name contains FILTER)
  ui [--watch] [--release]              build the window's content into ui/dist
  lint                                  formatting, clippy, advisories and licences
  bench [--json] [FILTER]               measure, as a table or as JSON
  soak                                  run for hours against a failing network
  screenshots                           every screen x theme x language as PNG files
  dist [--appimage]                     installable packages for this system
  setup [--tests]                       install what is missing (the others do it by themselves)
";

fn main() -> ExitCode {
    match dispatch(Args::from_env()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut args: Args) -> Result<ExitCode> {
    let Some(command) = args.command() else {
        eprint!("{USAGE}");
        return Ok(ExitCode::from(2));
    };
    let place = Place::find()?;
    match command.as_str() {
        "run" => run::command(&place, args)?,
        "test" => test::command(&place, args)?,
        "ui" => ui::command(&place, args)?,
        "lint" => lint::command(&place, args)?,
        "bench" => measure::bench(&place, args)?,
        "soak" => measure::soak(&place, args)?,
        "screenshots" => measure::screenshots(&place, args)?,
        "dist" => dist::command(&place, args)?,
        "setup" => setup::command(&place, args)?,
        "help" | "--help" | "-h" => eprint!("{USAGE}"),
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}
