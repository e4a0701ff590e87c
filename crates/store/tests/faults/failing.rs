//! The disk refuses a call: each one in turn, once and from then on for good, full and broken,
//! interrupted and taking only a part. What is told is the right thing, and nothing that was
//! acknowledged is lost, nothing that was refused is done.

use std::path::Path;
use std::process::Command;

use super::image;
use super::play::views;
use super::preload::{self, EINTR, EIO, ENOSPC, Often, What, arm, disarm};
use super::scenario::{
    AFTERNOON, ARRIVAL, Before, EXCHANGE, FETCH, FILES, LARGE, Person, RESTORE, Scenario, Trouble,
    by_name, migrate, prepare,
};
use super::view::{View, difference};

const SCENARIO: &str = "STOA_FAILING_SCENARIO";
const FAULT: &str = "STOA_FAILING_FAULT";
const FOLDER: &str = "STOA_FAULTS_ROOT";

#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub(super) name: &'static str,
    what: What,
    errno: i32,
    often: Often,
}

impl Fault {
    pub(super) fn named(name: &str) -> Self {
        FAULTS.into_iter().find(|fault| fault.name == name).unwrap()
    }

    /// The first call that may fail: with every call interrupted nothing would ever come to its end.
    pub(super) fn first(self) -> usize {
        1 + usize::from(self.errno == EINTR)
    }

    /// From the n-th call on, the disk fails in this way.
    pub(super) fn arm(self, n: usize) {
        arm(self.what, self.errno, n, self.often);
    }
}

const fn fault(name: &'static str, what: What, errno: i32, often: Often) -> Fault {
    Fault {
        name,
        what,
        errno,
        often,
    }
}

pub(super) const FAULTS: [Fault; 7] = [
    fault("full once", What::Change, ENOSPC, Often::Once),
    fault("full", What::Change, ENOSPC, Often::Ever),
    fault("broken once", What::Change, EIO, Often::Once),
    fault("broken", What::Change, EIO, Often::Ever),
    // The second strikes while the store recovers from the first.
    fault("broken again and again", What::Change, EIO, Often::Each),
    fault("interrupted", What::Change, EINTR, Often::Each),
    fault("in part", What::Short, 0, Often::Each),
];

/// Not a test by itself: what is run on a disk that fails.
#[test]
fn worker() {
    let (Ok(scenario), Ok(name)) = (std::env::var(SCENARIO), std::env::var(FAULT)) else {
        return;
    };
    let scenario = by_name(&scenario);
    let fault = Fault::named(&name);
    let folder = std::env::var(FOLDER).unwrap();
    let views = views(scenario);
    let mut person = Person::new(Path::new(&folder));
    prepare(scenario, &mut person);
    let mut climb = Climb {
        scenario,
        fault,
        views: &views,
        n_struck: 0,
    };
    while person.n_done < scenario.steps.len() {
        climb.step(&mut person);
    }
    let dir = person.dir.clone();
    drop(person);
    image::check(&dir, scenario.steps.len(), &views).unwrap();
    println!("struck {}", climb.n_struck);
}

struct Climb<'a> {
    scenario: Scenario,
    fault: Fault,
    views: &'a [View],
    n_struck: usize,
}

impl Climb<'_> {
    /// Tries a step with the n-th call failing, for every n until it comes to its end.
    fn step(&mut self, person: &mut Person) {
        let step = person.n_done;
        let mut n = self.fault.first();
        while person.n_done == step {
            let Fault { what, often, .. } = self.fault;
            self.lay_out_anew(person);
            self.fault.arm(n);
            let mut tried = person.step(self.scenario);
            // A profile that is half made is not made again in the same place.
            let is_again = often == Often::Each && what == What::Change && person.n_done > 1;
            if tried.is_err() && is_again {
                tried = person.step(self.scenario);
            }
            if tried.is_err() && often == Often::Ever && what == What::Change {
                self.read_on(person);
            }
            let has_struck = disarm();
            self.n_struck += usize::from(has_struck);
            let place = format!(
                "{} {} step {step}, call {n}",
                self.scenario.name, self.fault.name
            );
            if let Err(trouble) = tried {
                assert!(has_struck, "{place}: nothing failed, and yet {trouble:?}");
                self.check_told(&trouble, &place);
                person.settle(often == Often::Once);
            }
            self.check_seen(person, &place);
            n += self.stride(n);
        }
    }

    /// Of very many calls not every one, but in a long run.
    fn stride(&self, n: usize) -> usize {
        match (self.scenario.name == LARGE.name, super::times() > 1) {
            (false, true) => 1,
            (true, false) => 1.max(n / 4),
            _ => 1.max(n / 32),
        }
    }

    /// What was brought to today's schema once is not brought there again.
    fn lay_out_anew(&self, person: &mut Person) {
        if let (Before::Golden(_), 0) = (self.scenario.before, person.n_done) {
            person.store = None;
            std::fs::remove_dir_all(&person.dir).unwrap();
            prepare(self.scenario, person);
        }
    }

    fn check_told(&self, trouble: &Trouble, place: &str) {
        let is_right = match self.fault.errno {
            // Calls other than writing cannot say that a disk is full.
            ENOSPC => trouble.is_full() || trouble.is_disk_failed(),
            _ => trouble.is_disk_failed(),
        };
        assert!(is_right, "{place}: {trouble:?}");
    }

    fn check_seen(&self, person: &Person, place: &str) {
        let (found, expected) = (person.view(), &self.views[person.n_done]);
        let is_half_made = person.n_done == 0 && self.scenario.before == Before::Nothing;
        if is_half_made || self.is_fine(found.lines(), person) {
            return;
        }
        let empty = [].as_slice();
        let why = difference(
            found.lines().unwrap_or(empty),
            expected.lines().unwrap_or(empty),
        );
        panic!("{place}: {why}");
    }

    /// A restore is carried on by the next start from where it failed, so it may be done already.
    fn is_fine(&self, found: Option<&[String]>, person: &Person) -> bool {
        let may_be_done = self.scenario.name == RESTORE.name;
        let after = self.views.get(person.n_done + 1);
        found == self.views[person.n_done].lines()
            || may_be_done && after.is_some_and(|after| found == after.lines())
    }

    /// What was saved can be read while nothing can be written.
    fn read_on(&self, person: &Person) {
        if let (Some(store), Some(expected)) = (&person.store, self.views[person.n_done].lines()) {
            let lines = super::view::lines(store).unwrap();
            let is_fine = self.is_fine(Some(&lines), person);
            assert!(is_fine, "{}", difference(&lines, expected));
        }
    }
}

/// Runs a scenario with some faults, with all of them in a long run; how many calls failed.
fn run(scenario: Scenario, some: &[Fault]) -> Option<usize> {
    let mut n_struck = 0;
    let faults = if super::times() > 1 { &FAULTS } else { some };
    for fault in faults {
        let root = super::scratch();
        let mut command = preload::again("failing::worker", root.path())?;
        command.env(SCENARIO, scenario.name).env(FAULT, fault.name);
        let begun = std::time::Instant::now();
        let n = count_struck(&mut command);
        println!(
            "{} {}: {n} calls failed, {:?}",
            scenario.name,
            fault.name,
            begun.elapsed()
        );
        n_struck += n;
    }
    Some(n_struck)
}

/// How many calls failed in a worker, by its own word.
pub(super) fn count_struck(worker: &mut Command) -> usize {
    let output = worker.output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    out.lines()
        .find_map(|line| line.split_once("struck "))
        .and_then(|(_, n)| n.parse().ok())
        .unwrap_or_else(|| panic!("{out}{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn a_disk_that_fails_at_any_call_of_an_afternoon_is_told_and_takes_nothing() {
    if let Some(n_struck) = run(AFTERNOON, &FAULTS) {
        assert!(n_struck >= 1_000, "{n_struck}");
    }
}

#[test]
fn a_disk_that_fails_at_any_call_of_an_exchange_is_told_and_takes_nothing() {
    if let Some(n_struck) = run(EXCHANGE, &FAULTS) {
        assert!(n_struck >= 1_000, "{n_struck}");
    }
}

#[test]
fn a_disk_that_fails_while_a_community_arrives_is_told_and_takes_nothing() {
    if let Some(n_struck) = run(ARRIVAL, &FAULTS) {
        assert!(n_struck >= 200, "{n_struck}");
    }
}

#[test]
fn a_disk_that_fails_at_any_call_of_a_restore_is_told_and_takes_nothing() {
    if let Some(n_struck) = run(RESTORE, &FAULTS) {
        assert!(n_struck >= 1_000, "{n_struck}");
    }
}

#[test]
fn a_disk_that_fails_while_much_is_written_is_told_and_takes_nothing() {
    let faults = [FAULTS[1], FAULTS[2], FAULTS[6]];
    if let Some(n_struck) = run(LARGE, &faults) {
        assert!(n_struck >= 200, "{n_struck}");
    }
}

#[test]
fn a_disk_that_fails_while_files_are_taken_in_is_told_and_takes_nothing() {
    let faults = [FAULTS[0], FAULTS[2], FAULTS[3], FAULTS[6]];
    if let Some(n_struck) = run(FILES, &faults) {
        assert!(n_struck >= 300, "{n_struck}");
    }
}

#[test]
fn a_disk_that_fails_while_a_file_is_fetched_is_told_and_takes_nothing() {
    let faults = [FAULTS[0], FAULTS[2], FAULTS[3], FAULTS[6]];
    if let Some(n_struck) = run(FETCH, &faults) {
        assert!(n_struck >= 200, "{n_struck}");
    }
}

#[test]
fn a_disk_that_fails_at_any_call_of_a_migration_is_told_and_takes_nothing() {
    let versions = super::migrating::older();
    let (first, last) = (versions[0], versions[versions.len() - 1]);
    for version in [first, last] {
        let faults = [FAULTS[0], FAULTS[3]];
        if let Some(n_struck) = run(migrate(version), &faults) {
            assert!(n_struck >= 50, "{n_struck}");
        }
    }
}
