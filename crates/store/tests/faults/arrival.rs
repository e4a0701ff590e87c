//! A bucket that comes as a snapshot while nothing of it is here.

use stoa_domain::DraftId;
use stoa_protocol::sync::row_checksum_input;
use stoa_store::{Snapshot, SnapshotPart, SnapshotRow, Store, StoreError, TakeRow};

use super::at;
use super::server::BUCKET;

const ROWS: u8 = 60;

fn id(n: u8) -> DraftId {
    DraftId::from_bytes([100 + n; 16])
}

/// Its only part says nothing: the rows follow from their numbers.
fn snapshot() -> (Snapshot, Vec<u8>) {
    let mut x = 0_u64;
    for n in 0..ROWS {
        let hash = blake3::hash(&row_checksum_input("draft", id(n).as_bytes(), 1));
        x = x.wrapping_add(u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap()));
    }
    let part = vec![7; 20_000];
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

fn unpack(_: &[u8], take: &mut TakeRow<'_>) -> Result<(), StoreError> {
    for n in 0..ROWS {
        let columns = serde_json::json!({
            "id": id(n), "title": format!("早先的第{n}篇"), "author": null,
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

pub(crate) fn fetch(store: &Store) -> Result<(), StoreError> {
    let (snapshot, part) = snapshot();
    if !store.begin_snapshot(&snapshot)?.is_empty() {
        assert!(store.put_part(&snapshot, 0, &part)?);
    }
    Ok(())
}

pub(crate) fn apply(store: &Store) -> Result<(), StoreError> {
    // After a start, what had not been flushed may have to come again.
    fetch(store)?;
    let (snapshot, _) = snapshot();
    store.finish_snapshot(&snapshot, &unpack, at(9)).map(drop)
}
