//! Two devices and a real backend over HTTPS on loopback.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use stoa_domain::Title;
use stoa_store::{DraftFilter, OsRandom, Store, StoreEvent};
use stoa_sync::Clock as _;
use stoa_tests::backend::{Backend, EMAIL};
use stoa_tests::relay::{Relay, Travelled};
use tokio::runtime::Runtime;

use crate::corpus;
use crate::table::{Better, Table, millis, percentile};
use stoa_tests::device::{SystemClock, catch_up, linked, run, spend, wait_idle};

/// Drafts of the large catch-up; each is two rows and two mutations.
const N_LARGE: usize = 5_000;
/// Small changes that travel together.
const N_SMALL: u32 = 100;

/// Measures push, catch-up, first sync, and the way from one device to the other.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = Runtime::new()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let url = backend.url();
    let a = linked(&runtime, (&url, EMAIL), &folder.path().join("a"))?;
    let b = linked(&runtime, (&url, EMAIL), &folder.path().join("b"))?;
    catch_up(&runtime, &a)?;
    add_memory(table, &backend, "memory of the server at rest")?;

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
    rig.wire(table, folder.path())?;
    rig.latency(table)?;
    add_memory(table, &rig.backend, "memory of the server after this")
}

fn add_memory(table: &mut Table, backend: &Backend, what: &str) -> Result<()> {
    let memory = resident_mib(backend.id().context("the backend runs")?)?;
    let most = Some((Better::Small, 100.0));
    table.add(what, (memory, "MiB"), None, most);
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
        let n_mutations = 2 * N_LARGE;
        #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
        let local = n_mutations as f64 / start.elapsed().as_secs_f64();
        let push = spend(runtime, a, backend)?;
        table.add(
            "push intake with all a device does, mutations",
            (push.rate(n_mutations), "/s"),
            Some(("written one by one locally, /s", local)),
            // The figure to reach is the server's, measured by itself in `intake`.
            None,
        );
        table.add_processor_time("mutation", push.each(n_mutations));
        let pull = millis(catch_up(runtime, b)?);
        table.add(
            "catch up 10,000 changes with texts",
            (pull, "ms"),
            None,
            Some((Better::Small, 1000.0)),
        );
        let c = linked(runtime, (&backend.url(), EMAIL), &folder.join("c"))?;
        let first = spend(runtime, &c, backend)?;
        // Every draft, the texts, the owner.
        let n_rows = usize::try_from(c.storage()?.n_drafts)? + N_LARGE + 1;
        table.add(
            format!("first sync of {n_rows} rows with texts"),
            (first.rate(n_rows), "rows/s"),
            Some(("push intake, /s", push.rate(n_mutations))),
            // The figure to reach is that of a large community, in `first-sync`.
            None,
        );
        table.add_processor_time("row", first.each(n_rows));
        Ok(())
    }

    /// What a small change takes on the wire, over what connecting takes anyway.
    fn wire(&self, table: &mut Table, folder: &Path) -> Result<()> {
        let Self {
            runtime, backend, ..
        } = self;
        let relay = runtime.block_on(Relay::before(backend.port()))?;
        let device = |name: &str| {
            let store = linked(runtime, (&relay.url(), EMAIL), &folder.join(name))?;
            catch_up(runtime, &store)?;
            anyhow::Ok(store)
        };
        let travels = |store: &Store| {
            let before = relay.travelled();
            catch_up(runtime, store)?;
            let after = relay.travelled();
            anyhow::Ok(Travelled {
                up: after.up - before.up,
                down: after.down - before.down,
            })
        };
        let (writer, reader) = (device("writer")?, device("reader")?);
        let (idle_writer, idle_reader) = (travels(&writer)?, travels(&reader)?);
        let all = DraftFilter {
            limit: N_SMALL,
            ..DraftFilter::default()
        };
        for (n, draft) in writer.list_drafts(&all)?.drafts.iter().enumerate() {
            writer.rename_draft(
                draft.id,
                Title::parse(&corpus::title(n + 7))?,
                SystemClock.now(),
            )?;
        }
        let (sent, come) = (travels(&writer)?, travels(&reader)?);
        #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
        let each =
            |with: u64, without: u64| (with.saturating_sub(without)) as f64 / f64::from(N_SMALL);
        table.add(
            "bytes up of a new title, in a batch of 100",
            (each(sent.up, idle_writer.up), "B"),
            None,
            Some((Better::Small, 250.0)),
        );
        table.add(
            "bytes down of a new title, in a batch of 100",
            (each(come.down, idle_reader.down), "B"),
            None,
            Some((Better::Small, 200.0)),
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
        wait_idle(runtime, &first)?;
        wait_idle(runtime, &second)?;
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
