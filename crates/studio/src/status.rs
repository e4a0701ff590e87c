//! How the studio stands with its server: one label and the numbers beside it.

use stoa_ipc::{Connection, HeldRemoval, ProfileKind, SyncStatus};
use stoa_store::OutboxCounts;
use stoa_sync::{Phase, SyncState};

use crate::studio::{Studio, blocking};

impl Studio {
    /// The status of the profile in hand; `local_only` when none is open.
    pub(crate) async fn status(&self) -> SyncStatus {
        let open = self.place().profile().cloned();
        let Some(open) = open else {
            return status(ProfileKind::Local, None, OutboxCounts::default());
        };
        let store = open.store.clone();
        let counts = blocking(move || store.counts()).await;
        let counts = counts.ok().and_then(Result::ok).unwrap_or_default();
        status(open.kind(), open.sync_state().as_ref(), counts)
    }
}

fn status(kind: ProfileKind, sync: Option<&SyncState>, counts: OutboxCounts) -> SyncStatus {
    let connection = connection(kind, sync.map(|state| state.phase), counts);
    let has_progress = connection == Connection::Syncing;
    let progress = sync.filter(|_| has_progress);
    SyncStatus {
        connection,
        n_waiting: match kind {
            // It is sent to nobody, so nothing of it waits.
            ProfileKind::Demo => 0,
            ProfileKind::Local | ProfileKind::Connected => counts.n_intents,
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
    }
}

fn connection(kind: ProfileKind, phase: Option<Phase>, counts: OutboxCounts) -> Connection {
    match (kind, phase) {
        (ProfileKind::Demo, _) => Connection::Demo,
        (ProfileKind::Local, None) => Connection::LocalOnly,
        // A server was chosen and nobody has signed in yet.
        (ProfileKind::Connected, None) => Connection::WaitingForSignIn,
        (_, Some(phase)) => of_phase(phase, counts),
    }
}

fn of_phase(phase: Phase, counts: OutboxCounts) -> Connection {
    match phase {
        Phase::Idle if counts.n_conflicts > 0 => Connection::Conflict,
        Phase::Idle if counts.n_failed > 0 => Connection::Rejected,
        Phase::Idle if counts.n_waiting > counts.n_held => Connection::Syncing,
        Phase::Idle => Connection::Synced,
        Phase::Syncing => Connection::Syncing,
        Phase::Offline => Connection::Offline,
        Phase::WaitingForSignIn => Connection::WaitingForSignIn,
        Phase::Revoked => Connection::Revoked,
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
        }
    }

    #[test]
    fn a_conflict_is_told_before_a_refusal() {
        let counts = OutboxCounts {
            n_conflicts: 1,
            ..counts(0, 1)
        };
        let told = |phase| connection(ProfileKind::Connected, Some(phase), counts);
        assert_eq!(told(Phase::Idle), Connection::Conflict);
        assert_eq!(told(Phase::Offline), Connection::Offline);
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
                connection(kind, phase, counts),
                expected,
                "{kind:?} {phase:?}"
            );
        }
    }
}
