//! What must never stand in the sources or the configuration.

mod config;
mod shell;
mod sources;
