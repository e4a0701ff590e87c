//! The server over the wire, on both databases.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails right there"
)]

mod access;
mod accounts;
mod addresses;
mod blobs;
mod bodies;
mod bucket;
mod copies;
mod courses;
mod covers;
mod databases;
mod deletion;
mod devices;
mod feeds;
mod finished_lessons;
mod limits;
mod live;
mod live_sessions;
mod member_api;
mod members;
mod mentions;
mod over_tls;
mod posts;
mod program;
mod proposals;
mod recordings;
mod reviews;
mod seed;
mod sequence;
mod short;
mod snapshots;
mod stored;
mod support;
mod sync;
mod tags;
mod upgrade;
