//! Which pages belong to which table, and the rows on them. A page whose way from the root is cut
//! off by a damaged one is known by what its rows look like.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::pages::Pages;
use super::schema::{Schema, Table};
use super::tree::{self, Row, Value};
use crate::StoreError;

/// A table with what can be read of it.
pub(super) struct Readable {
    pub(super) table: Table,
    /// Reached from the root, in order.
    pages: Vec<u32>,
    /// Cut off from the root.
    loose: Vec<u32>,
    /// Pages of the tree that are not whole.
    n_damaged: u64,
}

/// What was read of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) n_rows: u64,
    /// Of these, rows on pages that were cut off; some may have been deleted before.
    pub(super) n_loose: u64,
    /// Rows that continue on a page that is not whole.
    pub(super) n_broken: u64,
    /// Damaged pages that were rows or led to rows.
    pub(super) n_damaged: u64,
}

/// Finds the pages of every table.
pub(super) fn find(pages: &mut Pages, schema: Schema) -> Result<Vec<Readable>, StoreError> {
    let mut seen = BTreeSet::new();
    tree::free_pages(pages, &mut seen)?;
    let mut tables = Vec::new();
    for table in schema.tables {
        let walk = match table.root {
            Some(root) => tree::walk(pages, root, &mut seen)?,
            None => tree::Walk::default(),
        };
        tables.push(Readable {
            n_damaged: walk.damaged.len() as u64,
            pages: walk.pages,
            loose: Vec::new(),
            table,
        });
    }
    let is_cut = |t: &Readable| t.n_damaged > 0 || t.table.root.is_none() && schema.is_damaged;
    if tables.iter().any(is_cut) {
        for root in schema.others {
            tree::walk(pages, root, &mut seen)?;
        }
        for number in 1..=pages.n {
            if !seen.contains(&number) {
                give_loose(pages, number, &mut tables, is_cut)?;
            }
        }
    }
    Ok(tables)
}

/// Gives a page that nothing leads to any more to the table whose rows it holds.
fn give_loose(
    pages: &mut Pages,
    number: u32,
    tables: &mut [Readable],
    is_cut: impl Fn(&Readable) -> bool,
) -> io::Result<()> {
    let Some(has_rowids) = pages
        .get(number)?
        .and_then(|page| tree::has_rowids(number, &page))
    else {
        return Ok(());
    };
    let rows = tree::rows(pages, number)?.rows;
    let fits = |t: &&mut Readable| {
        t.table.has_rowids == has_rowids
            && is_cut(t)
            && !rows.is_empty()
            && rows.iter().all(|row| t.table.fits(&row.values))
    };
    // Of several, the one with the most columns says the most.
    let fitting = tables.iter_mut().filter(fits);
    if let Some(readable) = fitting.max_by_key(|t| t.table.columns.len()) {
        readable.loose.push(number);
    }
    Ok(())
}

impl Readable {
    /// Gives every row that can be read; one that was found through the tree counts before one
    /// with the same number that was not.
    pub(super) fn each(
        &self,
        pages: &mut Pages,
        mut take: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<Count, StoreError> {
        let mut count = Count {
            n_damaged: self.n_damaged,
            ..Count::default()
        };
        let mut places = BTreeSet::new();
        let all = self.pages.iter().map(|page| (*page, false));
        for (page, is_loose) in all.chain(self.loose.iter().map(|page| (*page, true))) {
            let found = tree::rows(pages, page)?;
            count.n_broken += found.n_broken;
            for row in &found.rows {
                if !self.loose.is_empty() && !places.insert(self.place(row)) {
                    continue;
                }
                count.n_rows += 1;
                count.n_loose += u64::from(is_loose);
                take(row)?;
            }
        }
        Ok(count)
    }

    /// What tells a row from the others of its table.
    fn place(&self, row: &Row) -> String {
        match row.rowid {
            Some(rowid) => rowid.to_string(),
            None => format!("{:?}", row.values),
        }
    }

    /// A row's values by the names of their columns.
    pub(super) fn named<'a>(&'a self, row: &Row) -> BTreeMap<&'a str, Value> {
        let columns = self.table.columns.iter().enumerate();
        columns
            .map(|(i, column)| {
                let value = match row.values.get(i) {
                    _ if column.is_rowid => row.rowid.map_or(Value::Null, Value::Int),
                    Some(value) => value.clone(),
                    None => column.default.clone(),
                };
                (column.name.as_str(), value)
            })
            .collect()
    }
}
