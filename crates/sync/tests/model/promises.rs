//! What has to hold in every state the model can reach.

use stateright::{Model, Property};

use crate::protocol::{Protocol, Step};
use crate::state::Device;
use crate::world::State;

/// Without another fault, all is through after so many steps.
const DRAIN: usize = 60;

pub(crate) fn all() -> Vec<Property<Protocol>> {
    vec![
        Property::always("I1: nothing is lost", |_, state| nothing_is_lost(state)),
        Property::always("I2: each edit takes effect once", |_, state| is_once(state)),
        Property::always("I3: the quiet agree", |_, state| the_quiet_agree(state)),
        Property::always("I5: without the role no rows", |_, state| is_clean(state)),
        Property::always("I7: from everywhere it drains", drains),
    ]
}

fn is_once(state: &State) -> bool {
    state.server.effects.values().all(|n| *n <= 1)
}

fn is_clean(state: &State) -> bool {
    let is_clean = |device: &Device| device.is_granted || device.base.is_empty();
    state.devices.iter().all(is_clean)
}

/// An edit waits, was refused for its author to see, is with the server, or is in the journal of
/// a device that does not know the server's past yet and will send it again.
fn nothing_is_lost(state: &State) -> bool {
    state.devices.iter().enumerate().all(|(number, device)| {
        let will_heal = device.epoch != state.server.epoch || device.must_heal;
        (0..device.n_made).all(|n| {
            let edit = (number, n);
            device.outbox.iter().any(|(_, one)| one.edit == edit)
                || device.refused.contains(&edit)
                || state.server.effects.contains_key(&edit)
                || will_heal && device.journal.iter().any(|(_, one)| one.edit == edit)
        })
    })
}

fn the_quiet_agree(state: &State) -> bool {
    if !state.is_quiet() {
        return true;
    }
    let rows = state.server.rows.keys().copied().collect();
    let agrees = |device: &Device| !device.is_granted || device.base == rows;
    state.devices.iter().all(agrees)
}

/// Lets everything arrive, in some order, and nothing fail.
fn drains(model: &Protocol, state: &State) -> bool {
    let mut state = state.clone();
    for _ in 0..DRAIN {
        if state.is_quiet() {
            return true;
        }
        let mut steps = Vec::new();
        model.actions(&state, &mut steps);
        let is_good = |step: &Step| {
            matches!(
                step,
                Step::Deliver(_)
                    | Step::Receive(_)
                    | Step::Push(_)
                    | Step::Pull(_)
                    | Step::Commit(_)
                    | Step::WriteNumber
            )
        };
        let Some(step) = steps.into_iter().find(is_good) else {
            return false;
        };
        match model.next_state(&state, step) {
            Some(next) => state = next,
            None => return false,
        }
    }
    false
}
