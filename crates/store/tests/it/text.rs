use stoa_domain::{MAX_BODY_BYTES, Splice, apply_splices};
use stoa_mutators::MAX_MUTATION_BYTES;
use stoa_store::test_support::Profile;
use stoa_store::{ChangeKind, StoreError};

use super::{at, create, insert, write};

#[test]
fn every_edit_is_on_the_disk_when_it_is_answered() {
    let profile = Profile::new(20);
    let id;
    {
        let store = profile.open();
        id = create(&store, "稿", 1, &profile.random);
        let opened = store.open_text(id, &profile.random).unwrap();
        assert!(opened.editable);
        for (n, text) in ["今天", "写", "一点"].into_iter().enumerate() {
            let outcome = store
                .edit_text(
                    opened.session,
                    None,
                    &[insert(0, text)],
                    at(n as i64),
                    &profile.random,
                )
                .unwrap();
            assert_eq!(outcome.remote, None);
        }
        // Not closed: the program ends here.
    }
    let store = profile.open();
    assert_eq!(store.markdown(id).unwrap(), "一点写今天");
    assert_eq!(
        store.open_text(id, &profile.random).unwrap().markdown,
        "一点写今天"
    );
}

#[test]
fn edits_that_were_not_sent_become_one_change() {
    let profile = Profile::new(21);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    for n in 0..20 {
        write(&store, id, "字", n, &profile.random);
    }
    let waiting = store.waiting(10).unwrap();
    let kinds: Vec<_> = waiting.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [ChangeKind::Create, ChangeKind::Write]);
    assert_eq!(waiting[1].made_at, at(19));
}

#[test]
fn two_windows_on_one_draft_see_each_others_writing() {
    let profile = Profile::new(22);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "甲乙", 1, &profile.random);
    let one = store.open_text(id, &profile.random).unwrap();
    let two = store.open_text(id, &profile.random).unwrap();
    let edit = |session, applied, splices: &[Splice]| {
        store
            .edit_text(session, applied, splices, at(5), &profile.random)
            .unwrap()
    };
    edit(one.session, None, &[insert(0, "一")]);
    // The second window has typed before the patch came: it is offered again, made anew.
    let first_offer = edit(two.session, None, &[]).remote.unwrap();
    assert_eq!(apply_splices("甲乙", &first_offer.1).unwrap(), "一甲乙");
    let second_offer = edit(two.session, None, &[insert(2, "二")]).remote.unwrap();
    assert_ne!(first_offer.0, second_offer.0);
    assert_eq!(
        apply_splices("甲乙二", &second_offer.1).unwrap(),
        "一甲乙二"
    );
    // Applied, and typed on top of it.
    let outcome = edit(two.session, Some(second_offer.0), &[insert(4, "！")]);
    assert_eq!(outcome.remote, None);
    assert_eq!(store.markdown(id).unwrap(), "一甲乙二！");
    let patch = edit(one.session, None, &[]).remote.unwrap();
    assert_eq!(apply_splices("一甲乙", &patch.1).unwrap(), "一甲乙二！");
}

#[test]
fn a_confirmation_that_comes_twice_does_no_harm_and_an_unknown_one_ends_the_session() {
    let profile = Profile::new(23);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    let one = store.open_text(id, &profile.random).unwrap().session;
    let two = store.open_text(id, &profile.random).unwrap().session;
    let edit = |session, applied, splices: &[Splice]| {
        store.edit_text(session, applied, splices, at(5), &profile.random)
    };
    edit(one, None, &[insert(0, "一")]).unwrap();
    let offer = edit(two, None, &[]).unwrap().remote.unwrap();
    edit(two, Some(offer.0), &[]).unwrap();
    assert_eq!(
        edit(two, Some(offer.0), &[insert(1, "二")]).unwrap().remote,
        None
    );
    assert!(matches!(
        edit(two, Some(99), &[]),
        Err(StoreError::SessionEnded)
    ));
    assert!(matches!(
        edit(two, None, &[]),
        Err(StoreError::SessionEnded)
    ));
    assert_eq!(store.markdown(id).unwrap(), "一二");
}

#[test]
fn a_splice_that_does_not_fit_ends_the_session_and_changes_nothing() {
    let profile = Profile::new(24);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "a😀b", 1, &profile.random);
    for bad in [
        insert(9, "x"),
        insert(2, "x"),
        Splice {
            at: 1,
            delete: 1,
            insert: String::new(),
        },
    ] {
        let session = store.open_text(id, &profile.random).unwrap().session;
        let splices = [
            insert(0, "vorher"),
            Splice {
                at: bad.at + 6,
                ..bad
            },
        ];
        let result = store.edit_text(session, None, &splices, at(2), &profile.random);
        assert!(matches!(result, Err(StoreError::SessionEnded)));
        assert_eq!(store.markdown(id).unwrap(), "a😀b");
    }
    assert!(store.verify().unwrap().is_empty());
}

#[test]
fn nul_and_foreign_line_breaks_are_taken_out_and_the_window_learns_of_it() {
    let profile = Profile::new(25);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    let session = store.open_text(id, &profile.random).unwrap().session;
    let typed = "a\0b\r\nc\rd";
    let outcome = store
        .edit_text(session, None, &[insert(0, typed)], at(2), &profile.random)
        .unwrap();
    let (_, splices) = outcome.remote.unwrap();
    assert_eq!(apply_splices(typed, &splices).unwrap(), "ab\nc\nd");
    assert_eq!(store.markdown(id).unwrap(), "ab\nc\nd");
}

#[test]
fn a_large_paste_is_cut_into_changes_that_travel() {
    let profile = Profile::new(26);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    let session = store.open_text(id, &profile.random).unwrap().session;
    let mut paste = String::new();
    let mut n = 0_u64;
    while paste.len() < 1024 * 1024 {
        // Hard to compress.
        paste.push_str(&format!("段{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        n += 1;
    }
    store
        .edit_text(session, None, &[insert(0, &paste)], at(2), &profile.random)
        .unwrap();
    assert_eq!(store.markdown(id).unwrap(), paste);
    let waiting = store.waiting(100).unwrap();
    assert!(waiting.len() > 5, "{}", waiting.len());
    for entry in &waiting {
        assert!(entry.size <= MAX_MUTATION_BYTES as u64, "{}", entry.size);
    }
    drop(store);
    let store = profile.open();
    assert_eq!(
        store.open_text(id, &profile.random).unwrap().markdown,
        paste
    );
}

#[test]
fn a_text_does_not_grow_beyond_its_limit() {
    let profile = Profile::new(27);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    let session = store.open_text(id, &profile.random).unwrap().session;
    let edit = |splices: &[Splice]| store.edit_text(session, None, splices, at(2), &profile.random);
    edit(&[insert(0, &"x".repeat(MAX_BODY_BYTES - 1))]).unwrap();
    let result = edit(&[insert(0, "字")]);
    assert!(matches!(
        result,
        Err(StoreError::TooLarge {
            limit: MAX_BODY_BYTES
        })
    ));
    // The session goes on, and what makes room is taken.
    let replace = Splice {
        at: 0,
        delete: 3,
        insert: "字".to_owned(),
    };
    edit(&[replace]).unwrap();
    assert_eq!(store.markdown(id).unwrap().len(), MAX_BODY_BYTES - 1);
}

#[test]
fn a_binned_draft_is_not_editable_but_what_was_typed_meanwhile_is_kept() {
    let profile = Profile::new(28);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    let session = store.open_text(id, &profile.random).unwrap().session;
    store.bin_draft(id, at(2)).unwrap();
    store
        .edit_text(session, None, &[insert(0, "晚了")], at(3), &profile.random)
        .unwrap();
    assert_eq!(store.markdown(id).unwrap(), "晚了");
    assert!(!store.open_text(id, &profile.random).unwrap().editable);
}

#[test]
fn hundreds_of_edits_are_stored_as_one_snapshot_now_and_then() {
    let profile = Profile::new(29);
    let id;
    {
        let store = profile.open();
        id = create(&store, "稿", 1, &profile.random);
        let session = store.open_text(id, &profile.random).unwrap().session;
        for n in 0..450 {
            store
                .edit_text(session, None, &[insert(n, "字")], at(2), &profile.random)
                .unwrap();
        }
    }
    let store = profile.open();
    let opened = store.open_text(id, &profile.random).unwrap();
    assert_eq!(opened.markdown, "字".repeat(450));
    assert_eq!(opened.listing.n_words, 450);
}
