//! The real driver and the real server over HTTPS, with a way between them on which anything can
//! happen: nothing is lost, nothing is done twice, and everything comes through when it is calm.
//!
//! `STOA_CHAOS_RUNS` says how many runs there are, `STOA_CHAOS_FROM` the seed of the first.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

#[path = "../it/certificates.rs"]
#[allow(dead_code, reason = "the other tests use more of it")]
mod certificates;
#[path = "../it/place.rs"]
#[allow(dead_code, reason = "the other tests use more of it")]
mod place;
mod proxy;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use stoa_domain::{DraftId, Role};
use stoa_sync::SyncHandle;

use place::{Computer, Place};
use proxy::{MISHAPS, Mishap, Proxy};

/// Runs of a normal test.
const RUNS: u64 = 1_000;
/// Servers that are under way at once.
const SERVERS: u64 = 8;
/// A run that has not come through after this much calm is stuck.
const PATIENCE: Duration = Duration::from_secs(60);

/// Two computers of one person, their server, and the way between.
struct World {
    _place: Place,
    proxy: Proxy,
    computers: Vec<(Computer, SyncHandle)>,
    /// What has to be everywhere: titles, and the words of each text.
    drafts: Vec<(DraftId, String, Vec<String>)>,
}

impl World {
    async fn new() -> Self {
        let place = Place::new().await;
        let server = place.server();
        let proxy = Proxy::before(server.addr.port(), server.ca_pem.as_deref().unwrap()).await;
        let email = place.person(Role::Editor).await;
        let mut computers = Vec::new();
        for _ in 0..2 {
            let computer = place.computer(&email).await;
            let mut link = computer.store.link().unwrap().unwrap();
            link.server_url.clone_from(&proxy.url);
            link.ca_pem = Some(proxy.ca_pem.clone());
            computer.store.set_link(&link).unwrap();
            let sync = computer.sync();
            computers.push((computer, sync));
        }
        Self {
            _place: place,
            proxy,
            computers,
            drafts: Vec::new(),
        }
    }

    /// Work on both computers while the way rages, then calm.
    async fn run(&mut self, seed: u64) {
        let mut random = ChaCha8Rng::seed_from_u64(!seed);
        self.proxy.plan.rage(seed);
        let first = self.drafts.len();
        for n in 0..3 + below(&mut random, 4) {
            self.work(&mut random, first, &format!("{seed}-{n}"));
            self.nudge();
            tokio::time::sleep(Duration::from_millis(below(&mut random, 40) as u64)).await;
        }
        for _ in 0..4 + below(&mut random, 6) {
            self.nudge();
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        self.proxy.plan.calm();
        self.come_through(seed, first).await;
    }

    fn work(&mut self, random: &mut ChaCha8Rng, first: usize, name: &str) {
        let (computer, _) = &self.computers[below(random, 2)];
        let here: Vec<usize> = (first..self.drafts.len())
            .filter(|n| computer.store.draft(self.drafts[*n].0).is_ok())
            .collect();
        if here.is_empty() || below(random, 3) == 0 {
            let title = format!("稿 {name}");
            let id = computer.create(&title);
            self.drafts.push((id, title, Vec::new()));
            return;
        }
        let (id, _, words) = &mut self.drafts[here[below(random, here.len())]];
        let word = format!("「{name}」");
        computer.write(*id, &word);
        words.push(word);
    }

    fn nudge(&self) {
        for (_, sync) in &self.computers {
            sync.now();
        }
    }

    async fn come_through(&self, seed: u64, first: usize) {
        let begun = Instant::now();
        let mut missing = self.missing(first);
        while let Some(what) = missing {
            if begun.elapsed() > PATIENCE {
                let states: Vec<_> = self.computers.iter().map(|(_, s)| s.status()).collect();
                panic!("seed {seed}: {what}; {states:?}");
            }
            self.nudge();
            tokio::time::sleep(Duration::from_millis(15)).await;
            missing = self.missing(first);
        }
    }

    /// What is not yet as it has to be.
    fn missing(&self, first: usize) -> Option<String> {
        self.computers
            .iter()
            .enumerate()
            .find_map(|(n, (computer, _))| {
                let counts = computer.store.counts().unwrap();
                if (counts.n_waiting, counts.n_failed) != (0, 0) {
                    return Some(format!("computer {n} has {counts:?}"));
                }
                let found = computer.store.list_drafts(&all()).unwrap();
                if found.n_total != self.drafts.len() as u64 {
                    return Some(format!("computer {n} has {} drafts", found.n_total));
                }
                let mut made = self.drafts[first..].iter();
                made.find_map(|draft| wrong(computer, draft))
            })
    }
}

/// Only the number counts: each draft is looked at by itself.
fn all() -> stoa_store::DraftFilter {
    stoa_store::DraftFilter {
        limit: 1,
        ..stoa_store::DraftFilter::default()
    }
}

/// A draft that is not there, or in which a word is missing or stands twice.
fn wrong(
    computer: &Computer,
    (id, title, words): &(DraftId, String, Vec<String>),
) -> Option<String> {
    let Ok(draft) = computer.store.draft(*id) else {
        return Some(format!("{title} is not there"));
    };
    if draft.title != *title {
        return Some(format!("{title} is called {}", draft.title));
    }
    let text = computer.text(*id);
    words
        .iter()
        .find(|word| text.matches(word.as_str()).count() != 1)
        .map(|word| format!("{title}: {word} in {text}"))
}

fn below(random: &mut ChaCha8Rng, n: usize) -> usize {
    (random.next_u64() % n as u64) as usize
}

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_on_the_way_nothing_is_lost_or_done_twice() {
    let n_runs = asked("STOA_CHAOS_RUNS").unwrap_or(RUNS);
    let from = asked("STOA_CHAOS_FROM").unwrap_or(0);
    let begun = Instant::now();
    let servers: Vec<_> = (0..SERVERS.min(n_runs))
        .map(|server| {
            tokio::spawn(async move {
                let mut world = World::new().await;
                let mut seed = from + server;
                while seed < from + n_runs {
                    world.run(seed).await;
                    seed += SERVERS;
                }
                let counts = world.proxy.plan.counts();
                for (_, sync) in world.computers {
                    sync.stop().await;
                }
                (world.drafts.len(), counts)
            })
        })
        .collect();
    let (mut n_drafts, mut counts) = (0, BTreeMap::<Mishap, usize>::new());
    for server in servers {
        let (n, happened) = server.await.unwrap();
        n_drafts += n;
        for (mishap, n) in happened {
            *counts.entry(mishap).or_default() += n;
        }
    }
    println!(
        "{n_runs} runs, {n_drafts} drafts in {:?}: {counts:?}",
        begun.elapsed()
    );
    let happened: BTreeSet<Mishap> = counts.into_keys().collect();
    assert_eq!(happened, BTreeSet::from(MISHAPS), "each mishap happened");
}
