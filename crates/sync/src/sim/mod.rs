//! The engine with real stores against a reference server, under everything that can go wrong.
//!
//! Time, randomness and the order of all steps come from the test, so that a failure repeats.
//! `STOA_SIM_CASES` sets the number of random histories.

mod machine;
mod network;
mod server;
mod world;

use std::time::Duration;

use proptest::prelude::*;
use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode as Code;

use network::Fault;
use world::{Op, World};

/// As many as a development build does within a minute.
const CASES: u32 = 24;

fn cases() -> u32 {
    let asked = std::env::var("STOA_SIM_CASES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(CASES)
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::Lost),
        4 => Just(Fault::ReplyLost),
        2 => Just(Fault::Twice),
        2 => Just(Fault::Late),
        3 => (0..20usize).prop_map(Fault::Cut),
        4 => prop_oneof![
            Just(Code::SlowDown),
            Just(Code::Unavailable),
            Just(Code::Internal),
            Just(Code::SignInAgain),
            Just(Code::CursorExpired),
        ]
        .prop_map(Fault::Refused),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let on = 0..2usize;
    let draft = 0..6usize;
    prop_oneof![
        6 => on.clone().prop_map(Op::Create),
        6 => (on.clone(), draft.clone()).prop_map(|(on, draft)| Op::Rename(on, draft)),
        2 => (on.clone(), draft.clone()).prop_map(|(on, draft)| Op::Bin(on, draft)),
        2 => (on.clone(), draft.clone()).prop_map(|(on, draft)| Op::Restore(on, draft)),
        5 => (on.clone(), draft).prop_map(|(on, draft)| Op::Write(on, draft)),
        12 => (on.clone(), 1..8usize).prop_map(|(on, n)| Op::Steps(on, n)),
        10 => (on.clone(), fault()).prop_map(|(on, fault)| Op::Meet(on, fault)),
        2 => on.clone().prop_map(Op::DeliverLate),
        2 => on.clone().prop_map(Op::CutLive),
        2 => on.clone().prop_map(Op::Nudge),
        3 => on.clone().prop_map(Op::Restart),
        3 => (1..70u64).prop_map(Op::Pass),
        1 => on.prop_map(Op::CreatePoison),
        1 => Just(Op::SetRole(Role::Member)),
        1 => Just(Op::SetRole(Role::Editor)),
        1 => Just(Op::Backup),
        1 => Just(Op::SetBack),
        1 => Just(Op::ExpireCursors),
    ]
}

fn history(seed: u64, ops: &[Op]) -> World {
    let mut world = World::new(seed, 2);
    for op in ops {
        world.run(op);
    }
    world.run(&Op::SetRole(Role::Editor));
    world.settle();
    world.retry_texts();
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_is_lost_and_all_come_to_agree(
        seed in any::<u64>(),
        ops in prop::collection::vec(op(), 1..40),
    ) {
        history(seed, &ops).check();
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let ops = [
        Op::Create(0),
        Op::Write(0, 0),
        Op::Meet(0, Fault::ReplyLost),
        Op::Steps(0, 5),
        Op::Create(1),
        Op::Meet(1, Fault::Lost),
        Op::Meet(1, Fault::Cut(3)),
        Op::Restart(0),
        Op::Rename(0, 0),
        Op::Steps(1, 9),
    ];
    assert_eq!(history(5, &ops).trace, history(5, &ops).trace);
    assert_ne!(history(5, &ops).trace, history(6, &ops).trace);
}

#[test]
fn failing_once_drains_without_anybody_doing_anything() {
    for fault in [
        Fault::Lost,
        Fault::ReplyLost,
        Fault::Twice,
        Fault::Late,
        Fault::Cut(0),
        Fault::Refused(Code::Internal),
        Fault::Refused(Code::SlowDown),
        Fault::Refused(Code::Unavailable),
        Fault::Refused(Code::SignInAgain),
        Fault::Refused(Code::CursorExpired),
    ] {
        // The fault hits the first, the second, … request.
        for at in 0..4 {
            let mut world = World::new(at, 1);
            world.run(&Op::Create(0));
            world.run(&Op::Steps(0, at as usize));
            world.run(&Op::Meet(0, fault));
            world.run(&Op::Steps(0, 1));
            world.settle();
            world.check();
            assert_eq!(world.server().titles().len(), 1, "{fault:?} at {at}");
        }
    }
}

#[test]
fn a_crash_between_the_servers_commit_and_its_answer_repeats_nothing() {
    let mut world = World::new(1, 2);
    for _ in 0..5 {
        world.run(&Op::Create(0));
        world.run(&Op::Write(0, 0));
        world.run(&Op::Meet(0, Fault::ReplyLost));
        world.run(&Op::Steps(0, 2));
        world.run(&Op::Restart(0));
    }
    world.settle();
    world.check();
    assert_eq!(world.server().titles().len(), 5);
}

#[test]
fn one_poisonous_change_is_set_aside_and_the_others_pass() {
    let mut world = World::new(3, 2);
    for _ in 0..6 {
        world.run(&Op::Create(0));
    }
    world.run(&Op::CreatePoison(0));
    for _ in 0..6 {
        world.run(&Op::Create(0));
    }
    let began = world.now;
    world.settle();
    assert_eq!(world.server().titles().len(), 12);
    assert_eq!(world.machines[0].n_failed(), 1);
    assert!(
        world.now - began < Duration::from_secs(90),
        "I8: the others waited"
    );
}

#[test]
fn a_server_set_back_is_healed_from_the_computers() {
    let mut world = World::new(4, 2);
    world.run(&Op::Create(0));
    world.settle();
    world.run(&Op::Backup);
    for on in [0, 1, 0] {
        world.run(&Op::Create(on));
        world.run(&Op::Write(on, 1));
    }
    world.settle();
    world.run(&Op::SetBack);
    world.run(&Op::Nudge(0));
    world.run(&Op::Nudge(1));
    world.settle();
    world.check();
    assert_eq!(world.server().titles().len(), 4);
}

#[test]
fn who_loses_the_role_keeps_the_unsent_work_and_gets_the_rest_back() {
    let mut world = World::new(5, 2);
    world.run(&Op::Create(0));
    world.settle();
    world.run(&Op::Write(0, 0));
    world.run(&Op::SetRole(Role::Member));
    world.run(&Op::Nudge(0));
    world.run(&Op::Nudge(1));
    world.settle();
    assert_eq!(
        world.machines[1].dump().len(),
        0,
        "I5: rows of a lost bucket"
    );
    assert_eq!(world.machines[0].n_failed(), 1);
    world.run(&Op::SetRole(Role::Editor));
    world.run(&Op::Nudge(0));
    world.run(&Op::Nudge(1));
    world.settle();
    assert_eq!(world.machines[1].dump().len(), 1);
    world.retry_texts();
    world.check();
}

#[test]
fn a_role_lost_and_given_back_between_two_hellos_costs_nothing() {
    let mut world = World::new(0, 2);
    world.run(&Op::Steps(0, 2));
    world.run(&Op::Create(1));
    world.run(&Op::Steps(1, 3));
    world.run(&Op::SetRole(Role::Member));
    world.run(&Op::Steps(0, 1));
    world.run(&Op::SetRole(Role::Editor));
    world.settle();
    world.check();
}

#[test]
fn own_work_stays_in_sight_while_a_pull_comes_in_parts() {
    let mut world = World::new(0, 2);
    for on in [0, 1, 0, 1] {
        world.run(&Op::Create(on));
    }
    world.run(&Op::Meet(0, Fault::Lost));
    world.run(&Op::Create(1));
    world.run(&Op::Create(1));
    world.run(&Op::Write(1, 1));
    world.settle();
    world.check();
}

#[test]
fn a_program_too_old_to_pull_still_sends_its_work() {
    let mut world = World::new(6, 1);
    world.server().min_schema = 2;
    world.run(&Op::Create(0));
    world.run(&Op::Steps(0, 30));
    assert_eq!(world.server().titles().len(), 1);
    world.server().min_schema = 1;
    world.run(&Op::Nudge(0));
    world.settle();
    world.check();
}
