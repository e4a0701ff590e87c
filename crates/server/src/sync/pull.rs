//! Answering a pull from one snapshot: first a plan, then the rows as they are read.

pub(crate) mod lines;
mod window;

use std::collections::BTreeMap;
use std::io::Write;

use stoa_domain::{CommunityId, Timestamp};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::sync::{BucketCursor, BucketSum, Pull, PullHead, PullLine, PullResults};

use super::{buckets_of, check_epoch, role_in, tables_of};
use crate::db::{DbError, Tx};
use crate::refusal::Refusal;
use crate::tables::{Sender, bucket, community, device_progress, mutation_result, server};
use window::Window;

/// What an answer will hold. Everything that can be refused was refused when there is a plan.
pub(crate) struct Plan {
    community: CommunityId,
    head: PullHead,
    windows: Vec<Window>,
    results: PullResults,
    sums: Vec<BucketSum>,
    /// About the bytes of the rows.
    pub(crate) n_bytes: i64,
}

/// Decides which rows the device gets. A bucket with at least `large` rows, of which the device
/// has none, is left to a snapshot when the device takes those.
pub(crate) fn plan(
    tx: &mut dyn Tx,
    sender: Sender,
    pull: &Pull,
    (large, now): (i64, Timestamp),
) -> Result<Plan, Refusal> {
    let epoch = check_epoch(tx, &pull.epoch)?;
    let role = role_in(tx, sender.community, sender.user)?;
    let upto = community::head(tx, sender.community)?
        .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such community"))?;
    let buckets = buckets_of(role);
    let planned = window::plan(tx, sender.community, &buckets, pull, (upto, large))?;
    let mut sums = Vec::new();
    for window in planned.windows.iter().filter(|w| w.upto == upto) {
        sums.push(sum_of(tx, sender.community, window.bucket)?);
    }
    Ok(Plan {
        community: sender.community,
        head: PullHead {
            upto,
            epoch,
            tables: tables(&buckets),
            buckets: buckets.iter().map(|name| (*name).to_owned()).collect(),
            cursors: planned.windows.iter().map(Window::cursor).collect(),
            more: planned.windows.iter().any(|window| window.upto < upto),
            snapshots: planned.snapshots,
            reset_token: server::reset_token(tx, sender.community, now)?,
        },
        results: PullResults {
            lmid: device_progress::lmid(tx, sender)?,
            results: mutation_result::unacknowledged(tx, sender)?,
        },
        windows: planned.windows,
        n_bytes: planned.n_bytes,
        sums,
    })
}

fn tables(buckets: &[&'static str]) -> BTreeMap<String, String> {
    let pairs = buckets.iter().flat_map(|bucket| {
        tables_of(bucket).map(|table| (table.as_str().to_owned(), (*bucket).to_owned()))
    });
    pairs.collect()
}

impl Plan {
    /// Writes the lines, reading the rows as they go.
    pub(crate) fn write(&self, tx: &mut dyn Tx, out: &mut dyn Write) -> Result<(), DbError> {
        lines::line(out, &PullLine::Head(self.head.clone()))?;
        for window in &self.windows {
            let span = (window.after, window.upto);
            lines::rows(tx, out, self.community, (window.bucket, span))?;
            if let Some(span) = window.of_deletions() {
                lines::deletions(tx, out, (self.community, window.bucket), span)?;
            }
        }
        lines::line(out, &PullLine::Results(self.results.clone()))?;
        for sum in &self.sums {
            lines::line(out, &PullLine::Sum(sum.clone()))?;
        }
        lines::line(out, &PullLine::Ok(self.head.upto))
    }
}

impl Window {
    fn cursor(&self) -> BucketCursor {
        BucketCursor {
            bucket: self.bucket.to_owned(),
            cursor: self.upto,
            began: 0,
        }
    }
}

pub(crate) fn sum_of(
    tx: &mut dyn Tx,
    community: CommunityId,
    name: &str,
) -> Result<BucketSum, DbError> {
    let sums = bucket::sums(tx, community, name)?;
    Ok(BucketSum {
        bucket: name.to_owned(),
        n: sums.n,
        x: format!("{:016x}", sums.checksum),
    })
}
