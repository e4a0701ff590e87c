//! Copies of a SQLite database, made and put back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::config::Config;
use crate::db::{DatabaseUrl, Db, DbError, copy_sqlite};
use crate::refusal::Refusal;
use crate::tables::{community, server};

#[derive(Debug, Error)]
pub enum BackupError {
    #[error(
        "PostgreSQL is copied with pg_dump and restored with pg_restore; then run `stoa-server admin new-epoch`"
    )]
    Postgres,
    #[error("{0} exists already")]
    Exists(PathBuf),
    #[error("there is no database at {0}")]
    NoDatabase(PathBuf),
    #[error("{0} is not a backup of this program")]
    NotABackup(PathBuf),
    #[error("the database is in use: stop the server first")]
    InUse,
    #[error("a file cannot be copied or moved")]
    File(#[from] io::Error),
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Writes the database into one new file. The server may run meanwhile.
///
/// # Errors
/// [`BackupError`]; nothing is overwritten.
pub fn backup(config: &Config, to: &Path) -> Result<(), BackupError> {
    let from = sqlite_file(config)?;
    if !from.exists() {
        return Err(BackupError::NoDatabase(from));
    }
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    copy_sqlite(&from, to)?;
    Ok(())
}

/// Puts a backup in the database's place and gives it a new epoch, so that every device notices.
/// Answers where the replaced database is kept.
///
/// # Errors
/// [`BackupError`]; the database in place is untouched then.
pub async fn restore(config: &Config, from: &Path) -> Result<Option<PathBuf>, BackupError> {
    let target = sqlite_file(config)?;
    if !from.exists() {
        return Err(BackupError::NoDatabase(from.to_owned()));
    }
    let fresh = config.data.join("stoa.sqlite.restoring");
    remove_if_there(&fresh)?;
    copy_sqlite(from, &fresh).map_err(|_| BackupError::NotABackup(from.to_owned()))?;
    mint_epoch(config, &fresh).await?;
    let kept = if target.exists() {
        Some(set_aside(&target, config)?)
    } else {
        None
    };
    fs::rename(&fresh, &target)?;
    Ok(kept)
}

fn sqlite_file(config: &Config) -> Result<PathBuf, BackupError> {
    match config.database {
        Some(_) => Err(BackupError::Postgres),
        None => Ok(config.database_file()),
    }
}

/// Also brings an older backup's schema up to date, and finds out whether it is one at all.
async fn mint_epoch(config: &Config, file: &Path) -> Result<(), BackupError> {
    let not_a_backup = |_| BackupError::NotABackup(file.to_owned());
    let db = Db::open(&DatabaseUrl::Sqlite(file.to_owned()), config.now()).await?;
    let epoch = config.entropy.token();
    let outcome = db
        .write(move |tx| {
            let is_ours = server::identity(tx)?.is_some();
            server::set_epoch(tx, &epoch)?;
            community::heads(tx)?;
            Ok(is_ours)
        })
        .await;
    db.close().await;
    if outcome.map_err(|refusal: Refusal| not_a_backup(refusal))? {
        Ok(())
    } else {
        Err(BackupError::NotABackup(file.to_owned()))
    }
}

/// Moves the database with its journal away; nothing is ever deleted.
fn set_aside(target: &Path, config: &Config) -> Result<PathBuf, BackupError> {
    // Folds the journal into the file, and fails while a server writes.
    let alone = rusqlite::Connection::open(target).and_then(|connection| {
        connection.execute_batch("pragma locking_mode = exclusive; begin exclusive; commit")
    });
    if alone.is_err() {
        return Err(BackupError::InUse);
    }
    let kept = config
        .data
        .join(format!("stoa.sqlite.replaced-{}", config.now().millis()));
    fs::rename(target, &kept)?;
    for suffix in ["-wal", "-shm"] {
        let beside = PathBuf::from(format!("{}{suffix}", target.display()));
        if beside.exists() {
            fs::rename(&beside, format!("{}{suffix}", kept.display()))?;
        }
    }
    Ok(kept)
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{suffix}", file.display()));
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
