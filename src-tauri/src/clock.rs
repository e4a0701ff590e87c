//! The clock on the wall. The rules are handed the time; this is where it comes from.

use std::time::{SystemTime, UNIX_EPOCH};

use stoa_studio::{Clock, Timestamp};

/// The computer's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the edge where time comes in"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
