//! **I7. The outbox drains whenever the server can be reached**, within a bounded number of steps
//! and a bounded time, without anybody doing anything but signing in where that is asked for.

use std::time::Duration;

use stoa_domain::Role;

use super::super::machine::{Machine, Stepped};
use super::super::ops::Op;
use super::super::world::World;
use super::i08_poison_delays_nobody;

const STEPS: usize = 3_000;
const TIME: Duration = Duration::from_secs(15 * 60);

/// A quiet studio asks how things stand at least this often: then it learns of another role.
const HELLO: Duration = Duration::from_secs(5 * 60 + 1);

/// Nothing fails any more, programs are new, roles are given back; then all has to come through.
pub(crate) fn settle(world: &mut World) {
    for on in 0..world.machines.len() {
        let network = world.machines[on].network.clone();
        network.heal();
        world.rt.block_on(network.deliver_late());
        if network.is_old() {
            world.run(&Op::Upgrade(on));
        }
    }
    if world.record.has_refusals {
        for person in 0..2 {
            world.run(&Op::SetRole(person, Role::Editor));
        }
        drain(world);
        world.pass(HELLO);
    }
    drain(world);
}

fn drain(world: &mut World) {
    let began = world.now;
    for _ in 0..STEPS {
        let n = world.machines.len();
        let stepped: Vec<Stepped> = (0..n).map(|on| world.step(on)).collect();
        if stepped.iter().any(|s| matches!(s, Stepped::Did(_))) {
            continue;
        }
        let (rt, now) = (&world.rt, world.now);
        let mut has_signed_in = false;
        for machine in &mut world.machines {
            has_signed_in |= machine.sign_in_if_asked(rt, now);
        }
        if has_signed_in {
            continue;
        }
        if world.machines.iter().all(Machine::is_quiet) {
            return i08_poison_delays_nobody::check(world, world.now - began);
        }
        let until = stepped.iter().filter_map(|stepped| match stepped {
            Stepped::WaitsUntil(until) => Some(*until),
            _ => None,
        });
        let now = world.now;
        if let Some(until) = until.min()
            && until > now
        {
            world.pass(until - now);
        }
        if world.now - began > TIME {
            world.fail("I7: not through in time");
        }
    }
    world.fail("I7: not through in so many steps");
}
