//! Taking out of a damaged profile what can still be read, without its store: page by page, row by
//! row. Nothing of the profile is changed, no copy of it is made, no network is needed, and a
//! newer schema is read as it describes itself.

mod naming;
mod pages;
mod rows;
mod schema;
mod texts;
mod tree;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;

use crate::db::{self, DbKey};
use crate::files::Files;
use crate::unsent;
use crate::vault::{Vault, VaultKey};
use crate::{OpenError, StoreError, disk};
use pages::Pages;
use rows::Readable;
use schema::Schema;
use tree::Value;

const REPORT: &str = "report.json";
const TABLES: &str = "tables";
const UNSENT: &str = "unsent.jsonl";
/// Values of the store that are keys to something else.
const SECRETS: [&str; 1] = ["link"];

/// What was taken out of a damaged profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Salvaged {
    /// Drafts written as Markdown.
    pub n_drafts: u64,
    pub n_rows: u64,
    /// Changes in the second copy of unsent work.
    pub n_unsent: u64,
    /// Pages of the database, and how many of them cannot be read.
    pub n_pages: u64,
    pub n_damaged_pages: u64,
    /// Rows that begin on a whole page and continue on a damaged one.
    pub n_broken_rows: u64,
    pub tables: Vec<SalvagedTable>,
}

/// What was read of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SalvagedTable {
    pub name: String,
    pub n_rows: u64,
    /// Rows on pages that nothing leads to any more; some may have been deleted long ago.
    pub n_loose_rows: u64,
    pub n_broken_rows: u64,
    /// Pages that were rows of it or led to them.
    pub n_damaged_pages: u64,
}

/// Writes all that can be read of a profile into a folder, which is made if it is not there.
///
/// # Errors
/// [`OpenError::ForeignDatabase`] when the key is another vault's, [`OpenError::InUse`] while a
/// program has the profile open, and the disk's errors; what was written stays.
pub fn salvage(profile: &Path, key: &VaultKey, folder: &Path) -> Result<Salvaged, OpenError> {
    let vault = Vault::read(profile)?;
    if !vault.is_key(key) {
        return Err(OpenError::ForeignDatabase);
    }
    let _lock = match crate::store::lock_profile(profile) {
        Err(OpenError::InUse) => return Err(OpenError::InUse),
        // A disk that takes nothing can still be read.
        lock => lock.ok(),
    };
    write_all(profile, key, &vault, folder).map_err(crate::store::open_error_of)
}

fn write_all(
    profile: &Path,
    key: &VaultKey,
    vault: &Vault,
    folder: &Path,
) -> Result<Salvaged, StoreError> {
    std::fs::create_dir_all(folder.join(TABLES))?;
    let db_key = DbKey::of(key);
    let path = profile.join(db::FILE);
    let mut pages = Pages::open(&path, key.derive("db"), vault.database_salt())?;
    if pages.get(1)?.is_none() {
        // Another one than the manifest knows, which a backup that was put back is.
        let other = Pages::open(&path, key.derive("db"), None)?;
        pages = better(pages, other)?;
    }
    let schema = Schema::read(&mut pages)?;
    let tables = rows::find(&mut pages, schema)?;
    let mut salvaged = Salvaged {
        n_unsent: write_unsent(profile, &db_key, folder)?,
        n_drafts: texts::write(&mut pages, &tables, folder)?,
        n_pages: u64::from(pages.n),
        ..Salvaged::default()
    };
    let files = Files::new(profile, db_key.media());
    texts::write_files(&mut pages, &tables, &files, folder)?;
    for readable in &tables {
        let table = write_table(&mut pages, readable, folder)?;
        salvaged.n_rows += table.n_rows;
        salvaged.n_broken_rows += table.n_broken_rows;
        salvaged.tables.push(table);
    }
    for number in 1..=pages.n {
        salvaged.n_damaged_pages += u64::from(pages.get(number)?.is_none());
    }
    let report = serde_json::to_vec_pretty(&salvaged)?;
    disk::replace_file(&folder.join(REPORT), &report)?;
    Ok(salvaged)
}

/// The one of two ways to read a file by which more of it is whole.
fn better(mut one: Pages, mut other: Pages) -> Result<Pages, StoreError> {
    let mut n_whole = [0, 0];
    for number in 1..=one.n {
        n_whole[0] += u32::from(one.get(number)?.is_some());
        n_whole[1] += u32::from(other.get(number)?.is_some());
    }
    Ok(if n_whole[1] > n_whole[0] { other } else { one })
}

/// What the second copy holds of unsent work, as far as it can be read.
fn write_unsent(profile: &Path, key: &DbKey, folder: &Path) -> Result<u64, StoreError> {
    let Ok(Some(found)) = unsent::read(profile, key.unsent()) else {
        return Ok(0);
    };
    let mut out = BufWriter::new(disk::private_file(&folder.join(UNSENT))?);
    for unsent in found.live.values() {
        serde_json::to_writer(&mut out, unsent)?;
        out.write_all(b"\n")?;
    }
    finish(out)?;
    Ok(found.live.len() as u64)
}

fn write_table(
    pages: &mut Pages,
    readable: &Readable,
    folder: &Path,
) -> Result<SalvagedTable, StoreError> {
    let name = readable.table.name.clone();
    // A newer program's name may be anything.
    let safe: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let path = folder.join(TABLES).join(format!("{safe}.jsonl"));
    let mut out = BufWriter::new(disk::private_file(&path)?);
    let count = readable.each(pages, |row| {
        let named = readable.named(row);
        if is_secret(&name, &named) {
            return Ok(());
        }
        serde_json::to_writer(&mut out, &in_json(named))?;
        Ok(out.write_all(b"\n")?)
    })?;
    finish(out)?;
    Ok(SalvagedTable {
        name,
        n_rows: count.n_rows,
        n_loose_rows: count.n_loose,
        n_broken_rows: count.n_broken,
        n_damaged_pages: count.n_damaged,
    })
}

fn finish(out: BufWriter<File>) -> Result<(), StoreError> {
    let file = out.into_inner().map_err(|error| error.into_error())?;
    Ok(file.sync_all()?)
}

fn is_secret(table: &str, row: &BTreeMap<&str, Value>) -> bool {
    let is_named = |name: &str| row.get("k") == Some(&Value::Text(name.to_owned()));
    table == "sync_meta" && SECRETS.into_iter().any(is_named)
}

fn in_json(row: BTreeMap<&str, Value>) -> BTreeMap<&str, serde_json::Value> {
    let values = row.into_iter();
    values
        .map(|(column, value)| (column, as_json(value)))
        .collect()
}

fn as_json(value: Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Int(n) => n.into(),
        Value::Real(n) => n.into(),
        Value::Text(text) => text.into(),
        Value::Blob(bytes) => json!({ "base64": STANDARD.encode(bytes) }),
    }
}

/// Every row of a whole database with the pages it lies on.
#[cfg(feature = "test-support")]
pub(crate) fn rows_with_pages(
    profile: &Path,
    key: &VaultKey,
) -> Result<Vec<(String, String, Vec<u32>)>, StoreError> {
    let mut pages = Pages::open(&profile.join(db::FILE), key.derive("db"), None)?;
    let schema = Schema::read(&mut pages)?;
    let mut all = Vec::new();
    for readable in rows::find(&mut pages, schema)? {
        let table = &readable.table.name;
        readable.each(&mut pages, |row| {
            let named = readable.named(row);
            if !is_secret(table, &named) {
                let json = serde_json::to_string(&in_json(named))?;
                all.push((table.clone(), json, row.pages.clone()));
            }
            Ok(())
        })?;
    }
    Ok(all)
}
