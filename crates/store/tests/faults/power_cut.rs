//! The power goes: what was flushed is there, and of the rest whatever the disk happened to write,
//! in any order, torn at any sector, or garbage in its place.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::diary::Entry;
use super::image::{Image, Verdict, check_all};
use super::play::{Recording, record, record_start, views};
use super::replay::{Change, Contents, Disk, Files, SECTOR, put};
use super::scenario::{AFTERNOON, ARRIVAL, EXCHANGE, FETCH, FILES, LARGE, RESTORE, Scenario};
use super::times;
use super::view::View;

/// Different images of a run.
const N_IMAGES: usize = 2_000;
/// How many are cut a second time while the store recovers from the first.
const N_TWICE: usize = 12;

/// What the disk made of that which was not flushed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Nothing,
    /// The beginning, in order, the last one torn.
    Beginning,
    /// Any of the writes.
    Some,
    /// Any of the sectors.
    Sectors,
    /// Any of the sectors, and garbage in some others.
    Garbage,
}

const WAYS: [Way; 5] = [
    Way::Nothing,
    Way::Beginning,
    Way::Some,
    Way::Sectors,
    Way::Garbage,
];

#[test]
fn every_acknowledged_step_survives_a_power_cut() {
    let mut total = Verdict::default();
    for (scenario, share) in [
        (AFTERNOON, 1_100),
        (EXCHANGE, 650),
        (ARRIVAL, 260),
        (LARGE, 130),
        (FILES, 200),
        (FETCH, 130),
        (RESTORE, 330),
    ] {
        let Some(recording) = record(scenario, None) else {
            return;
        };
        let begun = std::time::Instant::now();
        let verdict = check_all(&views(scenario), |offer| {
            let cuts = Cuts {
                name: scenario.name,
                entries: &recording.entries,
                n_images: share * times(),
            };
            cuts.make(&Disk::of(&recording.before), 0, offer);
        });
        println!(
            "{}: {} images in {:?}",
            scenario.name,
            verdict.n_images,
            begun.elapsed()
        );
        total.add(verdict);
    }
    total.expect(N_IMAGES * times());
}

/// The power goes again while the store recovers.
#[test]
fn a_second_power_cut_during_recovery_loses_nothing_either() {
    for (scenario, n_twice) in [
        (AFTERNOON, N_TWICE),
        (EXCHANGE, N_TWICE),
        (ARRIVAL, 3),
        (LARGE, 3),
        (FILES, N_TWICE),
        (FETCH, N_TWICE),
        (RESTORE, N_TWICE),
    ] {
        let Some(recording) = record(scenario, None) else {
            return;
        };
        let views = views(scenario);
        let firsts = firsts(scenario, &recording, n_twice * times());
        let verdict = check_all(&views, |offer| {
            for first in &firsts {
                cut_again(first, &views, offer);
            }
        });
        println!("{}: {} images cut twice", scenario.name, verdict.n_images);
        verdict.expect(n_twice);
    }
}

fn firsts(scenario: Scenario, recording: &Recording, n: usize) -> Vec<Image> {
    let mut firsts = Vec::new();
    let cuts = Cuts {
        name: scenario.name,
        entries: &recording.entries,
        // Some are from before the profile was acknowledged; one cannot start with those.
        n_images: n * 2,
    };
    cuts.make(&Disk::of(&recording.before), 0, &mut |image| {
        if image.n_done > 2 && firsts.len() < n {
            firsts.push(image);
        }
    });
    firsts
}

fn cut_again(first: &Image, views: &[View], offer: &mut dyn FnMut(Image)) {
    let passphrases: Vec<&str> = views[first.n_done..views.len().min(first.n_done + 2)]
        .iter()
        .filter_map(View::passphrase)
        .collect();
    let second = record_start(&first.files, &passphrases);
    let cuts = Cuts {
        name: &first.name,
        entries: &second.entries,
        n_images: 10,
    };
    let n_done = first.n_done;
    cuts.make(&Disk::of(&first.files), n_done, offer);
}

/// Power cuts spread over a diary.
pub(crate) struct Cuts<'a> {
    pub(crate) name: &'a str,
    pub(crate) entries: &'a [Entry],
    pub(crate) n_images: usize,
}

impl Cuts<'_> {
    /// Offers the images, beginning with a disk on which `n_done` steps are done.
    pub(crate) fn make(&self, before: &Disk, n_done: usize, offer: &mut dyn FnMut(Image)) {
        let mut disk = before.clone();
        let mut n_done = n_done;
        let n_changes = self.entries.iter().filter(|e| e.is_change()).count();
        let (mut n_seen, mut n_made) = (0, 0);
        for (n, entry) in self.entries.iter().enumerate() {
            disk.apply(entry);
            if let Entry::Note(done) = entry
                && *done > n_done
            {
                n_done = *done;
            }
            n_seen += usize::from(entry.is_change());
            while n_made * n_changes < n_seen * self.n_images {
                let way = WAYS[n_made % WAYS.len()];
                let seed = n_made as u64;
                offer(Image {
                    files: cut(&disk, way, seed),
                    n_done,
                    name: format!("{}-{n}-{way:?}-{seed}", self.name),
                });
                n_made += 1;
            }
        }
    }
}

/// What lies on the disk after the power went.
fn cut(disk: &Disk, way: Way, seed: u64) -> Files {
    let mut random = StdRng::seed_from_u64(seed);
    let names = names_left(disk, way, &mut random);
    names
        .iter()
        .filter(|(_, file)| !Disk::is_folder(**file))
        .map(|(path, file)| {
            let contents = &disk.contents[*file];
            (path.clone(), contents_left(contents, way, &mut random))
        })
        .collect()
}

/// Names are written in the order of each folder's changes, as far as the disk came with it.
fn names_left(disk: &Disk, way: Way, random: &mut StdRng) -> BTreeMap<String, usize> {
    let mut names = disk.names_written(|n_pending| match way {
        Way::Nothing => 0,
        _ => random.random_range(0..=n_pending),
    });
    let all: HashSet<PathBuf> = names.keys().map(PathBuf::from).collect();
    // What lies in a folder that is not there is not there either.
    names.retain(|path, _| Path::new(path).ancestors().all(|above| all.contains(above)));
    names
}

fn contents_left(contents: &Contents, way: Way, random: &mut StdRng) -> Vec<u8> {
    let mut left = contents.flushed.clone();
    let pending = &contents.pending;
    match way {
        Way::Nothing => {}
        Way::Beginning => {
            let n = random.random_range(0..=pending.len());
            pending[..n]
                .iter()
                .for_each(|change| change.apply(&mut left));
            if let Some(Change::Write { at, bytes }) = pending.get(n) {
                let n_bytes = random.random_range(0..=bytes.len() / SECTOR) * SECTOR;
                put(&mut left, *at, &bytes[..n_bytes.min(bytes.len())]);
            }
        }
        Way::Some => {
            for change in pending.iter().filter(|_| random.random_bool(0.5)) {
                change.apply(&mut left);
            }
        }
        Way::Sectors | Way::Garbage => {
            for change in pending {
                apply_sectors(change, way, &mut left, random);
            }
        }
    }
    left
}

fn apply_sectors(change: &Change, way: Way, left: &mut Vec<u8>, random: &mut StdRng) {
    let Change::Write { at, bytes } = change else {
        if random.random_bool(0.5) {
            change.apply(left);
        }
        return;
    };
    let mut from = 0;
    while from < bytes.len() {
        // Sectors of the disk, not of the request.
        let to = bytes.len().min((at + from) / SECTOR * SECTOR + SECTOR - at);
        match random.random_range(0..4) {
            0 | 1 => put(left, at + from, &bytes[from..to]),
            2 if way == Way::Garbage => {
                let mut garbage = vec![0; to - from];
                random.fill(&mut garbage[..]);
                put(left, at + from, &garbage);
            }
            _ => {}
        }
        from = to;
    }
}
