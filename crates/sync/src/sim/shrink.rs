//! Making a failing history smaller: whatever can be left out without mending it is left out.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::history;
use super::ops::Op;

/// What a history died of.
pub(super) fn failure(seed: u64, ops: &[Op]) -> Option<String> {
    let ran = catch_unwind(AssertUnwindSafe(|| drop(history(seed, ops))));
    let payload = ran.err()?;
    let text = payload.downcast_ref::<String>().cloned();
    Some(text.unwrap_or_else(|| "a panic without words".to_owned()))
}

/// The smallest history that was found to break the same promise.
pub(super) fn smallest(seed: u64, ops: &[Op], broken: &str) -> Vec<Op> {
    let mut ops = ops.to_vec();
    let mut piece = ops.len().div_ceil(2).max(1);
    loop {
        let before = ops.len();
        let mut at = 0;
        while at < ops.len() {
            let mut fewer = ops.clone();
            fewer.drain(at..(at + piece).min(ops.len()));
            match failure(seed, &fewer) {
                Some(text) if promise(&text) == promise(broken) => ops = fewer,
                _ => at += piece,
            }
        }
        if piece == 1 && ops.len() == before {
            return ops;
        }
        piece = (piece / 2).max(1);
    }
}

/// The promise that a failure names, such as `I3`.
fn promise(text: &str) -> &str {
    text.split(':').next().unwrap_or(text)
}
