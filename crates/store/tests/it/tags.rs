//! Tags and their synonyms: lists, counts, searching, renaming everywhere, and two computers.

use std::collections::BTreeSet;

use stoa_domain::{ListFilter, Role, SearchQuery, Tag};
use stoa_mutators::{ChangeSynonyms, RejectCode};
use stoa_store::test_support::Profile;
use stoa_store::{
    BulkChange, ChangeKind, DraftFilter, PublishAt, StepKind, Store, StoreError, TagRename,
    TagRenamed, Which,
};

use super::listing::{describe, filtered, five, tag};
use super::server::{Server, link, pull_all, push_all};
use super::{at, create, write};
use stoa_domain::{Access, Kind};

fn give(store: &Store, to: &str, words: &[&str], millis: i64) -> Result<u64, StoreError> {
    let change = ChangeSynonyms {
        tag: tag(to),
        add: words.iter().map(|word| tag(word)).collect(),
        remove: Vec::new(),
    };
    store.change_synonyms(change, at(millis))
}

fn take(store: &Store, from: &str, word: &str, millis: i64) {
    let change = ChangeSynonyms {
        tag: tag(from),
        add: Vec::new(),
        remove: vec![tag(word)],
    };
    store.change_synonyms(change, at(millis)).unwrap();
}

fn tagged(store: &Store, names: &[&str]) -> BTreeSet<String> {
    let tags = names.iter().map(|name| tag(name)).collect();
    let filter = ListFilter {
        tags,
        ..ListFilter::default()
    };
    filtered(store, filter).into_iter().collect()
}

fn set(titles: &[&str]) -> BTreeSet<String> {
    titles.iter().map(|title| (*title).to_owned()).collect()
}

/// Renames from the beginning to the end.
fn rename(store: &Store, from: &str, into: &str, keep: bool, millis: i64) -> TagRenamed {
    let rename = TagRename {
        from: tag(from),
        into: tag(into),
        keep,
    };
    let mut so_far = None;
    loop {
        let done = store.rename_tag(&rename, so_far, at(millis)).unwrap();
        if done.is_done() {
            return done;
        }
        so_far = Some(done);
    }
}

/// Each tag with its drafts and synonyms.
fn tags(store: &Store) -> Vec<(String, u64, Vec<String>)> {
    let names = |tags: Vec<Tag>| tags.into_iter().map(String::from).collect();
    let shown = store.tags().unwrap().into_iter();
    shown
        .map(|tag| (tag.name.into(), tag.n, names(tag.synonyms)))
        .collect()
}

fn row(name: &str, n: u64, synonyms: &[&str]) -> (String, u64, Vec<String>) {
    let synonyms = synonyms.iter().map(|word| (*word).to_owned()).collect();
    (name.to_owned(), n, synonyms)
}

#[test]
fn a_list_that_is_narrowed_by_one_word_shows_what_has_any_word_for_it() {
    let profile = Profile::new(3_300);
    let store = profile.open();
    let ids = five(&profile, &store);
    assert_eq!(tagged(&store, &["价格"]), set(&[]));
    give(&store, "定价", &["价格", "Pricing"], 200).unwrap();
    describe(
        &store,
        ids[4],
        Kind::Article,
        Access::Public,
        &["ｐｒｉｃｉｎｇ"],
    );
    let all = set(&["公开文章", "注册课程", "单卖专栏", "无标签"]);
    for word in ["定价", "价格", "PRICING"] {
        assert_eq!(tagged(&store, &[word]), all, "{word}");
    }
    assert_eq!(tagged(&store, &["价格", "入门"]), set(&["公开文章"]));
    // Words are counted as the tag for which they stand, and what drafts have written stays.
    let found = store.facets().unwrap().tags;
    assert_eq!(found[0], ("定价".to_owned(), 4));
    let written = store.draft(ids[4]).unwrap().content.tags;
    assert_eq!(written.as_slice(), [tag("ｐｒｉｃｉｎｇ")]);
    take(&store, "定价", "Pricing", 201);
    assert_eq!(tagged(&store, &["定价"]).len(), 3);
    // Without the book, the same word in another spelling is still the same tag.
    assert_eq!(tagged(&store, &["pricing"]), set(&["无标签"]));
}

#[test]
fn searching_finds_tags_by_any_of_their_words_beside_texts() {
    let profile = Profile::new(3_301);
    let store = profile.open();
    let with_tag = create(&store, "甲", 1, &profile.random);
    describe(
        &store,
        with_tag,
        Kind::Article,
        Access::Public,
        &["人工智能"],
    );
    let with_text = create(&store, "乙", 2, &profile.random);
    write(&store, with_text, "AI 写作", 3, &profile.random);
    let search = |words: &str| {
        let list = DraftFilter {
            query: SearchQuery::parse(words),
            limit: 10,
            ..DraftFilter::default()
        };
        let page = store.list_drafts(&list).unwrap();
        let titles = page.drafts.into_iter().map(|draft| draft.title);
        titles.collect::<BTreeSet<String>>()
    };
    assert_eq!(search("AI"), set(&["乙"]));
    assert_eq!(search("人工智能"), set(&["甲"]));
    give(&store, "人工智能", &["AI", "Artificial Intelligence"], 10).unwrap();
    assert_eq!(search("ai"), set(&["甲", "乙"]));
    assert_eq!(search("#artificial  intelligence"), set(&["甲"]));
    assert_eq!(search("artificial"), set(&[]));
}

#[test]
fn tags_are_listed_with_their_drafts_and_words_each_draft_once() {
    let profile = Profile::new(3_302);
    let store = profile.open();
    assert_eq!(store.tags().unwrap(), []);
    let ids = five(&profile, &store);
    describe(
        &store,
        ids[4],
        Kind::Article,
        Access::Public,
        &["价格", "定价"],
    );
    give(&store, "定价", &["价格"], 200).unwrap();
    give(&store, "没人用的", &["unused"], 201).unwrap();
    assert_eq!(
        tags(&store),
        [
            row("定价", 4, &["价格"]),
            row("入门", 2, &[]),
            row("旧文", 2, &[]),
            row("没人用的", 0, &["unused"]),
        ]
    );
    store.bin_draft(ids[4], at(202)).unwrap();
    assert_eq!(tags(&store)[0], row("定价", 3, &["价格"]));
}

#[test]
fn a_tag_is_renamed_wherever_it_is_written_in_one_step() {
    let profile = Profile::new(3_303);
    let store = profile.open();
    let ids = five(&profile, &store);
    describe(
        &store,
        ids[4],
        Kind::Article,
        Access::Public,
        &["收费", "定价"],
    );
    give(&store, "定价", &["Pricing"], 200).unwrap();
    let before = tags(&store);
    let n_waiting = store.counts().unwrap().n_waiting;
    let done = rename(&store, "定价", "收费", true, 300);
    assert_eq!((done.n_changed, done.left.len()), (4, 0));
    assert_eq!(tags(&store)[0], row("收费", 4, &["Pricing", "定价"]));
    // A draft that had both names has one of them now.
    let written = store.draft(ids[4]).unwrap().content.tags;
    assert_eq!(written.as_slice(), [tag("收费")]);
    let step = store.undo_state().unwrap().undo.unwrap();
    assert_eq!((step.kind, step.n_of), (StepKind::RenameTag, 4));
    assert_eq!(step.title, "定价 → 收费");
    store.undo(at(301)).unwrap().unwrap();
    assert_eq!(tags(&store), before);
    assert_eq!(store.counts().unwrap().n_waiting, n_waiting);
    store.redo(at(302)).unwrap().unwrap();
    assert_eq!(tags(&store)[0], row("收费", 4, &["Pricing", "定价"]));
    store.undo(at(303)).unwrap().unwrap();
    // Without keeping the old name it leads nowhere.
    rename(&store, "定价", "标价", false, 304);
    assert_eq!(tags(&store)[0], row("标价", 4, &["Pricing"]));
    assert_eq!(tagged(&store, &["定价"]), set(&[]));
    // What makes no difference is no step.
    let steps = store.undo_state().unwrap();
    assert_eq!(rename(&store, "没有的", "也没有", false, 305).n_changed, 0);
    assert_eq!(store.undo_state().unwrap(), steps);
}

#[test]
fn a_renaming_that_was_sent_is_taken_back_except_where_somebody_changed_the_tags_since() {
    let (profile, other) = (Profile::new(3_304), Profile::new(3_305));
    let (store, there) = (profile.open(), other.open());
    store.set_link(&link(1, "e")).unwrap();
    there.set_link(&link(2, "e")).unwrap();
    let mut server = Server::default();
    let ids = five(&profile, &store);
    give(&store, "定价", &["Pricing"], 200).unwrap();
    rename(&store, "定价", "收费", true, 201);
    push_all(&mut server, 1, &store, at(202));
    pull_all(&server, 1, &store, at(203));
    pull_all(&server, 2, &there, at(204));
    assert_eq!(tags(&there), tags(&store));
    describe(&there, ids[0], Kind::Article, Access::Public, &["别的"]);
    push_all(&mut server, 2, &there, at(205));
    pull_all(&server, 1, &store, at(206));
    let turned = store.undo(at(207)).unwrap().unwrap();
    assert_eq!(turned.passed_over, None);
    assert_eq!(tagged(&store, &["定价"]), set(&["注册课程", "单卖专栏"]));
    assert_eq!(tagged(&store, &["别的"]), set(&["公开文章"]));
    assert_eq!(tags(&store)[0], row("定价", 2, &["Pricing"]));
    push_all(&mut server, 1, &store, at(208));
    pull_all(&server, 1, &store, at(209));
    pull_all(&server, 2, &there, at(210));
    assert_eq!(tags(&there), tags(&store));
}

#[test]
fn more_drafts_than_go_into_one_transaction_are_one_step_all_the_same() {
    let profile = Profile::new(3_306);
    let store = profile.open();
    for n in 0..450 {
        let id = create(&store, &format!("第 {n} 篇"), n, &profile.random);
        describe(&store, id, Kind::Article, Access::Public, &["旧名", "别的"]);
    }
    store.forget_steps().unwrap();
    assert_eq!(store.n_to_rename(&tag("旧名")).unwrap(), 450);
    assert_eq!(rename(&store, "旧名", "新名", false, 1_000).n_changed, 450);
    assert_eq!(tags(&store), [row("别的", 450, &[]), row("新名", 450, &[])]);
    assert_eq!(store.undo_state().unwrap().undo.unwrap().n_of, 450);
    store.undo(at(1_001)).unwrap().unwrap();
    assert_eq!(tags(&store), [row("别的", 450, &[]), row("旧名", 450, &[])]);
    assert_eq!(store.undo_state().unwrap().undo, None);
}

#[test]
fn who_comes_second_with_a_word_is_told_whose_it_is_and_loses_nothing() {
    let (profile, other) = (Profile::new(3_307), Profile::new(3_308));
    let (store, there) = (profile.open(), other.open());
    store.set_link(&link(1, "e")).unwrap();
    there.set_link(&link(2, "e")).unwrap();
    let mut server = Server::default();
    give(&there, "人工智能", &["AI"], 1).unwrap();
    give(&store, "机器学习", &["ａｉ"], 2).unwrap();
    push_all(&mut server, 2, &there, at(3));
    push_all(&mut server, 1, &store, at(4));
    pull_all(&server, 1, &store, at(5));
    let failed = store.failed(10).unwrap();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].kind, ChangeKind::TagSynonyms);
    assert_eq!(failed[0].title, "ａｉ → 机器学习");
    assert_eq!(
        failed[0].code.as_deref(),
        Some(RejectCode::WordTaken.as_str())
    );
    let taken = failed[0].taken.as_ref().unwrap();
    assert_eq!((&taken.word, &taken.tag), (&tag("ａｉ"), &tag("人工智能")));
    // The server's order counts here too, and the change waits for a decision.
    assert_eq!(tags(&store), [row("人工智能", 0, &["AI"])]);
    take(&store, "人工智能", "AI", 6);
    store.retry(failed[0].lid, at(7)).unwrap();
    push_all(&mut server, 1, &store, at(8));
    pull_all(&server, 1, &store, at(9));
    assert_eq!(store.failed(10).unwrap(), []);
    assert_eq!(tags(&store), [row("机器学习", 0, &["ａｉ"])]);
    pull_all(&server, 2, &there, at(10));
    assert_eq!(tags(&there), tags(&store));
}

#[test]
fn words_that_two_computers_give_to_one_tag_both_stay_and_undo_takes_only_its_own() {
    let (profile, other) = (Profile::new(3_309), Profile::new(3_310));
    let (store, there) = (profile.open(), other.open());
    store.set_link(&link(1, "e")).unwrap();
    there.set_link(&link(2, "e")).unwrap();
    let mut server = Server::default();
    give(&store, "人工智能", &["AI"], 1).unwrap();
    give(&there, "人工智能", &["智能"], 2).unwrap();
    push_all(&mut server, 1, &store, at(3));
    push_all(&mut server, 2, &there, at(4));
    pull_all(&server, 1, &store, at(5));
    assert_eq!(tags(&store), [row("人工智能", 0, &["AI", "智能"])]);
    store.undo(at(6)).unwrap().unwrap();
    push_all(&mut server, 1, &store, at(7));
    pull_all(&server, 2, &there, at(8));
    assert_eq!(tags(&there), [row("人工智能", 0, &["智能"])]);
}

#[test]
fn many_drafts_are_given_a_tag_once_and_lose_it_by_any_word() {
    let profile = Profile::new(3_316);
    let store = profile.open();
    let ids = five(&profile, &store);
    give(&store, "定价", &["价格"], 200).unwrap();
    let change = |what: BulkChange| {
        let which = Which::These(ids.clone());
        store.change_drafts(&which, &what, at(300)).unwrap()
    };
    let done = change(BulkChange::AddTag(tag("价格")));
    assert_eq!((done.n_changed, done.n_same), (2, 3));
    let done = change(BulkChange::RemoveTag(tag("定价")));
    assert_eq!((done.n_changed, done.n_same), (5, 0));
    assert_eq!(tagged(&store, &["价格"]), set(&[]));
}

#[test]
fn a_role_that_does_not_keep_tags_is_refused_and_nothing_is_changed() {
    let profile = Profile::new(3_311);
    let store = profile.open();
    let ids = five(&profile, &store);
    let mut own = link(1, "e");
    own.role = Role::Expert;
    store.set_link(&own).unwrap();
    let before = store.counts().unwrap().n_waiting;
    for refused in [
        give(&store, "定价", &["价格"], 1).unwrap_err(),
        store
            .rename_tag(
                &TagRename {
                    from: tag("定价"),
                    into: tag("收费"),
                    keep: false,
                },
                None,
                at(2),
            )
            .unwrap_err(),
    ] {
        let StoreError::Rejected(reject) = refused else {
            panic!("{refused}");
        };
        assert_eq!(reject.code, RejectCode::NotAllowed);
    }
    assert_eq!(store.counts().unwrap().n_waiting, before);
    let written = store.draft(ids[1]).unwrap().content.tags;
    assert_eq!(written.as_slice(), [tag("定价")]);
}

#[test]
fn another_word_for_the_same_tag_is_no_unpublished_change() {
    let profile = Profile::new(3_312);
    let store = profile.open();
    let ids = five(&profile, &store);
    store
        .publish(ids[1], PublishAt::default(), at(200))
        .unwrap();
    let is_changed = || store.draft(ids[1]).unwrap().is_changed;
    rename(&store, "定价", "收费", false, 201);
    assert!(is_changed());
    store.undo(at(202)).unwrap().unwrap();
    rename(&store, "定价", "收费", true, 203);
    assert!(!is_changed());
    let changed = ListFilter {
        is_changed: true,
        ..ListFilter::default()
    };
    let list = DraftFilter {
        filter: changed,
        shelf: stoa_domain::Shelf::Published,
        now: at(1_000),
        limit: 10,
        ..DraftFilter::default()
    };
    assert_eq!(store.list_drafts(&list).unwrap().n_total, 0);
    take(&store, "收费", "定价", 204);
    assert!(is_changed());
    assert_eq!(store.list_drafts(&list).unwrap().n_total, 1);
}

#[test]
fn a_book_goes_out_and_comes_back_as_one_step_with_what_is_free_here() {
    let (profile, other) = (Profile::new(3_313), Profile::new(3_314));
    let (store, there) = (profile.open(), other.open());
    create(&store, "一篇", 1, &profile.random);
    give(&store, "人工智能", &["AI"], 2).unwrap();
    give(&store, "定价", &["价格", "Pricing"], 3).unwrap();
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let written = folders.each_ref().map(|folder| {
        store.export(folder.path()).unwrap();
        std::fs::read(folder.path().join("tags.json")).unwrap()
    });
    assert_eq!(written[0], written[1]);
    give(&there, "标价", &["价格"], 4).unwrap();
    let book: Vec<(Tag, Vec<Tag>)> = store
        .tag_book()
        .unwrap()
        .entries()
        .map(|entry| (entry.name.clone(), entry.synonyms.clone()))
        .collect();
    let (done, step) = there.import_tags(&book, None, at(5)).unwrap();
    assert_eq!((done.n_new, done.n_left), (2, 1));
    assert_eq!(
        tags(&there),
        [
            row("人工智能", 0, &["AI"]),
            row("定价", 0, &["Pricing"]),
            row("标价", 0, &["价格"]),
        ]
    );
    let (again, none) = there.import_tags(&book, None, at(6)).unwrap();
    assert_eq!((again.n_new, again.n_left, none), (0, 1, None));
    there.undo_step(step.unwrap(), at(7)).unwrap().unwrap();
    assert_eq!(tags(&there), [row("标价", 0, &["价格"])]);
}

#[test]
fn a_book_and_what_waits_of_it_survive_the_program() {
    let profile = Profile::new(3_315);
    let store = profile.open();
    give(&store, "人工智能", &["AI"], 1).unwrap();
    drop(store);
    let store = profile.open();
    assert_eq!(tags(&store), [row("人工智能", 0, &["AI"])]);
    assert!(store.verify().unwrap().is_empty());
}
