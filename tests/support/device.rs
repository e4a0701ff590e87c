//! Devices without a program around them: profiles that are linked with a backend, and their
//! syncing, in the process that measures or tests.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::backend::{Backend, PASSWORD};
use anyhow::{Context, Result, ensure};
use stoa_domain::{DraftId, Timestamp, Title};
use stoa_protocol::account::Secret;
use stoa_store::{
    DraftFilter, Link, NewVault, OsRandom, PassphraseCost, Store, VaultKey, create_vault,
};
use stoa_sync::account::{Credentials, Device, ServerChoice, probe, sign_in};
use stoa_sync::{Clock, SyncHandle, SyncOptions, start};
use tokio::runtime::Runtime;

/// How long a device may take to agree with its server.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "what measures or tests is a program of its own"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A new profile of nobody yet, with its key.
pub fn new_store(folder: &Path) -> Result<(Store, VaultKey)> {
    let now = Timestamp::from_millis(1_700_000_000_000);
    let new = NewVault {
        secrets: None,
        passphrase: Some("a passphrase of tests"),
        cost: PassphraseCost::default(),
    };
    let (key, _) = create_vault(folder, &new, now, &OsRandom)?;
    let store = Store::create(folder, &key, now, &OsRandom)?;
    Ok((store, key))
}

/// Signs in as a new device.
pub fn signed_in(runtime: &Runtime, url: &str, email: &str) -> Result<Link> {
    let link = runtime.block_on(async {
        let server = probe(url).await?;
        let choice = ServerChoice {
            url: &server.url,
            trust: server.fingerprint.as_deref(),
        };
        let credentials = Credentials {
            email: email.into(),
            password: Secret(PASSWORD.into()),
        };
        let device = Device::new("a device of tests", SystemClock.now(), &OsRandom);
        sign_in(&choice, &credentials, &device, SystemClock.now()).await
    })?;
    Ok(link)
}

/// A new profile of somebody.
pub fn linked(runtime: &Runtime, (url, email): (&str, &str), folder: &Path) -> Result<Store> {
    std::fs::create_dir_all(folder)?;
    let (store, _) = new_store(folder)?;
    store.set_link(&signed_in(runtime, url, email)?)?;
    Ok(store)
}

pub fn run(runtime: &Runtime, store: &Store) -> SyncHandle {
    let _inside = runtime.enter();
    start(
        store.clone(),
        SyncOptions {
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom),
            transport: None,
        },
    )
}

/// From nothing to "this device and the server agree".
pub fn catch_up(runtime: &Runtime, store: &Store) -> Result<Duration> {
    let begin = Instant::now();
    let handle = run(runtime, store);
    wait_idle(runtime, &handle)?;
    // What waits for a file goes when that is there.
    while store.counts()?.n_waiting > 0 {
        ensure!(begin.elapsed() < PATIENCE, "changes still wait");
        std::thread::sleep(Duration::from_millis(10));
    }
    let took = begin.elapsed();
    runtime.block_on(handle.stop());
    Ok(took)
}

pub fn wait_idle(runtime: &Runtime, handle: &SyncHandle) -> Result<()> {
    let mut states = handle.subscribe();
    let agreed = runtime.block_on(async {
        let wait = states.wait_for(|state| {
            state.phase == stoa_sync::Phase::Idle && state.last_synced_at.is_some()
        });
        tokio::time::timeout(PATIENCE, wait)
            .await
            .map(|state| state.is_ok())
    });
    ensure!(
        agreed.unwrap_or(false),
        "sync did not come to rest: {:?}",
        handle.status()
    );
    Ok(())
}

/// The processor time that a process has had so far, from the system's own account: what does not
/// change when others use the machine too.
pub fn processor_time(id: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name, in brackets, may hold blanks.
    let (_, fields) = stat.rsplit_once(')').context("stat has a name")?;
    let ticks: Vec<u64> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    Ok(Duration::from_millis(
        ticks.iter().sum::<u64>() * MILLIS_A_TICK,
    ))
}

/// Linux counts a hundred ticks a second for every program.
const MILLIS_A_TICK: u64 = 10;

/// What something took: by the clock, and of the processors on the device and on the server.
pub struct Spent {
    pub wall: Duration,
    device: Duration,
    server: Duration,
}

impl Spent {
    /// How many in a second.
    #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
    pub fn rate(&self, n: usize) -> f64 {
        n as f64 / self.wall.as_secs_f64()
    }

    /// Processor time of each on the device and on the server, in microseconds.
    #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
    pub fn each(&self, n: usize) -> (f64, f64) {
        let each = |time: Duration| time.as_secs_f64() * 1e6 / n as f64;
        (each(self.device), each(self.server))
    }
}

/// Catches up, and looks what that takes.
pub fn spend(runtime: &Runtime, store: &Store, backend: &Backend) -> Result<Spent> {
    let server = backend.id().context("the backend runs")?;
    let own = std::process::id();
    let before = (processor_time(own)?, processor_time(server)?);
    let wall = catch_up(runtime, store)?;
    Ok(Spent {
        wall,
        device: processor_time(own)?.saturating_sub(before.0),
        server: processor_time(server)?.saturating_sub(before.1),
    })
}

/// Drafts of these titles, on the server when this returns.
pub fn write_drafts(store: &Store, titles: impl Iterator<Item = String>) -> Result<Vec<DraftId>> {
    let made = titles.map(|title| {
        let title = Title::parse(&title)?;
        let text = "先说结论，再说理由，最后留一个问题。";
        Ok(store
            .import_draft(title, text, SystemClock.now(), &OsRandom)?
            .id)
    });
    let made = made.collect::<Result<_>>()?;
    catch_up(&Runtime::new()?, store)?;
    Ok(made)
}

/// Deletes all drafts for good but the latest, here and on the server.
pub fn delete_all_but(store: &Store, n_left: usize) -> Result<()> {
    let listed = store.list_drafts(&DraftFilter {
        limit: 500,
        ..DraftFilter::default()
    })?;
    let doomed: Vec<_> = listed.drafts.iter().skip(n_left).map(|d| d.id).collect();
    for id in &doomed {
        store.bin_draft(*id, SystemClock.now())?;
    }
    store.delete_drafts(&doomed, SystemClock.now())?;
    catch_up(&Runtime::new()?, store)?;
    Ok(())
}

/// Runs what makes a runtime of its own beside a test that has one.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await?
}
