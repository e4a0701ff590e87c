//! The lane of files, beside pushes and pulls: whole files travel in parts, four at a time, without
//! holding anything else up.
//!
//! There is no state of its own to lose: what is to be sent and fetched stands in the store, what
//! is missing says the server. So a kill at any moment costs at most the parts that were on their
//! way.

mod lane;
mod progress;
mod throttle;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use stoa_domain::BlobHash;
use stoa_store::{Random, Store, StoreEvent};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::session::Session;
use lane::Lane;

/// The bytes of a part on their way out.
pub type PartBody = BoxStream<'static, std::io::Result<Bytes>>;

/// How the lane stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesState {
    /// Bytes that are through, of those that were to travel when the lane last stood still.
    pub n_done: u64,
    pub n_total: u64,
    /// The file that travels now.
    pub current: Option<BlobHash>,
    /// How long the rest takes, as far as can be told.
    pub seconds_left: Option<u64>,
    pub is_paused: bool,
    pub trouble: Option<FileTrouble>,
}

/// Why a file does not travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileTrouble {
    /// The server cannot be reached; tried again by itself.
    Offline,
    /// The server has no room for the community's files, or none at all.
    NoRoom,
    /// The server does not take or give this file.
    Refused,
    /// This computer's disk.
    Disk,
}

/// What the user decided about the lane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Controls {
    pub(crate) is_paused: bool,
    /// Bytes a second, both ways together.
    pub(crate) limit: Option<u64>,
}

/// The studio's hold on the lane. Dropping it ends the lane at once; nothing is lost by that.
pub struct FilesHandle {
    state: watch::Receiver<FilesState>,
    controls: watch::Sender<Controls>,
    nudge: Arc<Notify>,
    task: JoinHandle<()>,
}

impl FilesHandle {
    /// How the lane stands now.
    pub fn state(&self) -> FilesState {
        self.state.borrow().clone()
    }

    /// Every change of it.
    pub fn subscribe(&self) -> watch::Receiver<FilesState> {
        self.state.clone()
    }

    /// No file travels while paused.
    pub fn pause(&self, is_paused: bool) {
        self.controls
            .send_modify(|controls| controls.is_paused = is_paused);
    }

    /// At most so many bytes a second; `None` for as many as the line takes.
    pub fn limit(&self, bytes_per_second: Option<u64>) {
        self.controls
            .send_modify(|controls| controls.limit = bytes_per_second);
    }

    /// Tries now, whatever the waiting time says.
    pub fn now(&self) {
        self.nudge.notify_one();
    }
}

impl Drop for FilesHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts the lane over the sessions of a sync.
pub(crate) fn start(
    store: &Store,
    random: Arc<dyn Random>,
    session: watch::Receiver<Option<Arc<Session>>>,
) -> FilesHandle {
    let nudge = Arc::new(Notify::new());
    let told = nudge.clone();
    store.subscribe(Box::new(move |event| {
        if matches!(event, StoreEvent::Files) {
            told.notify_one();
        }
    }));
    let (controls, controlled) = watch::channel(Controls::default());
    let (state, watched) = watch::channel(FilesState::default());
    let lane = Lane::new(store.clone(), random, (session, controlled), state);
    let task = tokio::spawn(lane.run(nudge.clone()));
    FilesHandle {
        state: watched,
        controls,
        nudge,
        task,
    }
}
