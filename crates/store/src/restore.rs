//! Putting a backup in the place of the database. Nothing is deleted: what is there goes into a
//! folder of its own, `replaced/<time>`, and stays.
//!
//! The copy is made beside the database and read from one end to the other. With its last name,
//! `restore-<time>.ready`, it is decided; from then on every start carries on until the copy is
//! `studio.db`, wherever the program was stopped. Before that, nothing has happened. What the
//! backup does not hold of unsent work is put back when the store opens.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use stoa_domain::Timestamp;

use crate::db::backup::{self, FOLDER};
use crate::db::{self, DbKey, Mode, io_open_error, open_error};
use crate::store::{lock_profile, made_at, make, open_error_of};
use crate::table::meta;
use crate::vault::{Vault, VaultKey};
use crate::{OpenError, Opened, Random, Store, StoreError, disk, unsent};

const DECIDED: &str = ".ready";
const PREFIX: &str = "restore-";
/// The folder of what was put aside.
pub(crate) const SET_ASIDE: &str = "replaced";

/// What a backup was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupKind {
    /// Made while working, or by hand.
    Rolling,
    /// Before a newer program changed the schema.
    BeforeMigration,
    /// Before everything was fetched anew from a restored server.
    BeforeRefetch,
}

/// A backup that can be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// Its name in the folder of backups.
    pub name: String,
    pub kind: BackupKind,
    pub made_at: Option<Timestamp>,
    pub bytes: u64,
    /// The schema it has; `None` when it cannot be read.
    pub schema: Option<u32>,
}

/// What takes the place of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreFrom<'a> {
    /// The backup of this name.
    Backup(&'a str),
    /// A new, empty database: what was never sent is put back into it, the rest comes from the
    /// server.
    Nothing,
}

/// The backups of a profile, newest first.
///
/// # Errors
/// [`OpenError::ForeignDatabase`] when the key is another vault's, and the disk's errors.
pub fn backups(profile: &Path, key: &VaultKey) -> Result<Vec<BackupFile>, OpenError> {
    let key = own_key(profile, key)?;
    let entries = match std::fs::read_dir(profile.join(FOLDER)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|e| io_open_error(&e))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| io_open_error(&e))?.path();
        found.extend(described(&path, &key));
    }
    found.sort_by(|a, b| (b.made_at, &b.name).cmp(&(a.made_at, &a.name)));
    Ok(found)
}

fn own_key(profile: &Path, key: &VaultKey) -> Result<DbKey, OpenError> {
    match Vault::read(profile)?.is_key(key) {
        true => Ok(DbKey::of(key)),
        false => Err(OpenError::ForeignDatabase),
    }
}

fn described(path: &Path, key: &DbKey) -> Option<BackupFile> {
    let name = path.file_name()?.to_str()?.to_owned();
    let kinds = [
        ("studio-", BackupKind::Rolling),
        ("before-migration-", BackupKind::BeforeMigration),
        ("before-refetch-", BackupKind::BeforeRefetch),
    ];
    let (_, kind) = kinds
        .into_iter()
        .find(|(start, _)| name.starts_with(start))?;
    if !name.ends_with(".db") {
        return None;
    }
    let schema = db::connect(path, key, Mode::Read).and_then(|db| db::schema_version(&db));
    Some(BackupFile {
        kind,
        made_at: made_at(path),
        bytes: std::fs::metadata(path).map_or(0, |file| file.len()),
        schema: schema.ok(),
        name,
    })
}

/// Puts a backup, or an empty database, in the place of the present one, which must not be open.
/// Answers the folder that what was there lies in.
///
/// # Errors
/// [`OpenError::NoSuchBackup`], [`OpenError::Damaged`] when the backup cannot be read whole, and
/// others. Nothing was changed then, but for the disk's errors in the midst of it: after those the
/// next start carries on.
pub fn restore(
    profile: &Path,
    key: &VaultKey,
    from: RestoreFrom<'_>,
    now: Timestamp,
    random: &dyn Random,
) -> Result<PathBuf, OpenError> {
    let db_key = own_key(profile, key)?;
    if is_second_copy_behind(profile, &db_key) {
        catch_up(profile, key, now)?;
    }
    let _lock = lock_profile(profile)?;
    carry_on(profile).map_err(|e| io_open_error(&e))?;
    let stamp = backup::stamp(now);
    let prepared = profile.join(format!("{PREFIX}{stamp}.db"));
    forget(&prepared).map_err(|e| io_open_error(&e))?;
    match from {
        RestoreFrom::Backup(name) => copy_of(profile, name, &db_key, &prepared)?,
        RestoreFrom::Nothing => make(&prepared, &db_key, Vault::read(profile)?.id(), random)?,
    }
    mark(&prepared, &db_key)?;
    let decided = profile.join(format!("{PREFIX}{stamp}{DECIDED}"));
    let put = std::fs::rename(&prepared, decided)
        .and_then(|()| disk::sync_folder(&prepared))
        .and_then(|()| carry_on(profile));
    put.map_err(|e| io_open_error(&e))?;
    Ok(profile.join(SET_ASIDE).join(stamp))
}

/// Whether the database knows of unsent work that the second copy does not hold, as after a disk
/// that was full; `false` when the database cannot say.
fn is_second_copy_behind(profile: &Path, key: &DbKey) -> bool {
    let in_database = db::connect(&profile.join(db::FILE), key, Mode::Read)
        .map_err(StoreError::from)
        .and_then(|db| meta::unsent_line(&db));
    let (Ok((line, n)), found) = (in_database, unsent::read(profile, key.unsent())) else {
        return false;
    };
    let has_all = |found: &unsent::Found| !found.is_damaged && found.line == line && found.n >= n;
    !matches!(found, Ok(Some(found)) if has_all(&found))
}

/// Opening the store writes the second copy anew. A database that does not open has no more to
/// give.
fn catch_up(profile: &Path, key: &VaultKey, now: Timestamp) -> Result<(), OpenError> {
    match Store::open(profile, key, now) {
        Ok(Opened::ReadWrite(store)) if !store.is_unsent_kept_twice() => Err(
            OpenError::DiskFailed("the second copy of unsent work could not be written".to_owned()),
        ),
        Err(error @ (OpenError::InUse | OpenError::DiskFull | OpenError::DiskFailed(_))) => {
            Err(error)
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

fn copy_of(profile: &Path, name: &str, key: &DbKey, prepared: &Path) -> Result<(), OpenError> {
    let path = profile.join(FOLDER).join(name);
    // A name, not a way to somewhere else.
    let is_name = Path::new(name).file_name() == Some(name.as_ref()) && !name.contains('\\');
    if !is_name || described(&path, key).is_none() || !path.is_file() {
        return Err(OpenError::NoSuchBackup);
    }
    let from = db::connect(&path, key, Mode::Read).map_err(open_error)?;
    backup::copy(&from, prepared, key).map_err(open_error_of)
}

/// Notes in a copy that it has been put back, so that it goes on as another device.
fn mark(path: &Path, key: &DbKey) -> Result<(), OpenError> {
    let open = || {
        let db = Connection::open(path)?;
        db::unlock(&db, key)?;
        meta::set_put_back(&db, true)?;
        db.close().map_err(|(_, error)| error)
    };
    open().map_err(open_error)?;
    let file = File::open(path).map_err(|e| io_open_error(&e))?;
    file.sync_all().map_err(|e| io_open_error(&e))
}

/// Carries on with what was decided: what is there goes aside, the copy takes its place.
pub(crate) fn carry_on(profile: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(profile)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stamp = name
            .strip_prefix(PREFIX)
            .and_then(|n| n.strip_suffix(DECIDED));
        if let Some(stamp) = stamp {
            let aside = profile.join(SET_ASIDE).join(stamp);
            set_aside(profile, &aside)?;
            let place = profile.join(db::FILE);
            std::fs::rename(&path, &place)?;
            disk::sync_folder(&place)?;
        }
    }
    Ok(())
}

fn set_aside(profile: &Path, aside: &Path) -> io::Result<()> {
    std::fs::create_dir_all(aside)?;
    disk::sync_folder(aside)?;
    disk::sync_folder(&profile.join(SET_ASIDE))?;
    let log = profile.join(unsent::FILE);
    let kept = aside.join(unsent::FILE);
    if log.exists() && !kept.exists() {
        disk::replace_file(&kept, &std::fs::read(&log)?)?;
    }
    for end in ["", "-wal", "-shm"] {
        let name = format!("{}{end}", db::FILE);
        match std::fs::rename(profile.join(&name), aside.join(&name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    for entry in std::fs::read_dir(aside)? {
        make_read_only(&entry?.path());
    }
    disk::sync_folder(&aside.join(db::FILE))?;
    disk::sync_folder(&profile.join(db::FILE))
}

/// So that nothing is opened there by mistake. A disk that knows no rights keeps them all the same.
fn make_read_only(path: &Path) {
    let made = std::fs::metadata(path).and_then(|file| {
        let mut rights = file.permissions();
        rights.set_readonly(true);
        std::fs::set_permissions(path, rights)
    });
    if let Err(error) = made {
        tracing::warn!(%error, "what was set aside could not be made read-only");
    }
}

/// Takes away what an attempt that came to nothing has left.
fn forget(prepared: &Path) -> io::Result<()> {
    for extension in [
        "db",
        "db-wal",
        "db-shm",
        "db-journal",
        "part",
        "part-journal",
    ] {
        match std::fs::remove_file(prepared.with_extension(extension)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
