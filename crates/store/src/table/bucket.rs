//! `bucket`: where this device stands in each bucket, and the checksum of the rows it holds.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::StoreError;

/// How a bucket stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bucket {
    pub(crate) cursor: i64,
    /// Where the server's head was when this device began with the bucket.
    pub(crate) began: i64,
    pub(crate) generation: i64,
    /// Everything is being fetched anew; rows that do not come again are gone.
    pub(crate) is_refilling: bool,
    pub(crate) n: i64,
    pub(crate) x: u64,
}

/// A row's share of its bucket's checksum.
pub(crate) fn row_checksum(table: &str, id: &[u8; 16], version: i64) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(table.as_bytes());
    hasher.update(&[0]);
    hasher.update(id);
    hasher.update(&version.to_le_bytes());
    let hash = hasher.finalize();
    let (first, _) = hash.as_bytes().split_at(8);
    u64::from_le_bytes(first.try_into().expect("eight bytes were split off"))
}

impl Bucket {
    pub(crate) fn add(&mut self, table: &str, id: &[u8; 16], version: i64) {
        self.n += 1;
        self.x = self.x.wrapping_add(row_checksum(table, id, version));
    }

    pub(crate) fn remove(&mut self, table: &str, id: &[u8; 16], version: i64) {
        self.n -= 1;
        self.x = self.x.wrapping_sub(row_checksum(table, id, version));
    }
}

pub(crate) fn load(db: &Connection, name: &str) -> Result<Bucket, StoreError> {
    let bucket = db
        .prepare_cached("select cursor, gen, refill, n, x, began from bucket where name = :name")?
        .query_row(named_params! {":name": name}, |row| {
            Ok(Bucket {
                cursor: row.get(0)?,
                generation: row.get(1)?,
                is_refilling: row.get(2)?,
                n: row.get(3)?,
                x: row.get::<_, i64>(4)?.cast_unsigned(),
                began: row.get(5)?,
            })
        })
        .optional()?;
    Ok(bucket.unwrap_or_default())
}

pub(crate) fn save(db: &Connection, name: &str, bucket: &Bucket) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or replace into bucket (name, cursor, gen, refill, n, x, began)
         values (:name, :cursor, :gen, :refill, :n, :x, :began)",
    )?
    .execute(named_params! {
        ":name": name,
        ":cursor": bucket.cursor,
        ":gen": bucket.generation,
        ":refill": bucket.is_refilling,
        ":n": bucket.n,
        ":x": bucket.x.cast_signed(),
        ":began": bucket.began,
    })?;
    Ok(())
}

pub(crate) fn names(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("select name from bucket order by name")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}
