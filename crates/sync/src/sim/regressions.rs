//! Histories that once broke a promise, each as small as it could be made.

use super::history;
use super::ops::Op;

/// The refused title was in the list of conflicts, but not in what a person takes out.
#[test]
fn a_title_in_conflict_is_exported() {
    let ops = [
        Op::Create(1),
        Op::Steps(1, 5),
        Op::Steps(0, 6),
        Op::Rename(0, 2),
        Op::Rename(1, 0),
    ];
    history(480, &ops);
}
