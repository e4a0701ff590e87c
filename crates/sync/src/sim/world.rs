//! Computers, a server, and what people and the network do to them.

use std::rc::Rc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stoa_domain::{DraftId, Role};
use tokio::runtime::Runtime;
use tokio::sync::Mutex as Turn;

use super::invariants::{self, Watch};
use super::machine::{Machine, Stepped};
use super::network::Far;
use super::ops::{Dice, Op};
use super::place::{BEGIN_MILLIS, Place};
use super::record::{Record, Titled, Word};
use super::server::Server;
use crate::engine::Event;

/// One request and its answer.
const STEP: Duration = Duration::from_millis(5);
const YEAR: Duration = Duration::from_secs(400 * 86_400);
/// Which computers take part: two of one person, two of two people, all.
const SETS: [&[usize]; 3] = [&[0, 1], &[0, 2], &[0, 1, 2]];

pub(super) struct World {
    pub(super) rt: Rc<Runtime>,
    pub(super) far: Arc<Far>,
    pub(super) machines: Vec<Machine>,
    pub(super) now: Duration,
    millis: Arc<AtomicI64>,
    pub(super) trace: Vec<String>,
    pub(super) record: Record,
    pub(super) watch: Watch,
    n_restarts: u64,
}

impl World {
    pub(super) fn of_seed(seed: u64) -> Self {
        let set = Dice::new(!seed).one_of(&SETS);
        Self::new(seed, set)
    }

    pub(super) fn new(seed: u64, machines: &[usize]) -> Self {
        Place::shared();
        let rt = super::runtime();
        let millis = Arc::new(AtomicI64::new(BEGIN_MILLIS));
        let announced = Arc::new(AtomicI64::new(0));
        let server = rt.block_on(Server::new(seed, millis.clone(), announced.clone()));
        let far = Arc::new(Far {
            announced,
            server: Turn::new(server),
            answers: Mutex::default(),
        });
        let machines = machines
            .iter()
            .map(|number| Machine::new(*number, seed, &far, &millis))
            .collect();
        Self {
            rt,
            far,
            machines,
            now: Duration::ZERO,
            millis,
            trace: Vec::new(),
            record: Record::default(),
            watch: Watch::default(),
            n_restarts: 0,
        }
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
        let millis = i64::try_from(self.now.as_millis()).unwrap();
        self.millis.store(BEGIN_MILLIS + millis, Ordering::SeqCst);
    }

    fn on(&self, number: usize) -> usize {
        number % self.machines.len()
    }

    pub(super) fn run(&mut self, op: &Op) {
        self.trace.push(format!("{:?} {op:?}", self.now));
        match *op {
            Op::Create(on) => self.create(on, ""),
            Op::CreateMarked(on, mark) => {
                self.record.has_refusals = true;
                self.record.n_marks += 1;
                self.create(on, mark.text());
            }
            Op::Rename(on, draft) => self.rename(on, draft),
            Op::Bin(on, draft) => self.bin(on, draft, false),
            Op::Restore(on, draft) => self.bin(on, draft, true),
            Op::Write(on, draft) => self.write(on, draft),
            Op::Delete(on, draft) => self.delete(on, draft),
            Op::Describe(on, draft) => self.describe(on, draft),
            Op::Name(on, draft) => self.name(on, draft),
            Op::Publish(on, draft) => self.publish(on, draft),
            Op::Withdraw(on, draft) => self.withdraw(on, draft),
            Op::Steps(on, n) => {
                let on = self.on(on);
                (0..n).for_each(|_| drop(self.step(on)));
            }
            Op::Pass(seconds) => self.pass(Duration::from_secs(seconds)),
            Op::Year => self.year(),
            Op::SetRole(person, role) => self.set_role(person, role),
            Op::CrashServer | Op::BackUp | Op::SetBack => self.change_server(*op),
            other => self.change_machine(other),
        }
    }

    fn change_machine(&mut self, op: Op) {
        let (now, rt) = (self.now, self.rt.as_ref());
        let n = self.machines.len();
        let machines = &mut self.machines;
        match op {
            Op::Meet(on, fault) => machines[on % n].network.meet(fault),
            Op::Hold(on, stretch) => machines[on % n].network.hold(stretch),
            Op::LetGo(on) => machines[on % n].network.let_go(),
            Op::DeliverLate(on) => rt.block_on(machines[on % n].network.deliver_late()),
            Op::Part(on) => {
                machines[on % n].network.set_down(true);
                machines[on % n].cut_live(now);
            }
            Op::Join(on) => machines[on % n].network.set_down(false),
            Op::CutLive(on) => machines[on % n].cut_live(now),
            Op::Nudge(on) => machines[on % n].tell(now, Event::Nudged),
            Op::Age(on) => machines[on % n].network.set_old(true),
            Op::SetClock(on, skew) => machines[on % n].set_skew(skew),
            Op::Restart(on) => {
                self.n_restarts += 1;
                machines[on % n].restart(rt, self.n_restarts);
            }
            Op::Upgrade(on) => {
                self.n_restarts += 1;
                machines[on % n].network.set_old(false);
                machines[on % n].restart(rt, self.n_restarts);
            }
            _ => unreachable!("done by the caller"),
        }
    }

    fn set_role(&mut self, person: usize, role: Role) {
        // An expert may not change what somebody else wrote.
        self.record.has_refusals |= role != Role::Editor;
        self.rt.block_on(async {
            let server = self.far.server.lock().await;
            server.set_role(person, role).await;
        });
    }

    fn change_server(&mut self, op: Op) {
        self.rt.block_on(async {
            let mut server = self.far.server.lock().await;
            match op {
                Op::CrashServer => server.crash().await,
                Op::BackUp => server.back_up(),
                _ => self.record.has_refusals |= server.set_back().await,
            }
        });
        if op != Op::BackUp {
            for machine in &mut self.machines {
                machine.cut_live(self.now);
            }
        }
    }

    fn create(&mut self, on: usize, mark: &str) {
        let on = self.on(on);
        let title = format!("{}{mark}", self.record.name());
        if let Ok(draft) = self.machines[on].create(&title) {
            self.record.drafts.push(draft);
            self.titled(title, draft, on, None);
        }
    }

    fn rename(&mut self, on: usize, draft: usize) {
        let (on, title) = (self.on(on), self.record.name());
        let Some(draft) = self.record.draft(draft) else {
            return;
        };
        let seen = self.machines[on].title(draft);
        if self.machines[on].rename(draft, &title).is_ok() {
            self.titled(title, draft, on, seen);
        }
    }

    fn titled(&mut self, title: String, draft: DraftId, on: usize, seen: Option<String>) {
        self.watch.titled(on, draft, &title);
        self.record.titles.push(Titled {
            title,
            draft,
            on,
            seen,
        });
    }

    fn bin(&mut self, on: usize, draft: usize, is_back: bool) {
        let on = self.on(on);
        if let Some(draft) = self.record.draft(draft) {
            // Only drafts that are there can be moved; that is not what is looked at.
            let _ = self.machines[on].bin(draft, is_back);
        }
    }

    fn delete(&mut self, on: usize, draft: usize) {
        let on = self.on(on);
        let Some(draft) = self.record.draft(draft) else {
            return;
        };
        let machine = &self.machines[on];
        let Some(title) = machine.title(draft) else {
            return;
        };
        let text = machine.text(draft);
        if machine.delete(draft).is_ok() {
            self.record.delete(on, draft, (&title, &text));
        }
    }

    fn describe(&mut self, on: usize, draft: usize) {
        let (on, excerpt) = (self.on(on), self.record.name());
        let Some(draft) = self.record.draft(draft) else {
            return;
        };
        let seen = self.machines[on].excerpt(draft);
        if self.machines[on].describe(draft, &excerpt).is_ok() {
            self.record.excerpts.push(Titled {
                title: excerpt,
                draft,
                on,
                seen,
            });
        }
    }

    fn name(&mut self, on: usize, draft: usize) {
        let (on, name) = (self.on(on), self.record.name());
        if let Some(draft) = self.record.draft(draft)
            && self.machines[on].name(draft, &name).is_ok()
        {
            self.record.names.push(Word { word: name, draft });
        }
    }

    fn publish(&mut self, on: usize, draft: usize) {
        let on = self.on(on);
        if let Some(draft) = self.record.draft(draft)
            && let Ok(seen) = self.machines[on].publish(draft)
        {
            self.record.published.insert((draft, seen.0, seen.1));
        }
    }

    fn withdraw(&mut self, on: usize, draft: usize) {
        let on = self.on(on);
        if let Some(draft) = self.record.draft(draft) {
            // Only what is offered can be taken back; that is not what is looked at.
            let _ = self.machines[on].withdraw(draft);
        }
    }

    /// What was accepted before a backup that old cannot be had from the computers any more.
    fn year(&mut self) {
        self.pass(YEAR);
        self.rt.block_on(async {
            let mut server = self.far.server.lock().await;
            server.forget_backups();
            server.quiet().tidy().await;
        });
    }

    fn write(&mut self, on: usize, draft: usize) {
        let on = self.on(on);
        let Some(draft) = self.record.draft(draft) else {
            return;
        };
        let word = format!("「{}」", self.record.name());
        if self.machines[on].write(draft, &word).is_ok() {
            self.record.words.push(Word { word, draft });
        }
    }

    /// One computer does one thing; what must hold at every moment is looked at.
    pub(super) fn step(&mut self, on: usize) -> Stepped {
        self.pass(STEP);
        let stepped = self.machines[on].step(&self.rt, self.now, &mut self.trace);
        if let Stepped::Did(event) = &stepped {
            invariants::at_every_moment(self, on, event);
        }
        stepped
    }

    /// Ends with what was seen last, so that a failure can be read.
    pub(super) fn fail(&self, what: &str) -> ! {
        let troubles: Vec<String> = self.machines.iter().map(Machine::trouble).collect();
        let tail = self.trace.iter().rev().take(40).rev();
        let tail: Vec<&str> = tail.map(String::as_str).collect();
        panic!("{what}\n{}\n{}", troubles.join("\n"), tail.join("\n"));
    }
}
