//! Tags as drafts have them written, by the words that mean the same.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, named_params};
use stoa_domain::{DraftId, TagBook, fold};

use super::super::{Json, Sql};
use super::marks::{Mark, with};
use crate::StoreError;

/// The tags that drafts have, each spelling once, in the order of their characters. It jumps from
/// one to the next, however many drafts have each.
fn written(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached(
        "with recursive each (name) as (
             select min(name) from listing_mark where what = 'tag'
             union all
             select (select min(name) from listing_mark where what = 'tag' and name > each.name)
             from each where each.name is not null
         )
         select name from each where name is not null",
    )?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The spellings of all words that mean the same as each of some, which are folded.
pub(super) fn spellings(
    db: &Connection,
    book: &TagBook,
    folded: &[String],
) -> Result<Vec<Vec<String>>, StoreError> {
    let keys: Vec<String> = folded.iter().map(|word| book.key(word)).collect();
    let mut found = vec![Vec::new(); keys.len()];
    if keys.is_empty() {
        return Ok(found);
    }
    for name in written(db)? {
        let key = book.key(&fold(&name));
        for (at, _) in keys.iter().enumerate().filter(|(_, other)| **other == key) {
            found[at].push(name.clone());
        }
    }
    Ok(found)
}

/// The rows of the list that have one of some spellings.
pub(super) fn with_any(db: &Connection, names: &[String]) -> Result<HashSet<i64>, StoreError> {
    let mut rows = HashSet::new();
    for name in names {
        rows.extend(with(db, Mark::Tag, name)?);
    }
    Ok(rows)
}

/// A tag by what it means, as drafts have it written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Drafts that have any of the spellings, those in the bin apart.
    pub(crate) n: u64,
    /// Each with how many drafts have it, used most first.
    pub(crate) spellings: Vec<(String, u64)>,
}

/// The tags of all drafts but those in the bin, by what they mean; see [`TagBook::key`].
pub(crate) fn by_meaning(
    db: &Connection,
    book: &TagBook,
) -> Result<BTreeMap<String, Written>, StoreError> {
    let mut tags: BTreeMap<String, Written> = BTreeMap::new();
    for (name, n) in super::marks_named(db, Mark::Tag, i64::MAX)? {
        let tag = tags.entry(book.key(&fold(&name))).or_default();
        tag.n += n;
        tag.spellings.push((name, n));
    }
    for tag in tags.values_mut().filter(|tag| tag.spellings.len() > 1) {
        // A draft may have several of them.
        let names: Vec<String> = tag.spellings.iter().map(|(name, _)| name.clone()).collect();
        tag.n = count_any(db, &names)?;
    }
    Ok(tags)
}

/// How many drafts have one of some spellings, those in the bin apart.
pub(crate) fn count_any(db: &Connection, names: &[String]) -> Result<u64, StoreError> {
    let n = db
        .prepare_cached(
            "select count(distinct rid)
             from json_each(:names) as wanted
             join listing_mark on what = 'tag' and name = wanted.value
             join listing using (rid)
             where shelf <> 'bin'",
        )?
        .query_row(named_params! {":names": Json(names)}, |row| {
            row.get::<_, i64>(0)
        })?;
    Ok(n.unsigned_abs())
}

/// The next drafts behind a row that have one of some spellings, those in the bin apart: each with
/// its row.
pub(crate) fn next_with(
    db: &Connection,
    names: &[String],
    (after, limit): (i64, i64),
) -> Result<Vec<(i64, DraftId)>, StoreError> {
    let mut statement = db.prepare_cached(
        "select distinct rid, listing.id
         from json_each(:names) as wanted
         join listing_mark on what = 'tag' and name = wanted.value
         join listing using (rid)
         where shelf <> 'bin' and rid > :after
         order by rid limit :limit",
    )?;
    let wanted = named_params! {":names": Json(names), ":after": after, ":limit": limit};
    let rows = statement.query_map(wanted, |row| Ok((row.get(0)?, row.get::<_, Sql<_>>(1)?.0)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The spellings of one word that drafts have, its synonyms apart.
pub(crate) fn spelled(db: &Connection, folded: &str) -> Result<Vec<String>, StoreError> {
    let mut names = written(db)?;
    names.retain(|name| fold(name) == folded);
    Ok(names)
}

/// Notes that tags may mean something else than when a draft was published.
pub(crate) fn tags_may_have_changed(db: &Connection) -> Result<(), StoreError> {
    db.prepare_cached(
        "update listing set is_changed = null
         where live_at is not null and is_changed is not null
           and exists (select 1 from listing_mark
                       where listing_mark.rid = listing.rid and what = 'tag')",
    )?
    .execute([])?;
    Ok(())
}
