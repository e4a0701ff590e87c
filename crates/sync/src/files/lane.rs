//! The loop of the lane: what somebody waits for is fetched first, then files are sent, oldest
//! first; after everything was fetched anew the server is asked whether it has all files.

use std::sync::Arc;
use std::time::Duration;

use stoa_domain::BlobHash;
use stoa_protocol::blob::WhichBlobs;
use stoa_store::{FileToSend, Random, Store, StoreError};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::asking::{Failed, which_are_missing};
use super::progress::Progress;
use super::resting::Resting;
use super::throttle::Throttle;
use super::{Controls, FileTrouble, FilesState, StuckFile};
use crate::session::Session;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How often the progress is told.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// How many files are asked about at once.
const AUDIT_PAGE: u32 = 500;
/// More than this many resting files are not looked past.
const LOOK_AT: u32 = 200;

/// The file whose turn it is.
enum Turn {
    Fetch(BlobHash, u64),
    Send(FileToSend),
}

impl Turn {
    fn b3(&self) -> BlobHash {
        match self {
            Turn::Fetch(b3, _) => *b3,
            Turn::Send(file) => file.b3,
        }
    }

    fn size(&self) -> u64 {
        match self {
            Turn::Fetch(_, size) => *size,
            Turn::Send(file) => file.size,
        }
    }
}

pub(super) struct Lane {
    pub(super) store: Store,
    pub(super) random: Arc<dyn Random>,
    session: watch::Receiver<Option<Arc<Session>>>,
    controls: watch::Receiver<Controls>,
    pub(super) throttle: Arc<Throttle>,
    pub(super) progress: Arc<Progress>,
    state: watch::Sender<FilesState>,
    resting: Resting,
    /// The wish to try again that was heeded last.
    n_wishes: u64,
    pause: Duration,
}

impl Lane {
    pub(super) fn new(
        store: Store,
        random: Arc<dyn Random>,
        (session, controls): (
            watch::Receiver<Option<Arc<Session>>>,
            watch::Receiver<Controls>,
        ),
        state: watch::Sender<FilesState>,
    ) -> Self {
        let n_wishes = controls.borrow().n_wishes;
        Self {
            store,
            random,
            session,
            throttle: Arc::new(Throttle::new(controls.clone())),
            progress: Arc::new(Progress::new(Instant::now())),
            n_wishes,
            controls,
            state,
            resting: Resting::default(),
            pause: FIRST_PAUSE,
        }
    }

    pub(super) async fn run(mut self, nudge: Arc<Notify>) {
        loop {
            let controls = *self.controls.borrow_and_update();
            let session = self.session.borrow_and_update().clone();
            self.tell(|state| {
                state.is_paused = controls.wanted.is_paused;
                state.bytes_per_second = controls.wanted.bytes_per_second;
            });
            let session = session.filter(|session| session.transport.files().is_some());
            let wait = match session.filter(|_| !controls.is_still()) {
                None => {
                    self.at_rest(None);
                    None
                }
                Some(session) => match self.work(&session).await {
                    Some(wait) => wait,
                    // Paused, signed out or signed in anew meanwhile.
                    None => continue,
                },
            };
            let timer = async {
                match wait {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = timer => {}
                () = nudge.notified() => {}
                changed = self.controls.changed() => if changed.is_err() { return },
                changed = self.session.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Works until there is nothing to do or something fails; how long to wait then. `None` when
    /// the ground was taken away.
    async fn work(&mut self, session: &Arc<Session>) -> Option<Option<Duration>> {
        let (mut controls, mut sessions) = (self.controls.clone(), self.session.clone());
        loop {
            let is_still = async {
                let _ = controls.wait_for(|controls| controls.is_still()).await;
            };
            let done = tokio::select! {
                done = self.round(session) => done,
                () = is_still => return None,
                _ = sessions.changed() => return None,
            };
            match done {
                Ok(true) => self.pause = FIRST_PAUSE,
                Ok(false) => {
                    self.at_rest(None);
                    return Some(self.resting.ends_in());
                }
                Err((trouble, why)) => {
                    tracing::debug!(why, "the lane of files waits");
                    self.at_rest(Some(trouble));
                    return Some(Some(self.next_pause()));
                }
            }
        }
    }

    /// One step; whether there was one to do. Fails with what keeps all files from travelling.
    async fn round(&mut self, session: &Arc<Session>) -> Result<bool, (FileTrouble, String)> {
        self.heed_wishes();
        self.resting.wake();
        let (turn, done) = match self.next_turn(session).await {
            Ok(None) => return Ok(false),
            Ok(Some(turn)) => {
                let done = self.travel(session, &turn).await;
                (turn, done)
            }
            Err(Failed::Lane(trouble, why) | Failed::File(trouble, why)) => {
                return Err((trouble, why));
            }
        };
        match done {
            Ok(()) => Ok(true),
            Err(Failed::Lane(trouble, why)) => Err((trouble, why)),
            Err(Failed::File(trouble, why)) => {
                let b3 = turn.b3();
                tracing::warn!(%b3, why, "a file does not travel");
                let stuck = StuckFile {
                    b3,
                    trouble,
                    is_outgoing: matches!(turn, Turn::Send(_)),
                };
                self.resting.add(stuck, turn.size());
                Ok(true)
            }
        }
    }

    /// Somebody wants it to be tried now: nothing rests any more.
    fn heed_wishes(&mut self) {
        let n_wishes = self.controls.borrow().n_wishes;
        if n_wishes != self.n_wishes {
            self.n_wishes = n_wishes;
            self.resting.wake_all();
        }
    }

    async fn next_turn(&self, session: &Arc<Session>) -> Result<Option<Turn>, Failed> {
        self.audit(session).await?;
        let wanted = self
            .ask_store(|store| store.files_to_fetch(LOOK_AT))
            .await?;
        let mut wanted = wanted.into_iter();
        if let Some((b3, size)) = wanted.find(|(b3, _)| !self.resting.has(*b3)) {
            return Ok(Some(Turn::Fetch(b3, size)));
        }
        let to_send = self.ask_store(|store| store.files_to_send(LOOK_AT)).await?;
        let mut to_send = to_send.into_iter();
        let next = to_send.find(|file| !self.resting.has(file.b3));
        Ok(next.map(Turn::Send))
    }

    async fn travel(&self, session: &Arc<Session>, turn: &Turn) -> Result<(), Failed> {
        let work = self.ask_store(Store::file_work).await?;
        let before = self.progress.n_done();
        let open = work.to_send + work.to_fetch;
        self.tell(|state| {
            state.current = Some(turn.b3());
            state.n_total = before + open.saturating_sub(self.resting.bytes());
        });
        let done = match turn {
            Turn::Fetch(b3, _) => self.fetch(session, *b3).await,
            Turn::Send(file) => self.send(session, file).await,
        };
        // Parts that broke off were counted, and count no more.
        let through = done.as_ref().map_or(0, |()| turn.size());
        self.progress.set(before + through);
        done
    }

    /// Asks the server about files it should have, once after everything was fetched anew.
    async fn audit(&self, session: &Arc<Session>) -> Result<(), Failed> {
        let Some(key) = self.ask_store(Store::files_audit_due).await? else {
            return Ok(());
        };
        let mut after = None;
        loop {
            let page = self.ask_store(move |store| store.files_to_audit(after, AUDIT_PAGE));
            let blobs = page.await?;
            let Some(last) = blobs.last().copied() else {
                break;
            };
            after = Some(last);
            let asked = WhichBlobs { blobs, look: false };
            let missing = which_are_missing(session, &asked).await?;
            self.ask_store(move |store| store.files_are_missing(&missing))
                .await?;
        }
        self.ask_store(move |store| store.files_were_audited(&key))
            .await
    }

    /// Tells the progress while parts travel.
    pub(super) async fn telling(
        &self,
        travelling: impl Future<Output = Result<(), Failed>>,
    ) -> Result<(), Failed> {
        let mut travelling = std::pin::pin!(travelling);
        let mut every = tokio::time::interval(TELL_EVERY);
        loop {
            tokio::select! {
                done = &mut travelling => return done,
                _ = every.tick() => self.tell_progress(),
            }
        }
    }

    fn tell_progress(&self) {
        let (trouble, stuck) = (self.resting.trouble(), self.resting.stuck());
        self.tell(|state| {
            state.n_done = self.progress.n_done().min(state.n_total);
            state.seconds_left = self
                .progress
                .seconds_for(state.n_total - state.n_done, Instant::now());
            state.trouble = trouble;
            state.stuck = stuck;
        });
    }

    /// Nothing travels now: because there is nothing, or because of what keeps all of it.
    fn at_rest(&self, trouble: Option<FileTrouble>) {
        self.progress.set(0);
        let (resting, stuck) = (self.resting.trouble(), self.resting.stuck());
        self.tell(|state| {
            state.current = None;
            (state.n_done, state.n_total) = (0, 0);
            state.seconds_left = None;
            state.trouble = trouble.or(resting);
            state.stuck = stuck;
        });
    }

    fn tell(&self, change: impl FnOnce(&mut FilesState)) {
        self.state.send_if_modified(|state| {
            let before = state.clone();
            change(state);
            *state != before
        });
    }

    /// Each wait is a random one up to three times the last.
    fn next_pause(&mut self) -> Duration {
        let mut bytes = [0; 4];
        self.random.fill(&mut bytes);
        let share = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX);
        let longest = (self.pause * 3).min(LONGEST_PAUSE);
        let wait = FIRST_PAUSE + (longest.saturating_sub(FIRST_PAUSE)).mul_f64(share);
        self.pause = wait;
        wait
    }

    pub(super) async fn ask_store<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failed> {
        let store = self.store.clone();
        match tokio::task::spawn_blocking(move || call(&store)).await {
            Ok(done) => Ok(done?),
            Err(error) => Err(Failed::Lane(FileTrouble::Disk, error.to_string())),
        }
    }
}
