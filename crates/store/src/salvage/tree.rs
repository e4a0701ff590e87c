//! SQLite's B-trees and records, as far as their pages are whole. Every offset may be wrong.

use std::collections::BTreeSet;
use std::io;

use super::pages::{Page, Pages, USABLE};

/// What kind of page it is, by its first byte.
const INDEX_INTERIOR: u8 = 2;
const TABLE_INTERIOR: u8 = 5;
const INDEX_LEAF: u8 = 10;
const TABLE_LEAF: u8 = 13;
/// The database's own header on its first page.
const FILE_HEADER: usize = 100;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// A row as it lies on its page.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Of a table that has them.
    pub(super) rowid: Option<i64>,
    pub(super) values: Vec<Value>,
    /// The pages it lies on.
    #[cfg_attr(
        not(feature = "test-support"),
        expect(dead_code, reason = "asked for by who damages pages on purpose")
    )]
    pub(super) pages: Vec<u32>,
}

/// The rows of a page, and how many of them continue on a page that is not whole.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    pub(super) n_broken: u64,
}

/// What a walk from a root has found.
#[derive(Default)]
pub(super) struct Walk {
    /// Pages that hold rows, in order.
    pub(super) pages: Vec<u32>,
    /// Pages that are not whole.
    pub(super) damaged: BTreeSet<u32>,
}

struct Header {
    kind: u8,
    start: usize,
    n_cells: usize,
}

fn header(number: u32, page: &Page) -> Option<Header> {
    let start = if number == 1 { FILE_HEADER } else { 0 };
    let kind = *page.get(start)?;
    let is_known = matches!(
        kind,
        INDEX_INTERIOR | TABLE_INTERIOR | INDEX_LEAF | TABLE_LEAF
    );
    is_known.then_some(Header {
        kind,
        start,
        n_cells: usize::from(u16_at(page, start + 3)?),
    })
}

impl Header {
    fn is_interior(&self) -> bool {
        matches!(self.kind, INDEX_INTERIOR | TABLE_INTERIOR)
    }

    fn cells<'a>(&self, page: &'a Page) -> impl Iterator<Item = usize> + 'a {
        let first = self.start + if self.is_interior() { 12 } else { 8 };
        (0..self.n_cells).filter_map(move |i| Some(usize::from(u16_at(page, first + 2 * i)?)))
    }
}

/// Whether a page holds rows of a table with row numbers, or of one without; `None` when neither.
pub(super) fn has_rowids(number: u32, page: &Page) -> Option<bool> {
    match header(number, page)?.kind {
        TABLE_LEAF => Some(true),
        INDEX_LEAF | INDEX_INTERIOR => Some(false),
        _ => None,
    }
}

/// Walks a tree from its root; `seen` gets every page it uses.
pub(super) fn walk(pages: &mut Pages, root: u32, seen: &mut BTreeSet<u32>) -> io::Result<Walk> {
    let mut found = Walk::default();
    let mut todo = vec![root];
    while let Some(number) = todo.pop() {
        if !seen.insert(number) {
            continue;
        }
        let Some(page) = pages.get(number)? else {
            found.damaged.insert(number);
            continue;
        };
        let Some(header) = header(number, &page) else {
            continue;
        };
        if header.kind != TABLE_INTERIOR {
            found.pages.push(number);
        }
        if header.is_interior() {
            let mut children: Vec<u32> = header
                .cells(&page)
                .filter_map(|at| u32_at(&page, at))
                .collect();
            children.extend(u32_at(&page, header.start + 8));
            todo.extend(children.into_iter().rev());
        }
    }
    Ok(found)
}

/// Notes the pages that hold nothing any more.
pub(super) fn free_pages(pages: &mut Pages, seen: &mut BTreeSet<u32>) -> io::Result<()> {
    let Some(first) = pages.get(1)? else {
        return Ok(());
    };
    let mut trunk = u32_at(&first, 32).unwrap_or(0);
    while trunk != 0 && seen.insert(trunk) {
        let Some(page) = pages.get(trunk)? else {
            return Ok(());
        };
        let n_leaves = u32_at(&page, 4).unwrap_or(0) as usize;
        seen.extend((0..n_leaves).filter_map(|i| u32_at(&page, 8 + 4 * i)));
        trunk = u32_at(&page, 0).unwrap_or(0);
    }
    Ok(())
}

/// The rows on a page.
pub(super) fn rows(pages: &mut Pages, number: u32) -> io::Result<Rows> {
    let mut rows = Rows::default();
    let Some(page) = pages.get(number)? else {
        return Ok(rows);
    };
    let Some(header) = header(number, &page).filter(|header| header.kind != TABLE_INTERIOR) else {
        return Ok(rows);
    };
    for at in header.cells(&page) {
        match cell(pages, (number, &page), &header, at)? {
            Some(row) => rows.rows.push(row),
            None => rows.n_broken += 1,
        }
    }
    Ok(rows)
}

fn cell(
    pages: &mut Pages,
    (number, page): (u32, &Page),
    header: &Header,
    at: usize,
) -> io::Result<Option<Row>> {
    let mut at = at + if header.is_interior() { 4 } else { 0 };
    let mut next = || varint(page, &mut at);
    let (Some(len), rowid) = (next(), (header.kind == TABLE_LEAF).then(&mut next)) else {
        return Ok(None);
    };
    let Ok(len) = usize::try_from(len) else {
        return Ok(None);
    };
    let mut used = vec![number];
    let Some(payload) = payload(pages, (page, at), (len, header.kind), &mut used)? else {
        return Ok(None);
    };
    Ok(record(&payload).map(|values| Row {
        rowid: rowid.flatten(),
        values,
        pages: used,
    }))
}

/// The bytes of a record, also those on pages behind; `None` when one of them is not whole.
fn payload(
    pages: &mut Pages,
    (page, at): (&Page, usize),
    (len, kind): (usize, u8),
    used: &mut Vec<u32>,
) -> io::Result<Option<Vec<u8>>> {
    let n_here = local(len, kind);
    let Some(here) = page.get(at..at + n_here) else {
        return Ok(None);
    };
    let mut payload = here.to_vec();
    let mut next = match payload.len() < len {
        true => u32_at(page, at + n_here).unwrap_or(0),
        false => 0,
    };
    while payload.len() < len {
        if used.contains(&next) {
            return Ok(None);
        }
        let Some(page) = pages.get(next)? else {
            return Ok(None);
        };
        used.push(next);
        let n = (len - payload.len()).min(USABLE - 4);
        payload.extend_from_slice(&page[4..4 + n]);
        next = u32_at(&page, 0).unwrap_or(0);
    }
    Ok(Some(payload))
}

/// How much of a record lies on the page of its tree.
fn local(len: usize, kind: u8) -> usize {
    let most = match kind {
        TABLE_LEAF => USABLE - 35,
        _ => (USABLE - 12) * 64 / 255 - 23,
    };
    if len <= most {
        return len;
    }
    let least = (USABLE - 12) * 32 / 255 - 23;
    let n = least + (len - least) % (USABLE - 4);
    if n <= most { n } else { least }
}

fn record(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut at = 0;
    let head = usize::try_from(varint(bytes, &mut at)?).ok()?;
    let mut body = bytes.get(head..)?;
    let mut values = Vec::new();
    while at < head {
        let kind = varint(bytes, &mut at)?;
        values.push(value(kind, &mut body)?);
    }
    Some(values)
}

fn value(kind: i64, body: &mut &[u8]) -> Option<Value> {
    let mut take = |n: usize| {
        let (taken, rest) = body.split_at_checked(n)?;
        *body = rest;
        Some(taken)
    };
    let int = |bytes: &[u8]| {
        let first = if bytes[0] & 0x80 == 0 { 0 } else { -1 };
        bytes
            .iter()
            .fold(first, |n: i64, byte| n << 8 | i64::from(*byte))
    };
    Some(match kind {
        0 => Value::Null,
        n @ 1..=4 => Value::Int(int(take(usize::try_from(n).ok()?)?)),
        5 => Value::Int(int(take(6)?)),
        6 => Value::Int(int(take(8)?)),
        7 => Value::Real(f64::from_be_bytes(take(8)?.try_into().ok()?)),
        8 => Value::Int(0),
        9 => Value::Int(1),
        n if n >= 12 => {
            let bytes = take(usize::try_from((n - 12) / 2).ok()?)?;
            match n % 2 {
                0 => Value::Blob(bytes.to_vec()),
                _ => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            }
        }
        _ => return None,
    })
}

fn varint(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let mut n: i64 = 0;
    for i in 0..9 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        if i == 8 {
            return Some(n << 8 | i64::from(byte));
        }
        n = n << 7 | i64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(n)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
