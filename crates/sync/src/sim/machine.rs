//! One computer in the simulation: a real store, the engine, and a clock that may be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stoa_domain::{DeviceId, DraftId, Role, Splice, Timestamp, Title};
use stoa_store::{
    ChangeKind, DraftFilter, DraftListing, Link, NewVault, Opened, PassphraseCost, Random, Saved,
    Store, StoreError, StoredTokens, VaultKey, create_vault,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

use super::network::Network;
use super::server::{Server, community, user};
use crate::clock::Clock;
use crate::engine::{Action, Engine, Event, View};
use crate::perform::{perform, view};
use crate::session::Session;
use crate::transport::TransportError;

/// Numbers that only the seed decides.
pub(super) struct Seeded(AtomicU64);

impl Seeded {
    pub(super) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let step = 0x9E37_79B9_7F4A_7C15;
            let x = self.0.fetch_add(step, Ordering::SeqCst);
            let mixed = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed >> 56) as u8;
        }
    }
}

/// The time of the simulation, and how far this computer's clock is off.
pub(super) struct SkewedClock {
    pub(super) millis: Arc<AtomicI64>,
    skew: i64,
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(Ordering::SeqCst) + self.skew)
    }
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stepped {
    Did,
    WaitsUntil(Duration),
    Rests,
}

pub(super) struct Machine {
    number: u8,
    dir: TempDir,
    key: VaultKey,
    store: Option<Store>,
    session: Option<Arc<Session>>,
    engine: Engine,
    pub(super) network: Arc<Network>,
    server: Arc<Mutex<Server>>,
    clock: Arc<SkewedClock>,
    random: Seeded,
    is_live: bool,
    poked: i64,
    pub(super) last_view: View,
}

impl Machine {
    pub(super) fn new(
        number: u8,
        seed: u64,
        server: Arc<Mutex<Server>>,
        millis: Arc<AtomicI64>,
    ) -> Self {
        let random = Seeded::new(seed ^ u64::from(number) << 40);
        // Every second computer's clock is ten years ahead.
        let skew = i64::from(number % 2) * 10 * 365 * 86_400_000;
        let clock = Arc::new(SkewedClock { millis, skew });
        let dir = tempfile::tempdir().unwrap();
        let vault = NewVault {
            secrets: None,
            passphrase: Some("correct horse"),
            cost: PassphraseCost {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
            },
        };
        let (key, _) = create_vault(dir.path(), &vault, clock.now(), &random).unwrap();
        let store = Store::create(dir.path(), &key, clock.now(), &random).unwrap();
        let device = DeviceId::from_bytes([number + 1; 16]);
        store.set_link(&link(device)).unwrap();
        let network = Arc::new(Network::new(server.clone(), device));
        let mut machine = Self {
            number,
            dir,
            key,
            store: Some(store),
            session: None,
            engine: Engine::new(seed + u64::from(number)),
            network,
            server,
            clock,
            random,
            is_live: false,
            poked: 0,
            last_view: View::default(),
        };
        machine.open_session();
        machine
    }

    fn open_session(&mut self) {
        let store = self.store().clone();
        let session = Session::new(store, self.network.clone(), self.clock.clone());
        self.session = Some(Arc::new(session));
    }

    /// The program is killed and started again.
    pub(super) fn restart(&mut self, seed: u64) {
        self.session = None;
        self.store = None;
        let opened = Store::open(self.dir.path(), &self.key, self.clock.now()).unwrap();
        let Opened::ReadWrite(store) = opened else {
            panic!("the store is not newer than itself");
        };
        self.store = Some(store);
        self.engine = Engine::new(seed);
        self.is_live = false;
        self.open_session();
    }

    pub(super) fn store(&self) -> &Store {
        self.store.as_ref().expect("the machine runs")
    }

    /// Decides and does one thing.
    pub(super) fn step(&mut self, rt: &Runtime, now: Duration, trace: &mut Vec<String>) -> Stepped {
        let session = self.session.clone().expect("the machine runs");
        self.last_view = rt.block_on(view(&session)).unwrap();
        self.hear_pokes(now);
        let action = self.engine.next(now, &self.last_view);
        let event = match &action {
            Action::Wait { until } => return Stepped::WaitsUntil(*until),
            Action::Rest => return Stepped::Rests,
            Action::OpenLive => {
                self.is_live = true;
                self.poked = 0;
                Event::LiveOpened
            }
            work => rt.block_on(perform(session, work.clone())),
        };
        trace.push(format!("{now:?} {} {action:?} {event:?}", self.number));
        self.engine.on(now, event, &self.last_view);
        Stepped::Did
    }

    fn hear_pokes(&mut self, now: Duration) {
        let head = self.server.lock().unwrap().head();
        if self.is_live && head > self.poked {
            self.poked = head;
            self.engine.on(now, Event::Poked { head }, &self.last_view);
        }
    }

    pub(super) fn cut_live(&mut self, now: Duration) {
        if std::mem::take(&mut self.is_live) {
            let closed = TransportError::Unreachable("cut".to_owned());
            self.engine
                .on(now, Event::LiveClosed(closed), &self.last_view);
        }
    }

    pub(super) fn tell(&mut self, now: Duration, event: Event) {
        self.engine.on(now, event, &self.last_view);
    }

    /// A person signs in again when the computer asks for it.
    pub(super) fn sign_in_if_asked(&mut self, now: Duration) {
        if !self.last_view.has_tokens {
            self.store().set_tokens(Some(&tokens())).unwrap();
            self.tell(now, Event::SignedIn);
        }
    }

    /// Whether nothing failed, nothing waits, and all that the server has is here.
    pub(super) fn is_settled(&self) -> bool {
        let server = self.server.lock().unwrap();
        let is_stuck = self.engine.next_try_at().is_some();
        // A role without buckets has nothing to pull.
        let has_all = self.last_view.cursor == server.head() || !server.role.writes_drafts();
        self.last_view.n_waiting == 0 && !is_stuck && has_all && self.is_live
    }

    pub(super) fn trouble(&self) -> String {
        format!("{:?} {:?}", self.engine.trouble(), self.last_view)
    }

    pub(super) fn create(&self, title: &str) -> Result<DraftId, StoreError> {
        let title = Title::parse(title).unwrap();
        let draft = self
            .store()
            .create_draft(title, self.clock.now(), &self.random);
        Ok(draft?.id)
    }

    pub(super) fn rename(&self, id: DraftId, title: &str) -> Result<(), StoreError> {
        let title = Title::parse(title).unwrap();
        self.store()
            .rename_draft(id, title, self.clock.now())
            .map(|_| ())
    }

    pub(super) fn bin(&self, id: DraftId, is_back: bool) -> Result<(), StoreError> {
        let now = self.clock.now();
        match is_back {
            true => self.store().restore_draft(id, now).map(|_| ()),
            false => self.store().bin_draft(id, now).map(|_| ()),
        }
    }

    pub(super) fn write(&self, id: DraftId, text: &str) -> Result<(), StoreError> {
        let opened = self.store().open_text(id, &self.random)?;
        let splice = Splice {
            at: 0,
            delete: 0,
            insert: text.to_owned(),
        };
        let now = self.clock.now();
        let edited = self
            .store()
            .edit_text(opened.session, None, &[splice], now, &self.random);
        self.store().close_text(opened.session)?;
        edited.map(|_| ())
    }

    /// Every draft, in the list and in the bin.
    pub(super) fn drafts(&self) -> BTreeMap<DraftId, DraftListing> {
        let mut all = BTreeMap::new();
        for in_bin in [false, true] {
            let filter = DraftFilter {
                in_bin,
                limit: 1000,
                ..DraftFilter::default()
            };
            let page = self.store().list_drafts(&filter).unwrap();
            all.extend(page.drafts.into_iter().map(|draft| (draft.id, draft)));
        }
        all
    }

    /// Drafts of which something was refused: they show what only this computer has.
    pub(super) fn disputed(&self) -> BTreeSet<String> {
        let drafts = self.drafts().into_values();
        let disputed = drafts.filter(|draft| draft.saved == Saved::NeedsAttention);
        disputed.map(|draft| draft.id.to_string()).collect()
    }

    /// Title, place and text of every draft.
    pub(super) fn dump(&self) -> BTreeMap<String, (String, bool, String)> {
        let drafts = self.drafts().into_values();
        let entry = |draft: DraftListing| {
            let text = self.store().markdown(draft.id).unwrap();
            let is_binned = draft.binned_at.is_some();
            (draft.id.to_string(), (draft.title, is_binned, text))
        };
        drafts.map(entry).collect()
    }

    /// A person has every refused piece of text sent again.
    pub(super) fn retry_texts(&self) {
        for entry in self.store().failed(1000).unwrap() {
            if entry.kind == ChangeKind::Write {
                self.store().retry(entry.lid, self.clock.now()).unwrap();
            }
        }
    }

    pub(super) fn n_failed(&self) -> u64 {
        self.store().counts().unwrap().n_failed
    }
}

fn link(device: DeviceId) -> Link {
    Link {
        server_url: "https://reference.example".to_owned(),
        server_id: "reference".to_owned(),
        ca_pem: None,
        community: community(),
        community_name: "社群".to_owned(),
        device,
        device_key: Zeroizing::new([3; 32]),
        user: user(),
        email: "lin@example.com".to_owned(),
        name: "林".to_owned(),
        role: Role::Editor,
        epoch: String::new(),
        tokens: Some(tokens()),
    }
}

fn tokens() -> StoredTokens {
    StoredTokens {
        access: Zeroizing::new("access".to_owned()),
        access_expires_at: Timestamp::from_millis(i64::MAX),
        refresh: Zeroizing::new("refresh".to_owned()),
        nonce: "nonce".to_owned(),
    }
}
