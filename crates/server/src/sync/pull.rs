//! Answering a pull from one snapshot: every row whose last change lies after the cursor.

use serde::Serialize;
use stoa_domain::{CommunityId, Draft};
use stoa_mutators::{DocUpdate, Table};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::sync::{BucketSum, Pull, PullHead, PullLine, PullResults};

use super::{buckets_of, check_epoch, role_in};
use crate::db::{DbError, Tx};
use crate::refusal::Refusal;
use crate::tables::{
    Sender, bucket, community, device_progress, doc_update, draft, mutation_result,
};

/// The most rows of one answer, whatever the device asks for.
const MAX_ROWS: usize = 20_000;
/// About the most bytes of one answer; a single mutation may go beyond it.
const MAX_BYTES: i64 = 8 * 1024 * 1024;
/// More rows than one mutation ever writes to one table.
const ROWS_OF_ONE_MUTATION: usize = 64;

/// The lines of an answer, uncompressed.
pub(crate) fn pull(tx: &mut dyn Tx, sender: Sender, pull: &Pull) -> Result<Vec<u8>, Refusal> {
    let epoch = check_epoch(tx, &pull.epoch)?;
    let role = role_in(tx, sender.community, sender.user)?;
    let head = community::head(tx, sender.community)?
        .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such community"))?;
    let buckets = buckets_of(role);
    let cursors = cursors(tx, sender.community, &buckets, pull, head)?;
    let limit = pull.limit.clamp(1, MAX_ROWS);
    let upto = cut(tx, sender.community, &cursors, limit, head)?;
    let more = upto < head;

    let mut answer = Lines::default();
    answer.line(&PullLine::Head(PullHead {
        upto,
        epoch,
        buckets: buckets.iter().map(|name| (*name).to_owned()).collect(),
        more,
    }))?;
    for (name, cursor) in &cursors {
        rows(tx, &mut answer, sender.community, (name, *cursor), upto)?;
    }
    answer.line(&PullLine::Results(PullResults {
        lmid: device_progress::lmid(tx, sender)?,
        results: mutation_result::unacknowledged(tx, sender)?,
    }))?;
    if !more {
        for (name, _) in &cursors {
            answer.line(&PullLine::Sum(sum_of(tx, sender.community, name)?))?;
        }
    }
    answer.line(&PullLine::Ok(upto))?;
    Ok(answer.0)
}

type Cursors = Vec<(&'static str, i64)>;

/// Where the device stands in each bucket of its role; 0 in one it does not name.
fn cursors(
    tx: &mut dyn Tx,
    community: CommunityId,
    buckets: &[&'static str],
    pull: &Pull,
    head: i64,
) -> Result<Cursors, Refusal> {
    let mut cursors = Vec::new();
    for name in buckets {
        let cursor = pull
            .buckets
            .iter()
            .find(|asked| asked.bucket == *name)
            .map_or(0, |asked| asked.cursor);
        let horizon = bucket::sums(tx, community, name)?.horizon;
        // Beyond the head lies the future of a database that was set back.
        if cursor < 0 || cursor > head || (cursor > 0 && cursor < horizon) {
            let mut error = ApiError::new(ApiErrorCode::CursorExpired, "start this bucket anew");
            error.field = Some((*name).to_owned());
            return Err(error.into());
        }
        cursors.push((*name, cursor));
    }
    Ok(cursors)
}

/// The sequence number up to which this answer is complete. All rows of one number stay together.
fn cut(
    tx: &mut dyn Tx,
    community: CommunityId,
    cursors: &Cursors,
    limit: usize,
    head: i64,
) -> Result<i64, DbError> {
    let page = limit + ROWS_OF_ONE_MUTATION;
    let mut bound = head;
    let mut sizes = Vec::new();
    for (name, cursor) in cursors {
        for table in Table::ALL.iter().filter(|table| table.bucket() == *name) {
            let limit = i64::try_from(page).unwrap_or(i64::MAX);
            let found = match table {
                Table::Draft => draft::sizes_after(tx, community, *cursor, limit)?,
                Table::DocUpdate => doc_update::sizes_after(tx, community, *cursor, limit)?,
            };
            if let (true, Some((last, _))) = (found.len() >= page, found.last()) {
                bound = bound.min(last - 1);
            }
            sizes.extend(found);
        }
    }
    sizes.retain(|(seq, _)| *seq <= bound);
    sizes.sort_unstable();
    Ok(last_that_fits(&sizes, limit).unwrap_or(bound))
}

/// The sequence number after which rows no longer fit; `None` when all fit.
fn last_that_fits(sizes: &[(i64, i64)], limit: usize) -> Option<i64> {
    let mut bytes = 0;
    for (index, (seq, size)) in sizes.iter().enumerate() {
        bytes += size;
        if index >= limit || bytes > MAX_BYTES {
            let first = sizes.first().map_or(*seq, |(seq, _)| *seq);
            let is_last_complete = sizes[..index]
                .last()
                .is_some_and(|(before, _)| before < seq);
            let upto = if is_last_complete {
                sizes[index - 1].0
            } else {
                seq - 1
            };
            return Some(upto.max(first));
        }
    }
    None
}

fn rows(
    tx: &mut dyn Tx,
    answer: &mut Lines,
    community: CommunityId,
    (bucket, cursor): (&str, i64),
    upto: i64,
) -> Result<(), DbError> {
    for table in Table::ALL.iter().filter(|table| table.bucket() == bucket) {
        match table {
            Table::Draft => {
                for (draft, version, seq) in draft::between(tx, community, cursor, upto)? {
                    answer.put(&PutDraft(
                        "draft",
                        draft.id.to_string(),
                        version,
                        seq,
                        &draft,
                    ))?;
                }
            }
            Table::DocUpdate => {
                for (update, version, seq) in doc_update::between(tx, community, cursor, upto)? {
                    let id = update.id.to_string();
                    answer.put(&PutUpdate("doc_update", id, version, seq, &update))?;
                }
            }
        }
    }
    Ok(())
}

/// [`PullLine::Put`] without the detour over a map of columns.
#[derive(Serialize)]
struct PutDraft<'a>(&'static str, String, i64, i64, &'a Draft);

#[derive(Serialize)]
struct PutUpdate<'a>(&'static str, String, i64, i64, &'a DocUpdate);

fn sum_of(tx: &mut dyn Tx, community: CommunityId, name: &str) -> Result<BucketSum, DbError> {
    let sums = bucket::sums(tx, community, name)?;
    Ok(BucketSum {
        bucket: name.to_owned(),
        n: sums.n,
        x: format!("{:016x}", sums.checksum),
    })
}

#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn line<T: Serialize>(&mut self, line: &T) -> Result<(), DbError> {
        serde_json::to_writer(&mut self.0, line)
            .map_err(|error| DbError::Stored(error.to_string()))?;
        self.0.push(b'\n');
        Ok(())
    }

    fn put<T: Serialize>(&mut self, row: &T) -> Result<(), DbError> {
        #[derive(Serialize)]
        struct Put<'a, T> {
            p: &'a T,
        }
        self.line(&Put { p: row })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sizes: &[(i64, i64)], limit: usize, expected: Option<i64>) {
        assert_eq!(last_that_fits(sizes, limit), expected);
    }

    #[test]
    fn an_answer_ends_between_two_numbers_and_never_before_the_first() {
        check(&[], 1, None);
        check(&[(1, 1), (2, 1)], 2, None);
        check(&[(1, 1), (2, 1), (3, 1)], 2, Some(2));
        check(&[(1, 1), (2, 1), (2, 1), (3, 1)], 2, Some(1));
        check(&[(1, 1), (1, 1), (2, 1)], 1, Some(1));
        check(&[(1, MAX_BYTES + 1), (2, 1)], 10, Some(1));
        check(&[(1, 1), (2, MAX_BYTES), (3, 1)], 10, Some(1));
    }
}
