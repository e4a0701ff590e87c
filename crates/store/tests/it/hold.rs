//! Outward changes are held for a moment before they are sent.

use std::time::Duration;

use stoa_store::test_support::Profile;
use stoa_store::{Held, Store};

use super::server::link;
use super::{at, create};

const TEN: Duration = Duration::from_secs(10);

fn sent(store: &Store) -> usize {
    store.take_push(10, 1 << 20, at(9)).unwrap().len()
}

#[test]
fn what_is_held_is_not_sent_and_what_waits_behind_it_in_the_same_draft_neither() {
    let profile = Profile::new(340);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let held = create(&store, "甲", 1, &profile.random);
    let lid = store.waiting(1).unwrap()[0].lid;
    store.hold_for_test(lid, TEN).unwrap();
    store.bin_draft(held, at(2)).unwrap();
    create(&store, "乙", 3, &profile.random);
    assert_eq!(store.held().unwrap(), [Held { lid, hold: TEN }]);
    let counts = store.counts().unwrap();
    assert_eq!((counts.n_waiting, counts.n_held), (3, 2));
    let waiting = store.waiting(10).unwrap();
    let seconds: Vec<u64> = waiting.iter().map(|entry| entry.held_seconds).collect();
    assert_eq!(seconds, [10, 0, 0]);
    // The other draft goes ahead, and the numbers have no gap.
    let first = store.take_push(10, 1 << 20, at(4)).unwrap();
    assert_eq!((first.len(), first[0].mid), (1, 1));
    store.release(&[lid]).unwrap();
    let all = store.take_push(10, 1 << 20, at(5)).unwrap();
    let mids: Vec<i64> = all.iter().map(|mutation| mutation.mid).collect();
    assert_eq!(mids, [1, 2, 3]);
}

#[test]
fn what_is_held_is_still_held_after_a_restart_and_what_was_let_go_is_not() {
    let profile = Profile::new(341);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    create(&store, "稿", 1, &profile.random);
    let lid = store.waiting(1).unwrap()[0].lid;
    store.hold_for_test(lid, TEN).unwrap();
    drop(store);
    let store = profile.open();
    assert_eq!((sent(&store), store.held().unwrap().len()), (0, 1));
    store.release(&[lid]).unwrap();
    drop(store);
    let store = profile.open();
    assert_eq!((sent(&store), store.held().unwrap().len()), (1, 0));
}

#[test]
fn what_is_taken_back_while_it_is_held_is_never_sent() {
    let profile = Profile::new(342);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    create(&store, "稿", 1, &profile.random);
    let lid = store.waiting(1).unwrap()[0].lid;
    store.hold_for_test(lid, TEN).unwrap();
    store.undo(at(2)).unwrap().unwrap();
    assert_eq!((sent(&store), store.held().unwrap().len()), (0, 0));
}
