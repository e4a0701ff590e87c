//! What others take for the same: PouchDB with express-pouchdb for sync, tus for a large upload.
//! They are fetched through npm into a folder of the build, and are no part of the product.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use stoa_tests::programs::root;

use crate::table::Table;
use crate::{exchange, files};

/// How the names of our own figures begin.
const FIRST_SYNC: &str = "first sync of";
const UPLOAD: &str = "send it: decrypted, HTTPS";
const UPLOAD_MIB: u32 = 256;
const N_DOCS: u32 = 10_000;
const FILES: [&str; 4] = ["package.json", "package-lock.json", ".npmrc", "peers.mjs"];

/// What `peers.mjs` prints.
#[derive(Deserialize)]
struct Figures {
    first_sync_rows_per_s: f64,
    reconnect_ms: f64,
    push_1000_ms: f64,
    catch_up_100_ms: f64,
    upload_mib_per_s: f64,
}

/// Measures peers beside us. Without npm or its registry there is nothing to measure.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = match set_up() {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("peers are not measured: {error:#}");
            return Ok(());
        }
    };
    if table.figure(FIRST_SYNC).is_none() {
        exchange::measure(table)?;
    }
    if table.figure(UPLOAD).is_none() {
        files::measure(table)?;
    }
    let theirs = run_peers(&folder)?;
    let rows = [
        (
            "PouchDB: first sync, documents",
            (theirs.first_sync_rows_per_s, "/s"),
            FIRST_SYNC,
        ),
        (
            "PouchDB: push 1,000 documents",
            (theirs.push_1000_ms, "ms"),
            "push 1,000 queued mutations",
        ),
        (
            "PouchDB: reconnect, nothing changed",
            (theirs.reconnect_ms, "ms"),
            "reconnect, nothing changed, with TLS set-up",
        ),
        (
            "PouchDB: catch up 100 changes",
            (theirs.catch_up_100_ms, "ms"),
            "catch up 100 changes",
        ),
        (
            "tus: upload of 256 MiB, chunks of 8 MiB",
            (theirs.upload_mib_per_s, "MiB/s"),
            UPLOAD,
        ),
    ];
    for (name, figure, beside) in rows {
        let ours = table.figure(beside).context(beside)?;
        table.add(name, figure, Some(("ours", ours)), None);
    }
    Ok(())
}

/// The peers in a folder beside the built programs, at the versions of the lock file.
fn set_up() -> Result<PathBuf> {
    let target = std::env::current_exe()?;
    let target = target.ancestors().nth(2).context("the folder of builds")?;
    let folder = target.join("bench-peers");
    std::fs::create_dir_all(&folder)?;
    for name in FILES {
        let bytes = std::fs::read(root().join("tests/bench/peers").join(name))?;
        std::fs::write(folder.join(name), bytes)?;
    }
    let lock = std::fs::read(folder.join("package-lock.json"))?;
    let done = folder.join("installed");
    if std::fs::read(&done).is_ok_and(|installed| installed == lock) {
        return Ok(folder);
    }
    eprintln!("fetching the peers through npm …");
    let status = Command::new("npm")
        // Nothing of theirs runs but what is measured.
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--fetch-retries=1", "--fetch-timeout=20000"])
        .current_dir(&folder)
        .stdout(Stdio::null())
        .status()
        .context("npm")?;
    ensure!(status.success(), "npm ended with {status}");
    std::fs::write(done, lock)?;
    Ok(folder)
}

fn run_peers(folder: &Path) -> Result<Figures> {
    let scratch = tempfile::tempdir()?;
    let output = Command::new("node")
        .arg(folder.join("peers.mjs"))
        .arg(scratch.path())
        .args([N_DOCS.to_string(), UPLOAD_MIB.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .context("node")?;
    ensure!(
        output.status.success(),
        "the peers ended with {}",
        output.status
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}
