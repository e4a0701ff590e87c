//! Sync over real sockets: whom it trusts, and what it does with a real server.

mod certificates;
mod listener;
mod trust;
