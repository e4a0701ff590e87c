//! Bringing 2,000 notes in and taking everything out again, as `stoa-cli` does it, and comparing two
//! versions of a long text.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use stoa_markdown::difference;
use stoa_tests::terminal::Terminal;

use crate::corpus;
use crate::table::{Table, percentile, times};

const N_NOTES: usize = 2_000;
const NOTE_CHARS: usize = 600;
/// A long article.
const TEXT_CHARS: usize = 10_000;

/// Measures import, export and comparison.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (notes, out) = (folder.path().join("笔记"), folder.path().join("out"));
    let written = per_second(write_notes(&notes)?);
    let baseline = Some(("written as files, each flushed, /s", written));
    let terminal = Terminal::alone(folder.path().join("here"))?;
    // Opening a profile by its passphrase takes long on purpose.
    let idle = timed(|| terminal.run(&["draft", "list"]).map(drop))?;
    let rest = |took: Duration| per_second(took.saturating_sub(idle));

    let path = notes.to_str().context("a path")?;
    let first = timed(|| terminal.run(&["import", path]).map(drop))?;
    table.add(
        "import of 2,000 notes",
        (rest(first), "notes/s"),
        baseline,
        None,
    );
    let again = timed(|| terminal.run(&["import", path]).map(drop))?;
    table.add(
        "  once more, nothing is new",
        (rest(again), "notes/s"),
        baseline,
        None,
    );
    let to = out.to_str().context("a path")?;
    let export = timed(|| terminal.run(&["export", "--folder", to]).map(drop))?;
    table.add(
        "export of everything",
        (rest(export), "notes/s"),
        baseline,
        None,
    );
    compare(table)
}

/// As many notes, each a file on the disk before the next one.
fn write_notes(folder: &Path) -> Result<Duration> {
    fs::create_dir(folder)?;
    let start = Instant::now();
    for n in 0..N_NOTES {
        let text = format!(
            "---\ntags: [社群, 第{}组]\n---\n{}\n\n见 [[笔记 {}]]。\n",
            n % 20,
            corpus::text(n, NOTE_CHARS),
            (n + 1) % N_NOTES
        );
        let mut file = File::create(folder.join(format!("笔记 {n}.md")))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
    }
    Ok(start.elapsed())
}

/// A text and one of which every twentieth sentence is another.
fn compare(table: &mut Table) -> Result<()> {
    let before = corpus::text(1, TEXT_CHARS);
    let mut n = 0;
    let after: String = before
        .split_inclusive(['。', '.'])
        .map(|sentence| {
            n += 1;
            match n % 20 {
                0 => "这一句是后来改写的，说的是另一件事。",
                _ => sentence,
            }
        })
        .collect();
    let compared = times(20, |_| {
        ensure!(difference(&before, &after).len() > 2, "they differ");
        Ok(())
    })?;
    let p95 = percentile(&compared, 95);
    table.add(
        "two versions of 10,000 characters compared, p95",
        (p95, "ms"),
        None,
        None,
    );
    Ok(())
}

fn timed(run: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}

fn per_second(took: Duration) -> f64 {
    N_NOTES as f64 / took.as_secs_f64()
}
