//! Which tables there are, what their columns are called, and where they begin: as the database
//! says, and where it cannot say, as this program knows.

use std::collections::BTreeMap;
use std::io;

use rusqlite::Connection;

use super::pages::Pages;
use super::tree::{self, Value};
use crate::StoreError;
use crate::db::migrate;

/// Tables that are made of others, or that SQLite keeps for itself.
const DERIVED: [&str; 2] = ["draft_index", "sqlite_"];

pub(super) struct Table {
    pub(super) name: String,
    /// In the order of a stored record.
    pub(super) columns: Vec<Column>,
    pub(super) has_rowids: bool,
    /// Where it begins, when the database could say.
    pub(super) root: Option<u32>,
}

pub(super) struct Column {
    pub(super) name: String,
    kind: String,
    may_be_null: bool,
    /// Whether it is another name for the row's number.
    pub(super) is_rowid: bool,
    /// What a row has that is older than the column.
    pub(super) default: Value,
}

pub(super) struct Schema {
    pub(super) tables: Vec<Table>,
    /// Where everything else begins: indexes and what is derived.
    pub(super) others: Vec<u32>,
    /// Whether a part of what the database says of itself cannot be read.
    pub(super) is_damaged: bool,
}

impl Schema {
    pub(super) fn read(pages: &mut Pages) -> Result<Self, StoreError> {
        let own = in_memory(migrate::MIGRATIONS.iter().map(|m| m.sql.to_owned()))?;
        let mut tables: BTreeMap<String, Table> = BTreeMap::new();
        for name in names(&own)? {
            tables.insert(name.clone(), describe(&own, &name)?);
        }
        let mut others = Vec::new();
        let (rows, is_damaged) = master(pages)?;
        let theirs = in_memory([])?;
        for row in rows {
            let Some((kind, name, root, sql)) = said(&row) else {
                continue;
            };
            if kind != "table" || is_derived(&name) {
                others.push(root);
                continue;
            }
            // A newer program's table, or one with more columns.
            let said = theirs.execute_batch(&sql).map_err(StoreError::from);
            let said = said.and_then(|()| describe(&theirs, &name));
            let table = match (said, tables.remove(&name)) {
                (Ok(said), Some(own)) if said.columns.len() < own.columns.len() => own,
                (Ok(said), _) => said,
                (Err(_), Some(own)) => own,
                (Err(_), None) => continue,
            };
            let root = Some(root);
            tables.insert(name, Table { root, ..table });
        }
        Ok(Self {
            tables: tables.into_values().collect(),
            others,
            is_damaged,
        })
    }
}

/// The rows of `sqlite_master`, and whether some may be missing.
fn master(pages: &mut Pages) -> io::Result<(Vec<Vec<Value>>, bool)> {
    let walk = tree::walk(pages, 1, &mut std::collections::BTreeSet::new())?;
    let mut is_damaged = !walk.damaged.is_empty();
    let mut all = Vec::new();
    for page in walk.pages {
        let found = tree::rows(pages, page)?;
        is_damaged |= found.n_broken > 0;
        all.extend(found.rows.into_iter().map(|row| row.values));
    }
    Ok((all, is_damaged))
}

fn said(row: &[Value]) -> Option<(String, String, u32, String)> {
    match row {
        [
            Value::Text(kind),
            Value::Text(name),
            _,
            Value::Int(root),
            sql,
            ..,
        ] => {
            let sql = match sql {
                Value::Text(sql) => sql.clone(),
                _ => String::new(),
            };
            let root = u32::try_from(*root).ok().filter(|root| *root > 0)?;
            Some((kind.clone(), name.clone(), root, sql))
        }
        _ => None,
    }
}

fn is_derived(name: &str) -> bool {
    DERIVED.iter().any(|start| name.starts_with(start))
}

fn in_memory(sql: impl IntoIterator<Item = String>) -> Result<Connection, StoreError> {
    let db = Connection::open_in_memory()?;
    for sql in sql {
        db.execute_batch(&sql)?;
    }
    Ok(db)
}

fn names(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut names = db.prepare("select name from sqlite_master where type = 'table'")?;
    let names = names.query_map([], |row| row.get(0))?;
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    Ok(names.into_iter().filter(|name| !is_derived(name)).collect())
}

fn describe(db: &Connection, name: &str) -> Result<Table, StoreError> {
    let has_rowids: bool = db.query_row(
        "select not wr from pragma_table_list where name = ?1 and schema = 'main'",
        [name],
        |row| row.get(0),
    )?;
    let mut columns = db.prepare(
        "select name, type, \"notnull\", pk, dflt_value from pragma_table_info(?1) order by cid",
    )?;
    let rows = columns.query_map([name], |row| {
        let kind: String = row.get(1)?;
        let key: i64 = row.get(3)?;
        let default: Option<String> = row.get(4)?;
        let column = Column {
            name: row.get(0)?,
            is_rowid: has_rowids && key > 0 && kind.eq_ignore_ascii_case("integer"),
            may_be_null: !row.get::<_, bool>(2)? && key == 0,
            kind: kind.to_ascii_lowercase(),
            default: default.map_or(Value::Null, |sql| literal(&sql)),
        };
        Ok((key, column))
    })?;
    let mut columns: Vec<(i64, Column)> = rows.collect::<Result<_, _>>()?;
    if !has_rowids {
        // The key comes first, in its own order.
        columns.sort_by_key(|(key, _)| if *key == 0 { i64::MAX } else { *key });
    }
    Ok(Table {
        name: name.to_owned(),
        columns: columns.into_iter().map(|(_, column)| column).collect(),
        has_rowids,
        root: None,
    })
}

/// A default of the schema: a number or a text.
fn literal(sql: &str) -> Value {
    let text = sql
        .strip_prefix('\'')
        .and_then(|sql| sql.strip_suffix('\''));
    match (text, sql.parse()) {
        (Some(text), _) => Value::Text(text.replace("''", "'")),
        (None, Ok(n)) => Value::Int(n),
        (None, Err(_)) => Value::Null,
    }
}

impl Table {
    /// Whether a stored record can be one of this table's rows.
    pub(super) fn fits(&self, values: &[Value]) -> bool {
        values.len() <= self.columns.len()
            && values.len() + self.n_added() >= self.columns.len()
            && self.columns.iter().zip(values).all(|(c, v)| c.fits(v))
    }

    /// How many columns at the end a row may lack because it is older than they are.
    fn n_added(&self) -> usize {
        let is_optional = |column: &&Column| column.may_be_null || column.default != Value::Null;
        self.columns.iter().rev().take_while(is_optional).count()
    }
}

impl Column {
    fn fits(&self, value: &Value) -> bool {
        match value {
            Value::Null => self.may_be_null || self.is_rowid,
            Value::Int(_) => !self.is_rowid && matches!(self.kind.as_str(), "integer" | ""),
            Value::Real(_) => matches!(self.kind.as_str(), "real" | ""),
            Value::Text(_) => matches!(self.kind.as_str(), "text" | ""),
            Value::Blob(_) => matches!(self.kind.as_str(), "blob" | ""),
        }
    }
}
