//! Killed at exact points of undo and redo: the step and what it shows are turned round together or
//! not at all.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

use stoa_domain::Shelf;
use stoa_store::test_support::{Profile, SeededRandom, open_with_passphrase};
use stoa_store::{DraftFilter, StepKind, Store};

use super::{at, create, title};

const FOLDER: &str = "STOA_CRASH_FOLDER";
const N_POINTS: usize = 60;

/// Not a test by itself: what the test below runs under strace.
#[test]
fn writer() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let store = open_with_passphrase(Path::new(&folder));
    let random = SeededRandom::new(7);
    let id = create(&store, "题", 0, &random);
    acknowledge(&store);
    store.rename_draft(id, title("新题"), at(1)).unwrap();
    acknowledge(&store);
    store.bin_draft(id, at(2)).unwrap();
    acknowledge(&store);
    store
        .import_draft(title("导入"), "正文", at(3), &random)
        .unwrap();
    acknowledge(&store);
    for round in 0..3 {
        for _ in 0..4 {
            store.undo(at(4 + round)).unwrap();
            acknowledge(&store);
        }
        for _ in 0..4 {
            store.redo(at(4 + round)).unwrap();
            acknowledge(&store);
        }
    }
    println!("DONE");
}

fn acknowledge(store: &Store) {
    println!("ACK {}", n_steps(store));
    std::io::stdout().flush().unwrap();
}

/// How many of the four steps are done, as the journal of steps says.
fn n_steps(store: &Store) -> usize {
    match store.undo_state().unwrap().undo.map(|step| step.kind) {
        None => 0,
        Some(StepKind::Create) => 1,
        Some(StepKind::Rename) => 2,
        Some(StepKind::Bin) => 3,
        Some(_) => 4,
    }
}

/// What the lists show after so many steps: titles, and those in the bin.
fn expected(n: usize) -> (Vec<&'static str>, Vec<&'static str>) {
    match n {
        0 => (vec![], vec![]),
        1 => (vec!["题"], vec![]),
        2 => (vec!["新题"], vec![]),
        3 => (vec![], vec!["新题"]),
        _ => (vec!["导入"], vec!["新题"]),
    }
}

fn check(store: &Store, acknowledged: usize) {
    let titles = |shelf| {
        let filter = DraftFilter {
            shelf,
            limit: 10,
            ..DraftFilter::default()
        };
        let drafts = store.list_drafts(&filter).unwrap().drafts;
        drafts
            .into_iter()
            .map(|draft| draft.title)
            .collect::<Vec<_>>()
    };
    let n = n_steps(store);
    let (shown, binned) = expected(n);
    assert_eq!(
        (titles(Shelf::Drafts), titles(Shelf::Bin)),
        (owned(shown), owned(binned))
    );
    // The one that was under way may have landed.
    assert!(
        n.abs_diff(acknowledged) <= 1,
        "{n} steps, {acknowledged} acknowledged"
    );
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
    while store.undo(at(90)).unwrap().is_some() {}
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    while store.redo(at(91)).unwrap().is_some() {}
    assert_eq!(
        titles(Shelf::Drafts).len() + titles(Shelf::Bin).len(),
        n_drafts(n_steps(store))
    );
}

fn n_drafts(n_steps: usize) -> usize {
    let (shown, binned) = expected(n_steps);
    shown.len() + binned.len()
}

fn owned(titles: Vec<&str>) -> Vec<String> {
    titles.into_iter().map(str::to_owned).collect()
}

fn last_acknowledged(out: &[u8]) -> usize {
    let out = String::from_utf8_lossy(out).into_owned();
    let whole = out.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut acks = whole.lines().filter_map(|line| line.split_once("ACK "));
    acks.next_back()
        .map_or(0, |(_, n)| n.trim().parse().unwrap())
}

#[test]
fn a_step_is_turned_round_whole_or_not_at_all_whenever_the_program_is_killed() {
    let scratch = tempfile::tempdir().unwrap();
    let log = scratch.path().join("calls");
    let profile = Profile::new(350);
    let strace = ["-e", "trace=pwrite64", "-o", log.to_str().unwrap()];
    let Some(output) = run("crash_undo::writer", profile.dir(), &strace) else {
        println!("strace is not there or not allowed: nothing was tested");
        return;
    };
    assert!(String::from_utf8_lossy(&output.stdout).contains("DONE"));
    let calls = std::fs::read_to_string(&log).unwrap();
    let n_calls = calls
        .lines()
        .filter(|line| line.contains("pwrite64"))
        .count();
    let step = (n_calls / N_POINTS).max(1);
    for point in (1..n_calls - n_calls / 50).step_by(step) {
        let profile = Profile::new(351);
        let inject = format!("inject=pwrite64:signal=KILL:when={point}");
        let strace = ["-e", "trace=pwrite64", "-e", &inject, "-o", "/dev/null"];
        let output = run("crash_undo::writer", profile.dir(), &strace).unwrap();
        assert_eq!(
            output.status.signal(),
            Some(9),
            "write {point} of {n_calls}"
        );
        check(&profile.open(), last_acknowledged(&output.stdout));
    }
}

/// Runs a writer under strace; `None` where that is not possible.
fn run(writer: &str, folder: &Path, strace: &[&str]) -> Option<Output> {
    let output = Command::new("strace")
        .args(["-f", "-qq"])
        .args(strace)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", writer, "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .output()
        .ok()?;
    let refused = String::from_utf8_lossy(&output.stderr).contains("Operation not permitted");
    (!refused).then_some(output)
}
