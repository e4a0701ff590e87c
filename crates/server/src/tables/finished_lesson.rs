//! Which lessons members have finished.

use std::collections::BTreeSet;

use stoa_domain::{CommunityId, DraftId, Timestamp, UserId};

use crate::db::{DbError, Tx, params};

/// Notes that somebody finished a lesson; what was noted before stays.
pub(crate) fn put(
    tx: &mut dyn Tx,
    community: CommunityId,
    (user, draft): (UserId, DraftId),
    at: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "
        insert into finished_lesson (community_id, user_id, draft_id, at)
        values (:community, :user, :draft, :at)
        on conflict (community_id, user_id, draft_id) do nothing",
        &params!["community" => community, "user" => user, "draft" => draft, "at" => at],
    )?;
    Ok(())
}

/// Takes back what was noted of one lesson.
pub(crate) fn take_back(
    tx: &mut dyn Tx,
    community: CommunityId,
    (user, draft): (UserId, DraftId),
) -> Result<(), DbError> {
    tx.execute(
        "
        delete from finished_lesson
        where community_id = :community and user_id = :user and draft_id = :draft",
        &params!["community" => community, "user" => user, "draft" => draft],
    )?;
    Ok(())
}

/// Everything that somebody finished in a community.
pub(crate) fn of_user(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
) -> Result<BTreeSet<DraftId>, DbError> {
    let rows = tx.query(
        "
        select draft_id from finished_lesson
        where community_id = :community and user_id = :user",
        &params!["community" => community, "user" => user],
    )?;
    rows.iter()
        .map(|row| Ok(DraftId::from_bytes(row.id(0)?)))
        .collect()
}

pub(crate) fn delete_of_draft(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
) -> Result<(), DbError> {
    tx.execute(
        "
        delete from finished_lesson
        where community_id = :community and draft_id = :draft",
        &params!["community" => community, "draft" => draft],
    )?;
    Ok(())
}
