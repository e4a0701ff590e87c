//! One computer in the simulation: a real store, the engine, and a clock that may be wrong.

mod person;

pub(super) use person::Look;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use stoa_domain::Timestamp;
use stoa_store::{Opened, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::network::{Far, Network};
use super::place::{Place, Seeded, fast_folder};
use crate::clock::Clock;
use crate::engine::{Action, Done, Engine, Event, Phase, Trouble, View};
use crate::perform::{perform, view};
use crate::session::{Session, stored};
use crate::transport::TransportError;

/// The time of the simulation, and how far this computer's clock is off.
pub(super) struct SkewedClock {
    millis: Arc<AtomicI64>,
    skew: AtomicI64,
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        let (millis, skew) = (&self.millis, &self.skew);
        Timestamp::from_millis(millis.load(Ordering::SeqCst) + skew.load(Ordering::SeqCst))
    }
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stepped {
    Did(Event),
    /// A request is held on its way.
    Held,
    WaitsUntil(Duration),
    Rests,
}

struct Doing {
    action: Action,
    work: Pin<Box<dyn Future<Output = Event> + Send>>,
}

pub(super) struct Machine {
    pub(super) number: usize,
    dir: TempDir,
    store: Option<Store>,
    session: Option<Arc<Session>>,
    engine: Engine,
    doing: Option<Doing>,
    far: Arc<Far>,
    pub(super) network: Arc<Network>,
    clock: Arc<SkewedClock>,
    random: Seeded,
    is_live: bool,
    poked: i64,
    pub(super) last_view: View,
    /// Whether the last pull that was complete brought what the server says it holds.
    pub(super) is_checksum_ok: bool,
}

impl Machine {
    pub(super) fn new(number: usize, seed: u64, far: &Arc<Far>, millis: &Arc<AtomicI64>) -> Self {
        let dir = fast_folder();
        let place = Place::shared();
        place.copy_machine(number, dir.path());
        let clock = Arc::new(SkewedClock {
            millis: millis.clone(),
            skew: AtomicI64::new(0),
        });
        let own_seed = seed ^ (number as u64) << 40;
        let mut machine = Self {
            number,
            dir,
            store: None,
            session: None,
            engine: Engine::new(own_seed),
            doing: None,
            far: far.clone(),
            network: Arc::new(Network::new(far.clone(), place.device(number).id)),
            clock,
            random: Seeded::new(own_seed),
            is_live: false,
            poked: 0,
            last_view: View::default(),
            is_checksum_ok: true,
        };
        machine.open();
        machine
    }

    fn open(&mut self) {
        let (place, now) = (Place::shared(), self.clock.now());
        let opened = Store::open(self.dir.path(), &place.key, now).unwrap();
        let Opened::ReadWrite(store) = opened else {
            panic!("the store is not newer than itself");
        };
        let session = Session::new(store.clone(), self.network.clone(), self.clock.clone());
        self.store = Some(store);
        self.session = Some(Arc::new(session));
    }

    /// The program is killed, whatever it was doing, and started again.
    pub(super) fn restart(&mut self, rt: &Runtime, seed: u64) {
        self.doing = None;
        self.network.let_go();
        if let Some(session) = self.session.take() {
            // A call into the store that has begun runs to its end, as in a process that dies
            // a moment later.
            rt.block_on(session.with_store(|_| Ok(()))).unwrap();
        }
        self.store = None;
        self.is_live = false;
        self.open();
        self.engine = Engine::new(seed);
    }

    pub(super) fn set_skew(&self, millis: i64) {
        self.clock.skew.store(millis, Ordering::SeqCst);
    }

    /// The clock was wrong from the beginning: what was noted by it is wrong alike.
    pub(super) fn was_always_off(&self, millis: i64) {
        self.set_skew(millis);
        let link = self.store().link().unwrap();
        let mut tokens = link.and_then(|link| link.tokens).expect("signed in");
        tokens.access_expires_at = tokens.access_expires_at.plus_millis(millis);
        self.store().set_tokens(Some(&tokens)).unwrap();
    }

    pub(super) fn store(&self) -> &Store {
        self.store.as_ref().expect("the machine runs")
    }

    /// Decides and does one thing, or goes on with what is under way.
    pub(super) fn step(&mut self, rt: &Runtime, now: Duration, trace: &mut Vec<String>) -> Stepped {
        let session = self.session.clone().expect("the machine runs");
        self.hear_pokes(now);
        if self.doing.is_none() {
            self.last_view = rt.block_on(view(&session)).unwrap();
            let action = self.engine.next(now, &self.last_view);
            match action {
                Action::Wait { until } => return Stepped::WaitsUntil(until),
                Action::Rest => return Stepped::Rests,
                Action::OpenLive => return self.open_live(now),
                _ => {}
            }
            let work = Box::pin(perform(session, action.clone()));
            self.doing = Some(Doing { action, work });
        }
        let Some(event) = self.go_on(rt) else {
            return Stepped::Held;
        };
        let doing = self.doing.take().expect("something was done");
        trace.push(format!(
            "{now:?} {} {:?} {event:?}",
            self.number, doing.action
        ));
        self.note(&event);
        self.tell(now, event.clone());
        Stepped::Did(event)
    }

    fn go_on(&mut self, rt: &Runtime) -> Option<Event> {
        let (doing, network) = (self.doing.as_mut()?, &self.network);
        rt.block_on(async {
            tokio::select! {
                biased;
                event = &mut doing.work => Some(event),
                () = network.held() => None,
            }
        })
    }

    fn open_live(&mut self, now: Duration) -> Stepped {
        self.is_live = !self.network.is_down();
        self.poked = 0;
        let event = match self.is_live {
            true => Event::LiveOpened,
            false => Event::LiveClosed(TransportError::Unreachable("down".to_owned())),
        };
        self.tell(now, event.clone());
        Stepped::Did(event)
    }

    fn note(&mut self, event: &Event) {
        if let Event::Done(Done::Pulled(pulled)) = event
            && !pulled.more
        {
            self.is_checksum_ok = pulled.is_checksum_ok;
        }
    }

    fn hear_pokes(&mut self, now: Duration) {
        let head = self.far.announced.load(Ordering::SeqCst);
        if self.is_live && head > self.poked && !self.network.is_down() {
            self.poked = head;
            self.tell(now, Event::Poked { head });
        }
    }

    pub(super) fn cut_live(&mut self, now: Duration) {
        if std::mem::take(&mut self.is_live) {
            let closed = TransportError::Unreachable("cut".to_owned());
            self.tell(now, Event::LiveClosed(closed));
        }
    }

    pub(super) fn tell(&mut self, now: Duration, event: Event) {
        self.engine.on(now, event, &self.last_view);
    }

    /// A person signs in again when the computer asks for it; whether it did.
    pub(super) fn sign_in_if_asked(&mut self, rt: &Runtime, now: Duration) -> bool {
        let link = self.store().link().unwrap();
        if self.doing.is_some() || link.is_some_and(|link| link.tokens.is_some()) {
            return false;
        }
        let device = Place::shared().device(self.number);
        let tokens = rt.block_on(async {
            let server = self.far.server.lock().await;
            server.quiet().sign_in(&device).await
        });
        let tokens = stored(tokens.unwrap(), self.clock.now());
        self.store().set_tokens(Some(&tokens)).unwrap();
        self.cut_live(now);
        self.tell(now, Event::SignedIn);
        true
    }

    /// Whether nothing failed, nothing is under way or waits, and no poke is unheard.
    pub(super) fn is_quiet(&self) -> bool {
        let is_stuck = self.engine.next_try_at().is_some();
        self.last_view.n_waiting == 0 && !is_stuck && self.is_live && self.doing.is_none()
    }

    pub(super) fn differs(&self) -> bool {
        self.engine.trouble() == Some(&Trouble::Differs) || !self.is_checksum_ok
    }

    pub(super) fn is_update_needed(&self) -> bool {
        self.engine.phase(&Action::Rest) == Phase::UpdateNeeded
    }

    pub(super) fn trouble(&self) -> String {
        format!("{:?} {:?}", self.engine.trouble(), self.last_view)
    }
}
