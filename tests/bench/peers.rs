//! What others take for the same: PouchDB with express-pouchdb for sync, tus for a large upload.
//! They are fetched through npm into a folder of the build, and are no part of the product.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use stoa_domain::{Timestamp, Title};
use stoa_store::{NewFile, OsRandom, Store};
use stoa_tests::backend::Backend;
use stoa_tests::programs::root;
use tokio::runtime::Runtime;

use crate::exchange::{self, catch_up, linked, run};
use crate::table::Table;

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
    if table.figure("first sync, rows with texts").is_none() {
        exchange::measure(table)?;
    }
    let ours = upload()?;
    table.add("upload of 256 MiB", (ours, "MiB/s"), None, None);
    let theirs = run_peers(&folder)?;
    let rows = [
        (
            "PouchDB: first sync, documents",
            (theirs.first_sync_rows_per_s, "/s"),
            "first sync, rows with texts",
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
            "upload of 256 MiB",
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

/// Bytes that are nowhere the same, as a film's.
struct Film {
    n_left: usize,
    state: u64,
}

impl Read for Film {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = into.len().min(self.n_left);
        for bytes in into[..n].chunks_mut(8) {
            self.state = self
                .state
                .wrapping_mul(0x5851_F42D_4C95_7F2D)
                .wrapping_add(1);
            bytes.copy_from_slice(&self.state.to_le_bytes()[..bytes.len()]);
        }
        self.n_left -= n;
        Ok(n)
    }
}

/// How fast a file that was taken in goes to the server, in MiB a second: encrypted here, hashed
/// there, on the disk when it counts.
fn upload() -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let runtime = Runtime::new()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let store = linked(&runtime, &backend, &folder.path().join("a"))?;
    catch_up(&runtime, &store)?;
    let now = Timestamp::from_millis(1_700_000_000_000);
    let draft = store.create_draft(Title::parse("一部片子")?, now, &OsRandom)?;
    let new = NewFile {
        draft: draft.id,
        name: "片子.mp4".to_owned(),
        must_be_image: false,
    };
    let mut film = Film {
        n_left: (UPLOAD_MIB as usize) << 20,
        state: 1,
    };
    store.add_file(&new, &mut film, now, &OsRandom)?;
    let begun = Instant::now();
    let sync = run(&runtime, &store);
    wait_until_sent(&store)?;
    let seconds = begun.elapsed().as_secs_f64();
    runtime.block_on(sync.stop());
    Ok(f64::from(UPLOAD_MIB) / seconds)
}

fn wait_until_sent(store: &Store) -> Result<()> {
    let begun = Instant::now();
    while store.file_work()?.to_send > 0 {
        ensure!(
            begun.elapsed() < Duration::from_secs(120),
            "the file was not sent"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
