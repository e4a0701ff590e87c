//! Playing a scenario in a process of its own, with the recorder on its files.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use stoa_store::Vault;

use super::diary::{self, Entry};
use super::preload;
use super::replay::{self, Files};
use super::scenario::{Before, Person, START, Scenario, by_name, prepare};
use super::view::View;

const NAME: &str = "STOA_FAULTS_SCENARIO";
/// One of these opens the profile.
const PASSPHRASES: &str = "STOA_FAULTS_PASSPHRASES";
const FOLDER: &str = "STOA_FAULTS_ROOT";

/// Not a test by itself: what is run under the recorder.
#[test]
fn player() {
    let (Ok(name), Ok(folder)) = (std::env::var(NAME), std::env::var(FOLDER)) else {
        return;
    };
    let scenario = by_name(&name);
    let mut person = Person::new(Path::new(&folder));
    person.passphrase = passphrase_of(scenario);
    if let Ok(passphrases) = std::env::var(PASSPHRASES) {
        let vault = Vault::read(&person.dir).unwrap();
        let opens = |p: &&str| vault.unlock_with_passphrase(p).is_ok();
        person.passphrase = passphrases.split('\n').find(opens).map(str::to_owned);
    }
    while person.n_done < scenario.steps.len() {
        person.step(scenario).unwrap();
        preload::note(person.n_done);
    }
    // Not closed: closing is a step of its own, at a start.
    std::process::exit(0);
}

fn passphrase_of(scenario: Scenario) -> Option<String> {
    let passphrase = stoa_store::test_support::PASSPHRASE.to_owned();
    (scenario.before != Before::Nothing).then_some(passphrase)
}

/// What a scenario did to the disk.
pub(crate) struct Recording {
    pub(crate) before: Files,
    pub(crate) entries: Vec<Entry>,
    /// What lay in the folder in the end.
    pub(crate) left: Files,
    pub(crate) was_killed: bool,
}

/// Plays a scenario and keeps the diary; `kill` says at which change it ends, and whether that
/// change is half made. `None` where nothing can be recorded.
pub(crate) fn record(scenario: Scenario, kill: Option<(usize, bool)>) -> Option<Recording> {
    let scratch = super::scratch();
    prepare(scenario, &mut Person::new(scratch.path()));
    run(scenario, &replay::gather(scratch.path()), |command| {
        let Some((at, is_torn)) = kill else {
            return;
        };
        command.env("STOA_FAULTS_KILL_AT", at.to_string());
        if is_torn {
            command.env("STOA_FAULTS_TORN", "1");
        }
    })
}

/// The start of the program on these files, which one of the passphrases opens.
pub(crate) fn record_start(files: &Files, passphrases: &[&str]) -> Recording {
    let passphrases = passphrases.join("\n");
    let recording = run(START, files, |command| {
        command.env(PASSPHRASES, passphrases);
    });
    recording.expect("the recorder was built before")
}

fn run(
    scenario: Scenario,
    before: &Files,
    prepare: impl FnOnce(&mut Command),
) -> Option<Recording> {
    let scratch = super::scratch();
    let root = scratch.path().join("profile");
    std::fs::create_dir(&root).unwrap();
    replay::lay_out(before, &root);
    let log = scratch.path().join("diary");
    let mut command = preload::again("play::player", &root)?;
    command
        .env(NAME, scenario.name)
        .env("STOA_FAULTS_LOG", &log);
    prepare(&mut command);
    let output = command.output().unwrap();
    let was_killed = output.status.signal() == Some(9);
    assert!(
        output.status.success() || was_killed,
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Some(Recording {
        before: before.clone(),
        entries: diary::read(&log, &root),
        left: replay::gather(&root),
        was_killed,
    })
}

/// What is to be seen after each number of steps, when nothing goes wrong.
pub(crate) fn views(scenario: Scenario) -> Vec<View> {
    let scratch = super::scratch();
    let mut person = Person::new(scratch.path());
    prepare(scenario, &mut person);
    let mut views = vec![person.view()];
    while person.n_done < scenario.steps.len() {
        person.step(scenario).unwrap();
        views.push(person.view());
    }
    match scenario.before {
        Before::Nothing => {}
        // It is there and shut; what it shows is what is seen after it was opened.
        Before::Profile => views[0] = views[1].clone(),
        // The copy of what it was is made while it is opened.
        Before::Golden(_) => views[0] = views[1].clone().without_backups(),
    }
    views
}
