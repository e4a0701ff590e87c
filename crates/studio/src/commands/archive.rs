//! Putting the open profile aside, and what can be done with those that were.

use stoa_ipc::{
    AppState, ArchiveInfo, ArchiveProfile, ErrorCode, ExportArchive, Exported, Failure,
    ListArchives, ProfileKind, PutBackArchive,
};
use stoa_store::{Opened, Store, Vault};

use super::app::export_parent;
use crate::archive::Note;
use crate::export::new_folder;
use crate::failure::OrFailure;
use crate::place::Place;
use crate::studio::{Studio, blocking};

pub(super) async fn archive_profile(
    studio: &Studio,
    _: ArchiveProfile,
) -> Result<AppState, Failure> {
    let _door = studio.inner.door.lock().await;
    let (id, file, note) = {
        let open = studio.profile()?;
        if open.kind() == ProfileKind::Demo {
            return Err(Failure::field("profile", "demo"));
        }
        let counts = studio.ask(Store::counts).await?;
        let note = Note {
            archived_at: studio.now(),
            n_unsent: counts.n_intents + counts.n_failed,
        };
        (open.id.clone(), open.file(), note)
    };
    studio.leave().await;
    let (folder, moved) = (studio.inner.folder.clone(), id.clone());
    let put_aside = blocking(move || folder.put_aside(&moved, &note)).await?;
    if let Err(error) = put_aside {
        // It stays the profile it was.
        studio.begin_opening(id, file);
        return Err(error).or_failure();
    }
    studio.set_place(Place::Nothing);
    Ok(studio.state().await)
}

pub(super) async fn list_archives(
    studio: &Studio,
    _: ListArchives,
) -> Result<Vec<ArchiveInfo>, Failure> {
    let folder = studio.inner.folder.clone();
    blocking(move || folder.archives()).await
}

pub(super) async fn put_back_archive(
    studio: &Studio,
    request: PutBackArchive,
) -> Result<AppState, Failure> {
    let _door = studio.inner.door.lock().await;
    let (folder, id) = (studio.inner.folder.clone(), request.id.clone());
    blocking(move || {
        folder.existing_archive(&id).ok_or_else(not_found)?;
        folder.put_back(&id).or_failure()
    })
    .await??;
    studio.leave().await;
    let mut profiles = studio.inner.folder.profiles().into_iter();
    let (id, file) = profiles
        .find(|(id, _)| *id == request.id)
        .ok_or_else(not_found)?;
    studio.begin_opening(id, file);
    Ok(studio.state().await)
}

pub(super) async fn export_archive(
    studio: &Studio,
    request: ExportArchive,
) -> Result<Exported, Failure> {
    let options = studio.inner.options.clone();
    let parent = export_parent(studio, None)?;
    let (folder, now) = (studio.inner.folder.clone(), studio.now());
    blocking(move || {
        let dir = folder.existing_archive(&request.id).ok_or_else(not_found)?;
        let vault = Vault::read(&dir).or_failure()?;
        let key = vault.unlock_with_keychain(&*options.secrets).or_failure()?;
        let (Opened::ReadWrite(store) | Opened::ReadOnly(store)) =
            Store::open(&dir, &key, now).or_failure()?;
        let to = new_folder(&parent, now).or_failure()?;
        let n_drafts = store.export(&to).or_failure()?;
        let path = to.display().to_string();
        Ok(Exported { path, n_drafts })
    })
    .await?
}

fn not_found() -> Failure {
    Failure::new(ErrorCode::NotFound, "there is no such archive")
}
