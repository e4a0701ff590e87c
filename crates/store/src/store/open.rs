//! Making and opening a store. Whatever is wrong with the file, it is left as it is.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use rusqlite::{Connection, Transaction};
use stoa_domain::Timestamp;

use super::unsent::Touched;
use super::{Inner, Store, Writer};
use crate::db::{self, DbKey, Found, Mode, Salt, backup, io_open_error, migrate, open_error};
use crate::files::Files;
use crate::table::meta;
use crate::text::Documents;
use crate::vault::{Vault, VaultKey};
use crate::{OpenError, Random, StoreError, disk, random, restore};

const LOCK: &str = "lock";
const UNFINISHED: &str = "studio.db.new";

/// Where a database lies and what opens it.
struct Place<'a> {
    dir: &'a Path,
    key: DbKey,
    salt: Salt,
}

/// How a store could be opened.
pub enum Opened {
    ReadWrite(Store),
    /// A newer program wrote it: reading and export only.
    ReadOnly(Store),
}

impl Store {
    /// Makes the database of a new profile, whose vault was made before.
    ///
    /// # Errors
    /// [`OpenError`]; what is there already is never replaced.
    pub fn create(
        dir: &Path,
        key: &VaultKey,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Store, OpenError> {
        let lock = lock_profile(dir)?;
        let mut vault = own_vault(dir, key)?;
        let path = dir.join(db::FILE);
        let is_there = path.try_exists().map_err(|e| io_open_error(&e))?;
        if is_there || vault.db_must_exist() {
            return Err(OpenError::AlreadyExists);
        }
        let key = DbKey::of(key);
        // Only a finished database gets the name; an unfinished one holds nobody's work.
        let unfinished = dir.join(UNFINISHED);
        remove_unfinished(dir).map_err(|e| io_open_error(&e))?;
        make(&unfinished, &key, vault.id(), random)?;
        std::fs::rename(&unfinished, &path).map_err(|e| io_open_error(&e))?;
        disk::sync_folder(&path).map_err(|e| io_open_error(&e))?;
        let Found::Salted(salt) = db::look(&path).map_err(|e| io_open_error(&e))? else {
            return Err(OpenError::Empty);
        };
        vault.note_database(&salt)?;
        let salted = key.with_salt(&salt);
        let writer = db::connect(&path, &salted, Mode::Write).map_err(open_error)?;
        let place = Place { dir, key, salt };
        let store = Store::new(place, writer, lock, false).map_err(open_error)?;
        store.begin_unsent(now).map_err(backup_error)?;
        Ok(store)
    }

    /// Opens the store of a profile, and brings it up to this program's schema.
    ///
    /// # Errors
    /// One variant for each way this can fail; no file was changed then.
    pub fn open(dir: &Path, key: &VaultKey, now: Timestamp) -> Result<Opened, OpenError> {
        let lock = lock_profile(dir)?;
        let mut vault = own_vault(dir, key)?;
        restore::carry_on(dir).map_err(|e| io_open_error(&e))?;
        let path = dir.join(db::FILE);
        let salt = match db::look(&path).map_err(|e| io_open_error(&e))? {
            Found::Nothing => return Err(OpenError::Missing),
            Found::Empty => return Err(OpenError::Empty),
            Found::Plain => return Err(OpenError::ForeignDatabase),
            Found::Salted(salt) => salt,
        };
        let key = DbKey::of(key);
        let (reader, salt) = connect_own(&path, &key, &vault, salt)?;
        db::check_build(&reader)?;
        check_owner(&reader, &vault)?;
        let version = db::schema_version(&reader).map_err(open_error)?;
        if version > migrate::latest() {
            let place = Place { dir, key, salt };
            let store = Store::new(place, reader, lock, true);
            return store.map(Opened::ReadOnly).map_err(open_error);
        }
        if version < migrate::latest() {
            backup::before_migration(&reader, dir, &key, now).map_err(backup_error)?;
        }
        drop(reader);
        let salted = key.with_salt(&salt);
        let mut writer = db::connect(&path, &salted, Mode::Write).map_err(open_error)?;
        migrate::run(&mut writer, migrate::MIGRATIONS)?;
        vault.note_database(&salt)?;
        let place = Place { dir, key, salt };
        let store = Store::new(place, writer, lock, false).map_err(open_error)?;
        store.begin_unsent(now).map_err(backup_error)?;
        if let Err(error) = store.inner.files.forget_unfinished() {
            tracing::warn!(%error, "files that were not finished stay");
        }
        Ok(Opened::ReadWrite(store))
    }

    fn new(
        place: Place<'_>,
        mut db: Connection,
        lock: File,
        is_read_only: bool,
    ) -> rusqlite::Result<Self> {
        let touched = Touched::default();
        touched.listen(&mut db)?;
        let writer = Writer {
            db,
            documents: Documents::default(),
            touched,
            unsent: None,
            is_flushing: true,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                dir: place.dir.to_owned(),
                files: Files::new(place.dir, place.key.media()),
                key: place.key,
                salt: place.salt,
                is_read_only,
                writer: Mutex::new(writer),
                n_waiting: AtomicUsize::new(0),
                readers: Mutex::new(Vec::new()),
                sessions: Mutex::new(HashMap::new()),
                n_sessions: AtomicU64::new(0),
                hold_ms: AtomicI64::new(0),
                listeners: Mutex::new(Vec::new()),
                stage: Mutex::new(None),
                adding: RwLock::new(()),
                _lock: lock,
            }),
        })
    }

    /// A verified, encrypted copy among the rolling backups; where it is.
    ///
    /// # Errors
    /// [`StoreError`]; older copies are untouched then.
    pub fn backup(&self, now: Timestamp) -> Result<std::path::PathBuf, StoreError> {
        let db = self.connect(Mode::Read)?;
        backup::rolling(&db, &self.inner.dir, &self.inner.key, now)
    }

    /// A verified, encrypted copy of all there is, before everything is fetched anew from a server
    /// that was restored.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is to be fetched anew then.
    pub fn keep_copy(&self, now: Timestamp) -> Result<std::path::PathBuf, StoreError> {
        let db = self.connect(Mode::Read)?;
        backup::before_refetch(&db, &self.inner.dir, &self.inner.key, now)
    }

    /// Reads everything once and says what is damaged; empty when all is well.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read at all.
    pub fn verify(&self) -> Result<Vec<String>, StoreError> {
        let mut db = self.connect(Mode::Read)?;
        let tx = self.read_without_log(&mut db)?;
        backup::faults(&tx)
    }

    /// A transaction that reads nothing but the database file, which nobody changes meanwhile: what
    /// is in the log goes into the file first. After a crash, the file alone may be half written.
    fn read_without_log<'a>(&self, db: &'a mut Connection) -> Result<Transaction<'a>, StoreError> {
        let writer = self.writer();
        if !self.inner.is_read_only {
            let checkpoint = "pragma wal_checkpoint(truncate)";
            writer.db.query_row(checkpoint, [], |_| Ok(()))?;
        }
        let tx = db.transaction()?;
        tx.query_row("select count(*) from sqlite_master", [], |_| Ok(()))?;
        Ok(tx)
    }
}

/// A program that is just ending, or a process that was just forked off and is about to become
/// another program, holds the lock for a moment longer; that is no other Stoa.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

pub(crate) fn lock_profile(dir: &Path) -> Result<File, OpenError> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(dir.join(LOCK))
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => OpenError::Missing,
            _ => io_open_error(&error),
        })?;
    let mut tries_left = LOCK_TRIES;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if tries_left > 0 => {
                tries_left -= 1;
                std::thread::sleep(LOCK_PAUSE);
            }
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse),
            Err(TryLockError::Error(error)) => return Err(io_open_error(&error)),
        }
    }
}

fn own_vault(dir: &Path, key: &VaultKey) -> Result<Vault, OpenError> {
    let vault = Vault::read(dir)?;
    if vault.is_key(key) {
        Ok(vault)
    } else {
        Err(OpenError::ForeignDatabase)
    }
}

/// Opens the database with the salt it begins with or, when the power went while just that was
/// written, with the one the manifest knows; the log then holds the whole page. Answers the salt.
fn connect_own(
    path: &Path,
    key: &DbKey,
    vault: &Vault,
    salt: Salt,
) -> Result<(Connection, Salt), OpenError> {
    let connect = |salt| {
        let connected = db::connect(path, &key.with_salt(&salt), Mode::Read);
        connected.map(|reader| (reader, salt)).map_err(open_error)
    };
    match connect(salt) {
        Err(OpenError::Damaged(_)) if !vault.is_own_salt(&salt) => {}
        other => return other,
    }
    let noted = vault.database_salt().ok_or(OpenError::ForeignDatabase)?;
    match connect(noted) {
        Err(OpenError::Damaged(_)) => Err(OpenError::ForeignDatabase),
        Err(error) => Err(error),
        // The log alone may be this vault's: every page has to be.
        Ok((reader, salt)) => match backup::read_through(&reader) {
            Ok(faults) if faults.is_empty() => Ok((reader, salt)),
            _ => Err(OpenError::ForeignDatabase),
        },
    }
}

fn check_owner(db: &Connection, vault: &Vault) -> Result<(), OpenError> {
    match meta::vault_id(db) {
        Ok(Some(id)) if id != vault.id() => Err(OpenError::ForeignDatabase),
        Ok(_) => Ok(()),
        Err(error) => Err(open_error(error)),
    }
}

pub(crate) fn make(
    path: &Path,
    key: &DbKey,
    vault_id: &str,
    random: &dyn Random,
) -> Result<(), OpenError> {
    let mut db = db::connect(path, key, Mode::Create).map_err(open_error)?;
    db::check_build(&db)?;
    migrate::run(&mut db, migrate::MIGRATIONS)?;
    meta::begin(&db, vault_id, random::bytes(random)).map_err(open_error)?;
    // One file, without a log beside it: closing alone does not tell when the log could not be
    // written back, and the file would get its name without what the log holds.
    db.pragma(None, "journal_mode", "delete", |_| Ok(()))
        .map_err(open_error)?;
    db.close().map_err(|(_, error)| open_error(error))?;
    let file = File::open(path).map_err(|e| io_open_error(&e))?;
    file.sync_all().map_err(|e| io_open_error(&e))
}

fn remove_unfinished(dir: &Path) -> std::io::Result<()> {
    for end in ["", "-wal", "-shm"] {
        match std::fs::remove_file(dir.join(format!("{UNFINISHED}{end}"))) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

pub(crate) fn backup_error(error: StoreError) -> OpenError {
    match error {
        StoreError::DiskFull => OpenError::DiskFull,
        StoreError::DiskFailed(why) => OpenError::DiskFailed(why),
        StoreError::Damaged(why) => OpenError::Damaged(why),
        other => OpenError::Internal(other.to_string()),
    }
}
