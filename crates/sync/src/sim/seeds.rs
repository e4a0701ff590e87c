//! Many seeds, on every core.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::ops::{self, Op};
use super::shrink::{failure, smallest};
use super::{history, place::Place};

/// So many in a normal run: about five minutes of a development build on two cores.
const SEEDS: u64 = 10_000;

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

struct Broken {
    seed: u64,
    ops: Vec<Op>,
    why: String,
}

fn first_broken(seeds: std::ops::Range<u64>) -> Option<Broken> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let (next, is_over) = (AtomicU64::new(seeds.start), AtomicBool::new(false));
    let broken = Mutex::new(None);
    let look = || {
        while !is_over.load(Ordering::SeqCst) {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= seeds.end {
                return;
            }
            let ops = ops::of_seed(seed);
            if let Some(why) = failure(seed, &ops) {
                is_over.store(true, Ordering::SeqCst);
                broken
                    .lock()
                    .unwrap()
                    .get_or_insert(Broken { seed, ops, why });
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(look)).collect();
        // Joined one by one: the scope alone would not wait for each thread's runtime to close its
        // stores, and the process could end under them.
        for thread in threads {
            thread.join().unwrap();
        }
    });
    broken.into_inner().unwrap()
}

#[test]
fn whatever_happens_nothing_is_lost_and_all_come_to_agree() {
    Place::shared();
    let from = asked("STOA_SIM_FROM").unwrap_or(0);
    let n = asked("STOA_SIM_SEEDS").unwrap_or(SEEDS);
    if let Some(Broken { seed, ops, why }) = first_broken(from..from + n) {
        let ops = smallest(seed, &ops, &why);
        let why = failure(seed, &ops).unwrap_or(why);
        panic!("seed {seed}: {why}\n\nhistory({seed}, &{ops:?})");
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    for seed in 0..20 {
        let ops = ops::of_seed(seed);
        let (one, other) = (history(seed, &ops), history(seed, &ops));
        let lines = one.trace.iter().zip(&other.trace);
        for (number, (line, again)) in lines.enumerate() {
            assert_eq!(line, again, "seed {seed}, line {number}");
        }
        assert_eq!(one.trace.len(), other.trace.len(), "seed {seed}");
    }
    assert_ne!(ops::of_seed(5), ops::of_seed(6));
}
