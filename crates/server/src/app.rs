//! What every request can reach.

use std::sync::Arc;

use stoa_domain::{CommunityId, DeviceId, Timestamp, UserId};
use tokio::sync::{Semaphore, watch};

use crate::Entropy;
use crate::accounts::password::Passwords;
use crate::blobs::Blobs;
use crate::config::{Clock, Config, Tls};
use crate::db::Db;
use crate::http::rates::Limits;
use crate::objects::Objects;
use crate::sync::live::OpenConnections;
use crate::sync::snapshot::SnapshotFiles;

/// How many pushes may wait at once; the rest is told to come back.
const WAITING_PUSHES: usize = 64;

/// How many feeds are made at once: anybody may ask for one, and setting its texts takes a core.
const FEEDS_AT_ONCE: usize = 2;

/// The parts of a running server.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) passwords: Passwords,
    pub(crate) limits: Limits,
    pub(crate) connections: OpenConnections,
    pub(crate) pushes: Arc<Semaphore>,
    pub(crate) feeds: Semaphore,
    pub(crate) snapshots: SnapshotFiles,
    pub(crate) min_schema: u32,
    pub(crate) origins: Vec<String>,
    /// The certificate authority to trust, if the server made one.
    pub(crate) ca_pem: Option<String>,
    pub(crate) is_behind_proxy: bool,
    /// The address that the world knows this server by, if it was told.
    pub(crate) public_url: Option<String>,
    /// Becomes true when the server stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl App {
    /// The parts as a configuration asks for them, without an authority of its own to show.
    pub(crate) fn new(
        config: &Config,
        db: Db,
        passwords: Passwords,
        objects: Objects,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            db,
            blobs: Blobs::new(config, objects),
            clock: Arc::clone(&config.clock),
            entropy: config.entropy.clone(),
            passwords,
            limits: Limits::new(&config.rates),
            min_schema: config.min_schema,
            connections: OpenConnections::default(),
            pushes: Self::waiting_pushes(),
            feeds: Semaphore::new(FEEDS_AT_ONCE),
            snapshots: SnapshotFiles::new(config),
            origins: config.origins.clone(),
            ca_pem: None,
            is_behind_proxy: config.tls == Tls::BehindProxy,
            public_url: config.public_url.clone(),
            stopping,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn waiting_pushes() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(WAITING_PUSHES))
    }

    pub(crate) fn new_user(&self) -> UserId {
        UserId::new(self.now(), self.entropy.bytes())
    }

    pub(crate) fn new_device(&self) -> DeviceId {
        DeviceId::new(self.now(), self.entropy.bytes())
    }

    pub(crate) fn new_session(&self) -> [u8; 16] {
        *self.new_device().as_bytes()
    }
}

/// A new id for an entitlement.
pub(crate) fn new_entitlement(now: Timestamp, entropy: &Entropy) -> [u8; 16] {
    *UserId::new(now, entropy.bytes()).as_bytes()
}

/// A new id for a community.
pub(crate) fn new_community(now: Timestamp, entropy: &Entropy) -> CommunityId {
    CommunityId::new(now, entropy.bytes())
}
