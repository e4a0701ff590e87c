//! The loop of the lane: what somebody waits for is fetched first, then files are sent, oldest
//! first; after everything was fetched anew the server is asked whether it has all files.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use stoa_domain::{BlobHash, PART_BYTES, part_size};
use stoa_protocol::blob::{OfferBlob, PARALLEL_PARTS, WhichBlobs};
use stoa_protocol::error::ApiErrorCode as Code;
use stoa_store::{FileReader, FileToSend, FileWork, Random, Store, StoreError};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::progress::Progress;
use super::throttle::Throttle;
use super::{Controls, FileTrouble, FilesState, PartBody};
use crate::session::{Session, SessionError};
use crate::transport::{Caller, FileTransport, Transport, TransportError};

/// So much is decrypted and handed on at a time.
const PIECE_BYTES: u64 = 256 * 1024;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A file the server does not take is offered again after this long.
const REST: Duration = Duration::from_secs(600);
/// How often the progress is told.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// How many files are asked about at once.
const AUDIT_PAGE: u32 = 500;
/// More than this many resting files are not looked past.
const LOOK_AT: u32 = 200;

/// Why a file did not travel.
#[derive(Debug)]
enum Failed {
    /// Of the line or the server as a whole: the lane waits.
    Lane(FileTrouble, String),
    /// Of this file: it rests, others go on.
    File(BlobHash, FileTrouble, String),
}

pub(super) struct Lane {
    store: Store,
    random: Arc<dyn Random>,
    session: watch::Receiver<Option<Arc<Session>>>,
    controls: watch::Receiver<Controls>,
    throttle: Arc<Throttle>,
    state: watch::Sender<FilesState>,
    /// Files that the server does not take or give for now: until when, and why.
    resting: HashMap<BlobHash, (Instant, FileTrouble)>,
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
        Self {
            store,
            random,
            session,
            throttle: Arc::new(Throttle::new(controls.clone())),
            controls,
            state,
            resting: HashMap::new(),
            pause: FIRST_PAUSE,
        }
    }

    pub(super) async fn run(mut self, nudge: Arc<Notify>) {
        loop {
            let is_paused = self.controls.borrow_and_update().is_paused;
            let session = self.session.borrow_and_update().clone();
            self.tell(|state| state.is_paused = is_paused);
            let session = session.filter(|session| session.transport.files().is_some());
            let wait = match session.filter(|_| !is_paused) {
                None => None,
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
            let is_paused = async {
                let _ = controls.wait_for(|controls| controls.is_paused).await;
            };
            let done = tokio::select! {
                done = self.round(session) => done,
                () = is_paused => return None,
                _ = sessions.changed() => return None,
            };
            match done {
                Ok(true) => self.pause = FIRST_PAUSE,
                Ok(false) => {
                    self.at_rest();
                    return Some(self.rest_ends());
                }
                Err(Failed::File(b3, trouble, why)) => {
                    tracing::warn!(%b3, why, "a file does not travel");
                    self.resting.insert(b3, (Instant::now() + REST, trouble));
                    self.tell(|state| state.trouble = Some(trouble));
                }
                Err(Failed::Lane(trouble, why)) => {
                    tracing::debug!(why, "the lane of files waits");
                    self.tell(|state| {
                        state.trouble = Some(trouble);
                        state.seconds_left = None;
                    });
                    return Some(Some(self.next_pause()));
                }
            }
        }
    }

    /// One step; whether there was one to do.
    async fn round(&mut self, session: &Arc<Session>) -> Result<bool, Failed> {
        let now = Instant::now();
        self.resting.retain(|_, (until, _)| *until > now);
        if self.audit(session).await? {
            return Ok(true);
        }
        let wanted = self
            .ask_store(|store| store.files_to_fetch(LOOK_AT))
            .await?;
        if let Some(b3) = wanted.into_iter().find(|b3| !self.resting.contains_key(b3)) {
            self.fetch(session, b3).await?;
            return Ok(true);
        }
        let to_send = self.ask_store(|store| store.files_to_send(LOOK_AT)).await?;
        let next = to_send
            .into_iter()
            .find(|file| !self.resting.contains_key(&file.b3));
        let Some(file) = next else {
            return Ok(false);
        };
        self.send(session, file).await?;
        Ok(true)
    }

    /// Asks the server about files it should have, once after everything was fetched anew.
    async fn audit(&self, session: &Arc<Session>) -> Result<bool, Failed> {
        let Some(key) = self.ask_store(Store::files_audit_due).await? else {
            return Ok(false);
        };
        let mut after = None;
        loop {
            let page = self.ask_store(move |store| store.files_to_audit(after, AUDIT_PAGE));
            let blobs = page.await?;
            let Some(last) = blobs.last().copied() else {
                break;
            };
            after = Some(last);
            let asked = WhichBlobs { blobs };
            let asked = &asked;
            let answer = ask(session, |way, caller| async move {
                way.files()?.missing(&caller, asked).await
            });
            let missing = answer.await.map_err(|error| failed(last, &error))?.missing;
            self.ask_store(move |store| store.files_are_missing(&missing))
                .await?;
        }
        self.ask_store(move |store| store.files_were_audited(&key))
            .await?;
        Ok(true)
    }

    async fn send(&mut self, session: &Arc<Session>, file: FileToSend) -> Result<(), Failed> {
        let b3 = file.b3;
        let fails = |error: SessionError| failed(b3, &error);
        let offer = OfferBlob {
            b3,
            size: file.size,
            parts: file.parts.clone(),
        };
        let offer = &offer;
        let wanted = ask(session, |way, caller| async move {
            way.files()?.offer(&caller, offer).await
        });
        let missing = wanted.await.map_err(fails)?.missing;
        let sizes = missing.iter().filter_map(|n| part_size(file.size, *n));
        let progress = Arc::new(Progress::from(file.size.saturating_sub(sizes.sum())));
        let sending = stream::iter(missing.into_iter().map(Ok))
            .try_for_each_concurrent(PARALLEL_PARTS, |n| {
                self.send_part(session, &file, n, &progress)
            });
        self.telling(sending, b3, &progress).await?;
        let complete = ask(session, |way, caller| async move {
            way.files()?.complete(&caller, b3).await
        });
        if complete.await.map_err(fails)?.missing.is_empty() {
            self.ask_store(move |store| store.file_was_sent(b3)).await?;
        }
        Ok(())
    }

    async fn send_part(
        &self,
        session: &Arc<Session>,
        file: &FileToSend,
        n: u32,
        progress: &Arc<Progress>,
    ) -> Result<(), Failed> {
        let b3 = file.b3;
        let Some(size) = part_size(file.size, n) else {
            return Ok(());
        };
        let start = u64::from(n) * PART_BYTES;
        let reader = self.open(b3).await?;
        let range = start..start + size;
        let mut body = Some(pieces(reader, range, (&self.throttle, progress)));
        let sent = ask(session, |way, caller| {
            let body = body.take();
            async move {
                // A second try begins from the start, with the next round.
                let again = || TransportError::Unreachable("signed in anew".to_owned());
                let body = body.ok_or_else(again)?;
                way.files()?.put_part(&caller, (b3, n), size, body).await
            }
        });
        sent.await.map_err(|error| failed(b3, &error))
    }

    async fn open(&self, b3: BlobHash) -> Result<FileReader, Failed> {
        let opened = self.ask_store(move |store| store.open_file(b3)).await?;
        opened.ok_or_else(|| Failed::File(b3, FileTrouble::Disk, "it is not here".to_owned()))
    }

    async fn fetch(&mut self, session: &Arc<Session>, b3: BlobHash) -> Result<(), Failed> {
        let parts = ask(session, |way, caller| async move {
            way.files()?.parts(&caller, b3).await
        })
        .await;
        let parts = match parts {
            Err(SessionError::Transport(error)) if error.code() == Some(Code::NotFound) => {
                self.ask_store(move |store| store.give_up_file(b3)).await?;
                let why = "the server does not have it".to_owned();
                return Err(Failed::File(b3, FileTrouble::Refused, why));
            }
            other => other.map_err(|error| failed(b3, &error))?,
        };
        let (size, random) = (parts.size, self.random.clone());
        let begun =
            self.ask_store(move |store| store.begin_fetch(b3, size, &parts.parts, &*random));
        let missing = begun.await?;
        let sizes = missing.iter().filter_map(|n| part_size(size, *n));
        let progress = Arc::new(Progress::from(size.saturating_sub(sizes.sum())));
        let is_begun = !missing.is_empty();
        let fetching = stream::iter(missing.into_iter().map(Ok))
            .try_for_each_concurrent(PARALLEL_PARTS, |n| {
                self.fetch_part(session, (b3, size), n, &progress)
            });
        self.telling(fetching, b3, &progress).await?;
        if is_begun {
            self.ask_store(move |store| store.finish_fetch(b3)).await?;
        }
        Ok(())
    }

    async fn fetch_part(
        &self,
        session: &Arc<Session>,
        (b3, size): (BlobHash, u64),
        n: u32,
        progress: &Arc<Progress>,
    ) -> Result<(), Failed> {
        let Some(length) = part_size(size, n) else {
            return Ok(());
        };
        let start = u64::from(n) * PART_BYTES;
        let throttle = &self.throttle;
        let part = ask(session, |way, caller| async move {
            let mut pieces = way
                .files()?
                .part(&caller, b3, start..start + length)
                .await?;
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
            while let Some(piece) = pieces.try_next().await? {
                throttle.take(piece.len()).await;
                progress.add(piece.len());
                bytes.extend_from_slice(&piece);
                if bytes.len() as u64 > length {
                    return Err(TransportError::Unreadable(
                        "more than was asked for".to_owned(),
                    ));
                }
            }
            Ok(bytes)
        });
        let bytes = part.await.map_err(|error| failed(b3, &error))?;
        let taken = tokio::task::spawn_blocking({
            let store = self.store.clone();
            move || store.take_part(b3, n, &bytes)
        });
        match taken.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(StoreError::Internal(why))) => Err(Failed::File(b3, FileTrouble::Refused, why)),
            Ok(Err(error)) => Err(store_failed(&error)),
            Err(error) => Err(Failed::Lane(FileTrouble::Disk, error.to_string())),
        }
    }

    /// Tells the progress while parts travel.
    async fn telling(
        &self,
        travelling: impl Future<Output = Result<(), Failed>>,
        b3: BlobHash,
        progress: &Progress,
    ) -> Result<(), Failed> {
        let work = self.ask_store(Store::file_work).await?;
        let mut travelling = std::pin::pin!(travelling);
        let mut every = tokio::time::interval(TELL_EVERY);
        loop {
            tokio::select! {
                done = &mut travelling => return done,
                _ = every.tick() => self.tell_progress(b3, progress, work),
            }
        }
    }

    fn tell_progress(&self, b3: BlobHash, progress: &Progress, work: FileWork) {
        let n_total = work.to_send + work.to_fetch;
        let n_done = progress.n_done().min(n_total);
        let lasting = self.lasting();
        self.tell(|state| {
            state.current = Some(b3);
            state.n_done = n_done;
            state.n_total = n_total;
            state.seconds_left = progress.seconds_for(n_total - n_done);
            state.trouble = lasting;
        });
    }

    /// Why some files rest.
    fn lasting(&self) -> Option<FileTrouble> {
        self.resting.values().map(|(_, trouble)| *trouble).next()
    }

    /// How long until the first of them is tried again.
    fn rest_ends(&self) -> Option<Duration> {
        let first = self.resting.values().map(|(until, _)| *until).min()?;
        Some(first.saturating_duration_since(Instant::now()))
    }

    fn at_rest(&self) {
        let lasting = self.lasting();
        self.tell(|state| {
            *state = FilesState {
                trouble: lasting,
                is_paused: state.is_paused,
                ..FilesState::default()
            };
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

    async fn ask_store<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failed> {
        let store = self.store.clone();
        match tokio::task::spawn_blocking(move || call(&store)).await {
            Ok(done) => done.map_err(|error| store_failed(&error)),
            Err(error) => Err(Failed::Lane(FileTrouble::Disk, error.to_string())),
        }
    }
}

fn store_failed(error: &StoreError) -> Failed {
    Failed::Lane(FileTrouble::Disk, error.to_string())
}

/// The way to the server, for as long as one request takes.
struct Way(Arc<dyn Transport>);

impl Way {
    fn files(&self) -> Result<&dyn FileTransport, TransportError> {
        let none = || TransportError::Address("no files travel this way".to_owned());
        self.0.files().ok_or_else(none)
    }
}

/// Asks the server; when the access token has ended, once more with a new one.
async fn ask<T, F>(
    session: &Arc<Session>,
    mut request: impl FnMut(Way, Caller) -> F,
) -> Result<T, SessionError>
where
    F: Future<Output = Result<T, TransportError>>,
{
    let caller = session.caller().await?;
    let refused = caller.access.clone();
    match request(Way(session.transport.clone()), caller).await {
        Err(error) if error.code() == Some(Code::SignInAgain) => {
            let caller = session.caller_after(&refused).await?;
            Ok(request(Way(session.transport.clone()), caller).await?)
        }
        answer => Ok(answer?),
    }
}

/// What is to be done about a failure: what the server says of a file is about that file.
fn failed(b3: BlobHash, error: &SessionError) -> Failed {
    let why = error.to_string();
    let code = match error {
        SessionError::Transport(error) => error.code(),
        SessionError::Store(error) => return store_failed(error),
        SessionError::SignedOut => None,
    };
    match code {
        Some(Code::NoRoom) => Failed::File(b3, FileTrouble::NoRoom, why),
        Some(
            Code::InvalidInput
            | Code::TooLarge
            | Code::NotFound
            | Code::NotAllowed
            | Code::Malformed
            | Code::NoSuchRange,
        ) => Failed::File(b3, FileTrouble::Refused, why),
        _ => Failed::Lane(FileTrouble::Offline, why),
    }
}

/// The bytes of a part, decrypted as they are sent.
fn pieces(
    reader: FileReader,
    range: std::ops::Range<u64>,
    (throttle, progress): (&Arc<Throttle>, &Arc<Progress>),
) -> PartBody {
    let (throttle, progress) = (throttle.clone(), progress.clone());
    let pieces = stream::try_unfold((reader, range), |(reader, left)| async move {
        if left.is_empty() {
            return Ok(None);
        }
        let end = left.end.min(left.start + PIECE_BYTES);
        let read = tokio::task::spawn_blocking(move || {
            let mut reader = reader;
            let piece = reader.read(left.start..end)?;
            Ok::<_, io::Error>((reader, piece))
        });
        let (reader, piece) = read.await.map_err(io::Error::other)??;
        Ok(Some((Bytes::from(piece), (reader, end..left.end))))
    });
    pieces
        .and_then(move |piece: Bytes| {
            let (throttle, progress) = (throttle.clone(), progress.clone());
            async move {
                throttle.take(piece.len()).await;
                progress.add(piece.len());
                Ok(piece)
            }
        })
        .boxed()
}
