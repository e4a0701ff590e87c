//! Random histories of two devices and a server, with lost replies and restarts in between.

use std::collections::BTreeMap;

use proptest::prelude::*;
use stoa_domain::{DraftId, Shelf, apply_splices};
use stoa_store::Store;
use stoa_store::test_support::Profile;

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, insert, list, title};

#[derive(Debug, Clone)]
enum Step {
    Create,
    Rename(usize, u8),
    Bin(usize),
    Restore(usize),
    /// Types into a window that stays open, at a place; takes patches that are offered, or not.
    Type(usize, Typed),
    Push,
    /// The server does its part, the answer is lost.
    PushUnanswered,
    Pull {
        limit: usize,
    },
    Restart,
}

#[derive(Debug, Clone, Copy)]
struct Typed {
    at: usize,
    delete: usize,
    applies: bool,
}

fn step() -> impl Strategy<Value = (u8, Step)> {
    let step = prop_oneof![
        2 => Just(Step::Create),
        1 => (any::<usize>(), any::<u8>()).prop_map(|(d, n)| Step::Rename(d, n)),
        1 => any::<usize>().prop_map(Step::Bin),
        1 => any::<usize>().prop_map(Step::Restore),
        6 => (any::<usize>(), any::<usize>(), 0..3_usize, any::<bool>())
            .prop_map(|(draft, at, delete, applies)| Step::Type(draft, Typed { at, delete, applies })),
        2 => Just(Step::Push),
        1 => Just(Step::PushUnanswered),
        3 => (1..5_usize).prop_map(|limit| Step::Pull { limit }),
        1 => Just(Step::Restart),
    ];
    (1..=2_u8, step)
}

/// A window on a text, as the window itself sees it.
struct Window {
    session: u64,
    text: String,
    offered: Option<(u64, String)>,
}

struct Device {
    number: u8,
    profile: Profile,
    store: Option<Store>,
    windows: BTreeMap<DraftId, Window>,
    /// Titles this device gave and nobody else changed since it last heard of others.
    renamed: BTreeMap<DraftId, String>,
    n_typed: u32,
}

impl Device {
    fn new(number: u8) -> Self {
        let profile = Profile::new(u64::from(number) + 300);
        let store = profile.open();
        store.set_link(&link(number, "e")).unwrap();
        Self {
            number,
            profile,
            store: Some(store),
            windows: BTreeMap::new(),
            renamed: BTreeMap::new(),
            n_typed: 0,
        }
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn pick(&self, n: usize) -> Option<DraftId> {
        let drafts = list(self.store());
        (!drafts.is_empty()).then(|| drafts[n % drafts.len()].id)
    }

    fn run(&mut self, step: &Step, server: &mut Server, now: i64) {
        match step {
            Step::Create => {
                let id = create(self.store(), "新稿", now, &self.profile.random);
                assert_eq!(self.store().draft(id).unwrap().title, "新稿");
            }
            Step::Rename(n, name) => {
                if let Some(id) = self.pick(*n) {
                    let name = format!("{}-{name}", self.number);
                    self.store()
                        .rename_draft(id, title(&name), at(now))
                        .unwrap();
                    self.renamed.insert(id, name);
                }
            }
            Step::Bin(n) => {
                if let Some(id) = self.pick(*n) {
                    let binned = self.store().bin_draft(id, at(now)).unwrap();
                    assert!(binned.binned_at.is_some());
                    self.windows.remove(&id);
                }
            }
            Step::Restore(n) => {
                if let Some(id) = self.pick(*n) {
                    self.store().restore_draft(id, at(now)).unwrap();
                }
            }
            Step::Type(draft, typed) => {
                if let Some(id) = self.pick(*draft) {
                    self.type_in(id, *typed, now);
                }
            }
            Step::Push => push_all(server, self.number, self.store(), at(now)),
            Step::PushUnanswered => {
                for mutation in self.store().take_push(3, 1 << 20, at(now)).unwrap() {
                    server.push(self.number, &mutation, at(now));
                }
            }
            Step::Pull { limit } => {
                server.pull(self.number, self.store(), *limit, at(now));
            }
            Step::Restart => {
                self.windows.clear();
                self.store = None;
                self.store = Some(self.profile.open());
            }
        }
        self.check_own_titles();
    }

    fn type_in(&mut self, id: DraftId, typed: Typed, now: i64) {
        let store = self.store.clone().unwrap();
        let random = &self.profile.random;
        let window = self.windows.entry(id).or_insert_with(|| {
            let opened = store.open_text(id, random).unwrap();
            Window {
                session: opened.session,
                text: opened.markdown,
                offered: None,
            }
        });
        let applied = window
            .offered
            .take()
            .filter(|_| typed.applies)
            .map(|(revision, text)| {
                window.text = text;
                revision
            });
        self.n_typed += 1;
        let n_chars = window.text.chars().count();
        let place = typed.at % (n_chars + 1);
        let mut splice = insert(place, &format!("[{}:{}]", self.number, self.n_typed));
        splice.delete = typed.delete.min(n_chars - place);
        let outcome = store
            .edit_text(
                window.session,
                applied,
                std::slice::from_ref(&splice),
                at(now),
                random,
            )
            .unwrap();
        window.text = apply_splices(&window.text, &[splice]).unwrap();
        let saved = store.markdown(id).unwrap();
        match outcome.remote {
            // What the window would show after the patch is what is saved.
            Some((revision, patch)) => {
                let patched = apply_splices(&window.text, &patch).unwrap();
                assert_eq!(patched, saved);
                window.offered = Some((revision, patched));
            }
            None => assert_eq!(window.text, saved),
        }
    }

    /// Read-your-writes: a title given here is shown until a pull may have brought another.
    fn check_own_titles(&self) {
        let waiting = self.store().waiting(1_000).unwrap();
        for entry in waiting
            .iter()
            .filter(|e| e.kind == stoa_store::ChangeKind::Rename)
        {
            if let Some(name) = self.renamed.get(&entry.draft) {
                assert_eq!(&self.store().draft(entry.draft).unwrap().title, name);
            }
        }
    }

    fn dump(&self) -> Vec<(String, String, Shelf, String)> {
        let mut all = Vec::new();
        for shelf in Shelf::ALL {
            let filter = stoa_store::DraftFilter {
                shelf,
                limit: 200,
                ..Default::default()
            };
            for draft in self.store().list_drafts(&filter).unwrap().drafts {
                let text = self.store().markdown(draft.id).unwrap();
                all.push((draft.id.to_string(), draft.title, shelf, text));
            }
        }
        all
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn two_devices_converge_and_each_reads_its_own_writes(
        steps in proptest::collection::vec(step(), 1..40)
    ) {
        let mut server = Server::default();
        let mut devices = [Device::new(1), Device::new(2)];
        for (now, (device, step)) in (1..).zip(&steps) {
            devices[usize::from(*device) - 1].run(step, &mut server, now);
        }
        for device in &devices {
            push_all(&mut server, device.number, device.store(), at(1_000));
        }
        for device in &devices {
            pull_all(&server, device.number, device.store(), at(1_001));
            let counts = device.store().counts().unwrap();
            prop_assert_eq!((counts.n_waiting, counts.n_failed), (0, 0));
        }
        prop_assert_eq!(devices[0].dump(), devices[1].dump());
        for device in &devices {
            prop_assert_eq!(device.store().verify().unwrap(), Vec::<String>::new());
        }
    }
}
