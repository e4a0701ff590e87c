//! A large bucket comes in for the first time: whoever writes meanwhile writes on, and nothing of
//! it is seen before all of it is.

use std::path::Path;
use std::sync::Mutex;

use stoa_domain::DraftId;
use stoa_protocol::sync::row_checksum_input;
use stoa_store::test_support::{Profile, open_with_passphrase, tables_with};
use stoa_store::{PullEnd, Snapshot, SnapshotPart, SnapshotRow, Store, StoreError, TakeRow};

use super::server::{BUCKET, link};
use super::{at, create, titles, write};

/// More rows than are stored in one transaction.
const ROWS: u32 = 4_500;
/// The last row that is stored when so many were read.
const EARLY: u32 = 3_999;
const READ: u32 = 4_400;

fn id(n: u32) -> DraftId {
    let mut bytes = [9; 16];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    DraftId::from_bytes(bytes)
}

fn title(n: u32) -> String {
    format!("早先的第{n}篇")
}

/// A snapshot of drafts in one part, which is the number of its rows.
fn snapshot() -> (Snapshot, Vec<u8>) {
    let mut x = 0_u64;
    for n in 0..ROWS {
        let hash = blake3::hash(&row_checksum_input("draft", id(n).as_bytes(), 1));
        x = x.wrapping_add(u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap()));
    }
    let part = ROWS.to_string().into_bytes();
    let snapshot = Snapshot {
        bucket: BUCKET.to_owned(),
        id: "one".to_owned(),
        seq: 70,
        n: ROWS.into(),
        x: format!("{x:016x}"),
        tables: vec!["draft".to_owned()],
        parts: vec![SnapshotPart {
            size: part.len() as u64,
            rows: ROWS.into(),
            b3: blake3::hash(&part).to_hex().to_string(),
        }],
    };
    (snapshot, part)
}

/// Hands over the rows, and does something when most of them have been read.
fn unpack(
    take: &mut TakeRow<'_>,
    midway: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut midway = Some(midway);
    for n in 0..ROWS {
        if n == READ {
            midway.take().map_or(Ok(()), |midway| midway())?;
        }
        let columns = serde_json::json!({
            "id": id(n), "title": title(n), "author": null,
            "created_at": 1, "edited_at": n, "binned_at": null,
        });
        take(SnapshotRow {
            table: "draft",
            pk: &id(n).to_string(),
            version: 1,
            seq: 60,
            columns: &columns.to_string(),
        })?;
    }
    Ok(())
}

fn begin(store: &Store) -> Snapshot {
    let (snapshot, part) = snapshot();
    store.set_link(&link(1, "e")).unwrap();
    store.begin_snapshot(&snapshot).unwrap();
    assert!(store.put_part(&snapshot, 0, &part).unwrap());
    snapshot
}

/// Waits until rows that nobody sees are stored.
fn until_stored(store: &Store) {
    until_in(store, "draft", &title(EARLY));
}

fn until_in(store: &Store, table: &str, needle: &str) {
    while !tables_with(store, needle).contains(&table.to_owned()) {
        std::thread::yield_now();
    }
}

fn n_drafts(store: &Store) -> u64 {
    store.storage().unwrap().n_drafts
}

#[test]
fn who_writes_while_a_bucket_is_filled_goes_on_and_sees_nothing_of_it() {
    let profile = Profile::new(420);
    let store = profile.open();
    let snapshot = begin(&store);
    let midway = || {
        until_stored(&store);
        assert_eq!(titles(&store), Vec::<String>::new());
        assert_eq!(store.cursor(BUCKET).unwrap(), 0);
        assert!(matches!(
            store.markdown(id(EARLY)),
            Err(StoreError::NotFound)
        ));
        assert!(
            store
                .rename_draft(id(EARLY), super::title("改"), at(2))
                .is_err()
        );
        let own = create(&store, "正在写的", 3, &profile.random);
        write(&store, own, "写了一句。", 4, &profile.random);
        assert_eq!(titles(&store), ["正在写的"]);
        Ok(())
    };
    let unpack = |_: &[u8], take: &mut TakeRow<'_>| unpack(take, midway);
    let changes = store.finish_snapshot(&snapshot, &unpack, at(6)).unwrap();
    assert_eq!((changes.n_rows, changes.checksum_ok), (ROWS as usize, true));
    assert_eq!(n_drafts(&store), u64::from(ROWS) + 1);
    assert_eq!(store.cursor(BUCKET).unwrap(), 70);
    assert_eq!(store.counts().unwrap().n_waiting, 2);
    store
        .rename_draft(id(EARLY), super::title("改"), at(7))
        .unwrap();
}

#[test]
fn a_fill_that_breaks_off_leaves_no_row_behind() {
    let profile = Profile::new(421);
    let store = profile.open();
    let snapshot = begin(&store);
    let broken = |_: &[u8], take: &mut TakeRow<'_>| {
        unpack(take, || {
            until_stored(&store);
            Err(StoreError::Internal("broken".to_owned()))
        })
    };
    assert!(store.finish_snapshot(&snapshot, &broken, at(1)).is_err());
    assert_eq!(tables_with(&store, &title(EARLY)), Vec::<String>::new());
    let whole = |_: &[u8], take: &mut TakeRow<'_>| unpack(take, || Ok(()));
    let other_sum = Snapshot {
        x: "0".repeat(16),
        ..snapshot.clone()
    };
    assert!(store.finish_snapshot(&other_sum, &whole, at(1)).is_err());
    assert_eq!(tables_with(&store, &title(EARLY)), Vec::<String>::new());
    assert!(store.finish_snapshot(&snapshot, &whole, at(2)).is_ok());
    assert_eq!(n_drafts(&store), u64::from(ROWS));
}

/// The profile as a kill leaves it in the midst of a fill.
fn killed_midway(seed: u64) -> tempfile::TempDir {
    let profile = Profile::new(seed);
    let store = profile.open();
    let snapshot = begin(&store);
    let left = Mutex::new(None);
    let killed = |_: &[u8], take: &mut TakeRow<'_>| {
        unpack(take, || {
            // Nothing is written now: the rows that were read are stored, and no more come.
            until_stored(&store);
            *left.lock().unwrap() = Some(copy(profile.dir()));
            Err(StoreError::Internal("killed".to_owned()))
        })
    };
    assert!(store.finish_snapshot(&snapshot, &killed, at(1)).is_err());
    left.into_inner().unwrap().unwrap()
}

fn copy(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            std::fs::write(copy.path().join(entry.file_name()), bytes).unwrap();
        }
    }
    copy
}

#[test]
fn after_a_kill_midway_nothing_is_seen_and_the_fill_begins_anew() {
    let left = killed_midway(422);
    let store = open_with_passphrase(left.path());
    assert!(!tables_with(&store, &title(EARLY)).is_empty());
    assert_eq!(titles(&store), Vec::<String>::new());
    let (snapshot, _) = snapshot();
    assert_eq!(
        store.begin_snapshot(&snapshot).unwrap(),
        Vec::<usize>::new()
    );
    let whole = |_: &[u8], take: &mut TakeRow<'_>| unpack(take, || Ok(()));
    store.finish_snapshot(&snapshot, &whole, at(2)).unwrap();
    assert_eq!(n_drafts(&store), u64::from(ROWS));
}

#[test]
fn what_a_kill_left_goes_before_anything_else_comes() {
    for resets in [false, true] {
        let left = killed_midway(423);
        let store = open_with_passphrase(left.path());
        if resets {
            // The bucket's generation goes on, and does not take the hidden rows along.
            store.reset_bucket(BUCKET).unwrap();
        } else {
            let end = PullEnd {
                upto: 3,
                buckets: vec![BUCKET.to_owned()],
                ..PullEnd::default()
            };
            store.begin_pull().unwrap().finish(&end, at(3)).unwrap();
        }
        assert_eq!(tables_with(&store, &title(EARLY)), Vec::<String>::new());
        assert_eq!(titles(&store), Vec::<String>::new());
    }
}

/// A draft in the bin, as the server has it.
fn pull_binned(store: &Store, id: DraftId) {
    store.set_link(&link(1, "e")).unwrap();
    let mut stage = store.begin_pull().unwrap();
    let columns = serde_json::json!({
        "id": id, "title": "不要的", "author": null,
        "created_at": 1, "edited_at": 2, "binned_at": 2,
    });
    let pk = id.to_string();
    stage.put("draft", &pk, 1, 3, &columns.to_string()).unwrap();
    let end = PullEnd {
        upto: 3,
        buckets: vec![BUCKET.to_owned()],
        ..PullEnd::default()
    };
    stage.finish(&end, at(3)).unwrap();
}

/// An update of a draft's text; the early one is told from the others.
fn take_update(take: &mut TakeRow<'_>, doc: DraftId, n: u32) -> Result<(), StoreError> {
    let bytes = if n == EARLY { "ZWFybHk=" } else { "b3RoZXI=" };
    let columns = serde_json::json!({
        "id": id(n), "doc": doc, "bytes": bytes, "b3": "0".repeat(64),
        "author": null, "made_at": 5,
    });
    take(SnapshotRow {
        table: "doc_update",
        pk: &id(n).to_string(),
        version: 1,
        seq: 60,
        columns: &columns.to_string(),
    })
}

#[test]
fn who_deletes_a_draft_while_its_text_arrives_has_not_seen_the_text() {
    let profile = Profile::new(424);
    let store = profile.open();
    pull_binned(&store, id(0));
    let (drafts, part) = snapshot();
    let texts = Snapshot {
        bucket: "texts".to_owned(),
        tables: vec!["doc_update".to_owned()],
        ..drafts
    };
    store.begin_snapshot(&texts).unwrap();
    assert!(store.put_part(&texts, 0, &part).unwrap());
    let arriving = |_: &[u8], take: &mut TakeRow<'_>| {
        (0..READ).try_for_each(|n| take_update(take, id(0), n))?;
        until_in(&store, "doc_update", "early");
        store.delete_drafts(&[id(0)], at(4)).unwrap();
        Err(StoreError::Internal("enough".to_owned()))
    };
    assert!(store.finish_snapshot(&texts, &arriving, at(5)).is_err());
    let sent = store.take_push(9, 1 << 20, at(6)).unwrap();
    assert_eq!(sent[0].args["seen"]["parts"]["n"], 0);
}
