//! `cargo xtask test [FILTER]`: every test there is, and one closing line that
//! says how many ran and which failed.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    args::Args,
    place::Place,
    progress,
    setup::{self, Purpose},
    step, ui,
};

pub(crate) fn command(place: &Place, args: Args) -> Result<()> {
    let filter = args.filter()?;
    let started = Instant::now();
    setup::packages(Purpose::Test)?;
    ui::build(place, false)?;
    ui::install_packages(
        "Fetching the accessibility checker",
        &place.root.join("tests/web"),
    )?;
    build(place)?;
    let mut tally = Tally::default();
    run_cargo(place, filter.as_deref(), &mut tally)?;
    // A filter names Rust tests; the editor's own have no names to match.
    if filter.is_none() {
        run_editor(place, &mut tally)?;
    }
    println!();
    let closing = tally.closing(started.elapsed());
    if tally.passed > 0 && tally.n_failed == 0 && !tally.broken {
        println!("{closing}");
        return Ok(());
    }
    bail!("{closing}")
}

/// The programs that the tests start, and the tests themselves, at once: apart,
/// many crates would be compiled twice.
fn build(place: &Place) -> Result<()> {
    let mut cargo = step::command("cargo", &place.root);
    cargo.args(["build", "--workspace", "--bins", "--tests"]);
    progress::cargo("Building programs and tests", "tests", place, &mut cargo)
}

fn run_cargo(place: &Place, filter: Option<&str>, tally: &mut Tally) -> Result<()> {
    let mut cargo = with_paths(step::command("cargo", &place.root), place);
    cargo
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(filter);
    if std::env::var_os(CASES).is_none() {
        cargo.env(CASES, SEED);
    }
    follow("Running the tests", cargo, tally)
}

/// Chooses the cases of tests that make them up: the same ones each time, so that no change is
/// refused for a fault that was there before it. `PROPTEST_RNG_SEED=N cargo xtask test` tries others.
const CASES: &str = "PROPTEST_RNG_SEED";
const SEED: &str = "1";

/// The editor's tests: without a browser, then in the real one.
fn run_editor(place: &Place, tally: &mut Tally) -> Result<()> {
    for script in ["test", "test:browser"] {
        let npm = setup::program("npm");
        let mut npm = with_paths(step::command(npm, &place.editor()), place);
        npm.args(["run", "--silent", script]);
        // The form with one `ok` line a test, whatever the terminal.
        npm.env("NODE_OPTIONS", "--test-reporter=tap");
        follow(&format!("The editor: npm run {script}"), npm, tally)?;
    }
    Ok(())
}

/// Tells a test run where the built programs and the window's content are.
pub(crate) fn with_paths(mut command: Command, place: &Place) -> Command {
    command
        .env("STOA_BIN_DIR", place.binaries(false))
        .env("STOA_UI_DIST", place.dist());
    command
}

/// Runs a test command, passing its lines on and counting.
fn follow(what: &str, mut command: Command, tally: &mut Tally) -> Result<()> {
    step::say(what);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", step::line(&command)))?;
    let stdout = child.stdout.take().context("stdout was asked for")?;
    let failed_before = tally.n_failed;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        if tally.hear(&line) {
            println!("{line}");
        }
    }
    if !child.wait()?.success() && tally.n_failed == failed_before {
        // A program that did not even get to name a failing test.
        tally.broken = true;
        eprintln!("{:#}", step::failed(what, &command));
    }
    Ok(())
}

/// What was heard of all test programs. The counts come from their own closing
/// lines: a line about a single test may be cut by what the test prints.
#[derive(Debug, Default)]
struct Tally {
    passed: u32,
    n_failed: u32,
    /// Each with the first line of what it said, once that was heard.
    failed: BTreeMap<String, String>,
    /// The failed test whose words are being heard.
    speaking: Option<String>,
    broken: bool,
}

impl Tally {
    /// Counts one line of output; tells whether it is worth passing on.
    fn hear(&mut self, line: &str) -> bool {
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result: ") {
            self.passed += number_before(result, " passed");
            self.n_failed += number_before(result, " failed");
            self.speaking = None;
        } else if let Some(n) = line.strip_prefix("# pass ") {
            self.passed += n.parse().unwrap_or(0);
        } else if let Some(n) = line.strip_prefix("# fail ") {
            self.n_failed += n.parse().unwrap_or(0);
        } else if line == "failures:" {
            self.speaking = None;
        } else if let Some(name) = failed_name(line) {
            self.failed.entry(name.clone()).or_default();
            // Between a test's own line and the list of failures, others speak.
            self.speaking = (!line.starts_with("test ")).then_some(name);
        } else {
            self.hear_why(line);
        }
        !is_noise(line)
    }

    /// Keeps why a test failed: what it returned, or what follows on the place of a panic.
    fn hear_why(&mut self, line: &str) {
        let Some(why) = self.speaking.as_ref().and_then(|n| self.failed.get_mut(n)) else {
            return;
        };
        let returned = line
            .strip_prefix("Error: ")
            .or_else(|| line.strip_prefix("error: "));
        let panicked = line.starts_with("thread '") && line.contains("panicked at ");
        if why.is_empty() && (returned.is_some() || panicked) {
            *why = returned.unwrap_or(line).to_owned();
        } else if why.starts_with("thread '") && !why.contains('\n') {
            why.push_str("\n    ");
            why.push_str(line);
        }
    }

    fn closing(&self, took: Duration) -> String {
        let took = format!("{} min {:02} s", took.as_secs() / 60, took.as_secs() % 60);
        let names: Vec<String> = self.failed.iter().map(failure).collect();
        match (self.n_failed, self.broken, self.passed) {
            (0, false, 0) => "no test ran: nothing has that name".to_owned(),
            (0, false, passed) => format!("All {passed} tests passed in {took}"),
            (0, true, _) => format!("a test program broke off (see above), in {took}"),
            (failed, _, passed) => format!(
                "{failed} failed, {passed} passed in {took}:\n  {}",
                names.join("\n  ")
            ),
        }
    }
}

/// `ok. 12 passed; 1 failed; …` → 12 for ` passed`.
fn number_before(result: &str, word: &str) -> u32 {
    let number = result
        .split(word)
        .next()
        .and_then(|before| before.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// A failed test as the closing lines tell of it.
fn failure((name, why): (&String, &String)) -> String {
    if why.is_empty() {
        return name.clone();
    }
    format!("{name}\n    {}", why.chars().take(400).collect::<String>())
}

/// The name in a line that says a test failed: of a Rust program at once or in
/// its list of failures, or of the editor's.
fn failed_name(line: &str) -> Option<String> {
    let at_once = |line: &str| {
        line.strip_prefix("test ")?
            .strip_suffix(" ... FAILED")
            .map(str::to_owned)
    };
    let listed = |line: &str| {
        line.strip_prefix("---- ")?
            .strip_suffix(" stdout ----")
            .map(str::to_owned)
    };
    let editor = |line: &str| {
        let (_, name) = line.strip_prefix("not ok ")?.split_once(" - ")?;
        Some(name.split(" # ").next().unwrap_or(name).to_owned())
    };
    at_once(line)
        .or_else(|| listed(line))
        .or_else(|| editor(line))
}

/// Programs without tests, and the reporter's bookkeeping.
fn is_noise(line: &str) -> bool {
    let line = line.trim();
    let bookkeeping = ["duration_ms:", "type:", "...", "---", "TAP version", "1.."];
    line.is_empty()
        || line == "running 0 tests"
        || line.starts_with("test result: ok. 0 passed; 0 failed")
        || bookkeeping.iter().any(|word| line.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        for line in lines {
            tally.hear(line);
        }
        tally
    }

    #[test]
    fn passed_and_failed_are_counted_over_all_programs() {
        let tally = tally(&[
            "running 2 tests",
            "test text::two_han_characters_are_found ... ok",
            "test draft::bin_and_restore ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured",
            "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured",
        ]);
        let closing = tally.closing(Duration::from_secs(75));
        assert_eq!(
            closing,
            "1 failed, 5 passed in 1 min 15 s:\n  draft::bin_and_restore"
        );
    }

    #[test]
    fn a_failure_whose_line_was_cut_is_still_named() {
        let tally = tally(&[
            "test window::opens ... a word of the program",
            "FAILED",
            "---- window::opens stdout ----",
            "test result: FAILED. 0 passed; 1 failed",
        ]);
        let closing = tally.closing(Duration::ZERO);
        assert!(closing.ends_with("\n  window::opens"), "{closing}");
    }

    #[test]
    fn each_failure_says_why() {
        let tally = tally(&[
            "test centre::files ... FAILED",
            "test draft::bin ... FAILED",
            "---- centre::files stdout ----",
            "what was to be seen: centre.png",
            "Error: a speed limit",
            "Caused by:",
            "---- draft::bin stdout ----",
            "thread 'draft::bin' (7) panicked at tests/it/draft.rs:9:5:",
            "assertion failed: empty",
            "note: run with `RUST_BACKTRACE=1`",
            "test result: FAILED. 0 passed; 2 failed",
        ]);
        let closing = tally.closing(Duration::ZERO);
        assert_eq!(
            closing,
            "2 failed, 0 passed in 0 min 00 s:\n  centre::files\n    a speed limit\n  draft::bin\n    \
             thread 'draft::bin' (7) panicked at tests/it/draft.rs:9:5:\n    assertion failed: empty"
        );
    }

    #[test]
    fn the_editors_tests_count_as_well() {
        let tally = tally(&[
            "ok 1 - a pause saves",
            "    not ok 2 - composition is not cut # time=3ms",
            "# pass 1",
            "# fail 1",
        ]);
        assert_eq!((tally.passed, tally.n_failed), (1, 1));
        assert!(tally.failed.contains_key("composition is not cut"));
    }

    #[test]
    fn nothing_run_is_not_success() {
        let closing = tally(&["running 0 tests"]).closing(Duration::ZERO);
        assert!(closing.starts_with("no test ran"), "{closing}");
    }

    #[test]
    fn empty_programs_are_not_shown() {
        let mut tally = Tally::default();
        assert!(!tally.hear("running 0 tests"));
        assert!(!tally.hear("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured"));
        assert!(tally.hear("test a ... ok"));
    }
}
