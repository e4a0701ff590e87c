//! One text, written in on two computers without a network, and brought together.

use std::time::Instant;

use anyhow::{Result, ensure};
use loro::{ExportMode, LoroDoc};
use stoa_domain::{DraftId, Splice, Title};
use stoa_store::{OsRandom, Store};
use stoa_sync::Clock as _;
use stoa_tests::backend::{Backend, EMAIL};
use tokio::runtime::Runtime;

use crate::corpus;
use crate::table::{Better, Table, millis, percentile};
use stoa_tests::device::{SystemClock, catch_up, linked};

/// Edits on each side.
const N_EDITS: usize = 5_000;
/// Edits that one autosave takes along.
const N_TOGETHER: usize = 50;
const N_ROUNDS: usize = 5;

/// Measures how long a computer takes to show what was written on both.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let runtime = Runtime::new()?;
    let backend = Backend::start(&folder.path().join("server"))?;
    let url = backend.url();
    let pair = Pair {
        a: linked(&runtime, (&url, EMAIL), &folder.path().join("a"))?,
        b: linked(&runtime, (&url, EMAIL), &folder.path().join("b"))?,
        runtime,
    };
    let open = pair.rounds(true)?;
    let closed = pair.rounds(false)?;
    let merged = merged_alone()?;
    let baseline = Some(("merged alone", merged));
    table.add(
        "5,000 edits of a text meet 5,000 others: merged alone, p50",
        (merged, "ms"),
        None,
        None,
    );
    table.add(
        "5,000 edits of a text meet 5,000 others: fetched and merged, the draft is open, p50",
        (percentile(&open, 50), "ms"),
        baseline,
        Some((Better::Small, 40.0)),
    );
    table.add(
        "  the draft is not open",
        (percentile(&closed, 50), "ms"),
        baseline,
        None,
    );
    Ok(())
}

struct Pair {
    runtime: Runtime,
    a: Store,
    b: Store,
}

impl Pair {
    fn rounds(&self, stay_open: bool) -> Result<Vec<f64>> {
        let mut took = (0..N_ROUNDS)
            .map(|_| self.round(stay_open))
            .collect::<Result<Vec<_>>>()?;
        took.sort_by(f64::total_cmp);
        Ok(took)
    }

    /// Both write, both send; how long the first takes to have what the second sent.
    fn round(&self, stay_open: bool) -> Result<f64> {
        let Self { runtime, a, b } = self;
        let title = Title::parse("两台电脑一起写")?;
        let now = SystemClock.now();
        let draft = a.import_draft(title, &corpus::text(1, 10_000), now, &OsRandom)?;
        catch_up(runtime, a)?;
        catch_up(runtime, b)?;
        let sessions = [(a, "甲", 100), (b, "乙", 6_000)].map(|(store, letter, from)| {
            let session = write(store, draft.id, letter, from)?;
            if !stay_open {
                store.close_text(session)?;
            }
            anyhow::Ok((store, session))
        });
        catch_up(runtime, a)?;
        catch_up(runtime, b)?;
        let fetched = millis(catch_up(runtime, a)?);
        for session in sessions {
            let (store, session) = session?;
            store.close_text(session)?;
        }
        let text = a.markdown(draft.id)?;
        ensure!(text == b.markdown(draft.id)?, "both show the same");
        for letter in ["甲", "乙"] {
            ensure!(
                text.matches(letter).count() == N_EDITS,
                "every edit of {letter} is there"
            );
        }
        Ok(fetched)
    }
}

/// The same with the documents alone: no network, no store, nobody who looks.
fn merged_alone() -> Result<f64> {
    let start = LoroDoc::new();
    start.get_text(TEXT).insert(0, &corpus::text(1, 10_000))?;
    let start = start.export(ExportMode::Snapshot)?;
    let mut took = (0..N_ROUNDS)
        .map(|_| {
            let [mine, theirs] = [("甲", 100), ("乙", 6_000)].map(|(letter, from)| {
                let doc = LoroDoc::from_snapshot(&start)?;
                let text = doc.get_text(TEXT);
                for splice in splices(letter, from) {
                    text.insert(splice.at, &splice.insert)?;
                }
                doc.commit();
                anyhow::Ok(doc)
            });
            let (mine, theirs) = (mine?, theirs?);
            let news = theirs.export(ExportMode::updates(&mine.oplog_vv()))?;
            let began = Instant::now();
            mine.import(&news)?;
            let seen = mine.get_text(TEXT).to_string();
            let took = millis(began.elapsed());
            ensure!(seen.matches('乙').count() == N_EDITS, "it is merged");
            Ok(took)
        })
        .collect::<Result<Vec<_>>>()?;
    took.sort_by(f64::total_cmp);
    Ok(percentile(&took, 50))
}

const TEXT: &str = "text";

/// One character after the other, here and there in the text.
fn splices(letter: &str, from: usize) -> Vec<Splice> {
    (0..N_EDITS)
        .map(|i| Splice {
            at: from + (i * 37) % 3_000,
            delete: 0,
            insert: letter.to_owned(),
        })
        .collect()
}

/// Types them as an editor hands them over.
fn write(store: &Store, draft: DraftId, letter: &str, from: usize) -> Result<u64> {
    let session = store.open_text(draft, &OsRandom)?.session;
    for together in splices(letter, from).chunks(N_TOGETHER) {
        store.edit_text(session, None, together, SystemClock.now(), &OsRandom)?;
    }
    Ok(session)
}
