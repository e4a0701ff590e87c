//! The list of devices: names, revoking, wiping from afar.

use ed25519_dalek::{Signature, Signer, VerifyingKey};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use stoa_domain::Role;
use stoa_protocol::account::Tokens;
use stoa_protocol::device::{Device as Listed, WipeOrder, Wiped, wipe_message, wiped_message};
use stoa_protocol::error::ApiErrorCode;
use tokio_tungstenite::tungstenite::Message;

use crate::live::{next_head, open, ticket};
use crate::support::{
    Device, PASSWORD, World, expect, hex, new_device, on_both_databases, refused_with, sign_in_body,
};

const DAY_MILLIS: i64 = 86_400_000;

async fn list(device: &Device) -> Vec<Listed> {
    let answer = device.request(Method::GET, "/v1/accounts/devices").send();
    expect(answer.await.unwrap()).await
}

async fn listed(device: &Device, other: &Device) -> Listed {
    let list = list(device).await;
    list.into_iter().find(|one| one.id == other.id).unwrap()
}

/// A step about a device, with the password that was typed.
async fn step(device: &Device, path: &str, password: &str) -> reqwest::Response {
    let path = format!("/v1/accounts/devices/{path}");
    let request = device.request(Method::POST, &path);
    let body = json!({ "password": password });
    request.json(&body).send().await.unwrap()
}

async fn done(answer: reqwest::Response) {
    assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
}

async fn asks(device: &Device) -> reqwest::Response {
    let request = device.request(Method::GET, "/v1/sync/hello");
    request.send().await.unwrap()
}

async fn order_of(answer: reqwest::Response) -> WipeOrder {
    let error = refused_with(answer, ApiErrorCode::WipeOrdered).await;
    error.wipe.unwrap()
}

async fn tell(world: &World, said: &Wiped) -> reqwest::Response {
    let request = world.client().post(world.url("/v1/accounts/wiped"));
    request.json(said).send().await.unwrap()
}

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let pair = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    std::array::from_fn(pair)
}

fn is_signed(order: &WipeOrder, key: &str) -> bool {
    let key = VerifyingKey::from_bytes(&bytes(key)).unwrap();
    let message = wipe_message(&order.server_id, order.device, &order.nonce);
    let signature = Signature::from_bytes(&bytes(&order.signature));
    key.verify_strict(&message, &signature).is_ok()
}

fn wiped(order: &WipeOrder, device: &Device) -> Wiped {
    let message = wiped_message(&order.server_id, order.device, &order.nonce);
    Wiped {
        device: order.device,
        nonce: order.nonce.clone(),
        signature: hex(&device.key.sign(&message).to_bytes()),
    }
}

on_both_databases! {
    async fn a_name_that_was_given_stays_when_the_device_signs_in_again(world: &World) {
        let email = world.person(Role::Owner).await;
        let (here, other) = (world.sign_in(&email).await, world.sign_in(&email).await);
        let path = format!("/v1/accounts/devices/{}", other.id);
        let rename = |name: &str| here.request(Method::PATCH, &path).json(&json!({ "name": name })).send();
        done(rename(" 客厅的电脑 ").await.unwrap()).await;
        let body = sign_in_body(&email, PASSWORD, &new_device(other.id, &other.key));
        let again = world.client().post(world.url("/v1/accounts/sign-in")).json(&body).send();
        expect::<Value>(again.await.unwrap()).await;
        assert_eq!(listed(&here, &other).await.name, "客厅的电脑");
        for wrong in ["", "  ", "两\n行", &"长".repeat(81)] {
            let error = refused_with(rename(wrong).await.unwrap(), ApiErrorCode::InvalidInput).await;
            assert_eq!(error.field.as_deref(), Some("name"));
        }
    }

    async fn whoever_throws_a_device_out_types_the_password(world: &World) {
        let email = world.person(Role::Owner).await;
        let (here, other) = (world.sign_in(&email).await, world.sign_in(&email).await);
        for path in [format!("{}/revoke", other.id), format!("{}/wipe", other.id), "revoke-others".into()] {
            refused_with(step(&here, &path, "a wrong password").await, ApiErrorCode::WrongPassword).await;
        }
        other.hello().await;
        let seen = listed(&here, &other).await;
        assert_eq!((seen.revoked_at, seen.wipe_ordered_at), (None, None));
    }

    async fn all_others_are_revoked_and_the_one_that_asks_is_not(world: &World) {
        let email = world.person(Role::Owner).await;
        let here = world.sign_in(&email).await;
        let others = [world.sign_in(&email).await, world.sign_in(&email).await];
        let stranger = world.device(Role::Owner).await;
        done(step(&here, "revoke-others", PASSWORD).await).await;
        for other in &others {
            refused_with(asks(other).await, ApiErrorCode::DeviceRevoked).await;
        }
        here.hello().await;
        stranger.hello().await;
        let n_revoked = list(&here).await.iter().filter(|d| d.revoked_at.is_some()).count();
        assert_eq!(n_revoked, 2);
    }

    async fn an_order_to_wipe_meets_the_device_wherever_it_asks(world: &World) {
        let email = world.person(Role::Owner).await;
        let (here, lost) = (world.sign_in(&email).await, world.sign_in(&email).await);
        let key = here.hello().await.order_key.unwrap();
        done(step(&here, &format!("{}/wipe", lost.id), PASSWORD).await).await;

        let order = order_of(asks(&lost).await).await;
        assert!(is_signed(&order, &key), "{order:?}");
        assert_eq!(order.device, lost.id);
        assert_eq!(order.server_id, here.hello().await.server_id);
        assert_eq!(order_of(lost.refresh(&lost.tokens).await).await, order);
        let body = sign_in_body(&email, PASSWORD, &new_device(lost.id, &lost.key));
        let again = world.client().post(world.url("/v1/accounts/sign-in")).json(&body).send();
        assert_eq!(order_of(again.await.unwrap()).await, order);

        let elsewhere = WipeOrder { device: here.id, ..order.clone() };
        assert!(!is_signed(&elsewhere, &key), "an order holds for one device");
        done(step(&here, &format!("{}/wipe", lost.id), PASSWORD).await).await;
        assert_eq!(order_of(asks(&lost).await).await, order, "ordering again changes nothing");
        here.hello().await;
    }

    async fn an_order_waits_for_a_device_that_is_away_for_months(world: &World) {
        let email = world.person(Role::Owner).await;
        let (mut here, lost) = (world.sign_in(&email).await, world.sign_in(&email).await);
        let first: Tokens = expect(lost.refresh(&lost.tokens).await).await;
        done(step(&here, &format!("{}/revoke", lost.id), PASSWORD).await).await;
        world.pass_millis(100 * DAY_MILLIS);
        world.server.tidy().await;
        here.tokens = expect(here.refresh(&here.tokens).await).await;
        done(step(&here, &format!("{}/wipe", lost.id), PASSWORD).await).await;
        world.pass_millis(100 * DAY_MILLIS);
        world.server.tidy().await;
        refused_with(asks(&lost).await, ApiErrorCode::SignInAgain).await;
        let order = order_of(lost.refresh(&first).await).await;

        done(tell(world, &wiped(&order, &lost)).await).await;
        world.server.tidy().await;
        refused_with(lost.refresh(&first).await, ApiErrorCode::SignInAgain).await;
    }

    async fn only_the_device_itself_says_that_it_was_wiped(world: &World) {
        let email = world.person(Role::Owner).await;
        let (here, lost) = (world.sign_in(&email).await, world.sign_in(&email).await);
        done(step(&here, &format!("{}/wipe", lost.id), PASSWORD).await).await;
        let order = order_of(asks(&lost).await).await;

        let genuine = wiped(&order, &lost);
        let forged = [
            wiped(&order, &here),
            Wiped { nonce: hex(&[0; 32]), ..genuine.clone() },
            Wiped { device: here.id, ..genuine.clone() },
            Wiped { signature: "知".repeat(43), ..genuine.clone() },
        ];
        for said in &forged {
            refused_with(tell(world, said).await, ApiErrorCode::NotFound).await;
        }
        assert_eq!(listed(&here, &lost).await.wiped_at, None);
        done(tell(world, &genuine).await).await;
        let first = listed(&here, &lost).await;
        assert!(first.wipe_ordered_at.is_some() && first.wiped_at.is_some());
        world.pass_millis(1_000);
        done(tell(world, &genuine).await).await;
        assert_eq!(listed(&here, &lost).await.wiped_at, first.wiped_at);
        assert_eq!(order_of(asks(&lost).await).await, order, "a copy that comes back is wiped too");
    }

    async fn nobody_touches_the_devices_of_another(world: &World) {
        let (one, other) = (world.device(Role::Owner).await, world.device(Role::Editor).await);
        for path in ["revoke", "wipe"] {
            let path = format!("{}/{path}", other.id);
            refused_with(step(&one, &path, PASSWORD).await, ApiErrorCode::NotFound).await;
        }
        let path = format!("/v1/accounts/devices/{}", other.id);
        let rename = one.request(Method::PATCH, &path).json(&json!({ "name": "我的" })).send();
        refused_with(rename.await.unwrap(), ApiErrorCode::NotFound).await;
        other.hello().await;
        assert_eq!(listed(&other, &other).await.name, "书房的电脑");
    }

    async fn a_revoked_device_is_hung_up_on_at_once(world: &World) {
        let email = world.person(Role::Owner).await;
        let (here, other) = (world.sign_in(&email).await, world.sign_in(&email).await);
        let mut kept = open(world, &ticket(&here).await, None).await.unwrap();
        let mut socket = open(world, &ticket(&other).await, None).await.unwrap();
        next_head(&mut kept).await;
        next_head(&mut socket).await;
        let late = ticket(&other).await;
        done(step(&here, &format!("{}/revoke", other.id), PASSWORD).await).await;
        let closed = loop {
            match socket.next().await.unwrap().unwrap() {
                Message::Close(frame) => break frame.unwrap(),
                _ => continue,
            }
        };
        assert_eq!(u16::from(closed.code), 1008);
        let mut late = open(world, &late, None).await.unwrap();
        loop {
            match late.next().await.unwrap().unwrap() {
                Message::Close(frame) => {
                    assert_eq!(u16::from(frame.unwrap().code), 1008);
                    break;
                }
                Message::Text(text) => panic!("it was told {text}"),
                _ => {}
            }
        }
        let ping = kept.next();
        let silent = tokio::time::timeout(std::time::Duration::from_millis(200), ping);
        assert!(silent.await.is_err(), "the other one goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_of_the_password_are_counted() {
    let rates = stoa_server::Rates {
        sign_in_email: stoa_server::Rate {
            requests: 4,
            seconds: 3600,
        },
        ..stoa_server::Rates::generous()
    };
    let world = World::start(None, rates).await;
    let here = world.device(Role::Owner).await;
    let path = format!("{}/wipe", here.id);
    for _ in 0..3 {
        let answer = step(&here, &path, "guessed").await;
        refused_with(answer, ApiErrorCode::WrongPassword).await;
    }
    refused_with(step(&here, &path, PASSWORD).await, ApiErrorCode::SlowDown).await;
}
