//! The log: a file a day in the data folder, a week of them. It names what happened and which
//! ids and codes were involved, never contents, names or secrets.

use std::{fs, panic, path::Path};

use anyhow::{Context, Result};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Starts writing the log. `STOA_LOG` sets how much, in the notation of `tracing`.
pub(crate) fn start(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("stoa")
        .filename_suffix("log")
        .max_log_files(7)
        .build(folder)
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter()?)
        .with_ansi(false)
        .with_writer(file)
        .try_init()
        .map_err(|error| anyhow::anyhow!("cannot start the log: {error}"))?;
    write_panics();
    Ok(())
}

/// What is written. The text library tells of its innards, which are pieces of what people wrote,
/// so it stays silent whatever is asked for.
fn filter() -> Result<EnvFilter> {
    let asked = EnvFilter::try_from_env("STOA_LOG");
    let mut filter = asked.unwrap_or_else(|_| EnvFilter::new("info"));
    for silent in ["loro=off", "loro_internal=off", "loro_kv_store=off"] {
        filter = filter.add_directive(silent.parse().context("a directive of our own")?);
    }
    Ok(filter)
}

/// A panic's place goes to the log, and to the terminal as usual. Its message may quote what the
/// user wrote, so it stays out of the file.
fn write_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("unnamed");
        let backtrace = std::backtrace::Backtrace::force_capture();
        tracing::error!(place, thread, %backtrace, "panic");
        usual(panic);
    }));
}
