//! The real server without its sockets, which can crash, be backed up and be set back.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use stoa_domain::Role;
use stoa_server::Config;
use stoa_server::test_support::{Holdings, QuietServer, Router};
use tempfile::TempDir;

use super::place::{Place, config, fast_folder};

pub(super) struct Server {
    folder: TempDir,
    config: Config,
    quiet: Option<QuietServer>,
    /// How many were made, and the first that is still of use.
    n_backups: usize,
    first_backup: usize,
    /// Counts its lives: what is under way in one has no answer in the next.
    pub(super) life: u64,
    /// The last head it announced to the live connections.
    announced: Arc<AtomicI64>,
}

impl Server {
    pub(super) async fn new(seed: u64, millis: Arc<AtomicI64>, announced: Arc<AtomicI64>) -> Self {
        let folder = fast_folder();
        Place::shared().copy_server(folder.path());
        let mut server = Self {
            config: config(folder.path(), millis, seed),
            folder,
            quiet: None,
            n_backups: 0,
            first_backup: 1,
            life: 0,
            announced,
        };
        server.open().await;
        server
    }

    async fn open(&mut self) {
        self.quiet = Some(QuietServer::open(&self.config).await.unwrap());
        self.life += 1;
        let head = self.holdings().await.head;
        self.announced.store(head, Ordering::SeqCst);
    }

    async fn close(&mut self) {
        if let Some(quiet) = self.quiet.take() {
            quiet.close().await;
        }
    }

    pub(super) fn quiet(&self) -> &QuietServer {
        self.quiet.as_ref().expect("the server runs")
    }

    pub(super) fn router(&self) -> Router {
        self.quiet().router()
    }

    /// A push was answered with this head: the live connections are told of it.
    pub(super) async fn tell(&mut self, head: i64) {
        let is_new = head > self.announced.load(Ordering::SeqCst);
        if let Some(quiet) = self.quiet.as_mut().filter(|_| is_new) {
            quiet.told(head).await;
            self.announced.store(head, Ordering::SeqCst);
        }
    }

    /// What was committed stays; whoever waited for an answer gets none.
    pub(super) async fn crash(&mut self) {
        self.close().await;
        self.open().await;
    }

    fn backup_file(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("backup-{number}.sqlite"))
    }

    pub(super) fn back_up(&mut self) {
        self.n_backups += 1;
        stoa_server::backup(&self.config, &self.backup_file(self.n_backups)).unwrap();
    }

    pub(super) fn forget_backups(&mut self) {
        self.first_backup = self.n_backups + 1;
    }

    /// Puts the last backup in place; false without one.
    pub(super) async fn set_back(&mut self) -> bool {
        if self.n_backups < self.first_backup {
            return false;
        }
        self.close().await;
        let file = self.backup_file(self.n_backups);
        stoa_server::restore(&self.config, &file).await.unwrap();
        self.open().await;
        true
    }

    pub(super) async fn set_role(&self, person: usize, role: Role) {
        let place = Place::shared();
        let set = self
            .quiet()
            .set_role(place.community, place.person(person), role);
        set.await.unwrap();
        let head = self.holdings().await.head;
        self.announced.store(head, Ordering::SeqCst);
    }

    pub(super) async fn holdings(&self) -> Holdings {
        let held = self.quiet().holdings(Place::shared().community);
        held.await.unwrap()
    }
}
