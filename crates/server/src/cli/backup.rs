//! `backup` and `restore`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::settings::Place;
use super::{CliError, print_json};
use crate::backup as copies;
use crate::config::Clock;

pub(super) async fn backup(place: &Place, to: &Path, clock: Clock) -> Result<ExitCode, CliError> {
    let config = place.config(clock)?;
    copies::backup(&config, to)?;
    print_json(&json!({ "backup": to }))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(
    place: &Place,
    from: &Path,
    clock: Clock,
) -> Result<ExitCode, CliError> {
    let config = place.config(clock)?;
    crate::tls::private_folder(&config.data)?;
    let kept = copies::restore(&config, from).await?;
    print_json(&json!({ "restored": from, "replaced_database": kept }))?;
    Ok(ExitCode::SUCCESS)
}
