//! Class C: what is decided stays decided.

use crate::{Reject, RejectCode};

/// Whether a decision still meets what it decides about: `stands` is the state at arrival,
/// `expected` those the decision may start from.
///
/// # Errors
/// [`RejectCode::AlreadyDecided`] when somebody decided before.
pub fn decide<S: PartialEq>(stands: &S, expected: &[S]) -> Result<(), Reject> {
    if expected.contains(stands) {
        Ok(())
    } else {
        Err(Reject::new(RejectCode::AlreadyDecided))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_decision_counts() {
        assert_eq!(decide(&"open", &["open", "escalated"]), Ok(()));
        let refused = decide(&"removed", &["open", "escalated"]);
        assert_eq!(refused, Err(Reject::new(RejectCode::AlreadyDecided)));
    }
}
