//! The second copy of unsent work: what a database loses is put back from it, once.

use std::path::Path;

use stoa_domain::DraftId;
use stoa_store::test_support::Profile;
use stoa_store::{HistoryKind, NewFile, Store};

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, list, title, titles, write};

const LOG: &str = "outbox.log";

/// Puts an earlier database in the place of the present one, as somebody does by hand.
fn put_back_database(profile: &Profile, earlier: &Path) {
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(profile.dir().join(format!("studio.db{end}")));
    }
    let earlier = std::fs::read(earlier).unwrap();
    std::fs::write(profile.dir().join("studio.db"), earlier).unwrap();
}

fn read_log(profile: &Profile) -> Vec<u8> {
    std::fs::read(profile.dir().join(LOG)).unwrap()
}

/// What the history says was put back.
fn put_back(store: &Store) -> Vec<u64> {
    let lines = store.history(100).unwrap().into_iter();
    lines
        .filter(|line| line.kind == HistoryKind::PutBack)
        .map(|line| line.n)
        .collect()
}

/// What waits, as names, titles and texts.
fn waiting(store: &Store) -> Vec<(String, DraftId)> {
    let waiting = store.waiting(1_000).unwrap().into_iter();
    waiting
        .map(|entry| (entry.kind.as_str().to_owned(), entry.draft))
        .collect()
}

#[test]
fn what_an_older_database_has_lost_comes_back_once() {
    let profile = Profile::new(900);
    let store = profile.open();
    let first = create(&store, "一", 1, &profile.random);
    write(&store, first, "备份前写的。", 2, &profile.random);
    let backup = store.backup(at(3)).unwrap();
    write(&store, first, "备份后写的。", 4, &profile.random);
    let second = create(&store, "二", 5, &profile.random);
    write(&store, second, "全新的一篇。", 6, &profile.random);
    store.rename_draft(first, title("一改"), at(7)).unwrap();
    store.bin_draft(second, at(8)).unwrap();
    let (texts, expected) = (
        [first, second].map(|id| store.markdown(id).unwrap()),
        waiting(&store),
    );
    drop(store);
    put_back_database(&profile, &backup);
    for _ in 0..2 {
        let store = profile.open();
        assert_eq!(titles(&store), ["一改"]);
        assert!(store.draft(second).unwrap().binned_at.is_some());
        assert_eq!([first, second].map(|id| store.markdown(id).unwrap()), texts);
        assert_eq!(waiting(&store), expected);
        assert_eq!(put_back(&store).len(), 1);
        assert!(store.is_unsent_kept_twice());
        assert!(store.verify().unwrap().is_empty());
    }
}

#[test]
fn a_database_that_has_everything_is_left_as_it_is() {
    let profile = Profile::new(901);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "正文", 2, &profile.random);
    store.verify().unwrap();
    drop(store);
    let before = read_log(&profile);
    let store = profile.open();
    assert_eq!(put_back(&store), [0; 0]);
    drop(store);
    assert!(read_log(&profile) == before);
}

#[test]
fn what_was_answered_or_taken_back_does_not_come_again() {
    let profile = Profile::new(902);
    let mut server = Server::default();
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "稿", 1, &profile.random);
    push_all(&mut server, 1, &store, at(2));
    pull_all(&server, 1, &store, at(2));
    store.rename_draft(id, title("发出的"), at(3)).unwrap();
    let backup = store.backup(at(4)).unwrap();
    push_all(&mut server, 1, &store, at(5));
    store.bin_draft(id, at(6)).unwrap();
    let bin = store.waiting(10).unwrap().pop().unwrap();
    store.discard(bin.lid, at(7)).unwrap();
    drop(store);
    put_back_database(&profile, &backup);
    let store = profile.open();
    assert_eq!(waiting(&store), []);
    assert_eq!(put_back(&store), [0; 0]);
}

/// The server had heard of some of it under numbers that the older database has not given yet.
#[test]
fn a_database_that_was_put_back_goes_on_as_another_device_and_loses_nothing() {
    let profile = Profile::new(903);
    let mut server = Server::default();
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "第一段。", 2, &profile.random);
    let backup = store.backup(at(3)).unwrap();
    write(&store, id, "第二段。", 4, &profile.random);
    push_all(&mut server, 1, &store, at(5));
    pull_all(&server, 1, &store, at(5));
    write(&store, id, "没发的。", 6, &profile.random);
    let text = store.markdown(id).unwrap();
    drop(store);
    put_back_database(&profile, &backup);
    let store = profile.open();
    let now = store.link().unwrap().unwrap();
    assert!(now.device != link(1, "e").device && now.device_key != link(1, "e").device_key);
    assert!(now.tokens.is_none());
    write(&store, id, "之后写的。", 7, &profile.random);
    push_all(&mut server, 2, &store, at(8));
    pull_all(&server, 2, &store, at(9));
    let whole = store.markdown(id).unwrap();
    // Written at the same place without knowing of each other: in some order, and each once.
    for piece in text.split_inclusive('。').chain(["之后写的。"]) {
        assert_eq!(whole.matches(piece).count(), 1, "{piece}: {whole}");
    }
    assert_eq!(whole.matches('。').count(), 4);
    assert_eq!(waiting(&store), []);
    assert_eq!(store.failed(10).unwrap(), []);
    let other = Profile::new(904);
    let other = other.open();
    other.set_link(&link(3, "e")).unwrap();
    pull_all(&server, 3, &other, at(10));
    assert_eq!(other.markdown(id).unwrap(), whole);
}

/// Sent, and the answer was lost together with the database: the same again does no harm, and what
/// is written afterwards is not taken for a part of it.
#[test]
fn what_was_under_way_is_sent_again_as_it_was() {
    let profile = Profile::new(905);
    let mut server = Server::default();
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let backup = store.backup(at(0)).unwrap();
    let id = create(&store, "稿", 1, &profile.random);
    write(&store, id, "在路上的。", 2, &profile.random);
    for mutation in store.take_push(50, 1 << 20, at(3)).unwrap() {
        server.push(1, &mutation, at(3));
    }
    drop(store);
    put_back_database(&profile, &backup);
    let store = profile.open();
    assert_eq!(put_back(&store), [2]);
    write(&store, id, "后来的。", 4, &profile.random);
    push_all(&mut server, 2, &store, at(5));
    pull_all(&server, 2, &store, at(6));
    assert_eq!(store.failed(10).unwrap(), []);
    let other = Profile::new(906);
    let other = other.open();
    other.set_link(&link(3, "e")).unwrap();
    pull_all(&server, 3, &other, at(7));
    assert_eq!(other.markdown(id).unwrap(), "后来的。在路上的。");
}

#[test]
fn a_torn_tail_loses_only_the_frame_that_was_never_told() {
    let profile = Profile::new(907);
    let store = profile.open();
    let backup = store.backup(at(0)).unwrap();
    create(&store, "一", 1, &profile.random);
    create(&store, "二", 2, &profile.random);
    let whole = read_log(&profile);
    create(&store, "三", 3, &profile.random);
    let longer = read_log(&profile);
    drop(store);
    for end in [whole.len() + 1, whole.len() + 9, longer.len() - 1] {
        put_back_database(&profile, &backup);
        std::fs::write(profile.dir().join(LOG), &longer[..end]).unwrap();
        assert_eq!(titles(&profile.open()), ["二", "一"], "{end}");
    }
}

#[test]
fn frames_behind_a_damaged_one_are_found_and_the_damaged_file_stays() {
    let profile = Profile::new(908);
    let store = profile.open();
    let backup = store.backup(at(0)).unwrap();
    create(&store, "一", 1, &profile.random);
    let damaged_at = read_log(&profile).len() + 40;
    create(&store, "二", 2, &profile.random);
    create(&store, "三", 3, &profile.random);
    drop(store);
    let mut log = read_log(&profile);
    log[damaged_at] ^= 1;
    std::fs::write(profile.dir().join(LOG), &log).unwrap();
    put_back_database(&profile, &backup);
    let store = profile.open();
    assert_eq!(titles(&store), ["三", "一"]);
    drop(store);
    let kept = std::fs::read_dir(profile.dir()).unwrap().any(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        name.starts_with("outbox.log.damaged") && std::fs::read(entry.path()).unwrap() == log
    });
    assert!(kept);
}

#[test]
fn a_file_of_another_vault_adds_nothing_and_is_kept() {
    let (profile, other) = (Profile::new(909), Profile::new(910));
    create(&other.open(), "别人的", 1, &other.random);
    create(&profile.open(), "自己的", 1, &profile.random);
    std::fs::write(profile.dir().join(LOG), read_log(&other)).unwrap();
    let store = profile.open();
    assert_eq!(titles(&store), ["自己的"]);
    assert!(store.is_unsent_kept_twice());
    create(&store, "又一篇", 2, &profile.random);
    drop(store);
    assert_eq!(titles(&profile.open()), ["又一篇", "自己的"]);
}

/// A backup from before the file began, or from before it was lost and made anew.
#[test]
fn a_database_on_another_line_gets_what_it_does_not_know() {
    let profile = Profile::new(911);
    let store = profile.open();
    let first = create(&store, "一", 1, &profile.random);
    let backup = store.backup(at(2)).unwrap();
    drop(store);
    std::fs::remove_file(profile.dir().join(LOG)).unwrap();
    let store = profile.open();
    create(&store, "二", 3, &profile.random);
    drop(store);
    put_back_database(&profile, &backup);
    let store = profile.open();
    assert_eq!(titles(&store), ["二", "一"]);
    assert_eq!(put_back(&store), [1]);
    write(&store, first, "正文", 4, &profile.random);
    drop(store);
    assert_eq!(waiting(&profile.open()).len(), 3);
}

#[test]
fn files_that_were_never_sent_come_back_with_their_contents() {
    let profile = Profile::new(912);
    let store = profile.open();
    let id = create(&store, "稿", 1, &profile.random);
    let backup = store.backup(at(2)).unwrap();
    let new = NewFile {
        draft: id,
        name: "a.txt".to_owned(),
        must_be_image: false,
    };
    let contents = "附件".repeat(100_000).into_bytes();
    let added = store
        .add_file(&new, &mut contents.as_slice(), at(3), &profile.random)
        .unwrap();
    drop(store);
    put_back_database(&profile, &backup);
    let store = profile.open();
    let mut file = store.open_file(added.b3).unwrap().unwrap();
    assert!(file.read(0..u64::MAX).unwrap() == contents);
    assert!(!store.file(added.b3).unwrap().is_on_server);
}

#[test]
fn the_file_stays_small_while_much_is_written_and_sent() {
    let profile = Profile::new(913);
    let mut server = Server::default();
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "稿", 1, &profile.random);
    for n in 0..40 {
        for _ in 0..5 {
            write(
                &store,
                id,
                &"知识付费。".repeat(200),
                2 + n,
                &profile.random,
            );
        }
        push_all(&mut server, 1, &store, at(3 + n));
        pull_all(&server, 1, &store, at(3 + n));
    }
    let len = read_log(&profile).len();
    assert!(len < 600_000, "{len}");
    assert_eq!(list(&store).len(), 1);
}
