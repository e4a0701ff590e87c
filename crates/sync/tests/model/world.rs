//! The whole of the model in one moment, and what a request does to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::protocol::Mistake;
use crate::state::{Answer, Ask, Call, Change, DEVICES, Device, Edit, Message, Server};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) devices: [Device; DEVICES],
    pub(crate) server: Server,
    pub(crate) backup: Option<Server>,
    pub(crate) network: BTreeSet<Message>,
    /// Of a server that makes mistakes: rows with a number but not committed; numbers not written.
    pub(crate) uncommitted: Vec<(u8, Edit)>,
    pub(crate) unwritten: Option<(usize, u8)>,
    pub(crate) n_lost: u8,
    pub(crate) n_twice: u8,
    pub(crate) n_restores: u8,
    pub(crate) n_roles: u8,
    pub(crate) n_crashes: u8,
    pub(crate) n_deletions: u8,
    pub(crate) n_sweeps: u8,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            devices: [Device::new(), Device::new()],
            server: Server {
                epoch: 1,
                head: 0,
                rows: BTreeMap::new(),
                tombstones: BTreeMap::new(),
                horizon: 0,
                effects: BTreeMap::new(),
                lmid: [0; DEVICES],
                refused: BTreeSet::new(),
                has_role: [true; DEVICES],
            },
            backup: None,
            network: BTreeSet::new(),
            uncommitted: Vec::new(),
            unwritten: None,
            n_lost: 0,
            n_twice: 0,
            n_restores: 0,
            n_roles: 0,
            n_crashes: 0,
            n_deletions: 0,
            n_sweeps: 0,
        }
    }

    /// Nobody has anything to do any more.
    pub(crate) fn is_quiet(&self) -> bool {
        let is_done = |(number, device): (usize, &Device)| {
            device.call == Call::Idle
                && device.outbox.is_empty()
                && !device.must_pull
                && !device.must_heal
                && device.epoch == self.server.epoch
                && device.is_granted == self.server.has_role[number]
                && (device.cursor == self.server.head || !device.is_granted)
        };
        let is_busy = !self.network.is_empty() || !self.uncommitted.is_empty();
        !is_busy && self.unwritten.is_none() && self.devices.iter().enumerate().all(is_done)
    }

    pub(crate) fn has_to_pull(&self, number: usize) -> bool {
        let device = &self.devices[number];
        device.must_pull
            || device.epoch != self.server.epoch
            || device.is_granted != self.server.has_role[number]
            || (device.is_granted && device.cursor != self.server.head)
    }

    pub(crate) fn deliver(&mut self, message: &Message, mistake: Mistake) {
        let answer = self.answer(message, mistake);
        if message.is_awaited {
            self.devices[message.from].call = Call::Answered(answer);
        }
    }

    fn answer(&mut self, message: &Message, mistake: Mistake) -> Answer {
        let from = message.from;
        let (Ask::Push { epoch, .. } | Ask::Pull { epoch, .. }) = &message.ask;
        if *epoch != self.server.epoch {
            return Answer::OtherEpoch(self.server.epoch);
        }
        match &message.ask {
            Ask::Push { changes, .. } => self.push(from, changes, mistake),
            Ask::Pull { cursor, .. } => self.pull(from, *cursor),
        }
    }

    fn push(&mut self, from: usize, changes: &[(u8, Change)], mistake: Mistake) -> Answer {
        let mut lmid = self.server.lmid[from];
        if changes.first().is_some_and(|(mid, _)| *mid > lmid + 1) {
            return Answer::OutOfOrder { expected: lmid + 1 };
        }
        for (mid, change) in changes.iter().filter(|(mid, _)| *mid > lmid) {
            let is_done = self.server.has_role[from] && self.apply(*change, mistake);
            if !is_done {
                self.server.refused.insert((from, *mid));
            }
        }
        let is_refused = |mid: &u8| self.server.refused.contains(&(from, *mid));
        let refused = changes
            .iter()
            .map(|(mid, _)| *mid)
            .filter(is_refused)
            .collect();
        lmid = changes.last().map_or(lmid, |(mid, _)| lmid.max(*mid));
        match mistake {
            Mistake::NumberApart => self.unwritten = Some((from, lmid)),
            _ => self.server.lmid[from] = lmid,
        }
        Answer::Pushed { lmid, refused }
    }

    /// Whether the change could be made: what is gone already is not deleted once more.
    fn apply(&mut self, change: Change, mistake: Mistake) -> bool {
        let edit = change.edit;
        if let Some(row) = change.deletes {
            if self.server.rows.remove(&row).is_none() {
                return false;
            }
            self.server.head += 1;
            self.server.tombstones.insert(row, self.server.head);
            *self.server.effects.entry(edit).or_default() += 1;
            return true;
        }
        *self.server.effects.entry(edit).or_default() += 1;
        if mistake == Mistake::Serial {
            let taken = self.uncommitted.iter().map(|(seq, _)| *seq).max();
            let seq = taken.unwrap_or(0).max(self.server.head) + 1;
            self.uncommitted.push((seq, edit));
        } else {
            self.server.head += 1;
            self.server.rows.insert(edit, self.server.head);
        }
        true
    }

    /// Deletions are not kept for ever; whoever has not heard of them by then starts afresh.
    pub(crate) fn sweep(&mut self, mistake: Mistake) {
        self.n_sweeps += 1;
        let swept = std::mem::take(&mut self.server.tombstones);
        if mistake != Mistake::SilentSweep {
            let newest = swept.into_values().max().unwrap_or(0);
            self.server.horizon = self.server.horizon.max(newest);
        }
    }

    fn pull(&self, from: usize, cursor: u8) -> Answer {
        let is_granted = self.server.has_role[from];
        if is_granted && cursor > 0 && cursor < self.server.horizon {
            return Answer::Expired;
        }
        let deleted = self.server.tombstones.iter();
        let deleted = deleted.filter(|(_, seq)| is_granted && **seq > cursor);
        let rows = self.server.rows.iter();
        let rows = rows.filter(|(_, seq)| is_granted && **seq > cursor);
        Answer::Pulled {
            upto: self.server.head,
            rows: rows.map(|(edit, _)| *edit).collect(),
            deleted: deleted.map(|(row, _)| *row).collect(),
            lmid: self.server.lmid[from],
            is_granted,
        }
    }

    pub(crate) fn change(&mut self, number: usize, deletes: Option<Edit>) {
        let device = &mut self.devices[number];
        let edit = (number, device.n_made);
        device.outbox.push((None, Change { edit, deletes }));
        device.n_made += 1;
    }

    pub(crate) fn send(&mut self, from: usize, ask: Ask) {
        self.devices[from].call = Call::Waits;
        let is_awaited = true;
        self.network.insert(Message {
            from,
            ask,
            is_awaited,
        });
    }

    pub(crate) fn lose(&mut self, number: usize) {
        self.devices[number].call = Call::Idle;
        let awaited = self.network.iter();
        let awaited = awaited.filter(|m| m.from == number && m.is_awaited);
        for message in awaited.cloned().collect::<Vec<_>>() {
            self.network.remove(&message);
            self.network.insert(Message {
                is_awaited: false,
                ..message
            });
        }
    }
}
