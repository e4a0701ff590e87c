//! One large file: taken in, sent over HTTPS on loopback, fetched by another device. Each way ends
//! on the disk.

use std::fs::File;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use stoa_domain::{BlobHash, PART_BYTES, Title};
use stoa_store::{NewFile, OsRandom, Random, Store, StoreEvent, Where};
use stoa_sync::Clock;
use stoa_tests::backend::{Backend, EMAIL};
use tokio::runtime::Runtime;

use crate::table::{Better, Table};
use stoa_tests::device::{SystemClock, catch_up, linked, run};

const SIZE: usize = 256 * 1024 * 1024;
const MIB: f64 = 1024.0 * 1024.0;

/// Measures the way of a file of 256 MiB.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = Runtime::new()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let url = backend.url();
    let a = linked(&runtime, (&url, EMAIL), &folder.path().join("a"))?;
    let b = linked(&runtime, (&url, EMAIL), &folder.path().join("b"))?;
    catch_up(&runtime, &a)?;
    let mut bytes = vec![0; SIZE];
    OsRandom.fill(&mut bytes);
    let plain = write_parts(folder.path(), &bytes)?;
    let baseline = Some(("written and flushed part by part, MiB/s", plain));

    let now = SystemClock.now();
    let draft = a
        .create_draft(Title::parse("一个大文件")?, now, &OsRandom)?
        .id;
    let new = NewFile {
        draft,
        name: "讲座录像.mp4".to_owned(),
        must_be_image: false,
    };
    let start = Instant::now();
    let b3 = a
        .add_file(&new, &mut Cursor::new(&bytes), now, &OsRandom)?
        .b3;
    let target = Some((Better::Large, 200.0));
    table.add(
        "take in a file of 256 MiB: hashed, encrypted",
        (rate(start), "MiB/s"),
        baseline,
        target,
    );
    let files = heard(&a);
    let start = Instant::now();
    let sync = run(&runtime, &a);
    until(&a, &files, |a| Ok(a.file(b3)?.is_on_server))?;
    table.add(
        "send it: decrypted, HTTPS, hashed, on the server's disk",
        (rate(start), "MiB/s"),
        baseline,
        target,
    );
    runtime.block_on(sync.stop());
    catch_up(&runtime, &a)?;
    catch_up(&runtime, &b)?;
    fetch(&runtime, &b, b3, |rate| {
        let what = "fetch it: HTTPS, hashed, encrypted, on the disk";
        table.add(what, (rate, "MiB/s"), baseline, target);
    })
}

fn fetch(runtime: &Runtime, b: &Store, b3: BlobHash, told: impl FnOnce(f64)) -> Result<()> {
    let files = heard(b);
    b.want_file(b3, SystemClock.now())?;
    let start = Instant::now();
    let sync = run(runtime, b);
    until(b, &files, |b| Ok(b.file(b3)?.here == Where::Whole))?;
    told(rate(start));
    runtime.block_on(sync.stop());
    Ok(())
}

/// What the disk gives to a program that only writes: MiB/s.
fn write_parts(folder: &Path, bytes: &[u8]) -> Result<f64> {
    let start = Instant::now();
    let part = usize::try_from(PART_BYTES)?;
    for (n, part) in bytes.chunks(part).enumerate() {
        let mut file = File::create(folder.join(format!("baseline-{n}")))?;
        file.write_all(part)?;
        file.sync_all()?;
    }
    Ok(rate(start))
}

fn rate(start: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred megabytes")]
    let size = SIZE as f64;
    size / MIB / start.elapsed().as_secs_f64()
}

/// A word for every change of the files.
fn heard(store: &Store) -> Receiver<()> {
    let (sender, files) = channel();
    store.subscribe(Box::new(move |event| {
        if matches!(event, StoreEvent::Files) {
            // Nobody waits any more when the measuring is over.
            let _ = sender.send(());
        }
    }));
    files
}

fn until(
    store: &Store,
    files: &Receiver<()>,
    holds: impl Fn(&Store) -> Result<bool>,
) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !holds(store)? {
        let left = deadline.saturating_duration_since(Instant::now());
        ensure!(!left.is_zero(), "the file did not arrive");
        files.recv_timeout(left).context("the file arrives")?;
    }
    Ok(())
}
