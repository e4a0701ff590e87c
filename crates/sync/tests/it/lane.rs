//! The lane of files as people steer it: paused, capped, tried again; and what it never forgets.

use stoa_domain::Role;
use stoa_store::{FilesControls, OsRandom};
use stoa_sync::{Clock, FileTrouble};

use crate::files::{add, contents, is_sent, noise, paused, until_files};
use crate::place::{Computer, PATIENCE, Place, until_state};

#[tokio::test(flavor = "multi_thread")]
async fn a_cap_holds_the_lane_back() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let draft = one.create("稿");
    add(&one, draft, &noise(2 * 1024 * 1024, 8));
    let sync = one.sync();
    let files = sync.files().unwrap();
    files.control(FilesControls {
        bytes_per_second: Some(512 * 1024),
        ..FilesControls::default()
    });
    let begun = std::time::Instant::now();
    one.until("the file is sent", is_sent).await;
    // Eight pieces of a quarter of a megabyte; the first goes at once.
    assert!(begun.elapsed() > std::time::Duration::from_secs(2));
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_the_server_let_go_of_while_its_change_was_kept_back_is_sent_again() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let draft = one.create("先放着");
    let sync = one.sync();
    one.until("the draft is there", |one| one.n_waiting() == 0)
        .await;
    sync.stop().await;
    let bytes = noise(9_000, 9);
    let b3 = add(&one, draft, &bytes);
    let change = one.store.waiting(9).unwrap().pop().unwrap();
    one.store.keep_back(change.lid, true).unwrap();
    let sync = one.sync();
    one.until("the contents are there, the change is not", |one| {
        one.store.files_to_send(9).unwrap().is_empty() && one.n_waiting() == 1
    })
    .await;
    // Nobody there uses it: it may not be counted on, and after a month it goes.
    assert!(matches!(
        one.store.evict_file(b3),
        Err(stoa_store::StoreError::UnderWay)
    ));
    sync.stop().await;
    place.clock.pass_minutes(31 * 24 * 60);
    place.server().tidy().await;
    let device = stoa_sync::account::Device::new("新的会话", one.clock.now(), &OsRandom);
    let link = place.sign_in(&email, crate::place::PASSWORD, &device).await;
    one.store.set_link(&link.unwrap()).unwrap();
    one.store.keep_back(change.lid, false).unwrap();
    let sync = one.sync();
    one.until("it is sent again", |one| {
        one.n_waiting() == 0 && is_sent(one)
    })
    .await;
    until_asked(&one).await;
    let two = place.computer(&email).await;
    let second = two.sync();
    two.until("the row arrives", |two| two.store.file(b3).is_ok())
        .await;
    two.store.want_file(b3, two.clock.now()).unwrap();
    two.until("the file arrives", |two| contents(two, b3).is_some())
        .await;
    assert!(contents(&two, b3).unwrap() == bytes);
    second.stop().await;
    sync.stop().await;
}

/// Waits until the server was asked about all files, which nobody is told of.
async fn until_asked(one: &Computer) {
    let asked = async {
        while one.store.files_audit_due().unwrap().is_some() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let asked = tokio::time::timeout(PATIENCE, asked).await;
    asked.expect("the server is asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_lane_stays_paused_at_the_next_start() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    one.store
        .change_files_controls(|controls| *controls = paused(true))
        .unwrap();
    let draft = one.create("稿");
    add(&one, draft, &noise(3_000, 10));
    let other = one.create("别的");
    one.write(other, "正文");
    let sync = one.sync();
    one.until("only the file waits", |one| one.n_waiting() == 1)
        .await;
    let files = sync.files().unwrap();
    assert!(files.state().is_paused && files.state().n_total == 0);
    // All of sync paused and resumed does not resume what was paused by itself.
    sync.pause(true);
    sync.pause(false);
    sync.now();
    until_state(&sync, "at rest", |state| state.last_synced_at.is_some()).await;
    assert_eq!(one.store.files_to_send(9).unwrap().len(), 1);
    let controls = one
        .store
        .change_files_controls(|controls| controls.is_paused = false)
        .unwrap();
    files.control(controls);
    one.until("the file is sent", is_sent).await;
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_never_goes_back_and_ends_with_everything() {
    let place = Place::new().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let draft = one.create("稿");
    let sizes = [3_000_000, 1_500_000, 500_000];
    for (seed, size) in (20..).zip(sizes) {
        add(&one, draft, &noise(size, seed));
        one.clock.pass_minutes(1);
    }
    one.store
        .change_files_controls(|controls| controls.bytes_per_second = Some(4_000_000))
        .unwrap();
    let sync = one.sync();
    let mut states = sync.files().unwrap().subscribe();
    let (mut seen, mut last) = (0, 0);
    loop {
        tokio::select! {
            () = one.until("all is sent", is_sent) => break,
            changed = states.changed() => changed.unwrap(),
        }
        let state = states.borrow_and_update().clone();
        if state.n_total > 0 {
            assert_eq!(state.n_total, sizes.iter().sum::<usize>() as u64);
            assert!(state.n_done >= last, "{} after {last}", state.n_done);
            (seen, last) = (seen + 1, state.n_done);
        }
    }
    assert!(seen > 2 && last > 3_000_000, "{seen} times, {last} at last");
    sync.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_room_is_tried_again_when_somebody_says_so() {
    let mut place = Place::new().await;
    place.stop().await;
    place.config.files_quota = 5_000;
    place.start().await;
    let email = place.person(Role::Editor).await;
    let one = place.computer(&email).await;
    let draft = one.create("稿");
    let b3 = add(&one, draft, &noise(6_000, 30));
    let sync = one.sync();
    let files = sync.files().unwrap();
    until_files(files, "it rests", |state| !state.stuck.is_empty()).await;
    let stuck = files.state().stuck;
    assert_eq!((stuck[0].b3, stuck[0].is_outgoing), (b3, true));
    assert_eq!(stuck[0].trouble, FileTrouble::OverQuota);
    place.stop().await;
    place.config.files_quota = 50_000;
    place.start().await;
    // Long before it would be tried again by itself.
    sync.now();
    one.until("the file is sent", is_sent).await;
    sync.stop().await;
}
