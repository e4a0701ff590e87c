//! What must hold, whatever happens: one module for each promise, by the number it has in the
//! documentation of sync. I4, that money is exact, has no rows yet that it could speak of.

mod i01_nothing_is_lost;
mod i02_once;
mod i03_agreement;
mod i05_only_the_roles_rows;
mod i06_own_writes_are_read;
mod i07_the_outbox_drains;
mod i08_poison_delays_nobody;
mod i09_an_old_program_loses_nothing;
mod i10_clocks_decide_nothing;
mod members_see_what_was_seen;

use crate::engine::Event;

pub(super) use i06_own_writes_are_read::Watch;
pub(super) use i07_the_outbox_drains::settle;
pub(super) use i10_clocks_decide_nothing::outcome;

use super::world::World;

/// What must hold after each step of a computer.
pub(super) fn at_every_moment(world: &mut World, on: usize, event: &Event) {
    i05_only_the_roles_rows::check(world, on, event);
    i06_own_writes_are_read::check(world, on, event);
}

/// What must hold when all is quiet.
pub(super) fn at_the_end(world: &World) {
    i01_nothing_is_lost::check(world);
    i02_once::check(world);
    i03_agreement::check(world);
    i09_an_old_program_loses_nothing::check(world);
    members_see_what_was_seen::check(world);
}
