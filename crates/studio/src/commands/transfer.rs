//! How files travel, and which of them stay on this computer.

use stoa_domain::BlobHash;
use stoa_ipc::{
    ErrorCode, EvictFile, EvictFiles, EvictedFiles, Failure, FileSum, FileSums, FilesPlace,
    FilesStatus, FilesTrouble, GetFiles, KeepAllFiles, KeepFile, LimitFiles, ListUsedFiles,
    PauseFiles, RetryFiles, StuckFile, UsedFile,
};
use stoa_store::{FilesControls, FilesWhere, Store, StoreError, Where};
use stoa_sync::{FileTrouble, FilesState};

use super::check;
use crate::failure::OrFailure;
use crate::studio::{News, Studio};

const MAX_ROWS: u32 = 1_000;
/// So many files that do not travel are told.
const MAX_STUCK: usize = 50;
/// So many files the server looks for at once before they are taken away here.
const ASK_ABOUT: u32 = 100;

pub(crate) async fn get_files(studio: &Studio, _: GetFiles) -> Result<FilesStatus, Failure> {
    let sync = studio.profile()?.sync();
    let state = sync.as_ref().and_then(|sync| Some(sync.files()?.state()));
    let state = state.unwrap_or_default();
    let told = studio.ask(move |store| {
        let (work, controls) = (store.file_work()?, store.files_controls()?);
        Ok(FilesStatus {
            to_send: work.to_send,
            to_fetch: work.to_fetch,
            n_done: state.n_done,
            n_total: state.n_total,
            seconds_left: state.seconds_left,
            is_paused: controls.is_paused,
            bytes_per_second: controls.bytes_per_second,
            trouble: state.trouble.map(trouble),
            stuck: stuck(store, &state)?,
        })
    });
    told.await
}

fn stuck(store: &Store, state: &FilesState) -> Result<Vec<StuckFile>, StoreError> {
    let mut told = Vec::new();
    for file in state.stuck.iter().take(MAX_STUCK) {
        // One that no draft uses any more holds nothing up.
        let Some(used) = store.used_file(file.b3)? else {
            continue;
        };
        told.push(StuckFile {
            b3: used.b3,
            name: used.name,
            size: used.size,
            draft: used.draft,
            title: used.title,
            trouble: trouble(file.trouble),
            is_outgoing: file.is_outgoing,
        });
    }
    Ok(told)
}

pub(crate) fn trouble(trouble: FileTrouble) -> FilesTrouble {
    match trouble {
        FileTrouble::Offline => FilesTrouble::Offline,
        FileTrouble::Lost => FilesTrouble::Lost,
        FileTrouble::Refused => FilesTrouble::Refused,
        FileTrouble::NoRoom => FilesTrouble::NoRoom,
        FileTrouble::OverQuota => FilesTrouble::OverQuota,
        FileTrouble::Disk => FilesTrouble::Disk,
    }
}

pub(super) async fn limit_files(
    studio: &Studio,
    request: LimitFiles,
) -> Result<FilesStatus, Failure> {
    if request.bytes_per_second == Some(0) {
        return Err(Failure::field("bytes_per_second", "out-of-range"));
    }
    control(studio, move |controls| {
        controls.bytes_per_second = request.bytes_per_second;
    })
    .await
}

pub(super) async fn pause_files(
    studio: &Studio,
    request: PauseFiles,
) -> Result<FilesStatus, Failure> {
    control(studio, move |controls| controls.is_paused = request.paused).await
}

/// On the disk first, so that it outlasts a restart.
async fn control(
    studio: &Studio,
    change: impl FnOnce(&mut FilesControls) + Send + 'static,
) -> Result<FilesStatus, Failure> {
    let controls = studio.ask(move |store| store.change_files_controls(change));
    let controls = controls.await?;
    if let Some(sync) = studio.profile()?.sync()
        && let Some(files) = sync.files()
    {
        files.control(controls);
    }
    studio.tell(News::Transfer);
    studio.tell(News::Sync);
    get_files(studio, GetFiles {}).await
}

pub(super) async fn retry_files(studio: &Studio, _: RetryFiles) -> Result<FilesStatus, Failure> {
    if let Some(sync) = studio.profile()?.sync()
        && let Some(files) = sync.files()
    {
        files.now();
    }
    get_files(studio, GetFiles {}).await
}

pub(super) async fn list_used_files(
    studio: &Studio,
    request: ListUsedFiles,
) -> Result<Vec<UsedFile>, Failure> {
    let limit = check::limit(request.limit, MAX_ROWS)?;
    let place = match request.place {
        FilesPlace::Anywhere => FilesWhere::Anywhere,
        FilesPlace::Here => FilesWhere::Here,
        FilesPlace::OnlyHere => FilesWhere::OnlyHere,
        FilesPlace::OnlyOnServer => FilesWhere::OnlyOnServer,
    };
    let files = studio
        .ask(move |store| store.used_files(place, limit))
        .await?;
    Ok(files.into_iter().map(told).collect())
}

fn told(file: stoa_store::UsedFile) -> UsedFile {
    UsedFile {
        b3: file.b3,
        name: file.name,
        media_type: file.media_type,
        size: file.size,
        draft: file.draft,
        title: file.title,
        n_drafts: file.n_drafts,
        is_here: file.here == Where::Whole,
        is_on_server: file.is_on_server,
        is_kept: file.is_kept,
        can_go: file.can_go,
    }
}

pub(super) fn sums(sums: stoa_store::FileSums) -> FileSums {
    FileSums {
        used: sum(sums.used),
        here: sum(sums.here),
        only_here: sum(sums.only_here),
        only_on_server: sum(sums.only_on_server),
        kept: sum(sums.kept),
        can_go: sum(sums.can_go),
        unused: sum(sums.unused),
    }
}

pub(super) fn sum(sum: stoa_store::FileSum) -> FileSum {
    FileSum {
        n: sum.n,
        bytes: sum.bytes,
    }
}

pub(super) async fn keep_file(studio: &Studio, request: KeepFile) -> Result<(), Failure> {
    let now = studio.now();
    studio
        .ask(move |store| store.keep_file(request.b3, request.keep, now))
        .await
}

pub(super) async fn keep_all_files(studio: &Studio, request: KeepAllFiles) -> Result<(), Failure> {
    let now = studio.now();
    let kept = studio.ask(move |store| store.keep_all_files(request.keep, now));
    kept.await.map(drop)
}

pub(super) async fn evict_file(studio: &Studio, request: EvictFile) -> Result<(), Failure> {
    let used = studio.ask(move |store| store.used_file(request.b3)).await?;
    let used = used.ok_or_else(|| Failure::new(ErrorCode::NotFound, "no draft uses it"))?;
    if !used.can_go || evict(studio, vec![request.b3]).await?.gone.n == 0 {
        return Err(Failure::field("file", "file-must-stay"));
    }
    Ok(())
}

pub(super) async fn evict_files(studio: &Studio, _: EvictFiles) -> Result<EvictedFiles, Failure> {
    let (mut all, mut after) = (EvictedFiles::default(), None);
    loop {
        let page = studio.ask(move |store| store.files_that_can_go(after, ASK_ABOUT));
        let page = page.await?;
        let Some(last) = page.last().copied() else {
            return Ok(all);
        };
        after = Some(last);
        let some = evict(studio, page).await?;
        all.gone.n += some.gone.n;
        all.gone.bytes += some.gone.bytes;
        all.n_stayed += some.n_stayed;
    }
}

/// Takes files away that the server, asked just now, has whole.
async fn evict(studio: &Studio, files: Vec<BlobHash>) -> Result<EvictedFiles, Failure> {
    let sync = studio.profile()?.sync();
    let not_signed_in = || Failure::new(ErrorCode::SignInAgain, "no server can be asked");
    let sync = sync.ok_or_else(not_signed_in)?;
    let missing = sync.missing_files(files.clone()).await.or_failure()?;
    let evicted = studio.ask(move |store| {
        store.files_are_missing(&missing)?;
        let there = files.into_iter().filter(|b3| !missing.contains(b3));
        let gone = store.evict_files(&there.collect::<Vec<_>>())?;
        Ok(EvictedFiles {
            gone: sum(gone),
            n_stayed: missing.len() as u64,
        })
    });
    evicted.await
}
