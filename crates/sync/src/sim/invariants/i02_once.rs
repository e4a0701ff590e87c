//! **I2. Each mutation takes effect at most once**, however often it is sent, and whichever life
//! of the server it reaches.

use std::collections::BTreeSet;

use super::super::world::World;

pub(super) fn check(world: &World) {
    each_number_took_effect_once(world);
    each_word_stands_once(world);
    each_version_has_its_mutation(world);
}

fn each_number_took_effect_once(world: &World) {
    let answers = world.far.answers.lock().expect("not poisoned");
    if let Some((key, n)) = answers.effects.iter().find(|(_, n)| **n > 1) {
        world.fail(&format!("I2: {key:?} took effect {n} times"));
    }
}

fn each_word_stands_once(world: &World) {
    for machine in &world.machines {
        for word in &world.record.words {
            let n = machine.text(word.draft).matches(&word.word).count();
            if n > 1 {
                world.fail(&format!("I2: {word:?} stands {n} times"));
            }
        }
    }
}

/// The last change of every draft has a mutation of its own behind it.
fn each_version_has_its_mutation(world: &World) {
    let held = world
        .rt
        .block_on(async { world.far.server.lock().await.holdings().await });
    let taken: BTreeSet<i64> = held.decisions.iter().filter_map(|d| d.seq).collect();
    if let Some(draft) = held.drafts.iter().find(|d| !taken.contains(&d.seq)) {
        world.fail(&format!("I2: nobody changed {draft:?}"));
    }
    let n_appended = held.decisions.iter().filter(|d| d.name == "doc.append");
    let n_appended = n_appended.filter(|d| d.status != "rejected").count();
    if held.updates.len() > n_appended {
        let n = held.updates.len();
        world.fail(&format!("I2: {n} text updates of {n_appended} mutations"));
    }
}
