//! Devices that lose their access, and orders to wipe them, with a real server.

use stoa_domain::{DeviceId, Role, ZoneName};
use stoa_protocol::account::Secret;
use stoa_protocol::device::WipeOrder;
use stoa_sync::account::Device;
use stoa_sync::{AccountError, Clock, DeviceChange, Phase, SyncHandle, SyncState, wipe};

use crate::place::{Computer, PASSWORD, Place, until_state};

/// A computer at hand and one that is lost, both of one person.
struct Pair {
    place: Place,
    email: String,
    here: Computer,
    lost: Computer,
    sync: SyncHandle,
}

impl Pair {
    async fn new() -> Self {
        let place = Place::new().await;
        let email = place.person(Role::Editor).await;
        let (here, lost) = (place.computer(&email).await, place.computer(&email).await);
        let sync = here.sync();
        until_state(&sync, "the first contact", is_idle).await;
        Self {
            place,
            email,
            here,
            lost,
            sync,
        }
    }

    fn lost_device(&self) -> DeviceId {
        self.lost.store.link().unwrap().unwrap().device
    }

    async fn revoke(&self) {
        let device = self.lost_device();
        let password = password();
        let change = DeviceChange::Revoke { device, password };
        self.sync.change_device(&change).await.unwrap();
    }

    async fn order_wipe(&self) {
        let device = self.lost_device();
        let password = password();
        let change = DeviceChange::Wipe { device, password };
        self.sync.change_device(&change).await.unwrap();
    }

    /// The lost computer is told to wipe itself; the order it was given.
    async fn told(&self, thief: &SyncHandle) -> WipeOrder {
        until_state(thief, "the order", |s| s.wipe.is_some()).await;
        let state = thief.status();
        assert_eq!(state.phase, Phase::WipeOrdered);
        state.wipe.unwrap()
    }
}

fn password() -> Secret {
    Secret(PASSWORD.to_owned())
}

fn is_idle(state: &SyncState) -> bool {
    state.phase == Phase::Idle && state.last_synced_at.is_some()
}

/// Waiting longer than a minute fails in `until_state`.
#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_is_effective_within_a_minute_on_a_computer_that_does_nothing() {
    let pair = Pair::new().await;
    let thief = pair.lost.sync();
    until_state(&thief, "the first contact", is_idle).await;
    pair.revoke().await;
    until_state(&thief, "being revoked", |s| s.phase == Phase::Revoked).await;
    pair.here.create("之后写的");
    until_state(&pair.sync, "the draft to be sent", is_idle).await;
    assert_eq!(pair.lost.titles().len(), 0);
    thief.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_with_an_order_to_wipe_itself_hands_in_nothing() {
    let pair = Pair::new().await;
    let thief = pair.lost.sync();
    until_state(&thief, "the first contact", is_idle).await;
    pair.order_wipe().await;
    pair.lost.create("没有发出的");
    let order = pair.told(&thief).await;
    let link = pair.lost.store.link().unwrap().unwrap();
    assert!(wipe::is_genuine(&link, &order));
    thief.now();
    assert_eq!(pair.told(&thief).await, order);
    assert_eq!((pair.lost.n_waiting(), pair.here.titles().len()), (1, 0));

    let said = wipe::carried_out(&link, &order);
    let ca = link.ca_pem.as_deref();
    wipe::tell(&link.server_url, ca, &said).await.unwrap();
    let devices = pair.sync.devices().await.unwrap();
    let lost = devices.iter().find(|d| d.id == link.device).unwrap();
    assert!(lost.wiped_at.is_some(), "{lost:?}");
    thief.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_waits_for_a_computer_that_is_away() {
    let pair = Pair::new().await;
    pair.order_wipe().await;
    pair.place.clock.pass_minutes(60 * 24 * 20);
    let thief = pair.lost.sync();
    assert_eq!(pair.told(&thief).await.device, pair.lost_device());
    thief.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_was_only_revoked_still_hears_of_an_order() {
    let pair = Pair::new().await;
    let thief = pair.lost.sync();
    until_state(&thief, "the first contact", is_idle).await;
    pair.revoke().await;
    until_state(&thief, "being revoked", |s| s.phase == Phase::Revoked).await;
    pair.order_wipe().await;
    thief.now();
    pair.told(&thief).await;
    thief.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_does_not_prove_itself_is_only_a_revocation() {
    let pair = Pair::new().await;
    let mut link = pair.lost.store.link().unwrap().unwrap();
    link.order_key = Some([7; 32]);
    pair.lost.store.set_link(&link).unwrap();
    pair.order_wipe().await;
    let thief = pair.lost.sync();
    until_state(&thief, "being revoked", |s| s.phase == Phase::Revoked).await;
    assert_eq!(thief.status().wipe, None);
    thief.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_of_an_earlier_version_learns_key_and_time_zone_at_its_next_contact() {
    let pair = Pair::new().await;
    let mut link = pair.lost.store.link().unwrap().unwrap();
    let pinned = link.order_key.take();
    assert!(pinned.is_some(), "signing in pins the key");
    let zone = link.timezone.take();
    assert_eq!(zone.as_ref().map(ZoneName::as_str), Some("Asia/Shanghai"));
    pair.lost.store.set_link(&link).unwrap();
    let thief = pair.lost.sync();
    until_state(&thief, "the first contact", is_idle).await;
    let kept = pair.lost.store.link().unwrap().unwrap();
    assert_eq!((kept.order_key, kept.timezone), (pinned, zone));
    thief.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_on_the_lost_computer_brings_the_order_too() {
    let pair = Pair::new().await;
    let link = pair.lost.store.link().unwrap().unwrap();
    pair.order_wipe().await;
    let device = Device::of(&link, "书房的电脑");
    let refused = pair.place.sign_in(&pair.email, PASSWORD, &device).await;
    match refused {
        Err(AccountError::WipeOrdered(order)) => assert!(wipe::is_genuine(&link, &order)),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_throws_nobody_out() {
    let pair = Pair::new().await;
    let change = DeviceChange::RevokeOthers {
        password: Secret("guessed wrongly".to_owned()),
    };
    let refused = pair.sync.change_device(&change).await;
    assert!(matches!(refused, Err(AccountError::WrongPassword)));
    let thief = pair.lost.sync();
    until_state(&thief, "the first contact", is_idle).await;
    thief.stop().await;
}

/// The contact that is noted keeps the profile from locking.
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_noted_for_the_lock() {
    let pair = Pair::new().await;
    let after = stoa_domain::LockAfter::Week;
    let store = &pair.here.store;
    store.set_lock_after(after, pair.place.clock.now()).unwrap();
    pair.place.clock.pass_minutes(60 * 24 * 8);
    assert!(store.is_away_too_long(pair.place.clock.now()).unwrap());
    let now = pair.place.clock.now();
    pair.sync.now();
    until_state(&pair.sync, "the contact", |s| s.last_synced_at == Some(now)).await;
    assert!(!store.is_away_too_long(now).unwrap());
}
