//! Updates to the texts of drafts, kept as they came.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{CommunityId, DraftId, UpdateId, UserId};
use stoa_mutators::{DocUpdate, Row, Stored};

use super::{from_json, to_json, unreadable};
use crate::db::{DbError, Params, Record, Tx, params};

pub(crate) fn find_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    ids: &[[u8; 16]],
) -> Result<Vec<Stored>, DbError> {
    let sets: Vec<Params> = ids
        .iter()
        .map(|id| params!["community" => community, "id" => *id])
        .collect();
    let found = tx.query_each(
        "
        select id, doc, bytes, b3, author, made_at, version, seq, field_versions
        from doc_update
        where community_id = :community and id = :id",
        &sets,
    )?;
    found
        .iter()
        .flatten()
        .map(|row| {
            Ok(Stored {
                row: Row::DocUpdate(read(row)?),
                version: row.int(6)?,
                field_versions: from_json(row.text(8)?)?,
            })
        })
        .collect()
}

/// Stores updates, each with the sequence number it arrived with. They never change.
pub(crate) fn insert_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    updates: &[(&DocUpdate, &Stored, i64)],
) -> Result<(), DbError> {
    let sets = updates
        .iter()
        .map(|(update, stored, seq)| {
            Ok(params![
                "community" => community,
                "id" => update.id,
                "doc" => update.doc,
                "bytes" => STANDARD.decode(&update.bytes).map_err(unreadable)?,
                "b3" => blake3::Hash::from_hex(&update.b3).map_err(unreadable)?.as_bytes().to_vec(),
                "author" => update.author,
                "made_at" => update.made_at,
                "version" => stored.version,
                "seq" => *seq,
                "field_versions" => to_json(&stored.field_versions)?,
            ])
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    tx.execute_each(
        "
        insert into doc_update (community_id, id, doc, bytes, b3, author, made_at,
                                version, seq, field_versions)
        values (:community, :id, :doc, :bytes, :b3, :author, :made_at,
                :version, :seq, :field_versions)",
        &sets,
    )
}

/// Sequence number and size in an answer of the next updates after a cursor.
pub(crate) fn sizes_after(
    tx: &mut dyn Tx,
    community: CommunityId,
    cursor: i64,
    limit: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    let rows = tx.query(
        "
        select seq, length(bytes) * 4 / 3 + 400
        from doc_update
        where community_id = :community and seq > :cursor
        order by seq
        limit :limit",
        &params!["community" => community, "cursor" => cursor, "limit" => limit],
    )?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, row.int(1)?)))
        .collect()
}

/// An update with its version and sequence number.
pub(crate) type Found = (DocUpdate, i64, i64);

pub(crate) fn visit_between(
    tx: &mut dyn Tx,
    community: CommunityId,
    (cursor, upto): (i64, i64),
    each: &mut dyn FnMut(Found) -> Result<(), DbError>,
) -> Result<(), DbError> {
    tx.visit(
        "
        select id, doc, bytes, b3, author, made_at, version, seq
        from doc_update
        where community_id = :community and seq > :cursor and seq <= :upto
        order by seq",
        &params!["community" => community, "cursor" => cursor, "upto" => upto],
        &mut |row| each((read(row)?, row.int(6)?, row.int(7)?)),
    )
}

/// Id and version of every update to a text.
pub(crate) fn visit_of_doc(
    tx: &mut dyn Tx,
    community: CommunityId,
    doc: DraftId,
    each: &mut dyn FnMut([u8; 16], i64),
) -> Result<(), DbError> {
    tx.visit(
        "select id, version from doc_update where community_id = :community and doc = :doc",
        &params!["community" => community, "doc" => doc],
        &mut |row| {
            each(row.id(0)?, row.int(1)?);
            Ok(())
        },
    )
}

/// Deletes a text.
pub(crate) fn delete_of_doc(
    tx: &mut dyn Tx,
    community: CommunityId,
    doc: DraftId,
) -> Result<(), DbError> {
    tx.execute(
        "delete from doc_update where community_id = :community and doc = :doc",
        &params!["community" => community, "doc" => doc],
    )?;
    Ok(())
}

/// Id and version of every row.
pub(crate) fn visit_versions(
    tx: &mut dyn Tx,
    community: CommunityId,
    each: &mut dyn FnMut([u8; 16], i64),
) -> Result<(), DbError> {
    tx.visit(
        "select id, version from doc_update where community_id = :community",
        &params!["community" => community],
        &mut |row| {
            each(row.id(0)?, row.int(1)?);
            Ok(())
        },
    )
}

fn read(row: &Record) -> Result<DocUpdate, DbError> {
    let b3 = row.bytes(3)?.try_into().map_err(unreadable)?;
    Ok(DocUpdate {
        id: UpdateId::from_bytes(row.id(0)?),
        doc: DraftId::from_bytes(row.id(1)?),
        bytes: STANDARD.encode(row.bytes(2)?),
        b3: blake3::Hash::from_bytes(b3).to_hex().to_string(),
        author: row.opt_id(4)?.map(UserId::from_bytes),
        made_at: row.at(5)?,
    })
}
