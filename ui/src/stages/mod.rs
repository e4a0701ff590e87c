//! Before there is a profile to work in: first run, recovery key, locked, busy, broken.

mod broken;
mod busy;
mod door;
mod first_run;
mod local;
mod locked;
mod recovery;
mod stage;
mod wiped;

pub(crate) use broken::Broken;
pub(crate) use busy::Busy;
pub(crate) use first_run::{FirstRun, begin_connected};
pub(crate) use locked::Locked;
pub(crate) use recovery::ConfirmRecovery;
pub(crate) use wiped::Wiped;
