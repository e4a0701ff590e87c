//! The addresses of posts: each is one post's in its community, the one it has now and those that
//! it had before.

use std::collections::BTreeMap;

use stoa_domain::{CommunityId, DraftId, Timestamp};

use crate::db::{DbError, Params, Tx, params};

/// The post that has an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) draft: DraftId,
    /// Whether it is the one the post has now.
    pub(crate) is_current: bool,
    /// Whether members see the post, or will.
    pub(crate) is_offered: bool,
}

/// Who has each of these addresses.
pub(crate) fn holders(
    tx: &mut dyn Tx,
    community: CommunityId,
    slugs: &[String],
) -> Result<Vec<Option<Holder>>, DbError> {
    let sets: Vec<Params> = slugs
        .iter()
        .map(|slug| params!["community" => community, "slug" => slug.as_str()])
        .collect();
    let found = tx.query_each(
        "
        select post_address.draft_id, post_address.former_at, draft.live_at
        from post_address
        join draft on draft.community_id = post_address.community_id
                  and draft.id = post_address.draft_id
        where post_address.community_id = :community and post_address.slug = :slug",
        &sets,
    )?;
    found
        .iter()
        .map(|rows| {
            rows.first()
                .map(|row| {
                    Ok(Holder {
                        draft: DraftId::from_bytes(row.id(0)?),
                        is_current: row.opt_at(1)?.is_none(),
                        is_offered: row.opt_at(2)?.is_some(),
                    })
                })
                .transpose()
        })
        .collect()
}

/// The address that a post has now.
pub(crate) fn current(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
) -> Result<Option<String>, DbError> {
    let rows = tx.query(
        "
        select slug from post_address
        where community_id = :community and draft_id = :draft and former_at is null",
        &params!["community" => community, "draft" => draft],
    )?;
    rows.first()
        .map(|row| Ok(row.text(0)?.to_owned()))
        .transpose()
}

/// The addresses that these posts have now, of those that members see.
pub(crate) fn current_of_live(
    tx: &mut dyn Tx,
    community: CommunityId,
    drafts: &[DraftId],
    now: Timestamp,
) -> Result<Vec<Option<String>>, DbError> {
    let sets: Vec<Params> = drafts
        .iter()
        .map(|draft| params!["community" => community, "draft" => *draft, "now" => now])
        .collect();
    let found = tx.query_each(
        "
        select post_address.slug
        from draft
        join post_address on post_address.community_id = draft.community_id
                         and post_address.draft_id = draft.id
        where draft.community_id = :community and draft.id = :draft and draft.live_at <= :now
          and post_address.former_at is null",
        &sets,
    )?;
    found
        .iter()
        .map(|rows| {
            let slug = rows.first().map(|row| Ok(row.text(0)?.to_owned()));
            slug.transpose()
        })
        .collect()
}

/// The addresses of the lessons of a course.
pub(crate) fn current_of_lessons(
    tx: &mut dyn Tx,
    community: CommunityId,
    course: DraftId,
) -> Result<BTreeMap<DraftId, String>, DbError> {
    let rows = tx.query(
        "
        select post_address.draft_id, post_address.slug
        from draft
        join post_address on post_address.community_id = draft.community_id
                         and post_address.draft_id = draft.id
        where draft.community_id = :community and draft.course = :course
          and post_address.former_at is null",
        &params!["community" => community, "course" => course],
    )?;
    rows.iter()
        .map(|row| Ok((DraftId::from_bytes(row.id(0)?), row.text(1)?.to_owned())))
        .collect()
}

/// Gives a post an address, whoever had it; the one it has keeps leading to it.
pub(crate) fn give(
    tx: &mut dyn Tx,
    community: CommunityId,
    (draft, slug): (DraftId, &str),
    now: Timestamp,
) -> Result<(), DbError> {
    tx.write(
        "
        update post_address set former_at = :now
        where community_id = :community and draft_id = :draft and slug <> :slug
          and former_at is null",
        params!["community" => community, "draft" => draft, "slug" => slug, "now" => now],
    )?;
    tx.write(
        "
        insert into post_address (community_id, slug, draft_id) values (:community, :slug, :draft)
        on conflict (community_id, slug) do update
        set draft_id = excluded.draft_id, former_at = null",
        params!["community" => community, "slug" => slug, "draft" => draft],
    )
}

pub(crate) fn delete_of_draft(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
) -> Result<(), DbError> {
    tx.write(
        "delete from post_address where community_id = :community and draft_id = :draft",
        params!["community" => community, "draft" => draft],
    )
}
