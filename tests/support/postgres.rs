//! A PostgreSQL cluster in a temporary folder that flushes every commit, for what is measured.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// `$1` programs, `$2` folder, `$3` how to become an ordinary user (PostgreSQL refuses root). It
/// waits for the end of its input, which comes when this process is gone, however it went.
const KEEPER: &str = r#"
set -e
cd /
$3 "$1/initdb" -D "$2/data" -U stoa -A trust -E UTF8 --locale=C >"$2/setup.log" 2>&1
$3 "$1/pg_ctl" -D "$2/data" -l "$2/server.log" -w -t 60 -o "-c listen_addresses='' -k $2" start >>"$2/setup.log" 2>&1
$3 "$1/createdb" -h "$2" -U stoa stoa
echo ready
cat >/dev/null || true
$3 "$1/pg_ctl" -D "$2/data" -m fast -w stop >/dev/null 2>&1 || true
"#;

/// A running cluster with one empty database.
pub struct Postgres {
    keeper: Child,
    folder: TempDir,
}

impl Postgres {
    /// Starts one, reachable by socket only; `None` where PostgreSQL is not installed.
    pub fn start() -> Result<Option<Self>> {
        let Some(programs) = programs() else {
            return Ok(None);
        };
        let folder = tempfile::Builder::new().prefix("stoa-pg-").tempdir()?;
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&programs)
            .arg(folder.path())
            .arg(as_ordinary_user(folder.path())?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start a PostgreSQL cluster")?;
        let mut line = String::new();
        let output = keeper.stdout.take().context("the output is piped")?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)?;
        ensure!(
            line.trim() == "ready",
            "the PostgreSQL cluster did not start"
        );
        Ok(Some(Self { keeper, folder }))
    }

    /// Where its database is.
    pub fn url(&self) -> String {
        let socket = self.folder.path().display().to_string();
        format!("postgres://stoa@{}/stoa", socket.replace('/', "%2F"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
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
fn as_ordinary_user(folder: &Path) -> Result<&'static str> {
    let id = Command::new("id").arg("-u").output()?;
    if id.stdout.trim_ascii() != b"0" {
        return Ok("");
    }
    let given = Command::new("chown")
        .arg("postgres:postgres")
        .arg(folder)
        .status()?;
    ensure!(given.success(), "the folder cannot be given to postgres");
    Ok("setpriv --reuid=postgres --regid=postgres --clear-groups")
}
