//! What must never stand in the sources or the configuration.

#![allow(clippy::unwrap_used, reason = "a check fails by panicking")]

mod config;
mod shell;
mod sources;
