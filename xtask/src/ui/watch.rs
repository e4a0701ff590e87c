//! `cargo xtask ui --watch`: builds again whenever an input changed. Asking
//! the disk twice a second works on every system and every file system.

use std::{thread, time::Duration};

use anyhow::Result;

use super::{build, fingerprint};
use crate::{place::Place, step};

const EVERY: Duration = Duration::from_millis(500);

/// Goes on until it is stopped from the keyboard.
pub(crate) fn command(place: &Place, release: bool) -> Result<()> {
    let mut built = None;
    loop {
        let now = fingerprint(place)?;
        if built != Some(now) {
            match build(place, release) {
                Ok(()) => step::say("ui/dist is up to date; waiting for changes (Ctrl-C ends)"),
                Err(error) => eprintln!("\nerror: {error:#}"),
            }
            built = Some(now);
        }
        thread::sleep(EVERY);
    }
}
