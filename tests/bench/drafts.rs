//! The local store: saving, listing, searching, opening.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use stoa_domain::{
    DraftId, Kind, ListFilter, ListSort, SearchQuery, Splice, Tag, Timestamp, Title,
};
use stoa_mutators::ChangeSynonyms;
use stoa_store::{BulkChange, DraftFilter, MOST_CHANGED, Opened, OsRandom, Store, Which};

use stoa_tests::device::new_store;

use crate::corpus;
use crate::table::{Better, Table, percentile, times};

const MEMORY: &str = "in-memory substring scan";

/// Measures at 5,000 and 20,000 drafts.
pub(crate) fn measure(table: &mut Table) -> Result<()> {
    for n_drafts in [5_000, 20_000] {
        let folder = tempfile::tempdir()?;
        let (store, key) = new_store(folder.path())?;
        let ids = fill(&store, n_drafts)?;
        let texts: Vec<String> = (0..n_drafts).map(|i| corpus::text(i, 400)).collect();
        list_and_search(table, &store, &texts)?;
        narrow(table, &store, &ids)?;
        if n_drafts == 20_000 {
            save(table, &store, ids[0], folder.path())?;
            drop(store);
            open(table, folder.path(), &key)?;
        }
    }
    Ok(())
}

pub(crate) fn fill(store: &Store, n_drafts: usize) -> Result<Vec<DraftId>> {
    (0..n_drafts)
        .map(|i| {
            let now = Timestamp::from_millis(1_700_000_000_000 + i64::try_from(i)? * 60_000);
            let title = Title::parse(&corpus::title(i))?;
            Ok(store
                .import_draft(title, &corpus::text(i, 400), now, &OsRandom)?
                .id)
        })
        .collect()
}

fn list_and_search(table: &mut Table, store: &Store, texts: &[String]) -> Result<()> {
    let n = texts.len();
    let first = DraftFilter {
        limit: 50,
        ..DraftFilter::default()
    };
    store.list_drafts(&first)?;
    let list = times(50, |_| Ok(store.list_drafts(&first).map(|_| ())?))?;
    let scan = times(5, |_| {
        let hits = texts.iter().filter(|text| text.contains("社群")).count();
        std::hint::black_box(hits);
        Ok(())
    })?;
    let scan = percentile(&scan, 50);
    let target = Some((Better::Small, 20.0));
    table.add(
        format!("list, first page of {n} drafts, p95"),
        (percentile(&list, 95), "ms"),
        Some((MEMORY, scan)),
        target,
    );
    for word in ["社群", "会员制社群", "refund", "群"] {
        let query = SearchQuery::parse(word).context("the word can be searched")?;
        let filter = DraftFilter {
            query: Some(query),
            limit: 50,
            ..DraftFilter::default()
        };
        let search = times(30, |_| Ok(store.list_drafts(&filter).map(|_| ())?))?;
        table.add(
            format!("search `{word}` in {n} drafts, p95"),
            (percentile(&search, 95), "ms"),
            Some((MEMORY, scan)),
            target,
        );
    }
    Ok(())
}

/// A list that is narrowed to a quarter, with and without words, and all of it changed at once.
fn narrow(table: &mut Table, store: &Store, ids: &[DraftId]) -> Result<()> {
    let n = ids.len();
    let now = Timestamp::from_millis(1_800_000_000_000);
    let filter = ListFilter {
        kinds: [Kind::Article].into(),
        tags: [tag_a_quarter(store, ids, now)?].into(),
        ..ListFilter::default()
    };
    let target = Some((Better::Small, 20.0));
    for (name, word, sort) in [
        ("narrowed list", None, ListSort::NewestEdited),
        ("narrowed list by title", None, ListSort::Title),
        (
            "narrowed search `社群`",
            Some("社群"),
            ListSort::NewestEdited,
        ),
    ] {
        let list = DraftFilter {
            query: word.and_then(SearchQuery::parse),
            filter: filter.clone(),
            sort,
            limit: 50,
            ..DraftFilter::default()
        };
        store.list_drafts(&list)?;
        let took = times(30, |_| Ok(store.list_drafts(&list).map(|_| ())?))?;
        table.add(
            format!("{name} of {n} drafts, p95"),
            (percentile(&took, 95), "ms"),
            None,
            target,
        );
    }
    let some = &ids[..n.min(MOST_CHANGED)];
    let which = Which::These(some.to_vec());
    let changed = times(1, |_| {
        Ok(store
            .change_drafts(&which, &BulkChange::Archive, now)
            .map(|_| ())?)
    })?;
    let undone = times(1, |_| Ok(store.undo(now).map(|_| ())?))?;
    for (name, took) in [("change", changed), ("undo a change of", undone)] {
        table.add(
            format!("{name} {} of {n} drafts at once", some.len()),
            (percentile(&took, 50), "ms"),
            None,
            Some((Better::Small, 2_000.0)),
        );
    }
    Ok(())
}

/// Gives each fourth draft a tag; another word for it.
fn tag_a_quarter(store: &Store, ids: &[DraftId], now: Timestamp) -> Result<Tag> {
    let tag = Tag::parse("定价")?;
    let quarter: Vec<DraftId> = ids.iter().copied().step_by(4).collect();
    for some in quarter.chunks(MOST_CHANGED) {
        let change = BulkChange::AddTag(tag.clone());
        store.change_drafts(&Which::These(some.to_vec()), &change, now)?;
    }
    let word = Tag::parse("价格")?;
    let synonym = ChangeSynonyms {
        tag,
        add: vec![word.clone()],
        remove: Vec::new(),
    };
    store.change_synonyms(synonym, now)?;
    Ok(word)
}

fn save(table: &mut Table, store: &Store, id: DraftId, folder: &Path) -> Result<()> {
    let mut file = File::create(folder.join("baseline"))?;
    let fsync = times(100, |_| {
        file.write_all(&[7; 4096])?;
        Ok(file.sync_all()?)
    })?;
    let baseline = Some(("4 KiB write + fsync", percentile(&fsync, 50)));
    let opened = store.open_text(id, &OsRandom)?;
    let now = Timestamp::from_millis(1_800_000_000_000);
    let body = Splice {
        at: 0,
        delete: 0,
        insert: corpus::text(1, 10_000),
    };
    store.edit_text(opened.session, None, &[body], now, &OsRandom)?;
    let saves = times(200, |i| {
        let splice = Splice {
            at: 40 + i,
            delete: 0,
            insert: "字".to_owned(),
        };
        let saved = store.edit_text(opened.session, None, &[splice], now, &OsRandom);
        Ok(saved.map(|_| ())?)
    })?;
    table.add(
        "save in a 10,000-character draft, p50",
        (percentile(&saves, 50), "ms"),
        baseline,
        None,
    );
    table.add(
        "save in a 10,000-character draft, p99",
        (percentile(&saves, 99), "ms"),
        baseline,
        Some((Better::Small, 10.0)),
    );
    store.close_text(opened.session)?;
    let big = Splice {
        at: 0,
        delete: 0,
        insert: corpus::text(2, 200_000),
    };
    let opened = store.open_text(id, &OsRandom)?;
    store.edit_text(opened.session, None, &[big], now, &OsRandom)?;
    store.close_text(opened.session)?;
    let opens = times(10, |_| {
        let opened = store.open_text(id, &OsRandom)?;
        Ok(store.close_text(opened.session)?)
    })?;
    table.add(
        "open and close a 210,000-character draft, p95",
        (percentile(&opens, 95), "ms"),
        None,
        Some((Better::Small, 300.0)),
    );
    Ok(())
}

fn open(table: &mut Table, folder: &Path, key: &stoa_store::VaultKey) -> Result<()> {
    let now = Timestamp::from_millis(1_800_000_000_000);
    let opens = times(5, |_| match Store::open(folder, key, now)? {
        Opened::ReadWrite(_) => Ok(()),
        Opened::ReadOnly(_) => bail!("the store opened read-only"),
    })?;
    table.add(
        "open a store of 20,000 drafts, all still to be sent, p50",
        (percentile(&opens, 50), "ms"),
        None,
        Some((Better::Small, 1000.0)),
    );
    Ok(())
}
