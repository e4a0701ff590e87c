//! **I3. When all is quiet, devices of equal role hold the same**: what they show is equal, equal
//! to the server's rows, and the checksums agree. Drafts of which something was refused are left
//! out: there a computer shows what only it has, and says so.

use std::collections::{BTreeMap, BTreeSet};

use super::super::machine::{Look, Machine};
use super::super::world::World;

pub(super) fn check(world: &World) {
    let disputed: BTreeSet<String> = world.machines.iter().flat_map(Machine::disputed).collect();
    let agreed = |machine: &Machine| {
        let mut looks = machine.looks();
        looks.retain(|id, _| !disputed.contains(id));
        looks
    };
    let first = agreed(&world.machines[0]);
    for machine in &world.machines[1..] {
        let other = agreed(machine);
        if other != first {
            world.fail(&format!("I3: two computers differ:\n{first:?}\n{other:?}"));
        }
    }
    compare_with_the_server(world, &first, &disputed);
    if let Some(machine) = world.machines.iter().find(|machine| machine.differs()) {
        let number = machine.number;
        world.fail(&format!("I3: the checksum of computer {number} differs"));
    }
}

fn compare_with_the_server(
    world: &World,
    shown: &BTreeMap<String, Look>,
    disputed: &BTreeSet<String>,
) {
    let held = world
        .rt
        .block_on(async { world.far.server.lock().await.holdings().await });
    let rows = held
        .drafts
        .into_iter()
        .filter(|d| !disputed.contains(&d.id));
    let rows: BTreeMap<String, (String, bool)> =
        rows.map(|d| (d.id, (d.title, d.is_binned))).collect();
    let shown = shown.iter();
    let shown: BTreeMap<String, (String, bool)> = shown
        .map(|(id, (title, is_binned, ..))| (id.clone(), (title.clone(), *is_binned)))
        .collect();
    if rows != shown {
        world.fail(&format!(
            "I3: computer and server differ:\n{shown:?}\n{rows:?}"
        ));
    }
}
