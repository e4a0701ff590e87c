//! What the engine does about each answer, without network, store or clock.

use std::time::Duration;

use stoa_domain::Role;
use stoa_protocol::error::{ApiError, ApiErrorCode as Code};

use super::*;

/// An engine with the world it sees.
struct Bench {
    engine: Engine,
    view: View,
    now: Duration,
}

impl Bench {
    fn new() -> Self {
        Self {
            engine: Engine::new(42),
            view: View {
                held_until: None,
                n_waiting: 0,
                cursor: 10,
                server_id: "server".to_owned(),
                epoch: "one".to_owned(),
                role: Some(Role::Editor),
                has_tokens: true,
                is_access_over: false,
            },
            now: Duration::ZERO,
        }
    }

    /// After a hello that had nothing new.
    fn greeted() -> Self {
        let mut bench = Self::new();
        assert_eq!(bench.next(), Action::Hello);
        bench.done(Done::Hello(hello()));
        bench
    }

    fn with_waiting(n_waiting: u64) -> Self {
        let mut bench = Self::greeted();
        bench.view.n_waiting = n_waiting;
        bench
    }

    fn next(&mut self) -> Action {
        self.engine.next(self.now, &self.view)
    }

    fn on(&mut self, event: Event) {
        self.engine.on(self.now, event, &self.view);
    }

    fn done(&mut self, done: Done) {
        self.on(Event::Done(done));
    }

    fn refused(&mut self, attempt: Attempt, error: ApiError) {
        let error = TransportError::Refused(Box::new(error));
        self.on(Event::Failed(attempt, Failure::Transport(error)));
    }

    fn lost(&mut self, attempt: Attempt) {
        let error = TransportError::Unreachable("no route".to_owned());
        self.on(Event::Failed(attempt, Failure::Transport(error)));
    }

    /// Lets the time pass that the engine wants to wait, if it does.
    fn next_after_waiting(&mut self) -> Action {
        for _ in 0..10 {
            match self.next() {
                Action::Wait { until } => self.now = until,
                action => return action,
            }
        }
        panic!("the engine only waits")
    }

    /// Carries out a step in the store.
    #[track_caller]
    fn stores(&mut self, step: StoreStep) {
        assert_eq!(self.next(), Action::Store(step));
        self.done(Done::Stored);
    }
}

fn hello() -> Greeting {
    Greeting {
        server_id: "server".to_owned(),
        epoch: "one".to_owned(),
        role: Some(Role::Editor),
        head: 10,
        push_max_mutations: 500,
        push_max_bytes: 1024 * 1024,
        reset_token: None,
        speaks_our_version: true,
    }
}

fn pushed(n_done: u64) -> Done {
    Done::Pushed(Pushed {
        n_done,
        lmid: 7,
        head: 11,
        deferred: None,
    })
}

fn pulled(upto: i64) -> Pulled {
    Pulled {
        upto,
        more: false,
        lmid: 7,
        had_results: false,
        is_checksum_ok: true,
    }
}

fn error(code: Code) -> ApiError {
    ApiError::new(code, "no")
}

fn is_push(action: &Action) -> bool {
    matches!(action, Action::Push { .. })
}

#[test]
fn with_nothing_changed_one_request_is_enough() {
    let mut bench = Bench::greeted();
    assert_eq!(bench.next(), Action::OpenLive);
    assert!(matches!(bench.next(), Action::Wait { .. }));
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::Idle);
}

#[test]
fn what_waits_is_pushed_then_pulled_then_acknowledged() {
    let mut bench = Bench::with_waiting(3);
    assert!(is_push(&bench.next()));
    bench.view.n_waiting = 0;
    bench.done(pushed(3));
    assert_eq!(bench.next(), Action::Pull);
    bench.view.cursor = 11;
    bench.done(Done::Pulled(pulled(11)));
    assert_eq!(bench.next(), Action::Ack { mid: 7 });
    bench.done(Done::Acked);
    assert_eq!(bench.next(), Action::OpenLive);
}

#[test]
fn a_poke_is_pulled_without_another_hello() {
    let mut bench = Bench::greeted();
    bench.on(Event::Poked { head: 12 });
    assert_eq!(bench.next(), Action::Pull);
}

#[test]
fn what_is_announced_while_an_answer_is_on_its_way_is_pulled_too() {
    let mut bench = Bench::greeted();
    bench.on(Event::Poked { head: 12 });
    assert_eq!(bench.next(), Action::Pull);
    bench.on(Event::Poked { head: 13 });
    bench.view.cursor = 12;
    bench.done(Done::Pulled(pulled(12)));
    assert_eq!(
        bench.next(),
        Action::Pull,
        "the answer is older than the poke"
    );
    bench.view.cursor = 13;
    bench.done(Done::Pulled(pulled(13)));
    bench.on(Event::Nudged);
    assert_eq!(bench.next(), Action::Hello);
    bench.on(Event::Poked { head: 14 });
    bench.done(Done::Hello(Greeting {
        head: 13,
        ..hello()
    }));
    assert_eq!(bench.next(), Action::Pull, "and so is the hello");
}

#[test]
fn what_was_announced_and_is_not_there_is_not_asked_for_again_and_again() {
    let mut bench = Bench::greeted();
    bench.on(Event::Poked { head: 99 });
    assert_eq!(bench.next(), Action::Pull);
    bench.view.cursor = 11;
    bench.done(Done::Pulled(pulled(11)));
    assert_ne!(bench.next(), Action::Pull);
}

#[test]
fn a_failure_is_tried_again_without_anybody_asking() {
    let mut bench = Bench::with_waiting(1);
    for _ in 0..50 {
        assert!(is_push(&bench.next_after_waiting()));
        bench.lost(Attempt::Push(vec![1]));
        assert!(matches!(bench.next(), Action::Wait { .. }));
        assert_eq!(bench.engine.phase(&Action::Rest), Phase::Offline);
        assert_eq!(bench.next_after_waiting(), Action::Hello);
        bench.done(Done::Hello(hello()));
    }
}

#[test]
fn an_edit_does_not_shorten_the_wait_but_a_person_does() {
    let mut bench = Bench::with_waiting(1);
    bench.next();
    bench.lost(Attempt::Push(vec![1]));
    bench.on(Event::OutboxGrew);
    assert!(matches!(bench.next(), Action::Wait { .. }));
    bench.on(Event::Nudged);
    assert_eq!(bench.next(), Action::Hello);
}

#[test]
fn the_server_says_how_long_to_wait() {
    for code in [Code::SlowDown, Code::Unavailable] {
        let mut bench = Bench::with_waiting(1);
        bench.next();
        let mut refusal = error(code);
        refusal.retry_after = Some(90);
        bench.refused(Attempt::Push(vec![1]), refusal);
        bench.on(Event::Nudged);
        let until = Duration::from_secs(90);
        assert_eq!(bench.next(), Action::Wait { until });
    }
}

#[test]
fn an_access_token_is_refreshed_once_and_then_the_user_is_asked() {
    let mut bench = Bench::with_waiting(1);
    bench.next();
    bench.refused(Attempt::Push(vec![1]), error(Code::SignInAgain));
    assert_eq!(bench.next(), Action::Refresh);
    bench.done(Done::Refreshed);
    assert!(is_push(&bench.next()));
    bench.refused(Attempt::Push(vec![1]), error(Code::SignInAgain));
    bench.stores(StoreStep::ForgetTokens);
    assert_eq!(bench.next(), Action::Rest);
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::WaitingForSignIn);
    bench.on(Event::SignedIn);
    assert_eq!(bench.next(), Action::Hello);
}

#[test]
fn a_refresh_that_got_lost_is_sent_again() {
    let mut bench = Bench::new();
    bench.view.is_access_over = true;
    assert_eq!(bench.next(), Action::Refresh);
    bench.lost(Attempt::Refresh);
    assert_eq!(bench.next_after_waiting(), Action::Refresh);
    bench.done(Done::Refreshed);
    assert_eq!(bench.next(), Action::Hello);
}

#[test]
fn a_revoked_device_stops_and_keeps_everything() {
    let mut bench = Bench::with_waiting(1);
    bench.next();
    bench.refused(Attempt::Push(vec![1]), error(Code::DeviceRevoked));
    let waits = Action::Wait {
        until: Duration::from_secs(5 * 60),
    };
    assert_eq!(bench.next(), waits);
    assert_eq!(bench.engine.phase(&waits), Phase::Revoked);
}

#[test]
fn a_revoked_device_asks_for_orders_now_and_then_and_does_nothing_else() {
    let mut bench = Bench::with_waiting(1);
    bench.next();
    bench.refused(Attempt::Push(vec![1]), error(Code::DeviceRevoked));
    for _ in 0..3 {
        assert_eq!(bench.next_after_waiting(), Action::Hello);
        bench.refused(Attempt::Hello, error(Code::DeviceRevoked));
    }
    bench.on(Event::Nudged);
    assert_eq!(bench.next(), Action::Hello);
    bench.refused(Attempt::Hello, error(Code::SignInAgain));
    assert_eq!(bench.next(), Action::Refresh);
    bench.refused(Attempt::Refresh, error(Code::SignInAgain));
    assert_eq!(
        bench.next_after_waiting(),
        Action::Hello,
        "its tokens are kept"
    );
    bench.refused(Attempt::Hello, error(Code::WipeOrdered));
    assert!(matches!(bench.next(), Action::Wait { .. }));
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::WipeOrdered);
}

#[test]
fn a_device_that_has_access_again_goes_on() {
    let mut bench = Bench::with_waiting(1);
    bench.next();
    bench.refused(Attempt::Push(vec![1]), error(Code::DeviceRevoked));
    assert_eq!(bench.next_after_waiting(), Action::Hello);
    bench.done(Done::Hello(hello()));
    assert!(matches!(bench.next(), Action::Push { .. }));
}

#[test]
fn another_server_or_another_certificate_stops() {
    let mut bench = Bench::new();
    bench.done(Done::Hello(Greeting {
        server_id: "another".to_owned(),
        ..hello()
    }));
    assert_eq!(
        bench
            .engine
            .phase(&bench.engine.clone().next(bench.now, &bench.view)),
        Phase::OtherServer
    );
    let mut bench = Bench::new();
    let untrusted = TransportError::Untrusted("unknown issuer".to_owned());
    bench.on(Event::Failed(Attempt::Hello, Failure::Transport(untrusted)));
    assert_eq!(bench.next(), Action::Rest);
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::ServerChanged);
}

#[test]
fn a_server_that_fails_is_not_called_offline() {
    let mut bench = Bench::with_waiting(1);
    bench.next();
    bench.refused(Attempt::Push(vec![1]), error(Code::Internal));
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::ServerTrouble);
    bench.lost(Attempt::Hello);
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::Offline);
}

#[test]
fn after_a_removal_work_is_handed_in_and_then_nothing_stays() {
    let mut bench = Bench::new();
    bench.view.n_waiting = 2;
    assert_eq!(bench.next(), Action::Hello);
    bench.done(Done::Hello(Greeting {
        role: None,
        ..hello()
    }));
    assert!(is_push(&bench.next()));
    bench.view.n_waiting = 0;
    bench.done(pushed(2));
    assert_eq!(bench.next(), Action::Ack { mid: 7 });
    bench.done(Done::Acked);
    bench.stores(StoreStep::LeaveCommunity);
    bench.view.cursor = 0;
    assert!(matches!(bench.next(), Action::Wait { .. }), "once");
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::NotAMember);
    // Let in again.
    assert_eq!(bench.next_after_waiting(), Action::Hello);
    bench.done(Done::Hello(hello()));
    assert_eq!(bench.next(), Action::Pull);
}

#[test]
fn work_that_nobody_takes_after_a_removal_is_set_aside() {
    let mut bench = Bench::new();
    bench.view.n_waiting = 2;
    bench.next();
    bench.done(Done::Hello(Greeting {
        role: None,
        ..hello()
    }));
    bench.next();
    bench.refused(Attempt::Push(vec![1, 2]), error(Code::NotFound));
    bench.stores(StoreStep::ParkWaiting);
    bench.view.n_waiting = 0;
    bench.stores(StoreStep::LeaveCommunity);
    assert!(matches!(bench.next(), Action::Wait { .. }));
}

#[test]
fn a_held_removal_stops_pulls_only_until_the_user_or_the_server_says_so() {
    let removal = Removal {
        bucket: "content".to_owned(),
        n: 300,
        of: 400,
    };
    let mut bench = Bench::greeted();
    bench.on(Event::Poked { head: 12 });
    assert_eq!(bench.next(), Action::Pull);
    bench.done(Done::Held(removal.clone()));
    bench.on(Event::Poked { head: 13 });
    assert_eq!(bench.next(), Action::OpenLive);
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::RemovalHeld);
    bench.view.n_waiting = 1;
    assert!(is_push(&bench.next()), "work is sent");
    bench.view.n_waiting = 0;
    bench.done(pushed(1));
    assert_eq!(bench.next(), Action::Ack { mid: 7 });
    bench.done(Done::Acked);
    bench.on(Event::RemovalAllowed);
    bench.stores(StoreStep::AllowRemoval(removal.clone()));
    assert_eq!(bench.next(), Action::Hello);
    bench.done(Done::Hello(hello()));
    assert_eq!(bench.next(), Action::Pull);
    bench.done(Done::Held(removal));
    bench.on(Event::Nudged);
    assert_eq!(bench.next(), Action::Hello);
    bench.done(Done::Hello(Greeting {
        reset_token: Some("token".to_owned()),
        ..hello()
    }));
    bench.stores(StoreStep::NoteResetToken("token".to_owned()));
    assert_eq!(bench.next(), Action::Pull);
}

#[test]
fn a_gap_is_sent_again_from_where_the_server_stands() {
    let mut bench = Bench::with_waiting(2);
    bench.next();
    let mut gap = error(Code::OutOfOrder);
    gap.expected = Some(5);
    bench.refused(Attempt::Push(vec![7, 8]), gap);
    bench.stores(StoreStep::ResendFrom(5));
    assert!(is_push(&bench.next()));
}

#[test]
fn a_new_epoch_is_adopted_and_everything_pulled_anew() {
    let mut bench = Bench::with_waiting(1);
    bench.next();
    bench.refused(Attempt::Push(vec![1]), error(Code::EpochChanged));
    assert_eq!(bench.next(), Action::Hello);
    let mut restored = hello();
    restored.epoch = "two".to_owned();
    restored.head = 4;
    bench.done(Done::Hello(restored));
    bench.stores(StoreStep::AdoptEpoch("two".to_owned()));
    bench.view.epoch = "two".to_owned();
    bench.view.cursor = 0;
    bench.view.n_waiting = 0;
    assert_eq!(bench.next(), Action::Pull);
}

#[test]
fn a_head_below_the_cursor_is_a_rollback_that_is_healed() {
    let mut bench = Bench::new();
    bench.next();
    let mut behind = hello();
    behind.head = 4;
    bench.done(Done::Hello(behind));
    bench.stores(StoreStep::ResetBuckets);
    bench.view.cursor = 0;
    assert_eq!(bench.next(), Action::Pull);
    bench.done(Done::Pulled(pulled(4)));
    bench.stores(StoreStep::ResendFrom(8));
}

#[test]
fn only_the_bucket_whose_cursor_expired_starts_anew() {
    let mut bench = Bench::greeted();
    bench.on(Event::Poked { head: 12 });
    assert_eq!(bench.next(), Action::Pull);
    let mut expired = error(Code::CursorExpired);
    expired.field = Some("texts".to_owned());
    bench.refused(Attempt::Pull, expired);
    bench.stores(StoreStep::ResetBucket("texts".to_owned()));
    assert_eq!(bench.next(), Action::Pull);
}

#[test]
fn an_expired_cursor_starts_anew_but_not_for_ever() {
    let mut bench = Bench::greeted();
    bench.on(Event::Poked { head: 12 });
    for _ in 0..3 {
        assert_eq!(bench.next(), Action::Pull);
        bench.refused(Attempt::Pull, error(Code::CursorExpired));
        bench.stores(StoreStep::ResetBuckets);
    }
    assert_eq!(bench.next(), Action::Pull);
    bench.refused(Attempt::Pull, error(Code::CursorExpired));
    assert_eq!(bench.engine.trouble(), Some(&Trouble::TooManyResets));
    assert_ne!(bench.next(), Action::Pull);
    bench.view.n_waiting = 1;
    assert!(is_push(&bench.next()), "what waits still goes out");
    bench.view.n_waiting = 0;
    bench.now += Duration::from_secs(3600);
    bench.next();
    bench.done(Done::Hello(hello()));
    bench.on(Event::Poked { head: 13 });
    assert_eq!(
        bench.next(),
        Action::Pull,
        "an hour later it is tried again"
    );
}

#[test]
fn a_difference_is_mended_once_and_then_reported() {
    let mut bench = Bench::greeted();
    bench.on(Event::Poked { head: 12 });
    let different = Done::Pulled(Pulled {
        is_checksum_ok: false,
        ..pulled(12)
    });
    bench.next();
    bench.done(different.clone());
    bench.stores(StoreStep::ResetBuckets);
    assert_eq!(bench.next(), Action::Pull);
    bench.view.cursor = 12;
    bench.done(different);
    assert_eq!(bench.engine.trouble(), Some(&Trouble::Differs));
    assert_eq!(bench.next(), Action::OpenLive);
}

#[test]
fn a_program_too_old_to_pull_still_pushes() {
    let mut bench = Bench::with_waiting(1);
    bench.on(Event::Poked { head: 12 });
    bench.refused(Attempt::Pull, error(Code::ClientTooOld));
    assert!(is_push(&bench.next()));
    bench.view.n_waiting = 0;
    bench.done(pushed(1));
    assert_eq!(bench.next(), Action::Ack { mid: 7 });
    bench.done(Done::Acked);
    let action = bench.next();
    assert_eq!(bench.engine.phase(&action), Phase::UpdateNeeded);
}

#[test]
fn a_push_that_cannot_be_read_is_halved_down_to_the_one_to_blame() {
    for code in [Code::Malformed, Code::TooLarge] {
        let mut bench = Bench::with_waiting(500);
        let mut n_pushes = 0;
        loop {
            match bench.next() {
                Action::Push { limit, .. } => {
                    n_pushes += 1;
                    let mids = (1..=limit as i64).collect();
                    bench.refused(Attempt::Push(mids), error(code));
                }
                Action::Store(StoreStep::Park { mid: 1, .. }) => break,
                action => panic!("{action:?}"),
            }
        }
        assert!(n_pushes <= 10);
    }
}

#[test]
fn the_one_that_is_named_is_set_aside_at_once() {
    let mut bench = Bench::with_waiting(3);
    bench.next();
    let mut invalid = error(Code::InvalidMutation);
    invalid.index = Some(1);
    bench.refused(Attempt::Push(vec![5, 6, 7]), invalid);
    bench.stores(StoreStep::Park {
        mid: 6,
        why: ParkReason::Invalid,
    });
    assert!(is_push(&bench.next()));
}

#[test]
fn what_makes_the_server_fail_five_times_is_set_aside() {
    let mut bench = Bench::with_waiting(3);
    let mut n_pushes = 0;
    loop {
        match bench.next_after_waiting() {
            Action::Hello => bench.done(Done::Hello(hello())),
            Action::Push { limit, .. } => {
                n_pushes += 1;
                let mids = (1..=3).take(limit).collect();
                bench.refused(Attempt::Push(mids), error(Code::Internal));
            }
            Action::Store(step) => {
                let why = ParkReason::Poison;
                break assert_eq!(step, StoreStep::Park { mid: 1, why });
            }
            action => panic!("{action:?}"),
        }
    }
    assert_eq!(n_pushes, 6, "once together, five times alone");
    assert!(
        bench.now < Duration::from_secs(60),
        "others waited {:?}",
        bench.now
    );
}

#[test]
fn a_server_that_cannot_even_greet_costs_no_change_its_place() {
    let mut bench = Bench::with_waiting(1);
    bench.next();
    bench.refused(Attempt::Push(vec![1]), error(Code::Internal));
    for _ in 0..20 {
        assert_eq!(bench.next_after_waiting(), Action::Hello);
        bench.refused(Attempt::Hello, error(Code::Internal));
    }
}

#[test]
fn pushes_and_long_pulls_take_turns() {
    let mut bench = Bench::with_waiting(10_000);
    bench.on(Event::Poked { head: 1_000_000 });
    let mut turns = Vec::new();
    for _ in 0..40 {
        let action = bench.next();
        turns.push(is_push(&action));
        match action {
            Action::Push { .. } => bench.done(pushed(500)),
            Action::Pull => bench.done(Done::Pulled(Pulled {
                more: true,
                ..pulled(11)
            })),
            action => panic!("{action:?}"),
        }
    }
    assert!(turns[..20].contains(&true) && turns[..20].contains(&false));
    assert!(turns[20..].contains(&true) && turns[20..].contains(&false));
}

#[test]
fn a_paused_engine_rests_and_goes_on_where_it_was() {
    let mut bench = Bench::with_waiting(1);
    bench.on(Event::Paused(true));
    assert_eq!(bench.next(), Action::Rest);
    assert_eq!(bench.engine.phase(&Action::Rest), Phase::Paused);
    bench.on(Event::Paused(false));
    assert_eq!(bench.next(), Action::Hello);
    bench.done(Done::Hello(hello()));
    assert!(is_push(&bench.next()));
}

#[test]
fn a_full_disk_is_waited_for() {
    let mut bench = Bench::new();
    bench.next();
    let mut promoted = hello();
    promoted.role = Some(Role::Admin);
    bench.done(Done::Hello(promoted));
    let step = Action::Store(StoreStep::SetRole(Role::Admin));
    for _ in 0..3 {
        assert_eq!(bench.next_after_waiting(), step);
        let full = Failure::Store("no space left on the disk".to_owned());
        bench.on(Event::Failed(Attempt::Store, full));
        assert!(matches!(bench.next(), Action::Wait { .. }));
    }
}

#[test]
fn a_live_connection_that_ends_is_opened_again_later() {
    let mut bench = Bench::greeted();
    assert_eq!(bench.next(), Action::OpenLive);
    bench.on(Event::LiveOpened);
    let quiet = bench.next();
    assert!(matches!(quiet, Action::Wait { until } if until >= Duration::from_secs(300)));
    let gone = TransportError::Unreachable("closed".to_owned());
    bench.on(Event::LiveClosed(gone));
    assert_eq!(bench.next(), Action::Hello, "perhaps the network is gone");
    bench.done(Done::Hello(hello()));
    assert_eq!(bench.next_after_waiting(), Action::OpenLive);
}

#[test]
fn a_role_without_buckets_does_not_pull_for_ever() {
    let mut bench = Bench::greeted();
    bench.view.cursor = 0;
    bench.on(Event::Poked { head: 12 });
    assert_eq!(bench.next(), Action::Pull);
    bench.done(Done::Pulled(pulled(12)));
    assert_eq!(bench.next(), Action::OpenLive);
}

#[test]
fn a_quiet_studio_wakes_when_the_next_held_change_may_go() {
    let mut bench = Bench::greeted();
    assert_eq!(bench.next(), Action::OpenLive);
    bench.on(Event::LiveOpened);
    let until = bench.now + Duration::from_secs(4);
    bench.view.held_until = Some(until);
    assert_eq!(bench.next(), Action::Wait { until });
}
