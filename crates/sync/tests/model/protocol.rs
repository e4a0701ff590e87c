//! The protocol of numbers, cursor, epoch, role and deletion as a model that is checked
//! exhaustively, and four ways to break it.

use stateright::{Model, Property};

use crate::state::{Call, DEVICES, Edit, Message};
use crate::world::State;

/// Which mistake the server makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    None,
    /// Sequence numbers are handed out before the transaction that uses them has its turn.
    Serial,
    /// The last number of a device is written in another transaction than the rows.
    NumberApart,
    /// A database that was set back keeps the name of its epoch.
    SilentRestore,
    /// Deletions are forgotten, and a device that has not heard of them is not told so.
    SilentSweep,
}

/// How much may happen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) edits: [u8; DEVICES],
    pub(crate) n_lost: u8,
    pub(crate) n_twice: u8,
    pub(crate) n_restores: u8,
    pub(crate) n_roles: u8,
    pub(crate) n_crashes: u8,
    pub(crate) n_deletions: u8,
    pub(crate) n_sweeps: u8,
}

#[derive(Debug, Clone)]
pub(crate) struct Protocol {
    pub(crate) mistake: Mistake,
    pub(crate) bounds: Bounds,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Edit(usize),
    Delete(usize, Edit),
    Push(usize),
    Pull(usize),
    Deliver(Message),
    DeliverTwice(Message),
    Drop(Message),
    Receive(usize),
    /// The answer is lost, or the program dies before it has taken it in.
    Lose(usize),
    Back,
    Restore,
    SetRole(usize, bool),
    Commit(usize),
    WriteNumber,
    CrashServer,
    Sweep,
}

impl Protocol {
    fn of_device(&self, state: &State, number: usize, steps: &mut Vec<Step>) {
        let device = &state.devices[number];
        if device.n_made < self.bounds.edits[number] {
            steps.push(Step::Edit(number));
            if state.n_deletions < self.bounds.n_deletions {
                let rows = device.base.iter();
                steps.extend(rows.map(|row| Step::Delete(number, *row)));
            }
        }
        match device.call {
            Call::Idle => {
                if !device.outbox.is_empty() && !device.must_heal {
                    steps.push(Step::Push(number));
                }
                if state.has_to_pull(number) {
                    steps.push(Step::Pull(number));
                }
            }
            Call::Waits => {}
            Call::Answered(_) => steps.push(Step::Receive(number)),
        }
        if device.call != Call::Idle && state.n_lost < self.bounds.n_lost {
            steps.push(Step::Lose(number));
        }
    }

    fn of_server(&self, state: &State, steps: &mut Vec<Step>) {
        steps.extend((0..state.uncommitted.len()).map(Step::Commit));
        if state.unwritten.is_some() {
            steps.push(Step::WriteNumber);
        }
        if state.n_crashes < self.bounds.n_crashes && state.unwritten.is_some() {
            steps.push(Step::CrashServer);
        }
        if state.n_restores < self.bounds.n_restores {
            match state.backup {
                None => steps.push(Step::Back),
                Some(_) => steps.push(Step::Restore),
            }
        }
        if state.n_sweeps < self.bounds.n_sweeps && !state.server.tombstones.is_empty() {
            steps.push(Step::Sweep);
        }
        let has_role = state.server.has_role[0];
        if state.n_roles < self.bounds.n_roles || !has_role {
            steps.push(Step::SetRole(0, !has_role));
        }
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![State::new()]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        (0..DEVICES).for_each(|number| self.of_device(state, number, steps));
        for message in &state.network {
            steps.push(Step::Deliver(message.clone()));
            if !message.is_awaited {
                steps.push(Step::Drop(message.clone()));
            } else if state.n_twice < self.bounds.n_twice {
                steps.push(Step::DeliverTwice(message.clone()));
            }
        }
        self.of_server(state, steps);
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match step {
            Step::Edit(number) => state.change(number, None),
            Step::Delete(number, row) => {
                state.n_deletions += 1;
                state.change(number, Some(row));
            }
            Step::Push(number) => {
                let ask = state.devices[number].push();
                state.send(number, ask);
            }
            Step::Pull(number) => {
                let ask = state.devices[number].pull();
                state.send(number, ask);
            }
            Step::Deliver(message) => {
                state.network.remove(&message);
                state.deliver(&message, self.mistake);
            }
            Step::DeliverTwice(message) => {
                state.n_twice += 1;
                state.network.remove(&message);
                state.deliver(&message, self.mistake);
                state.network.insert(Message {
                    is_awaited: false,
                    ..message
                });
            }
            Step::Drop(message) => {
                state.network.remove(&message);
            }
            Step::Receive(number) => {
                let device = &mut state.devices[number];
                let call = std::mem::replace(&mut device.call, Call::Idle);
                let Call::Answered(answer) = call else {
                    return None;
                };
                device.receive(answer);
            }
            Step::Lose(number) => {
                state.n_lost += 1;
                state.lose(number);
            }
            other => self.on_server(&mut state, &other),
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        crate::promises::all()
    }
}

impl Protocol {
    fn on_server(&self, state: &mut State, step: &Step) {
        match step {
            Step::Back => state.backup = Some(state.server.clone()),
            Step::Restore => {
                state.n_restores += 1;
                let roles = state.server.has_role;
                let epoch = state.server.epoch;
                if let Some(backup) = state.backup.clone() {
                    state.server = backup;
                    state.server.has_role = roles;
                }
                let is_told = self.mistake != Mistake::SilentRestore;
                state.server.epoch = epoch + u8::from(is_told);
            }
            Step::Sweep => state.sweep(self.mistake),
            Step::SetRole(number, has_role) => {
                state.n_roles += u8::from(!has_role);
                state.server.has_role[*number] = *has_role;
            }
            Step::Commit(at) => {
                let (seq, edit) = state.uncommitted.remove(*at);
                state.server.rows.insert(edit, seq);
                state.server.head = state.server.head.max(seq);
            }
            Step::WriteNumber => {
                if let Some((number, lmid)) = state.unwritten.take() {
                    state.server.lmid[number] = lmid;
                }
            }
            _ => {
                state.n_crashes += 1;
                state.unwritten = None;
                (0..DEVICES).for_each(|number| state.lose(number));
            }
        }
    }
}
