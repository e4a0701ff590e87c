//! Killed at exact points: strace ends the writer at its n-th write or flush, and every edit that
//! was acknowledged must be there.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

use stoa_domain::DraftId;
use stoa_store::test_support::{Profile, SeededRandom, open_with_passphrase};
use stoa_store::{ChangeKind, Store};

use super::{at, insert, title};

pub(super) const FOLDER: &str = "STOA_CRASH_FOLDER";
const N_DRAFTS: usize = 6;
const N_EDITS: usize = 5;
const N_POINTS: usize = 75;

/// Not a test by itself: what the test below runs under strace.
#[test]
fn writer() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let store = open_with_passphrase(Path::new(&folder));
    let random = SeededRandom::new(7);
    for n in 0..N_DRAFTS {
        let draft = store
            .create_draft(title(&format!("稿{n}")), at(1), &random)
            .unwrap();
        acknowledge(draft.id, "");
        let session = store.open_text(draft.id, &random).unwrap().session;
        let mut text = String::new();
        for edit in 0..N_EDITS {
            let piece = format!("第{edit}次写了一句话。");
            let end = text.encode_utf16().count();
            store
                .edit_text(session, None, &[insert(end, &piece)], at(2), &random)
                .unwrap();
            text.push_str(&piece);
            acknowledge(draft.id, &text);
        }
        store.close_text(session).unwrap();
        if n == N_DRAFTS / 2 {
            store.backup(at(3)).unwrap();
        }
    }
    println!("DONE");
}

fn acknowledge(id: DraftId, text: &str) {
    println!("ACK {id} {text}");
    std::io::stdout().flush().unwrap();
}

/// Runs a writer under strace; `None` where that is not possible.
pub(super) fn run(writer: &str, folder: &Path, strace: &[&str]) -> Option<Output> {
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

/// The last text of each draft that was acknowledged.
fn acknowledged(output: &Output) -> BTreeMap<DraftId, String> {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let whole = out.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole
        .lines()
        .filter_map(|line| line.split_once("ACK "))
        .map(|(_, ack)| {
            let (id, text) = ack.split_once(' ').unwrap();
            (id.parse().unwrap(), text.to_owned())
        })
        .collect()
}

fn check(store: &Store, acknowledged: &BTreeMap<DraftId, String>) {
    let waiting = store.waiting(1_000).unwrap();
    for (id, text) in acknowledged {
        let found = store.markdown(*id).unwrap();
        assert!(found.starts_with(text), "{found} does not hold {text}");
        let opened = store.open_text(*id, &SeededRandom::new(8)).unwrap();
        assert_eq!(opened.markdown, found, "document and Markdown agree");
        let of = |kind| waiting.iter().any(|e| e.draft == *id && e.kind == kind);
        assert!(of(ChangeKind::Create) && (text.is_empty() || of(ChangeKind::Write)));
    }
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

fn count(folder: &Path, call: &str) -> Option<usize> {
    let profile = Profile::new(200);
    let log = folder.join(call);
    let trace = format!("trace={call}");
    let strace = ["-e", &trace, "-o", log.to_str().unwrap()];
    let output = run("crash::writer", profile.dir(), &strace)?;
    assert!(String::from_utf8_lossy(&output.stdout).contains("DONE"));
    check(&profile.open(), &acknowledged(&output));
    let calls = std::fs::read_to_string(&log).unwrap();
    Some(calls.lines().filter(|line| line.contains(call)).count())
}

#[test]
fn every_acknowledged_edit_survives_a_kill_at_any_write_or_flush() {
    let scratch = tempfile::tempdir().unwrap();
    for call in ["pwrite64", "fsync"] {
        let Some(n_calls) = count(scratch.path(), call) else {
            println!("strace is not there or not allowed: nothing was tested");
            return;
        };
        // How many there are differs a little from run to run.
        let n_calls = n_calls - n_calls / 50;
        let step = (n_calls / N_POINTS).max(1);
        let mut n_points = 0;
        for point in (1..=n_calls).step_by(step) {
            let profile = Profile::new(201);
            let inject = format!("inject={call}:signal=KILL:when={point}");
            let trace = format!("trace={call}");
            let output = run(
                "crash::writer",
                profile.dir(),
                &["-e", &trace, "-e", &inject, "-o", "/dev/null"],
            );
            let output = output.unwrap();
            // strace ends like the program it watched.
            let was_killed = output.status.signal() == Some(9);
            assert!(
                was_killed,
                "the {point}th {call} of {n_calls} came and nothing was killed"
            );
            check(&profile.open(), &acknowledged(&output));
            n_points += 1;
        }
        println!("{n_points} points of {n_calls} {call}");
        assert!(n_points >= N_POINTS.min(n_calls));
    }
}
