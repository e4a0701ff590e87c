//! What the shell keeps while the program runs.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use stoa_ipc::{ErrorCode, Failure, Stage};
use stoa_studio::Studio;
use tauri::{AppHandle, Manager, State};

use crate::{folders::Folders, menu::Menus, quit::Quitting};

pub(crate) struct Shell {
    studio: Studio,
    pub(crate) folders: Folders,
    pub(crate) quitting: Quitting,
    menus: Mutex<Menus>,
    is_shown: AtomicBool,
    is_page_ready: AtomicBool,
    is_open: AtomicBool,
}

impl Shell {
    pub(crate) fn new(studio: Studio, folders: Folders) -> Self {
        Self {
            studio,
            folders,
            quitting: Quitting::default(),
            menus: Mutex::default(),
            is_shown: AtomicBool::new(false),
            is_page_ready: AtomicBool::new(false),
            is_open: AtomicBool::new(false),
        }
    }

    /// The shell of the running program; a failure in the first moments, before there is one.
    pub(crate) fn of(app: &AppHandle) -> Result<State<'_, Shell>, Failure> {
        app.try_state::<Shell>()
            .ok_or_else(|| Failure::new(ErrorCode::Internal, "the program is still starting"))
    }

    pub(crate) fn studio(&self) -> &Studio {
        &self.studio
    }

    pub(crate) fn menus(&self) -> MutexGuard<'_, Menus> {
        self.menus.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True once: for the caller who shows the window.
    pub(crate) fn claim_showing(&self) -> bool {
        !self.is_shown.swap(true, Ordering::SeqCst)
    }

    /// The page has painted its first frame; from now on it hears what it is told.
    pub(crate) fn page_is_ready(&self) {
        self.is_page_ready.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_page_ready(&self) -> bool {
        self.is_page_ready.load(Ordering::SeqCst)
    }

    /// Notes where the studio stands.
    pub(crate) fn enter(&self, stage: &Stage) {
        let is_open = matches!(stage, Stage::Open { .. });
        self.is_open.store(is_open, Ordering::SeqCst);
    }

    /// Whether a profile is open for work.
    pub(crate) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::SeqCst)
    }
}
