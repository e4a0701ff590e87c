//! `stoa-cli`: the studio without a window, for scripts and rescue.
//!
//! It opens one profile's folder, carries out one command and says how it went: for people in
//! their language, for scripts as JSON, and always by its exit code (see `docs/cli.md`).

mod arguments;
mod commands;
mod exit;
mod open;
mod output;
mod secrets;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use stoa_studio::{Clock, Timestamp};
use tracing_subscriber::EnvFilter;

use crate::arguments::Arguments;
use crate::output::Output;

/// The time of this computer.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the program's edge")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_env("STOA_LOG").unwrap_or(EnvFilter::new("off")))
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json, arguments.language());
    let clock = Arc::new(SystemClock);
    let ended = match commands::carry_out(&arguments, &output, clock).await {
        Ok(end) => end,
        Err(problem) => output.problem(&problem),
    };
    ended.into()
}
