//! Exports made to take time or memory: each is refused or read, in little of both. Every one is
//! set off in a process of its own, whose highest use of memory the system tells.

mod documents;
mod texts;
mod xml;
mod zips;

use std::collections::BTreeSet;
use std::io::Cursor;
use std::process::Command;
use std::{env, fs};

use stoa_exchange::{Files, Limits, Source, ZipSource, detect, read};

use texts::{HTML, MARKDOWN};

/// Names the bomb that a child process is to set off.
const BOMB: &str = "STOA_TEST_BOMB";
/// A debug build takes a multiple of what a release build takes.
const MOST_MILLIS: u64 = if cfg!(debug_assertions) {
    20_000
} else {
    2_000
};
const MOST_KIB: u64 = 64 * 1024;

/// A file by its name, and what makes its contents.
struct Bomb {
    name: String,
    file: &'static str,
    make: Box<dyn Fn() -> Vec<u8>>,
}

/// What is called so, the file's name, and what is in it.
type Made = (&'static str, &'static str, fn() -> Vec<u8>);

fn bombs() -> Vec<Bomb> {
    let text = |kind: &str, n: usize, file: &'static str, make: fn() -> String| Bomb {
        name: format!("{kind} {n}"),
        file,
        make: Box::new(move || make().into_bytes()),
    };
    let pages = HTML.iter().enumerate();
    let notes = MARKDOWN.iter().enumerate();
    let made = [xml::MADE, documents::MADE, texts::MADE, zips::MADE];
    let made = made.into_iter().flatten().map(|(name, file, make)| Bomb {
        name: format!("{file}: {name}"),
        file,
        make: Box::new(make),
    });
    pages
        .map(|(n, make)| text("page", n, "a.html", *make))
        .chain(notes.map(|(n, make)| text("note", n, "a.md", *make)))
        .chain(made)
        .collect()
}

/// The processor time of this thread in milliseconds, so that a busy machine changes nothing.
fn spent() -> Option<u64> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos: u64 = told.split_whitespace().next()?.parse().ok()?;
    Some(nanos / 1_000_000)
}

/// The most memory that this process had, in KiB.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Does something, and tells what it took: milliseconds, and KiB beyond what was there before.
fn measured<T>(act: impl FnOnce() -> T) -> (T, u64, u64) {
    // Forgets the peak so far.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (began, low) = (spent(), peak_kib());
    let done = act();
    let took = |before: Option<u64>, after: Option<u64>| match before.zip(after) {
        Some((before, after)) => after.saturating_sub(before),
        None => 0,
    };
    (done, took(began, spent()), took(low, peak_kib()))
}

/// Looks at an export as the studio does, from the choice of the format to the posts.
fn taken(source: &mut dyn Source) -> String {
    let limits = Limits::default();
    let Some(format) = detect(source, &limits) else {
        return "nothing".to_owned();
    };
    let imported = read(source, format, &limits);
    format!("{} posts of {format:?}", imported.posts.len())
}

/// The child's part.
fn set_off(name: &str) {
    let bomb = bombs().into_iter().find(|bomb| bomb.name == name);
    let bomb = bomb.expect("a bomb of this name");
    let bytes = (bomb.make)();
    let (outcome, millis, kib) = match bomb.file.ends_with(".zip") {
        true => measured(
            || match ZipSource::open(Cursor::new(bytes), &Limits::default()) {
                Ok(mut source) => taken(&mut source),
                Err(why) => format!("refused, {why}"),
            },
        ),
        false => {
            let mut source = Files::single(bomb.file, bytes);
            measured(|| taken(&mut source))
        }
    };
    println!("\nbomb {millis} {kib} {outcome}");
}

/// Sets a bomb off in a process of its own; what is wrong with what that took.
fn fault_of(bomb: &Bomb) -> Option<String> {
    let child = Command::new(env::current_exe().expect("this test"))
        .args([
            "--exact",
            "bombs::a_bomb_is_refused_or_read_in_little_time_and_memory",
            "--nocapture",
        ])
        .env(BOMB, &bomb.name)
        .output()
        .expect("a child");
    let output = String::from_utf8_lossy(&child.stdout);
    let told = output.lines().find_map(|line| line.strip_prefix("bomb "));
    let Some(told) = told.filter(|_| child.status.success()) else {
        let said = String::from_utf8_lossy(&child.stderr);
        return Some(format!("{}: it came to no end: {said}", bomb.name));
    };
    println!("{}: {told}", bomb.name);
    let mut numbers = told.split(' ').map_while(|word| word.parse::<u64>().ok());
    let (millis, kib) = (numbers.next()?, numbers.next()?);
    // However hostile a page or a note is, it is one post.
    let is_text = ["page ", "note "]
        .iter()
        .any(|kind| bomb.name.starts_with(kind));
    let is_right = !is_text || told.contains(" 1 posts of ");
    let is_good = millis <= MOST_MILLIS && kib <= MOST_KIB && is_right;
    (!is_good).then(|| format!("{}: {millis} ms, {kib} KiB, {told}", bomb.name))
}

#[test]
fn a_bomb_is_refused_or_read_in_little_time_and_memory() {
    if let Ok(name) = env::var(BOMB) {
        return set_off(&name);
    }
    if spent().is_none() || peak_kib().is_none() {
        println!("skipped: time and memory, which only Linux tells; that all end is tested");
    }
    let bombs = bombs();
    let names: BTreeSet<&str> = bombs.iter().map(|bomb| &*bomb.name).collect();
    assert_eq!(names.len(), bombs.len(), "two of them have one name");
    let faults: Vec<String> = bombs.iter().filter_map(fault_of).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A test of limits that nothing exceeds would pass with a measure that is broken.
#[test]
fn the_measure_sees_time_and_memory_that_are_taken() {
    if spent().is_none() || peak_kib().is_none() {
        println!("skipped: only Linux tells time and memory");
        return;
    }
    let (sum, millis, kib) = measured(|| {
        let held: Vec<u64> = (0..10_000_000).collect();
        held.iter()
            .fold(0_u64, |sum, n| sum.rotate_left(7).wrapping_add(n * n))
    });
    assert!(sum > 0 && millis > 0, "{millis} ms");
    assert!(kib > MOST_KIB, "80 MB are {kib} KiB");
}
