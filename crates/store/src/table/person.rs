//! `person`: who belongs to the community, as the server says.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use stoa_domain::{Person, Role, UserId};

use super::{BaseMark, Sql};
use crate::StoreError;

fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    let role: Option<String> = row.get(2)?;
    Ok(Person {
        id: row.get::<_, Sql<_>>(0)?.0,
        name: row.get(1)?,
        role: role.and_then(|name| Role::parse(&name)),
    })
}

pub(crate) fn find(db: &Connection, id: UserId) -> Result<Option<Person>, StoreError> {
    let person = db
        .prepare_cached("select id, name, role from person_v where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, read)
        .optional()?;
    Ok(person)
}

/// Everybody, in the order of their ids.
pub(crate) fn all(db: &Connection) -> Result<Vec<Person>, StoreError> {
    let mut statement = db.prepare_cached("select id, name, role from person_v order by id")?;
    let people = statement.query_map([], read)?;
    Ok(people.collect::<Result<_, _>>()?)
}

/// The version and sequence number of a row held.
pub(crate) fn base(db: &Connection, id: UserId) -> Result<Option<(i64, i64)>, StoreError> {
    let base = db
        .prepare_cached("select _v, _seq from person where id = :id")?
        .query_row(named_params! {":id": Sql(id)}, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(base)
}

pub(crate) fn put_base(
    db: &Connection,
    person: &Person,
    mark: BaseMark,
    extra: Option<&str>,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into person (id, name, role, _v, _seq, _gen, _extra)
         values (:id, :name, :role, :v, :seq, :gen, :extra)
         on conflict (id) do update set
             name = excluded.name, role = excluded.role,
             _v = excluded._v, _seq = excluded._seq, _gen = excluded._gen,
             _extra = excluded._extra",
    )?
    .execute(named_params! {
        ":id": Sql(person.id),
        ":name": person.name,
        ":role": person.role.map(Role::as_str),
        ":v": mark.version,
        ":seq": mark.seq,
        ":gen": mark.generation,
        ":extra": extra,
    })?;
    Ok(())
}

pub(crate) fn delete_base(db: &Connection, id: UserId) -> Result<(), StoreError> {
    db.prepare_cached("delete from person where id = :id")?
        .execute(named_params! {":id": Sql(id)})?;
    Ok(())
}

/// The people who did not come in this generation, with their versions.
pub(crate) fn not_of_generation(
    db: &Connection,
    generation: i64,
) -> Result<Vec<(UserId, i64)>, StoreError> {
    let mut statement = db.prepare_cached("select id, _v from person where _gen <> :gen")?;
    let rows = statement.query_map(named_params! {":gen": generation}, |row| {
        Ok((row.get::<_, Sql<_>>(0)?.0, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes away some rows of a generation that is not shown yet; how many.
pub(crate) fn delete_hidden(
    db: &Connection,
    (shown, limit): (i64, i64),
) -> Result<usize, StoreError> {
    // They came last.
    let n = db
        .prepare_cached(
            "delete from person where rid in (
                 select rid from person where _gen > :shown order by rid desc limit :limit)",
        )?
        .execute(named_params! {":shown": shown, ":limit": limit})?;
    Ok(n)
}

/// Calls back with id and version of every row.
pub(crate) fn visit_versions(
    db: &Connection,
    mut each: impl FnMut(&[u8; 16], i64),
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("select id, _v from person")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(&row.get(0)?, row.get(1)?);
    }
    Ok(())
}

/// Whether there is no row at all.
pub(crate) fn is_empty(db: &Connection) -> Result<bool, StoreError> {
    let has_any: bool =
        db.query_row("select exists (select 1 from person)", [], |row| row.get(0))?;
    Ok(!has_any)
}
