//! The engine with real stores against the real server's routes, under everything that can go
//! wrong, on a clock and a network that belong to the simulation.
//!
//! A seed decides all: what people do, what fails and when, every id and every pause. The same
//! seed gives the same trace, to the byte. A seed that fails is made smaller until only what is
//! needed is left, and is pinned in [`regressions`].
//!
//! `STOA_SIM_SEEDS` sets how many seeds are run, `STOA_SIM_FROM` the first one.

mod invariants;
mod machine;
mod network;
mod ops;
mod place;
mod record;
mod regressions;
mod scenes;
mod seeds;
mod server;
mod shrink;
mod world;

use std::rc::Rc;

use tokio::runtime::{Builder, Runtime};

use machine::Machine;
use ops::Op;
use world::World;

/// The runtime of this thread, on which nothing happens but what is waited for.
fn runtime() -> Rc<Runtime> {
    thread_local! {
        static OWN: Rc<Runtime> = Rc::new(
            Builder::new_current_thread()
                .enable_time()
                .max_blocking_threads(4)
                .build()
                .unwrap(),
        );
    }
    OWN.with(Rc::clone)
}

/// A whole history: things happen, all heals, everything comes through and is looked at.
fn history(seed: u64, ops: &[Op]) -> World {
    let mut world = World::of_seed(seed);
    for op in ops {
        world.run(op);
    }
    end(&mut world);
    world
}

/// Heals, drains, has refused texts sent again, and looks at all that must hold.
fn end(world: &mut World) {
    invariants::settle(world);
    let n_retried: usize = world.machines.iter().map(Machine::save_refused).sum();
    if n_retried > 0 {
        invariants::settle(world);
    }
    invariants::at_the_end(world);
}
