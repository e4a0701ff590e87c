//! The protocol of sync as a model: two devices, a server, a network that loses, doubles and
//! delays. Every state that can be reached within the bounds is looked at; and a model of a
//! server that makes a mistake has to fail, so that it is known that the model can.

mod promises;
mod protocol;
mod state;
mod world;

use stateright::{Checker, HasDiscoveries, Model};

use protocol::{Bounds, Mistake, Protocol};

const SMALL: Bounds = Bounds {
    edits: [1, 1],
    n_lost: 1,
    n_twice: 0,
    n_restores: 0,
    n_roles: 0,
    n_crashes: 1,
    n_deletions: 0,
    n_sweeps: 0,
};

const DELETING: Bounds = Bounds {
    n_crashes: 0,
    n_deletions: 1,
    n_sweeps: 1,
    ..SMALL
};

/// With `STOA_MODEL=large` one device makes two edits: many times the states.
fn bounded(bounds: Bounds) -> Bounds {
    let is_large = std::env::var("STOA_MODEL").is_ok_and(|size| size == "large");
    let edits = if is_large { [2, 1] } else { bounds.edits };
    Bounds { edits, ..bounds }
}

#[track_caller]
fn holds(bounds: Bounds) {
    let (mistake, bounds) = (Mistake::None, bounded(bounds));
    let checker = Protocol { mistake, bounds }.checker().threads(2);
    let checker = checker.finish_when(HasDiscoveries::AnyFailures);
    let checker = checker.spawn_bfs().join();
    if let Some((name, path)) = checker.discoveries().into_iter().next() {
        panic!("{name}: {:#?}", path.into_actions());
    }
    // The bounds leave something to look at.
    assert!(checker.unique_state_count() > 1_000);
}

#[track_caller]
fn is_caught(mistake: Mistake, bounds: Bounds, promise: &str) {
    let checker = Protocol { mistake, bounds }.checker().threads(2);
    let checker = checker.finish_when(HasDiscoveries::AnyFailures);
    let checker = checker.spawn_bfs().join();
    let found = checker.discoveries();
    assert!(
        found.keys().any(|name| name.starts_with(promise)),
        "{mistake:?} was not caught by {promise}: {:?}",
        found.keys()
    );
}

#[test]
fn losing_and_doubling_costs_nothing() {
    holds(Bounds {
        n_lost: 2,
        n_twice: 1,
        ..SMALL
    });
}

#[test]
fn a_server_set_back_is_healed() {
    holds(Bounds {
        n_restores: 1,
        ..SMALL
    });
}

#[test]
fn a_role_that_goes_and_comes_loses_no_work() {
    holds(Bounds {
        n_roles: 1,
        n_twice: 1,
        ..SMALL
    });
}

#[test]
fn a_deletion_reaches_whoever_slept_through_its_tombstone() {
    holds(Bounds {
        edits: [2, 1],
        ..DELETING
    });
}

#[test]
fn a_deletion_outlasts_a_server_set_back() {
    holds(Bounds {
        n_restores: 1,
        n_lost: 0,
        ..DELETING
    });
}

#[test]
fn deletions_forgotten_in_silence_are_caught() {
    let bounds = Bounds {
        edits: [2, 1],
        ..DELETING
    };
    is_caught(Mistake::SilentSweep, bounds, "I3");
}

#[test]
fn numbers_handed_out_before_their_turn_are_caught() {
    let bounds = Bounds { n_lost: 0, ..SMALL };
    is_caught(Mistake::Serial, bounds, "I3");
}

#[test]
fn a_number_written_apart_from_its_rows_is_caught() {
    is_caught(Mistake::NumberApart, SMALL, "I2");
}

#[test]
fn a_database_set_back_in_silence_is_caught() {
    let bounds = Bounds {
        n_restores: 1,
        ..SMALL
    };
    is_caught(Mistake::SilentRestore, bounds, "I1");
}
