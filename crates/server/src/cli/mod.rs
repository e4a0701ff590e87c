//! The command line of `stoa-server`.

mod admin;
mod backup;
mod check;
mod settings;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use thiserror::Error;

use crate::admin::AdminError;
use crate::backup::BackupError;
use crate::config::Clock;
use crate::seed::SeedDemo;
use crate::{StartError, TlsError};
use settings::{Place, Serve};

/// The backend of Stoa: accounts, synchronisation, HTTPS.
#[derive(Debug, Parser)]
#[command(name = "stoa-server", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take requests until told to stop.
    Serve(Serve),
    /// Say what is wrong with settings, folder, certificates, bucket and database.
    Check(Serve),
    /// Communities and accounts.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Fill the database with a believable community, the same for the same seed.
    SeedDemo {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        demo: SeedDemo,
    },
    /// Copy the SQLite database into one file, while the server runs or not. Attachments are not
    /// in it.
    Backup {
        #[command(flatten)]
        place: Place,
        /// The file to make. It must not exist.
        #[arg(long)]
        to: std::path::PathBuf,
    },
    /// Put a backup in the database's place; the replaced one is kept beside it, attachments are
    /// not touched.
    Restore {
        #[command(flatten)]
        place: Place,
        /// The backup.
        #[arg(long)]
        from: std::path::PathBuf,
    },
}

/// Why a command did not do what it was asked.
#[derive(Debug, Error)]
pub(crate) enum CliError {
    #[error("the settings cannot be used: {0}")]
    Settings(String),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("the terminal or a file cannot be read or written")]
    Io(#[from] std::io::Error),
}

/// Reads the arguments and does what they say. 0 done, 1 not done, 2 wrong arguments.
pub fn run(clock: Clock) -> ExitCode {
    let arguments = Arguments::parse();
    match runtime().and_then(|runtime| runtime.block_on(execute(arguments.command, clock))) {
        Ok(code) => code,
        Err(error) => {
            // With nowhere left to write to, the exit code has to say it.
            let _ = writeln!(std::io::stderr(), "stoa-server: {}", with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?)
}

async fn execute(command: Command, clock: Clock) -> Result<ExitCode, CliError> {
    match command {
        Command::Serve(serve) => settings::serve(&serve, clock).await,
        Command::Check(serve) => check::check(&serve, clock).await,
        Command::Admin(admin) => admin::execute(admin, clock).await,
        Command::SeedDemo { place, demo } => admin::seed_demo(&place, demo, clock).await,
        Command::Backup { place, to } => backup::backup(&place, &to, clock).await,
        Command::Restore { place, from } => backup::restore(&place, &from, clock).await,
    }
}

/// The error with what lies behind it, on one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

/// One line for scripts on standard output.
fn print_json(value: &serde_json::Value) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{value}")?;
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_command_and_flag_fits_the_others() {
        Arguments::command().debug_assert();
    }
}
