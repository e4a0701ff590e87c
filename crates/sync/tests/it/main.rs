//! Sync over real sockets: whom it trusts, and what it does with a real server.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod certificates;
mod devices;
mod files;
mod first_sync;
mod journeys;
mod lane;
mod listener;
mod place;
mod rights;
mod trust;
mod unreliable;
