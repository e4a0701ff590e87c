//! When a right ends, no row stays behind, and what was not accepted does.

use stoa_store::test_support::{Profile, tables_with};
use stoa_store::{ChangeState, PullEnd, Store};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, titles, write};

/// A store with a draft of the community's that everybody can see.
fn with_a_secret(server: &mut Server, profile: &Profile) -> (Store, stoa_domain::DraftId) {
    let other = Profile::new(121);
    let author = other.open();
    author.set_link(&link(9, "e")).unwrap();
    let id = create(&author, "xenolith", 1, &other.random);
    write(&author, id, "about zugzwang", 2, &other.random);
    push_all(server, 9, &author, at(3));
    author
        .rename_draft(id, super::title("xenolith two"), at(3))
        .unwrap();
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    pull_all(server, 1, &store, at(3));
    push_all(server, 9, &author, at(4));
    pull_all(server, 1, &store, at(4));
    store.tidy().unwrap();
    (store, id)
}

/// The answer to somebody who may see nothing any more.
fn lose(store: &Store, lmid: i64, millis: i64) {
    let end = PullEnd {
        upto: 50,
        lmid,
        ..PullEnd::default()
    };
    store
        .begin_pull()
        .unwrap()
        .finish(&end, at(millis))
        .unwrap();
}

#[test]
fn a_lost_bucket_leaves_no_row_behind() {
    let mut server = Server::default();
    let profile = Profile::new(120);
    let (store, id) = with_a_secret(&mut server, &profile);
    assert!(tables_with(&store, "xenolith").len() > 2);
    let session = store.open_text(id, &profile.random).unwrap().session;
    lose(&store, 0, 5);
    assert_eq!(titles(&store), Vec::<String>::new());
    assert_eq!(tables_with(&store, "xenolith"), Vec::<String>::new());
    assert_eq!(tables_with(&store, "zugzwang"), Vec::<String>::new());
    assert!(store.markdown(id).is_err());
    assert!(
        store
            .edit_text(session, None, &[], at(6), &profile.random)
            .is_err()
    );
    // Given back, everything comes again.
    pull_all(&server, 1, &store, at(7));
    assert_eq!(titles(&store), ["xenolith two"]);
    assert_eq!(store.markdown(id).unwrap(), "about zugzwang");
}

#[test]
fn unsent_work_outlives_a_lost_bucket_and_can_be_exported() {
    let mut server = Server::default();
    let profile = Profile::new(122);
    let (store, theirs) = with_a_secret(&mut server, &profile);
    write(&store, theirs, "my own sentence, ", 5, &profile.random);
    let mine = create(&store, "我的", 5, &profile.random);
    write(&store, mine, "还没有发送", 6, &profile.random);
    lose(&store, 0, 7);
    // The own draft stays in sight; of the other one, the text as it was is in the history.
    assert_eq!(titles(&store), ["我的"]);
    let kept = store.history(50).unwrap();
    let kept: Vec<_> = kept
        .iter()
        .filter_map(|line| line.kept_markdown.as_deref())
        .collect();
    assert_eq!(kept, ["my own sentence, about zugzwang"]);
    assert_eq!(store.counts().unwrap().n_waiting, 3);
    store.park_waiting("not_allowed", at(8)).unwrap();
    let parked = store.failed(10).unwrap();
    assert!(
        parked
            .iter()
            .all(|entry| entry.state == ChangeState::Parked)
    );
    assert_eq!((parked.len(), store.counts().unwrap().n_ready), (3, 0));
    assert_eq!(store.markdown(mine).unwrap(), "还没有发送");
    let folder = tempfile::tempdir().unwrap();
    store.export(folder.path()).unwrap();
    let everything = std::fs::read_to_string(folder.path().join("everything.json")).unwrap();
    assert!(everything.contains("还没有发送") && everything.contains("my own sentence"));
}

#[test]
fn leaving_takes_what_was_accepted_and_keeps_what_was_not() {
    let mut server = Server::default();
    let profile = Profile::new(123);
    let (store, _) = with_a_secret(&mut server, &profile);
    create(&store, "accepted", 5, &profile.random);
    push_all(&mut server, 1, &store, at(6));
    create(&store, "not sent", 7, &profile.random);
    store.leave_community(at(8)).unwrap();
    assert_eq!(titles(&store), ["not sent"]);
    assert_eq!(store.cursor(super::server::BUCKET).unwrap(), 0);
    store.leave_community(at(9)).unwrap();
    assert_eq!(store.counts().unwrap().n_waiting, 1);
}

#[test]
fn the_work_of_one_account_is_never_sent_as_anothers() {
    let profile = Profile::new(124);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let other = stoa_store::Link {
        user: stoa_domain::UserId::from_bytes([8; 16]),
        ..link(1, "e")
    };
    // With nothing here yet, a slip at the first sign-in is put right.
    store.set_link(&other).unwrap();
    store.set_link(&link(1, "e")).unwrap();
    create(&store, "我的", 1, &profile.random);
    let refused = store.set_link(&other);
    assert!(matches!(
        refused,
        Err(stoa_store::StoreError::OtherCommunity)
    ));
    store.set_link(&link(1, "e")).unwrap();
    assert_eq!(store.counts().unwrap().n_waiting, 1);
}

#[test]
fn a_lost_bucket_leaves_no_old_title_in_what_could_be_undone() {
    let mut server = Server::default();
    let profile = Profile::new(128);
    let (store, id) = with_a_secret(&mut server, &profile);
    let title = super::title("zwischenzug");
    store.rename_draft(id, title, at(5)).unwrap();
    push_all(&mut server, 1, &store, at(6));
    pull_all(&server, 1, &store, at(6));
    assert!(tables_with(&store, "xenolith two").contains(&"step".to_owned()));
    lose(&store, 100, 7);
    for title in ["xenolith two", "zwischenzug"] {
        assert!(!tables_with(&store, title).contains(&"step".to_owned()));
    }
    assert_eq!(
        store.undo_state().unwrap(),
        stoa_store::UndoState::default()
    );
}
