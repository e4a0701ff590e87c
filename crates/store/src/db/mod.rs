//! Opening the encrypted database, the same way everywhere.

pub(crate) mod backup;
pub(crate) mod migrate;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::vault::{Secret, VaultKey};
use crate::{OpenError, StoreError, hex};

pub(crate) const FILE: &str = "studio.db";
/// The first SQLite without the write-ahead-log reset that could damage a database.
const OLDEST_SQLITE: i32 = 3_051_003;
const SALT_LEN: usize = 16;
/// What a database begins with; not secret.
pub(crate) type Salt = [u8; SALT_LEN];

/// The database's own key, in the form SQLCipher takes, and the one that the keys of files beside
/// it are derived from.
#[derive(Clone)]
pub(crate) struct DbKey {
    /// As SQLCipher takes it.
    pragma: zeroize::Zeroizing<String>,
    media: Secret,
    unsent: Secret,
}

impl DbKey {
    pub(crate) fn of(key: &VaultKey) -> Self {
        let raw = key.derive("db");
        let digits = zeroize::Zeroizing::new(hex::encode(raw.as_ref()));
        Self {
            pragma: zeroize::Zeroizing::new(format!("x'{}'", *digits)),
            media: key.derive("media"),
            unsent: key.derive("outbox log"),
        }
    }

    /// What the keys of files are derived from.
    pub(crate) fn media(&self) -> Secret {
        self.media.clone()
    }

    /// What the keys of the second copy of unsent work are derived from.
    pub(crate) fn unsent(&self) -> &Secret {
        &self.unsent
    }
}

impl DbKey {
    /// The key of the one database that begins so. SQLCipher reads the beginning itself otherwise,
    /// and takes a disk that does not answer for a database with another.
    pub(crate) fn with_salt(&self, salt: &Salt) -> Self {
        let digits = self.pragma.trim_end_matches('\'');
        let salted = format!("{digits}{}'", hex::encode(salt));
        Self {
            pragma: zeroize::Zeroizing::new(salted),
            ..self.clone()
        }
    }
}

#[cfg(feature = "test-support")]
impl DbKey {
    pub(crate) fn as_text(&self) -> &str {
        &self.pragma
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Makes the file; only for a new profile and for copies.
    Create,
    Write,
    /// Writes nothing, not even what a clean close would.
    Read,
}

/// Opens a connection with every setting that keeps work safe.
pub(crate) fn connect(path: &Path, key: &DbKey, mode: Mode) -> rusqlite::Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if mode == Mode::Create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let db = Connection::open_with_flags(path, flags)?;
    // Before anything is read: a log must not be written into a file that turns out to be foreign.
    db.set_db_config(
        DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
        mode == Mode::Read,
    )?;
    unlock(&db, key)?;
    db.busy_timeout(Duration::from_secs(5))?;
    for (name, value) in SETTINGS {
        db.pragma(None, name, *value, |_| Ok(()))?;
    }
    if mode != Mode::Read {
        db.pragma(None, "journal_mode", "wal", |_| Ok(()))?;
    }
    db.pragma(None, "query_only", mode == Mode::Read, |_| Ok(()))?;
    db.set_prepared_statement_cache_capacity(128);
    Ok(db)
}

const SETTINGS: &[(&str, &str)] = &[
    ("foreign_keys", "on"),
    ("synchronous", "full"),
    ("fullfsync", "on"),
    ("checkpoint_fullfsync", "on"),
    ("trusted_schema", "off"),
    ("cell_size_check", "on"),
    ("mmap_size", "0"),
    ("secure_delete", "fast"),
    ("temp_store", "memory"),
    ("cache_size", "-65536"),
];

/// Gives the key and reads a first page with it. Wrong key and damaged page look the same here.
pub(crate) fn unlock(db: &Connection, key: &DbKey) -> rusqlite::Result<()> {
    // A wrong key is an answer here, nothing to be printed.
    db.pragma(None, "cipher_log_level", "NONE", |_| Ok(()))?;
    db.pragma(None, "key", key.pragma.as_str(), |_| Ok(()))?;
    db.query_row("select count(*) from sqlite_master", [], |_| Ok(()))
}

/// That the program was built with a SQLite that is safe and encrypts, and that commits are
/// flushed.
pub(crate) fn check_build(db: &Connection) -> Result<(), OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::OldSqlite(rusqlite::version().to_owned()));
    }
    let cipher: Result<String, _> = db.query_row("pragma cipher_version", [], |row| row.get(0));
    if cipher.is_err() {
        return Err(OpenError::Internal(
            "SQLite was built without SQLCipher".to_owned(),
        ));
    }
    for (setting, expected) in FLUSHING {
        let value: i64 = db
            .query_row(setting, [], |row| row.get(0))
            .map_err(open_error)?;
        if value != *expected {
            return Err(OpenError::Internal(format!("{setting} is {value}")));
        }
    }
    Ok(())
}

/// What makes a commit durable. On macOS a plain flush leaves the data in the drive's own memory;
/// the last two ask the drive for more. Elsewhere they change nothing.
const FLUSHING: &[(&str, i64)] = &[
    ("pragma synchronous", 2),
    ("pragma fullfsync", 1),
    ("pragma checkpoint_fullfsync", 1),
];

/// What lies where the database should be, before anything is opened.
pub(crate) enum Found {
    Nothing,
    Empty,
    /// A SQLite database that is not encrypted.
    Plain,
    /// Something that begins with this salt.
    Salted(Salt),
}

pub(crate) fn look(path: &Path) -> std::io::Result<Found> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Found::Nothing),
        other => other?,
    };
    let mut start = Vec::with_capacity(SALT_LEN);
    file.by_ref()
        .take(SALT_LEN as u64)
        .read_to_end(&mut start)?;
    Ok(match Salt::try_from(start.as_slice()) {
        Ok(salt) if &salt == b"SQLite format 3\0" => Found::Plain,
        Ok(salt) => Found::Salted(salt),
        Err(_) if start.is_empty() => Found::Empty,
        // Shorter than any database.
        Err(_) => Found::Plain,
    })
}

/// The version the migrations have brought a database to.
pub(crate) fn schema_version(db: &Connection) -> rusqlite::Result<u32> {
    db.query_row("pragma user_version", [], |row| row.get(0))
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied,
            ) => Self::DiskFailed(error.to_string()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Internal(error.to_string()),
        }
    }
}

/// The same for the time of opening.
pub(crate) fn open_error(error: rusqlite::Error) -> OpenError {
    match StoreError::from(error) {
        StoreError::DiskFull => OpenError::DiskFull,
        StoreError::DiskFailed(why) => OpenError::DiskFailed(why),
        StoreError::Damaged(why) => OpenError::Damaged(why),
        other => OpenError::Internal(other.to_string()),
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if crate::disk::is_full(&error) {
            Self::DiskFull
        } else {
            Self::DiskFailed(error.to_string())
        }
    }
}

pub(crate) fn io_open_error(error: &std::io::Error) -> OpenError {
    if crate::disk::is_full(error) {
        OpenError::DiskFull
    } else {
        OpenError::DiskFailed(error.to_string())
    }
}
