//! What the tables hold, for tests that compare it with what the devices show.

use stoa_domain::{CommunityId, DeviceId, DraftId, Post, UpdateId};

use super::{from_json, post_text};
use crate::db::{DbError, Tx, params};

/// A draft as the server holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    pub id: String,
    pub title: String,
    pub is_binned: bool,
    /// Counts the changes of the row, from 1.
    pub version: i64,
    pub seq: i64,
}

/// A post as it was published last, taken back or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRow {
    pub draft: DraftId,
    pub title: String,
    pub text: String,
}

/// What became of one mutation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub device: DeviceId,
    pub mid: i64,
    pub name: String,
    pub status: String,
    pub code: Option<String>,
    pub seq: Option<i64>,
}

pub(crate) fn drafts(tx: &mut dyn Tx, community: CommunityId) -> Result<Vec<DraftRow>, DbError> {
    let rows = tx.query(
        "
        select id, title, binned_at, version, seq from draft
        where community_id = :community
        order by id",
        &params!["community" => community],
    )?;
    rows.iter()
        .map(|row| {
            Ok(DraftRow {
                id: DraftId::from_bytes(row.id(0)?).to_string(),
                title: row.text(1)?.to_owned(),
                is_binned: row.opt_int(2)?.is_some(),
                version: row.int(3)?,
                seq: row.int(4)?,
            })
        })
        .collect()
}

pub(crate) fn posts(tx: &mut dyn Tx, community: CommunityId) -> Result<Vec<PostRow>, DbError> {
    let rows = tx.query(
        "
        select id, post from draft
        where community_id = :community and post is not null
        order by id",
        &params!["community" => community],
    )?;
    let mut posts = Vec::new();
    for row in &rows {
        let draft = DraftId::from_bytes(row.id(0)?);
        let post: Post = from_json(row.text(1)?)?;
        let text = post_text::find(tx, community, (draft, post.version))?;
        posts.push(PostRow {
            draft,
            title: post.title.as_str().to_owned(),
            text: text.unwrap_or_default(),
        });
    }
    Ok(posts)
}

/// The drafts of which a tombstone is kept.
pub(crate) fn deleted(tx: &mut dyn Tx, community: CommunityId) -> Result<Vec<String>, DbError> {
    let rows = tx.query(
        "
        select pk from tombstone
        where community_id = :community and tbl = 'draft'
        order by pk",
        &params!["community" => community],
    )?;
    rows.iter()
        .map(|row| Ok(DraftId::from_bytes(row.id(0)?).to_string()))
        .collect()
}

pub(crate) fn updates(tx: &mut dyn Tx, community: CommunityId) -> Result<Vec<String>, DbError> {
    let rows = tx.query(
        "select id from doc_update where community_id = :community order by id",
        &params!["community" => community],
    )?;
    rows.iter()
        .map(|row| Ok(UpdateId::from_bytes(row.id(0)?).to_string()))
        .collect()
}

pub(crate) fn overridden(tx: &mut dyn Tx, community: CommunityId) -> Result<Vec<String>, DbError> {
    let rows = tx.query(
        "
        select value from field_history
        where community_id = :community
        order by tbl, pk, field, seq",
        &params!["community" => community],
    )?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

pub(crate) fn decisions(tx: &mut dyn Tx, community: CommunityId) -> Result<Vec<Decision>, DbError> {
    let rows = tx.query(
        "
        select device_id, mid, name, status, code, seq from audit
        where community_id = :community
        order by device_id, mid",
        &params!["community" => community],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Decision {
                device: DeviceId::from_bytes(row.id(0)?),
                mid: row.int(1)?,
                name: row.text(2)?.to_owned(),
                status: row.text(3)?.to_owned(),
                code: row.opt_text(4)?.map(str::to_owned),
                seq: row.opt_int(5)?,
            })
        })
        .collect()
}
