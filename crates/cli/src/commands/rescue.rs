//! Taking everything out, and looking for damage.

use std::path::Path;

use serde_json::json;
use stoa_ipc::{ErrorCode, ExportEverything, Failure, Salvage};
use stoa_studio::Studio;

use crate::exit::End;
use crate::output::{Output, Problem};

pub(super) async fn export(
    studio: &Studio,
    folder: &Path,
    output: &Output,
) -> Result<End, Problem> {
    let folder = Some(folder.to_string_lossy().into_owned());
    let exported = studio.run(ExportEverything { folder }).await?;
    output.answer(&exported, |output| {
        let values = [
            ("n", exported.n_drafts.into()),
            ("path", exported.path.clone().into()),
        ];
        vec![output.text_with("cli-exported", &values)]
    });
    Ok(End::Done)
}

/// Takes out of a damaged profile what can be read; the folder is made if it is not there.
pub(super) async fn salvage(
    studio: &Studio,
    folder: &Path,
    output: &Output,
) -> Result<End, Problem> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::new(ErrorCode::DiskFailed, error.kind().to_string()))?;
    let folder = Some(folder.to_string_lossy().into_owned());
    let salvaged = studio.run(Salvage { folder }).await?;
    output.answer(&salvaged, |output| {
        let values = [
            ("drafts", salvaged.n_drafts.into()),
            ("unsent", salvaged.n_unsent.into()),
            ("damaged", salvaged.n_damaged_pages.into()),
            ("path", salvaged.path.clone().into()),
        ];
        vec![output.text_with("salvaged", &values)]
    });
    Ok(End::Done)
}

pub(super) async fn verify(studio: &Studio, output: &Output) -> Result<End, Problem> {
    let damage = studio.verify().await?;
    output.answer(&json!({ "damage": damage }), |output| {
        if damage.is_empty() {
            return vec![output.text("cli-verified")];
        }
        let mut lines = vec![output.text("cli-damage")];
        lines.extend(damage.iter().cloned());
        lines
    });
    Ok(if damage.is_empty() {
        End::Done
    } else {
        End::Store
    })
}
