//! Computers, a server, and what people and the network do to them; and what must hold of it all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use stoa_domain::{DraftId, Role, Timestamp};
use tokio::runtime::{Builder, Runtime};

use super::machine::{Machine, Stepped};
use super::network::Fault;
use super::server::{Database, POISON, Server};
use crate::engine::Event;

/// The simulation begins in 2026.
const BEGIN_MILLIS: i64 = 1_767_225_600_000;
/// One request and its answer.
const STEP: Duration = Duration::from_millis(5);
/// After the last fault, everything has to be through within so many steps and so much time.
const SETTLE_STEPS: usize = 3_000;
const SETTLE_TIME: Duration = Duration::from_secs(15 * 60);

/// Something a person, a computer, the network or the server does.
#[derive(Debug, Clone)]
pub(super) enum Op {
    Create(usize),
    CreatePoison(usize),
    Rename(usize, usize),
    Bin(usize, usize),
    Restore(usize, usize),
    Write(usize, usize),
    Steps(usize, usize),
    Meet(usize, Fault),
    DeliverLate(usize),
    CutLive(usize),
    Nudge(usize),
    Restart(usize),
    Pass(u64),
    SetRole(Role),
    Backup,
    SetBack,
    ExpireCursors,
}

pub(super) struct World {
    rt: Runtime,
    pub(super) server: Arc<Mutex<Server>>,
    pub(super) machines: Vec<Machine>,
    pub(super) now: Duration,
    millis: Arc<AtomicI64>,
    pub(super) trace: Vec<String>,
    n_named: usize,
    drafts: Vec<DraftId>,
    /// Titles and words that a computer said it saved.
    saved: BTreeSet<String>,
    words: BTreeSet<String>,
    /// Drafts that only one computer touched, with the title it gave last.
    own: BTreeMap<DraftId, (usize, Option<String>)>,
    backup: Option<Database>,
    /// Whether work may be refused in this run.
    has_refusals: bool,
    n_restarts: u64,
}

impl World {
    pub(super) fn new(seed: u64, n_machines: u8) -> Self {
        let server = Arc::new(Mutex::new(Server::new()));
        let millis = Arc::new(AtomicI64::new(BEGIN_MILLIS));
        let machines = (0..n_machines)
            .map(|number| Machine::new(number, seed, server.clone(), millis.clone()))
            .collect();
        Self {
            rt: Builder::new_current_thread().build().unwrap(),
            server,
            machines,
            now: Duration::ZERO,
            millis,
            trace: Vec::new(),
            n_named: 0,
            drafts: Vec::new(),
            saved: BTreeSet::new(),
            words: BTreeSet::new(),
            own: BTreeMap::new(),
            backup: None,
            has_refusals: false,
            n_restarts: 0,
        }
    }

    pub(super) fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap()
    }

    fn name(&mut self) -> String {
        self.n_named += 1;
        format!("第{}稿", self.n_named)
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        let millis = i64::try_from(self.now.as_millis()).unwrap();
        self.millis.store(BEGIN_MILLIS + millis, Ordering::SeqCst);
        self.server().now = Timestamp::from_millis(BEGIN_MILLIS + millis);
    }

    fn machine(&self, number: usize) -> usize {
        number % self.machines.len()
    }

    fn draft(&self, number: usize) -> Option<DraftId> {
        let n = self.drafts.len().max(1);
        self.drafts.get(number % n).copied()
    }

    pub(super) fn run(&mut self, op: &Op) {
        self.trace.push(format!("{:?} {op:?}", self.now));
        match op {
            Op::Create(on) => self.create(*on, ""),
            Op::CreatePoison(on) => self.create(*on, POISON),
            Op::Rename(on, draft) => self.rename(*on, *draft),
            Op::Bin(on, draft) => self.bin(*on, *draft, false),
            Op::Restore(on, draft) => self.bin(*on, *draft, true),
            Op::Write(on, draft) => self.write(*on, *draft),
            Op::Steps(on, n) => {
                for _ in 0..*n {
                    self.step(self.machine(*on));
                }
            }
            Op::Pass(seconds) => self.pass(Duration::from_secs(*seconds)),
            other => self.trouble(other),
        }
        self.check_own_writes();
    }

    fn trouble(&mut self, op: &Op) {
        let now = self.now;
        match op {
            Op::Meet(on, fault) => self.machines[self.machine(*on)].network.meet(*fault),
            Op::DeliverLate(on) => self.machines[self.machine(*on)].network.deliver_late(),
            Op::CutLive(on) => {
                let on = self.machine(*on);
                self.machines[on].cut_live(now);
            }
            Op::Nudge(on) => {
                let on = self.machine(*on);
                self.machines[on].tell(now, Event::Nudged);
            }
            Op::Restart(on) => {
                self.n_restarts += 1;
                let (on, seed) = (self.machine(*on), self.n_restarts);
                self.machines[on].restart(seed);
            }
            Op::SetRole(role) => {
                self.has_refusals |= !role.writes_drafts();
                self.server().role = *role;
            }
            Op::Backup => {
                let backup = self.server().db.clone();
                self.backup = Some(backup);
            }
            Op::SetBack => self.set_back(),
            Op::ExpireCursors => self.server().expire_cursors = true,
            _ => unreachable!("done by the caller"),
        }
    }

    fn set_back(&mut self) {
        if let Some(backup) = self.backup.clone() {
            self.server().restore(backup);
            // What the server forgot, a computer sees again only after it was healed.
            self.has_refusals = true;
        }
    }

    fn create(&mut self, on: usize, mark: &str) {
        let on = self.machine(on);
        let title = format!("{}{mark}", self.name());
        self.has_refusals |= !mark.is_empty();
        if let Ok(id) = self.machines[on].create(&title) {
            self.drafts.push(id);
            self.own.insert(id, (on, Some(title.clone())));
            self.saved.insert(title);
        }
    }

    fn rename(&mut self, on: usize, draft: usize) {
        let (on, title) = (self.machine(on), self.name());
        let Some(id) = self.draft(draft) else { return };
        if self.machines[on].rename(id, &title).is_ok() {
            let own = self.own.entry(id).or_insert((on, None));
            own.1 = (own.0 == on && own.1.is_some()).then(|| title.clone());
            self.saved.insert(title);
        }
    }

    fn bin(&mut self, on: usize, draft: usize, is_back: bool) {
        let on = self.machine(on);
        let Some(id) = self.draft(draft) else { return };
        // Only drafts that are there can be moved; that is not what this test is about.
        let _ = self.machines[on].bin(id, is_back);
    }

    fn write(&mut self, on: usize, draft: usize) {
        let on = self.machine(on);
        let Some(id) = self.draft(draft) else { return };
        let word = format!("「{}」", self.name());
        if self.machines[on].write(id, &word).is_ok() {
            self.words.insert(word);
        }
    }

    fn step(&mut self, on: usize) -> Stepped {
        self.pass(STEP);
        let stepped = self.machines[on].step(&self.rt, self.now, &mut self.trace);
        self.check_own_writes();
        stepped
    }

    /// I6: what a person did is what their computer shows, at every moment.
    fn check_own_writes(&self) {
        if self.has_refusals {
            return;
        }
        for (id, (on, title)) in &self.own {
            let Some(title) = title else { continue };
            let shown = self.machines[*on].drafts();
            let shown = shown.get(id).map(|draft| draft.title.as_str());
            assert_eq!(shown, Some(title.as_str()), "I6: an own title is not shown");
        }
    }

    /// Nothing fails any more, and nobody does anything: all has to come through (I7).
    pub(super) fn settle(&mut self) {
        for machine in &self.machines {
            machine.network.heal();
        }
        let began = self.now;
        for _ in 0..SETTLE_STEPS {
            let stepped: Vec<Stepped> = (0..self.machines.len()).map(|on| self.step(on)).collect();
            if stepped.contains(&Stepped::Did) {
                continue;
            }
            for machine in &mut self.machines {
                machine.sign_in_if_asked(self.now);
            }
            if self.machines.iter().all(Machine::is_settled) {
                return;
            }
            let until = stepped.iter().filter_map(|stepped| match stepped {
                Stepped::WaitsUntil(until) => Some(*until),
                Stepped::Did | Stepped::Rests => None,
            });
            let until = until.min().unwrap_or_else(|| self.panic("I7: all rest"));
            if until > self.now {
                self.pass(until - self.now);
            }
            if self.now - began > SETTLE_TIME {
                self.panic("I7: not through in time");
            }
        }
        self.panic("I7: not through in so many steps");
    }

    /// What was refused is kept, and can be sent again when the reason is gone.
    pub(super) fn retry_texts(&mut self) {
        self.machines.iter().for_each(Machine::retry_texts);
        self.settle();
    }

    fn panic(&self, what: &str) -> ! {
        let troubles: Vec<String> = self.machines.iter().map(Machine::trouble).collect();
        let tail = self.trace.iter().rev().take(30).rev();
        let tail: Vec<&str> = tail.map(String::as_str).collect();
        panic!("{what}\n{}\n{}", troubles.join("\n"), tail.join("\n"));
    }

    /// What must hold when all is quiet.
    pub(super) fn check(&self) {
        let disputed: BTreeSet<String> = self.machines.iter().flat_map(Machine::disputed).collect();
        let agreed = |machine: &Machine| {
            let mut dump = machine.dump();
            dump.retain(|id, _| !disputed.contains(id));
            dump
        };
        let first = agreed(&self.machines[0]);
        for machine in &self.machines[1..] {
            assert_eq!(agreed(machine), first, "I3: two computers differ");
        }
        let mut server = self.server().titles();
        server.retain(|id, _| !disputed.contains(id));
        let titles = first
            .iter()
            .map(|(id, (title, ..))| (id.clone(), title.clone()));
        let shown: BTreeMap<String, String> = titles.collect();
        assert_eq!(shown, server, "I3: computer and server differ");
        self.check_nothing_lost();
    }

    /// I1: whatever a computer said it saved was decided by the server, or is kept as failed.
    fn check_nothing_lost(&self) {
        let n_failed: u64 = self.machines.iter().map(Machine::n_failed).sum();
        let decided = self.server().db.decided.clone();
        let lost: Vec<&String> = self.saved.difference(&decided).collect();
        assert!(
            lost.len() as u64 <= n_failed,
            "I1: lost titles {lost:?}, failed {n_failed}"
        );
        // Words of a draft that was refused as a whole stay on the computer that wrote them.
        let dumps = self.machines.iter().map(Machine::dump);
        let texts: String = dumps
            .flat_map(BTreeMap::into_values)
            .map(|(.., text)| text)
            .collect();
        let lost: Vec<&String> = self.words.iter().filter(|w| !texts.contains(*w)).collect();
        assert!(lost.is_empty(), "I1: lost words {lost:?}");
    }
}
