//! A first sync by snapshots against a real server: the same as row by row, and nothing at all
//! when it is cut off or spoiled.

use stoa_domain::Role;
use stoa_server::Snapshots;
use stoa_sync::{Phase, SyncState};

use crate::place::{Computer, Place, until_state};
use crate::unreliable::{Call, Mishap, Unreliable};

const N: usize = 60;

fn is_idle(state: &SyncState) -> bool {
    state.phase == Phase::Idle && state.last_synced_at.is_some() && state.error.is_none()
}

/// A server with drafts, that hands out every bucket as a snapshot in small parts.
async fn with_drafts() -> (Place, String) {
    let mut place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let writer = place.computer(&email).await;
    for n in 0..N {
        let id = writer.create(&format!("第{n:03}篇"));
        writer.write(id, &format!("正文{n}"));
    }
    let sync = writer.sync();
    let is_sent = |s: &SyncState| is_idle(s) && writer.n_waiting() == 0;
    until_state(&sync, "all to be sent", is_sent).await;
    sync.stop().await;
    place.stop().await;
    place.config.snapshots = Snapshots {
        from_rows: 10,
        part_bytes: 256,
        max_behind: 1_000,
    };
    place.start().await;
    (place, email)
}

async fn caught_up(computer: &Computer) {
    let sync = computer.sync();
    until_state(&sync, "a first sync", is_idle).await;
    sync.stop().await;
}

fn texts(computer: &Computer) -> Vec<(String, String)> {
    let drafts = computer.drafts().into_iter();
    let mut texts: Vec<_> = drafts
        .map(|draft| (draft.title, computer.text(draft.id)))
        .collect();
    texts.sort();
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_bring_the_same_as_rows_one_by_one() {
    let (mut place, email) = with_drafts().await;
    let by_snapshot = place.computer(&email).await;
    caught_up(&by_snapshot).await;
    assert!(place.path("server/snapshots").exists());

    // What came after the snapshot comes with the next pull, over it.
    let id = by_snapshot.create("后来的");
    by_snapshot.write(id, "还有");
    caught_up(&by_snapshot).await;
    place.stop().await;
    place.config.snapshots.from_rows = i64::MAX;
    place.start().await;
    let by_row = place.computer(&email).await;
    caught_up(&by_row).await;
    caught_up(&by_snapshot).await;
    assert_eq!(texts(&by_row).len(), N + 1);
    assert_eq!(texts(&by_snapshot), texts(&by_row));
    let (one, other) = (&by_snapshot.store, &by_row.store);
    assert_eq!(one.people().unwrap(), other.people().unwrap());
    for (bucket, (cursor, _)) in one.cursors().unwrap() {
        assert_eq!(cursor, other.cursor(&bucket).unwrap(), "{bucket}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_is_cut_off_goes_on_with_the_missing_parts() {
    let (place, email) = with_drafts().await;
    let computer = place.computer(&email).await;
    let link = computer.store.link().unwrap().unwrap();
    let first = Unreliable::to(&link);
    first.meet(Call::Part, Mishap::ReplyLost);
    let sync = computer.sync_over(Some(first.clone()));
    until_state(&sync, "the break", |s| s.phase == Phase::Offline).await;
    sync.stop().await;
    assert_eq!(
        computer.drafts(),
        [],
        "nothing is shown of what is not complete"
    );

    let second = Unreliable::to(&link);
    let sync = computer.sync_over(Some(second.clone()));
    until_state(&sync, "the rest", is_idle).await;
    sync.stop().await;
    assert_eq!(texts(&computer).len(), N);
    assert!(!second.parts().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn spoiled_parts_are_not_taken_and_in_the_end_rows_come_one_by_one() {
    let (place, email) = with_drafts().await;
    for n_spoiled in [1, 3] {
        let computer = place.computer(&email).await;
        let link = computer.store.link().unwrap().unwrap();
        let transport = Unreliable::to(&link);
        for _ in 0..n_spoiled {
            transport.meet(Call::Part, Mishap::Spoiled);
        }
        let sync = computer.sync_over(Some(transport.clone()));
        until_state(&sync, "a first sync", is_idle).await;
        sync.stop().await;
        assert!(transport.is_through());
        assert_eq!(texts(&computer).len(), N);
    }
}
