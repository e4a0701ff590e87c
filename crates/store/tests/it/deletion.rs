//! Drafts that are deleted for good: here, elsewhere, and while somebody works on them.

use std::time::Duration;

use stoa_domain::{DraftId, Shelf};
use stoa_mutators::{Key, Table};
use stoa_store::test_support::{Profile, tables_with};
use stoa_store::{
    ChangeKind, DraftFilter, NewFile, PullEnd, PushOutcome, Removal, Saved, Store, StoreError,
};

use super::server::{BUCKET, Server, link, pull_all, push_all};
use super::{at, create, insert, title, titles, write};

mod files;

/// Two computers of one person.
struct Two {
    server: Server,
    one: Profile,
    other: Profile,
    a: Store,
    b: Store,
}

impl Two {
    /// Both hold one draft with a text.
    fn sharing(seed: u64) -> (Self, DraftId) {
        let (one, other) = (Profile::new(seed), Profile::new(seed + 1));
        let (a, b) = (one.open(), other.open());
        a.set_link(&link(1, "e")).unwrap();
        b.set_link(&link(2, "e")).unwrap();
        let mut two = Self {
            server: Server::default(),
            one,
            other,
            a,
            b,
        };
        let id = create(&two.a, "会员定价", 1, &two.one.random);
        write(&two.a, id, "第一段", 2, &two.one.random);
        two.exchange();
        (two, id)
    }

    fn send_a(&mut self) {
        push_all(&mut self.server, 1, &self.a, at(50));
        pull_all(&self.server, 1, &self.a, at(50));
    }

    fn send_b(&mut self) {
        push_all(&mut self.server, 2, &self.b, at(50));
        pull_all(&self.server, 2, &self.b, at(50));
    }

    fn exchange(&mut self) {
        self.send_a();
        self.send_b();
        self.send_a();
    }

    fn delete_at_a(&mut self, id: DraftId) {
        self.a.bin_draft(id, at(10)).unwrap();
        self.a.delete_drafts(&[id], at(11)).unwrap();
        self.send_a();
    }
}

fn in_bin(store: &Store) -> Vec<String> {
    let filter = DraftFilter {
        shelf: Shelf::Bin,
        limit: 100,
        ..DraftFilter::default()
    };
    let page = store.list_drafts(&filter).unwrap();
    page.drafts.into_iter().map(|draft| draft.title).collect()
}

fn failed(store: &Store) -> Vec<(ChangeKind, Option<String>)> {
    let failed = store.failed(100).unwrap().into_iter();
    failed.map(|entry| (entry.kind, entry.code)).collect()
}

#[test]
fn a_draft_that_was_deleted_leaves_nothing_anywhere_but_in_the_journal() {
    let (mut two, id) = Two::sharing(900);
    two.b.rename_draft(id, title("改过一次"), at(5)).unwrap();
    two.exchange();
    two.exchange();
    two.delete_at_a(id);
    two.send_b();
    for store in [&two.a, &two.b] {
        assert_eq!((titles(store), in_bin(store)), (vec![], vec![]));
        assert_eq!(store.counts().unwrap().n_failed, 0);
        for words in ["第一段", "会员定价"] {
            let kept = tables_with(store, words);
            let allowed = ["journal", "history"];
            let left: Vec<_> = kept
                .iter()
                .filter(|name| !allowed.contains(&name.as_str()))
                .collect();
            assert!(left.is_empty(), "{words}: {left:?}");
        }
        assert_eq!(store.undo_state().unwrap().undo, None);
    }
    assert_eq!(two.server.keys(), []);
}

#[test]
fn only_a_draft_in_the_bin_can_be_deleted() {
    let (two, id) = Two::sharing(910);
    let refused = two.a.delete_drafts(&[id], at(10));
    assert!(
        matches!(refused, Err(StoreError::Rejected(_))),
        "{refused:?}"
    );
    assert_eq!(titles(&two.a), ["会员定价"]);
}

#[test]
fn what_somebody_wrote_restored_or_renamed_meanwhile_keeps_the_draft() {
    type Meanwhile = fn(&Two, DraftId);
    let meanwhile: [Meanwhile; 4] = [
        |two, id| write(&two.b, id, "别人的话", 20, &two.other.random),
        |two, id| drop(two.b.rename_draft(id, title("别人的标题"), at(20)).unwrap()),
        |two, id| drop(two.b.restore_draft(id, at(20)).unwrap()),
        |two, id| {
            let new = NewFile {
                draft: id,
                name: "附件.txt".to_owned(),
                must_be_image: false,
            };
            let added = two
                .b
                .add_file(&new, &mut b"file".as_slice(), at(20), &two.other.random);
            two.b.file_was_sent(added.unwrap().b3).unwrap();
        },
    ];
    for (n, change) in (0..).zip(meanwhile) {
        let (mut two, id) = Two::sharing(920 + n * 2);
        if n == 2 {
            two.a.bin_draft(id, at(9)).unwrap();
            two.exchange();
        } else {
            two.a.bin_draft(id, at(9)).unwrap();
        }
        two.a.delete_drafts(&[id], at(10)).unwrap();
        assert_eq!((titles(&two.a), in_bin(&two.a)), (vec![], vec![]));
        change(&two, id);
        two.send_b();
        two.exchange();
        let refused = [(ChangeKind::Delete, Some("conflict".to_owned()))];
        assert_eq!(failed(&two.a), refused, "{n}");
        assert_eq!(two.a.markdown(id).unwrap(), two.b.markdown(id).unwrap());
        assert_eq!(two.a.draft(id).unwrap().saved, Saved::NeedsAttention);
        // Who looked at it may delete it all the same, if it still is in the bin.
        let lid = two.a.failed(1).unwrap()[0].lid;
        let again = two.a.retry(lid, at(60));
        assert_eq!(again.is_ok(), n != 2, "{n}: {again:?}");
        two.exchange();
        let is_gone = two.b.draft(id).is_err() && two.a.draft(id).is_err();
        assert_eq!(is_gone, n != 2, "{n}");
    }
}

#[test]
fn own_changes_on_their_way_do_not_stand_in_the_way_of_deleting() {
    let (mut two, id) = Two::sharing(940);
    write(&two.a, id, "又写了", 9, &two.one.random);
    two.a.rename_draft(id, title("又改了"), at(9)).unwrap();
    two.delete_at_a(id);
    two.send_b();
    assert_eq!(failed(&two.a), []);
    assert!(two.b.draft(id).is_err());
}

#[test]
fn a_draft_that_the_server_never_heard_of_is_gone_at_once() {
    let profile = Profile::new(950);
    let store = profile.open();
    let id = create(&store, "没发送过", 1, &profile.random);
    write(&store, id, "只在这里", 2, &profile.random);
    store.bin_draft(id, at(3)).unwrap();
    store.delete_drafts(&[id], at(4)).unwrap();
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    assert_eq!(tables_with(&store, "只在这里"), Vec::<String>::new());
    assert_eq!(
        store.undo_state().unwrap().undo,
        None,
        "nothing brings it back"
    );
}

#[test]
fn within_the_moment_it_is_held_a_deletion_is_taken_back() {
    let (mut two, id) = Two::sharing(952);
    two.a.set_hold(Duration::from_secs(10));
    two.a.bin_draft(id, at(9)).unwrap();
    two.send_a();
    two.a.delete_drafts(&[id], at(10)).unwrap();
    two.send_a();
    assert!(two.a.draft(id).is_err(), "it is hidden");
    two.send_b();
    assert_eq!(in_bin(&two.b), ["会员定价"], "and not sent");
    let turned = two.a.undo(at(11)).unwrap().unwrap();
    assert_eq!(turned.passed_over, None);
    assert_eq!(in_bin(&two.a), ["会员定价"]);
    assert_eq!(two.a.markdown(id).unwrap(), "第一段");
    let page = DraftFilter {
        shelf: Shelf::Bin,
        limit: 9,
        query: stoa_domain::SearchQuery::parse("第一段"),
        ..DraftFilter::default()
    };
    assert_eq!(
        two.a.list_drafts(&page).unwrap().drafts.len(),
        1,
        "found again"
    );
}

#[test]
fn a_deletion_that_was_sent_is_final() {
    let (mut two, id) = Two::sharing(954);
    two.a.bin_draft(id, at(9)).unwrap();
    two.a.delete_drafts(&[id], at(10)).unwrap();
    two.a.take_push(9, 1 << 20, at(11)).unwrap();
    let turned = two.a.undo(at(12)).unwrap().unwrap();
    assert_eq!(turned.passed_over, Some(stoa_store::PassedOver::Final));
    two.send_a();
    assert_eq!(
        two.a.undo_state().unwrap().undo,
        None,
        "older steps went with it"
    );
}

#[test]
fn work_on_a_draft_that_somebody_else_deleted_becomes_a_new_draft() {
    let (mut two, id) = Two::sharing(960);
    write(&two.b, id, "我写的", 8, &two.other.random);
    two.b.rename_draft(id, title("我的标题"), at(9)).unwrap();
    two.delete_at_a(id);
    two.send_b();
    assert_eq!(titles(&two.b), Vec::<String>::new());
    let deleted = |kind| (kind, Some("deleted".to_owned()));
    assert_eq!(
        failed(&two.b),
        [deleted(ChangeKind::Write), deleted(ChangeKind::Rename)]
    );
    let kept = two.b.kept_work().unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].markdown, "我写的第一段");
    let folder = tempfile::tempdir().unwrap();
    two.b.export(folder.path()).unwrap();
    let json = std::fs::read_to_string(folder.path().join("everything.json")).unwrap();
    assert!(json.contains("我写的第一段") && json.contains("我的标题"));
    let new = two.b.keep_as_new(id, at(70), &two.other.random).unwrap();
    assert_eq!(new.title, "我的标题");
    assert_eq!(
        (failed(&two.b), two.b.kept_work().unwrap()),
        (vec![], vec![])
    );
    two.exchange();
    assert_eq!(two.a.markdown(new.id).unwrap(), "我写的第一段");
    assert_eq!(titles(&two.a), ["我的标题"]);
}

#[test]
fn work_that_was_not_sent_yet_is_refused_here_without_asking_the_server() {
    let (mut two, id) = Two::sharing(962);
    two.delete_at_a(id);
    write(&two.b, id, "离线写的", 20, &two.other.random);
    pull_all(&two.server, 2, &two.b, at(30));
    assert_eq!(two.b.counts().unwrap().n_waiting, 0);
    assert_eq!(
        failed(&two.b),
        [(ChangeKind::Write, Some("deleted".to_owned()))]
    );
    let lid = two.b.failed(1).unwrap()[0].lid;
    assert!(matches!(
        two.b.retry(lid, at(40)),
        Err(StoreError::NotFound)
    ));
    two.b.discard(lid, at(41)).unwrap();
    assert_eq!(
        (failed(&two.b), two.b.kept_work().unwrap()),
        (vec![], vec![])
    );
    let kept = two.b.history(20).unwrap();
    let texts: Vec<_> = kept
        .iter()
        .filter_map(|line| line.kept_markdown.as_deref())
        .collect();
    assert_eq!(
        texts,
        ["离线写的第一段"],
        "given up knowingly, and still within reach"
    );
}

#[test]
fn a_title_that_waits_for_a_decision_outlives_its_draft() {
    let (mut two, id) = Two::sharing(964);
    two.a.rename_draft(id, title("甲的"), at(8)).unwrap();
    two.send_a();
    two.b.rename_draft(id, title("乙的"), at(9)).unwrap();
    two.send_b();
    assert_eq!(two.b.conflicts(false, 9).unwrap().len(), 1);
    two.delete_at_a(id);
    two.send_b();
    assert_eq!(two.b.conflicts(false, 9).unwrap(), []);
    assert_eq!(two.b.kept_work().unwrap()[0].title, "乙的");
    let deleted = [(ChangeKind::Rename, Some("deleted".to_owned()))];
    assert_eq!(failed(&two.b), deleted, "it waits where somebody sees it");
}

#[test]
fn binning_what_somebody_else_deleted_needs_no_decision() {
    let (mut two, id) = Two::sharing(966);
    two.b.bin_draft(id, at(9)).unwrap();
    two.delete_at_a(id);
    two.send_b();
    assert_eq!(
        (failed(&two.b), two.b.kept_work().unwrap()),
        (vec![], vec![])
    );
    assert_eq!(in_bin(&two.b), Vec::<String>::new());
}

#[test]
fn both_may_delete_the_same_draft() {
    let (mut two, id) = Two::sharing(968);
    two.a.bin_draft(id, at(9)).unwrap();
    two.exchange();
    for store in [&two.a, &two.b] {
        store.delete_drafts(&[id], at(10)).unwrap();
    }
    two.exchange();
    for store in [&two.a, &two.b] {
        assert_eq!(
            (failed(store), store.counts().unwrap().n_waiting),
            (vec![], 0)
        );
        assert!(store.draft(id).is_err());
    }
}

#[test]
fn an_editor_that_has_the_draft_open_is_told_and_saves_nothing_into_the_void() {
    let (mut two, id) = Two::sharing(970);
    let opened = two.b.open_text(id, &two.other.random).unwrap();
    two.delete_at_a(id);
    two.send_b();
    let random = &two.other.random;
    let edit = two
        .b
        .edit_text(opened.session, None, &[insert(0, "x")], at(60), random);
    assert!(matches!(edit, Err(StoreError::SessionEnded)), "{edit:?}");
    assert!(matches!(
        two.b.open_text(id, random),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn an_emptied_bin_is_one_step_and_leaves_what_this_role_may_not_delete() {
    let (mut two, id) = Two::sharing(974);
    let second = create(&two.a, "第二篇", 3, &two.one.random);
    create(&two.a, "留下的", 3, &two.one.random);
    for id in [id, second] {
        two.a.bin_draft(id, at(9)).unwrap();
    }
    two.send_a();
    two.a.set_hold(Duration::from_secs(10));
    assert_eq!(two.a.empty_bin(at(10)).unwrap(), (2, 0));
    assert_eq!(in_bin(&two.a), Vec::<String>::new());
    two.a.undo(at(11)).unwrap();
    assert_eq!(in_bin(&two.a).len(), 2, "taken back together");
    assert_eq!(titles(&two.a), ["留下的"]);
}

fn drafts(server: &Server) -> Vec<Key> {
    let keys = server.keys().into_iter();
    keys.filter(|key| key.table == Table::Draft).collect()
}

/// An answer in which each of the drafts is deleted with its text.
fn apply_deletions(store: &Store, keys: &[Key], upto: i64) -> Result<(), StoreError> {
    let mut stage = store.begin_pull().unwrap();
    for key in keys {
        let pk = DraftId::from_bytes(key.id).to_string();
        stage.delete("draft", &pk, upto).unwrap();
        stage.delete("doc", &pk, upto).unwrap();
    }
    let end = PullEnd {
        upto,
        lmid: upto,
        buckets: super::server::BUCKETS.map(str::to_owned).to_vec(),
        ..PullEnd::default()
    };
    stage.finish(&end, at(5)).map(drop)
}

#[test]
fn what_was_deleted_here_in_a_mass_waits_for_no_second_word() {
    let (mut two, id) = Two::sharing(986);
    let many: Vec<DraftId> = (0..150)
        .map(|n| create(&two.a, &format!("稿 {n}"), 3, &two.one.random))
        .collect();
    two.exchange();
    for id in &many {
        two.a.bin_draft(*id, at(9)).unwrap();
    }
    two.exchange();
    two.a.delete_drafts(&many, at(10)).unwrap();
    let keys: Vec<Key> = many
        .iter()
        .map(|id| Key {
            table: Table::Draft,
            id: *id.as_bytes(),
        })
        .collect();
    apply_deletions(&two.a, &keys, 10_000).unwrap();
    assert_eq!(titles(&two.a), ["会员定价"]);
    assert!(in_bin(&two.a).is_empty());
    let held = apply_deletions(&two.b, &keys, 10_000);
    assert!(
        matches!(held, Err(StoreError::RemovalHeld(Removal { n: 150, .. }))),
        "elsewhere it does: {held:?}"
    );
    assert_eq!(in_bin(&two.b).len(), 100, "the page is full");
    assert!(two.b.draft(id).is_ok());
}

#[test]
fn a_mass_of_deletions_waits_for_the_user_and_one_long_text_does_not() {
    let profile = Profile::new(980);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let mut server = Server::default();
    let long = create(&store, "长文", 1, &profile.random);
    for n in 0..150 {
        write(&store, long, "一段", n, &profile.random);
        push_all(&mut server, 1, &store, at(n));
    }
    for n in 0..200 {
        create(&store, &format!("稿 {n}"), 1, &profile.random);
    }
    push_all(&mut server, 1, &store, at(200));
    pull_all(&server, 1, &store, at(200));
    let all = drafts(&server);
    let one = Key {
        table: Table::Draft,
        id: *long.as_bytes(),
    };
    // 150 of the 150 rows of the texts go with one draft: somebody deleted a draft.
    apply_deletions(&store, &[one], 10_000).unwrap();
    assert!(store.draft(long).is_err());
    let rest: Vec<Key> = all.into_iter().filter(|key| *key != one).collect();
    let held = apply_deletions(&store, &rest[..120], 10_001);
    let Err(StoreError::RemovalHeld(Removal { bucket, n, of })) = held else {
        panic!("{held:?}");
    };
    assert_eq!((bucket.as_str(), n, of), (BUCKET, 120, 200));
    assert_eq!(
        store
            .list_drafts(&DraftFilter {
                limit: 9,
                ..DraftFilter::default()
            })
            .unwrap()
            .n_total,
        200
    );
    store.allow_removal(&Removal { bucket, n, of }).unwrap();
    apply_deletions(&store, &rest[..120], 10_001).unwrap();
    let left = store.list_drafts(&DraftFilter {
        limit: 9,
        ..DraftFilter::default()
    });
    assert_eq!(left.unwrap().n_total, 80);
}

#[test]
fn a_deletion_older_than_what_is_here_changes_nothing() {
    let (two, id) = Two::sharing(990);
    let key = Key {
        table: Table::Draft,
        id: *id.as_bytes(),
    };
    apply_deletions(&two.b, &[key], 1).unwrap();
    assert_eq!(two.b.markdown(id).unwrap(), "第一段");
    assert_eq!(titles(&two.b), ["会员定价"]);
}

#[test]
fn a_refused_push_of_a_draft_not_yet_taken_away_can_be_kept_as_new_too() {
    let (mut two, id) = Two::sharing(992);
    write(&two.b, id, "我写的", 8, &two.other.random);
    two.delete_at_a(id);
    // The answer to the push comes before the pull that takes the draft away.
    let sent = two.b.take_push(9, 1 << 20, at(20)).unwrap();
    let refused = PushOutcome::Rejected {
        code: "deleted".to_owned(),
        field: None,
    };
    two.b
        .apply_results(&[(sent[0].mid, refused)], sent[0].mid, at(20))
        .unwrap();
    let new = two.b.keep_as_new(id, at(21), &two.other.random).unwrap();
    assert_eq!(two.b.markdown(new.id).unwrap(), "我写的第一段");
    assert_eq!(failed(&two.b), []);
}
