//! The names of the headers that every sync request carries.

/// [`crate::PROTOCOL`] of the sender.
pub const PROTO: &str = "stoa-proto";
/// [`crate::SCHEMA`] of the sender.
pub const SCHEMA: &str = "stoa-schema";
/// The sending device's id.
pub const DEVICE: &str = "stoa-device";
