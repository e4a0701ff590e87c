//! Stoa Sync v1 on the server: pushes decided, pulls answered, pokes sent.

pub(crate) mod addresses;
pub(crate) mod horizon;
pub(crate) mod live;
pub(crate) mod people;
pub(crate) mod proposals;
pub(crate) mod pull;
pub(crate) mod push;
pub(crate) mod recount;
pub(crate) mod snapshot;
pub(crate) mod standing;
pub(crate) mod text;

use stoa_domain::{CommunityId, Role, UserId};
use stoa_mutators::Table;
use stoa_protocol::error::{ApiError, ApiErrorCode};

use crate::db::Tx;
use crate::refusal::Refusal;
use crate::tables::{membership, server};

/// The oldest data schema that may still pull.
pub(crate) const MIN_SCHEMA: u32 = 1;

/// The buckets that a role may hold, the most urgent first.
pub(crate) fn buckets_of(role: Role) -> Vec<&'static str> {
    let mut buckets = Vec::new();
    for table in Table::ALL
        .into_iter()
        .filter(|table| may_hold(role, *table))
    {
        if !buckets.contains(&table.bucket()) {
            buckets.push(table.bucket());
        }
    }
    buckets
}

/// The tables of a bucket.
pub(crate) fn tables_of(bucket: &str) -> impl Iterator<Item = Table> {
    Table::ALL
        .into_iter()
        .filter(move |table| table.bucket() == bucket)
}

fn may_hold(role: Role, table: Table) -> bool {
    match table {
        Table::Person => role.knows_people(),
        Table::Draft | Table::DocUpdate | Table::Attachment | Table::Tag => role.writes_drafts(),
    }
}

/// The person's role now; a community that is not theirs is not there.
pub(crate) fn role_in(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
) -> Result<Role, Refusal> {
    membership::role(tx, community, user)?
        .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such community"))
}

/// Refuses a device that knows another life of this database.
pub(crate) fn check_epoch(tx: &mut dyn Tx, theirs: &str) -> Result<String, Refusal> {
    let ours = server::identity(tx)?.map(|identity| identity.epoch);
    match ours {
        Some(epoch) if epoch == theirs => Ok(epoch),
        epoch => {
            let mut error = ApiError::new(
                ApiErrorCode::EpochChanged,
                "the server was restored or made anew",
            );
            error.epoch = epoch;
            Err(error.into())
        }
    }
}
