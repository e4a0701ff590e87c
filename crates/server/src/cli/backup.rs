//! `backup` and `restore`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::settings::Place;
use super::{CliError, print_json};
use crate::backup as copies;
use crate::config::{Clock, Config};

pub(super) async fn backup(place: &Place, to: &Path, clock: Clock) -> Result<ExitCode, CliError> {
    let config = place.config(clock)?;
    copies::backup(&config, to)?;
    let attachments = format!(
        "not in the backup; they stay in {}",
        place_of_files(&config)
    );
    print_json(&json!({ "backup": to, "attachments": attachments }))?;
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
    let attachments = format!("not touched; they are those in {}", place_of_files(&config));
    print_json(&json!({
        "restored": from,
        "replaced_database": kept,
        "attachments": attachments,
    }))?;
    Ok(ExitCode::SUCCESS)
}

fn place_of_files(config: &Config) -> String {
    match &config.media {
        Some(media) => media.to_string(),
        None => config.data.join("blobs").display().to_string(),
    }
}
