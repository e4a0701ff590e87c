//! **I9. A program too old to pull still hands its work over, and loses nothing when it is made
//! new.** In a simulation programs are old for a while and are all new at the end; what they sent
//! and kept is looked at by I1, so that here only nothing may be left waiting.

use super::super::world::World;

pub(super) fn check(world: &World) {
    for machine in &world.machines {
        let n_waiting = machine.store().counts().unwrap().n_waiting;
        if n_waiting > 0 {
            world.fail(&format!("I9: {n_waiting} changes still wait"));
        }
    }
}
