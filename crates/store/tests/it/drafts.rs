use stoa_domain::{DraftId, SearchQuery, Shelf};
use stoa_mutators::MAX_MUTATION_BYTES;
use stoa_store::test_support::Profile;
use stoa_store::{DraftFilter, PageKey, Saved, StoreError};

use super::{at, create, list, title, titles, write};

#[test]
fn drafts_survive_a_restart_newest_first() {
    let profile = Profile::new(1);
    {
        let store = profile.open();
        let first = create(&store, "第一", 1, &profile.random);
        create(&store, "第二", 2, &profile.random);
        write(&store, first, "正文", 3, &profile.random);
    }
    let store = profile.open();
    assert_eq!(titles(&store), ["第一", "第二"]);
    let first = &list(&store)[0];
    assert_eq!((first.excerpt.as_str(), first.n_words), ("正文", 2));
    assert_eq!((first.created_at, first.edited_at), (at(1), at(3)));
    assert_eq!(first.saved, Saved::OnThisComputer);
    assert_eq!(store.markdown(first.id).unwrap(), "正文");
}

#[test]
fn a_draft_is_renamed_binned_restored_and_copied() {
    let profile = Profile::new(2);
    let store = profile.open();
    let id = create(&store, "旧", 1, &profile.random);
    write(&store, id, "# 题\n\n正文", 2, &profile.random);
    assert_eq!(
        store.rename_draft(id, title("新"), at(3)).unwrap().title,
        "新"
    );
    assert_eq!(store.bin_draft(id, at(4)).unwrap().binned_at, Some(at(4)));
    assert_eq!(titles(&store), Vec::<String>::new());
    let bin = DraftFilter {
        shelf: Shelf::Bin,
        limit: 10,
        ..DraftFilter::default()
    };
    assert_eq!(store.list_drafts(&bin).unwrap().n_total, 1);
    assert_eq!(store.restore_draft(id, at(5)).unwrap().binned_at, None);
    let copy = store
        .duplicate_draft(id, title("副本"), at(6), &profile.random)
        .unwrap();
    assert_eq!(store.markdown(copy.id).unwrap(), "# 题\n\n正文");
    assert_eq!(titles(&store), ["副本", "新"]);
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let profile = Profile::new(3);
    let store = profile.open();
    for n in 0..25 {
        // Several with the same time.
        create(&store, &format!("{n}"), n / 4, &profile.random);
    }
    let mut seen = Vec::new();
    let mut after: Option<PageKey> = None;
    loop {
        let page = store
            .list_drafts(&DraftFilter {
                after,
                limit: 7,
                ..DraftFilter::default()
            })
            .unwrap();
        assert_eq!(page.n_total, 25);
        seen.extend(page.drafts.into_iter().map(|draft| draft.title));
        match page.next {
            // The key travels as text.
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => break,
        }
    }
    let expected: Vec<String> = (0..25).rev().map(|n| n.to_string()).collect();
    assert_eq!(seen, expected);
}

#[test]
fn search_finds_two_character_words_in_title_and_text() {
    let profile = Profile::new(4);
    let store = profile.open();
    let id = create(&store, "会员制", 1, &profile.random);
    write(
        &store,
        id,
        "怎样运营**社群**？About Rust.",
        2,
        &profile.random,
    );
    let binned = create(&store, "社群规则", 3, &profile.random);
    store.bin_draft(binned, at(4)).unwrap();
    let find = |words: &str, shelf: Shelf| {
        let page = store
            .list_drafts(&DraftFilter {
                query: SearchQuery::parse(words),
                shelf,
                now: at(1_000),
                limit: 10,
                ..DraftFilter::default()
            })
            .unwrap();
        assert_eq!(page.n_total, page.drafts.len() as u64);
        page.drafts
    };
    let hits = find("社群", Shelf::Drafts);
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].excerpt, "怎样运营社群？About Rust.");
    assert_eq!(find("社群", Shelf::Bin).len(), 1);
    assert_eq!(find("会员", Shelf::Drafts).len(), 1);
    assert_eq!(find("群", Shelf::Drafts).len(), 1);
    assert_eq!(find("rust 运营", Shelf::Drafts).len(), 1);
    assert_eq!(find("不在", Shelf::Drafts).len(), 0);
    store.rename_draft(id, title("改名"), at(5)).unwrap();
    assert_eq!(find("会员", Shelf::Drafts).len(), 0);
    assert_eq!(find("改名 社群", Shelf::Drafts).len(), 1);
}

#[test]
fn a_large_text_is_found_too() {
    let profile = Profile::new(5);
    let store = profile.open();
    let id = create(&store, "长", 1, &profile.random);
    let long = format!("{}针眼{}", "前文".repeat(20_000), "后文".repeat(20_000));
    write(&store, id, &long, 2, &profile.random);
    let page = store
        .list_drafts(&DraftFilter {
            query: SearchQuery::parse("针眼"),
            limit: 10,
            ..DraftFilter::default()
        })
        .unwrap();
    assert_eq!(page.n_total, 1);
    assert!(page.drafts[0].excerpt.contains("针眼"));
    assert_eq!(page.drafts[0].n_words, 80_002);
}

#[test]
fn a_text_is_imported_in_one_step_and_too_large_a_one_leaves_nothing() {
    let profile = Profile::new(6);
    let store = profile.open();
    let draft = store
        .import_draft(title("文件"), "一\r\n二\0三", at(1), &profile.random)
        .unwrap();
    assert_eq!(store.markdown(draft.id).unwrap(), "一\n二三");
    let too_large = "字".repeat(2 * 1024 * 1024);
    let result = store.import_draft(title("大"), &too_large, at(2), &profile.random);
    assert!(matches!(result, Err(StoreError::TooLarge { .. })));
    assert_eq!(titles(&store), ["文件"]);
    assert_eq!(store.counts().unwrap().n_waiting, 2);
}

#[test]
fn what_is_not_there_cannot_be_changed() {
    let profile = Profile::new(7);
    let store = profile.open();
    let nobody = DraftId::from_bytes([1; 16]);
    assert!(matches!(store.draft(nobody), Err(StoreError::NotFound)));
    assert!(matches!(
        store.bin_draft(nobody, at(1)),
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        store.open_text(nobody, &profile.random),
        Err(StoreError::NotFound)
    ));
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    const { assert!(MAX_MUTATION_BYTES >= 200 * 4) };
}
