//! Computers and a real server, over real sockets.

use std::time::Duration;

use stoa_domain::Role;
use stoa_protocol::account::Secret;
use stoa_protocol::error::ApiErrorCode as Code;
use stoa_server::{Rate, Rates, admin};
use stoa_store::HistoryKind;
use stoa_sync::account::{Device, probe};
use stoa_sync::{AccountError, Clock, DeviceChange, Phase, SyncState, Trouble};

use crate::place::{PASSWORD, Place, until_state};
use crate::unreliable::{Call, Mishap, Unreliable};

fn is_idle(state: &SyncState) -> bool {
    state.phase == Phase::Idle && state.last_synced_at.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_computers_exchange_a_draft() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let (study, kitchen) = (place.computer(&email).await, place.computer(&email).await);
    let (study_sync, kitchen_sync) = (study.sync(), kitchen.sync());
    until_state(&kitchen_sync, "the second computer to be idle", is_idle).await;
    let id = study.create("知识付费入门");
    study.write(id, "第一段");
    kitchen
        .until("the draft to arrive", |k| {
            k.titles() == ["知识付费入门"] && k.text(id) == "第一段"
        })
        .await;
    kitchen.rename(id, "社群运营");
    study
        .until("the new title", |s| s.titles() == ["社群运营"])
        .await;
    until_state(&study_sync, "the first computer to be idle", is_idle).await;
    assert_eq!(study.n_waiting(), 0);
    study_sync.stop().await;
    kitchen_sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_without_a_server_is_sent_when_it_is_back() {
    let mut place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let (study, kitchen) = (place.computer(&email).await, place.computer(&email).await);
    let sync = study.sync();
    until_state(&sync, "the first contact", is_idle).await;
    place.stop().await;
    let id = study.create("离线写的");
    study.write(id, "一个字");
    let state = until_state(&sync, "being offline", |s| s.phase == Phase::Offline).await;
    assert!(state.next_try_at.is_some());
    for _ in 0..3 {
        let before = sync.status().next_try_at;
        sync.now();
        until_state(&sync, "another failure", |s| {
            s.phase == Phase::Offline && s.next_try_at != before
        })
        .await;
    }
    let history = study.store.history(100).unwrap();
    let n_lost = history
        .iter()
        .filter(|entry| entry.kind == HistoryKind::Offline)
        .count();
    assert_eq!(n_lost, 1, "the loss is told once, not at each try");
    place.start().await;
    sync.network_changed();
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    let other = kitchen.sync();
    kitchen
        .until("the draft", |k| k.titles() == ["离线写的"])
        .await;
    sync.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_whose_answer_is_lost_logs_nobody_out() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let way = Unreliable::to(&study.store.link().unwrap().unwrap());
    let sync = study.sync_over(Some(way.clone()));
    until_state(&sync, "the first contact", is_idle).await;
    way.meet(Call::Refresh, Mishap::ReplyLost);
    place.clock.pass_minutes(20);
    study.create("二十分钟后");
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    assert!(way.is_through());
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_answer_is_lost_the_work_arrives_once() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let (study, kitchen) = (place.computer(&email).await, place.computer(&email).await);
    let way = Unreliable::to(&study.store.link().unwrap().unwrap());
    for call in [Call::Hello, Call::Push, Call::Pull] {
        way.meet(call, Mishap::ReplyLost);
    }
    way.meet(Call::Pull, Mishap::Refused(Code::CursorExpired));
    way.meet(Call::Push, Mishap::Refused(Code::Unavailable));
    study.create("甲");
    study.create("乙");
    let (sync, other) = (study.sync_over(Some(way.clone())), kitchen.sync());
    kitchen
        .until("both drafts", |k| k.titles().len() == 2)
        .await;
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    until_state(&sync, "idle", |state| is_idle(state) && way.is_through()).await;
    assert_eq!(study.titles(), kitchen.titles());
    sync.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_server_is_healed() {
    let mut place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let (study, kitchen) = (place.computer(&email).await, place.computer(&email).await);
    let (sync, other) = (study.sync(), kitchen.sync());
    study.create("旧");
    kitchen
        .until("the first draft", |k| k.titles().len() == 1)
        .await;
    let backup = place.path("backup.sqlite");
    stoa_server::backup(&place.config, &backup).unwrap();
    let id = study.create("新");
    study.write(id, "备份之后写的");
    kitchen
        .until("the second draft", |k| {
            k.titles().len() == 2 && !k.text(id).is_empty()
        })
        .await;
    until_state(&sync, "idle", is_idle).await;
    place.stop().await;
    until_state(&sync, "being offline", |s| s.phase == Phase::Offline).await;
    stoa_server::restore(&place.config, &backup).await.unwrap();
    place.start().await;
    sync.now();
    other.now();
    let fresh = place.computer(&email).await;
    let third = fresh.sync();
    fresh
        .until("what the server had forgotten", |f| {
            f.titles() == ["新", "旧"] && f.text(id) == "备份之后写的"
        })
        .await;
    study
        .until("its own work to be shown again", |s| s.titles().len() == 2)
        .await;
    assert_eq!(study.copies("before-refetch-"), 1, "a copy was kept before");
    for handle in [sync, other, third] {
        handle.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_epoch_costs_nothing() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let sync = study.sync();
    study.create("甲");
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    admin::new_epoch(&place.config).await.unwrap();
    study.create("乙");
    study
        .until("the outbox to drain again", |s| s.n_waiting() == 0)
        .await;
    until_state(&sync, "idle", is_idle).await;
    assert_eq!(study.titles().len(), 2);
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_too_old_to_pull_still_sends() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let way = Unreliable::to(&study.store.link().unwrap().unwrap());
    way.meet(Call::Pull, Mishap::Refused(Code::ClientTooOld));
    study.create("甲");
    let sync = study.sync_over(Some(way));
    until_state(&sync, "the need of an update", |s| {
        s.phase == Phase::UpdateNeeded
    })
    .await;
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_patience_gets_it() {
    let mut rates = Rates::generous();
    rates.sync = Rate {
        requests: 3,
        seconds: 3,
    };
    let place = Place::with_rates(rates).await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let sync = study.sync();
    for title in ["甲", "乙", "丙", "丁"] {
        study.create(title);
        sync.now();
    }
    until_state(&sync, "being told to wait", |state| {
        matches!(&state.error, Some(Trouble::Failure(_))) && state.next_try_at.is_some()
    })
    .await;
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_computer_stops_and_keeps_its_work() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let (study, stolen) = (place.computer(&email).await, place.computer(&email).await);
    let (sync, thief) = (study.sync(), stolen.sync());
    until_state(&thief, "the first contact", is_idle).await;
    let devices = sync.devices().await.unwrap();
    assert_eq!(devices.len(), 2);
    let other = devices.iter().find(|device| !device.is_this).unwrap();
    let change = DeviceChange::Revoke {
        device: other.id,
        password: Secret(PASSWORD.to_owned()),
    };
    sync.change_device(&change).await.unwrap();
    stolen.create("没有发出的");
    until_state(&thief, "being revoked", |s| s.phase == Phase::Revoked).await;
    assert_eq!(stolen.n_waiting(), 1);
    assert_eq!(study.titles().len(), 0);
    sync.stop().await;
    thief.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_keeps_the_work_and_signing_in_sends_it() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let sync = study.sync();
    until_state(&sync, "the first contact", is_idle).await;
    sync.sign_out().await.unwrap();
    until_state(&sync, "waiting", |s| s.phase == Phase::WaitingForSignIn).await;
    study.create("退出之后写的");
    let link = study.store.link().unwrap().unwrap();
    let device = Device::of(&link, "书房的电脑");
    let wrong = place.sign_in(&email, "not the password", &device).await;
    assert!(matches!(wrong.err(), Some(AccountError::WrongPassword)));
    let link = place.sign_in(&email, PASSWORD, &device).await.unwrap();
    study.store.set_link(&link).unwrap();
    sync.link_changed();
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_shows_the_fingerprint_it_tells_its_operator() {
    let place = Place::new().await;
    let server = probe(&place.url()).await.unwrap();
    assert_eq!(server.fingerprint, place.server().ca_fingerprint);
    assert!(!server.trusted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_sync_sends_nothing_until_it_goes_on() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let way = Unreliable::to(&study.store.link().unwrap().unwrap());
    let sync = study.sync_over(Some(way.clone()));
    until_state(&sync, "the first contact", is_idle).await;
    sync.pause(true);
    until_state(&sync, "the pause", |s| s.phase == Phase::Paused).await;
    let before = way.n_requests();
    study.create("暂停时写的");
    sync.now();
    sync.nudge();
    until_state(&sync, "the pause", |s| s.phase == Phase::Paused).await;
    assert_eq!(way.n_requests(), before);
    sync.pause(false);
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_sends_what_waits_and_does_not_wait_for_a_dead_server() {
    let mut place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let sync = study.sync();
    until_state(&sync, "the first contact", is_idle).await;
    place.stop().await;
    study.create("来不及发出的");
    let stopping = tokio::time::timeout(Duration::from_secs(2), sync.stop());
    assert!(stopping.await.is_ok());
    assert_eq!(study.n_waiting(), 1);
    assert_eq!(study.clock.now(), place.clock.now());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_change_goes_after_its_moment_whatever_the_clock_says() {
    const MOMENT: Duration = Duration::from_secs(5);
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let sync = study.sync();
    until_state(&sync, "the first contact", is_idle).await;
    sync.pause(true);
    until_state(&sync, "the pause", |s| s.phase == Phase::Paused).await;
    study.create("先等一等");
    let lid = study.store.waiting(1).unwrap()[0].lid;
    study.store.hold_for_test(lid, MOMENT).unwrap();
    let begun = std::time::Instant::now();
    sync.pause(false);
    // The clock jumps ahead by a day; nothing is sent early for that. By much more, and the session
    // would be over.
    study.clock.pass_minutes(24 * 60);
    study.create("马上就走");
    study
        .until("the other change to go ahead", |s| s.n_waiting() == 1)
        .await;
    assert_eq!(study.store.held().unwrap().len(), 1);
    study
        .until("the held change to go", |s| s.n_waiting() == 0)
        .await;
    assert!(begun.elapsed() >= MOMENT, "it was sent early");
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_older_than_the_servers_window_hands_in_its_work_and_goes_on_after_the_update() {
    let mut place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let (study, kitchen) = (place.computer(&email).await, place.computer(&email).await);
    place.stop().await;
    place.config.min_schema = 2;
    place.start().await;
    let id = study.create("旧版写的");
    study.write(id, "照样送到");
    let sync = study.sync();
    until_state(&sync, "the need of an update", |s| {
        s.phase == Phase::UpdateNeeded
    })
    .await;
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    assert_eq!(study.text(id), "照样送到");
    // What the update is to the program, the old window is to the test.
    place.stop().await;
    place.config.min_schema = 1;
    place.start().await;
    sync.now();
    let other = kitchen.sync();
    kitchen
        .until("the work of the old program", |k| {
            k.titles() == ["旧版写的"] && k.text(id) == "照样送到"
        })
        .await;
    until_state(&sync, "idle", is_idle).await;
    sync.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fells_the_server_is_set_aside_and_the_rest_flows() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let (study, kitchen) = (place.computer(&email).await, place.computer(&email).await);
    let way = Unreliable::to(&study.store.link().unwrap().unwrap());
    study.create("毒");
    study.create("甲");
    study.create("乙");
    // Once with all three in it, then five times with the first alone.
    for _ in 0..6 {
        way.meet(Call::Push, Mishap::Refused(Code::Internal));
    }
    let sync = study.sync_over(Some(way.clone()));
    let state = until_state(&sync, "the trouble", |s| s.phase == Phase::ServerTrouble).await;
    assert!(state.next_try_at.is_some());
    let other = kitchen.sync();
    kitchen
        .until("those behind it", |k| k.titles().len() == 2)
        .await;
    let parked = study.store.failed(9).unwrap();
    assert_eq!((parked.len(), parked[0].title.as_str()), (1, "毒"));
    assert_eq!(parked[0].code.as_deref(), Some("parked"));
    study.store.retry(parked[0].lid, study.clock.now()).unwrap();
    kitchen
        .until("the third after all", |k| k.titles().len() == 3)
        .await;
    sync.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_cannot_read_is_found_by_halving_and_set_aside() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let (study, kitchen) = (place.computer(&email).await, place.computer(&email).await);
    let way = Unreliable::to(&study.store.link().unwrap().unwrap());
    for title in ["坏", "甲", "乙", "丙"] {
        study.create(title);
    }
    for _ in 0..2 {
        way.meet(Call::Push, Mishap::Refused(Code::Malformed));
    }
    way.meet(Call::Push, Mishap::Refused(Code::TooLarge));
    let (sync, other) = (study.sync_over(Some(way)), kitchen.sync());
    kitchen
        .until("the other three", |k| k.titles().len() == 3)
        .await;
    let parked = study.store.failed(9).unwrap();
    assert_eq!((parked.len(), parked[0].title.as_str()), (1, "坏"));
    sync.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_behind_the_same_address_is_refused_and_nothing_changes() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let study = place.computer(&email).await;
    let sync = study.sync();
    study.create("这一台的");
    study
        .until("the outbox to drain", |s| s.n_waiting() == 0)
        .await;
    until_state(&sync, "idle", is_idle).await;
    sync.stop().await;
    let mut link = study.store.link().unwrap().unwrap();
    link.server_id = "the server this profile belongs to".to_owned();
    let elsewhere = place.computer(&email).await;
    elsewhere.store.set_link(&link).unwrap();
    elsewhere.create("没有发给它");
    let sync = elsewhere.sync();
    until_state(&sync, "the other server", |s| s.phase == Phase::OtherServer).await;
    assert_eq!(elsewhere.n_waiting(), 1);
    sync.stop().await;
}
