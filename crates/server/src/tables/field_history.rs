//! Values that a later arrival overrode: nothing anybody wrote is lost.

use stoa_domain::{CommunityId, DraftId, Timestamp, UserId};
use stoa_mutators::{Superseded, Table};

use super::to_json;
use crate::db::{DbError, Params, Tx, params};

/// A value that lost, with the change that overrode it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Overridden {
    pub(crate) lost: Superseded,
    pub(crate) seq: i64,
    pub(crate) by: UserId,
    pub(crate) at: Timestamp,
}

pub(crate) fn insert_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    values: &[Overridden],
) -> Result<(), DbError> {
    let sets = values
        .iter()
        .map(|value| {
            Ok(params![
                "community" => community,
                "table" => value.lost.key.table.as_str(),
                "pk" => value.lost.key.id,
                "field" => value.lost.field.as_str(),
                "seq" => value.seq,
                "value" => to_json(&value.lost.value)?,
                "by" => value.by,
                "at" => value.at,
            ])
        })
        .collect::<Result<Vec<Params>, DbError>>()?;
    tx.execute_each(
        "
        insert into field_history (community_id, tbl, pk, field, seq, value, overrode_by, at)
        values (:community, :table, :pk, :field, :seq, :value, :by, :at)",
        &sets,
    )
}

/// Deletes what is kept of a draft.
pub(crate) fn delete_of_draft(
    tx: &mut dyn Tx,
    community: CommunityId,
    draft: DraftId,
) -> Result<(), DbError> {
    tx.execute(
        "
        delete from field_history
        where community_id = :community and tbl = :table and pk = :draft",
        &params![
            "community" => community,
            "table" => Table::Draft.as_str(),
            "draft" => draft,
        ],
    )?;
    Ok(())
}
