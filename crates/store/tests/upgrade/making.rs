//! Makes a golden profile: the work of its time, in the schema of its time.

use std::path::Path;

use rusqlite::Connection;

use super::{golden, work};

/// What has changed its form since: up to the schema it was so, how today's rows become those of
/// then.
const AS_THEY_WERE: &[(u32, &str)] = &[
    // A title did not tell what it was given over.
    (
        2,
        "update outbox set ver = 1, args = json_remove(args, '$.was')
         where name = 'draft.rename' and ver = 2;
         update journal set ver = 1, args = json_remove(args, '$.was')
         where name = 'draft.rename' and ver = 2;",
    ),
    // Everything was in one bucket.
    (3, "delete from bucket where name <> 'content';"),
];

/// Makes the profile of a schema in a new folder.
pub(crate) fn make(version: u32, folder: &Path) {
    let profile = work::profile_of(version);
    let scratch = tempfile::tempdir().unwrap();
    let now = scratch.path().join("now.db");
    golden::export(&golden::raw(profile.dir(), &profile.key), &now, "");
    let then = scratch.path().join("then.db");
    let db = as_of(version, &now, &then);
    for (since, sql) in work::BY_NOBODY {
        if *since <= version {
            db.execute_batch(sql).unwrap();
        }
    }
    check_filled(&db);
    db.execute_batch("vacuum").unwrap();
    db.close().unwrap();
    std::fs::create_dir_all(folder).unwrap();
    for name in ["vault.toml", "vault.toml.copy"] {
        let bytes = std::fs::read(profile.dir().join(name)).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let files = profile.dir().join("files");
    if files.is_dir() {
        golden::copy(&files, &folder.join("files"));
    }
    let packed = zstd::encode_all(std::fs::File::open(&then).unwrap(), 19).unwrap();
    std::fs::write(folder.join(golden::IMAGE), packed).unwrap();
}

/// A database made by the migrations up to a version, with what of today's rows it can hold.
fn as_of(version: u32, now: &Path, then: &Path) -> Connection {
    let db = Connection::open(then).unwrap();
    for (number, sql) in golden::migrations() {
        if number <= version {
            db.execute_batch(&sql).unwrap();
        }
    }
    db.pragma_update(None, "user_version", version).unwrap();
    db.execute("attach ?1 as now key ''", [now.to_str().unwrap()])
        .unwrap();
    for table in tables(&db) {
        let columns = common_columns(&db, &table);
        db.execute_batch(&format!(
            "delete from main.\"{table}\";
             insert into main.\"{table}\" ({columns}) select {columns} from now.\"{table}\";"
        ))
        .unwrap();
    }
    for (until, sql) in AS_THEY_WERE {
        if version <= *until {
            db.execute_batch(sql).unwrap();
        }
    }
    db.execute("detach now", []).unwrap();
    db
}

/// Tables with rows of their own, those behind the search index too.
fn tables(db: &Connection) -> Vec<String> {
    let sql = "select name from main.sqlite_master
               where type = 'table' and sql not like 'create virtual%' order by name";
    let mut names = db.prepare(sql).unwrap();
    let names = names.query_map([], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

fn common_columns(db: &Connection, table: &str) -> String {
    let sql = "select group_concat('\"' || was.name || '\"', ', ')
               from pragma_table_info(?1, 'main') was
               join pragma_table_info(?1, 'now') has on has.name = was.name";
    db.query_row(sql, [table], |row| row.get(0)).unwrap()
}

/// A table without a row would prove nothing.
fn check_filled(db: &Connection) {
    for table in tables(db) {
        let sql = format!("select exists (select 1 from \"{table}\")");
        let is_filled: bool = db.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert!(
            is_filled,
            "`{table}` has no row: give it one in tests/upgrade/work.rs"
        );
    }
}
