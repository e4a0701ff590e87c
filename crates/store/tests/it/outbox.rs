use stoa_store::test_support::Profile;
use stoa_store::{ChangeKind, ChangeText, HistoryKind, Store, StoreError};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, insert, title, titles, write};

#[test]
fn taking_back_a_rename_shows_the_old_title() {
    let mut server = Server::default();
    let profile = Profile::new(80);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "旧", 1, &profile.random);
    push_all(&mut server, 1, &store, at(1));
    pull_all(&server, 1, &store, at(1));
    store.rename_draft(id, title("新"), at(2)).unwrap();
    let rename = store.waiting(10).unwrap().pop().unwrap();
    assert_eq!(
        (rename.kind, rename.title.as_str()),
        (ChangeKind::Rename, "新")
    );
    store.discard(rename.lid, at(3)).unwrap();
    assert_eq!(titles(&store), ["旧"]);
    assert_eq!(store.history(1).unwrap()[0].kind, HistoryKind::Discarded);
    assert!(matches!(
        store.discard(rename.lid, at(4)),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn taking_back_a_creation_takes_everything_back_and_keeps_the_text() {
    let profile = Profile::new(81);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "写了半天", 2, &profile.random);
    let session = store.open_text(id, &profile.random).unwrap().session;
    let lid = store.waiting(1).unwrap()[0].lid;
    store.discard(lid, at(3)).unwrap();
    assert_eq!(titles(&store), Vec::<String>::new());
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    let result = store.edit_text(session, None, &[insert(0, "x")], at(4), &profile.random);
    assert!(matches!(result, Err(StoreError::SessionEnded)));
    let kept = &store.history(1).unwrap()[0];
    assert_eq!(kept.kept_markdown.as_deref(), Some("写了半天"));
    let told = ChangeText {
        kind: ChangeKind::Create,
        title: "稿".to_owned(),
    };
    assert_eq!((kept.text.as_ref(), kept.at), (Some(&told), at(3)));
}

#[test]
fn taking_back_what_was_written_returns_to_what_the_server_has() {
    let mut server = Server::default();
    let profile = Profile::new(82);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "送过的", 2, &profile.random);
    push_all(&mut server, 1, &store, at(3));
    pull_all(&server, 1, &store, at(3));
    write(&store, id, "没送的", 4, &profile.random);
    let session = store.open_text(id, &profile.random).unwrap().session;
    let lid = store.waiting(1).unwrap()[0].lid;
    store.discard(lid, at(5)).unwrap();
    assert_eq!(store.markdown(id).unwrap(), "送过的");
    let result = store.edit_text(session, None, &[insert(0, "x")], at(6), &profile.random);
    assert!(matches!(result, Err(StoreError::SessionEnded)));
    assert_eq!(
        store.history(1).unwrap()[0].kept_markdown.as_deref(),
        Some("没送的送过的")
    );
    // Writing goes on from there, and it reaches the server.
    write(&store, id, "新写的", 7, &profile.random);
    push_all(&mut server, 1, &store, at(8));
    let other = Profile::new(83);
    let second = other.open();
    pull_all(&server, 2, &second, at(9));
    assert_eq!(second.markdown(id).unwrap(), "新写的送过的");
}

#[test]
fn what_is_under_way_cannot_be_taken_back() {
    let profile = Profile::new(84);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "稿", 1, &profile.random);
    store.take_push(10, 1 << 20, at(2)).unwrap();
    write(&store, id, "后来", 3, &profile.random);
    for entry in store.waiting(10).unwrap() {
        let result = store.discard(entry.lid, at(4));
        match entry.kind {
            ChangeKind::Create => assert!(matches!(result, Err(StoreError::UnderWay))),
            _ => result.unwrap(),
        }
    }
    assert_eq!(store.markdown(id).unwrap(), "");
}

#[test]
fn the_history_is_told_newest_first() {
    let profile = Profile::new(85);
    let store = profile.open();
    store.record(HistoryKind::Offline, 0, None, at(1)).unwrap();
    let told = ChangeText {
        kind: ChangeKind::Bin,
        title: "稿".to_owned(),
    };
    store
        .record(HistoryKind::Restored, 2, Some(&told), at(2))
        .unwrap();
    let history = store.history(10).unwrap();
    let kinds: Vec<_> = history.iter().map(|line| line.kind).collect();
    assert_eq!(kinds, [HistoryKind::Restored, HistoryKind::Offline]);
    assert_eq!((history[0].n, history[0].text.as_ref()), (2, Some(&told)));
}

fn sent(store: &Store, millis: i64) -> Vec<String> {
    let taken = store.take_push(50, 1 << 20, at(millis)).unwrap();
    let title = |args: &serde_json::Value| args["title"].as_str().unwrap_or_default().to_owned();
    taken.iter().map(|sent| title(&sent.args)).collect()
}

#[test]
fn a_change_that_waits_for_an_attachment_holds_up_its_own_draft_only() {
    let profile = Profile::new(86);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "带图的", 1, &profile.random);
    let lid = store.waiting(1).unwrap()[0].lid;
    let (first, second) = ("a".repeat(64), "b".repeat(64));
    store
        .wait_for(lid, &[first.clone(), second.clone()])
        .unwrap();
    store.bin_draft(id, at(2)).unwrap();
    create(&store, "别的", 3, &profile.random);
    let counts = store.counts().unwrap();
    assert_eq!((counts.n_waiting, counts.n_ready), (3, 1));
    assert_eq!(sent(&store, 4), ["别的"]);
    store.attachment_arrived(&first).unwrap();
    assert_eq!(
        store.waiting(9).unwrap()[0].needs,
        std::slice::from_ref(&second)
    );
    assert_eq!(sent(&store, 5), ["别的"], "one is still missing");
    store.attachment_arrived(&second).unwrap();
    assert_eq!(sent(&store, 6), ["别的", "带图的", ""]);
    assert!(matches!(
        store.wait_for(lid, &[first]),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn what_is_kept_back_waits_until_it_is_released() {
    let profile = Profile::new(57);
    let store = profile.open();
    let first = create(&store, "一", 1, &profile.random);
    write(&store, first, "字", 2, &profile.random);
    create(&store, "二", 3, &profile.random);
    assert_eq!(store.counts().unwrap().n_intents, 2);
    let lid = store.waiting(10).unwrap()[0].lid;
    store.keep_back(lid, true).unwrap();
    let titles = |store: &Store| -> Vec<String> {
        let sent = store.take_push(10, 1 << 20, at(4)).unwrap();
        sent.iter()
            .map(|one| one.args["title"].as_str().unwrap_or("").to_owned())
            .collect()
    };
    assert_eq!(titles(&store), ["二"]);
    drop(store);
    let store = profile.open();
    assert!(
        store.waiting(10).unwrap()[0].kept_back,
        "it is kept back after a restart too"
    );
    store.keep_back(lid, false).unwrap();
    assert_eq!(titles(&store), ["二", "一", ""]);
    assert!(matches!(
        store.keep_back(lid, true),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn a_draft_can_go_first_and_keeps_its_own_order() {
    let profile = Profile::new(58);
    let store = profile.open();
    create(&store, "一", 1, &profile.random);
    let second = create(&store, "二", 2, &profile.random);
    store.bin_draft(second, at(3)).unwrap();
    let lid = store.waiting(10).unwrap()[2].lid;
    store.send_first(lid).unwrap();
    let sent = store.take_push(10, 1 << 20, at(4)).unwrap();
    let names: Vec<&str> = sent.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["draft.create", "draft.bin", "draft.create"]);
    assert_eq!(sent[0].args["title"], "二");
}

#[test]
fn storage_is_counted_and_a_backup_shows() {
    let profile = Profile::new(59);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "四个汉字", 2, &profile.random);
    create(&store, "另", 3, &profile.random);
    store.bin_draft(id, at(4)).unwrap();
    store.backup(at(5)).unwrap();
    let storage = store.storage().unwrap();
    assert_eq!(
        (storage.n_drafts, storage.n_in_bin, storage.text_bytes),
        (1, 1, 12)
    );
    assert_eq!(
        (storage.n_backups, storage.last_backup_at),
        (1, Some(at(5)))
    );
    assert!(storage.database_bytes > 4096 && storage.backup_bytes > 4096);
}

#[test]
fn a_new_draft_with_its_title_and_its_text_is_one_intent() {
    let profile = Profile::new(88);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "", 1, &profile.random);
    store.rename_draft(id, title("会员定价"), at(2)).unwrap();
    write(&store, id, "正文", 3, &profile.random);
    store.bin_draft(id, at(4)).unwrap();
    let waiting = store.waiting(10).unwrap();
    assert_eq!(
        (
            waiting[0].kind,
            waiting[0].title.as_str(),
            waiting[0].made_at
        ),
        (ChangeKind::Create, "会员定价", at(1))
    );
    // The title went into the creation; the text and the bin are sent after it.
    let counts = store.counts().unwrap();
    assert_eq!((counts.n_intents, counts.n_waiting), (1, 3));
    let sent = store.take_push(10, 1 << 20, at(5)).unwrap();
    let names: Vec<&str> = sent.iter().map(|mutation| mutation.name.as_str()).collect();
    assert_eq!(names, ["draft.create", "doc.append", "draft.bin"]);
    // Once it was sent, another title is a change of its own.
    store.rename_draft(id, title("定价"), at(6)).unwrap();
    assert_eq!(
        store.waiting(10).unwrap().last().unwrap().kind,
        ChangeKind::Rename
    );
}

#[test]
fn a_refused_creation_takes_what_builds_on_it_along_with_one_explanation() {
    let mut server = Server::default();
    server.role = Some(stoa_domain::Role::Member);
    let profile = Profile::new(89);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "正文", 2, &profile.random);
    push_all(&mut server, 1, &store, at(3));
    let failed = store.failed(10).unwrap();
    assert_eq!(failed[0].code.as_deref(), Some("not_allowed"));
    let told = store.history(10).unwrap();
    let n_told = |kind| told.iter().filter(|line| line.kind == kind).count();
    assert_eq!(n_told(HistoryKind::Rejected), 1);
    assert_eq!((failed.len(), store.counts().unwrap().n_failed), (2, 1));
    // Sent again, everything of it goes again.
    server.role = None;
    store.retry(failed[0].lid, at(4)).unwrap();
    assert_eq!(store.failed(10).unwrap(), []);
    push_all(&mut server, 1, &store, at(5));
    pull_all(&server, 1, &store, at(5));
    assert_eq!(
        (
            store.counts().unwrap().n_failed,
            store.markdown(id).unwrap().as_str()
        ),
        (0, "正文")
    );
}
