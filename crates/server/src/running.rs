//! Starting and stopping a server.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::RustlsConfig;
use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts::password::Passwords;
use crate::app::App;
use crate::blobs;
use crate::config::{Config, Tls};
use crate::db::{Db, DbError, Tx};
use crate::http::{router, system};
use crate::objects::{BucketError, Objects};
use crate::sync::{addresses, horizon, recount};
use crate::tables::server::{self, Identity};
use crate::tables::{answered_request, live_ticket, token};
use crate::tls::{self, OwnAuthority, Shown, TlsError};

/// How long running requests have when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// How long a client may take to send its headers.
const HEADERS: Duration = Duration::from_secs(10);
const MAX_HEADERS: usize = 64;
const MAX_HEADER_BYTES: usize = 32 * 1024;
const TIDY_EVERY: Duration = Duration::from_secs(3600);
const DAY_MILLIS: i64 = 86_400_000;

/// Why a server did not start.
#[derive(Debug, Error)]
pub enum StartError {
    #[error("the certificates cannot be used")]
    Tls(#[from] TlsError),
    #[error("the database cannot be used")]
    Database(#[from] DbError),
    #[error("the bucket for attachments cannot be used")]
    Bucket(#[from] BucketError),
    #[error("the folder for attachments cannot be used")]
    Files(#[source] io::Error),
    #[error("the address {address} cannot be listened on")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error("behind a proxy the server only listens on this machine, not on {0}")]
    NotLoopback(SocketAddr),
}

/// A server that takes requests.
pub struct RunningServer {
    /// Where it listens.
    pub addr: SocketAddr,
    /// The authority to trust, if the server made one.
    pub ca_pem: Option<String>,
    /// SHA-256 of the authority's certificate: upper-case hex in groups of four.
    pub ca_fingerprint: Option<String>,
    /// Where the authority's certificate is kept.
    pub ca_file: Option<PathBuf>,
    is_https: bool,
    handle: Handle<SocketAddr>,
    stopping: watch::Sender<bool>,
    serving: JoinHandle<io::Result<()>>,
    tidying: JoinHandle<()>,
    db: Db,
    app: Arc<App>,
}

impl RunningServer {
    /// The address to connect to.
    pub fn url(&self) -> String {
        let scheme = if self.is_https { "https" } else { "http" };
        format!("{scheme}://{}", self.addr)
    }

    /// Forgets what has ended and lets go of what nothing uses; done once an hour by itself.
    pub async fn tidy(&self) {
        tidy(&self.app).await;
    }

    /// Lets running requests finish, closes the WebSockets and the database.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        self.handle.graceful_shutdown(Some(GRACE));
        if !matches!(self.serving.await, Ok(Ok(()))) {
            tracing::error!("the server did not stop in order");
        }
        self.tidying.abort();
        self.db.close().await;
    }
}

/// Starts a server; when it answers, the server takes requests.
///
/// # Errors
/// [`StartError`] says which part could not be brought up.
pub async fn start(config: Config) -> Result<RunningServer, StartError> {
    if config.tls == Tls::BehindProxy && !config.listen.ip().is_loopback() {
        return Err(StartError::NotLoopback(config.listen));
    }
    system::install_metrics();
    tls::private_folder(&config.data)?;
    let security = Security::open(&config)?;
    let objects = Objects::of(&config)?;
    let listen_error = |source| StartError::Listen {
        address: config.listen,
        source,
    };
    let db = open_database(&config).await?;
    let listener = TcpListener::bind(config.listen).map_err(listen_error)?;
    let addr = listener.local_addr().map_err(listen_error)?;
    let (stopping, stopped) = watch::channel(false);
    let shown = security.shown().cloned();
    let passwords = Passwords::new(config.entropy.clone())?;
    let app = Arc::new(App {
        ca_pem: shown.as_ref().map(|shown| shown.ca_pem.clone()),
        ..App::new(&config, db.clone(), passwords, objects, stopped)
    });
    app.blobs.forget_unfinished().map_err(StartError::Files)?;
    let handle = Handle::new();
    let rustls = security.rustls();
    let is_https = rustls.is_some();
    let serving =
        serve(listener, rustls.clone(), handle.clone(), Arc::clone(&app)).map_err(listen_error)?;
    let tidying = tokio::spawn(tidy_for_ever(Arc::clone(&app), config, rustls));
    Ok(RunningServer {
        addr,
        ca_pem: shown.as_ref().map(|shown| shown.ca_pem.clone()),
        ca_file: shown.as_ref().map(|shown| shown.ca_file.clone()),
        ca_fingerprint: shown.map(|shown| shown.fingerprint),
        is_https,
        handle,
        stopping,
        serving,
        tidying,
        db,
        app,
    })
}

/// Opens the database and gives a new one its identity.
pub(crate) async fn open_database(config: &Config) -> Result<Db, DbError> {
    let db = Db::open(&config.database_url(), config.now()).await?;
    let identity = Identity {
        server_id: config.entropy.token(),
        epoch: config.entropy.token(),
    };
    let order_key = config.entropy.bytes();
    let prepare = move |tx: &mut dyn Tx| {
        server::create_identity(tx, &identity, &order_key)?;
        recount::recount_if_due(tx)?;
        addresses::give_missing(tx)
    };
    db.write(prepare).await.map_err(|refusal| match refusal {
        crate::refusal::Refusal::Database(error) => error,
        crate::refusal::Refusal::Said(said) => DbError::Stored(said.message),
    })?;
    Ok(db)
}

/// How this server's connections are protected.
enum Security {
    None,
    Own(Shown),
    Files(Arc<rustls::ServerConfig>),
}

impl Security {
    fn open(config: &Config) -> Result<Self, TlsError> {
        Ok(match &config.tls {
            Tls::BehindProxy => Self::None,
            Tls::Files { cert, key } => Self::Files(tls::server_config(cert, key)?),
            Tls::SelfSigned => Self::Own(
                OwnAuthority::new(&config.data, config.listen.ip())
                    .open(config.now(), &config.entropy)?,
            ),
        })
    }

    fn shown(&self) -> Option<&Shown> {
        match self {
            Self::Own(shown) => Some(shown),
            Self::None | Self::Files(_) => None,
        }
    }

    fn rustls(&self) -> Option<RustlsConfig> {
        match self {
            Self::None => None,
            Self::Own(shown) => Some(RustlsConfig::from_config(Arc::clone(&shown.config))),
            Self::Files(config) => Some(RustlsConfig::from_config(Arc::clone(config))),
        }
    }
}

fn serve(
    listener: TcpListener,
    rustls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
    app: Arc<App>,
) -> io::Result<JoinHandle<io::Result<()>>> {
    let service = router::router(app).into_make_service_with_connect_info::<SocketAddr>();
    macro_rules! spawn {
        ($server:expr) => {{
            let mut server = $server.handle(handle);
            server
                .http_builder()
                .http1()
                .header_read_timeout(HEADERS)
                .max_headers(MAX_HEADERS)
                .max_buf_size(MAX_HEADER_BYTES);
            server
                .http_builder()
                .http2()
                .max_concurrent_streams(64)
                .max_header_list_size(32 * 1024);
            tokio::spawn(server.serve(service))
        }};
    }
    // Answers and pokes are small; they do not wait for more to be sent with them.
    let at_once = NoDelayAcceptor::new();
    Ok(match rustls {
        Some(rustls) => {
            spawn!(axum_server::from_tcp_rustls(listener, rustls)?.map(|tls| tls.acceptor(at_once)))
        }
        None => spawn!(axum_server::from_tcp(listener)?.acceptor(at_once)),
    })
}

/// Once an hour: forget what has ended, and show the newest certificate.
async fn tidy_for_ever(app: Arc<App>, config: Config, rustls: Option<RustlsConfig>) {
    let mut every = tokio::time::interval(TIDY_EVERY);
    every.tick().await;
    loop {
        every.tick().await;
        tidy(&app).await;
        if let Some(rustls) = &rustls {
            renew(&config, rustls);
        }
    }
}

/// Shows the certificate that is there now: renewed by this server, or put there by somebody else.
fn renew(config: &Config, rustls: &RustlsConfig) {
    match Security::open(config) {
        Ok(Security::Own(Shown { config, .. }) | Security::Files(config)) => {
            rustls.reload_from_config(config);
        }
        Ok(Security::None) => {}
        Err(error) => tracing::warn!(%error, "the certificate before stays in use"),
    }
}

pub(crate) async fn tidy(app: &App) {
    app.limits.forget_idle();
    let now = app.now();
    let forgotten = app.db.write(move |tx| {
        token::forget(
            tx,
            now.plus_millis(-DAY_MILLIS),
            now.plus_millis(-30 * DAY_MILLIS),
        )?;
        answered_request::forget(tx, now.plus_millis(-7 * DAY_MILLIS))?;
        Ok(live_ticket::forget(tx, now)?)
    });
    if forgotten.await.is_err() {
        tracing::warn!("what has ended could not be forgotten");
    }
    if horizon::collect(app).await.is_err() {
        tracing::warn!("old tombstones could not be let go");
    }
    if blobs::collect(app).await.is_err() {
        tracing::warn!("files that no draft uses could not be let go");
    }
}
