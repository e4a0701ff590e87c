//! What becomes of texts, and what no text can do.

#![allow(
    clippy::print_stdout,
    reason = "measurements and what was skipped are told"
)]

mod bombs;
mod hostile;
mod oracle;
mod pages;
mod trees;
