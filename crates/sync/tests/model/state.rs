//! The devices, the server and the messages of the model, as small as the protocol allows.

use std::collections::{BTreeMap, BTreeSet};

pub(crate) const DEVICES: usize = 2;

/// One edit: whose, and the how-manieth. The row it makes has its name.
pub(crate) type Edit = (usize, u8);

/// What a device hands in: an edit that makes a row, or one that deletes another's for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Change {
    pub(crate) edit: Edit,
    pub(crate) deletes: Option<Edit>,
}

/// A push or a pull under way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Ask {
    Push {
        epoch: u8,
        changes: Vec<(u8, Change)>,
    },
    Pull {
        epoch: u8,
        cursor: u8,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Message {
    pub(crate) from: usize,
    pub(crate) ask: Ask,
    /// Whether the device still waits for the answer.
    pub(crate) is_awaited: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Answer {
    Pushed {
        lmid: u8,
        refused: Vec<u8>,
    },
    Pulled {
        upto: u8,
        rows: Vec<Edit>,
        deleted: Vec<Edit>,
        lmid: u8,
        is_granted: bool,
    },
    OtherEpoch(u8),
    /// The cursor is older than the oldest deletion that is still known.
    Expired,
    OutOfOrder {
        expected: u8,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    Idle,
    Waits,
    Answered(Answer),
}

/// All of it is on the device's disk, but `call`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Device {
    pub(crate) n_made: u8,
    /// Not answered; those without a number were never sent.
    pub(crate) outbox: Vec<(Option<u8>, Change)>,
    /// Answered as done, kept in case the server forgets.
    pub(crate) journal: Vec<(u8, Change)>,
    pub(crate) refused: BTreeSet<Edit>,
    pub(crate) base: BTreeSet<Edit>,
    pub(crate) next_mid: u8,
    pub(crate) epoch: u8,
    pub(crate) cursor: u8,
    pub(crate) is_granted: bool,
    pub(crate) must_heal: bool,
    /// Something has happened that only a pull tells of.
    pub(crate) must_pull: bool,
    pub(crate) call: Call,
}

impl Device {
    pub(crate) fn new() -> Self {
        Self {
            n_made: 0,
            outbox: Vec::new(),
            journal: Vec::new(),
            refused: BTreeSet::new(),
            base: BTreeSet::new(),
            next_mid: 1,
            epoch: 1,
            cursor: 0,
            is_granted: true,
            must_heal: false,
            must_pull: false,
            call: Call::Idle,
        }
    }

    /// The next push, with numbers that are on the disk before it is sent.
    pub(crate) fn push(&mut self) -> Ask {
        for (mid, _) in self.outbox.iter_mut().filter(|(mid, _)| mid.is_none()) {
            *mid = Some(self.next_mid);
            self.next_mid += 1;
        }
        let changes = self.outbox.iter();
        Ask::Push {
            epoch: self.epoch,
            changes: changes
                .map(|(mid, change)| (mid.unwrap_or(0), *change))
                .collect(),
        }
    }

    pub(crate) fn pull(&self) -> Ask {
        Ask::Pull {
            epoch: self.epoch,
            cursor: self.cursor,
        }
    }

    pub(crate) fn receive(&mut self, answer: Answer) {
        match answer {
            Answer::Pushed { lmid, refused } => self.on_pushed(lmid, &refused),
            Answer::Pulled {
                upto,
                rows,
                deleted,
                lmid,
                is_granted,
            } => self.on_pulled(upto, rows, &deleted, (lmid, is_granted)),
            Answer::Expired => {
                self.cursor = 0;
                self.must_pull = true;
            }
            Answer::OtherEpoch(epoch) => {
                self.epoch = epoch;
                self.cursor = 0;
                self.must_heal = true;
                self.must_pull = true;
            }
            Answer::OutOfOrder { expected } => self.resend(expected),
        }
    }

    fn on_pushed(&mut self, lmid: u8, refused: &[u8]) {
        self.must_pull = true;
        for (mid, change) in std::mem::take(&mut self.outbox) {
            match mid {
                Some(mid) if mid <= lmid && refused.contains(&mid) => {
                    self.refused.insert(change.edit);
                }
                Some(mid) if mid <= lmid => self.journal.push((mid, change)),
                _ => self.outbox.push((mid, change)),
            }
        }
    }

    fn on_pulled(
        &mut self,
        upto: u8,
        rows: Vec<Edit>,
        deleted: &[Edit],
        (lmid, is_granted): (u8, bool),
    ) {
        if self.cursor == 0 || !is_granted {
            self.base.clear();
        }
        self.base.extend(rows);
        self.base.retain(|row| !deleted.contains(row));
        self.cursor = if is_granted { upto } else { 0 };
        self.is_granted = is_granted;
        self.must_pull = false;
        if std::mem::take(&mut self.must_heal) {
            self.resend(lmid + 1);
        }
    }

    /// Everything from a number on goes again, without a gap.
    fn resend(&mut self, from: u8) {
        let mut again: Vec<(u8, Change)> = Vec::new();
        self.journal.retain(|(mid, change)| {
            let is_forgotten = *mid >= from;
            if is_forgotten {
                again.push((*mid, *change));
            }
            !is_forgotten
        });
        // What was sent under a lower number is asked for once more under that number.
        let mut sent = Vec::new();
        let mut unsent = Vec::new();
        for (mid, change) in std::mem::take(&mut self.outbox) {
            match mid {
                Some(mid) if mid >= from => again.push((mid, change)),
                Some(_) => sent.push((mid, change)),
                None => unsent.push((mid, change)),
            }
        }
        again.sort_unstable();
        self.next_mid = from + again.len() as u8;
        let numbered = again.into_iter().zip(from..);
        sent.extend(numbered.map(|((_, change), mid)| (Some(mid), change)));
        sent.extend(unsent);
        self.outbox = sent;
    }
}

/// What one transaction of the server changes together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Server {
    pub(crate) epoch: u8,
    pub(crate) head: u8,
    /// The sequence number of each row.
    pub(crate) rows: BTreeMap<Edit, u8>,
    /// The sequence number at which each row was deleted.
    pub(crate) tombstones: BTreeMap<Edit, u8>,
    /// Deletions up to here are forgotten.
    pub(crate) horizon: u8,
    /// How often each edit took effect on this database.
    pub(crate) effects: BTreeMap<Edit, u8>,
    pub(crate) lmid: [u8; DEVICES],
    /// Numbers that were answered with a refusal.
    pub(crate) refused: BTreeSet<(usize, u8)>,
    pub(crate) has_role: [bool; DEVICES],
}
