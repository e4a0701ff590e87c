//! Short histories that show one thing each.

use std::time::Duration;

use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode as Code;
use stoa_server::test_support::DraftRow;

use super::invariants::{self, outcome};
use super::network::{Fault, Mark, Stretch};
use super::ops::{self, Op};
use super::world::World;
use super::{end, history};

fn world(machines: &[usize], ops: &[Op]) -> World {
    let mut world = World::new(7, machines);
    ops.iter().for_each(|op| world.run(op));
    world
}

fn drafts(world: &World) -> Vec<DraftRow> {
    let held = world
        .rt
        .block_on(async { world.far.server.lock().await.holdings().await });
    held.drafts
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
            let ops = [Op::Create(0), Op::Steps(0, at), Op::Meet(0, fault)];
            let mut world = world(&[0], &ops);
            world.run(&Op::Steps(0, 1));
            end(&mut world);
            assert_eq!(drafts(&world).len(), 1, "{fault:?} at {at}");
        }
    }
}

#[test]
fn a_crash_between_the_servers_commit_and_its_answer_repeats_nothing() {
    let mut world = world(&[0, 1], &[]);
    for _ in 0..5 {
        world.run(&Op::Create(0));
        world.run(&Op::Write(0, 0));
        world.run(&Op::Steps(0, 2));
        world.run(&Op::Create(0));
        world.run(&Op::Hold(0, Stretch::Back));
        world.run(&Op::Steps(0, 3));
        world.run(&Op::CrashServer);
        world.run(&Op::Restart(0));
    }
    end(&mut world);
    assert_eq!(drafts(&world).len(), 10);
}

#[test]
fn what_is_written_while_an_answer_is_on_its_way_is_kept() {
    for stretch in [Stretch::Out, Stretch::Back] {
        let ops = [
            Op::Create(0),
            Op::Steps(0, 3),
            Op::Rename(0, 0),
            Op::Hold(0, stretch),
            Op::Steps(0, 2),
            Op::Write(0, 0),
            Op::Rename(0, 0),
            Op::Create(1),
            Op::Steps(1, 6),
            Op::LetGo(0),
        ];
        let mut world = world(&[0, 1], &ops);
        end(&mut world);
        let standing: Vec<_> = world.record.standing_titles().collect();
        assert_eq!(standing.len(), 2);
    }
}

#[test]
fn one_poisonous_change_is_set_aside_and_the_others_pass() {
    for mark in Mark::ALL {
        let mut ops = vec![Op::Create(0); 6];
        ops.push(Op::CreateMarked(0, mark));
        ops.extend([Op::Create(0); 6]);
        let mut world = world(&[0, 1], &ops);
        let began = world.now;
        invariants::settle(&mut world);
        assert_eq!(drafts(&world).len(), 12);
        assert_eq!(world.machines[0].n_failed(), 1);
        let took = world.now - began;
        let hellos = Duration::from_secs(5 * 60 + 1);
        assert!(took < hellos + Duration::from_secs(90), "I8: {took:?}");
    }
}

#[test]
fn a_server_set_back_is_healed_from_the_computers() {
    let mut world = world(&[0, 1], &[Op::Create(0)]);
    invariants::settle(&mut world);
    world.run(&Op::BackUp);
    for on in [0, 1, 0] {
        world.run(&Op::Create(on));
        world.run(&Op::Write(on, 1));
    }
    invariants::settle(&mut world);
    world.run(&Op::SetBack);
    end(&mut world);
    assert_eq!(drafts(&world).len(), 4);
}

#[test]
fn who_loses_the_role_keeps_the_unsent_work_and_gets_the_rest_back() {
    let mut world = world(&[0, 1], &[Op::Create(0)]);
    invariants::settle(&mut world);
    world.run(&Op::Write(0, 0));
    world.run(&Op::SetRole(0, Role::Member));
    for on in [0, 1] {
        world.run(&Op::Nudge(on));
        world.run(&Op::Steps(on, 8));
    }
    assert_eq!(world.machines[1].looks().len(), 0, "I5");
    world.run(&Op::SetRole(0, Role::Editor));
    end(&mut world);
    assert_eq!(world.machines[1].looks().len(), 1);
}

#[test]
fn a_program_too_old_to_pull_still_sends_its_work() {
    let ops = [Op::Age(0), Op::Create(0), Op::Write(0, 0), Op::Steps(0, 30)];
    let mut world = world(&[0, 1], &ops);
    assert_eq!(drafts(&world).len(), 1);
    assert!(world.machines[0].is_update_needed());
    end(&mut world);
}

#[test]
fn a_draft_that_is_deleted_goes_everywhere() {
    let mut world = world(&[0, 1, 2], &[Op::Create(0), Op::Write(0, 0)]);
    invariants::settle(&mut world);
    world.run(&Op::Delete(1, 0));
    end(&mut world);
    assert_eq!(drafts(&world), []);
    for machine in &world.machines {
        assert_eq!(machine.drafts().len(), 0);
    }
}

#[test]
fn what_is_written_in_a_draft_that_somebody_deletes_becomes_a_new_draft() {
    let mut world = world(&[0, 1], &[Op::Create(0), Op::Write(0, 0)]);
    invariants::settle(&mut world);
    for op in [
        Op::Part(1),
        Op::Write(1, 0),
        Op::Rename(1, 0),
        Op::Delete(0, 0),
        Op::Steps(0, 12),
        Op::Join(1),
    ] {
        world.run(&op);
    }
    end(&mut world);
    let held = drafts(&world);
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].title, world.record.titles[1].title);
    let new = held[0].id.parse().unwrap();
    for word in &world.record.words {
        assert!(world.machines[0].text(new).contains(&word.word), "{word:?}");
    }
}

#[test]
fn writing_that_arrives_before_a_deletion_keeps_the_draft() {
    let mut world = world(&[0, 1], &[Op::Create(0)]);
    invariants::settle(&mut world);
    for op in [
        Op::Part(0),
        Op::Delete(0, 0),
        Op::Write(1, 0),
        Op::Steps(1, 12),
        Op::Join(0),
    ] {
        world.run(&op);
    }
    end(&mut world);
    assert_eq!(drafts(&world).len(), 1);
    assert_eq!(world.machines[0].n_failed(), 1, "the deletion was refused");
    assert!(
        world.machines[0]
            .text(world.record.drafts[0])
            .contains(&world.record.words[0].word)
    );
}

#[test]
fn who_comes_back_after_the_tombstones_are_gone_starts_anew_and_loses_nothing() {
    let mut world = world(&[0, 1], &[Op::Create(0), Op::Create(0), Op::Write(0, 0)]);
    invariants::settle(&mut world);
    for op in [
        Op::Part(1),
        Op::Write(1, 0),
        Op::Write(1, 1),
        Op::Delete(0, 0),
        Op::Steps(0, 12),
        Op::Year,
        Op::Join(1),
    ] {
        world.run(&op);
    }
    let held = world
        .rt
        .block_on(async { world.far.server.lock().await.holdings().await });
    assert_eq!(
        held.deleted,
        Vec::<String>::new(),
        "nothing holds the tombstone"
    );
    end(&mut world);
    assert_eq!(drafts(&world).len(), 1);
    let other = world.record.drafts[1];
    assert!(
        world.machines[0]
            .text(other)
            .contains(&world.record.words[2].word)
    );
}

#[test]
fn a_deletion_outlives_a_server_that_is_set_back() {
    let mut world = world(&[0, 1], &[Op::Create(0), Op::Write(0, 0)]);
    invariants::settle(&mut world);
    world.run(&Op::BackUp);
    world.run(&Op::Delete(1, 0));
    invariants::settle(&mut world);
    assert_eq!(drafts(&world), []);
    world.run(&Op::SetBack);
    end(&mut world);
    assert_eq!(
        drafts(&world),
        [],
        "the computer that deleted it says so again"
    );
    assert_eq!(world.machines[0].drafts().len(), 0);
}

/// I10: the same history ends the same, whatever the clocks say.
#[test]
fn clocks_that_were_always_ten_years_off_change_nothing() {
    const YEARS_10: i64 = 10 * 365 * 86_400_000;
    for seed in 0..60 {
        let mut ops = ops::of_seed(seed);
        ops.retain(|op| !matches!(op, Op::SetClock(..)));
        let right = outcome(&history(seed, &ops));
        let mut world = World::of_seed(seed);
        for (machine, skew) in world.machines.iter().zip([YEARS_10, -YEARS_10, YEARS_10]) {
            machine.was_always_off(skew);
        }
        ops.iter().for_each(|op| world.run(op));
        end(&mut world);
        assert_eq!(outcome(&world), right, "I10: seed {seed}");
    }
}
