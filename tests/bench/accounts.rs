//! Whether the time of a refused sign-in tells who has an account.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use stoa_protocol::account::Secret;
use stoa_store::OsRandom;
use stoa_sync::Clock as _;
use stoa_sync::account::{AccountError, Credentials, Device, ServerChoice, probe, sign_in};
use stoa_tests::backend::{Backend, EMAIL};
use tokio::runtime::Runtime;

use crate::table::{Better, Table, millis, percentile};
use stoa_tests::device::SystemClock;

/// Tries of each kind: together fewer than the server takes from one address.
const N: usize = 12;

/// Measures wrong passwords for an account that is there and for one that is not, in turn.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let backend = Backend::start(folder.path())?;
    let runtime = Runtime::new()?;
    let server = runtime.block_on(probe(&backend.url()))?;
    let choice = ServerChoice {
        url: &server.url,
        trust: server.fingerprint.as_deref(),
    };
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..2 * N {
        // Neither is always the first of two.
        let is_known = (n + n / 2) % 2 == 0;
        let nobody = format!("nobody-{n}@stoa.example");
        let email = if is_known { EMAIL } else { &nobody };
        let took = millis(runtime.block_on(refused(&choice, email))?);
        if is_known {
            known.push(took);
        } else {
            unknown.push(took);
        }
    }
    known.sort_by(f64::total_cmp);
    unknown.sort_by(f64::total_cmp);
    let (known, unknown) = (percentile(&known, 50), percentile(&unknown, 50));
    table.add(
        "wrong password, nobody's account",
        (unknown, "ms"),
        Some(("somebody's", known)),
        None,
    );
    table.add(
        "what the time tells about an account",
        ((known - unknown).abs(), "ms"),
        None,
        Some((Better::Small, 5.0)),
    );
    Ok(())
}

/// How long a wrong password takes to be refused.
async fn refused(choice: &ServerChoice<'_>, email: &str) -> Result<Duration> {
    let credentials = Credentials {
        email: email.to_owned(),
        password: Secret("not the password".into()),
    };
    let device = Device::new("bench", SystemClock.now(), &OsRandom);
    let start = Instant::now();
    match sign_in(choice, &credentials, &device, SystemClock.now()).await {
        Err(AccountError::WrongPassword) => Ok(start.elapsed()),
        Err(error) => Err(error.into()),
        Ok(_) => bail!("a wrong password was taken"),
    }
}
