//! Two devices and a real backend over HTTPS on loopback.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use stoa_domain::{Timestamp, Title};
use stoa_protocol::account::Secret;
use stoa_store::{OsRandom, Store, StoreEvent};
use stoa_sync::account::{Credentials, Device, ServerChoice, probe, sign_in};
use stoa_sync::{Clock, SyncHandle, SyncOptions, start};
use stoa_tests::backend::{Backend, EMAIL, PASSWORD};
use tokio::runtime::Runtime;

use crate::corpus;
use crate::drafts::new_store;
use crate::table::{Better, Table, millis, percentile};

/// Drafts of the large catch-up; each is two rows and two mutations.
const N_LARGE: usize = 5_000;

pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the bench is a program of its own"
    )]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Measures push, catch-up, first sync, and the way from one device to the other.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = Runtime::new()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let a = linked(&runtime, &backend, &folder.path().join("a"))?;
    let b = linked(&runtime, &backend, &folder.path().join("b"))?;
    catch_up(&runtime, &a)?;

    let reconnect: Vec<f64> = (0..5)
        .map(|_| Ok(millis(catch_up(&runtime, &a)?)))
        .collect::<Result<_>>()?;
    let mut reconnect = reconnect;
    reconnect.sort_by(f64::total_cmp);
    let reconnect = percentile(&reconnect, 50);
    let baseline = Some(("reconnect, nothing changed", reconnect));
    table.add(
        "reconnect, nothing changed, with TLS set-up",
        (reconnect, "ms"),
        None,
        Some((Better::Small, 10.0)),
    );

    write_drafts(&a, 1_000)?;
    let push = millis(catch_up(&runtime, &a)?);
    table.add(
        "push 1,000 queued mutations",
        (push, "ms"),
        baseline,
        Some((Better::Small, 1000.0)),
    );
    let pull = millis(catch_up(&runtime, &b)?);
    table.add("catch up 1,000 changes", (pull, "ms"), baseline, None);
    write_drafts(&a, 100)?;
    catch_up(&runtime, &a)?;
    let pull = millis(catch_up(&runtime, &b)?);
    table.add(
        "catch up 100 changes",
        (pull, "ms"),
        baseline,
        Some((Better::Small, 25.0)),
    );

    let rig = Rig {
        runtime,
        backend,
        a,
        b,
    };
    rig.large(table, folder.path())?;
    rig.latency(table)?;
    let memory = resident_mib(rig.backend.id().context("the backend runs")?)?;
    table.add(
        "memory of the server after this",
        (memory, "MiB"),
        None,
        Some((Better::Small, 100.0)),
    );
    Ok(())
}

/// Two devices that know each other through a backend.
struct Rig {
    runtime: Runtime,
    backend: Backend,
    a: Store,
    b: Store,
}

impl Rig {
    fn large(&self, table: &mut Table, folder: &Path) -> Result<()> {
        let Self {
            runtime,
            backend,
            a,
            b,
        } = self;
        let start = Instant::now();
        for i in 0..N_LARGE {
            let title = Title::parse(&corpus::title(i))?;
            a.import_draft(title, &corpus::text(i, 400), SystemClock.now(), &OsRandom)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
        let rate = |seconds: f64| 2.0 * N_LARGE as f64 / seconds;
        let local = rate(start.elapsed().as_secs_f64());
        let push = catch_up(runtime, a)?.as_secs_f64();
        table.add(
            "push intake, mutations",
            (rate(push), "/s"),
            Some(("written one by one locally, /s", local)),
            Some((Better::Large, 5000.0)),
        );
        let pull = millis(catch_up(runtime, b)?);
        table.add(
            "catch up 10,000 changes with texts",
            (pull, "ms"),
            None,
            Some((Better::Small, 1000.0)),
        );
        let c = linked(runtime, backend, &folder.join("c"))?;
        let first = catch_up(runtime, &c)?.as_secs_f64();
        table.add(
            "first sync, rows with texts",
            (rate(first), "/s"),
            Some(("push intake, /s", rate(push))),
            Some((Better::Large, 60_000.0)),
        );
        Ok(())
    }

    fn latency(&self, table: &mut Table) -> Result<()> {
        let Self { runtime, a, b, .. } = self;
        let (sender, seen) = channel();
        b.subscribe(Box::new(move |event| {
            if matches!(event, StoreEvent::Drafts(_)) {
                let _ = sender.send(());
            }
        }));
        let (first, second) = (run(runtime, a), run(runtime, b));
        wait_idle(runtime, &first, a)?;
        wait_idle(runtime, &second, b)?;
        std::thread::sleep(Duration::from_millis(500));
        let mut waits = Vec::new();
        for i in 0..100 {
            while seen.try_recv().is_ok() {}
            waits.push(one_way(a, &seen, i)?);
        }
        waits.sort_by(f64::total_cmp);
        table.add(
            "write on one device → seen on the other, p50",
            (percentile(&waits, 50), "ms"),
            None,
            Some((Better::Small, 30.0)),
        );
        table.add(
            "write on one device → seen on the other, p99",
            (percentile(&waits, 99), "ms"),
            None,
            Some((Better::Small, 150.0)),
        );
        runtime.block_on(first.stop());
        runtime.block_on(second.stop());
        Ok(())
    }
}

fn one_way(a: &Store, seen: &Receiver<()>, i: usize) -> Result<f64> {
    let start = Instant::now();
    a.create_draft(
        Title::parse(&corpus::title(i))?,
        SystemClock.now(),
        &OsRandom,
    )?;
    seen.recv_timeout(Duration::from_secs(10))
        .context("the other device sees the draft")?;
    Ok(millis(start.elapsed()))
}

fn write_drafts(store: &Store, n: usize) -> Result<()> {
    for i in 0..n {
        store.create_draft(
            Title::parse(&corpus::title(i))?,
            SystemClock.now(),
            &OsRandom,
        )?;
    }
    Ok(())
}

pub(crate) fn linked(runtime: &Runtime, backend: &Backend, folder: &Path) -> Result<Store> {
    std::fs::create_dir_all(folder)?;
    let (store, _) = new_store(folder)?;
    let url = backend.url();
    let link = runtime.block_on(async {
        let server = probe(&url).await?;
        let choice = ServerChoice {
            url: &server.url,
            trust: server.fingerprint.as_deref(),
        };
        let credentials = Credentials {
            email: EMAIL.into(),
            password: Secret(PASSWORD.into()),
        };
        let device = Device::new("bench", SystemClock.now(), &OsRandom);
        sign_in(&choice, &credentials, &device, SystemClock.now()).await
    })?;
    store.set_link(&link)?;
    Ok(store)
}

pub(crate) fn run(runtime: &Runtime, store: &Store) -> SyncHandle {
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
pub(crate) fn catch_up(runtime: &Runtime, store: &Store) -> Result<Duration> {
    let begin = Instant::now();
    let handle = run(runtime, store);
    wait_idle(runtime, &handle, store)?;
    let took = begin.elapsed();
    runtime.block_on(handle.stop());
    Ok(took)
}

fn wait_idle(runtime: &Runtime, handle: &SyncHandle, store: &Store) -> Result<()> {
    let mut states = handle.subscribe();
    let agreed = runtime.block_on(async {
        let wait = states.wait_for(|state| {
            state.phase == stoa_sync::Phase::Idle && state.last_synced_at.is_some()
        });
        tokio::time::timeout(Duration::from_secs(120), wait)
            .await
            .map(|state| state.is_ok())
    });
    ensure!(
        agreed.unwrap_or(false),
        "sync did not come to rest: {:?}",
        handle.status()
    );
    ensure!(store.counts()?.n_waiting == 0, "changes still wait");
    Ok(())
}

/// The memory that a process holds, in MiB, from the system's own account.
pub(crate) fn resident_mib(id: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .context("VmRSS is there")?;
    let kib: f64 = line
        .split_whitespace()
        .nth(1)
        .context("VmRSS has a number")?
        .parse()?;
    Ok(kib / 1024.0)
}
