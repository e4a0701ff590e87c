//! The device's clock, passed in. It is only ever shown and written down; what is done when is
//! decided by the time that has gone by, which nobody can set.

use stoa_domain::Timestamp;

/// The time of day.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}
