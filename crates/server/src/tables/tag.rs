//! The book of tags: which words mean the same.

use stoa_domain::{CommunityId, Tag, TagBook, TagEntry, TagId};
use stoa_mutators::{Row, Stored};

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
        select id, name, synonyms, version, field_versions
        from tag
        where community_id = :community and id = :id",
        &sets,
    )?;
    found.iter().flatten().map(stored).collect()
}

/// Every entry that stands for something; at most [`stoa_domain::MAX_TAG_ENTRIES`].
pub(crate) fn standing(tx: &mut dyn Tx, community: CommunityId) -> Result<Vec<Stored>, DbError> {
    let rows = tx.query(
        "
        select id, name, synonyms, version, field_versions
        from tag
        where community_id = :community and synonyms <> '[]'",
        &params!["community" => community],
    )?;
    rows.iter().map(stored).collect()
}

/// Which words mean the same.
pub(crate) fn book(tx: &mut dyn Tx, community: CommunityId) -> Result<TagBook, DbError> {
    let entries = standing(tx, community)?.into_iter();
    Ok(TagBook::new(entries.filter_map(
        |stored| match stored.row {
            Row::Tag(entry) => Some(entry),
            _ => None,
        },
    )))
}

/// Stores entries, each with the sequence number of its last change.
pub(crate) fn put_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    entries: &[(&TagEntry, &Stored, i64)],
) -> Result<(), DbError> {
    let sets = entries
        .iter()
        .map(|(entry, stored, seq)| {
            Ok(params![
                "community" => community,
                "id" => entry.id,
                "name" => entry.name.as_str(),
                "synonyms" => to_json(&entry.synonyms)?,
                "version" => stored.version,
                "seq" => *seq,
                "field_versions" => to_json(&stored.field_versions)?,
            ])
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    tx.execute_each(
        "
        insert into tag (community_id, id, name, synonyms, version, seq, field_versions)
        values (:community, :id, :name, :synonyms, :version, :seq, :field_versions)
        on conflict (community_id, id) do update
        set name           = excluded.name,
            synonyms       = excluded.synonyms,
            version        = excluded.version,
            seq            = excluded.seq,
            field_versions = excluded.field_versions",
        &sets,
    )
}

/// Sequence number and size of the next entries after a cursor.
pub(crate) fn sizes_after(
    tx: &mut dyn Tx,
    community: CommunityId,
    cursor: i64,
    limit: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    let rows = tx.query(
        "
        select seq, length(name) + length(synonyms) + 200 from tag
        where community_id = :community and seq > :cursor
        order by seq
        limit :limit",
        &params!["community" => community, "cursor" => cursor, "limit" => limit],
    )?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, row.int(1)?)))
        .collect()
}

/// An entry with its version and sequence number.
pub(crate) type Found = (TagEntry, i64, i64);

pub(crate) fn visit_between(
    tx: &mut dyn Tx,
    community: CommunityId,
    (cursor, upto): (i64, i64),
    each: &mut dyn FnMut(Found) -> Result<(), DbError>,
) -> Result<(), DbError> {
    tx.visit(
        "
        select id, name, synonyms, version, seq
        from tag
        where community_id = :community and seq > :cursor and seq <= :upto
        order by seq",
        &params!["community" => community, "cursor" => cursor, "upto" => upto],
        &mut |row| each((read(row)?, row.int(3)?, row.int(4)?)),
    )
}

/// Id and version of every entry.
pub(crate) fn visit_versions(
    tx: &mut dyn Tx,
    community: CommunityId,
    each: &mut dyn FnMut([u8; 16], i64),
) -> Result<(), DbError> {
    tx.visit(
        "select id, version from tag where community_id = :community",
        &params!["community" => community],
        &mut |row| {
            each(row.id(0)?, row.int(1)?);
            Ok(())
        },
    )
}

fn stored(row: &Record) -> Result<Stored, DbError> {
    Ok(Stored {
        row: Row::Tag(read(row)?),
        version: row.int(3)?,
        field_versions: from_json(row.text(4)?)?,
    })
}

fn read(row: &Record) -> Result<TagEntry, DbError> {
    Ok(TagEntry {
        id: TagId::from_bytes(row.id(0)?),
        name: Tag::parse(row.text(1)?).map_err(unreadable)?,
        synonyms: from_json(row.text(2)?)?,
    })
}
