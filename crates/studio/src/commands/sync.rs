//! The sync centre: what waits, what failed, what happened.

use std::collections::BTreeMap;
use std::time::Duration;

use stoa_domain::{BlobHash, DraftId};
use stoa_ipc::{
    AllowRemoval, Change, ChangeState, ChangeText, DiscardChange, ErrorCode, Failure, GetSync,
    HistoryEntry, HistoryStep, ListChanges, ListHistory, NeededFile, PauseSync, ProfileKind,
    RetryChange, SyncNow, SyncStatus, TakenWord,
};
use stoa_mutators::RejectCode;
use stoa_store::{ChangeKind, OutboxEntry, Store, StoreError};
use stoa_sync::Phase;
use tokio::time::Instant;

use super::check;
use super::undo::{passed_over, text};
use crate::place::Place;
use crate::studio::{News, Studio};

const MAX_ROWS: u32 = 1_000;
/// So many steps of before stand in the history to be taken back from there.
const MAX_STEPS: u32 = 200;
/// So many of the files that a change waits for are named.
const NAMED_FILES: usize = 3;
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
    let standing = Standing::of(studio)?;
    studio
        .ask(move |store| {
            let entries = match request.failed {
                true => store.failed(limit)?,
                false => store.waiting(limit)?,
            };
            let changes = standing.changes(store, entries)?;
            Ok(match request.failed {
                true => under_their_makings(changes),
                false => intents(changes),
            })
        })
        .await
}

/// What only the running sync knows of what waits.
struct Standing {
    held_until: BTreeMap<i64, Instant>,
    /// The file that travels.
    travelling: Option<BlobHash>,
}

impl Standing {
    fn of(studio: &Studio) -> Result<Self, Failure> {
        let sync = studio.profile()?.sync();
        let files = sync.as_ref().and_then(|sync| Some(sync.files()?.state()));
        Ok(Self {
            held_until: sync
                .map(|sync| sync.status().held_until)
                .unwrap_or_default(),
            travelling: files.and_then(|files| files.current),
        })
    }

    fn changes(&self, store: &Store, entries: Vec<OutboxEntry>) -> Result<Vec<Change>, StoreError> {
        let on_posts: Vec<(i64, DraftId)> = entries
            .iter()
            .filter(|entry| matches!(entry.kind, ChangeKind::Publish | ChangeKind::Withdraw))
            .map(|entry| (entry.lid, entry.draft))
            .collect();
        let told = |entry: OutboxEntry| {
            let is_built_on = on_posts
                .iter()
                .any(|(lid, draft)| *draft == entry.draft && *lid > entry.lid);
            let (needs, held_seconds) = (self.needs(store, &entry)?, self.held_seconds(&entry));
            let can_republish = can_republish(&entry, is_built_on);
            Ok(Change {
                needs,
                held_seconds,
                can_republish,
                ..change(entry)
            })
        };
        entries.into_iter().map(told).collect()
    }

    /// Until the running sync has seen it, the whole moment is before it.
    fn held_seconds(&self, entry: &OutboxEntry) -> Option<u64> {
        let whole = Some(entry.held_seconds).filter(|seconds| *seconds > 0)?;
        let left = self.held_until.get(&entry.lid).map(|end| {
            let left = end.saturating_duration_since(Instant::now());
            left.as_millis().div_ceil(1_000)
        });
        Some(left.map_or(whole, |left| {
            u64::try_from(left).unwrap_or(whole).min(whole)
        }))
    }

    fn needs(&self, store: &Store, entry: &OutboxEntry) -> Result<Vec<NeededFile>, StoreError> {
        let mut needs = Vec::new();
        for b3 in entry.needs.iter().take(NAMED_FILES) {
            let Ok(b3) = b3.parse::<BlobHash>() else {
                continue;
            };
            if let Some(used) = store.used_file(b3)? {
                needs.push(NeededFile {
                    name: used.name,
                    size: used.size,
                    is_travelling: self.travelling == Some(b3),
                });
            }
        }
        Ok(needs)
    }
}

/// Whether another publication can take the place of this one.
fn can_republish(entry: &OutboxEntry, is_built_on: bool) -> bool {
    let is_late = |code: &str| {
        [RejectCode::Conflict, RejectCode::TooLate]
            .map(RejectCode::as_str)
            .contains(&code)
    };
    entry.kind == ChangeKind::Publish
        && match entry.state {
            stoa_store::ChangeState::Waiting => !is_built_on,
            stoa_store::ChangeState::Rejected => entry.code.as_deref().is_some_and(is_late),
            stoa_store::ChangeState::UnderWay | stoa_store::ChangeState::Parked => false,
        }
}

/// One row for each thing somebody meant to do: a new draft stands with its title and its text,
/// and writing in a draft is one thing however often it was saved.
fn intents(changes: Vec<Change>) -> Vec<Change> {
    let mut rows: Vec<Change> = Vec::new();
    for entry in changes {
        let older_elsewhere = rows.iter().any(|row| row.draft != entry.draft);
        let entry = Change {
            can_go_first: older_elsewhere && entry.state == ChangeState::Waiting,
            ..entry
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
fn under_their_makings(changes: Vec<Change>) -> Vec<Change> {
    let mut rows: Vec<Change> = Vec::new();
    for entry in changes {
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
    row.needs.extend(more.needs);
    row.needs.truncate(NAMED_FILES);
    row.held_seconds = row.held_seconds.max(more.held_seconds);
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
        needs: Vec::new(),
        held_seconds: None,
        live_at: entry.live_at,
        unless_after: entry.unless_after,
        can_republish: false,
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
    let asked = studio.ask(move |store| Ok((store.history(limit)?, store.steps_done(MAX_STEPS)?)));
    let (entries, steps) = asked.await?;
    let mut lines: Vec<HistoryEntry> = entries.into_iter().map(history_entry).collect();
    lines.extend(steps.into_iter().map(history_step));
    // Each list is in its order already, and what happened at one moment stays in it.
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    lines.truncate(limit as usize);
    Ok(lines)
}

fn history_step(step: stoa_store::StepDone) -> HistoryEntry {
    HistoryEntry {
        at: step.at,
        kind: "done".to_owned(),
        n: step.text.n_of,
        text: None,
        step: Some(HistoryStep {
            n: step.n,
            text: text(step.text),
            stays: step.stays.map(passed_over),
        }),
    }
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
        step: None,
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
