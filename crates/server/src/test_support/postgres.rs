//! A PostgreSQL cluster that belongs to the test process and goes with it.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// Names a PostgreSQL to use instead of a cluster of one's own.
const ENVIRONMENT: &str = "STOA_TEST_POSTGRES";

/// Why there is no PostgreSQL for a test.
#[derive(Debug)]
pub struct NoPostgres(String);

impl fmt::Display for NoPostgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no PostgreSQL for the test: {}", self.0)
    }
}

impl std::error::Error for NoPostgres {}

/// The address of a new, empty database. The first call of a process starts a cluster in a
/// temporary folder; it is stopped and removed when the process ends.
///
/// # Errors
/// [`NoPostgres`] when there are no PostgreSQL programs on this machine.
pub async fn new_database() -> Result<String, NoPostgres> {
    let server = match std::env::var(ENVIRONMENT) {
        Ok(url) => url,
        Err(_) => cluster()?.by_socket(),
    };
    let name = create_database(&server).await?;
    let (rest, _) = server.rsplit_once('/').unwrap_or((&server, ""));
    Ok(format!("{rest}/{name}"))
}

/// A new, empty database that is reached over the network, and who vouches for its server.
#[derive(Debug)]
pub struct OverTls {
    /// The address, with `sslmode=require`.
    pub url: String,
    /// The authority's certificate.
    pub ca: PathBuf,
}

/// The same cluster over TLS on loopback.
///
/// # Errors
/// [`NoPostgres`] when there are no PostgreSQL programs on this machine.
pub async fn new_database_over_tls() -> Result<OverTls, NoPostgres> {
    let cluster = cluster()?;
    let name = create_database(&cluster.by_socket()).await?;
    Ok(OverTls {
        url: format!(
            "postgres://stoa@127.0.0.1:{}/{name}?sslmode=require",
            cluster.port
        ),
        ca: cluster.folder.join("ca.pem"),
    })
}

async fn create_database(server: &str) -> Result<String, NoPostgres> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let n = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!("stoa_{}_{n}", std::process::id());
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls)
        .await
        .map_err(|error| NoPostgres(error.to_string()))?;
    let driver = tokio::spawn(connection);
    client
        .batch_execute(&format!("create database {name}"))
        .await
        .map_err(|error| NoPostgres(error.to_string()))?;
    driver.abort();
    Ok(name)
}

/// A running cluster. Its keeper is a shell that waits for the end of its input, which comes when
/// this process is gone, however it went.
struct Cluster {
    folder: PathBuf,
    port: u16,
    _keeper: Mutex<Child>,
}

impl Cluster {
    fn by_socket(&self) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://stoa@{socket}:{}/postgres", self.port)
    }
}

fn cluster() -> Result<&'static Cluster, NoPostgres> {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    let _alone = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let started = CLUSTER.get_or_init(start).as_ref();
    started.map_err(|error| NoPostgres(error.clone()))
}

/// `$1` programs, `$2` folder, `$3` how to become an ordinary user (PostgreSQL refuses root), `$4` port.
const KEEPER: &str = r#"
set -e
cd /
trap 'rm -rf "$2"' EXIT
$3 "$1/initdb" -D "$2/data" -U stoa -A trust -E UTF8 --locale=C --no-sync >"$2/setup.log" 2>&1
$3 "$1/pg_ctl" -D "$2/data" -l "$2/data/server.log" -w -t 60 -o "-c listen_addresses=127.0.0.1 -c port=$4 -c ssl=on -c ssl_cert_file=$2/server.pem -c ssl_key_file=$2/server.key -c fsync=off -c max_connections=300 -k $2" start >>"$2/setup.log" 2>&1 \
  || { cat "$2/setup.log" "$2/data/server.log" >&2; exit 1; }
echo ready
cat >/dev/null || true
$3 "$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1 || true
"#;

fn start() -> Result<Cluster, String> {
    let programs = programs().ok_or("initdb is not on this machine")?;
    let folder = std::env::temp_dir().join(format!("stoa-pg-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    certificates(&folder).map_err(|error| error.to_string())?;
    let become_user = as_ordinary_user(&folder)?;
    let port = free_port().map_err(|error| error.to_string())?;
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER, "keeper"])
        .arg(&programs)
        .arg(&folder)
        .arg(become_user)
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut line = String::new();
    if let Some(out) = keeper.stdout.take() {
        BufReader::new(out)
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
    }
    if line.trim() != "ready" {
        return Err("the cluster did not start; its log is on standard error".into());
    }
    // The keeper's input stays open as long as this process lives.
    if let Some(input) = keeper.stdin.as_mut() {
        input.flush().map_err(|error| error.to_string())?;
    }
    Ok(Cluster {
        folder,
        port,
        _keeper: Mutex::new(keeper),
    })
}

fn free_port() -> std::io::Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

/// An authority, and a server certificate of it for this machine.
pub(super) fn certificates(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (ca_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
    let mut ca = CertificateParams::default();
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let ca_pem = ca.self_signed(&ca_key)?.pem();
    let issuer = Issuer::from_params(&ca, &ca_key);
    let server = CertificateParams::new(vec!["127.0.0.1".into()])?.signed_by(&key, &issuer)?;
    std::fs::write(folder.join("ca.pem"), ca_pem)?;
    std::fs::write(folder.join("server.pem"), server.pem())?;
    let key_file = folder.join("server.key");
    std::fs::write(&key_file, key.serialize_pem())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // PostgreSQL refuses a key that others may read.
        std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// The newest installed version's folder of programs.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop()
}

/// Nothing for an ordinary user; for root the words that run a program as `postgres`.
fn as_ordinary_user(folder: &Path) -> Result<&'static str, String> {
    let id = Command::new("id")
        .arg("-u")
        .output()
        .map_err(|error| error.to_string())?;
    if id.stdout.trim_ascii() != b"0" {
        return Ok("");
    }
    let given = Command::new("chown")
        .args(["-R", "postgres:postgres"])
        .arg(folder)
        .status()
        .map_err(|error| error.to_string())?;
    if given.success() {
        Ok("setpriv --reuid=postgres --regid=postgres --clear-groups")
    } else {
        Err("the folder cannot be given to the user postgres".into())
    }
}
