//! The sync centre, where something is decided or looked after: conflicts, storage, the report.

use stoa_ipc::{
    BackUpNow, Conflict, ConflictText, DraftSummary, ErrorCode, ExportHistory, Failure,
    GetConflict, GetStorage, KeepAsNew, KeepBack, KeepVersion, ListConflicts, Locks, ReleaseChange,
    ResolveConflict, Resolved, SendFirst, Storage, WrittenFile,
};
use stoa_store::{Decision, Store, StoreError, Vault};

use super::app::export_parent;
use super::check;
use super::draft::summary;
use super::transfer::{sum, sums};
use crate::conflicts::{alike, conflict, decision, stretches};
use crate::failure::OrFailure;
use crate::report;
use crate::studio::{Studio, blocking};

const MAX_ROWS: u32 = 1_000;

pub(super) async fn keep_back(studio: &Studio, request: KeepBack) -> Result<(), Failure> {
    studio
        .ask(move |store| store.keep_back(request.lid, request.kept_back))
        .await
}

pub(super) async fn send_first(studio: &Studio, request: SendFirst) -> Result<(), Failure> {
    studio.ask(move |store| store.send_first(request.lid)).await
}

pub(super) async fn release_change(studio: &Studio, request: ReleaseChange) -> Result<(), Failure> {
    studio
        .ask(move |store| match is_held(store, request.lid)? {
            true => store.release(&[request.lid]),
            false => Err(StoreError::NotFound),
        })
        .await
}

fn is_held(store: &Store, lid: i64) -> Result<bool, StoreError> {
    Ok(store.held()?.iter().any(|held| held.lid == lid))
}

pub(super) async fn list_conflicts(
    studio: &Studio,
    request: ListConflicts,
) -> Result<Vec<Conflict>, Failure> {
    let limit = check::limit(request.limit, MAX_ROWS)?;
    studio
        .ask(move |store| {
            let found = store.conflicts(request.settled, limit)?;
            let told = found
                .iter()
                .map(|one| conflict(one, alike(one, &found).len()));
            Ok(told.collect())
        })
        .await
}

pub(super) async fn get_conflict(
    studio: &Studio,
    request: GetConflict,
) -> Result<ConflictText, Failure> {
    studio
        .ask(move |store| {
            let found = store.conflict(request.id)?;
            let open = store.conflicts(false, MAX_ROWS)?;
            Ok(ConflictText {
                conflict: conflict(&found, alike(&found, &open).len()),
                stretches: stretches(&found),
            })
        })
        .await
}

pub(super) async fn resolve_conflict(
    studio: &Studio,
    request: ResolveConflict,
) -> Result<Resolved, Failure> {
    let options = studio.inner.options.clone();
    let settle = move |store: &Store| -> Result<Result<Resolved, Failure>, StoreError> {
        let found = store.conflict(request.id)?;
        let decision = match decision(&found, &request.decision) {
            Ok(decision) => decision,
            Err(failure) => return Ok(Err(failure)),
        };
        let mut ids = vec![found.id];
        if request.alike && !matches!(decision, Decision::Written(_)) {
            let open = store.conflicts(false, MAX_ROWS)?;
            ids.extend(alike(&found, &open).iter().map(|other| other.id));
        }
        store.settle_conflicts(&ids, &decision, options.clock.now(), &*options.random)?;
        Ok(Ok(Resolved {
            n: ids.len() as u64,
        }))
    };
    studio.ask(settle).await?
}

pub(super) async fn keep_version(
    studio: &Studio,
    request: KeepVersion,
) -> Result<DraftSummary, Failure> {
    let options = studio.inner.options.clone();
    let keep = move |store: &Store| {
        store.keep_version(
            request.id,
            request.mine,
            options.clock.now(),
            &*options.random,
        )
    };
    studio.ask(keep).await.map(summary)
}

pub(super) async fn keep_as_new(
    studio: &Studio,
    request: KeepAsNew,
) -> Result<DraftSummary, Failure> {
    let options = studio.inner.options.clone();
    let keep = move |store: &Store| {
        store.keep_as_new(request.draft, options.clock.now(), &*options.random)
    };
    studio.ask(keep).await.map(summary)
}

pub(super) async fn get_storage(studio: &Studio, _: GetStorage) -> Result<Storage, Failure> {
    let profile = studio.profile()?;
    let dir = studio.inner.folder.profile_dir(&profile.id);
    let locks = blocking(move || Vault::read(&dir)).await?.or_failure()?;
    let counted = studio.ask(Store::storage).await?;
    Ok(Storage {
        n_drafts: counted.n_drafts,
        n_in_bin: counted.n_in_bin,
        text_bytes: counted.text_bytes,
        database_bytes: counted.database_bytes,
        n_backups: counted.n_backups,
        backup_bytes: counted.backup_bytes,
        last_backup_at: counted.last_backup_at,
        set_aside: sum(counted.set_aside),
        files: sums(counted.files),
        is_unsent_kept_twice: counted.is_unsent_kept_twice,
        locks: Locks {
            keychain: locks.has_keychain(),
            passphrase: locks.has_passphrase(),
        },
    })
}

pub(super) async fn back_up_now(studio: &Studio, _: BackUpNow) -> Result<Storage, Failure> {
    let now = studio.now();
    studio.ask(move |store| store.backup(now)).await?;
    get_storage(studio, GetStorage {}).await
}

pub(super) async fn export_history(
    studio: &Studio,
    request: ExportHistory,
) -> Result<WrittenFile, Failure> {
    let folder = export_parent(studio, request.folder)?;
    let status = studio.status().await;
    let now = studio.now();
    let lines = studio.ask(|store| store.history(MAX_ROWS)).await?;
    let text = report::text(&status, &lines, now);
    let path = blocking(move || report::write(&folder, &text, now)).await?;
    let path =
        path.map_err(|error| Failure::new(ErrorCode::DiskFailed, error.kind().to_string()))?;
    Ok(WrittenFile {
        path: path.display().to_string(),
    })
}
