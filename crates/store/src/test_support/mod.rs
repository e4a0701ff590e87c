//! For tests, of this crate and of others: repeatable randomness, a profile on the spot, a
//! keychain of one's own.

mod bus;

pub use bus::{KeyringState, PrivateBus};

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use stoa_domain::Timestamp;
use tempfile::TempDir;

use crate::db::DbKey;
use crate::{
    NewVault, OpenError, Opened, PassphraseCost, Random, Store, Vault, VaultKey, create_vault,
};

/// Guessing is cheap here, so that tests are fast.
pub const CHEAP: PassphraseCost = PassphraseCost {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};

/// The passphrase of every profile made here.
pub const PASSPHRASE: &str = "test";

/// Bytes that look random and are the same in every run.
pub struct SeededRandom {
    seed: u64,
    n_calls: AtomicU64,
}

impl SeededRandom {
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            n_calls: AtomicU64::new(0),
        }
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.seed.to_le_bytes());
        hasher.update(&self.n_calls.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        hasher.finalize_xof().fill(bytes);
    }
}

/// A profile in a folder of its own, which goes when this is dropped.
pub struct Profile {
    dir: TempDir,
    pub key: VaultKey,
    pub random: SeededRandom,
}

impl Profile {
    /// A new profile with an empty store, which is closed again.
    pub fn new(seed: u64) -> Self {
        let dir = tempfile::tempdir().expect("a folder for temporary files");
        let random = SeededRandom::new(seed);
        let new = NewVault {
            secrets: None,
            passphrase: Some(PASSPHRASE),
            cost: CHEAP,
        };
        let now = Timestamp::from_millis(0);
        let (key, _) = create_vault(dir.path(), &new, now, &random).expect("a new vault");
        Store::create(dir.path(), &key, now, &random).expect("a new store");
        Self { dir, key, random }
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The key of the database file, for tests that have to spoil something in it.
    pub fn raw_database_key(&self) -> String {
        raw_key(&self.key)
    }

    /// Opens the store, as far as it can be opened.
    ///
    /// # Errors
    /// What opening says.
    pub fn try_open(&self, now: Timestamp) -> Result<Opened, OpenError> {
        Store::open(self.dir(), &self.key, now)
    }

    /// Opens the store for reading and writing.
    pub fn open(&self) -> Store {
        match self.try_open(Timestamp::from_millis(0)) {
            Ok(Opened::ReadWrite(store)) => store,
            Ok(Opened::ReadOnly(_)) => panic!("the store is open for reading only"),
            Err(error) => panic!("the store does not open: {error}"),
        }
    }
}

/// The tables of the database, those of the search index too, in which a text stands anywhere.
pub fn tables_with(store: &Store, needle: &str) -> Vec<String> {
    store
        .read(|db| {
            let mut names = db.prepare("select name from sqlite_master where type = 'table'")?;
            let names = names.query_map([], |row| row.get(0))?;
            let names = names.collect::<Result<Vec<String>, _>>()?;
            let mut found = Vec::new();
            for name in names {
                if holds(db, &name, needle.as_bytes())? {
                    found.push(name);
                }
            }
            Ok(found)
        })
        .expect("a store that can be read")
}

fn holds(db: &rusqlite::Connection, table: &str, needle: &[u8]) -> Result<bool, rusqlite::Error> {
    let mut rows = db.prepare(&format!("select * from \"{table}\""))?;
    let n_columns = rows.column_count();
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..n_columns {
            let value = row.get_ref(column)?;
            let bytes = match value {
                rusqlite::types::ValueRef::Text(bytes) | rusqlite::types::ValueRef::Blob(bytes) => {
                    bytes
                }
                _ => continue,
            };
            if bytes.windows(needle.len()).any(|part| part == needle) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The key of the database file in the form SQLCipher takes, for tests that look behind the store.
pub fn raw_key(key: &VaultKey) -> String {
    DbKey::of(key).as_text().to_owned()
}

/// The key of a profile made by [`Profile::new`], for another process.
pub fn key_by_passphrase(dir: &Path) -> VaultKey {
    Vault::read(dir)
        .expect("a manifest")
        .unlock_with_passphrase(PASSPHRASE)
        .expect("the passphrase of tests")
}

/// Opens a profile made by [`Profile::new`] from another process.
pub fn open_with_passphrase(dir: &Path) -> Store {
    match Store::open(dir, &key_by_passphrase(dir), Timestamp::from_millis(0)) {
        Ok(Opened::ReadWrite(store)) => store,
        Ok(Opened::ReadOnly(_)) => panic!("the store is open for reading only"),
        Err(error) => panic!("the store does not open: {error}"),
    }
}

/// A row of a whole database, as salvaging writes it, with the pages it lies on.
pub struct PagedRow {
    pub table: String,
    pub json: String,
    pub pages: Vec<u32>,
}

/// Every row of a profile whose store is closed and whole.
pub fn rows_with_pages(dir: &Path, key: &VaultKey) -> Vec<PagedRow> {
    let rows = crate::salvage::rows_with_pages(dir, key).expect("a database that can be read");
    let paged = |(table, json, pages)| PagedRow { table, json, pages };
    rows.into_iter().map(paged).collect()
}

/// The rows of a table, as far as they can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRows {
    pub n: u64,
    /// Of all values of all rows.
    pub hash: String,
}

/// Every table of a database file but those that are not tables, by name.
pub fn table_rows(path: &Path, key: &VaultKey) -> BTreeMap<String, TableRows> {
    let read = || {
        let db = crate::db::connect(path, &DbKey::of(key), crate::db::Mode::Read)?;
        let mut names = db.prepare(
            "select name from sqlite_master where type = 'table' and sql not like '%virtual%'",
        )?;
        let names = names.query_map([], |row| row.get(0))?;
        let names = names.collect::<Result<Vec<String>, _>>()?;
        let counted = names.into_iter().map(|name| {
            let rows = hash_rows(&db, &name)?;
            Ok((name, rows))
        });
        counted.collect::<Result<_, rusqlite::Error>>()
    };
    read().expect("a database that can be read")
}

fn hash_rows(db: &rusqlite::Connection, table: &str) -> Result<TableRows, rusqlite::Error> {
    let mut statement = db.prepare(&format!("select * from \"{table}\""))?;
    let n_columns = statement.column_count();
    let mut rows = statement.query([])?;
    let (mut n, mut hasher) = (0, blake3::Hasher::new());
    while let Some(row) = rows.next()? {
        n += 1;
        for i in 0..n_columns {
            hasher.update(format!("{:?}|", row.get_ref(i)?).as_bytes());
        }
    }
    Ok(TableRows {
        n,
        hash: hasher.finalize().to_hex().to_string(),
    })
}
