use stoa_domain::{Role, apply_splices};
use stoa_mutators::{Key, Table};
use stoa_store::test_support::Profile;
use stoa_store::{ChangeState, HistoryKind, PullEnd, PushOutcome, Saved, StoreError, StoreEvent};

use super::server::{BUCKET, BUCKETS, Server, link, pull_all, push_all};
use super::{at, create, insert, list, title, titles, write};

#[test]
fn a_draft_reaches_a_second_device() {
    let mut server = Server::default();
    let (one, two) = (Profile::new(40), Profile::new(41));
    let (first, second) = (one.open(), two.open());
    let id = create(&first, "稿", 1, &one.random);
    write(&first, id, "知识付费", 2, &one.random);
    first.set_link(&link(1, "e")).unwrap();
    second.set_link(&link(2, "e")).unwrap();
    push_all(&mut server, 1, &first, at(10));
    // Accepted, and still shown from here until the rows come back.
    assert_eq!(first.counts().unwrap().n_waiting, 0);
    assert_eq!(list(&first)[0].saved, Saved::Synced);
    assert_eq!(first.markdown(id).unwrap(), "知识付费");
    pull_all(&server, 1, &first, at(11));
    pull_all(&server, 2, &second, at(11));
    assert_eq!(list(&first), list(&second));
    assert_eq!(second.markdown(id).unwrap(), "知识付费");
    assert_eq!(list(&second)[0].excerpt, "知识付费");
}

#[test]
fn two_devices_write_in_one_text_at_the_same_time() {
    let mut server = Server::default();
    let (one, two) = (Profile::new(42), Profile::new(43));
    let (first, second) = (one.open(), two.open());
    first.set_link(&link(1, "e")).unwrap();
    second.set_link(&link(2, "e")).unwrap();
    let id = create(&first, "稿", 1, &one.random);
    write(&first, id, "中", 2, &one.random);
    push_all(&mut server, 1, &first, at(3));
    pull_all(&server, 2, &second, at(3));
    let open = second.open_text(id, &two.random).unwrap();
    second
        .edit_text(open.session, None, &[insert(1, "后")], at(4), &two.random)
        .unwrap();
    write(&first, id, "前", 4, &one.random);
    push_all(&mut server, 1, &first, at(5));
    push_all(&mut server, 2, &second, at(5));
    pull_all(&server, 1, &first, at(6));
    pull_all(&server, 2, &second, at(6));
    assert_eq!(first.markdown(id).unwrap(), "前中后");
    assert_eq!(second.markdown(id).unwrap(), "前中后");
    // The open window is offered what came, on top of what it shows.
    let outcome = second
        .edit_text(open.session, None, &[], at(7), &two.random)
        .unwrap();
    let (_, splices) = outcome.remote.unwrap();
    assert_eq!(apply_splices("中后", &splices).unwrap(), "前中后");
}

#[test]
fn the_same_changes_are_sent_again_after_a_lost_reply_and_a_restart() {
    let mut server = Server::default();
    let profile = Profile::new(44);
    let sent;
    {
        let store = profile.open();
        store.set_link(&link(1, "e")).unwrap();
        let id = create(&store, "稿", 1, &profile.random);
        write(&store, id, "一", 2, &profile.random);
        sent = store.take_push(10, 1 << 20, at(3)).unwrap();
        for mutation in &sent {
            server.push(1, mutation, at(3));
        }
        // The reply is lost, the program ends.
        write(&store, id, "二", 4, &profile.random);
    }
    let store = profile.open();
    let again = store.take_push(2, 1 << 20, at(5)).unwrap();
    assert_eq!(again, sent);
    push_all(&mut server, 1, &store, at(6));
    pull_all(&server, 1, &store, at(7));
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    assert_eq!(store.markdown(list(&store)[0].id).unwrap(), "二一");
    assert_eq!(server.lmid(1), 3);
}

#[test]
fn a_pull_does_not_hide_what_waits() {
    let mut server = Server::default();
    let (one, two) = (Profile::new(45), Profile::new(46));
    let (first, second) = (one.open(), two.open());
    first.set_link(&link(1, "e")).unwrap();
    second.set_link(&link(2, "e")).unwrap();
    let id = create(&first, "原", 1, &one.random);
    push_all(&mut server, 1, &first, at(2));
    pull_all(&server, 2, &second, at(2));
    second.rename_draft(id, title("二的"), at(3)).unwrap();
    first.rename_draft(id, title("一的"), at(3)).unwrap();
    push_all(&mut server, 1, &first, at(4));
    pull_all(&server, 2, &second, at(5));
    assert_eq!(titles(&second), ["二的"]);
    // Refused, because it was given over another title than the one that stood there: both are
    // kept for a decision.
    push_all(&mut server, 2, &second, at(6));
    pull_all(&server, 2, &second, at(7));
    pull_all(&server, 1, &first, at(7));
    assert_eq!(titles(&second), ["一的"]);
    assert_eq!(titles(&first), titles(&second));
    assert_eq!(second.counts().unwrap().n_conflicts, 1);
}

#[test]
fn a_pull_that_is_not_finished_leaves_no_trace() {
    let mut server = Server::default();
    let (one, two) = (Profile::new(47), Profile::new(48));
    let (first, second) = (one.open(), two.open());
    first.set_link(&link(1, "e")).unwrap();
    create(&first, "稿", 1, &one.random);
    push_all(&mut server, 1, &first, at(2));
    let mut stage = second.begin_pull().unwrap();
    let pk = list(&first)[0].id.to_string();
    stage.put("course", &pk, 1, 1, "{}").unwrap();
    drop(stage);
    assert_eq!(second.cursor(BUCKET).unwrap(), 0);
    assert_eq!(titles(&second), Vec::<String>::new());
}

#[test]
fn a_row_that_does_not_fit_is_not_staged() {
    let profile = Profile::new(49);
    let store = profile.open();
    let pk = create(&store, "稿", 1, &profile.random).to_string();
    let mut stage = store.begin_pull().unwrap();
    for (pk, columns) in [
        (pk.as_str(), r#"{"id": 5}"#),
        (&pk, "{}"),
        (&pk, "{"),
        ("no-id", "{}"),
    ] {
        assert!(stage.put("draft", pk, 1, 1, columns).is_err(), "{columns}");
    }
    assert_eq!(titles(&store), ["稿"]);
}

#[test]
fn rows_of_tables_nobody_knows_yet_count_for_the_checksum() {
    let profile = Profile::new(50);
    let store = profile.open();
    let id = [3; 16];
    let input = stoa_protocol::sync::row_checksum_input("course", &id, 4);
    let x = u64::from_le_bytes(blake3::hash(&input).as_bytes()[..8].try_into().unwrap());
    let end = PullEnd {
        upto: 9,
        buckets: vec![BUCKET.to_owned()],
        sums: vec![(BUCKET.to_owned(), 1, format!("{x:016x}"))],
        ..PullEnd::default()
    };
    let pk = stoa_domain::UserId::from_bytes(id).to_string();
    let mut stage = store.begin_pull().unwrap();
    stage.put("course", &pk, 4, 9, "{}").unwrap();
    assert!(stage.finish(&end, at(1)).unwrap().checksum_ok);
    // A wrong sum is noticed.
    let wrong = PullEnd {
        sums: vec![(BUCKET.to_owned(), 2, format!("{x:016x}"))],
        ..end
    };
    assert!(
        !store
            .begin_pull()
            .unwrap()
            .finish(&wrong, at(2))
            .unwrap()
            .checksum_ok
    );
}

#[test]
fn a_bad_update_to_a_text_is_set_aside_and_the_rest_comes_in() {
    let mut server = Server::default();
    let (one, two) = (Profile::new(51), Profile::new(52));
    let (first, second) = (one.open(), two.open());
    first.set_link(&link(1, "e")).unwrap();
    let id = create(&first, "稿", 1, &one.random);
    write(&first, id, "好", 2, &one.random);
    push_all(&mut server, 1, &first, at(3));
    let garbage = b"not a document";
    let bad = |b3: String, n: u8| {
        let update = stoa_domain::UpdateId::from_bytes([n; 16]);
        let columns = serde_json::json!({
            "id": update, "doc": id, "bytes": "bm90IGEgZG9jdW1lbnQ=", "b3": b3,
            "author": null, "made_at": 5,
        });
        (update.to_string(), columns.to_string())
    };
    let right_sum = blake3::hash(garbage).to_hex().to_string();
    pull_all(&server, 2, &second, at(4));
    let mut stage = second.begin_pull().unwrap();
    for (n, b3) in [(1, right_sum), (2, "0".repeat(64))] {
        let (pk, columns) = bad(b3, n);
        stage.put("doc_update", &pk, 1, 50, &columns).unwrap();
    }
    let end = PullEnd {
        upto: 50,
        buckets: vec![BUCKET.to_owned()],
        ..PullEnd::default()
    };
    stage.finish(&end, at(5)).unwrap();
    assert_eq!(second.markdown(id).unwrap(), "好");
    let set_aside = second.history(10).unwrap();
    assert_eq!(
        set_aside
            .iter()
            .filter(|h| h.kind == HistoryKind::SetAside)
            .count(),
        2
    );
}

#[test]
fn a_refused_change_waits_for_a_decision_and_can_be_sent_again() {
    let mut server = Server::default();
    let profile = Profile::new(53);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    let id = create(&store, "原", 1, &profile.random);
    push_all(&mut server, 1, &store, at(2));
    pull_all(&server, 1, &store, at(3));
    server.role = Some(Role::Member);
    store.rename_draft(id, title("新"), at(4)).unwrap();
    write(&store, id, "写的", 4, &profile.random);
    push_all(&mut server, 1, &store, at(5));
    let failed = store.failed(10).unwrap();
    assert_eq!(failed.len(), 2);
    assert_eq!(failed[0].code.as_deref(), Some("not_allowed"));
    assert_eq!(failed[0].state, ChangeState::Rejected);
    // The title is the server's again; what was written stays until the user decides.
    assert_eq!(titles(&store), ["原"]);
    assert_eq!(store.markdown(id).unwrap(), "写的");
    assert_eq!(list(&store)[0].saved, Saved::NeedsAttention);
    server.role = None;
    for entry in &failed {
        store.retry(entry.lid, at(6)).unwrap();
    }
    assert!(matches!(
        store.retry(failed[0].lid, at(6)),
        Err(StoreError::NotFound)
    ));
    assert_eq!(titles(&store), ["新"]);
    push_all(&mut server, 1, &store, at(7));
    pull_all(&server, 1, &store, at(8));
    assert_eq!(store.counts().unwrap().n_failed, 0);
    assert_eq!(list(&store)[0].saved, Saved::Synced);
    assert_eq!(titles(&store), ["新"]);
}

#[test]
fn a_parked_change_does_not_hold_up_the_ones_after_it() {
    let mut server = Server::default();
    let profile = Profile::new(54);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    create(&store, "毒", 1, &profile.random);
    create(&store, "好", 2, &profile.random);
    let sent = store.take_push(1, 1 << 20, at(3)).unwrap();
    store.park(sent[0].mid, "parked", at(4)).unwrap();
    assert!(matches!(
        store.discard(store.failed(1).unwrap()[0].lid, at(4)),
        Err(StoreError::UnderWay)
    ));
    let again = store.take_push(10, 1 << 20, at(5)).unwrap();
    assert_eq!(again[0].mid, sent[0].mid);
    assert_eq!(again[0].name, "sys.park");
    push_all(&mut server, 1, &store, at(6));
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    let failed = store.failed(10).unwrap();
    assert_eq!((failed.len(), failed[0].state), (1, ChangeState::Parked));
    store.discard(failed[0].lid, at(7)).unwrap();
    assert_eq!(titles(&store), ["好"]);
}

#[test]
fn a_server_restored_from_an_old_backup_gets_back_what_it_lost() {
    let mut server = Server::default();
    let profile = Profile::new(55);
    let store = profile.open();
    store.set_link(&link(1, "old")).unwrap();
    let id = create(&store, "一", 1, &profile.random);
    push_all(&mut server, 1, &store, at(2));
    pull_all(&server, 1, &store, at(2));
    let mut backup = server.clone();
    store.rename_draft(id, title("二"), at(3)).unwrap();
    write(&store, id, "正文", 4, &profile.random);
    create(&store, "后来", 5, &profile.random);
    push_all(&mut server, 1, &store, at(6));
    pull_all(&server, 1, &store, at(7));
    store.rename_draft(id, title("三"), at(8)).unwrap();
    store.set_epoch("restored").unwrap();
    pull_all(&backup, 1, &store, at(9));
    push_all(&mut backup, 1, &store, at(10));
    pull_all(&backup, 1, &store, at(11));
    assert_eq!(titles(&store), ["三", "后来"]);
    assert_eq!(store.markdown(id).unwrap(), "正文");
    assert_eq!(store.counts().unwrap().n_waiting, 0);
    let other = Profile::new(56);
    let second = other.open();
    pull_all(&backup, 2, &second, at(12));
    assert_eq!(list(&second), list(&store));
}

#[test]
fn a_gap_is_filled_from_the_journal() {
    let mut server = Server::default();
    let profile = Profile::new(57);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    create(&store, "一", 1, &profile.random);
    let mut forgetful = server.clone();
    push_all(&mut server, 1, &store, at(2));
    pull_all(&server, 1, &store, at(2));
    create(&store, "二", 3, &profile.random);
    assert_eq!(store.take_push(10, 1 << 20, at(4)).unwrap()[0].mid, 2);
    store.resend_from(1).unwrap();
    let mids: Vec<_> = store
        .take_push(10, 1 << 20, at(5))
        .unwrap()
        .iter()
        .map(|mutation| mutation.mid)
        .collect();
    assert_eq!(mids, [1, 2]);
    push_all(&mut forgetful, 1, &store, at(6));
    assert_eq!(forgetful.lmid(1), 2);
}

#[test]
fn a_bucket_fetched_anew_loses_only_what_the_server_does_not_have() {
    let mut server = Server::default();
    let profile = Profile::new(58);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    for n in 0..5 {
        create(&store, &format!("{n}"), n, &profile.random);
    }
    let lost = list(&store)[2].id;
    write(&store, lost, "不该消失", 2, &profile.random);
    push_all(&mut server, 1, &store, at(10));
    pull_all(&server, 1, &store, at(11));
    for key in server.keys() {
        if key
            == (Key {
                table: Table::Draft,
                id: *lost.as_bytes(),
            })
            || key.table == Table::DocUpdate
        {
            server.lose(key);
        }
    }
    let pending = create(&store, "还没送", 20, &profile.random);
    for name in BUCKETS {
        store.reset_bucket(name).unwrap();
    }
    assert_eq!(list(&store).len(), 6);
    pull_all(&server, 1, &store, at(21));
    let left = list(&store);
    assert_eq!(left.len(), 5);
    assert_eq!(left[0].id, pending);
    let kept = store.history(20).unwrap();
    assert!(
        kept.iter()
            .any(|h| h.kept_markdown.as_deref() == Some("不该消失"))
    );
}

#[test]
fn another_community_is_refused_and_a_new_device_sends_anew() {
    let mut server = Server::default();
    let profile = Profile::new(59);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    create(&store, "一", 1, &profile.random);
    push_all(&mut server, 1, &store, at(2));
    pull_all(&server, 1, &store, at(2));
    create(&store, "二", 3, &profile.random);
    let sent = store.take_push(10, 1 << 20, at(4)).unwrap();
    server.push(1, &sent[0], at(4));
    let mut other = link(2, "e");
    other.community = stoa_domain::CommunityId::from_bytes([9; 16]);
    assert!(matches!(
        store.set_link(&other),
        Err(StoreError::OtherCommunity)
    ));
    store.set_link(&link(2, "e")).unwrap();
    // It was accepted under the old device: that it exists already is no refusal.
    push_all(&mut server, 2, &store, at(5));
    pull_all(&server, 2, &store, at(6));
    assert_eq!(store.counts().unwrap().n_failed, 0);
    assert_eq!(titles(&store), ["二", "一"]);
    assert_eq!(store.link().unwrap().unwrap().device, link(2, "e").device);
}

#[test]
fn a_push_keeps_to_its_limits_and_never_stays_empty() {
    let profile = Profile::new(60);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    for n in 0..10 {
        create(&store, &format!("{n}"), n, &profile.random);
    }
    assert_eq!(store.take_push(3, 1 << 20, at(1)).unwrap().len(), 3);
    assert_eq!(store.take_push(10, 1, at(1)).unwrap().len(), 1);
    let all = store.take_push(100, 1 << 20, at(1)).unwrap();
    let mids: Vec<_> = all.iter().map(|mutation| mutation.mid).collect();
    assert_eq!(mids, (1..=10).collect::<Vec<_>>());
}

#[test]
fn listeners_hear_of_drafts_and_outbox() {
    let profile = Profile::new(61);
    let store = profile.open();
    let (tell, told) = std::sync::mpsc::channel();
    let tell = std::sync::Mutex::new(tell);
    store.subscribe(Box::new(move |event| {
        tell.lock().unwrap().send(event.clone()).unwrap();
    }));
    let id = create(&store, "稿", 1, &profile.random);
    assert_eq!(told.recv().unwrap(), StoreEvent::Drafts(vec![id]));
    assert_eq!(told.recv().unwrap(), StoreEvent::Outbox);
}

#[test]
fn an_answer_that_comes_twice_changes_nothing() {
    let profile = Profile::new(62);
    let store = profile.open();
    store.set_link(&link(1, "e")).unwrap();
    create(&store, "稿", 1, &profile.random);
    store.take_push(10, 1 << 20, at(2)).unwrap();
    let applied = [(1, PushOutcome::Applied { seq: 1 })];
    store.apply_results(&applied, 1, at(3)).unwrap();
    let rejected = PushOutcome::Rejected {
        code: "invalid".to_owned(),
        field: None,
    };
    store.apply_results(&[(1, rejected)], 1, at(4)).unwrap();
    assert_eq!(store.counts().unwrap().n_failed, 0);
}
