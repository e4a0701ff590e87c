//! A PostgreSQL cluster that belongs to the test process and goes with it.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

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
/// temporary folder, reachable by socket only; it is stopped and removed when the process ends.
///
/// # Errors
/// [`NoPostgres`] when there are no PostgreSQL programs on this machine.
pub async fn new_database() -> Result<String, NoPostgres> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let server = match std::env::var(ENVIRONMENT) {
        Ok(url) => url,
        Err(_) => cluster()?,
    };
    let n = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!("stoa_{}_{n}", std::process::id());
    let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls)
        .await
        .map_err(|error| NoPostgres(error.to_string()))?;
    let driver = tokio::spawn(connection);
    client
        .batch_execute(&format!("create database {name}"))
        .await
        .map_err(|error| NoPostgres(error.to_string()))?;
    driver.abort();
    let (rest, _) = server.rsplit_once('/').unwrap_or((&server, ""));
    Ok(format!("{rest}/{name}"))
}

/// A running cluster. Its keeper is a shell that waits for the end of its input, which comes when
/// this process is gone, however it went.
struct Cluster {
    folder: PathBuf,
    _keeper: Mutex<Child>,
}

fn cluster() -> Result<String, NoPostgres> {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    let _alone = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    match CLUSTER.get_or_init(start) {
        Ok(cluster) => {
            let socket = cluster.folder.display().to_string().replace('/', "%2F");
            Ok(format!("postgres://stoa@{socket}/postgres"))
        }
        Err(error) => Err(NoPostgres(error.clone())),
    }
}

/// `$1` programs, `$2` folder, `$3` how to become an ordinary user (PostgreSQL refuses root).
const KEEPER: &str = r#"
set -e
cd /
trap 'rm -rf "$2"' EXIT
$3 "$1/initdb" -D "$2/data" -U stoa -A trust -E UTF8 --locale=C --no-sync >"$2/setup.log" 2>&1
$3 "$1/pg_ctl" -D "$2/data" -l "$2/data/server.log" -w -t 60 -o "-c listen_addresses='' -c fsync=off -c max_connections=300 -k $2" start >>"$2/setup.log" 2>&1 \
  || { cat "$2/setup.log" "$2/data/server.log" >&2; exit 1; }
echo ready
cat >/dev/null || true
$3 "$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1 || true
"#;

fn start() -> Result<Cluster, String> {
    let programs = programs().ok_or("initdb is not on this machine")?;
    let folder = std::env::temp_dir().join(format!("stoa-pg-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let become_user = as_ordinary_user(&folder)?;
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER, "keeper"])
        .arg(&programs)
        .arg(&folder)
        .arg(become_user)
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
        _keeper: Mutex::new(keeper),
    })
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
        .arg("postgres:postgres")
        .arg(folder)
        .status()
        .map_err(|error| error.to_string())?;
    if given.success() {
        Ok("setpriv --reuid=postgres --regid=postgres --clear-groups")
    } else {
        Err("the folder cannot be given to the user postgres".into())
    }
}
