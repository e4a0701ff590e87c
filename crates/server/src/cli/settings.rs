//! Settings from flags, the environment (`STOA_SERVER_…`) and an optional TOML file, in this order.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::{CliError, print_json};
use crate::config::{Clock, Config, Tls};
use crate::http::address::origin_of;
use crate::objects::{Media, MediaKeys};

const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8443);

/// Where a server keeps its things.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The server's folder: database, certificates.
    #[arg(long, env = "STOA_SERVER_DATA")]
    data: Option<PathBuf>,
    /// `postgres://…` instead of a SQLite file in the folder.
    #[arg(long, env = "STOA_SERVER_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The authority of PostgreSQL's certificate in PEM, when it is not a public one.
    #[arg(long, env = "STOA_SERVER_DATABASE_CA")]
    database_ca: Option<PathBuf>,
    /// Where attachments are kept: `s3://bucket/prefix?endpoint=…&region=…`, its keys in
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. [default: the server's folder]
    #[arg(long, env = "STOA_SERVER_MEDIA")]
    media: Option<String>,
    /// A TOML file with the same settings; flags and environment go before it.
    #[arg(long, env = "STOA_SERVER_CONFIG")]
    config: Option<PathBuf>,
}

/// How a server listens.
#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(super) place: Place,
    /// Address and port; port 0 takes a free one. [default: 127.0.0.1:8443]
    #[arg(long, env = "STOA_SERVER_LISTEN")]
    listen: Option<SocketAddr>,
    /// Certificate chain in PEM.
    #[arg(long, env = "STOA_SERVER_TLS_CERT", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Key of the certificate in PEM.
    #[arg(long, env = "STOA_SERVER_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A certificate of its own authority (what happens without a certificate).
    #[arg(long, conflicts_with_all = ["tls_cert", "behind_proxy"])]
    tls_self_signed: bool,
    /// Plain HTTP on this machine, for a proxy that does TLS; its X-Forwarded-For is believed.
    #[arg(long, env = "STOA_SERVER_BEHIND_PROXY", conflicts_with = "tls_cert")]
    behind_proxy: bool,
    /// A web page that may open a WebSocket, as `https://host`. May be given several times.
    #[arg(long = "origin", env = "STOA_SERVER_ORIGINS", value_delimiter = ',')]
    origins: Vec<String>,
    /// The address that the world knows this server by, as `https://host`: it stands in feeds.
    /// [default: the one by which a request came]
    #[arg(long, env = "STOA_SERVER_PUBLIC_URL")]
    public_url: Option<String>,
    /// How many gigabytes of attachments one community may keep. [default: 50]
    #[arg(long, env = "STOA_SERVER_FILES_QUOTA_GB")]
    files_quota_gb: Option<u32>,
}

/// The same in a file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsFile {
    data: Option<PathBuf>,
    database: Option<String>,
    database_ca: Option<PathBuf>,
    media: Option<String>,
    media_key: Option<String>,
    media_secret: Option<String>,
    listen: Option<SocketAddr>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    #[serde(default)]
    behind_proxy: bool,
    #[serde(default)]
    origins: Vec<String>,
    public_url: Option<String>,
    files_quota_gb: Option<u32>,
}

impl SettingsFile {
    fn read(path: Option<&Path>) -> Result<Self, CliError> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let say = |reason: String| CliError::Settings(format!("{}: {reason}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| say(error.to_string()))?;
        toml::from_str(&text).map_err(|error: toml::de::Error| {
            // Without the line itself, in which a secret may stand.
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.unwrap_or_default().lines().count().max(1);
            say(format!("line {line}: {}", error.message()))
        })
    }

    /// The keys of the bucket; those of the environment go before.
    fn media_keys(&self) -> Option<MediaKeys> {
        let in_file = || {
            let (key, secret) = (self.media_key.as_ref()?, self.media_secret.as_ref()?);
            Some(MediaKeys::new(key, secret))
        };
        MediaKeys::from_env().or_else(in_file)
    }
}

impl Place {
    /// A server's settings that only need its place.
    pub(super) fn config(&self, clock: Clock) -> Result<Config, CliError> {
        let file = SettingsFile::read(self.config.as_deref())?;
        self.config_over(&file, clock)
    }

    fn config_over(&self, file: &SettingsFile, clock: Clock) -> Result<Config, CliError> {
        let data = self.data.clone().or_else(|| file.data.clone());
        let data = data.ok_or_else(|| CliError::Settings("--data DIR is missing".into()))?;
        let mut config = Config::new(data, clock);
        config.database = self.database.clone().or_else(|| file.database.clone());
        config.database_ca = self
            .database_ca
            .clone()
            .or_else(|| file.database_ca.clone());
        if let Some(media) = self.media.as_ref().or(file.media.as_ref()) {
            let media = Media::parse(media);
            config.media = Some(media.map_err(|error| CliError::Settings(error.to_string()))?);
            config.media_keys = file.media_keys();
        }
        Ok(config)
    }
}

impl Serve {
    pub(super) fn config(&self, clock: Clock) -> Result<Config, CliError> {
        let file = SettingsFile::read(self.place.config.as_deref())?;
        let mut config = self.place.config_over(&file, clock)?;
        config.listen = self.listen.or(file.listen).unwrap_or(DEFAULT_LISTEN);
        config.origins = if self.origins.is_empty() {
            file.origins.clone()
        } else {
            self.origins.clone()
        };
        if let Some(address) = self.public_url.as_ref().or(file.public_url.as_ref()) {
            let said =
                || CliError::Settings(format!("{address} is not an address like https://host"));
            config.public_url = Some(origin_of(address).ok_or_else(said)?);
        }
        if let Some(gigabytes) = self.files_quota_gb.or(file.files_quota_gb) {
            config.files_quota = u64::from(gigabytes) << 30;
        }
        config.tls = self.tls(&file)?;
        Ok(config)
    }

    fn tls(&self, file: &SettingsFile) -> Result<Tls, CliError> {
        if self.tls_self_signed {
            return Ok(Tls::SelfSigned);
        }
        let cert = self.tls_cert.clone().or_else(|| file.tls_cert.clone());
        let key = self.tls_key.clone().or_else(|| file.tls_key.clone());
        match (self.behind_proxy || file.behind_proxy, cert, key) {
            (true, ..) => Ok(Tls::BehindProxy),
            (false, Some(cert), Some(key)) => Ok(Tls::Files { cert, key }),
            (false, None, None) => Ok(Tls::SelfSigned),
            (false, ..) => Err(CliError::Settings(
                "certificate and key belong together: give both or neither".into(),
            )),
        }
    }
}

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn serve(serve: &Serve, clock: Clock) -> Result<ExitCode, CliError> {
    start_logging();
    let config = serve.config(clock)?;
    let mut stop = StopSignal::new()?;
    let running = crate::start(config).await?;
    print_json(&json!({
        "listening": running.url(),
        "ca_sha256": running.ca_fingerprint,
        "ca_pem": running.ca_file,
    }))?;
    tracing::info!(address = %running.addr, "listening");
    stop.received().await;
    tracing::info!("stopping");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// What is logged unless `RUST_LOG` says otherwise. The document code tells of every text that it
/// writes how many bytes each part of it takes.
const LOGGED: &str = "info,loro_internal=warn";

/// JSON lines on standard error; `RUST_LOG` says how many.
fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(LOGGED));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

/// The wish of the system or of the person at the keyboard that this program ends.
///
/// Listened for before the program says that it serves: whoever reads that line may ask at once.
struct StopSignal {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl StopSignal {
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(windows)]
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: tokio::signal::windows::ctrl_c()?,
        })
    }

    #[cfg(unix)]
    async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(windows)]
    async fn received(&mut self) {
        self.interrupt.recv().await;
    }
}
