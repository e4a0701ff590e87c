//! What a bucket holds: how many rows, the sum of their checksums, and how far back it reaches.

use stoa_domain::CommunityId;
use stoa_mutators::Key;
use stoa_protocol::sync::row_checksum_input;

use crate::db::{DbError, Tx, params};

/// A bucket's sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) n: i64,
    pub(crate) checksum: u64,
    /// Cursors below this start anew.
    pub(crate) horizon: i64,
}

impl Sums {
    /// A row that goes from one version to the next; 0 stands for a row that was not there.
    pub(crate) fn replace(&mut self, key: Key, old_version: i64, new_version: i64) {
        if old_version == 0 {
            self.n += 1;
        } else {
            self.checksum = self.checksum.wrapping_sub(share(key, old_version));
        }
        self.checksum = self.checksum.wrapping_add(share(key, new_version));
    }

    /// A row of this version is gone; 0 stands for a row that was not there.
    pub(crate) fn remove(&mut self, key: Key, version: i64) {
        if version > 0 {
            self.n -= 1;
            self.checksum = self.checksum.wrapping_sub(share(key, version));
        }
    }
}

/// A row's share of the sum.
pub(crate) fn share(key: Key, version: i64) -> u64 {
    let hash = blake3::hash(&row_checksum_input(key.table.as_str(), &key.id, version));
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(first)
}

pub(crate) fn sums(tx: &mut dyn Tx, community: CommunityId, bucket: &str) -> Result<Sums, DbError> {
    let rows = tx.query(
        "
        select n, checksum, horizon from bucket
        where community_id = :community and name = :bucket",
        &params!["community" => community, "bucket" => bucket],
    )?;
    rows.first().map_or_else(
        || Ok(Sums::default()),
        |row| {
            Ok(Sums {
                n: row.int(0)?,
                checksum: row.int(1)?.cast_unsigned(),
                horizon: row.int(2)?,
            })
        },
    )
}

pub(crate) fn set_sums(
    tx: &mut dyn Tx,
    community: CommunityId,
    bucket: &str,
    sums: Sums,
) -> Result<(), DbError> {
    tx.write(
        "
        insert into bucket (community_id, name, n, checksum, horizon)
        values (:community, :bucket, :n, :checksum, :horizon)
        on conflict (community_id, name) do update
        set n = excluded.n, checksum = excluded.checksum, horizon = excluded.horizon",
        params![
            "community" => community,
            "bucket" => bucket,
            "n" => sums.n,
            "checksum" => sums.checksum.cast_signed(),
            "horizon" => sums.horizon,
        ],
    )
}

/// Cursors below this number start the bucket anew from now on.
pub(crate) fn raise_horizon(
    tx: &mut dyn Tx,
    community: CommunityId,
    (bucket, horizon): (&str, i64),
) -> Result<(), DbError> {
    tx.execute(
        "
        update bucket set horizon = :horizon
        where community_id = :community and name = :bucket and horizon < :horizon",
        &params!["community" => community, "bucket" => bucket, "horizon" => horizon],
    )?;
    Ok(())
}
