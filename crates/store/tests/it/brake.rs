//! An answer that would take much away is not applied unasked.

use stoa_mutators::{Key, Table};
use stoa_store::test_support::Profile;
use stoa_store::{PullEnd, Removal, Store, StoreError};

use super::server::{BUCKET, Server, link, pull_all, push_all};
use super::{at, create, titles};

/// A store that holds so many drafts of the server's.
fn holding(n: usize, seed: u64) -> (Profile, Store, Server) {
    let mut server = Server::default();
    let profile = Profile::new(seed);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    for i in 0..n {
        create(&store, &format!("稿 {i}"), 1, &profile.random);
    }
    push_all(&mut server, 1, &store, at(2));
    pull_all(&server, 1, &store, at(2));
    (profile, store, server)
}

fn drafts(server: &Server) -> Vec<Key> {
    let keys = server.keys().into_iter();
    keys.filter(|key| key.table == Table::Draft).collect()
}

/// An answer that says of so many drafts that they are gone.
fn delete(store: &Store, keys: &[Key], end: &PullEnd) -> Result<(), StoreError> {
    let mut stage = store.begin_pull().unwrap();
    for key in keys {
        let pk = stoa_domain::UserId::from_bytes(key.id).to_string();
        stage.delete("draft", &pk, end.upto).unwrap();
    }
    stage.finish(end, at(5)).map(drop)
}

fn end() -> PullEnd {
    PullEnd {
        upto: 10_000,
        lmid: 10_000,
        buckets: vec![BUCKET.to_owned()],
        ..PullEnd::default()
    }
}

#[track_caller]
fn held(result: Result<(), StoreError>) -> Removal {
    match result {
        Err(StoreError::RemovalHeld(removal)) => removal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn more_than_a_fifth_goes_only_when_the_user_agrees() {
    let (profile, store, server) = holding(150, 130);
    let keys = drafts(&server);
    let removal = held(delete(&store, &keys[..120], &end()));
    assert_eq!((removal.n, removal.of), (120, 150));
    assert_eq!(titles(&store).len(), 150, "nothing was applied");
    let cursor = store.cursor(BUCKET).unwrap();
    create(&store, "照常", 3, &profile.random);
    assert_eq!(
        store.take_push(9, 1 << 20, at(3)).unwrap().len(),
        1,
        "work goes on"
    );
    store.allow_removal(&removal).unwrap();
    delete(&store, &keys[..120], &end()).unwrap();
    assert_eq!(titles(&store).len(), 31);
    assert!(store.cursor(BUCKET).unwrap() > cursor);
}

#[test]
fn consent_holds_for_what_was_said_and_once() {
    let (_profile, store, server) = holding(320, 131);
    let keys = drafts(&server);
    let removal = held(delete(&store, &keys[..100], &end()));
    store.allow_removal(&removal).unwrap();
    assert_eq!(
        held(delete(&store, &keys[..300], &end())).n,
        300,
        "more than was agreed to"
    );
    delete(&store, &keys[..100], &end()).unwrap();
    assert_eq!(
        held(delete(&store, &keys[100..200], &end())).n,
        100,
        "asked again"
    );
}

#[test]
fn few_rows_and_small_shares_go_unasked() {
    let (_profile, store, server) = holding(120, 132);
    delete(&store, &drafts(&server)[..99], &end()).unwrap();
    assert_eq!(titles(&store).len(), 21);
}

#[test]
fn a_refill_that_brings_much_less_is_held_too() {
    let (_profile, store, _server) = holding(130, 133);
    store.reset_bucket(BUCKET).unwrap();
    let removal = held(delete(&store, &[], &end()));
    assert_eq!((removal.n, removal.of), (130, 130));
    assert_eq!(titles(&store).len(), 130, "absence is no deletion");
}

#[test]
fn what_the_server_announced_goes_unasked() {
    let (_profile, store, server) = holding(130, 134);
    let keys = drafts(&server);
    let announced = PullEnd {
        reset_token: Some("token".to_owned()),
        ..end()
    };
    held(delete(&store, &keys, &announced));
    store.note_reset_token("another").unwrap();
    held(delete(&store, &keys, &announced));
    store.note_reset_token("token").unwrap();
    held(delete(&store, &keys, &end()));
    delete(&store, &keys, &announced).unwrap();
    assert_eq!(titles(&store).len(), 0);
}
