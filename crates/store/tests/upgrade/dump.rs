//! All rows of a database as text, to be compared.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// Rows by table; a row is its values by column.
pub(crate) type Dump = BTreeMap<String, Vec<BTreeMap<String, String>>>;

/// Reads every table, those behind the search index too.
pub(crate) fn of(db: &Connection) -> Dump {
    let sql = "select name from sqlite_master
               where type = 'table' and sql not like 'create virtual%'";
    let mut names = db.prepare(sql).unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    names
        .map(|name| {
            let name = name.unwrap();
            let rows = rows(db, &name);
            (name, rows)
        })
        .collect()
}

fn rows(db: &Connection, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut all = db.prepare(&format!("select * from \"{table}\"")).unwrap();
    let columns: Vec<String> = all.column_names().into_iter().map(str::to_owned).collect();
    let rows = all.query_map([], |row| {
        let values = columns.iter().enumerate();
        let values = values.map(|(n, column)| Ok((column.clone(), text(row.get_ref(n)?))));
        values.collect::<rusqlite::Result<BTreeMap<_, _>>>()
    });
    let mut rows: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    rows.sort();
    rows
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// What of `before` is not in `after`: its tables, rows and columns have to be there, whatever was
/// added to them.
pub(crate) fn lost(before: &Dump, after: &Dump) -> Vec<String> {
    let mut lost = Vec::new();
    for (table, rows) in before {
        let Some(found) = after.get(table) else {
            lost.push(format!("the table `{table}`"));
            continue;
        };
        let mut found: Vec<_> = found.iter().collect();
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
