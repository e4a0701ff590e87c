//! The lane of files, beside pushes and pulls: whole files travel in parts, four at a time, without
//! holding anything else up.
//!
//! There is no state of its own to lose: what is to be sent and fetched stands in the store, what
//! is missing says the server. So a kill at any moment costs at most the parts that were on their
//! way.

mod asking;
mod lane;
mod progress;
mod resting;
mod throttle;
mod travel;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use stoa_domain::BlobHash;
use stoa_store::{FilesControls, Random, Store, StoreEvent};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::session::Session;
pub(crate) use asking::which_are_missing;
use lane::Lane;

/// The bytes of a part on their way out.
pub type PartBody = BoxStream<'static, std::io::Result<Bytes>>;

/// How the lane stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesState {
    /// Bytes that are through, of those that are to travel; both from the last standstill on.
    pub n_done: u64,
    pub n_total: u64,
    /// The file that travels now; absent while the lane stands still.
    pub current: Option<BlobHash>,
    /// How long the rest takes, as far as can be told.
    pub seconds_left: Option<u64>,
    pub is_paused: bool,
    pub bytes_per_second: Option<u64>,
    /// What keeps all files from travelling, or else the most telling reason why some do not.
    pub trouble: Option<FileTrouble>,
    /// Files that rest while others go on.
    pub stuck: Vec<StuckFile>,
}

/// A file that does not travel for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StuckFile {
    pub b3: BlobHash,
    pub trouble: FileTrouble,
    /// Whether it is on its way to the server.
    pub is_outgoing: bool,
}

/// Why a file does not travel, the most telling last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileTrouble {
    /// The server cannot be reached; tried again by itself.
    Offline,
    /// The server does not have it any more; another computer may.
    Lost,
    /// The server does not take or give this file.
    Refused,
    /// The server's disk or object store has no room.
    NoRoom,
    /// The community's files have all the room they may have.
    OverQuota,
    /// This computer's disk.
    Disk,
}

/// What keeps the lane still, slow or at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Controls {
    /// What the user decided about files.
    pub(crate) wanted: FilesControls,
    /// Whether all of sync is paused.
    pub(crate) is_sync_paused: bool,
    /// Counts the wishes to try again now.
    pub(crate) n_wishes: u64,
}

impl Controls {
    /// Whether no file may travel.
    pub(crate) fn is_still(&self) -> bool {
        self.wanted.is_paused || self.is_sync_paused
    }
}

/// The studio's hold on the lane. Dropping it ends the lane at once; nothing is lost by that.
pub struct FilesHandle {
    state: watch::Receiver<FilesState>,
    controls: watch::Sender<Controls>,
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

    /// Files travel like this from now on. The store keeps it, see
    /// [`Store::change_files_controls`].
    pub fn control(&self, wanted: FilesControls) {
        self.controls
            .send_modify(|controls| controls.wanted = wanted);
    }

    /// Tries everything now, whatever the waiting times say.
    pub fn now(&self) {
        self.controls.send_modify(|controls| controls.n_wishes += 1);
    }

    pub(crate) fn pause_with_sync(&self, is_paused: bool) {
        self.controls
            .send_modify(|controls| controls.is_sync_paused = is_paused);
    }
}

impl Drop for FilesHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts the lane over the sessions of a sync, as the user left it.
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
    let (controls, controlled) = watch::channel(Controls {
        wanted: as_left(store),
        ..Controls::default()
    });
    let (state, watched) = watch::channel(FilesState::default());
    let lane = Lane::new(store.clone(), random, (session, controlled), state);
    let task = tokio::spawn(lane.run(nudge));
    FilesHandle {
        state: watched,
        controls,
        task,
    }
}

/// Who paused files may have done it for the price of the line: what cannot be read is taken for
/// that.
fn as_left(store: &Store) -> FilesControls {
    store.files_controls().unwrap_or_else(|error| {
        tracing::error!(%error, "how files may travel cannot be read; they wait");
        FilesControls {
            is_paused: true,
            bytes_per_second: None,
        }
    })
}
