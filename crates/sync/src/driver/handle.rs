//! The studio's hold on a running sync.

use std::sync::Arc;
use std::time::Duration;

use stoa_domain::BlobHash;
use stoa_protocol::blob::WhichBlobs;
use stoa_protocol::device::Device;
use stoa_protocol::proposal::{DecideProposals, Decided, ProposedBy};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;

use super::{Command, SyncState};
use crate::account::AccountError;
use crate::engine::Event;
use crate::files::{FilesHandle, which_are_missing};
use crate::session::Session;
use crate::transport::DeviceChange;

/// A stop waits this long for what can still be sent.
const FLUSH: Duration = Duration::from_millis(300);

/// A running sync. Dropping it ends the sync at once; nothing is lost by that.
pub struct SyncHandle {
    commands: mpsc::UnboundedSender<Command>,
    status: watch::Receiver<SyncState>,
    outbox: Arc<Notify>,
    session: Arc<watch::Sender<Option<Arc<Session>>>>,
    task: JoinHandle<()>,
    files: Option<FilesHandle>,
}

impl SyncHandle {
    pub(super) fn new(
        commands: mpsc::UnboundedSender<Command>,
        status: watch::Receiver<SyncState>,
        outbox: Arc<Notify>,
        session: Arc<watch::Sender<Option<Arc<Session>>>>,
        task: JoinHandle<()>,
    ) -> Self {
        Self {
            commands,
            status,
            outbox,
            session,
            task,
            files: None,
        }
    }

    pub(super) fn with_files(mut self, files: FilesHandle) -> Self {
        self.files = Some(files);
        self
    }

    /// The lane of files.
    pub fn files(&self) -> Option<&FilesHandle> {
        self.files.as_ref()
    }

    /// How sync stands now.
    pub fn status(&self) -> SyncState {
        self.status.borrow().clone()
    }

    /// Every change of the status.
    pub fn subscribe(&self) -> watch::Receiver<SyncState> {
        self.status.clone()
    }

    /// The user wants it now, or the window got the focus.
    pub fn now(&self) {
        self.tell(Event::Nudged);
        if let Some(files) = &self.files {
            files.now();
        }
    }

    /// The network came, went or became another.
    pub fn network_changed(&self) {
        self.tell(Event::Nudged);
    }

    /// The outbox changed. The store says so by itself; this does no harm.
    pub fn nudge(&self) {
        self.outbox.notify_one();
    }

    /// Nothing is sent or fetched while paused.
    pub fn pause(&self, is_paused: bool) {
        self.tell(Event::Paused(is_paused));
        if let Some(files) = &self.files {
            files.pause_with_sync(is_paused);
        }
    }

    /// The user agrees to what [`SyncState::held`] says.
    pub fn allow_removal(&self) {
        self.tell(Event::RemovalAllowed);
    }

    /// The store has another link or other tokens: begin anew with them.
    pub fn link_changed(&self) {
        self.tell(Event::SignedIn);
    }

    /// The devices of the account.
    ///
    /// # Errors
    /// [`AccountError`], named for what the user can do.
    pub async fn devices(&self) -> Result<Vec<Device>, AccountError> {
        Ok(self.session()?.devices().await?)
    }

    /// Changes the list of devices.
    ///
    /// # Errors
    /// [`AccountError`], named for what the user can do.
    pub async fn change_device(&self, change: &DeviceChange) -> Result<(), AccountError> {
        Ok(self.session()?.change_device(change).await?)
    }

    /// Work of people who have lost the right to it, for owners and admins to decide about.
    ///
    /// # Errors
    /// [`AccountError`], named for what the user can do.
    pub async fn proposals(&self) -> Result<Vec<ProposedBy>, AccountError> {
        Ok(self.session()?.proposals().await?)
    }

    /// Accepts or discards such work; what was accepted is pulled at once.
    ///
    /// # Errors
    /// [`AccountError`], named for what the user can do.
    pub async fn decide(&self, decision: &DecideProposals) -> Result<Decided, AccountError> {
        let decided = self.session()?.decide(decision).await?;
        self.now();
        Ok(decided)
    }

    /// Which of these files, at most [`stoa_protocol::blob::MAX_ASKED`], the server does not have
    /// whole; it looks in its object store too.
    ///
    /// # Errors
    /// [`AccountError`], named for what the user can do.
    pub async fn missing_files(&self, blobs: Vec<BlobHash>) -> Result<Vec<BlobHash>, AccountError> {
        let asked = WhichBlobs { blobs, look: true };
        Ok(which_are_missing(&self.session()?, &asked).await?)
    }

    /// Ends the session; everything on this computer stays. Works without a network.
    ///
    /// # Errors
    /// [`AccountError::Store`] when the tokens cannot be forgotten.
    pub async fn sign_out(&self) -> Result<(), AccountError> {
        let session = self.session()?;
        session.sign_out().await?;
        self.link_changed();
        Ok(())
    }

    /// Sends what can be sent within 300 ms, then ends.
    pub async fn stop(mut self) {
        let _ = self.commands.send(Command::Stop);
        let ended = tokio::time::timeout(FLUSH, &mut self.task).await;
        if ended.is_err() {
            self.task.abort();
        }
    }

    fn session(&self) -> Result<Arc<Session>, AccountError> {
        let session = self.session.borrow().clone();
        session.ok_or(AccountError::SignInAgain)
    }

    fn tell(&self, event: Event) {
        let _ = self.commands.send(Command::Tell(event));
    }
}

impl Drop for SyncHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}
