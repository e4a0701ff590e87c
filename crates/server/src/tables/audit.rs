//! Every mutation that was looked at and what became of it. The contents stay out of it.

use stoa_domain::Timestamp;

use super::Sender;
use crate::db::{DbError, Params, Tx, params};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) mid: i64,
    pub(crate) name: String,
    pub(crate) version: u32,
    /// BLAKE3 of name, version and arguments.
    pub(crate) digest: [u8; 32],
    pub(crate) status: &'static str,
    pub(crate) code: Option<String>,
    pub(crate) seq: Option<i64>,
    pub(crate) made_at: Timestamp,
    pub(crate) arrived_at: Timestamp,
}

/// What was done under a mid before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Earlier {
    pub(crate) digest: Vec<u8>,
    pub(crate) seq: Option<i64>,
    /// Why it was refused, if it was.
    pub(crate) code: Option<String>,
}

pub(crate) fn insert_each(
    tx: &mut dyn Tx,
    sender: Sender,
    entries: &[Entry],
) -> Result<(), DbError> {
    let sets: Vec<Params> = entries
        .iter()
        .map(|entry| {
            params![
                "community" => sender.community,
                "user" => sender.user,
                "device" => sender.device,
                "mid" => entry.mid,
                "name" => entry.name.as_str(),
                "version" => i64::from(entry.version),
                "digest" => entry.digest,
                "status" => entry.status,
                "code" => entry.code.clone(),
                "seq" => entry.seq,
                "made_at" => entry.made_at,
                "arrived_at" => entry.arrived_at,
            ]
        })
        .collect();
    tx.execute_each(
        "
        insert into audit (community_id, user_id, device_id, mid, name, version, digest, status,
                           code, seq, made_at, arrived_at)
        values (:community, :user, :device, :mid, :name, :version, :digest, :status,
                :code, :seq, :made_at, :arrived_at)",
        &sets,
    )
}

/// The lowest number that this server gave to what a device asked it for; 0 before the first.
pub(crate) fn lowest_mid(tx: &mut dyn Tx, sender: Sender) -> Result<i64, DbError> {
    let rows = tx.query(
        "
        select mid from audit
        where community_id = :community and user_id = :user and device_id = :device and mid < 0
        order by mid
        limit 1",
        &params![
            "community" => sender.community,
            "user" => sender.user,
            "device" => sender.device,
        ],
    )?;
    rows.first().map_or(Ok(0), |row| row.int(0))
}

pub(crate) fn find_each(
    tx: &mut dyn Tx,
    sender: Sender,
    mids: &[i64],
) -> Result<Vec<Option<Earlier>>, DbError> {
    let sets: Vec<Params> = mids
        .iter()
        .map(|mid| {
            params![
                "community" => sender.community,
                "user" => sender.user,
                "device" => sender.device,
                "mid" => *mid,
            ]
        })
        .collect();
    let found = tx.query_each(
        "
        select digest, seq, code from audit
        where community_id = :community and user_id = :user and device_id = :device
          and mid = :mid",
        &sets,
    )?;
    found
        .iter()
        .map(|rows| {
            rows.first()
                .map(|row| {
                    Ok(Earlier {
                        digest: row.bytes(0)?.to_vec(),
                        seq: row.opt_int(1)?,
                        code: row.opt_text(2)?.map(str::to_owned),
                    })
                })
                .transpose()
        })
        .collect()
}
