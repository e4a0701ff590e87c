//! How the studio stands with its server: one label and the numbers beside it.

use stoa_ipc::{Connection, FilesTrouble, HeldRemoval, ProfileKind, SyncStatus};
use stoa_store::OutboxCounts;
use stoa_sync::{FilesState, Phase, SyncState};

use crate::commands::files_trouble;
use crate::place::Place;
use crate::studio::{Studio, blocking};

impl Studio {
    /// The status of the profile in hand; `local_only` when none is open.
    pub(crate) async fn status(&self) -> SyncStatus {
        let place = self.place().clone();
        if matches!(place, Place::Wiped(_)) {
            return SyncStatus {
                connection: Connection::Wiping,
                ..status(ProfileKind::Local, None, OutboxCounts::default(), None)
            };
        }
        let Some(open) = place.profile().cloned() else {
            return status(ProfileKind::Local, None, OutboxCounts::default(), None);
        };
        let store = open.store.clone();
        let counts = blocking(move || store.counts()).await;
        let counts = counts.ok().and_then(Result::ok).unwrap_or_default();
        let sync = open.sync();
        let files = sync.as_ref().and_then(|sync| Some(sync.files()?.state()));
        let held = files.and_then(|state| files_held(&state, counts));
        status(open.kind(), open.sync_state().as_ref(), counts, held)
    }
}

/// Why files that changes wait for do not travel; `None` while they do.
fn files_held(state: &FilesState, counts: OutboxCounts) -> Option<FilesTrouble> {
    if counts.n_for_files == 0 {
        return None;
    }
    if state.is_paused {
        return Some(FilesTrouble::Paused);
    }
    if state.current.is_some() {
        return None;
    }
    let outgoing = state.stuck.iter().filter(|file| file.is_outgoing);
    let keeps_all = state.trouble.filter(|_| state.stuck.is_empty());
    outgoing
        .map(|file| file.trouble)
        .max()
        .or(keeps_all)
        .map(files_trouble)
}

fn status(
    kind: ProfileKind,
    sync: Option<&SyncState>,
    counts: OutboxCounts,
    files_held: Option<FilesTrouble>,
) -> SyncStatus {
    let phase = sync.map(|state| state.phase);
    let connection = connection(kind, phase, counts, files_held.is_some());
    let has_progress = connection == Connection::Syncing;
    let progress = sync.filter(|_| has_progress);
    SyncStatus {
        connection,
        n_waiting: match kind {
            // It is sent to nobody, so nothing of it waits.
            ProfileKind::Demo => 0,
            ProfileKind::Local | ProfileKind::Connected => counts.n_intents,
        },
        n_moving: counts.n_ready
            + counts.n_held
            + match files_held {
                Some(_) => 0,
                None => counts.n_for_files,
            },
        n_failed: counts.n_failed,
        n_conflicts: counts.n_conflicts,
        n_done: progress.map_or(0, |state| state.n_done),
        n_total: progress.map_or(0, |state| state.n_total),
        last_synced_at: sync.and_then(|state| state.last_synced_at),
        next_try_at: sync.and_then(|state| state.next_try_at),
        held: sync
            .and_then(|state| state.held.as_ref())
            .map(|held| HeldRemoval {
                bucket: held.bucket.clone(),
                n: held.n,
                of: held.of,
            }),
        files_held,
    }
}

fn connection(
    kind: ProfileKind,
    phase: Option<Phase>,
    counts: OutboxCounts,
    are_files_held: bool,
) -> Connection {
    match (kind, phase) {
        (ProfileKind::Demo, _) => Connection::Demo,
        (ProfileKind::Local, None) => Connection::LocalOnly,
        // A server was chosen and nobody has signed in yet.
        (ProfileKind::Connected, None) => Connection::WaitingForSignIn,
        (_, Some(phase)) => of_phase(phase, counts, are_files_held),
    }
}

fn of_phase(phase: Phase, counts: OutboxCounts, are_files_held: bool) -> Connection {
    match phase {
        Phase::Idle if counts.n_conflicts > 0 => Connection::Conflict,
        Phase::Idle if counts.n_failed > 0 => Connection::Rejected,
        Phase::Idle if counts.n_ready > 0 => Connection::Syncing,
        Phase::Idle if are_files_held => Connection::FilesHeld,
        Phase::Idle if counts.n_for_files > 0 => Connection::Syncing,
        // What is held for a moment, or kept back by hand, is as it should be.
        Phase::Idle => Connection::Synced,
        Phase::Syncing => Connection::Syncing,
        Phase::Offline => Connection::Offline,
        Phase::WaitingForSignIn => Connection::WaitingForSignIn,
        Phase::Revoked => Connection::Revoked,
        Phase::WipeOrdered => Connection::Wiping,
        Phase::ServerTrouble => Connection::ServerTrouble,
        Phase::TooManyResets => Connection::TooManyResets,
        Phase::RemovalHeld => Connection::RemovalHeld,
        Phase::NotAMember => Connection::NotAMember,
        Phase::OtherServer => Connection::OtherServer,
        Phase::Paused => Connection::Paused,
        Phase::UpdateNeeded => Connection::UpdateNeeded,
        Phase::ServerChanged => Connection::ServerChanged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(n_waiting: u64, n_failed: u64) -> OutboxCounts {
        OutboxCounts {
            n_waiting,
            n_intents: n_waiting,
            n_held: 0,
            n_failed,
            n_conflicts: 0,
            oldest_made_at: None,
            n_ready: n_waiting,
            n_for_files: 0,
        }
    }

    #[test]
    fn a_conflict_is_told_before_a_refusal() {
        let counts = OutboxCounts {
            n_conflicts: 1,
            ..counts(0, 1)
        };
        let told = |phase| connection(ProfileKind::Connected, Some(phase), counts, true);
        assert_eq!(told(Phase::Idle), Connection::Conflict);
        assert_eq!(told(Phase::Offline), Connection::Offline);
    }

    #[test]
    fn changes_that_wait_for_files_are_told_by_what_the_files_do() {
        use stoa_domain::BlobHash;
        use stoa_sync::{FileTrouble, StuckFile};
        let waiting = OutboxCounts {
            n_for_files: 2,
            n_ready: 0,
            ..counts(2, 0)
        };
        let at_rest = FilesState::default();
        let stuck = |is_outgoing| FilesState {
            trouble: Some(FileTrouble::OverQuota),
            stuck: vec![StuckFile {
                b3: BlobHash::from_bytes([1; 32]),
                trouble: FileTrouble::OverQuota,
                is_outgoing,
            }],
            ..FilesState::default()
        };
        let travelling = FilesState {
            current: Some(BlobHash::from_bytes([2; 32])),
            ..stuck(true)
        };
        let paused = FilesState {
            is_paused: true,
            ..travelling.clone()
        };
        let broken = FilesState {
            trouble: Some(FileTrouble::Disk),
            ..FilesState::default()
        };
        let cases = [
            (at_rest, None, Connection::Syncing),
            (
                stuck(true),
                Some(FilesTrouble::OverQuota),
                Connection::FilesHeld,
            ),
            // What cannot be fetched holds no change up.
            (stuck(false), None, Connection::Syncing),
            (travelling, None, Connection::Syncing),
            (paused, Some(FilesTrouble::Paused), Connection::FilesHeld),
            (broken, Some(FilesTrouble::Disk), Connection::FilesHeld),
        ];
        for (state, held, told) in cases {
            assert_eq!(files_held(&state, waiting), held, "{state:?}");
            assert_eq!(of_phase(Phase::Idle, waiting, held.is_some()), told);
            assert_eq!(files_held(&state, counts(2, 0)), None);
        }
    }

    #[test]
    fn what_is_kept_back_by_hand_keeps_nobody_waiting() {
        let kept = OutboxCounts {
            n_ready: 0,
            ..counts(2, 0)
        };
        assert_eq!(of_phase(Phase::Idle, kept, false), Connection::Synced);
        let told = status(ProfileKind::Connected, None, kept, None);
        assert_eq!((told.n_waiting, told.n_moving), (2, 0));
    }

    #[test]
    fn each_state_has_one_label() {
        use Connection as C;
        use ProfileKind::{Connected, Demo, Local};
        let cases = [
            (Demo, None, counts(3, 0), C::Demo),
            (Local, None, counts(3, 0), C::LocalOnly),
            (Connected, None, counts(0, 0), C::WaitingForSignIn),
            (Connected, Some(Phase::Idle), counts(0, 0), C::Synced),
            (Connected, Some(Phase::Idle), counts(2, 0), C::Syncing),
            (Connected, Some(Phase::Idle), counts(2, 1), C::Rejected),
            (Connected, Some(Phase::Syncing), counts(2, 1), C::Syncing),
            (Connected, Some(Phase::Offline), counts(2, 1), C::Offline),
            (Connected, Some(Phase::Revoked), counts(0, 0), C::Revoked),
            (Connected, Some(Phase::Paused), counts(0, 0), C::Paused),
            (
                Connected,
                Some(Phase::UpdateNeeded),
                counts(0, 0),
                C::UpdateNeeded,
            ),
            (
                Connected,
                Some(Phase::ServerChanged),
                counts(0, 0),
                C::ServerChanged,
            ),
        ];
        for (kind, phase, counts, expected) in cases {
            assert_eq!(
                connection(kind, phase, counts, false),
                expected,
                "{kind:?} {phase:?}"
            );
        }
    }
}
