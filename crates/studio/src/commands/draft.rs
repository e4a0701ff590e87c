//! Drafts: lists, changes, editing sessions, imported files.

use std::path::{Path, PathBuf};

use stoa_ipc::{
    BinDraft, BinEmptied, CloseDraft, CreateDraft, DeleteDrafts, DraftPage, DraftSummary,
    DuplicateDraft, EditDraft, EditReply, EmptyBin, Failure, GetDraft, ImportFailure, ImportFiles,
    ImportReply, ListDrafts, MeantList, OpenDraft, OpenedDraft, PostState, RemotePatch,
    RenameDraft, RestoreDraft, ReviewMark, SavedState, ShelfCount,
};
use stoa_store::{DraftFilter, DraftListPage, DraftListing, PageKey, Saved, Store, StoreError};

use super::{check, listing};
use crate::StudioOptions;
use crate::import::read_file;
use crate::studio::Studio;

const MAX_PAGE: u32 = 200;
const MAX_FILES: usize = 500;
const MAX_DELETED: usize = 1_000;

pub(super) async fn list_drafts(
    studio: &Studio,
    request: ListDrafts,
) -> Result<DraftPage, Failure> {
    let limit = check::limit(request.limit, MAX_PAGE)?;
    let after = page_key(request.after.as_deref())?;
    let meant = MeantList {
        query: request.query,
        shelf: request.shelf,
        filter: request.filter,
    };
    let Some(filter) = listing::meant(studio, meant)? else {
        return Ok(DraftPage {
            drafts: Vec::new(),
            next: None,
            n_total: 0,
            shelves: shelves(studio).await?,
        });
    };
    let filter = DraftFilter {
        sort: request.sort.on(request.shelf),
        after,
        limit,
        ..filter
    };
    let page = studio.ask(move |store| store.list_drafts(&filter)).await?;
    Ok(page_reply(page, shelves(studio).await?))
}

async fn shelves(studio: &Studio) -> Result<Vec<ShelfCount>, Failure> {
    let now = studio.inner.options.clock.now();
    let counts = studio.ask(move |store| store.count_shelves(now)).await?;
    let counts = counts.into_iter();
    Ok(counts.map(|(shelf, n)| ShelfCount { shelf, n }).collect())
}

fn page_key(after: Option<&str>) -> Result<Option<PageKey>, Failure> {
    after
        .map(|key| key.parse().map_err(|_| Failure::field("after", "invalid")))
        .transpose()
}

fn page_reply(page: DraftListPage, shelves: Vec<ShelfCount>) -> DraftPage {
    DraftPage {
        drafts: page.drafts.into_iter().map(summary).collect(),
        next: page.next.map(|key| key.to_string()),
        n_total: page.n_total,
        shelves,
    }
}

pub(super) async fn get_draft(studio: &Studio, request: GetDraft) -> Result<DraftSummary, Failure> {
    let get = move |store: &Store| store.draft(request.id);
    studio.ask(get).await.map(summary)
}

pub(super) async fn create_draft(
    studio: &Studio,
    request: CreateDraft,
) -> Result<DraftSummary, Failure> {
    let title = check::title(&request.title)?;
    let options = studio.inner.options.clone();
    let create = move |store: &Store| {
        store.create_draft_of(request.kind, title, options.clock.now(), &*options.random)
    };
    studio.ask(create).await.map(summary)
}

pub(super) async fn open_draft(
    studio: &Studio,
    request: OpenDraft,
) -> Result<OpenedDraft, Failure> {
    let random = studio.inner.options.random.clone();
    let opened = studio
        .ask(move |store| store.open_text(request.id, &*random))
        .await?;
    Ok(OpenedDraft {
        session: opened.session,
        summary: summary(opened.listing),
        markdown: opened.markdown,
        editable: opened.editable,
    })
}

pub(super) async fn edit_draft(studio: &Studio, request: EditDraft) -> Result<EditReply, Failure> {
    let options = studio.inner.options.clone();
    let edit = move |store: &Store| {
        let EditDraft {
            session,
            applied,
            splices,
        } = request;
        store.edit_text(
            session,
            applied,
            &splices,
            options.clock.now(),
            &*options.random,
        )
    };
    studio.profile()?.was_written();
    let outcome = studio.ask(edit).await?;
    Ok(EditReply {
        saved: saved(outcome.saved),
        n_words: outcome.n_words,
        edited_at: outcome.edited_at,
        remote: outcome
            .remote
            .map(|(revision, splices)| RemotePatch { revision, splices }),
    })
}

pub(super) async fn close_draft(studio: &Studio, request: CloseDraft) -> Result<(), Failure> {
    studio
        .ask(move |store| store.close_text(request.session))
        .await
}

pub(super) async fn rename_draft(
    studio: &Studio,
    request: RenameDraft,
) -> Result<DraftSummary, Failure> {
    let title = check::title(&request.title)?;
    let now = studio.now();
    studio
        .ask(move |store| store.rename_draft(request.id, title, now))
        .await
        .map(summary)
}

pub(super) async fn duplicate_draft(
    studio: &Studio,
    request: DuplicateDraft,
) -> Result<DraftSummary, Failure> {
    let title = check::title(&request.title)?;
    let options = studio.inner.options.clone();
    let duplicate = move |store: &Store| {
        store.duplicate_draft(request.id, title, options.clock.now(), &*options.random)
    };
    studio.ask(duplicate).await.map(summary)
}

pub(super) async fn bin_draft(studio: &Studio, request: BinDraft) -> Result<(), Failure> {
    let now = studio.now();
    studio
        .ask(move |store| store.bin_draft(request.id, now))
        .await
        .map(drop)
}

pub(super) async fn restore_draft(studio: &Studio, request: RestoreDraft) -> Result<(), Failure> {
    let now = studio.now();
    studio
        .ask(move |store| store.restore_draft(request.id, now))
        .await
        .map(drop)
}

pub(super) async fn delete_drafts(studio: &Studio, request: DeleteDrafts) -> Result<(), Failure> {
    if request.ids.len() > MAX_DELETED {
        return Err(Failure::field("ids", "too-long"));
    }
    let now = studio.now();
    studio
        .ask(move |store| store.delete_drafts(&request.ids, now))
        .await
}

pub(super) async fn empty_bin(studio: &Studio, _: EmptyBin) -> Result<BinEmptied, Failure> {
    let now = studio.now();
    let (n_deleted, n_left) = studio.ask(move |store| store.empty_bin(now)).await?;
    Ok(BinEmptied { n_deleted, n_left })
}

pub(super) async fn import_files(
    studio: &Studio,
    request: ImportFiles,
) -> Result<ImportReply, Failure> {
    if request.paths.len() > MAX_FILES {
        return Err(Failure::field("paths", "too-long"));
    }
    let options = studio.inner.options.clone();
    let import = move |store: &Store| import_all(store, &request.paths, &options);
    studio.ask(import).await
}

/// Each file for itself: one that cannot be read does not keep the others out.
fn import_all(
    store: &Store,
    paths: &[String],
    options: &StudioOptions,
) -> Result<ImportReply, StoreError> {
    let mut reply = ImportReply {
        drafts: Vec::new(),
        failures: Vec::new(),
    };
    for path in paths.iter().map(PathBuf::from) {
        match read_file(&path) {
            Ok(file) => {
                let now = options.clock.now();
                let draft =
                    store.import_draft(file.title, &file.markdown, now, &*options.random)?;
                reply.drafts.push(summary(draft));
            }
            Err(why) => reply.failures.push(ImportFailure {
                file: file_name(&path),
                reason: why.reason().to_owned(),
            }),
        }
    }
    Ok(reply)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

pub(super) fn summary(draft: DraftListing) -> DraftSummary {
    let post = post_state(&draft);
    DraftSummary {
        id: draft.id,
        title: draft.title,
        excerpt: draft.excerpt,
        n_words: draft.n_words,
        edited_at: draft.edited_at,
        binned_at: draft.binned_at,
        archived_at: draft.archived_at,
        post,
        review: draft.review.map(|badge| ReviewMark {
            status: badge.status,
            is_for_me: badge.is_for_me,
            closed_at: badge.closed_at,
            n_unresolved: badge.n_unresolved,
        }),
        course: draft.course,
        content: draft.content,
        author: draft.author,
        saved: saved(draft.saved),
    }
}

fn post_state(draft: &DraftListing) -> Option<PostState> {
    let is_away = draft.binned_at.is_some() || draft.archived_at.is_some();
    let post = draft.post.as_ref().filter(|_| !is_away);
    let post = post.filter(|post| post.withdrawn_at.is_none())?;
    Some(PostState {
        version: post.version,
        live_at: post.live_at,
        at: post.at,
        is_changed: draft.is_changed,
    })
}

fn saved(saved: Saved) -> SavedState {
    match saved {
        Saved::OnThisComputer => SavedState::OnThisComputer,
        Saved::Synced => SavedState::Synced,
        Saved::NeedsAttention => SavedState::NeedsAttention,
    }
}
