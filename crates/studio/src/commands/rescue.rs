//! Backups, restoring one, and taking out of a damaged profile what can be read.

use std::path::PathBuf;

use stoa_ipc::{
    Backup, BackupKind, ErrorCode, Failure, ListBackups, RestoreBackup, RestoreFrom, Restored,
    Salvage, Salvaged,
};
use stoa_store::{BackupFile, VaultKey};

use super::app::export_parent;
use crate::export::new_folder;
use crate::failure::OrFailure;
use crate::folder::ProfileFile;
use crate::place::{Place, Shut, Why};
use crate::studio::{News, Studio, blocking};

/// A profile whose key is known, open or not.
struct InHand {
    id: String,
    file: ProfileFile,
    key: VaultKey,
    /// What the window learns while its files are worked on: a page that says why the profile does
    /// not open stays, and with it what is said on it.
    why: Why,
}

pub(super) async fn list_backups(studio: &Studio, _: ListBackups) -> Result<Vec<Backup>, Failure> {
    let InHand { id, key, .. } = in_hand(studio)?;
    let dir = studio.inner.folder.profile_dir(&id);
    let found = blocking(move || stoa_store::backups(&dir, &key)).await?;
    Ok(found.or_failure()?.into_iter().map(backup).collect())
}

pub(super) async fn restore_backup(
    studio: &Studio,
    request: RestoreBackup,
) -> Result<Restored, Failure> {
    let options = studio.inner.options.clone();
    let set_aside = while_shut(studio, move |dir, key| {
        let from = match &request.from {
            RestoreFrom::Backup { name } => stoa_store::RestoreFrom::Backup(name),
            RestoreFrom::Nothing => stoa_store::RestoreFrom::Nothing,
        };
        let (now, random) = (options.clock.now(), &*options.random);
        stoa_store::restore(&dir, key, from, now, random).or_failure()
    });
    let set_aside = set_aside.await?.display().to_string();
    Ok(Restored {
        state: studio.state().await,
        set_aside,
    })
}

pub(super) async fn salvage(studio: &Studio, request: Salvage) -> Result<Salvaged, Failure> {
    let parent = export_parent(studio, request.folder)?;
    let now = studio.now();
    while_shut(studio, move |dir, key| {
        let folder = new_folder(&parent, now).or_failure()?;
        let read = stoa_store::salvage(&dir, key, &folder).or_failure()?;
        Ok(Salvaged {
            path: folder.display().to_string(),
            n_drafts: read.n_drafts,
            n_rows: read.n_rows,
            n_unsent: read.n_unsent,
            n_pages: read.n_pages,
            n_damaged_pages: read.n_damaged_pages,
            n_broken_rows: read.n_broken_rows,
        })
    })
    .await
}

fn in_hand(studio: &Studio) -> Result<InHand, Failure> {
    let place = studio.place();
    match &*place {
        Place::Open(open) => Ok(InHand {
            id: open.id.clone(),
            file: open.file(),
            key: open.key.clone(),
            why: Why::Busy,
        }),
        Place::Shut(Shut {
            id,
            file,
            key: Some(key),
            why,
        }) => Ok(InHand {
            id: id.clone(),
            file: file.clone(),
            key: key.clone(),
            why: *why,
        }),
        Place::Nothing
        | Place::Unconfirmed(_)
        | Place::Shut(_)
        | Place::Away(_)
        | Place::Wiped(_) => Err(Failure::new(ErrorCode::Locked, "there is no key")),
    }
}

/// Works on the files of the profile in hand while nobody has them open, and opens it afterwards,
/// as far as it opens.
async fn while_shut<T: Send + 'static>(
    studio: &Studio,
    work: impl FnOnce(PathBuf, &VaultKey) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let door = studio.inner.door.lock().await;
    let InHand { id, file, key, why } = in_hand(studio)?;
    let shut = Place::Shut(Shut {
        id: id.clone(),
        file,
        why,
        key: Some(key.clone()),
    });
    studio.leave_for(shut).await;
    studio.tell(News::State);
    let dir = studio.inner.folder.profile_dir(&id);
    let with = key.clone();
    let done = blocking(move || work(dir, &with)).await;
    drop(door);
    if let Err(failure) = studio.enter(&id, key, true).await {
        tracing::info!(code = failure.code.as_str(), "the profile stays shut");
        studio.is_busy_no_more(&id, failure.code);
    }
    done?
}

fn backup(file: BackupFile) -> Backup {
    Backup {
        name: file.name,
        kind: match file.kind {
            stoa_store::BackupKind::Rolling => BackupKind::Rolling,
            stoa_store::BackupKind::BeforeMigration => BackupKind::BeforeMigration,
            stoa_store::BackupKind::BeforeRefetch => BackupKind::BeforeRefetch,
        },
        made_at: file.made_at,
        bytes: file.bytes,
        schema: file.schema,
    }
}
