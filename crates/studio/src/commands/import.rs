//! The import of another program's export.

use std::path::PathBuf;

use stoa_ipc::{
    CancelImport, CloseImport, ErrorCode, Failure, GetImport, GetPlanned, ImportPlan,
    ImportProblems, ImportStatus, ListImportProblems, LookAtDropped, LookAtImport, PlanImport,
    Planned, RunImport, Turned, UndoImport,
};

use super::undo::told;
use crate::imports;
use crate::studio::Studio;

pub(super) async fn look_at_import(
    studio: &Studio,
    request: LookAtImport,
) -> Result<Option<ImportStatus>, Failure> {
    match request.path {
        Some(path) => studio.look_at_import(PathBuf::from(path)).map(Some),
        None => Err(Failure::field("path", "invalid")),
    }
}

pub(super) async fn look_at_dropped(
    studio: &Studio,
    request: LookAtDropped,
) -> Result<Option<ImportStatus>, Failure> {
    let path = studio.inner.drops.path(request.drop, request.index);
    let path = path.ok_or_else(|| Failure::new(ErrorCode::NotFound, "no such file was dropped"))?;
    studio.look_at_import(path).map(Some)
}

pub(super) async fn get_import(
    studio: &Studio,
    _: GetImport,
) -> Result<Option<ImportStatus>, Failure> {
    Ok(studio.import_status())
}

pub(super) async fn get_planned(studio: &Studio, request: GetPlanned) -> Result<Planned, Failure> {
    let at = studio
        .ask(move |store| store.planned_at(request.draft))
        .await?;
    Ok(Planned { at })
}

pub(super) async fn plan_import(
    studio: &Studio,
    request: PlanImport,
) -> Result<ImportPlan, Failure> {
    imports::plan(studio, request).await
}

pub(super) async fn list_import_problems(
    studio: &Studio,
    request: ListImportProblems,
) -> Result<ImportProblems, Failure> {
    imports::problems(studio, &request)
}

pub(super) async fn run_import(
    studio: &Studio,
    request: RunImport,
) -> Result<Option<ImportStatus>, Failure> {
    studio.run_import(request.import, request.mapping).await
}

pub(super) async fn cancel_import(studio: &Studio, request: CancelImport) -> Result<(), Failure> {
    studio.cancel_import(request.import)
}

pub(super) async fn close_import(studio: &Studio, request: CloseImport) -> Result<(), Failure> {
    studio.close_import(request.import)
}

pub(super) async fn undo_import(
    studio: &Studio,
    request: UndoImport,
) -> Result<Option<Turned>, Failure> {
    let turned = studio.undo_import(request.import).await?;
    Ok(turned.map(told))
}
