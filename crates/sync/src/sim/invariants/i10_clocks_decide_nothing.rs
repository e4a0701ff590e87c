//! **I10. A clock that is wrong by ten years changes nothing but what is displayed.** The same
//! history with right and with wrong clocks has to end the same.

use std::collections::BTreeMap;

use super::super::machine::Look;
use super::super::world::World;

/// How a history ended, without the ids and times that hold a clock.
pub(crate) fn outcome(world: &World) -> Vec<(usize, BTreeMap<usize, Look>, u64)> {
    let ends = world.machines.iter().map(|machine| {
        let looks = machine.looks();
        let drafts = world.record.drafts.iter().enumerate();
        let shown = drafts
            .filter_map(|(number, id)| Some((number, looks.get(&id.to_string())?.clone())))
            .collect();
        (machine.number, shown, machine.n_failed())
    });
    ends.collect()
}
