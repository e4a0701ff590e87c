//! Communities and their sequence.

use stoa_domain::{CommunityId, Timestamp, ZoneName};

use crate::db::{DbError, Tx, params};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewCommunity {
    pub(crate) id: CommunityId,
    pub(crate) name: String,
    pub(crate) timezone: ZoneName,
    pub(crate) created_at: Timestamp,
}

pub(crate) fn insert(tx: &mut dyn Tx, new: &NewCommunity) -> Result<(), DbError> {
    tx.execute(
        "
        insert into community (id, name, timezone, head, created_at)
        values (:id, :name, :timezone, 0, :created_at)",
        &params![
            "id" => new.id,
            "name" => new.name.as_str(),
            "timezone" => new.timezone.as_str(),
            "created_at" => new.created_at,
        ],
    )?;
    Ok(())
}

pub(crate) fn set_timezone(
    tx: &mut dyn Tx,
    id: CommunityId,
    timezone: &ZoneName,
) -> Result<(), DbError> {
    tx.execute(
        "update community set timezone = :timezone where id = :id",
        &params!["id" => id, "timezone" => timezone.as_str()],
    )?;
    Ok(())
}

/// The oldest community: the one that people who register join.
pub(crate) fn first(tx: &mut dyn Tx) -> Result<Option<CommunityId>, DbError> {
    let rows = tx.query(
        "select id from community order by created_at, id limit 1",
        &params![],
    )?;
    rows.first()
        .map(|row| row.id(0).map(CommunityId::from_bytes))
        .transpose()
}

/// The communities with this name.
pub(crate) fn named(tx: &mut dyn Tx, name: &str) -> Result<Vec<CommunityId>, DbError> {
    let rows = tx.query(
        "select id from community where name = :name order by created_at, id",
        &params!["name" => name],
    )?;
    rows.iter()
        .map(|row| row.id(0).map(CommunityId::from_bytes))
        .collect()
}

/// Every community with its head.
pub(crate) fn heads(tx: &mut dyn Tx) -> Result<Vec<(CommunityId, i64)>, DbError> {
    let rows = tx.query("select id, head from community", &params![])?;
    rows.iter()
        .map(|row| Ok((CommunityId::from_bytes(row.id(0)?), row.int(1)?)))
        .collect()
}

pub(crate) fn exists(tx: &mut dyn Tx, id: CommunityId) -> Result<bool, DbError> {
    Ok(head(tx, id)?.is_some())
}

pub(crate) fn head(tx: &mut dyn Tx, id: CommunityId) -> Result<Option<i64>, DbError> {
    let rows = tx.query(
        "select head from community where id = :id",
        &params!["id" => id],
    )?;
    rows.first().map(|row| row.int(0)).transpose()
}

/// The head, with the community's row locked until the end of the transaction: one writer a
/// community at a time, so a sequence number is never seen before a smaller one.
pub(crate) fn lock(tx: &mut dyn Tx, id: CommunityId) -> Result<Option<i64>, DbError> {
    let rows = tx.query(
        "update community set head = head where id = :id returning head",
        &params!["id" => id],
    )?;
    rows.first().map(|row| row.int(0)).transpose()
}

pub(crate) fn set_head(tx: &mut dyn Tx, id: CommunityId, head: i64) -> Result<(), DbError> {
    tx.write(
        "update community set head = :head where id = :id",
        params!["id" => id, "head" => head],
    )
}

/// What a community shows of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) name: String,
    /// When what members are offered last became something else.
    pub(crate) changed_at: Timestamp,
}

pub(crate) fn shown(tx: &mut dyn Tx, id: CommunityId) -> Result<Option<Shown>, DbError> {
    let rows = tx.query(
        "select name, coalesce(posts_changed_at, created_at) from community where id = :id",
        &params!["id" => id],
    )?;
    rows.first()
        .map(|row| {
            Ok(Shown {
                name: row.text(0)?.to_owned(),
                changed_at: row.at(1)?,
            })
        })
        .transpose()
}

/// The time zone in which it tells time.
pub(crate) fn timezone(tx: &mut dyn Tx, id: CommunityId) -> Result<String, DbError> {
    let rows = tx.query(
        "select timezone from community where id = :id",
        &params!["id" => id],
    )?;
    let timezone = rows.first().map(|row| row.text(0)).transpose()?;
    Ok(timezone.unwrap_or("UTC").to_owned())
}

/// Notes that members are offered something else.
pub(crate) fn set_posts_changed(
    tx: &mut dyn Tx,
    id: CommunityId,
    at: Timestamp,
) -> Result<(), DbError> {
    tx.write(
        "update community set posts_changed_at = :at where id = :id",
        params!["id" => id, "at" => at],
    )
}
