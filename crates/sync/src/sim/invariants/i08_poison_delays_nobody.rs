//! **I8. A mutation that nobody can process delays the others by less than one round of tries**:
//! five tries with growing pauses, then it stands aside and the rest flows.

use std::time::Duration;

use super::super::world::World;

/// What anything may take to come through when all is well again: a pause that had begun before.
const ANY: Duration = Duration::from_secs(150);
/// Five tries with the longest pauses there are.
const ROUND: Duration = Duration::from_secs(5 * 60);

pub(super) fn check(world: &World, took: Duration) {
    let allowed = ANY + ROUND * world.record.n_marks;
    if took > allowed {
        world.fail(&format!("I8: the others waited {took:?}"));
    }
}
