//! Roles that people had and have no more.

use stoa_domain::{CommunityId, Role, Timestamp, UserId};

use super::membership::read_role;
use crate::db::{DbError, Tx, params};

pub(super) fn insert(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, UserId),
    role: Role,
    until: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into former_role (community_id, user_id, role, until_at)
        values (:community, :user, :role, :until)
        on conflict (community_id, user_id, until_at) do nothing",
        &params![
            "community" => community,
            "user" => user,
            "role" => role.as_str(),
            "until" => until,
        ],
    )?;
    Ok(())
}

/// The role a person had at a time, if it ended after that.
pub(crate) fn at(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
    at: Timestamp,
) -> Result<Option<Role>, DbError> {
    let rows = tx.query(
        "
        select role from former_role
        where community_id = :community and user_id = :user and until_at >= :at
        order by until_at
        limit 1",
        &params!["community" => community, "user" => user, "at" => at],
    )?;
    rows.first().map(|row| read_role(row.text(0)?)).transpose()
}
