//! `listing_mark`: tags, tiers and single purchase, by which drafts are found.

use std::collections::HashSet;

use rusqlite::{Connection, named_params};
use stoa_domain::{Access, Content};

use crate::StoreError;

/// What a mark says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    Tag,
    Tier,
    /// Its name is empty.
    Singly,
}

impl Mark {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Mark::Tag => "tag",
            Mark::Tier => "tier",
            Mark::Singly => "singly",
        }
    }
}

/// Gives a draft the marks that its content says, and no others.
pub(super) fn put(db: &Connection, rid: i64, content: &Content) -> Result<(), StoreError> {
    remove(db, rid)?;
    for tag in content.tags.as_slice() {
        add(db, rid, Mark::Tag, tag.as_str())?;
    }
    if let Access::Paid { tiers, singly } = &content.access {
        for tier in tiers {
            add(db, rid, Mark::Tier, tier.as_str())?;
        }
        if *singly {
            add(db, rid, Mark::Singly, "")?;
        }
    }
    Ok(())
}

fn add(db: &Connection, rid: i64, mark: Mark, name: &str) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or ignore into listing_mark (what, name, rid) values (:what, :name, :rid)",
    )?
    .execute(named_params! {":what": mark.as_str(), ":name": name, ":rid": rid})?;
    Ok(())
}

/// Gives every draft that is listed its marks.
pub(super) fn put_all(db: &Connection) -> Result<(), StoreError> {
    db.execute("delete from listing_mark", [])?;
    db.execute(
        "insert or ignore into listing_mark (what, name, rid)
         select 'tag', tag.value, listing.rid
         from draft_v
         join listing on listing.id = draft_v.id,
              json_each(draft_v.content, '$.tags') as tag
         union all
         select 'tier', tier.value, listing.rid
         from draft_v
         join listing on listing.id = draft_v.id,
              json_each(draft_v.content, '$.access.tiers') as tier
         union all
         select 'singly', '', listing.rid
         from draft_v
         join listing on listing.id = draft_v.id
         where draft_v.content ->> '$.access.singly' = 1",
        [],
    )?;
    Ok(())
}

pub(super) fn remove(db: &Connection, rid: i64) -> Result<(), StoreError> {
    db.prepare_cached("delete from listing_mark where rid = :rid")?
        .execute(named_params! {":rid": rid})?;
    Ok(())
}

/// The rows of the list that have a mark.
pub(super) fn with(db: &Connection, mark: Mark, name: &str) -> Result<HashSet<i64>, StoreError> {
    let mut statement =
        db.prepare_cached("select rid from listing_mark where what = :what and name = :name")?;
    let names = named_params! {":what": mark.as_str(), ":name": name};
    let rows = statement.query_map(names, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The rows of the list of which something was not accepted by the server.
pub(super) fn unsent(db: &Connection) -> Result<HashSet<i64>, StoreError> {
    let mut statement = db.prepare_cached(
        "select rid from listing
         where id in (select draft from outbox where state <> 'applied')",
    )?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
