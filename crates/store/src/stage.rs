//! `stage.db`: what has come from the server and is not applied yet, in a database of its own
//! beside the profile's. Encrypted like it, worth nothing: what is damaged or left over is thrown
//! away and fetched again. Writing here holds up nobody who saves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::StoreError;
use crate::db::{self, DbKey, Mode};

const FILE: &str = "stage.db";
/// Another form than this is thrown away.
const FORM: u32 = 2;

const SCHEMA: &str = "
create table line (
    n       integer primary key,
    tbl     text    not null,
    id      blob    not null,
    version integer not null,
    seq     integer not null,
    -- null when the row is gone
    columns text
);

-- The snapshot that a bucket is fetched as, and those of its parts that have come.
create table snapshot (
    bucket text primary key,
    id     text not null
) without rowid;

create table part (
    rid    integer primary key,
    bucket text    not null,
    n      integer not null,
    bytes  blob    not null,
    unique (bucket, n)
);
";

/// A line of a pull.
pub(crate) struct Line {
    pub(crate) table: String,
    pub(crate) id: [u8; 16],
    pub(crate) version: i64,
    pub(crate) seq: i64,
    /// As JSON; absent when the row is gone.
    pub(crate) columns: Option<String>,
}

/// The open file.
pub(crate) struct Stage {
    db: Connection,
}

impl Stage {
    /// Opens the file, or makes it anew when it cannot be used.
    pub(crate) fn open(dir: &Path, key: &DbKey) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        if let Ok(stage) = Self::open_present(&path, key) {
            return Ok(stage);
        }
        remove(&path)?;
        let db = db::connect(&path, key, Mode::Create)?;
        db.execute_batch(SCHEMA)?;
        db.pragma_update(None, "user_version", FORM)?;
        Self::of(db)
    }

    fn open_present(path: &Path, key: &DbKey) -> Result<Self, StoreError> {
        let db = db::connect(path, key, Mode::Write)?;
        if db::schema_version(&db)? != FORM {
            return Err(StoreError::NotFound);
        }
        Self::of(db)
    }

    fn of(db: Connection) -> Result<Self, StoreError> {
        // A lost stage costs a download, not work.
        db.pragma_update(None, "synchronous", "normal")?;
        Ok(Self { db })
    }

    pub(crate) fn push_lines(&mut self, lines: &[Line]) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        {
            let mut insert = tx.prepare_cached(
                "insert into line (tbl, id, version, seq, columns)
                 values (:tbl, :id, :version, :seq, :columns)",
            )?;
            for line in lines {
                insert.execute(named_params! {
                    ":tbl": line.table,
                    ":id": line.id,
                    ":version": line.version,
                    ":seq": line.seq,
                    ":columns": line.columns,
                })?;
            }
        }
        Ok(tx.commit()?)
    }

    /// Hands over the lines in their order; answers how many there were.
    pub(crate) fn visit_lines(
        &mut self,
        mut each: impl FnMut(Line) -> Result<(), StoreError>,
    ) -> Result<usize, StoreError> {
        let mut statement = self
            .db
            .prepare("select tbl, id, version, seq, columns from line order by n")?;
        let mut rows = statement.query([])?;
        let mut n = 0;
        while let Some(row) = rows.next()? {
            each(Line {
                table: row.get(0)?,
                id: row.get(1)?,
                version: row.get(2)?,
                seq: row.get(3)?,
                columns: row.get(4)?,
            })?;
            n += 1;
        }
        Ok(n)
    }

    pub(crate) fn snapshot_id(&self, bucket: &str) -> Result<Option<String>, StoreError> {
        let id = self
            .db
            .prepare_cached("select id from snapshot where bucket = :bucket")?
            .query_row(named_params! {":bucket": bucket}, |row| row.get(0))
            .optional()?;
        Ok(id)
    }

    /// Begins a snapshot or goes on with it; answers which parts are here.
    pub(crate) fn begin_snapshot(
        &mut self,
        bucket: &str,
        id: &str,
    ) -> Result<BTreeSet<usize>, StoreError> {
        if self.snapshot_id(bucket)?.as_deref() != Some(id) {
            self.forget_snapshot(bucket)?;
            self.db.execute(
                "insert into snapshot (bucket, id) values (:bucket, :id)",
                named_params! {":bucket": bucket, ":id": id},
            )?;
        }
        let mut statement = self
            .db
            .prepare_cached("select n from part where bucket = :bucket")?;
        let parts = statement.query_map(named_params! {":bucket": bucket}, |row| {
            Ok(usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX))
        })?;
        Ok(parts.collect::<Result<_, _>>()?)
    }

    pub(crate) fn put_part(
        &mut self,
        bucket: &str,
        part: usize,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "insert or ignore into part (bucket, n, bytes) values (:bucket, :n, :bytes)",
            )?
            .execute(named_params! {
                ":bucket": bucket,
                ":n": i64::try_from(part).unwrap_or(i64::MAX),
                ":bytes": bytes,
            })?;
        Ok(())
    }

    /// Hands over the parts in their order.
    pub(crate) fn visit_parts(
        &self,
        bucket: &str,
        mut each: impl FnMut(Vec<u8>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self
            .db
            .prepare("select bytes from part where bucket = :bucket order by n")?;
        let mut rows = statement.query(named_params! {":bucket": bucket})?;
        while let Some(row) = rows.next()? {
            each(row.get(0)?)?;
        }
        Ok(())
    }

    pub(crate) fn forget_snapshot(&mut self, bucket: &str) -> Result<(), StoreError> {
        let tx = self.db.transaction()?;
        for sql in [
            "delete from part where bucket = :bucket",
            "delete from snapshot where bucket = :bucket",
        ] {
            tx.prepare_cached(sql)?
                .execute(named_params! {":bucket": bucket})?;
        }
        Ok(tx.commit()?)
    }

    pub(crate) fn clear_lines(&self) -> Result<(), StoreError> {
        self.db.execute("delete from line", [])?;
        Ok(())
    }
}

fn remove(path: &Path) -> Result<(), StoreError> {
    for end in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(end);
        match std::fs::remove_file(PathBuf::from(file)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}
