//! Memberships in the sequence: whoever changes one does it here, so that every desktop hears it.

use stoa_domain::{CommunityId, Person, Timestamp, UserId};
use stoa_mutators::{Key, Table};

use crate::db::{DbError, Tx};
use crate::tables::membership::{self, NewMembership};
use crate::tables::{account, bucket, community, person};

/// Lets somebody join, or changes the role of somebody who has joined.
pub(crate) fn join(tx: &mut dyn Tx, new: &NewMembership) -> Result<(), DbError> {
    let head = locked_head(tx, new.community)?;
    membership::put(tx, new)?;
    tell(tx, (new.community, new.user), head)
}

/// Ends a membership; whether there was one. What the person wrote stays, and who it was.
pub(crate) fn leave(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
    at: Timestamp,
) -> Result<bool, DbError> {
    let head = locked_head(tx, community)?;
    let has_left = membership::end(tx, community, user, at)?;
    tell(tx, (community, user), head)?;
    Ok(has_left)
}

fn locked_head(tx: &mut dyn Tx, community: CommunityId) -> Result<i64, DbError> {
    let head = community::lock(tx, community)?;
    head.ok_or_else(|| DbError::Stored("no such community".into()))
}

/// Writes the row of a person when it is not as it was.
fn tell(
    tx: &mut dyn Tx,
    (community, user): (CommunityId, UserId),
    head: i64,
) -> Result<(), DbError> {
    let Some((_, name)) = account::find(tx, user)? else {
        return Ok(());
    };
    let role = membership::role(tx, community, user)?;
    let person = Person {
        id: user,
        name,
        role,
    };
    let before = person::find(tx, community, user)?;
    let old_version = before.as_ref().map_or(0, |(_, version, _)| *version);
    let is_known = match before {
        Some((before, ..)) => before == person,
        None => role.is_none(),
    };
    if is_known {
        return Ok(());
    }
    let (seq, version) = (head + 1, old_version + 1);
    let bucket = Table::Person.bucket();
    let mut sums = bucket::sums(tx, community, bucket)?;
    sums.replace(Key::person(user), old_version, version);
    person::put(tx, community, &(person, version, seq))?;
    bucket::set_sums(tx, community, bucket, sums)?;
    community::set_head(tx, community, seq)?;
    tx.announce(community, seq)
}
