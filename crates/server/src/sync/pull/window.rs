//! How far each bucket goes in one answer.
//!
//! Buckets that stand at the same number go on together, so that all rows of one sequence number
//! come in the same answer. A bucket of which the device has nothing is filled by itself, in the
//! order of urgency: lists are there before all texts are. It joins the others when it has
//! reached the head.

use stoa_domain::CommunityId;
use stoa_mutators::Table;
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::sync::Pull;

use crate::db::{DbError, Tx};
use crate::refusal::Refusal;
use crate::sync::tables_of;
use crate::tables::{attachment, bucket, doc_update, draft, person, tag, tombstone};

/// The most rows of one answer, whatever the device asks for.
const MAX_ROWS: usize = 20_000;
/// About the most bytes of one answer; a single mutation may go beyond it.
const MAX_BYTES: i64 = 8 * 1024 * 1024;
/// More rows than one mutation ever writes to one table.
const ROWS_OF_ONE_MUTATION: usize = 64;

/// Which rows of a bucket come: those after one number, up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) bucket: &'static str,
    pub(super) after: i64,
    pub(super) upto: i64,
    /// Deletions up to this number need not be told: the bucket was begun after them.
    pub(super) began: i64,
}

impl Window {
    /// Between which numbers deletions are told; `None` when the device has nothing yet.
    pub(super) fn of_deletions(&self) -> Option<(i64, i64)> {
        let span = (self.after.max(self.began), self.upto);
        (self.after > 0).then_some(span)
    }
}

pub(super) struct Planned {
    pub(super) windows: Vec<Window>,
    pub(super) snapshots: Vec<String>,
    pub(super) n_bytes: i64,
}

/// What is left of an answer.
struct Room {
    rows: usize,
    bytes: i64,
}

pub(super) fn plan(
    tx: &mut dyn Tx,
    community: CommunityId,
    buckets: &[&'static str],
    pull: &Pull,
    (head, large): (i64, i64),
) -> Result<Planned, Refusal> {
    let mut windows = Vec::new();
    let mut snapshots = Vec::new();
    for name in buckets {
        let sums = bucket::sums(tx, community, name)?;
        let (after, began) = cursor(name, pull, (head, sums.horizon))?;
        let is_left = after == 0 && pull.snapshots && sums.n >= large;
        if is_left {
            snapshots.push((*name).to_owned());
        }
        windows.push(Window {
            bucket: name,
            after,
            upto: after,
            began,
        });
    }
    let mut room = Room {
        rows: pull.limit.clamp(1, MAX_ROWS),
        bytes: MAX_BYTES,
    };
    for group in groups(&windows) {
        let is_left = |at: &usize| snapshots.iter().any(|name| name == windows[*at].bucket);
        if room.rows == 0 || room.bytes <= 0 || group.iter().any(is_left) {
            continue;
        }
        let members: Vec<Window> = group.iter().map(|at| windows[*at]).collect();
        let upto = cut(tx, community, &members, &mut room, head)?;
        for at in group {
            windows[at].upto = upto;
        }
    }
    Ok(Planned {
        windows,
        snapshots,
        n_bytes: MAX_BYTES - room.bytes,
    })
}

/// Where the device stands in a bucket, and where the head was when it began; 0 in one it does
/// not name.
fn cursor(name: &str, pull: &Pull, (head, horizon): (i64, i64)) -> Result<(i64, i64), Refusal> {
    let asked = pull.buckets.iter().find(|asked| asked.bucket == name);
    let (cursor, began) = asked.map_or((0, 0), |asked| (asked.cursor, asked.began));
    // Beyond the head lies the future of a database that was set back.
    let is_possible = (0..=head).contains(&cursor) && (0..=head).contains(&began);
    if !is_possible || (cursor > 0 && cursor.max(began) < horizon) {
        let mut error = ApiError::new(ApiErrorCode::CursorExpired, "start this bucket anew");
        error.field = Some(name.to_owned());
        return Err(error.into());
    }
    Ok((cursor, began))
}

/// Which windows go on together, the most urgent first.
fn groups(windows: &[Window]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, window) in windows.iter().enumerate() {
        let together = groups
            .iter_mut()
            .find(|group| window.after > 0 && windows[group[0]].after == window.after);
        match together {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

/// The sequence number up to which a group is complete. All rows of one number stay together.
fn cut(
    tx: &mut dyn Tx,
    community: CommunityId,
    group: &[Window],
    room: &mut Room,
    head: i64,
) -> Result<i64, DbError> {
    let page = room.rows + ROWS_OF_ONE_MUTATION;
    let limit = i64::try_from(page).unwrap_or(i64::MAX);
    let mut bound = head;
    let mut sizes = Vec::new();
    for window in group {
        for table in tables_of(window.bucket) {
            let found = match table {
                Table::Person => person::sizes_after(tx, community, window.after, limit)?,
                Table::Draft => draft::sizes_after(tx, community, window.after, limit)?,
                Table::DocUpdate => doc_update::sizes_after(tx, community, window.after, limit)?,
                Table::Attachment => attachment::sizes_after(tx, community, window.after, limit)?,
                Table::Tag => tag::sizes_after(tx, community, window.after, limit)?,
            };
            if let (true, Some((last, _))) = (found.len() >= page, found.last()) {
                bound = bound.min(last - 1);
            }
            sizes.extend(found);
        }
        if let Some((from, _)) = window.of_deletions() {
            let of = (community, window.bucket);
            let found = tombstone::sizes_after(tx, of, from, limit)?;
            if let (true, Some((last, _))) = (found.len() >= page, found.last()) {
                bound = bound.min(last - 1);
            }
            sizes.extend(found);
        }
    }
    sizes.retain(|(seq, _)| *seq <= bound);
    sizes.sort_unstable();
    let upto = last_that_fits(&sizes, room).unwrap_or(bound);
    for (_, size) in sizes.iter().filter(|(seq, _)| *seq <= upto) {
        room.rows = room.rows.saturating_sub(1);
        room.bytes -= size;
    }
    if upto < head {
        // What comes after is less urgent.
        room.rows = 0;
    }
    Ok(upto)
}

/// The sequence number after which rows no longer fit; `None` when all fit.
fn last_that_fits(sizes: &[(i64, i64)], room: &Room) -> Option<i64> {
    let mut bytes = 0;
    for (index, (seq, size)) in sizes.iter().enumerate() {
        bytes += size;
        if index >= room.rows || bytes > room.bytes {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sizes: &[(i64, i64)], rows: usize, expected: Option<i64>) {
        let room = Room {
            rows,
            bytes: MAX_BYTES,
        };
        assert_eq!(last_that_fits(sizes, &room), expected);
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

    #[test]
    fn buckets_at_the_same_number_go_on_together_and_empty_ones_alone() {
        let at = |after| Window {
            bucket: "",
            after,
            upto: after,
            began: 0,
        };
        let windows = [at(7), at(0), at(7), at(0), at(3)];
        assert_eq!(groups(&windows), [vec![0, 2], vec![1], vec![3], vec![4]]);
    }
}
