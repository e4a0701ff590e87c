//! What every component can ask for: the studio, its events, the state of the program, the time.

use std::cell::RefCell;
use std::rc::Rc;

use stoa_domain::Timestamp;
use stoa_ipc::SyncStatus;
use stoa_ipc::{AppState, Command, Event, Failure, Preferences, ProfileInfo, ProfileKind, Stage};
use yew::prelude::*;

use crate::backend::{self, Backend};
use crate::boot::Platform;

type Listener = Rc<RefCell<Callback<Event>>>;

/// The studio, as components see it.
#[derive(Clone)]
pub(crate) struct Host {
    backend: Rc<dyn Backend>,
    listeners: Rc<RefCell<Vec<Listener>>>,
    root: Rc<RefCell<Callback<Event>>>,
    pub(crate) platform: Platform,
}

impl PartialEq for Host {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.backend, &other.backend)
    }
}

impl Host {
    pub(crate) fn new(backend: Rc<dyn Backend>, platform: Platform) -> Self {
        Self {
            backend,
            listeners: Rc::default(),
            root: Rc::new(RefCell::new(Callback::noop())),
            platform,
        }
    }

    /// Asks the studio.
    ///
    /// # Errors
    /// The studio's own failure.
    pub(crate) async fn call<C: Command>(&self, request: C) -> Result<C::Reply, Failure> {
        backend::call(&self.backend, &request).await
    }

    pub(crate) fn backend(&self) -> &Rc<dyn Backend> {
        &self.backend
    }

    /// Hands an event to every component that listens.
    pub(crate) fn tell(&self, event: &Event) {
        let listeners = self.listeners.borrow().clone();
        for listener in listeners {
            let callback = listener.borrow().clone();
            callback.emit(event.clone());
        }
    }
}

impl Host {
    /// An answer that is news for the whole window, told like an event.
    pub(crate) fn preferences_changed(&self, preferences: Preferences) {
        self.news(Event::Preferences(preferences));
    }

    /// Like [`Host::preferences_changed`].
    pub(crate) fn sync_changed(&self, status: SyncStatus) {
        self.news(Event::Sync(status));
    }

    /// Like [`Host::preferences_changed`].
    pub(crate) fn state_changed(&self, state: AppState) {
        self.news(Event::State(Box::new(state)));
    }

    /// Where news go: the root sets it once.
    pub(crate) fn set_root(&self, root: Callback<Event>) {
        self.root.replace(root);
    }

    fn news(&self, event: Event) {
        let root = self.root.borrow().clone();
        root.emit(event);
    }
}

/// The studio.
#[hook]
pub(crate) fn use_host() -> Host {
    use_context::<Host>().expect("every component stands inside the window's contexts")
}

/// Hears every event of the studio.
#[hook]
pub(crate) fn use_events(on_event: Callback<Event>) {
    let host = use_host();
    let latest = use_mut_ref(|| Rc::new(RefCell::new(on_event.clone())));
    let listener = latest.borrow().clone();
    listener.replace(on_event);
    use_effect_with(host, move |host| {
        host.listeners.borrow_mut().push(listener.clone());
        let host = host.clone();
        move || {
            host.listeners
                .borrow_mut()
                .retain(|known| !Rc::ptr_eq(known, &listener))
        }
    });
}

/// Everything but the sync status, which changes far more often.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct App(pub(crate) Rc<AppState>);

impl App {
    pub(crate) fn preferences(&self) -> &Preferences {
        &self.0.preferences
    }

    /// The profile that is open or to be opened.
    pub(crate) fn profile(&self) -> Option<&ProfileInfo> {
        match &self.0.stage {
            Stage::FirstRun => None,
            Stage::ConfirmRecovery { profile }
            | Stage::Unlocking { profile }
            | Stage::Busy { profile }
            | Stage::Locked { profile, .. }
            | Stage::Open { profile }
            | Stage::ReadOnly { profile }
            | Stage::Wiped { profile, .. }
            | Stage::Broken { profile, .. } => Some(profile),
        }
    }

    pub(crate) fn kind(&self) -> Option<ProfileKind> {
        self.profile().map(|profile| profile.kind)
    }

    /// Whether one can write.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.0.stage, Stage::Open { .. })
    }
}

/// The state of the program.
#[hook]
pub(crate) fn use_app() -> App {
    use_context::<App>().expect("every component stands inside the window's contexts")
}

/// How the studio stands with its server.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standing(pub(crate) SyncStatus);

#[hook]
pub(crate) fn use_standing() -> SyncStatus {
    use_context::<Standing>()
        .expect("every component stands inside the window's contexts")
        .0
}

/// The time of the last half minute, for "3 minutes ago".
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Now(pub(crate) Timestamp);

#[hook]
pub(crate) fn use_now() -> Timestamp {
    use_context::<Now>().map_or_else(crate::format::now, |now| now.0)
}
