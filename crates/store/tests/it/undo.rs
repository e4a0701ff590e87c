//! Undo and redo: before and after delivery, over restarts, after somebody else's changes.

use proptest::prelude::*;
use stoa_domain::{DraftId, Role, Shelf};
use stoa_store::test_support::{Profile, SeededRandom};
use stoa_store::{
    ChangeKind, DraftFilter, HistoryKind, PassedOver, StepKind, Store, StoreError, Turned,
};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, list, title, titles, write};

fn undo(store: &Store, millis: i64) -> Turned {
    store.undo(at(millis)).unwrap().expect("there is a step")
}

fn redo(store: &Store, millis: i64) -> Turned {
    store.redo(at(millis)).unwrap().expect("there is a step")
}

fn binned(store: &Store) -> Vec<String> {
    let filter = DraftFilter {
        shelf: Shelf::Bin,
        limit: 200,
        ..DraftFilter::default()
    };
    let page = store.list_drafts(&filter).unwrap();
    page.drafts.into_iter().map(|draft| draft.title).collect()
}

/// The kind and title of what would be undone.
fn next(store: &Store) -> Option<(StepKind, String)> {
    let step = store.undo_state().unwrap().undo;
    step.map(|step| (step.kind, step.title))
}

/// A profile that syncs as this device.
fn device(seed: u64, number: u8) -> (Profile, Store) {
    let profile = Profile::new(seed);
    let store = profile.open();
    store.set_link(&link(number, "e")).unwrap();
    (profile, store)
}

fn exchange(server: &mut Server, number: u8, store: &Store, millis: i64) {
    push_all(server, number, store, at(millis));
    pull_all(server, number, store, at(millis));
}

#[test]
fn steps_are_taken_back_one_by_one_and_done_again() {
    let profile = Profile::new(300);
    let store = profile.open();
    assert_eq!(store.undo(at(0)).unwrap(), None);
    let id = create(&store, "稿", 1, &profile.random);
    store.rename_draft(id, title("二稿"), at(2)).unwrap();
    store.bin_draft(id, at(3)).unwrap();
    assert_eq!(next(&store), Some((StepKind::Bin, "二稿".to_owned())));
    let turned = undo(&store, 4);
    assert_eq!(
        (turned.draft, turned.is_there, turned.is_in_bin),
        (id, true, false)
    );
    assert_eq!(titles(&store), ["二稿"]);
    undo(&store, 5);
    assert_eq!(titles(&store), ["稿"]);
    let turned = undo(&store, 6);
    assert!(!turned.is_there);
    assert_eq!((titles(&store).len(), next(&store)), (0, None));
    // Nothing of it was ever sent, and nothing will be.
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    redo(&store, 7);
    redo(&store, 8);
    assert_eq!(titles(&store), ["二稿"]);
    redo(&store, 9);
    assert_eq!(
        (titles(&store).len(), binned(&store)),
        (0, vec!["二稿".to_owned()])
    );
    assert_eq!(store.redo(at(10)).unwrap(), None);
}

#[test]
fn undo_survives_a_restart() {
    let profile = Profile::new(301);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    store.bin_draft(id, at(2)).unwrap();
    drop(store);
    let store = profile.open();
    undo(&store, 3);
    drop(store);
    let store = profile.open();
    assert_eq!(titles(&store), ["稿"]);
    assert_eq!(
        store.undo_state().unwrap().redo.unwrap().kind,
        StepKind::Bin
    );
    redo(&store, 4);
    assert_eq!(binned(&store), ["稿"]);
}

#[test]
fn any_number_of_steps_can_be_taken_back() {
    let profile = Profile::new(302);
    let store = profile.open();
    let ids: Vec<DraftId> = (0..150)
        .map(|n| create(&store, &format!("稿{n}"), n, &profile.random))
        .collect();
    for id in &ids {
        store.bin_draft(*id, at(500)).unwrap();
    }
    for _ in 0..150 {
        undo(&store, 600);
    }
    assert_eq!((titles(&store).len(), binned(&store).len()), (150, 0));
}

#[test]
fn new_work_ends_what_could_be_done_again() {
    let profile = Profile::new(303);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    store.bin_draft(id, at(2)).unwrap();
    undo(&store, 3);
    store.rename_draft(id, title("别的"), at(4)).unwrap();
    assert_eq!(store.undo_state().unwrap().redo, None);
    assert_eq!(store.redo(at(5)).unwrap(), None);
}

#[test]
fn a_change_that_makes_no_difference_is_no_step() {
    let profile = Profile::new(304);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    store.rename_draft(id, title("稿"), at(2)).unwrap();
    store.restore_draft(id, at(3)).unwrap();
    assert_eq!(next(&store), Some((StepKind::Create, "稿".to_owned())));
}

#[test]
fn a_title_that_is_typed_with_pauses_is_one_step() {
    let profile = Profile::new(305);
    let store = profile.open();
    let id = create(&store, "旧题", 1, &profile.random);
    for (n, text) in ["会", "会员", "会员定价"].into_iter().enumerate() {
        let millis = 1_000 + n as i64 * 700;
        store.rename_draft(id, title(text), at(millis)).unwrap();
    }
    assert_eq!(
        next(&store),
        Some((StepKind::Rename, "会员定价".to_owned()))
    );
    undo(&store, 4_000);
    assert_eq!(titles(&store), ["旧题"]);
    redo(&store, 4_001);
    assert_eq!(titles(&store), ["会员定价"]);
    // Much later it is another decision.
    store.rename_draft(id, title("第三题"), at(90_000)).unwrap();
    undo(&store, 90_001);
    assert_eq!(titles(&store), ["会员定价"]);
}

#[test]
fn what_was_delivered_is_taken_back_by_a_new_change() {
    let mut server = Server::default();
    let (profile, store) = device(306, 1);
    let id = create(&store, "稿", 1, &profile.random);
    store.bin_draft(id, at(2)).unwrap();
    exchange(&mut server, 1, &store, 3);
    undo(&store, 4);
    assert_eq!(titles(&store), ["稿"]);
    let waiting = store.waiting(10).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].kind, ChangeKind::Restore);
    // Done again before that was sent: it is simply not sent.
    redo(&store, 5);
    assert_eq!(
        (store.counts().unwrap().n_waiting, binned(&store).len()),
        (0, 1)
    );
    undo(&store, 6);
    exchange(&mut server, 1, &store, 7);
    redo(&store, 8);
    exchange(&mut server, 1, &store, 9);
    undo(&store, 10);
    exchange(&mut server, 1, &store, 11);
    let (_other, second) = device(307, 2);
    pull_all(&server, 2, &second, at(12));
    assert_eq!(titles(&second), ["稿"]);
    assert_eq!(titles(&store), ["稿"]);
}

#[test]
fn what_is_under_way_is_taken_back_by_a_new_change_too() {
    let mut server = Server::default();
    let (profile, store) = device(308, 1);
    let id = create(&store, "稿", 1, &profile.random);
    exchange(&mut server, 1, &store, 2);
    store.bin_draft(id, at(3)).unwrap();
    let sent = store.take_push(10, 1 << 20, at(4)).unwrap();
    undo(&store, 5);
    let answer = server.push(1, &sent[0], at(6));
    store
        .apply_results(&[(sent[0].mid, answer)], server.lmid(1), at(6))
        .unwrap();
    exchange(&mut server, 1, &store, 7);
    assert_eq!(
        (titles(&store), binned(&store).len()),
        (vec!["稿".to_owned()], 0)
    );
}

#[test]
fn what_somebody_else_changed_since_is_not_overwritten() {
    let mut server = Server::default();
    let (profile, mine) = device(309, 1);
    let id = create(&mine, "初稿", 1, &profile.random);
    mine.bin_draft(id, at(2)).unwrap();
    mine.restore_draft(id, at(3)).unwrap();
    mine.rename_draft(id, title("我的"), at(4)).unwrap();
    exchange(&mut server, 1, &mine, 5);
    let (_other, theirs) = device(310, 2);
    pull_all(&server, 2, &theirs, at(6));
    theirs.rename_draft(id, title("他们的"), at(7)).unwrap();
    exchange(&mut server, 2, &theirs, 8);
    pull_all(&server, 1, &mine, at(9));
    let turned = undo(&mine, 10);
    assert_eq!(turned.passed_over, Some(PassedOver::ChangedSince));
    assert_eq!(
        (turned.text.kind, turned.text.title.as_str()),
        (StepKind::Rename, "我的")
    );
    assert_eq!(titles(&mine), ["他们的"]);
    assert_eq!(mine.counts().unwrap().n_waiting, 0);
    // The step is over; the one before, about another field, is within reach.
    assert_eq!(undo(&mine, 11).passed_over, None);
    assert_eq!(binned(&mine), ["他们的"]);
}

#[test]
fn somebody_elses_change_of_another_field_does_not_stand_in_the_way() {
    let mut server = Server::default();
    let (profile, mine) = device(311, 1);
    let id = create(&mine, "初稿", 1, &profile.random);
    exchange(&mut server, 1, &mine, 2);
    mine.rename_draft(id, title("我的"), at(3)).unwrap();
    exchange(&mut server, 1, &mine, 4);
    let (_other, theirs) = device(312, 2);
    pull_all(&server, 2, &theirs, at(5));
    theirs.bin_draft(id, at(6)).unwrap();
    exchange(&mut server, 2, &theirs, 7);
    pull_all(&server, 1, &mine, at(8));
    assert_eq!(undo(&mine, 9).passed_over, None);
    assert_eq!(binned(&mine), ["初稿"]);
}

#[test]
fn what_the_role_does_not_allow_any_more_is_passed_over() {
    let mut server = Server::default();
    let (profile, store) = device(313, 1);
    let id = create(&store, "稿", 1, &profile.random);
    store.bin_draft(id, at(2)).unwrap();
    exchange(&mut server, 1, &store, 3);
    store.set_role(Role::Member).unwrap();
    assert_eq!(undo(&store, 4).passed_over, Some(PassedOver::NotAllowed));
    assert_eq!(binned(&store), ["稿"]);
}

#[test]
fn an_imported_text_goes_and_comes_back_whole() {
    let profile = Profile::new(314);
    let store = profile.open();
    let text = "知识付费".repeat(60_000);
    let id = store
        .import_draft(title("长文"), &text, at(1), &profile.random)
        .unwrap()
        .id;
    assert!(!undo(&store, 2).is_there);
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    let history = store.history(1).unwrap();
    assert_eq!(history[0].kind, HistoryKind::Undone);
    assert_eq!(history[0].kept_markdown.as_deref(), Some(text.as_str()));
    redo(&store, 3);
    assert_eq!(store.markdown(id).unwrap(), text);
    // It can be written in, sent, and read elsewhere.
    write(&store, id, "前言。", 4, &profile.random);
    let mut server = Server::default();
    store.set_link(&link(1, "e")).unwrap();
    exchange(&mut server, 1, &store, 5);
    let (_other, second) = device(315, 2);
    pull_all(&server, 2, &second, at(6));
    assert_eq!(second.markdown(id).unwrap(), format!("前言。{text}"));
}

#[test]
fn a_copy_that_was_sent_goes_into_the_bin_with_its_text() {
    let mut server = Server::default();
    let (profile, store) = device(316, 1);
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "正文", 2, &profile.random);
    let copy = store
        .duplicate_draft(id, title("稿（副本）"), at(3), &profile.random)
        .unwrap()
        .id;
    exchange(&mut server, 1, &store, 4);
    let turned = undo(&store, 5);
    assert!(turned.is_in_bin);
    assert_eq!(
        (titles(&store), store.markdown(copy).unwrap()),
        (vec!["稿".to_owned()], "正文".to_owned())
    );
    redo(&store, 6);
    assert_eq!(titles(&store).len(), 2);
}

#[test]
fn a_new_draft_in_which_something_was_written_goes_into_the_bin_and_loses_nothing() {
    let profile = Profile::new(317);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "写了半天", 2, &profile.random);
    let turned = undo(&store, 3);
    assert!(turned.is_there && turned.is_in_bin);
    assert_eq!(store.markdown(id).unwrap(), "写了半天");
    redo(&store, 4);
    assert_eq!(titles(&store), ["稿"]);
}

#[test]
fn a_discarded_creation_comes_back_with_all_that_was_written() {
    let profile = Profile::new(318);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "写了半天", 2, &profile.random);
    store.bin_draft(id, at(3)).unwrap();
    let lid = store.waiting(1).unwrap()[0].lid;
    store.discard(lid, at(4)).unwrap();
    assert_eq!(next(&store), Some((StepKind::Discard, "稿".to_owned())));
    undo(&store, 5);
    assert_eq!(
        (binned(&store), store.markdown(id).unwrap()),
        (vec!["稿".to_owned()], "写了半天".to_owned())
    );
    // Also the steps before the discarding can be taken back.
    undo(&store, 6);
    assert_eq!(titles(&store), ["稿"]);
    redo(&store, 7);
    redo(&store, 8);
    assert_eq!((titles(&store).len(), binned(&store).len()), (0, 0));
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}

#[test]
fn discarded_writing_comes_back_between_what_was_written_since() {
    let mut server = Server::default();
    let (profile, store) = device(319, 1);
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "送过的", 2, &profile.random);
    exchange(&mut server, 1, &store, 3);
    write(&store, id, "没送的", 4, &profile.random);
    let lid = store.waiting(1).unwrap()[0].lid;
    store.discard(lid, at(5)).unwrap();
    assert_eq!(store.markdown(id).unwrap(), "送过的");
    undo(&store, 6);
    assert_eq!(store.markdown(id).unwrap(), "没送的送过的");
    exchange(&mut server, 1, &store, 7);
    let (_other, second) = device(320, 2);
    pull_all(&server, 2, &second, at(8));
    assert_eq!(second.markdown(id).unwrap(), "没送的送过的");
}

#[test]
fn a_discarded_rename_comes_back_in_its_place() {
    let mut server = Server::default();
    let (profile, store) = device(321, 1);
    let id = create(&store, "旧", 1, &profile.random);
    exchange(&mut server, 1, &store, 2);
    store.rename_draft(id, title("新"), at(3)).unwrap();
    let lid = store.waiting(1).unwrap()[0].lid;
    store.discard(lid, at(4)).unwrap();
    assert_eq!(titles(&store), ["旧"]);
    undo(&store, 5);
    assert_eq!(titles(&store), ["新"]);
    redo(&store, 6);
    assert_eq!(titles(&store), ["旧"]);
}

#[test]
fn a_refused_change_is_taken_back_without_a_trace() {
    let mut server = Server::default();
    let (profile, store) = device(322, 1);
    let id = create(&store, "稿", 1, &profile.random);
    exchange(&mut server, 1, &store, 2);
    server.role = Some(Role::Member);
    store.rename_draft(id, title("不许"), at(3)).unwrap();
    push_all(&mut server, 1, &store, at(4));
    assert_eq!(store.failed(10).unwrap().len(), 1);
    assert_eq!(undo(&store, 5).passed_over, None);
    assert_eq!(
        (titles(&store), store.failed(10).unwrap().len()),
        (vec!["稿".to_owned()], 0)
    );
}

#[test]
fn what_may_have_arrived_under_another_device_is_not_simply_forgotten() {
    let mut server = Server::default();
    let (profile, store) = device(323, 1);
    let id = create(&store, "稿", 1, &profile.random);
    exchange(&mut server, 1, &store, 2);
    store.bin_draft(id, at(3)).unwrap();
    let sent = store.take_push(10, 1 << 20, at(4)).unwrap();
    server.push(1, &sent[0], at(4));
    // The answer is lost, and the next sign-in is another device.
    store.set_link(&link(2, "e")).unwrap();
    undo(&store, 5);
    exchange(&mut server, 2, &store, 6);
    assert_eq!(titles(&store), ["稿"]);
}

#[test]
fn undo_needs_a_store_that_can_be_written() {
    let profile = Profile::new(324);
    let store = profile.open();
    assert!(matches!(store.undo(at(1)), Ok(None)));
    assert!(matches!(store.discard(7, at(1)), Err(StoreError::NotFound)));
    assert_eq!(store.undo_state().unwrap(), Default::default());
}

#[derive(Debug, Clone)]
enum Act {
    Create,
    Import,
    Copy(usize),
    Rename(usize, u8),
    Bin(usize),
    Exchange,
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::Create),
        Just(Act::Import),
        (0..8_usize).prop_map(Act::Copy),
        (0..8_usize, 0..4_u8).prop_map(|(n, to)| Act::Rename(n, to)),
        (0..8_usize).prop_map(Act::Bin),
        Just(Act::Exchange),
    ]
}

/// What the list shows: titles and texts.
fn shown(store: &Store) -> Vec<(DraftId, String, String)> {
    let mut shown: Vec<_> = list(store)
        .into_iter()
        .map(|draft| (draft.id, draft.title, store.markdown(draft.id).unwrap()))
        .collect();
    shown.sort();
    shown
}

/// Does an act; whether it was a step.
fn act(store: &Store, act: &Act, millis: i64, random: &SeededRandom) -> bool {
    let drafts = list(store);
    let pick = |n: &usize| drafts.get(n % drafts.len().max(1)).map(|draft| draft.id);
    match act {
        Act::Create => {
            create(store, "新稿", millis, random);
            true
        }
        Act::Import => store
            .import_draft(title("导入"), "# 题\n\n正文", at(millis), random)
            .is_ok(),
        Act::Copy(n) => pick(n).is_some_and(|id| {
            store
                .duplicate_draft(id, title("副本"), at(millis), random)
                .is_ok()
        }),
        Act::Rename(n, to) => pick(n).is_some_and(|id| {
            let new = format!("题{to}");
            let is_other = store.draft(id).unwrap().title != new;
            store.rename_draft(id, title(&new), at(millis)).unwrap();
            is_other
        }),
        Act::Bin(n) => pick(n).is_some_and(|id| store.bin_draft(id, at(millis)).is_ok()),
        Act::Exchange => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever was delivered between the steps, taking them back shows what was shown before
    /// each of them, and doing them again what was shown after.
    #[test]
    fn undo_and_redo_walk_through_what_was_shown(
        acts in prop::collection::vec(acts(), 1..14),
        deliver_between in prop::collection::vec(any::<bool>(), 14),
    ) {
        let mut server = Server::default();
        let (profile, store) = device(330, 1);
        let mut pictures = vec![shown(&store)];
        // So far apart that no two titles are one step.
        let mut millis = 0;
        for one in &acts {
            millis += 60_000;
            if let Act::Exchange = one {
                exchange(&mut server, 1, &store, millis);
            } else if act(&store, one, millis, &profile.random) {
                pictures.push(shown(&store));
            }
        }
        for (picture, deliver) in pictures.iter().rev().skip(1).zip(&deliver_between) {
            if *deliver {
                exchange(&mut server, 1, &store, millis);
            }
            prop_assert_eq!(undo(&store, millis).passed_over, None);
            prop_assert_eq!(&shown(&store), picture);
        }
        prop_assert_eq!(store.undo(at(millis)).unwrap(), None);
        for (picture, deliver) in pictures.iter().skip(1).zip(deliver_between.iter().rev()) {
            if *deliver {
                exchange(&mut server, 1, &store, millis);
            }
            prop_assert_eq!(redo(&store, millis).passed_over, None);
            prop_assert_eq!(&shown(&store), picture);
        }
        exchange(&mut server, 1, &store, millis);
        prop_assert_eq!(&shown(&store), pictures.last().unwrap());
        prop_assert_eq!(store.failed(10).unwrap(), vec![]);
        prop_assert_eq!(store.verify().unwrap(), Vec::<String>::new());
    }
}
