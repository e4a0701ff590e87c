//! A bucket taken as a snapshot: whole or not at all, in any order, across a restart.

use stoa_domain::DraftId;
use stoa_protocol::sync::row_checksum_input;
use stoa_store::test_support::Profile;
use stoa_store::{PullEnd, Snapshot, SnapshotPart, SnapshotRow, Store, StoreError, TakeRow};

use super::server::{BUCKET, Server, link, push_all};
use super::{at, create, list, titles, write};

const ROWS: usize = 40;

fn draft(n: u8, title: &str) -> (String, serde_json::Value) {
    let id = DraftId::from_bytes([n; 16]);
    let columns = serde_json::json!({
        "id": id, "title": title, "author": null,
        "created_at": 1, "edited_at": n, "binned_at": null,
    });
    (id.to_string(), columns)
}

/// A snapshot of drafts; a part is lines of `pk|json`.
fn snapshot() -> (Snapshot, Vec<Vec<u8>>) {
    let (mut x, mut parts) = (0_u64, Vec::new());
    for part in 0..4 {
        let mut lines = String::new();
        for row in 1..=10 {
            let n = part * 10 + row;
            let input = row_checksum_input("draft", &[n; 16], 1);
            let hash = blake3::hash(&input);
            x = x.wrapping_add(u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap()));
            let (pk, columns) = draft(n, &format!("第{n}篇"));
            lines.push_str(&format!("{pk}|{columns}\n"));
        }
        parts.push(lines.into_bytes());
    }
    let described = parts.iter().map(|bytes| SnapshotPart {
        size: bytes.len() as u64,
        rows: 10,
        b3: blake3::hash(bytes).to_hex().to_string(),
    });
    let snapshot = Snapshot {
        bucket: BUCKET.to_owned(),
        id: "one".to_owned(),
        seq: 70,
        n: ROWS as i64,
        x: format!("{x:016x}"),
        tables: vec!["draft".to_owned()],
        parts: described.collect(),
    };
    (snapshot, parts)
}

fn unpack(part: &[u8], take: &mut TakeRow<'_>) -> Result<(), StoreError> {
    for line in std::str::from_utf8(part).unwrap().lines() {
        let (pk, columns) = line.split_once('|').unwrap();
        take(SnapshotRow {
            table: "draft",
            pk,
            version: 1,
            seq: 60,
            columns,
        })?;
    }
    Ok(())
}

fn put(store: &Store, (snapshot, parts): &(Snapshot, Vec<Vec<u8>>), which: &[usize]) {
    for part in which {
        assert!(store.put_part(snapshot, *part, &parts[*part]).unwrap());
    }
}

#[test]
fn parts_come_in_any_order_and_survive_a_restart() {
    let profile = Profile::new(400);
    let whole = snapshot();
    {
        let store = profile.open();
        store.set_link(&link(1, "e")).unwrap();
        assert_eq!(store.begin_snapshot(&whole.0).unwrap(), [0, 1, 2, 3]);
        put(&store, &whole, &[2, 0]);
        assert_eq!(titles(&store), Vec::<String>::new());
    }
    let store = profile.open();
    let begun = store.begun_snapshot(BUCKET).unwrap();
    assert_eq!(begun.as_deref(), Some("one"));
    assert_eq!(store.begin_snapshot(&whole.0).unwrap(), [1, 3]);
    put(&store, &whole, &[3, 1]);
    let own = create(&store, "自己的", 5, &profile.random);
    let changes = store.finish_snapshot(&whole.0, &unpack, at(6)).unwrap();
    assert_eq!((changes.n_rows, changes.checksum_ok), (ROWS, true));
    assert_eq!(store.cursor(BUCKET).unwrap(), 70);
    assert_eq!(list(&store).len(), ROWS + 1);
    assert!(list(&store).iter().any(|draft| draft.id == own));
    assert_eq!(store.begun_snapshot(BUCKET).unwrap(), None);
}

#[test]
fn a_part_that_is_cut_or_changed_is_not_kept() {
    let profile = Profile::new(401);
    let store = profile.open();
    let whole = snapshot();
    let (described, parts) = &whole;
    store.begin_snapshot(described).unwrap();
    let mut changed = parts[0].clone();
    changed[5] ^= 1;
    for wrong in [&parts[0][..parts[0].len() - 1], &changed, &parts[1]] {
        assert!(!store.put_part(described, 0, wrong).unwrap());
    }
    assert!(!store.put_part(described, 9, &parts[0]).unwrap());
    assert_eq!(store.begin_snapshot(described).unwrap(), [0, 1, 2, 3]);
    // Another snapshot of the bucket begins from nothing.
    put(&store, &whole, &[0]);
    let other = Snapshot {
        id: "two".to_owned(),
        ..described.clone()
    };
    assert_eq!(store.begin_snapshot(&other).unwrap(), [0, 1, 2, 3]);
}

#[test]
fn a_snapshot_that_is_not_what_it_says_leaves_the_store_as_it_was() {
    let profile = Profile::new(402);
    let store = profile.open();
    let whole = snapshot();
    let described = &whole.0;
    store.begin_snapshot(described).unwrap();
    put(&store, &whole, &[0, 1, 2]);
    // A part is missing.
    assert!(store.finish_snapshot(described, &unpack, at(1)).is_err());
    put(&store, &whole, &[3]);
    let earlier = Snapshot {
        seq: 59,
        ..described.clone()
    };
    assert!(store.finish_snapshot(&earlier, &unpack, at(1)).is_err());
    let breaks = |part: &[u8], take: &mut TakeRow<'_>| {
        unpack(part, take)?;
        Err(StoreError::Internal("broken".to_owned()))
    };
    assert!(store.finish_snapshot(described, &breaks, at(1)).is_err());
    let shown = (store.cursor(BUCKET).unwrap(), titles(&store).len());
    assert_eq!(shown, (0, 0));
    assert!(store.finish_snapshot(described, &unpack, at(1)).is_ok());
}

#[test]
fn a_bucket_fetched_anew_as_a_snapshot_loses_only_what_did_not_come() {
    let profile = Profile::new(403);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let whole = snapshot();
    let mut stage = store.begin_pull().unwrap();
    for (n, title) in [(1, "旧题"), (200, "没有再来")] {
        let (pk, columns) = draft(n, title);
        stage.put("draft", &pk, 1, 3, &columns.to_string()).unwrap();
    }
    let end = PullEnd {
        upto: 3,
        buckets: vec![BUCKET.to_owned()],
        ..PullEnd::default()
    };
    stage.finish(&end, at(1)).unwrap();
    store.reset_bucket(BUCKET).unwrap();
    assert_eq!(
        titles(&store).len(),
        2,
        "nothing goes before the new has come"
    );
    store.begin_snapshot(&whole.0).unwrap();
    put(&store, &whole, &[0, 1, 2, 3]);
    store.finish_snapshot(&whole.0, &unpack, at(2)).unwrap();
    let titles = titles(&store);
    assert_eq!(titles.len(), ROWS);
    for gone in ["没有再来", "旧题"] {
        assert!(!titles.iter().any(|title| title == gone));
    }
}

#[test]
fn many_texts_are_merged_later_and_read_rightly_before() {
    let (one, two) = (Profile::new(404), Profile::new(405));
    let (first, second) = (one.open(), two.open());
    let mut server = Server::default();
    first.set_link(&link(1, "e")).unwrap();
    second.set_link(&link(2, "e")).unwrap();
    let written = (0..60).map(|n| {
        let id = create(&first, &format!("{n}"), n, &one.random);
        write(&first, id, &format!("正文{n}"), n, &one.random);
        id
    });
    let ids: Vec<_> = written.collect();
    push_all(&mut server, 1, &first, at(100));
    server.pull(1, &first, 1_000, at(101));
    server.pull(2, &second, 1_000, at(101));
    assert!(second.has_waiting_texts().unwrap());
    assert_eq!(second.markdown(ids[7]).unwrap(), "正文7");
    let opened = second.open_text(ids[8], &two.random).unwrap();
    assert_eq!(opened.markdown, "正文8");
    while second.tidy().unwrap() {}
    assert!(!second.has_waiting_texts().unwrap());
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(second.markdown(*id).unwrap(), format!("正文{n}"));
    }
    assert_eq!(list(&second), list(&first));
}

#[test]
fn after_every_snapshot_the_server_is_asked_about_files_once() {
    let profile = Profile::new(406);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let whole = snapshot();
    let take = || {
        store.begin_snapshot(&whole.0).unwrap();
        put(&store, &whole, &[0, 1, 2, 3]);
        store.finish_snapshot(&whole.0, &unpack, at(6)).unwrap();
    };
    assert_eq!(store.files_audit_due().unwrap(), None, "nothing is there");
    take();
    let first = store.files_audit_due().unwrap().unwrap();
    store.files_were_audited(&first).unwrap();
    assert_eq!(store.files_audit_due().unwrap(), None);
    store.reset_bucket(BUCKET).unwrap();
    assert_eq!(
        store.files_audit_due().unwrap(),
        None,
        "not before it is whole"
    );
    take();
    let second = store.files_audit_due().unwrap();
    assert!(second.is_some_and(|second| second != first));
}
