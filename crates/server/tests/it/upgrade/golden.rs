//! Golden databases: the migrations up to a version with the rows of their time in between.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::types::ValueRef;
use serde_json::Value;
use stoa_domain::Timestamp;
use stoa_server::{Config, Rates};
use tempfile::TempDir;

use crate::support::NOW;

/// Rows by table; a row is its values by column.
pub(super) type Dump = BTreeMap<String, Vec<BTreeMap<String, String>>>;

pub(super) struct Migration {
    pub(super) version: i64,
    name: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn numbered(folder: PathBuf) -> Vec<(i64, String)> {
    let names = std::fs::read_dir(folder).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<(i64, String)> = names
        .filter_map(|name| {
            let name = name.strip_suffix(".sql")?.to_owned();
            Some((name.get(..4)?.parse().ok()?, name))
        })
        .collect();
    found.sort();
    found
}

/// The migrations there are.
pub(super) fn migrations() -> Vec<Migration> {
    let found = numbered(root().join("../../migrations/server/sqlite"));
    let named = |(version, name)| Migration { version, name };
    found.into_iter().map(named).collect()
}

/// The versions there are golden rows of.
pub(super) fn versions() -> Vec<i64> {
    let found = numbered(root().join("tests/golden"));
    found.into_iter().map(|(version, _)| version).collect()
}

/// One database that is thrown away.
pub(super) struct Database {
    folder: TempDir,
    /// Its address, when it is no SQLite file.
    postgres: Option<String>,
}

impl Database {
    pub(super) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("server")).unwrap();
        Self {
            folder,
            postgres: None,
        }
    }

    pub(super) async fn postgres() -> Self {
        let url = stoa_server::test_support::new_database().await.unwrap();
        Self {
            postgres: Some(url),
            ..Self::sqlite()
        }
    }

    pub(super) fn config(&self) -> Config {
        let data = self.folder.path().join("server");
        let mut config = Config::new(data, Arc::new(|| Timestamp::from_millis(NOW)));
        config.database.clone_from(&self.postgres);
        config.rates = Rates::generous();
        config
    }

    /// Makes it what a server of this version left behind.
    pub(super) async fn fill(&self, version: i64) {
        let made = "create table schema_migration (
                        version bigint primary key, name text not null, applied_at bigint not null
                    )";
        let made = match self.postgres {
            Some(_) => made.to_owned(),
            None => format!("{} strict", made.replace("bigint", "integer")),
        };
        self.run(&made).await;
        if self.postgres.is_none() {
            self.run("pragma journal_mode = wal").await;
        }
        let kind = self.postgres.as_ref().map_or("sqlite", |_| "postgres");
        let folder = root().join("../../migrations/server").join(kind);
        for migration in migrations().iter().filter(|m| m.version <= version) {
            let file = folder.join(format!("{}.sql", migration.name));
            self.run(&std::fs::read_to_string(file).unwrap()).await;
            self.note(migration.version, &migration.name).await;
            let rows = format!("tests/golden/{:04}.sql", migration.version);
            let rows = std::fs::read_to_string(root().join(rows)).unwrap();
            self.run(&spelled(&rows, self.postgres.is_some())).await;
        }
    }

    /// Notes a migration as done.
    pub(super) async fn note(&self, version: i64, name: &str) {
        self.run(&format!(
            "insert into schema_migration (version, name, applied_at) values ({version}, '{name}', 1)"
        ))
        .await;
    }

    async fn run(&self, sql: &str) {
        match &self.postgres {
            None => self.file().execute_batch(sql).unwrap(),
            Some(url) => connect(url).await.batch_execute(sql).await.unwrap(),
        }
    }

    fn file(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("server/stoa.sqlite")).unwrap()
    }

    /// Every row there is.
    pub(super) async fn dump(&self) -> Dump {
        match &self.postgres {
            None => dump_sqlite(&self.file()),
            Some(url) => dump_postgres(&connect(url).await).await,
        }
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let connected = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
    let (client, connection) = connected.unwrap();
    tokio::spawn(connection);
    client
}

/// `{uuid …}` and `{bytes …}` as this database writes them.
fn spelled(sql: &str, is_postgres: bool) -> String {
    let mut spelled = String::new();
    let mut rest = sql;
    while let Some((before, value, after)) = next_value(rest) {
        spelled.push_str(before);
        let (kind, digits) = value.split_once(' ').unwrap();
        spelled.push_str(&match (is_postgres, kind) {
            (false, _) => format!("x'{}'", digits.replace('-', "")),
            (true, "uuid") => format!("'{digits}'::uuid"),
            (true, _) => format!("'\\x{digits}'::bytea"),
        });
        rest = after;
    }
    spelled + rest
}

/// The text before the next value, the value, and the text after it.
fn next_value(sql: &str) -> Option<(&str, &str, &str)> {
    let start = ["{uuid ", "{bytes "]
        .iter()
        .filter_map(|s| sql.find(s))
        .min()?;
    let (value, after) = sql[start + 1..].split_once('}')?;
    Some((&sql[..start], value, after))
}

fn dump_sqlite(db: &rusqlite::Connection) -> Dump {
    let mut names = db
        .prepare("select name from sqlite_master where type = 'table'")
        .unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let names: Vec<String> = names.map(Result::unwrap).collect();
    let rows = |name: &String| {
        let mut all = db.prepare(&format!("select * from \"{name}\"")).unwrap();
        let columns: Vec<String> = all.column_names().into_iter().map(str::to_owned).collect();
        let rows = all.query_map([], |row| {
            let values = columns.iter().enumerate();
            let values = values.map(|(n, column)| Ok((column.clone(), text(row.get_ref(n)?))));
            values.collect::<rusqlite::Result<BTreeMap<_, _>>>()
        });
        rows.unwrap().map(Result::unwrap).collect()
    };
    names
        .iter()
        .map(|name| (name.clone(), rows(name)))
        .collect()
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        other => format!("{other:?}"),
    }
}

async fn dump_postgres(db: &tokio_postgres::Client) -> Dump {
    let names = "select table_name::text from information_schema.tables
                 where table_schema = 'public'";
    let mut dump = Dump::new();
    for row in db.query(names, &[]).await.unwrap() {
        let name: String = row.get(0);
        let rows = format!("select to_jsonb(t)::text from \"{name}\" t");
        let rows = db.query(&rows, &[]).await.unwrap();
        let rows = rows.iter().map(|row| columns(row.get(0)));
        dump.insert(name, rows.collect());
    }
    dump
}

fn columns(row: &str) -> BTreeMap<String, String> {
    let row: BTreeMap<String, Value> = serde_json::from_str(row).unwrap();
    let text = |(column, value): (String, Value)| match value {
        Value::String(text) => (column, text),
        other => (column, other.to_string()),
    };
    row.into_iter().map(text).collect()
}

/// What of `before` is not in `after`: its tables, rows and columns have to be there, whatever was
/// added to them.
pub(super) fn lost(before: &Dump, after: &Dump) -> Vec<String> {
    let mut lost = Vec::new();
    for (table, rows) in before {
        let mut found: Vec<_> = after.get(table).into_iter().flatten().collect();
        for row in rows {
            let holds = |other: &&BTreeMap<String, String>| {
                row.iter()
                    .all(|(column, value)| other.get(column) == Some(value))
            };
            match found.iter().position(holds) {
                Some(at) => {
                    found.swap_remove(at);
                }
                None => lost.push(format!("`{table}`: {row:?}")),
            }
        }
    }
    lost
}
