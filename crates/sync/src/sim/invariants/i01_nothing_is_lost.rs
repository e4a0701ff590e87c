//! **I1. No edit that was said to be saved is ever lost.** It is shown, or kept in the history of
//! its field, or waits with a reason for the person to decide. "Kept" means that the person can
//! get at it: it is in the server's rows or in what a computer exports. What somebody saw and
//! deleted knowingly is not lost; what others wrote there meanwhile would be.

use super::super::world::World;

pub(super) fn check(world: &World) {
    let kept: Vec<String> = world.machines.iter().map(|m| m.everything()).collect();
    let held = world
        .rt
        .block_on(async { world.far.server.lock().await.holdings().await });
    let is_kept = |text: &str| {
        world.record.let_go.contains(text)
            || kept.iter().any(|all| all.contains(text))
            || held.drafts.iter().any(|draft| draft.title == text)
            || held.overridden.iter().any(|value| value.contains(text))
    };
    for titled in world.record.standing_titles() {
        if !is_kept(&titled.title) {
            world.fail(&format!("I1: a title is lost: {titled:?}"));
        }
    }
    for described in world.record.standing_excerpts() {
        if !is_kept(&described.title) {
            world.fail(&format!("I1: an excerpt is lost: {described:?}"));
        }
    }
    for name in world.record.standing_names() {
        if !is_kept(&name.word) {
            world.fail(&format!("I1: the name of a version is lost: {name:?}"));
        }
    }
    for word in &world.record.words {
        if !is_kept(&word.word) {
            world.fail(&format!("I1: a word is lost: {word:?}"));
        }
    }
}
