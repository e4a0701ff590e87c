//! Stoa Sync v1 and the accounts API: the messages between studio and server.
//!
//! Bodies are JSON, pulls are NDJSON; both may be `zstd`-encoded. Every request that carries data
//! has the headers of [`header`]. `docs/sync.md` describes the exchange.

pub mod account;
pub mod blob;
pub mod device;
pub mod error;
pub mod header;
pub mod member;
pub mod proposal;
pub mod sync;

/// The protocol version this program speaks.
pub const PROTOCOL: u32 = 1;
/// The data schema version this program speaks; a server may ask for a newer one (426).
pub const SCHEMA: u32 = 1;
/// The most mutations in one push.
pub const PUSH_MAX_MUTATIONS: usize = 500;
/// The most bytes of one part of a snapshot, as it travels.
pub const SNAPSHOT_PART_BYTES: u64 = 4 * 1024 * 1024;
/// The most bytes of one part of a snapshot when it is unpacked.
pub const SNAPSHOT_PART_RAW_BYTES: u64 = 64 * 1024 * 1024;
/// The most bytes of one push body before compression.
pub const PUSH_MAX_BYTES: usize = 1024 * 1024;
