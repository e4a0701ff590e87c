//! The first sync of a large community: how fast it comes, what travels, and how long somebody who
//! writes meanwhile waits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use stoa_domain::{Splice, Title};
use stoa_protocol::account::Secret;
use stoa_store::{OsRandom, Store};
use stoa_sync::Clock as _;
use stoa_sync::http::HttpTransport;
use stoa_sync::tls::Trust;
use stoa_sync::transport::{Caller, Transport};
use stoa_tests::backend::{Backend, DEMO_EMAIL};
use tokio::runtime::Runtime;

use crate::table::{Better, Table, millis, percentile};
use stoa_tests::device::{Spent, SystemClock, linked, run, spend, wait_idle};

/// Drafts, and as many texts: two buckets of this many rows.
const N_DRAFTS: usize = 100_000;
/// With as many texts and the members, 1.1 million rows.
const N_DRAFTS_OF_MILLION: usize = 550_000;
const N_MEMBERS: usize = 1_000;
/// Saves that are compared with those during a sync.
const N_QUIET: usize = 50;

pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = Runtime::new()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    backend.seed_demo(N_MEMBERS, N_DRAFTS)?;
    let new_device = |name: &str| {
        let store = linked(
            &runtime,
            (&backend.url(), DEMO_EMAIL),
            &folder.path().join(name),
        );
        store.context("a new device")
    };
    let n_rows = N_DRAFTS * 2 + N_MEMBERS + 1;
    let first = first_sync(&new_device("a")?, &runtime, &backend, N_DRAFTS)?;
    table.add(
        format!("first sync of {n_rows} rows with texts, snapshots made"),
        (first.rate(n_rows), "rows/s"),
        None,
        None,
    );
    table.add_processor_time("row", first.each(n_rows));
    let second = first_sync(&new_device("b")?, &runtime, &backend, N_DRAFTS)?;
    table.add(
        format!("first sync of {n_rows} rows with texts"),
        (second.rate(n_rows), "rows/s"),
        Some(("while snapshots are made, /s", first.rate(n_rows))),
        Some((Better::Large, 60_000.0)),
    );
    table.add_processor_time("row", second.each(n_rows));
    waits(table, &new_device("c")?, &runtime)?;
    sizes(table, &new_device("d")?, &runtime)
}

/// The same of more than a million rows. Making them takes minutes, so it is measured only when it
/// is asked for.
pub(crate) fn measure_million(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = Runtime::new()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    backend.seed_demo(N_MEMBERS, N_DRAFTS_OF_MILLION)?;
    let new_device = |name: &str| {
        let who = (backend.url(), DEMO_EMAIL);
        linked(&runtime, (&who.0, who.1), &folder.path().join(name))
    };
    let n = N_DRAFTS_OF_MILLION;
    // The first has the snapshots made.
    first_sync(&new_device("a")?, &runtime, &backend, n)?;
    let second = first_sync(&new_device("b")?, &runtime, &backend, n)?;
    let n_rows = n * 2 + N_MEMBERS + 1;
    table.add(
        format!("first sync of {n_rows} rows with texts"),
        (second.wall.as_secs_f64(), "s"),
        None,
        Some((Better::Small, 20.0)),
    );
    table.add_processor_time("row", second.each(n_rows));
    Ok(())
}

fn first_sync(
    store: &Store,
    runtime: &Runtime,
    backend: &Backend,
    n_drafts: usize,
) -> Result<Spent> {
    let spent = spend(runtime, store, backend)?;
    let come = store.storage()?.n_drafts;
    ensure!(come == n_drafts as u64, "{come} drafts have come");
    Ok(spent)
}

/// Saves while the first sync goes on.
fn waits(table: &mut Table, store: &Store, runtime: &Runtime) -> Result<()> {
    let writer = Writer::begin(store)?;
    let mut quiet: Vec<f64> = (0..N_QUIET).map(|_| writer.save()).collect::<Result<_>>()?;
    quiet.sort_by(f64::total_cmp);
    let is_over = AtomicBool::new(false);
    let mut saves = std::thread::scope(|scope| {
        let saving = scope.spawn(|| {
            let mut saves = Vec::new();
            while !is_over.load(Ordering::SeqCst) {
                saves.push(writer.save()?);
                std::thread::sleep(Duration::from_millis(5));
            }
            anyhow::Ok(saves)
        });
        let sync = run(runtime, store);
        // What was saved last may still be on its way.
        let synced = wait_idle(runtime, &sync);
        runtime.block_on(sync.stop());
        is_over.store(true, Ordering::SeqCst);
        let saves = saving.join().ok().context("somebody writes")??;
        synced.map(|_| saves)
    })?;
    saves.sort_by(f64::total_cmp);
    let baseline = Some(("p99 of a save otherwise", percentile(&quiet, 99)));
    table.add(
        "save during that, p99",
        (percentile(&saves, 99), "ms"),
        baseline,
        None,
    );
    table.add(
        "save during that, the longest",
        (percentile(&saves, 100), "ms"),
        baseline,
        Some((Better::Small, 1000.0)),
    );
    Ok(())
}

/// Somebody with a draft open.
struct Writer<'a> {
    store: &'a Store,
    session: u64,
}

impl<'a> Writer<'a> {
    fn begin(store: &'a Store) -> Result<Self> {
        let title = Title::parse("正在写的")?;
        let draft = store.create_draft(title, SystemClock.now(), &OsRandom)?;
        let session = store.open_text(draft.id, &OsRandom)?.session;
        Ok(Self { store, session })
    }

    fn save(&self) -> Result<f64> {
        let splice = Splice {
            at: 0,
            delete: 0,
            insert: "字".to_owned(),
        };
        let start = Instant::now();
        let (now, random) = (SystemClock.now(), &OsRandom);
        self.store
            .edit_text(self.session, None, &[splice], now, random)?;
        Ok(millis(start.elapsed()))
    }
}

/// Bytes of a row in the parts of a snapshot, as they travel.
fn sizes(table: &mut Table, store: &Store, runtime: &Runtime) -> Result<()> {
    let link = store.link()?.context("the profile is linked")?;
    let trust = link.ca_pem.as_deref().map_or(Trust::System, Trust::Only);
    let transport = HttpTransport::new(&link.server_url, trust)?;
    let tokens = link.tokens.context("somebody is signed in")?;
    let caller = Caller {
        access: Secret(tokens.access.to_string()),
        device: link.device,
        community: link.community,
    };
    for (bucket, target) in [("content", Some((Better::Small, 62.0))), ("texts", None)] {
        let manifest = runtime.block_on(transport.snapshot(&caller, bucket, None))?;
        let n_bytes: u64 = manifest.parts.iter().map(|part| part.size).sum();
        #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
        let each = n_bytes as f64 / manifest.n as f64;
        table.add(
            format!("bytes of a row in the first sync of `{bucket}`"),
            (each, "B"),
            None,
            target,
        );
    }
    Ok(())
}
