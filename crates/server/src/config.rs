//! What a server needs to know before it starts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use crate::sync::MIN_SCHEMA;
use stoa_domain::Timestamp;

use crate::Entropy;
use crate::db::DatabaseUrl;
use crate::objects::{Media, MediaKeys};

/// Bytes of attachments that one community may keep, unless told otherwise: 50 GiB.
pub(crate) const FILES_QUOTA: u64 = 50 * 1024 * 1024 * 1024;

/// Tells the time. The program reads the system's clock in one place only.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Everything a server is started with.
#[derive(Clone)]
pub struct Config {
    /// The folder of this server: database, certificates.
    pub data: PathBuf,
    /// `postgres://…`; a SQLite file in the folder when absent.
    pub database: Option<String>,
    /// The authority of PostgreSQL's certificate, in PEM, when it is not a public one.
    pub database_ca: Option<PathBuf>,
    /// Devices with an older data schema still push and are told to update before they pull.
    pub min_schema: u32,
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    pub tls: Tls,
    pub rates: Rates,
    pub snapshots: Snapshots,
    /// Web pages that may open a WebSocket, as `https://host`; programs without an origin may.
    pub origins: Vec<String>,
    /// The address that the world knows this server by, as `https://host`; the one by which a
    /// request came when absent.
    pub public_url: Option<String>,
    /// Bytes of attachments that one community may keep.
    pub files_quota: u64,
    /// The bucket for the contents of attachments; a folder below this server's when absent.
    pub media: Option<Media>,
    pub media_keys: Option<MediaKeys>,
    pub clock: Clock,
    pub entropy: Entropy,
}

/// How the connection is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// By a certificate authority that the server makes on its first run.
    SelfSigned,
    /// By a certificate (chain) and key of one's own, in PEM files.
    Files { cert: PathBuf, key: PathBuf },
    /// Not at all: something in front of it does, and it only listens on this machine.
    BehindProxy,
}

/// How many requests are taken: each is a number in a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Requests of one session, synchronisation apart.
    pub token: Rate,
    /// Synchronisation requests of one session.
    pub sync: Rate,
    /// Requests about attachments of one session.
    pub files: Rate,
    /// Requests without a session, from one address.
    pub anonymous: Rate,
    pub sign_in_address: Rate,
    pub sign_in_email: Rate,
    pub register: Rate,
}

/// `requests` in `seconds`; all of them may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub requests: u32,
    pub seconds: u32,
}

impl Rate {
    const fn new(requests: u32, seconds: u32) -> Self {
        Self { requests, seconds }
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            token: Rate::new(300, 300),
            sync: Rate::new(1500, 300),
            files: Rate::new(3000, 300),
            anonymous: Rate::new(300, 300),
            sign_in_address: Rate::new(25, 300),
            sign_in_email: Rate::new(25, 3600),
            register: Rate::new(5, 1800),
        }
    }
}

impl Rates {
    /// So many that only a test of a limit itself meets one.
    pub const fn generous() -> Self {
        let plenty = Rate::new(1_000_000, 60);
        Self {
            token: plenty,
            sync: plenty,
            files: plenty,
            anonymous: plenty,
            sign_in_address: plenty,
            sign_in_email: plenty,
            register: plenty,
        }
    }
}

/// When a bucket is handed out as a snapshot, and how that is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshots {
    /// A bucket with so many rows is not sent row by row to a device that has none of them.
    pub from_rows: i64,
    /// About the bytes of a part as it travels.
    pub part_bytes: u64,
    /// With so many changes since, a new one is made.
    pub max_behind: i64,
}

impl Default for Snapshots {
    fn default() -> Self {
        Self {
            from_rows: 20_000,
            part_bytes: 1024 * 1024,
            max_behind: 10_000,
        }
    }
}

impl Config {
    /// SQLite and a certificate of its own in `data`, on a free port of this machine.
    pub fn new(data: impl Into<PathBuf>, clock: Clock) -> Self {
        Self {
            data: data.into(),
            database: None,
            database_ca: None,
            min_schema: MIN_SCHEMA,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: Tls::SelfSigned,
            rates: Rates::default(),
            snapshots: Snapshots::default(),
            origins: Vec::new(),
            public_url: None,
            files_quota: FILES_QUOTA,
            media: None,
            media_keys: None,
            clock,
            entropy: Entropy::from_system(),
        }
    }

    pub(crate) fn database_url(&self) -> DatabaseUrl {
        match &self.database {
            Some(url) => DatabaseUrl::Postgres {
                url: url.clone(),
                ca: self.database_ca.clone(),
            },
            None => DatabaseUrl::Sqlite(self.database_file()),
        }
    }

    /// The SQLite file.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.data.join("stoa.sqlite")
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
