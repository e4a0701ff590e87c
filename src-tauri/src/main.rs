//! The program `stoa`.

// Without this a terminal window opens beside ours on Windows.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match stoa_shell::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("stoa: {error:#}");
            ExitCode::FAILURE
        }
    }
}
