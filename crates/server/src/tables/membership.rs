//! Who belongs to which community, and as what.

use stoa_domain::{CommunityId, Role, Timestamp, UserId};
use stoa_protocol::sync::CommunityHead;

use super::{former_role, unreadable};
use crate::db::{DbError, Tx, params};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NewMembership {
    pub(crate) community: CommunityId,
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) joined_at: Timestamp,
}

/// Joins, or changes the role of somebody who has joined; the role before is remembered.
pub(crate) fn put(tx: &mut dyn Tx, new: &NewMembership) -> Result<(), DbError> {
    if let Some(before) = role(tx, new.community, new.user)?
        && before != new.role
    {
        former_role::insert(tx, (new.community, new.user), before, new.joined_at)?;
    }
    tx.execute(
        "
        insert into membership (community_id, user_id, role, joined_at)
        values (:community, :user, :role, :joined_at)
        on conflict (community_id, user_id) do update set role = excluded.role",
        &params![
            "community" => new.community,
            "user" => new.user,
            "role" => new.role.as_str(),
            "joined_at" => new.joined_at,
        ],
    )?;
    Ok(())
}

/// Ends a membership; whether there was one. What the person wrote stays.
pub(crate) fn end(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
    at: Timestamp,
) -> Result<bool, DbError> {
    let Some(before) = role(tx, community, user)? else {
        return Ok(false);
    };
    former_role::insert(tx, (community, user), before, at)?;
    tx.execute(
        "delete from membership where community_id = :community and user_id = :user",
        &params!["community" => community, "user" => user],
    )?;
    Ok(true)
}

pub(crate) fn role(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
) -> Result<Option<Role>, DbError> {
    let rows = tx.query(
        "
        select role from membership
        where community_id = :community and user_id = :user",
        &params!["community" => community, "user" => user],
    )?;
    rows.first().map(|row| read_role(row.text(0)?)).transpose()
}

/// The role of a person, and when they joined.
pub(crate) fn standing(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
) -> Result<Option<(Role, Timestamp)>, DbError> {
    let rows = tx.query(
        "
        select role, joined_at from membership
        where community_id = :community and user_id = :user",
        &params!["community" => community, "user" => user],
    )?;
    rows.first()
        .map(|row| Ok((read_role(row.text(0)?)?, row.at(1)?)))
        .transpose()
}

/// The communities of a person, with role and head.
pub(crate) fn of_user(tx: &mut dyn Tx, user: UserId) -> Result<Vec<CommunityHead>, DbError> {
    let rows = tx.query(
        "
        select community.id, community.name, membership.role, community.head,
               community.timezone
        from membership
        join community on community.id = membership.community_id
        where membership.user_id = :user
        order by community.created_at, community.id",
        &params!["user" => user],
    )?;
    rows.iter()
        .map(|row| {
            Ok(CommunityHead {
                id: CommunityId::from_bytes(row.id(0)?),
                name: row.text(1)?.to_owned(),
                role: read_role(row.text(2)?)?,
                head: row.int(3)?,
                timezone: Some(row.text(4)?.to_owned()),
                reset_token: None,
            })
        })
        .collect()
}

pub(super) fn read_role(name: &str) -> Result<Role, DbError> {
    Role::parse(name).ok_or_else(|| unreadable(name))
}
