//! The backend as a program.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use stoa_domain::Timestamp;

/// Gives back what a password hash or a large answer took; the C library's allocator keeps it.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    stoa_server::run(Arc::new(now))
}

/// The only place where the server asks what time it is.
#[allow(
    clippy::disallowed_methods,
    reason = "everything else is given the time, so that tests can choose it"
)]
fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
