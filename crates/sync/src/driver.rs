//! The loop around the engine: asks it what to do, does it, tells it what came of it.

mod handle;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use stoa_domain::Timestamp;
use stoa_protocol::device::WipeOrder;
use stoa_protocol::error::ApiErrorCode;
use stoa_store::{HistoryKind, Removal, Store, StoreError, StoreEvent};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::engine::{Action, Done, Engine, Event, Failure, Phase, Trouble, View};
use crate::hold::Holds;
use crate::perform::{perform, view};
use crate::session::{Session, SessionError};
use crate::transport::{Transport, TransportError};
use crate::wipe;
pub use handle::SyncHandle;

/// What sync needs from outside.
pub struct SyncOptions {
    pub clock: Arc<dyn Clock>,
    /// Decides the waiting times.
    pub random: Arc<dyn stoa_store::Random>,
    /// In place of HTTPS to the server of the link.
    pub transport: Option<Arc<dyn Transport>>,
}

/// How sync stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncState {
    pub phase: Phase,
    /// While there is something to send: how many of `n_total` changes are through. During a
    /// first sync: how many rows of a large bucket have come.
    pub n_done: u64,
    pub n_total: u64,
    /// When this device and the server were last known to agree.
    pub last_synced_at: Option<Timestamp>,
    /// When the next try starts by itself.
    pub next_try_at: Option<Timestamp>,
    pub error: Option<Trouble>,
    /// What an answer of the server would take away, while it waits for consent.
    pub held: Option<Removal>,
    /// Until when outward changes are held, by their place in the outbox.
    pub held_until: BTreeMap<i64, Instant>,
    /// The order to wipe this device, once it has proved itself. Nothing is sent any more.
    pub wipe: Option<WipeOrder>,
}

impl SyncState {
    fn new() -> Self {
        Self {
            phase: Phase::Idle,
            n_done: 0,
            n_total: 0,
            last_synced_at: None,
            next_try_at: None,
            error: None,
            held: None,
            held_until: BTreeMap::new(),
            wipe: None,
        }
    }
}

/// A word to the loop.
#[derive(Debug)]
enum Command {
    Tell(Event),
    /// From the live connection of this number.
    Live(u64, Event),
    /// Send what can be sent at once, then end.
    Stop,
}

/// Starts syncing the store with the server it is linked to. Must be called within a Tokio
/// runtime.
pub fn start(store: Store, options: SyncOptions) -> SyncHandle {
    let (commands, inbox) = mpsc::unbounded_channel();
    let (status, watched) = watch::channel(SyncState::new());
    let outbox = Arc::new(Notify::new());
    let nudge = outbox.clone();
    store.subscribe(Box::new(move |event| {
        if matches!(event, StoreEvent::Outbox) {
            nudge.notify_one();
        }
    }));
    let mut seed = [0; 8];
    options.random.fill(&mut seed);
    let (session, found) = watch::channel(None);
    let files = crate::files::start(&store, options.random.clone(), session.subscribe());
    let driver = Driver {
        engine: Engine::new(u64::from_le_bytes(seed)),
        store,
        options,
        session,
        commands: commands.clone(),
        inbox,
        outbox: outbox.clone(),
        status,
        live: None,
        n_live: 0,
        started: Instant::now(),
        last_view: View::default(),
        holds: Holds::default(),
        contact_at: None,
        wipe: None,
        is_lost: false,
        n_done: 0,
        is_stopping: false,
    };
    let task = tokio::spawn(driver.run());
    SyncHandle::new(commands, watched, outbox, found, task).with_files(files)
}

struct Driver {
    engine: Engine,
    store: Store,
    options: SyncOptions,
    /// The session of the link as it is now; absent while there is none.
    session: watch::Sender<Option<Arc<Session>>>,
    commands: mpsc::UnboundedSender<Command>,
    inbox: mpsc::UnboundedReceiver<Command>,
    outbox: Arc<Notify>,
    status: watch::Sender<SyncState>,
    live: Option<JoinHandle<()>>,
    n_live: u64,
    started: Instant,
    last_view: View,
    holds: Holds,
    contact_at: Option<Timestamp>,
    wipe: Option<WipeOrder>,
    /// Whether the history's last word is that the server was lost.
    is_lost: bool,
    n_done: u64,
    is_stopping: bool,
}

impl Driver {
    async fn run(mut self) {
        self.connect().await;
        loop {
            let session = self.session.borrow().clone();
            let Some(session) = session else {
                self.publish_unlinked();
                if self.is_stopping || !self.listen(None).await {
                    return;
                }
                continue;
            };
            let held_until = self.let_go(&session).await;
            match view(&session).await {
                Ok(view) => self.last_view = View { held_until, ..view },
                Err(error) => tracing::warn!(%error, "the store cannot say how it stands"),
            }
            let action = self.engine.next(self.elapsed(), &self.last_view);
            self.publish(&session, &action).await;
            if !self.carry_out(session, action).await {
                return;
            }
        }
    }

    /// Lets those outward changes go whose moment is over; answers when the next one is.
    async fn let_go(&mut self, session: &Session) -> Option<Duration> {
        let held = match session.with_store(|store| store.held()).await {
            Ok(held) => held,
            Err(error) => {
                tracing::warn!(%error, "the store cannot say what is held");
                return None;
            }
        };
        let look = self.holds.look(self.elapsed(), &held);
        if !look.over.is_empty() {
            let over = look.over;
            if let Err(error) = session.with_store(move |store| store.release(&over)).await {
                tracing::warn!(%error, "what was held cannot be let go");
            }
        }
        look.next
    }

    /// Does one action or waits; false when all is over.
    async fn carry_out(&mut self, session: Arc<Session>, action: Action) -> bool {
        match action {
            Action::Wait { .. } | Action::Rest | Action::OpenLive if self.is_stopping => false,
            Action::Wait { until } => self.listen(Some(self.started + until)).await,
            Action::Rest => self.listen(None).await,
            Action::OpenLive => {
                self.open_live(session);
                true
            }
            work => self.work(session, work).await,
        }
    }

    /// Does an action while hearing commands. Those that take its ground away end it.
    async fn work(&mut self, session: Arc<Session>, action: Action) -> bool {
        let may_end = !matches!(action, Action::Refresh | Action::Store(_));
        let asking = session.clone();
        let mut doing = std::pin::pin!(perform(session, action));
        loop {
            tokio::select! {
                event = &mut doing => {
                    let event = self.proved(&asking, event).await;
                    self.note(&event);
                    self.tell(event);
                    return true;
                }
                command = self.inbox.recv() => {
                    let Some(command) = command else { return false };
                    let ends = may_end && matches!(
                        command,
                        Command::Tell(Event::SignedIn | Event::Paused(true))
                    );
                    self.obey(command).await;
                    if ends {
                        return true;
                    }
                }
            }
        }
    }

    /// An order to wipe this device counts when it proves itself; otherwise the server has only
    /// said that the device has no access.
    async fn proved(&mut self, session: &Session, event: Event) -> Event {
        let Event::Failed(attempt, Failure::Transport(TransportError::Refused(mut error))) = event
        else {
            return event;
        };
        if error.code == ApiErrorCode::WipeOrdered {
            self.wipe = match (error.wipe.take(), session.link().await) {
                (Some(order), Ok(link)) if wipe::is_genuine(&link, &order) => Some(order),
                _ => None,
            };
            if self.wipe.is_none() {
                error.code = ApiErrorCode::DeviceRevoked;
            }
        }
        Event::Failed(attempt, Failure::Transport(TransportError::Refused(error)))
    }

    /// Waits for a command, the outbox or the time; false when nobody is there any more.
    async fn listen(&mut self, until: Option<Instant>) -> bool {
        let outbox = self.outbox.clone();
        let timer = async {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            command = self.inbox.recv() => match command {
                Some(command) => self.obey(command).await,
                None => return false,
            },
            () = outbox.notified() => self.tell(Event::OutboxGrew),
            () = timer => {}
        }
        true
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Stop => self.is_stopping = true,
            Command::Live(number, event) if number == self.n_live => {
                if let Event::LiveClosed(error) = &event {
                    tracing::debug!(%error, "the live connection ended");
                }
                self.tell(event);
            }
            Command::Live(..) => {}
            Command::Tell(event) => {
                let is_new_session = event == Event::SignedIn;
                if is_new_session || event == Event::Paused(true) {
                    self.close_live();
                }
                self.tell(event);
                if is_new_session {
                    self.connect().await;
                }
            }
        }
    }

    fn tell(&mut self, event: Event) {
        self.engine.on(self.elapsed(), event, &self.last_view);
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Reads the link and makes its session.
    async fn connect(&mut self) {
        let session = match self.dial().await {
            Ok(session) => Some(session),
            Err(SessionError::SignedOut) => None,
            Err(error) => {
                tracing::warn!(%error, "the link cannot be used");
                None
            }
        };
        self.session.send_replace(session);
    }

    async fn dial(&self) -> Result<Arc<Session>, SessionError> {
        let store = self.store.clone();
        let link = tokio::task::spawn_blocking(move || store.link())
            .await
            .map_err(|e| StoreError::Internal(e.to_string()))??
            .ok_or(SessionError::SignedOut)?;
        let transport = match &self.options.transport {
            Some(transport) => transport.clone(),
            None => Session::dial(&link)?,
        };
        let clock = self.options.clock.clone();
        let session = Arc::new(Session::new(self.store.clone(), transport, clock));
        session.tidy_later();
        Ok(session)
    }

    fn open_live(&mut self, session: Arc<Session>) {
        self.stop_live();
        self.n_live += 1;
        let number = self.n_live;
        let commands = self.commands.clone();
        self.live = Some(tokio::spawn(async move {
            let error = live(&session, number, &commands).await;
            let closed = Command::Live(number, Event::LiveClosed(error));
            let _ = commands.send(closed);
        }));
    }

    fn close_live(&mut self) {
        self.stop_live();
        self.n_live += 1;
        let closed = TransportError::Unreachable("closed by this side".to_owned());
        self.tell(Event::LiveClosed(closed));
    }

    fn stop_live(&mut self) {
        if let Some(live) = self.live.take() {
            live.abort();
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Done(Done::Pushed(pushed)) => self.n_done += pushed.n_done,
            Event::Failed(attempt, failure) => {
                tracing::debug!(?attempt, ?failure, "sync failed");
            }
            _ => {}
        }
        if matches!(
            event,
            Event::Done(Done::Hello(_) | Done::Pushed(_) | Done::Pulled(_))
        ) {
            self.contact_at = Some(self.options.clock.now());
        }
    }

    fn publish_unlinked(&mut self) {
        self.status.send_if_modified(|state| {
            let before = state.clone();
            state.phase = Phase::Idle;
            *state != before
        });
    }

    async fn publish(&mut self, session: &Session, action: &Action) {
        let state = self.state(action);
        let before = self.status.borrow().phase;
        if before != state.phase {
            self.record(session, state.phase).await;
        }
        self.status.send_if_modified(|old| {
            let is_new = *old != state;
            *old = state;
            is_new
        });
    }

    fn state(&mut self, action: &Action) -> SyncState {
        let phase = self.engine.phase(action);
        let n_waiting = self.last_view.n_waiting;
        if n_waiting == 0 && phase != Phase::Syncing {
            self.n_done = 0;
        }
        let (n_done, n_total) = self
            .first_sync(phase)
            .unwrap_or((self.n_done, self.n_done + n_waiting));
        let before = self.status.borrow();
        SyncState {
            phase,
            n_done,
            n_total,
            last_synced_at: match phase {
                Phase::Idle => self.contact_at,
                _ => before.last_synced_at,
            },
            next_try_at: self.next_try_at(),
            error: self.engine.trouble().cloned(),
            held: self.engine.held().cloned(),
            held_until: self
                .holds
                .ends()
                .map(|(lid, end)| (lid, self.started + end))
                .collect(),
            wipe: self.wipe.clone(),
        }
    }

    /// How many of the rows of a large bucket have come, while nothing waits to be sent.
    fn first_sync(&self, phase: Phase) -> Option<(u64, u64)> {
        let session = self.session.borrow();
        let progress = session.as_ref()?.snapshots.progress()?;
        let is_shown = phase == Phase::Syncing && self.last_view.n_waiting == 0;
        is_shown.then_some((progress.n_done, progress.n_total))
    }

    fn next_try_at(&self) -> Option<Timestamp> {
        let wait = self.engine.next_try_at()?.checked_sub(self.elapsed())?;
        let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        Some(self.options.clock.now().plus_millis(millis))
    }

    /// The history shows when the server was lost and found, not each try between.
    async fn record(&mut self, session: &Session, phase: Phase) {
        let kind = match phase {
            Phase::Offline if !self.is_lost => HistoryKind::Offline,
            Phase::Idle if self.is_lost => HistoryKind::Online,
            _ => return,
        };
        self.is_lost = phase == Phase::Offline;
        let now = session.now();
        let recorded = session.with_store(move |store| store.record(kind, 0, None, now));
        if let Err(error) = recorded.await {
            tracing::warn!(%error, "the history cannot be written");
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.stop_live();
    }
}

/// Holds a live connection and passes its pokes on until it ends.
async fn live(
    session: &Session,
    number: u64,
    commands: &mpsc::UnboundedSender<Command>,
) -> TransportError {
    let mut pokes = match session.open_live().await {
        Ok(pokes) => pokes,
        Err(SessionError::Transport(error)) => return error,
        Err(error) => return TransportError::Unreachable(error.to_string()),
    };
    let _ = commands.send(Command::Live(number, Event::LiveOpened));
    loop {
        match pokes.next().await {
            Ok(head) => {
                let _ = commands.send(Command::Live(number, Event::Poked { head }));
            }
            Err(error) => return error,
        }
    }
}
