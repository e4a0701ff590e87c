//! Changes to many drafts at once.

use stoa_domain::{Access, DraftId, Kind, ListFilter, Role, Shelf, UserId};
use stoa_store::test_support::Profile;
use stoa_store::{
    BulkChange, BulkDone, DraftFilter, LeftOut, MOST_CHANGED, PassedOver, PublishAt, StepKind,
    Store, StoreError, Which,
};

use super::listing::{describe, filtered, five, paid, tag};
use super::server::{Server, link, pull_all, push_all};
use super::{at, create, titles};

fn change(store: &Store, ids: &[DraftId], what: &BulkChange, millis: i64) -> BulkDone {
    let which = Which::These(ids.to_vec());
    store.change_drafts(&which, what, at(millis)).unwrap()
}

#[test]
fn many_are_changed_in_one_step_and_one_undo_takes_all_of_it_back() {
    let profile = Profile::new(2_110);
    let store = profile.open();
    let ids = five(&profile, &store);
    let before = store.counts().unwrap().n_waiting;
    let done = change(&store, &ids, &BulkChange::AddTag(tag("定价")), 300);
    assert_eq!((done.n_changed, done.n_same, done.left.len()), (2, 3, 0));
    let priced = || {
        filtered(
            &store,
            ListFilter {
                tags: [tag("定价")].into(),
                ..ListFilter::default()
            },
        )
    };
    assert_eq!(priced().len(), 5);
    let step = store.undo_state().unwrap().undo.unwrap();
    assert_eq!((step.kind, step.n_of), (StepKind::Describe, 2));
    store.undo(at(301)).unwrap();
    assert_eq!(priced().len(), 3);
    assert_eq!(store.counts().unwrap().n_waiting, before);
    store.redo(at(302)).unwrap();
    assert_eq!(priced().len(), 5);
    let done = change(&store, &ids, &BulkChange::RemoveTag(tag("定价")), 303);
    assert_eq!((done.n_changed, priced().len()), (5, 0));
    let vip = BulkChange::SetAccess(paid(&["vip"], false));
    let done = change(&store, &ids, &vip, 304);
    assert_eq!((done.n_changed, done.n_same), (4, 1));
    for what in [
        BulkChange::Archive,
        BulkChange::Unarchive,
        BulkChange::Bin,
        BulkChange::Restore,
    ] {
        assert_eq!(change(&store, &ids, &what, 305).n_changed, 5, "{what:?}");
    }
    assert_eq!(titles(&store).len(), 5);
    for _ in 0..4 {
        store.undo(at(306)).unwrap();
    }
    assert_eq!(titles(&store).len(), 5);
    // What made no difference is no step.
    assert_eq!(change(&store, &ids, &vip, 307).n_changed, 0);
}

#[test]
fn what_the_rules_keep_is_left_with_the_reason_and_the_rest_is_changed() {
    let profile = Profile::new(2_111);
    let store = profile.open();
    let mut own = link(1, "e");
    own.role = Role::Expert;
    store.set_link(&own).unwrap();
    let mut server = Server::default();
    let other = Profile::new(2_112);
    let there = other.open();
    let somebody = UserId::from_bytes([9; 16]);
    there
        .set_link(&stoa_store::Link {
            user: somebody,
            ..link(2, "e")
        })
        .unwrap();
    server.users.insert(2, somebody);
    let foreign = create(&there, "别人的", 1, &other.random);
    push_all(&mut server, 2, &there, at(2));
    pull_all(&server, 1, &store, at(3));
    let mine = create(&store, "我的", 4, &profile.random);
    let gone = DraftId::from_bytes([3; 16]);
    let done = change(&store, &[foreign, mine, gone, mine], &BulkChange::Bin, 5);
    assert_eq!(done.n_changed, 1);
    assert_eq!(
        done.left,
        [(foreign, LeftOut::NotAllowed), (gone, LeftOut::Gone)]
    );
    let done = change(&store, &[mine], &BulkChange::AddTag(tag("旧文")), 6);
    assert_eq!(done.left, [(mine, LeftOut::WrongShelf)]);
}

#[test]
fn what_members_see_is_neither_archived_nor_binned() {
    let profile = Profile::new(2_113);
    let store = profile.open();
    let ids = five(&profile, &store);
    store
        .publish(ids[1], PublishAt::default(), at(200))
        .unwrap();
    for what in [BulkChange::Archive, BulkChange::Bin] {
        let done = change(&store, &ids, &what, 300);
        assert_eq!(done.n_changed, 4, "{what:?}");
        assert_eq!(done.left, [(ids[1], LeftOut::Published)]);
        store.undo(at(301)).unwrap();
    }
    let full: Vec<String> = (0..20).map(|n| format!("t{n}")).collect();
    let full: Vec<&str> = full.iter().map(String::as_str).collect();
    describe(&store, ids[0], Kind::Article, Access::Public, &full);
    let done = change(&store, &ids[..1], &BulkChange::AddTag(tag("再一个")), 400);
    assert_eq!(done.left, [(ids[0], LeftOut::TooManyTags)]);
}

#[test]
fn all_of_a_list_are_meant_on_every_page_of_it() {
    let profile = Profile::new(2_114);
    let store = profile.open();
    for n in 0..450 {
        let id = create(&store, &format!("稿{n}"), n, &profile.random);
        if n % 3 == 0 {
            describe(&store, id, Kind::Audio, Access::Public, &[]);
        }
    }
    let audio = DraftFilter {
        filter: ListFilter {
            kinds: [Kind::Audio].into(),
            ..ListFilter::default()
        },
        limit: 1,
        ..DraftFilter::default()
    };
    let which = Which::All(Box::new(audio));
    let done = store
        .change_drafts(&which, &BulkChange::Archive, at(900))
        .unwrap();
    assert_eq!(done.n_changed, 150);
    let n_on = |shelf: Shelf| {
        let counts = store.count_shelves(at(900)).unwrap();
        counts.into_iter().find(|(s, _)| *s == shelf).unwrap().1
    };
    assert_eq!((n_on(Shelf::Archived), n_on(Shelf::Drafts)), (150, 300));
    drop(store);
    let store = profile.open();
    store.undo(at(901)).unwrap();
    let counts = store.count_shelves(at(902)).unwrap();
    assert!(counts.contains(&(Shelf::Drafts, 450)), "{counts:?}");
}

#[test]
fn too_many_are_refused_and_none_is_changed() {
    let profile = Profile::new(2_115);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    let mut ids = vec![id];
    ids.extend((0..MOST_CHANGED).map(|n| {
        let mut bytes = [1; 16];
        bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
        DraftId::from_bytes(bytes)
    }));
    let refused = store.change_drafts(&Which::These(ids), &BulkChange::Bin, at(2));
    assert!(
        matches!(refused, Err(StoreError::TooLarge { .. })),
        "{refused:?}"
    );
    // An access that lets nobody in is no answer to one of them, but a mistake in all.
    let nobody = BulkChange::SetAccess(paid(&[], false));
    let refused = store.change_drafts(&Which::These(vec![id]), &nobody, at(3));
    assert!(
        matches!(refused, Err(StoreError::Rejected(_))),
        "{refused:?}"
    );
    assert_eq!(titles(&store), ["稿"]);
    assert_eq!(store.counts().unwrap().n_waiting, 1);
}

#[test]
fn what_was_sent_is_taken_back_by_new_changes_and_what_changed_since_is_left() {
    let profile = Profile::new(2_116);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let mut server = Server::default();
    let ids = five(&profile, &store);
    change(&store, &ids, &BulkChange::Archive, 300);
    push_all(&mut server, 1, &store, at(301));
    pull_all(&server, 1, &store, at(302));
    store.unarchive_draft(ids[0], at(303)).unwrap();
    store.undo(at(304)).unwrap();
    let other = Profile::new(2_117);
    let there = other.open();
    there.set_link(&link(2, "e")).unwrap();
    let turned = store.undo(at(305)).unwrap().unwrap();
    assert_eq!(turned.passed_over, None::<PassedOver>);
    push_all(&mut server, 1, &store, at(306));
    pull_all(&server, 2, &there, at(307));
    assert_eq!(titles(&there).len(), 5);
    store.redo(at(308)).unwrap();
    // One of them is changed meanwhile; the others go back all the same.
    store.unarchive_draft(ids[2], at(309)).unwrap();
    store
        .rename_draft(ids[2], super::title("改名"), at(310))
        .unwrap();
    push_all(&mut server, 1, &store, at(311));
    pull_all(&server, 1, &store, at(312));
    assert_eq!(titles(&store), ["改名"]);
}
