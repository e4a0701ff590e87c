//! Makes the golden profiles that are missing under `tests/upgrade/golden`, one for each schema:
//!
//! `cargo run --package stoa-store --features test-support --example golden`
//!
//! One that is there is never made again: it stands for what a program of its time left behind.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of the tests: what fails is to be seen at once"
)]

#[path = "../tests/upgrade/golden.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod golden;
#[path = "../tests/upgrade/making.rs"]
mod making;
#[path = "../tests/it/server.rs"]
#[allow(dead_code, reason = "the tests of the store use more of it")]
mod server;
#[path = "../tests/upgrade/work.rs"]
mod work;

fn main() {
    for (version, _) in golden::migrations() {
        let folder = golden::folder().join(format!("{version:04}"));
        if folder.exists() {
            println!("{version:04} is there");
            continue;
        }
        making::make(version, &folder);
        let image = folder.join(golden::IMAGE);
        let size = std::fs::metadata(image).unwrap().len();
        println!("{version:04} was made: {size} bytes");
    }
}
