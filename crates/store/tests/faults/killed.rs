//! The program is killed at any change it makes to the disk.

use super::diary::Entry;
use super::image::{Image, Verdict, check_all};
use super::play::{Recording, record, views};
use super::replay::{Disk, SECTOR};
use super::scenario::{AFTERNOON, ARRIVAL, EXCHANGE, FETCH, FILES, LARGE, RESTORE, Scenario};
use super::times;
use super::view::View;

/// How many points a run has at least.
const N_POINTS: usize = 1_000;

#[test]
fn every_acknowledged_step_survives_a_kill_at_any_change_of_the_disk() {
    let mut total = Verdict::default();
    for (scenario, share) in [
        (AFTERNOON, 430),
        (EXCHANGE, 270),
        (ARRIVAL, 130),
        (LARGE, 70),
        (FILES, 130),
        (FETCH, 70),
        (RESTORE, 200),
    ] {
        let Some(recording) = record(scenario, None) else {
            return;
        };
        let begun = std::time::Instant::now();
        let verdict = check_all(&views(scenario), |offer| {
            every_point(scenario.name, &recording, share * times(), offer);
        });
        println!(
            "{}: {} points in {:?}",
            scenario.name,
            verdict.n_images,
            begun.elapsed()
        );
        total.add(verdict);
    }
    total.expect(N_POINTS);
}

/// The disk after each change, and in the midst of each that a kill can cut in two; where there
/// are many, evenly spread.
pub(crate) fn every_point(
    name: &str,
    recording: &Recording,
    n_points: usize,
    offer: &mut dyn FnMut(Image),
) {
    let all = recording.entries.iter().map(n_states).sum::<usize>();
    let (mut n_seen, mut n_made) = (0, 0);
    let mut is_chosen = || {
        n_seen += 1;
        let is_chosen = n_made * all < n_seen * n_points;
        n_made += usize::from(is_chosen);
        is_chosen
    };
    let mut disk = Disk::of(&recording.before);
    let mut n_done = 0;
    for (n, entry) in recording.entries.iter().enumerate() {
        if let Entry::Note(done) = entry {
            n_done = *done;
        }
        if let Entry::Write { fd, at, bytes } = entry
            && bytes.len() > SECTOR
            && is_chosen()
        {
            let mut torn = disk.clone();
            torn.apply(&Entry::Write {
                fd: *fd,
                at: *at,
                bytes: bytes[..bytes.len() / 2].to_vec(),
            });
            offer(Image {
                files: torn.as_left(),
                n_done,
                name: format!("{name}-{n}-torn"),
            });
        }
        disk.apply(entry);
        if entry.is_change() && is_chosen() {
            offer(Image {
                files: disk.as_left(),
                n_done,
                name: format!("{name}-{n}"),
            });
        }
    }
}

fn n_states(entry: &Entry) -> usize {
    let is_torn = matches!(entry, Entry::Write { bytes, .. } if bytes.len() > SECTOR);
    usize::from(entry.is_change()) + usize::from(is_torn)
}

/// That the diary tells the truth: a program that is really killed leaves what its diary says.
#[test]
fn a_program_that_is_killed_leaves_what_the_diary_says() {
    for (scenario, n_kills) in [
        (AFTERNOON, 24),
        (EXCHANGE, 16),
        (ARRIVAL, 6),
        (LARGE, 4),
        (FILES, 6),
        (FETCH, 4),
        (RESTORE, 12),
    ] {
        let Some(whole) = record(scenario, None) else {
            return;
        };
        let views = views(scenario);
        let n_changes = whole.entries.iter().filter(|e| e.is_change()).count();
        for n in 1..=n_kills * times() {
            // Not to the very last: how many there are differs a little from run to run.
            let at = n * (n_changes - n_changes / 50) / (n_kills * times());
            kill(scenario, &views, (at, n % 2 == 0));
        }
    }
}

fn kill(scenario: Scenario, views: &[View], (at, is_torn): (usize, bool)) {
    let recording = record(scenario, Some((at, is_torn))).unwrap();
    assert!(recording.was_killed, "{} at {at}", scenario.name);
    let mut disk = Disk::of(&recording.before);
    let mut n_done = 0;
    for entry in &recording.entries {
        disk.apply(entry);
        if let Entry::Note(done) = entry {
            n_done = *done;
        }
    }
    assert!(
        disk.as_left() == recording.left,
        "{} at {at}",
        scenario.name
    );
    let verdict = check_all(views, |offer| {
        offer(Image {
            files: recording.left.clone(),
            n_done,
            name: format!("{}-killed-{at}", scenario.name),
        });
    });
    verdict.expect(1);
}
