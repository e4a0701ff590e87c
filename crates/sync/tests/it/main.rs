//! Sync over real sockets: whom it trusts, and what it does with a real server.

mod certificates;
mod journeys;
mod listener;
mod place;
mod trust;
mod unreliable;
