//! Memberships as rows that devices are sent. Written by [`crate::sync::people`] alone.

use stoa_domain::{CommunityId, Person, Role, UserId};
use stoa_mutators::{FieldVersions, Row, Stored};

use super::membership::read_role;
use crate::db::{DbError, Params, Record, Tx, params};

/// About what a person takes in an answer.
const SIZE: i64 = 160;

/// A person with version and sequence number.
pub(crate) type Found = (Person, i64, i64);

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
        select id, name, role, version, seq
        from person
        where community_id = :community and id = :id",
        &sets,
    )?;
    let stored = found.iter().flatten().map(|row| {
        let (person, version, _) = read(row)?;
        Ok(Stored {
            row: Row::Person(person),
            version,
            field_versions: FieldVersions::new(),
        })
    });
    stored.collect()
}

pub(crate) fn find(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
) -> Result<Option<Found>, DbError> {
    let rows = tx.query(
        "
        select id, name, role, version, seq
        from person
        where community_id = :community and id = :id",
        &params!["community" => community, "id" => user],
    )?;
    rows.first().map(read).transpose()
}

pub(crate) fn put(
    tx: &mut dyn Tx,
    community: CommunityId,
    (person, version, seq): &Found,
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into person (community_id, id, name, role, version, seq)
        values (:community, :id, :name, :role, :version, :seq)
        on conflict (community_id, id) do update
        set name = excluded.name, role = excluded.role,
            version = excluded.version, seq = excluded.seq",
        &params![
            "community" => community,
            "id" => person.id,
            "name" => person.name.as_str(),
            "role" => person.role.map(Role::as_str),
            "version" => *version,
            "seq" => *seq,
        ],
    )?;
    Ok(())
}

/// Sequence number and size of the next people after a cursor.
pub(crate) fn sizes_after(
    tx: &mut dyn Tx,
    community: CommunityId,
    cursor: i64,
    limit: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    let rows = tx.query(
        "
        select seq from person
        where community_id = :community and seq > :cursor
        order by seq
        limit :limit",
        &params!["community" => community, "cursor" => cursor, "limit" => limit],
    )?;
    rows.iter().map(|row| Ok((row.int(0)?, SIZE))).collect()
}

pub(crate) fn visit_between(
    tx: &mut dyn Tx,
    community: CommunityId,
    (cursor, upto): (i64, i64),
    each: &mut dyn FnMut(Found) -> Result<(), DbError>,
) -> Result<(), DbError> {
    tx.visit(
        "
        select id, name, role, version, seq
        from person
        where community_id = :community and seq > :cursor and seq <= :upto
        order by seq",
        &params!["community" => community, "cursor" => cursor, "upto" => upto],
        &mut |row| each(read(row)?),
    )
}

/// Id and version of every person.
pub(crate) fn visit_versions(
    tx: &mut dyn Tx,
    community: CommunityId,
    each: &mut dyn FnMut([u8; 16], i64),
) -> Result<(), DbError> {
    tx.visit(
        "select id, version from person where community_id = :community",
        &params!["community" => community],
        &mut |row| {
            each(row.id(0)?, row.int(1)?);
            Ok(())
        },
    )
}

fn read(row: &Record) -> Result<Found, DbError> {
    let role = row.opt_text(2)?;
    let person = Person {
        id: UserId::from_bytes(row.id(0)?),
        name: row.text(1)?.to_owned(),
        role: role.map(read_role).transpose()?,
    };
    Ok((person, row.int(3)?, row.int(4)?))
}
