//! Progress with time left for cargo's long steps.
//!
//! Cargo knows how many crates are left but not how long they take; the cache
//! folder remembers how long one took the last time.

use std::{
    fs,
    io::{IsTerminal, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use crate::{place::Place, step};

/// How often a line is printed where lines cannot be rewritten.
const LINE_EVERY: Duration = Duration::from_secs(20);

/// Runs a cargo command that compiles, showing crates done and time left.
/// `key` names the step for the next estimate.
pub(crate) fn cargo(what: &str, key: &str, place: &Place, command: &mut Command) -> Result<()> {
    step::say(what);
    let typed = step::line(command);
    let mut child = command
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "100")
        .env("CARGO_TERM_COLOR", colour())
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start\n\n    {typed}\n"))?;
    let stderr = child.stderr.take().context("stderr was asked for")?;
    let memory = Memory::of(&place.cache, key);
    let mut screen = Screen::new(memory.seconds_per_crate());
    follow(stderr, &mut screen)?;
    let succeeded = child.wait()?.success();
    screen.wipe();
    if !succeeded {
        return Err(anyhow::anyhow!(
            "{what} failed; to see it alone, type\n\n    {typed}\n"
        ));
    }
    if let Some(rate) = screen.rate() {
        memory.keep(rate);
    }
    Ok(())
}

fn colour() -> &'static str {
    if std::io::stderr().is_terminal() {
        "always"
    } else {
        "never"
    }
}

/// Reads cargo's words; a progress bar ends with `\r`, a line with `\n`.
fn follow(mut stderr: impl Read, screen: &mut Screen) -> Result<()> {
    let mut chunk = [0; 4096];
    let mut word = Vec::new();
    loop {
        let n = stderr.read(&mut chunk)?;
        if n == 0 {
            screen.hear(&String::from_utf8_lossy(&word));
            return Ok(());
        }
        for &byte in &chunk[..n] {
            if byte == b'\r' || byte == b'\n' {
                screen.hear(&String::from_utf8_lossy(&word));
                word.clear();
            } else {
                word.push(byte);
            }
        }
    }
}

/// What the person sees of one cargo run.
struct Screen {
    started: Instant,
    usual: Option<f64>,
    /// Crates that were done before anything was compiled.
    fresh: Option<u32>,
    count: Option<(u32, u32)>,
    last_line: Instant,
    rewrites: bool,
}

impl Screen {
    fn new(usual: Option<f64>) -> Self {
        Self {
            started: Instant::now(),
            usual,
            fresh: None,
            count: None,
            last_line: Instant::now(),
            rewrites: std::io::stderr().is_terminal(),
        }
    }

    fn hear(&mut self, said: &str) {
        if let Some((done, total)) = crates_done(said) {
            self.fresh.get_or_insert(done);
            self.count = Some((done, total));
            self.show(done, total);
        } else if is_worth_showing(said) {
            self.wipe();
            eprintln!("{}", said.trim_end());
        }
    }

    fn show(&mut self, done: u32, total: u32) {
        let fresh = self.fresh.unwrap_or(0);
        let left = time_left(
            done.saturating_sub(fresh),
            total.saturating_sub(fresh),
            self.started.elapsed(),
            self.usual,
        );
        let text = format!("  compiled {done}/{total}{}", in_words(left));
        if self.rewrites {
            eprint!("\r\x1b[K{text}");
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            eprintln!("{text}");
        }
    }

    fn wipe(&self) {
        if self.rewrites && self.count.is_some() {
            eprint!("\r\x1b[K");
        }
    }

    /// Seconds per crate of this run, when enough was compiled to tell.
    fn rate(&self) -> Option<f64> {
        let (_, total) = self.count?;
        let compiled = total.saturating_sub(self.fresh?);
        (compiled >= 10).then(|| self.started.elapsed().as_secs_f64() / f64::from(compiled))
    }
}

/// `Building [====>   ] 12/345: serde, syn` → (12, 345).
fn crates_done(said: &str) -> Option<(u32, u32)> {
    let (_, after) = plain(said)
        .split_once("Building [")
        .map(|(before, after)| (before.to_owned(), after.to_owned()))?;
    let counts = after.split_once("] ")?.1.split(':').next()?.trim();
    let (done, total) = counts.split_once('/')?;
    Some((done.trim().parse().ok()?, total.trim().parse().ok()?))
}

/// Warnings, errors and waiting for a lock; not which crate is being compiled.
fn is_worth_showing(said: &str) -> bool {
    const ROUTINE: [&str; 11] = [
        "Adding",
        "Blocking waiting for file lock on package cache",
        "Checking",
        "Compiling",
        "Dirty",
        "Downloaded",
        "Downloading",
        "Finished",
        "Fresh",
        "Locking",
        "Updating",
    ];
    let said = plain(said);
    let word = said.trim();
    !word.is_empty()
        && !word.starts_with("Building [")
        && !word.starts_with("Executable ")
        && !ROUTINE.iter().any(|routine| word.starts_with(routine))
}

/// Without colours and other escape sequences.
fn plain(said: &str) -> String {
    let mut text = String::with_capacity(said.len());
    let mut chars = said.chars();
    while let Some(c) = chars.next() {
        if c == '\x1b' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(c);
        }
    }
    text
}

/// From the usual pace at first and more and more from this run's own.
fn time_left(done: u32, total: u32, elapsed: Duration, usual: Option<f64>) -> Option<Duration> {
    let left = f64::from(total.saturating_sub(done));
    let observed = (done >= 5).then(|| elapsed.as_secs_f64() / f64::from(done));
    let pace = match (observed, usual) {
        (Some(observed), Some(usual)) => {
            let weight = f64::from(done) / f64::from(total.max(1));
            observed * weight + usual * (1.0 - weight)
        }
        (one, other) => one.or(other)?,
    };
    Duration::try_from_secs_f64(pace * left).ok()
}

fn in_words(left: Option<Duration>) -> String {
    let Some(left) = left else {
        return String::new();
    };
    match left.as_secs() {
        0..=9 => ", a few seconds left".to_owned(),
        seconds @ 10..=99 => format!(", about {} s left", seconds / 10 * 10),
        seconds => format!(", about {} min left", (seconds + 30) / 60),
    }
}

/// The pace of a step, kept between runs.
struct Memory {
    file: PathBuf,
}

impl Memory {
    fn of(cache: &Path, key: &str) -> Self {
        Self {
            file: cache.join("pace").join(key),
        }
    }

    fn seconds_per_crate(&self) -> Option<f64> {
        fs::read_to_string(&self.file).ok()?.trim().parse().ok()
    }

    /// An estimate that cannot be kept is no reason to fail a build.
    fn keep(&self, rate: f64) {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).ok();
        }
        fs::write(&self.file, format!("{rate:.3}\n")).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_own_count_is_read() {
        let bar = "    Building [====>      ] 12/345: serde, syn(build)";
        assert_eq!(crates_done(bar), Some((12, 345)));
        let coloured = "\x1b[1m\x1b[96m    Building\x1b[0m [=>  ] 7/9: x\x1b[K";
        assert_eq!(crates_done(coloured), Some((7, 9)));
        assert_eq!(crates_done("   Compiling serde v1.0.0"), None);
    }

    #[test]
    fn warnings_are_shown_and_routine_is_not() {
        assert!(is_worth_showing("warning: unused import"));
        assert!(is_worth_showing("error[E0308]: mismatched types"));
        assert!(is_worth_showing(
            "    Blocking waiting for file lock on build directory"
        ));
        assert!(!is_worth_showing("   Compiling serde v1.0.0"));
        assert!(!is_worth_showing("    Finished `dev` profile"));
        assert!(!is_worth_showing(""));
    }

    #[test]
    fn the_usual_pace_counts_before_anything_was_compiled() {
        let left = time_left(0, 100, Duration::ZERO, Some(2.0));
        assert_eq!(left, Some(Duration::from_secs(200)));
    }

    #[test]
    fn towards_the_end_the_observed_pace_counts() {
        let left = time_left(90, 100, Duration::from_secs(90), Some(10.0)).unwrap();
        assert!((10..=20).contains(&left.as_secs()), "{left:?}");
    }

    #[test]
    fn without_any_experience_nothing_is_promised() {
        assert_eq!(time_left(0, 100, Duration::from_secs(3), None), None);
        assert_eq!(in_words(None), "");
    }

    #[test]
    fn time_left_is_told_in_round_numbers() {
        assert_eq!(
            in_words(Some(Duration::from_secs(3))),
            ", a few seconds left"
        );
        assert_eq!(in_words(Some(Duration::from_secs(47))), ", about 40 s left");
        assert_eq!(
            in_words(Some(Duration::from_secs(170))),
            ", about 3 min left"
        );
    }

    #[test]
    fn the_pace_is_remembered_between_runs() {
        let cache = tempfile::tempdir().unwrap();
        let memory = Memory::of(cache.path(), "ui");
        assert_eq!(memory.seconds_per_crate(), None);
        memory.keep(1.5);
        let again = Memory::of(cache.path(), "ui");
        assert_eq!(again.seconds_per_crate(), Some(1.5));
    }
}
