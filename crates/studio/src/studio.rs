//! The studio: its parts, its start and its end, and the news it sends to the window.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use stoa_domain::{DraftId, Timestamp};
use stoa_ipc::{
    AppState, ErrorCode, Event, Failure, GetFiles, HOLD_SECONDS, ImportFiles, Preferences,
    ProfileInfo,
};
use stoa_store::{Store, StoreError};
use stoa_sync::SyncOptions;
use tokio::runtime::Handle;
use tokio::sync::{broadcast, mpsc};

use crate::commands::get_files;
use crate::drops::Drops;
use crate::failure::{Fails, OrFailure};
use crate::folder::{DataFolder, Settings};
use crate::imports::{self, Imports};
use crate::intake::Intakes;
use crate::media::Tickets;
use crate::open_profile::OpenProfile;
use crate::options::StudioOptions;
use crate::place::Place;
use crate::uploads::Uploads;

/// How long quitting may take.
const STOP_WITHIN: Duration = Duration::from_millis(300);
/// Events a slow listener may fall behind before it has to ask for the state anew.
const EVENTS_KEPT: usize = 256;

/// The studio. Clones are the same studio.
#[derive(Clone)]
pub struct Studio {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) options: StudioOptions,
    pub(crate) folder: DataFolder,
    pub(crate) runtime: Handle,
    /// Held while a profile is opened, made or left, so that only one is in hand.
    pub(crate) door: tokio::sync::Mutex<()>,
    settings: Mutex<Settings>,
    place: Mutex<Place>,
    /// How many states were told.
    n_states: AtomicU64,
    events: broadcast::Sender<Event>,
    news: mpsc::UnboundedSender<News>,
    pub(crate) uploads: Uploads,
    pub(crate) intakes: Intakes,
    pub(crate) tickets: Tickets,
    pub(crate) drops: Drops,
    pub(crate) imports: Imports,
}

/// What has to be told to the window; gathered so that many changes make one event.
#[derive(Debug)]
pub(crate) enum News {
    State,
    Sync,
    Steps,
    Files,
    /// Files travel, or do not.
    Transfer,
    /// The server told something else of the community.
    Community,
    /// An empty list means any draft.
    Drafts(Vec<DraftId>),
}

impl Studio {
    /// Starts on a data folder and begins to open the profile used last.
    ///
    /// Never waits for keychain or database.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start(options: StudioOptions) -> Self {
        let folder = DataFolder::of_profiles(options.data_dir.clone());
        Self::start_in(folder, options)
    }

    /// Starts on the folder of one single profile (terminal, rescue). Preferences are not kept.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start_on_profile(options: StudioOptions) -> Self {
        let folder = DataFolder::of_one_profile(options.data_dir.clone());
        Self::start_in(folder, options)
    }

    fn start_in(folder: DataFolder, options: StudioOptions) -> Self {
        let (news, heard) = mpsc::unbounded_channel();
        let runtime = Handle::current();
        let inner = Arc::new(Inner {
            settings: Mutex::new(folder.settings()),
            options,
            folder,
            runtime: runtime.clone(),
            door: tokio::sync::Mutex::new(()),
            place: Mutex::new(Place::Nothing),
            n_states: AtomicU64::new(0),
            events: broadcast::channel(EVENTS_KEPT).0,
            news,
            uploads: Uploads::default(),
            intakes: Intakes::default(),
            tickets: Tickets::default(),
            drops: Drops::default(),
            imports: Imports::default(),
        });
        runtime.spawn(announce(Arc::downgrade(&inner), heard));
        let studio = Self { inner };
        studio.open_last();
        studio
    }

    fn open_last(&self) {
        if self.show_wiped() {
            return;
        }
        let profiles = self.inner.folder.profiles();
        let last = self.settings().last_profile.clone();
        let chosen = profiles
            .iter()
            .find(|(id, _)| Some(id) == last.as_ref())
            .or(profiles.last());
        if let Some((id, file)) = chosen.cloned() {
            self.begin_opening(id, file);
        }
    }

    /// After a profile has gone: the latest of the others, or none.
    pub(crate) fn open_another(&self) {
        self.set_place(Place::Nothing);
        let mut profiles = self.inner.folder.profiles().into_iter();
        if let Some((id, file)) = profiles.rfind(|(_, file)| file.is_confirmed) {
            self.begin_opening(id, file);
        }
    }

    /// What the window should look like, from memory.
    pub fn preferences_now(&self) -> Preferences {
        self.settings().preferences.clone()
    }

    /// How long an outward change is held before it is sent. What somebody wrote into the settings'
    /// file by hand counts only if it could have been chosen.
    pub(crate) fn hold(&self) -> Duration {
        let chosen = self.settings().preferences.hold_seconds;
        let seconds = match HOLD_SECONDS.contains(&chosen) {
            true => chosen,
            false => Preferences::default().hold_seconds,
        };
        Duration::from_secs(seconds.into())
    }

    /// Everything the studio tells without being asked. A listener that falls behind asks for
    /// [`Studio::state`].
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// All the window needs to draw itself.
    pub async fn state(&self) -> AppState {
        // What has to be waited for comes first: the rest is as it is when the answer leaves, and
        // does not undo in the window what was changed meanwhile.
        let sync = self.status().await;
        let (revision, stage) = {
            let place = self.place();
            let before = self.inner.n_states.fetch_add(1, Ordering::Relaxed);
            (before + 1, place.stage())
        };
        AppState {
            revision,
            stage,
            preferences: self.preferences_now(),
            profiles: self.profiles(),
            sync,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_path: self.data_path().display().to_string(),
            local_server: self.inner.options.local_server.clone(),
        }
    }

    /// Files that were opened with Stoa become drafts; a folder, or the export of another program, is
    /// looked at, and nothing is imported before somebody says so. The window learns of both by
    /// events. One export is in hand at a time: of several the first.
    pub async fn open_files(&self, paths: Vec<PathBuf>) {
        let (exports, mut notes): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.into_iter().partition(|path| imports::is_export(path));
        let mut exports = exports.into_iter();
        if let Some(export) = exports.next()
            && let Err(failure) = self.look_at_import(export.clone())
        {
            tracing::warn!(
                code = failure.code.as_str(),
                "an export could not be looked at"
            );
            notes.push(export);
        }
        notes.extend(exports);
        if notes.is_empty() {
            return;
        }
        let paths = notes
            .iter()
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        match self.run(ImportFiles { paths }).await {
            Ok(reply) => self.emit(Event::Imported(reply)),
            Err(failure) => {
                tracing::warn!(code = failure.code.as_str(), "files could not be opened");
            }
        }
    }

    /// Reads everything of the open profile once and says what is damaged; empty when all is well.
    ///
    /// # Errors
    /// When no profile is open, or it cannot be read at all.
    pub async fn verify(&self) -> Result<Vec<String>, Failure> {
        self.ask(Store::verify).await
    }

    /// The system says that the network is different now.
    pub fn network_changed(&self) {
        let sync = self.place().profile().and_then(|open| open.sync());
        if let Some(sync) = sync {
            sync.network_changed();
        }
    }

    /// Ends within 300 ms. What was saved is on disk already; what is on its way to the server
    /// may arrive or is sent again at the next start.
    pub async fn stop(&self) {
        let close = async {
            let _door = self.inner.door.lock().await;
            self.leave().await;
        };
        if tokio::time::timeout(STOP_WITHIN, close).await.is_err() {
            tracing::info!("stopped before the connection was closed");
        }
    }

    fn profiles(&self) -> Vec<ProfileInfo> {
        let place = self.place().clone();
        let profiles = self.inner.folder.profiles().into_iter();
        profiles
            .filter(|(id, file)| file.is_confirmed || place.id() == Some(id))
            .map(|(id, file)| file.info(&id))
            .collect()
    }

    fn data_path(&self) -> PathBuf {
        match self.place().id() {
            Some(id) => self.inner.folder.profile_dir(id),
            None => self.inner.folder.root().to_owned(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.options.clock.now()
    }

    pub(crate) fn sync_options(&self) -> SyncOptions {
        SyncOptions {
            clock: self.inner.options.clock.clone(),
            random: self.inner.options.random.clone(),
            transport: None,
        }
    }

    pub(crate) fn emit(&self, event: Event) {
        // Nobody listens before the window is there, and that is fine.
        let _ = self.inner.events.send(event);
    }

    pub(crate) fn tell(&self, news: News) {
        let _ = self.inner.news.send(news);
    }

    pub(crate) fn news(&self) -> mpsc::UnboundedSender<News> {
        self.inner.news.clone()
    }

    pub(crate) fn settings(&self) -> MutexGuard<'_, Settings> {
        self.inner
            .settings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn place(&self) -> MutexGuard<'_, Place> {
        self.inner
            .place
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_place(&self, place: Place) {
        *self.place() = place;
        self.tell(News::State);
    }

    /// Changes the settings and writes them.
    pub(crate) fn change_settings(
        &self,
        change: impl FnOnce(&mut Settings),
    ) -> Result<(), Failure> {
        let mut settings = self.settings();
        let mut changed = settings.clone();
        change(&mut changed);
        if changed != *settings {
            self.inner.folder.write_settings(&changed).or_failure()?;
            *settings = changed;
        }
        Ok(())
    }

    /// The profile that is open, for reading at least.
    pub(crate) fn profile(&self) -> Result<Arc<OpenProfile>, Failure> {
        match &*self.place() {
            Place::Open(open) => Ok(open.clone()),
            Place::Nothing | Place::Unconfirmed(_) => {
                Err(Failure::new(ErrorCode::Locked, "no profile is open"))
            }
            Place::Away(_) => Err(Failure::new(
                ErrorCode::AwayTooLong,
                "no contact for too long",
            )),
            Place::Wiped(_) => Err(Failure::new(ErrorCode::Wiped, "the profile was wiped")),
            Place::Shut(_) => Err(Failure::new(ErrorCode::Locked, "the profile is not open")),
        }
    }

    /// Asks the open profile's store, off the async threads.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let store = self.profile()?.store.clone();
        blocking(move || work(&store)).await?.or_failure()
    }
}

/// Runs blocking work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    // What a panic said may hold what somebody wrote, so it is not passed on.
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Failure::new(ErrorCode::Internal, "a step ended abnormally"))
}

/// Turns news into events, one after the other, so that the last event is always the present.
async fn announce(studio: Weak<Inner>, mut heard: mpsc::UnboundedReceiver<News>) {
    while let Some(first) = heard.recv().await {
        let mut gathered = Gathered::default();
        gathered.add(first);
        while let Ok(more) = heard.try_recv() {
            gathered.add(more);
        }
        let Some(inner) = studio.upgrade() else {
            return;
        };
        gathered.emit(&Studio { inner }).await;
    }
}

#[derive(Default)]
struct Gathered {
    has_state: bool,
    has_sync: bool,
    has_steps: bool,
    has_files: bool,
    has_transfer: bool,
    has_community: bool,
    drafts: Option<Vec<DraftId>>,
}

impl Gathered {
    fn add(&mut self, news: News) {
        match news {
            News::State => self.has_state = true,
            News::Sync => self.has_sync = true,
            News::Steps => self.has_steps = true,
            News::Files => self.has_files = true,
            News::Transfer => self.has_transfer = true,
            News::Community => self.has_community = true,
            News::Drafts(more) => self.drafts = Some(merged(self.drafts.take(), more)),
        }
    }

    async fn emit(self, studio: &Studio) {
        if let Some(drafts) = self.drafts {
            studio.emit(Event::Drafts(drafts));
        }
        if self.has_steps
            && let Ok(undo) = studio.undo_state().await
        {
            studio.emit(Event::Undo(undo));
        }
        if self.has_files {
            studio.emit(Event::Files);
        }
        if (self.has_files || self.has_transfer)
            && let Ok(status) = get_files(studio, GetFiles {}).await
        {
            studio.emit(Event::Transfer(status));
        }
        if self.has_community {
            studio.describe_again().await;
        }
        if self.has_state || self.has_community {
            studio.emit(Event::State(Box::new(studio.state().await)));
        } else if self.has_sync {
            studio.emit(Event::Sync(studio.status().await));
        }
    }
}

/// Both lists; empty, which means any, when either is.
fn merged(before: Option<Vec<DraftId>>, more: Vec<DraftId>) -> Vec<DraftId> {
    match before {
        None => more,
        Some(all) if all.is_empty() || more.is_empty() => Vec::new(),
        Some(mut all) => {
            all.extend(more);
            all.sort_unstable();
            all.dedup();
            all
        }
    }
}

impl Fails for std::io::Error {
    fn failure(self) -> Failure {
        let code = match self.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                ErrorCode::DiskFull
            }
            _ => ErrorCode::DiskFailed,
        };
        Failure::new(code, self.kind().to_string())
    }
}
