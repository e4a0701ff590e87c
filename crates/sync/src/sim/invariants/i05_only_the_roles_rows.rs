//! **I5. After a completed pull a device holds no row outside its role.** What its person wrote
//! and the server has not taken stays; it is theirs.

use stoa_store::Saved;

use super::super::world::World;
use crate::engine::{Done, Event};

pub(super) fn check(world: &World, on: usize, event: &Event) {
    let Event::Done(Done::Pulled(pulled)) = event else {
        return;
    };
    let machine = &world.machines[on];
    if pulled.more || machine.network.granted().iter().any(|b| b == "content") {
        return;
    }
    let drafts = machine.drafts().into_values();
    let foreign: Vec<_> = drafts.filter(|d| d.saved == Saved::Synced).collect();
    if !foreign.is_empty() {
        world.fail(&format!("I5: rows of a lost bucket: {foreign:?}"));
    }
}
