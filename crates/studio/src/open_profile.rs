//! A profile that is open: its store, the key that opens it, and its sync.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use stoa_ipc::{ProfileInfo, ProfileKind};
use stoa_store::{Link, Opened, RecoveryKey, Store, VaultKey};
use stoa_sync::{SyncHandle, SyncState};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::folder::ProfileFile;
use crate::studio::{News, Studio};

/// How often is looked whether the profile has been away for too long.
const LOOK_EVERY: Duration = Duration::from_secs(10 * 60);

pub(crate) struct OpenProfile {
    pub(crate) id: String,
    pub(crate) store: Store,
    pub(crate) key: VaultKey,
    /// A newer program wrote it.
    pub(crate) is_read_only: bool,
    file: Mutex<ProfileFile>,
    sync: Mutex<Option<Running>>,
    has_passphrase: bool,
    /// When somebody last wrote in it.
    written_at: Mutex<Option<Instant>>,
    /// Kept only until it was typed back.
    recovery: Mutex<Option<RecoveryKey>>,
}

/// Sync under way, and the task that tells the window of its state.
struct Running {
    handle: Arc<SyncHandle>,
    teller: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.teller.abort();
    }
}

impl OpenProfile {
    /// Outward changes are held for `hold` before they are sent.
    pub(crate) fn new(
        id: String,
        file: ProfileFile,
        key: VaultKey,
        (opened, hold): (Opened, Duration),
    ) -> Self {
        let (store, is_read_only) = match opened {
            Opened::ReadWrite(store) => (store, false),
            Opened::ReadOnly(store) => (store, true),
        };
        store.set_hold(hold);
        Self {
            id,
            store,
            key,
            is_read_only,
            file: Mutex::new(file),
            sync: Mutex::new(None),
            has_passphrase: false,
            written_at: Mutex::new(None),
            recovery: Mutex::new(None),
        }
    }

    /// The same, of a vault that has a passphrase or has none.
    pub(crate) fn with_passphrase(self, has_passphrase: bool) -> Self {
        Self {
            has_passphrase,
            ..self
        }
    }

    /// Whether a passphrase opened the vault when this was opened.
    pub(crate) fn has_passphrase(&self) -> bool {
        self.has_passphrase
    }

    /// The same with a recovery key that has to be typed back.
    pub(crate) fn unconfirmed(self, recovery: RecoveryKey) -> Self {
        *lock(&self.recovery) = Some(recovery);
        self
    }

    /// Somebody writes.
    pub(crate) fn was_written(&self) {
        *lock(&self.written_at) = Some(Instant::now());
    }

    /// Whether somebody wrote a short while ago.
    pub(crate) fn is_being_written(&self) -> bool {
        lock(&self.written_at).is_some_and(|at| at.elapsed() < LOOK_EVERY)
    }

    pub(crate) fn info(&self) -> ProfileInfo {
        lock(&self.file).info(&self.id)
    }

    pub(crate) fn kind(&self) -> ProfileKind {
        lock(&self.file).kind
    }

    pub(crate) fn file(&self) -> ProfileFile {
        lock(&self.file).clone()
    }

    pub(crate) fn set_file(&self, file: ProfileFile) {
        *lock(&self.file) = file;
    }

    /// The group of the recovery key at `index`, while it is not confirmed.
    pub(crate) fn recovery_group(&self, index: usize) -> Option<String> {
        lock(&self.recovery).as_ref()?.groups().get(index).cloned()
    }

    /// The recovery key was typed back and is not needed any more.
    pub(crate) fn forget_recovery(&self) {
        *lock(&self.recovery) = None;
    }

    /// Passes on what happens in the store.
    pub(crate) fn listen(&self, studio: &Studio) {
        let news = studio.news();
        self.store.subscribe(Box::new(move |event| {
            let _ = match event {
                stoa_store::StoreEvent::Drafts(drafts) => news.send(News::Drafts(drafts.clone())),
                stoa_store::StoreEvent::Outbox => news.send(News::Sync),
                stoa_store::StoreEvent::Steps => news.send(News::Steps),
                stoa_store::StoreEvent::Files => news.send(News::Files),
                stoa_store::StoreEvent::Community => news.send(News::Community),
            };
        }));
    }

    /// Starts or starts again to sync, if the profile has a server.
    pub(crate) fn start_sync(&self, studio: &Studio, link: Option<&Link>) {
        if link.is_none() || self.is_read_only || self.kind() == ProfileKind::Demo {
            return;
        }
        let handle = Arc::new(stoa_sync::start(self.store.clone(), studio.sync_options()));
        let mut states = handle.subscribe();
        let news = studio.news();
        let mut files = handle.files().map(stoa_sync::FilesHandle::subscribe);
        let (id, watched) = (self.id.clone(), Arc::downgrade(&studio.inner));
        let teller = studio.inner.runtime.spawn(async move {
            let mut looks = tokio::time::interval(LOOK_EVERY);
            let mut stands = false;
            loop {
                let files_changed = async {
                    match &mut files {
                        Some(files) => files.changed().await.ok().map(|()| files.borrow().clone()),
                        None => std::future::pending().await,
                    }
                };
                let mut is_time = false;
                let told = tokio::select! {
                    changed = states.changed() => changed.ok().map(|()| News::Sync),
                    state = files_changed => state.map(|state| {
                        // The status of sync says so only when files begin or end to stand still.
                        let was_standing = std::mem::replace(&mut stands, state.current.is_none());
                        if was_standing != stands || stands {
                            let _ = news.send(News::Sync);
                        }
                        News::Transfer
                    }),
                    _ = looks.tick() => {
                        is_time = true;
                        Some(News::Sync)
                    }
                };
                let Some(told) = told else { return };
                let order = states.borrow().wipe.clone();
                let Some(inner) = watched.upgrade() else {
                    return;
                };
                let studio = Studio { inner };
                match order {
                    Some(order) => studio.obey(&id, order),
                    None if is_time || studio.is_away(&id) => studio.begin_look(&id),
                    None => {}
                }
                let _ = news.send(told);
            }
        });
        *lock(&self.sync) = Some(Running {
            handle,
            teller: teller.abort_handle(),
        });
    }

    /// The store has another link or other tokens.
    pub(crate) fn link_changed(&self, studio: &Studio, link: &Link) {
        match self.sync() {
            Some(sync) => sync.link_changed(),
            None => self.start_sync(studio, Some(link)),
        }
    }

    /// The running sync, if the profile has a server.
    pub(crate) fn sync(&self) -> Option<Arc<SyncHandle>> {
        let running = lock(&self.sync);
        running.as_ref().map(|running| running.handle.clone())
    }

    pub(crate) fn sync_state(&self) -> Option<SyncState> {
        self.sync().map(|sync| sync.status())
    }

    pub(crate) async fn stop_sync(&self) {
        let handle = lock(&self.sync)
            .take()
            .map(|running| running.handle.clone());
        // While a request still holds it, the last holder ends it by letting go.
        if let Some(handle) = handle.and_then(Arc::into_inner) {
            handle.stop().await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
