//! The sync centre: what waits, what failed, what happened.

use std::time::Duration;

use stoa_ipc::{
    AllowRemoval, Change, ChangeState, ChangeText, DiscardChange, ErrorCode, Failure, GetSync,
    HistoryEntry, ListChanges, ListHistory, PauseSync, ProfileKind, RetryChange, SyncNow,
    SyncStatus, TakenWord,
};
use stoa_mutators::RejectCode;
use stoa_store::OutboxEntry;
use stoa_sync::Phase;

use super::check;
use crate::place::Place;
use crate::studio::{News, Studio};

const MAX_ROWS: u32 = 1_000;
/// How long is waited for sync to heed a pause.
const PAUSES_WITHIN: Duration = Duration::from_secs(1);

pub(super) async fn sync_status(studio: &Studio, _: GetSync) -> Result<SyncStatus, Failure> {
    if matches!(&*studio.place(), Place::Wiped(_)) {
        return Err(Failure::new(ErrorCode::Wiped, "the profile was wiped"));
    }
    Ok(studio.status().await)
}

pub(super) async fn sync_now(studio: &Studio, _: SyncNow) -> Result<(), Failure> {
    if let Some(sync) = studio.profile()?.sync() {
        sync.now();
    }
    Ok(())
}

pub(super) async fn pause_sync(studio: &Studio, request: PauseSync) -> Result<SyncStatus, Failure> {
    if let Some(sync) = studio.profile()?.sync() {
        let mut states = sync.subscribe();
        sync.pause(request.paused);
        // The answer must not be older than the event that tells of it. A state that stands before
        // the pause (signed out, removed) stays as it is.
        let is_done = states.wait_for(|state| (state.phase == Phase::Paused) == request.paused);
        drop(tokio::time::timeout(PAUSES_WITHIN, is_done).await);
    }
    studio.tell(News::Sync);
    Ok(studio.status().await)
}

pub(super) async fn allow_removal(studio: &Studio, _: AllowRemoval) -> Result<SyncStatus, Failure> {
    if let Some(sync) = studio.profile()?.sync() {
        sync.allow_removal();
    }
    studio.tell(News::Sync);
    Ok(studio.status().await)
}

pub(super) async fn list_changes(
    studio: &Studio,
    request: ListChanges,
) -> Result<Vec<Change>, Failure> {
    let limit = check::limit(request.limit, MAX_ROWS)?;
    if studio.profile()?.kind() == ProfileKind::Demo {
        // It is sent to nobody, so nothing of it waits.
        return Ok(Vec::new());
    }
    let entries = studio.ask(move |store| {
        if request.failed {
            store.failed(limit)
        } else {
            store.waiting(limit)
        }
    });
    let entries = entries.await?;
    Ok(match request.failed {
        true => under_their_makings(entries),
        false => intents(entries),
    })
}

/// One row for each thing somebody meant to do: a new draft stands with its title and its text,
/// and writing in a draft is one thing however often it was saved.
fn intents(entries: Vec<OutboxEntry>) -> Vec<Change> {
    let mut rows: Vec<Change> = Vec::new();
    for entry in entries {
        let older_elsewhere = rows.iter().any(|row| row.draft != entry.draft);
        let entry = Change {
            can_go_first: older_elsewhere && entry.state == stoa_store::ChangeState::Waiting,
            ..change(entry)
        };
        let same = rows.iter_mut().find(|row| {
            row.draft == entry.draft
                && (row.text.kind == "create"
                    || row.text.kind == "write" && entry.text.kind == "write")
        });
        match same {
            Some(row) => join(row, entry),
            None => rows.push(entry),
        }
    }
    rows
}

/// What was refused only because the making of its draft was stands under that, and all work on a
/// draft that was deleted elsewhere is one thing to decide about.
fn under_their_makings(entries: Vec<OutboxEntry>) -> Vec<Change> {
    let mut rows: Vec<Change> = Vec::new();
    for entry in entries.into_iter().map(change) {
        let heads = |row: &&mut Change| {
            let is_making = row.text.kind == "create";
            row.draft == entry.draft && (is_making || is_of_deleted(row) && is_of_deleted(&entry))
        };
        match rows.iter_mut().find(heads) {
            Some(row) => join(row, entry),
            None => rows.push(entry),
        }
    }
    rows
}

fn is_of_deleted(change: &Change) -> bool {
    let deleted = RejectCode::Deleted.as_str();
    matches!(&change.state, ChangeState::Rejected { code } if code == deleted)
}

fn join(row: &mut Change, more: Change) {
    row.n += more.n;
    row.size += more.size;
    row.n_needs += more.n_needs;
    row.kept_back |= more.kept_back;
    row.can_discard &= more.can_discard;
    row.can_go_first &= more.can_go_first;
    // The making of a draft takes over a title that was given before it was sent, so what was
    // written before that knows an older one.
    if row.text.kind != "create" || more.text.kind == "rename" {
        row.text.title = more.text.title;
    }
}

fn change(entry: OutboxEntry) -> Change {
    let state = state(entry.state, entry.code);
    Change {
        n: 1,
        n_needs: entry.needs.len() as u64,
        kept_back: entry.kept_back,
        can_go_first: false,
        taken: entry.taken.map(|taken| TakenWord {
            word: taken.word,
            tag: taken.tag,
        }),
        lid: entry.lid,
        text: ChangeText {
            kind: entry.kind.as_str().to_owned(),
            title: entry.title,
        },
        can_discard: state != ChangeState::UnderWay,
        state,
        made_at: entry.made_at,
        size: entry.size,
        draft: entry.draft,
    }
}

fn state(state: stoa_store::ChangeState, code: Option<String>) -> ChangeState {
    match state {
        stoa_store::ChangeState::Waiting => ChangeState::Waiting,
        stoa_store::ChangeState::UnderWay => ChangeState::UnderWay,
        stoa_store::ChangeState::Rejected => ChangeState::Rejected {
            code: code.unwrap_or_else(|| "unknown".to_owned()),
        },
        stoa_store::ChangeState::Parked => ChangeState::Rejected {
            code: "parked".to_owned(),
        },
    }
}

pub(super) async fn list_history(
    studio: &Studio,
    request: ListHistory,
) -> Result<Vec<HistoryEntry>, Failure> {
    let limit = check::limit(request.limit, MAX_ROWS)?;
    let entries = studio.ask(move |store| store.history(limit)).await?;
    Ok(entries.into_iter().map(history_entry).collect())
}

fn history_entry(entry: stoa_store::HistoryEntry) -> HistoryEntry {
    HistoryEntry {
        at: entry.at,
        kind: entry.kind.as_str().to_owned(),
        n: entry.n,
        text: entry.text.map(|text| ChangeText {
            kind: text.kind.as_str().to_owned(),
            title: text.title,
        }),
    }
}

pub(super) async fn discard_change(studio: &Studio, request: DiscardChange) -> Result<(), Failure> {
    let now = studio.now();
    studio
        .ask(move |store| store.discard(request.lid, now))
        .await
}

pub(super) async fn retry_change(studio: &Studio, request: RetryChange) -> Result<(), Failure> {
    let now = studio.now();
    studio.ask(move |store| store.retry(request.lid, now)).await
}
