//! Changes that wait for an owner's decision, and what was decided.

use stoa_domain::{CommunityId, DeviceId, Timestamp, UserId};
use stoa_protocol::proposal::ProposalReason;
use stoa_protocol::sync::{BaseRow, PushedMutation};

use super::{Sender, from_json, to_json, unreadable};
use crate::db::{DbError, Params, Record, Tx, params};

/// A change to be kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewProposal {
    pub(crate) mutation: PushedMutation,
    /// The id of the draft it is about.
    pub(crate) subject: [u8; 16],
    pub(crate) reason: ProposalReason,
    pub(crate) arrived_at: Timestamp,
}

/// A change that waits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OpenProposal {
    pub(crate) id: [u8; 16],
    pub(crate) sender: Sender,
    pub(crate) subject: [u8; 16],
    pub(crate) reason: ProposalReason,
    pub(crate) mutation: PushedMutation,
}

/// A decision about one of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decision {
    pub(crate) by: UserId,
    pub(crate) at: Timestamp,
    /// What an acceptance did; absent for a discarded one.
    pub(crate) seq: Option<i64>,
}

/// The same change of a device has the same id, however often it is kept.
fn id_of(sender: Sender, mid: i64) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(sender.community.as_bytes());
    hasher.update(sender.user.as_bytes());
    hasher.update(sender.device.as_bytes());
    hasher.update(&mid.to_le_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    uuid::Builder::from_custom_bytes(id)
        .into_uuid()
        .into_bytes()
}

pub(crate) fn insert_each(
    tx: &mut dyn Tx,
    sender: Sender,
    proposals: &[NewProposal],
) -> Result<(), DbError> {
    let sets = proposals
        .iter()
        .map(|new| {
            let mutation = &new.mutation;
            Ok(params![
                "community" => sender.community,
                "id" => id_of(sender, mutation.mid),
                "user" => sender.user,
                "device" => sender.device,
                "mid" => mutation.mid,
                "name" => mutation.name.as_str(),
                "version" => i64::from(mutation.version),
                "args" => to_json(&mutation.args)?,
                "base" => to_json(&mutation.base)?,
                "subject" => new.subject,
                "reason" => to_json(&new.reason)?.trim_matches('"').to_owned(),
                "made_at" => mutation.made_at,
                "arrived_at" => new.arrived_at,
            ])
        })
        .collect::<Result<Vec<Params>, DbError>>()?;
    tx.execute_each(
        "
        insert into proposal (community_id, id, user_id, device_id, mid, name, version, args, base,
                              subject, reason, made_at, arrived_at, state)
        values (:community, :id, :user, :device, :mid, :name, :version, :args, :base,
                :subject, :reason, :made_at, :arrived_at, 'open')
        on conflict (community_id, id) do nothing",
        &sets,
    )
}

/// The drafts that a person's waiting proposals are about, and how many there are.
pub(crate) fn subjects(
    tx: &mut dyn Tx,
    community: CommunityId,
    user: UserId,
) -> Result<Vec<[u8; 16]>, DbError> {
    let rows = tx.query(
        "
        select subject from proposal
        where community_id = :community and user_id = :user and state = 'open'",
        &params!["community" => community, "user" => user],
    )?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// Everything that waits, each person's in the order it was made.
pub(crate) fn open(tx: &mut dyn Tx, community: CommunityId) -> Result<Vec<OpenProposal>, DbError> {
    let rows = tx.query(
        "
        select id, user_id, device_id, mid, name, version, args, base, subject, reason, made_at
        from proposal
        where community_id = :community and state = 'open'
        order by user_id, arrived_at, device_id, mid",
        &params!["community" => community],
    )?;
    rows.iter().map(|row| read(row, community)).collect()
}

fn read(row: &Record, community: CommunityId) -> Result<OpenProposal, DbError> {
    let base: Vec<BaseRow> = from_json(row.text(7)?)?;
    Ok(OpenProposal {
        id: row.id(0)?,
        sender: Sender {
            community,
            user: UserId::from_bytes(row.id(1)?),
            device: DeviceId::from_bytes(row.id(2)?),
        },
        mutation: PushedMutation {
            mid: row.int(3)?,
            name: row.text(4)?.to_owned(),
            version: u32::try_from(row.int(5)?).map_err(unreadable)?,
            args: from_json(row.text(6)?)?,
            base,
            made_at: row.at(10)?,
        },
        subject: row.id(8)?,
        reason: from_json(&format!("\"{}\"", row.text(9)?))?,
    })
}

/// Keeps a decision; the contents are not needed any more.
pub(crate) fn decide(
    tx: &mut dyn Tx,
    community: CommunityId,
    id: [u8; 16],
    decision: Decision,
) -> Result<(), DbError> {
    let state = if decision.seq.is_some() {
        "accepted"
    } else {
        "discarded"
    };
    tx.execute(
        "
        update proposal
        set state = :state, decided_by = :by, decided_at = :at, seq = :seq,
            args = 'null', base = '[]'
        where community_id = :community and id = :id and state = 'open'",
        &params![
            "community" => community,
            "id" => id,
            "state" => state,
            "by" => decision.by,
            "at" => decision.at,
            "seq" => decision.seq,
        ],
    )?;
    Ok(())
}
