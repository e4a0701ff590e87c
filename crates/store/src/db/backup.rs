//! Encrypted copies of the database, made through SQLite and proved by opening them.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, Timelike};
use rusqlite::Connection;
use rusqlite::backup::Backup;
use stoa_domain::Timestamp;

use super::{DbKey, Mode, connect, schema_version};
use crate::{StoreError, disk};

pub(crate) const FOLDER: &str = "backups";
const N_HOURS: usize = 24;
const N_DAYS: usize = 14;
const N_BEFORE_MIGRATION: usize = 3;
const N_BEFORE_REFETCH: usize = 3;

/// A copy among the rolling ones; where it is.
pub(crate) fn rolling(
    db: &Connection,
    dir: &Path,
    key: &DbKey,
    now: Timestamp,
) -> Result<PathBuf, StoreError> {
    let path = folder(dir)?.join(format!("studio-{}.db", stamp(now)));
    copy(db, &path, key)?;
    remove_old_rolling(dir)?;
    Ok(path)
}

/// A copy before the schema changes; the three newest of these are kept.
pub(crate) fn before_migration(
    db: &Connection,
    dir: &Path,
    key: &DbKey,
    now: Timestamp,
) -> Result<PathBuf, StoreError> {
    let version = schema_version(db)?;
    let name = format!("before-migration-{}-from-{version}.db", stamp(now));
    let path = folder(dir)?.join(name);
    copy(db, &path, key)?;
    let mut older = named(dir, "before-migration-")?;
    older.truncate(older.len().saturating_sub(N_BEFORE_MIGRATION));
    remove(&older)?;
    Ok(path)
}

/// A copy before everything is fetched anew from a server that was restored; the three newest of
/// these are kept.
pub(crate) fn before_refetch(
    db: &Connection,
    dir: &Path,
    key: &DbKey,
    now: Timestamp,
) -> Result<PathBuf, StoreError> {
    let path = folder(dir)?.join(format!("before-refetch-{}.db", stamp(now)));
    copy(db, &path, key)?;
    let mut older = named(dir, "before-refetch-")?;
    older.truncate(older.len().saturating_sub(N_BEFORE_REFETCH));
    remove(&older)?;
    Ok(path)
}

/// Copies a database that is open, page by page, and reads the copy back before it counts.
pub(crate) fn copy(db: &Connection, path: &Path, key: &DbKey) -> Result<(), StoreError> {
    let beside = path.with_extension("part");
    let _ = std::fs::remove_file(&beside);
    disk::private_file(&beside)?;
    let made = fill(db, &beside, key).and_then(|()| verify(&beside, key, schema_version(db)?));
    if let Err(error) = made {
        // The half copy is of no use; the error is what matters.
        let _ = std::fs::remove_file(&beside);
        return Err(error);
    }
    std::fs::File::open(&beside)?.sync_all()?;
    std::fs::rename(&beside, path)?;
    Ok(disk::sync_folder(path)?)
}

fn fill(db: &Connection, path: &Path, key: &DbKey) -> Result<(), StoreError> {
    let mut target = Connection::open(path)?;
    target.pragma(None, "cipher_log_level", "NONE", |_| Ok(()))?;
    super::unlock(&target, key)?;
    let backup = Backup::new(db, &mut target)?;
    let result = backup.step(-1)?;
    drop(backup);
    if result != rusqlite::backup::StepResult::Done {
        return Err(StoreError::DiskFailed(
            "the database stayed busy".to_owned(),
        ));
    }
    // One file, without a log beside it.
    target.pragma(None, "journal_mode", "delete", |_| Ok(()))?;
    target.close().map_err(|(_, error)| error.into())
}

/// Opens a copy like a stranger and reads all of it.
fn verify(path: &Path, key: &DbKey, version: u32) -> Result<(), StoreError> {
    let copy = connect(path, key, Mode::Read)?;
    let faults = faults(&copy)?;
    if let Some(fault) = faults.first() {
        return Err(StoreError::Damaged(format!("the copy: {fault}")));
    }
    if schema_version(&copy)? != version {
        return Err(StoreError::Damaged(
            "the copy has another schema".to_owned(),
        ));
    }
    Ok(())
}

/// What is wrong with a database, read from one end to the other; nothing when all is well.
pub(crate) fn faults(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut faults: Vec<String> = db
        .prepare("pragma cipher_integrity_check")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    faults.extend(read_through(db)?);
    Ok(faults)
}

/// The same through the log: what is in it does not have to be right in the file.
pub(crate) fn read_through(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut faults = Vec::new();
    let mut check = db.prepare("pragma quick_check")?;
    let lines = check.query_map([], |row| row.get::<_, String>(0))?;
    for line in lines {
        match line {
            Ok(line) if line == "ok" => {}
            Ok(line) => faults.push(line),
            Err(error) => faults.push(error.to_string()),
        }
    }
    Ok(faults)
}

/// Keeps the newest copy of each of the last hours and days that have one.
fn remove_old_rolling(dir: &Path) -> Result<(), StoreError> {
    let copies = named(dir, "studio-")?;
    let mut hours = Vec::new();
    let mut days = Vec::new();
    let mut superfluous = Vec::new();
    for path in copies.into_iter().rev() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let (hour, day) = (
            name.get(..18).map(str::to_owned),
            name.get(..15).map(str::to_owned),
        );
        let is_kept =
            is_first_of_few(&mut hours, hour, N_HOURS) | is_first_of_few(&mut days, day, N_DAYS);
        if !is_kept {
            superfluous.push(path);
        }
    }
    remove(&superfluous)
}

fn is_first_of_few(seen: &mut Vec<Option<String>>, period: Option<String>, most: usize) -> bool {
    if seen.contains(&period) || seen.len() >= most {
        return false;
    }
    seen.push(period);
    true
}

fn folder(dir: &Path) -> Result<PathBuf, StoreError> {
    let folder = dir.join(FOLDER);
    disk::make_folder(&folder)?;
    Ok(folder)
}

/// The copies whose names begin so, oldest first.
fn named(dir: &Path, start: &str) -> Result<Vec<PathBuf>, StoreError> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir.join(FOLDER))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(start) && name.ends_with(".db") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn remove(paths: &[PathBuf]) -> Result<(), StoreError> {
    for path in paths {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

/// A time as a part of a file name that sorts by age: `20260102T030405678Z`.
pub(crate) fn stamp(at: Timestamp) -> String {
    let at = DateTime::from_timestamp_millis(at.millis()).unwrap_or_default();
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}{:03}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.timestamp_subsec_millis()
    )
}
