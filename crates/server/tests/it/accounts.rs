//! Registering, signing in, refreshing, devices.

use reqwest::Method;
use serde_json::{Value, json};
use stoa_domain::Role;
use stoa_protocol::account::{Account, Secret, Session, Tokens};
use stoa_protocol::device::Device as Listed;
use stoa_protocol::error::ApiErrorCode;

use crate::support::{
    PASSWORD, World, expect, new_device, new_device_id, new_key, on_both_databases, refused,
    refused_with, sign_in_body,
};

async fn post(world: &World, path: &str, body: &Value) -> reqwest::Response {
    let request = world.client().post(world.url(path)).json(body);
    request.send().await.unwrap()
}

fn device_body() -> Value {
    json!(new_device(new_device_id(), &new_key()))
}

fn register(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password, "name": "新成员", "device": device_body() })
}

on_both_databases! {
    async fn whoever_registers_is_a_member_of_the_first_community(world: &World) {
        let session: Session = expect(
            post(world, "/v1/accounts/register", &register(" New@Example.com", PASSWORD)).await,
        ).await;
        assert_eq!(session.account.email, "new@example.com");
        assert_eq!(session.account.communities[0].role, Role::Member);
        assert_eq!(session.account.communities[0].community, world.community);
        let again = post(world, "/v1/accounts/register", &register("new@example.com", PASSWORD)).await;
        refused_with(again, ApiErrorCode::AlreadyExists).await;
    }

    async fn short_passwords_and_the_email_itself_are_refused(world: &World) {
        for password in ["short", "someone@example.com"] {
            let body = register("someone@example.com", password);
            let error = refused_with(
                post(world, "/v1/accounts/register", &body).await,
                ApiErrorCode::InvalidInput,
            ).await;
            assert_eq!(error.field.as_deref(), Some("password"));
        }
    }

    async fn a_wrong_password_and_an_unknown_email_get_the_same_answer(world: &World) {
        let email = world.person(Role::Owner).await;
        let mut answers = Vec::new();
        for email in [email.as_str(), "nobody@example.com", "no address at all"] {
            let body = sign_in_body(email, "not the password", &new_device(new_device_id(), &new_key()));
            let answer = refused_with(
                post(world, "/v1/accounts/sign-in", &body).await,
                ApiErrorCode::WrongPassword,
            ).await;
            answers.push(answer);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
    }

    async fn a_refresh_token_works_once(world: &World) {
        let device = world.device(Role::Owner).await;
        let second: Tokens = expect(device.refresh(&device.tokens).await).await;
        assert_ne!(second, device.tokens);
        let third: Tokens = expect(device.refresh(&second).await).await;

        world.pass_millis(61_000);
        refused_with(device.refresh(&second).await, ApiErrorCode::SignInAgain).await;
        refused_with(device.refresh(&third).await, ApiErrorCode::SignInAgain).await;
    }

    async fn a_lost_answer_is_given_again_to_the_same_device_for_a_minute(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let lost: Tokens = expect(device.refresh(&device.tokens).await).await;
        world.pass_millis(59_000);
        let again: Tokens = expect(device.refresh(&device.tokens).await).await;
        assert_ne!(lost, again);
        device.tokens = again;
        device.hello().await;
    }

    async fn a_copied_token_without_the_device_key_ends_the_session(world: &World) {
        let mut device = world.device(Role::Owner).await;
        let fresh: Tokens = expect(device.refresh(&device.tokens).await).await;
        let key = std::mem::replace(&mut device.key, new_key());
        refused_with(device.refresh(&fresh).await, ApiErrorCode::SignInAgain).await;
        refused_with(device.refresh(&device.tokens).await, ApiErrorCode::SignInAgain).await;
        device.key = key;
        refused_with(device.refresh(&fresh).await, ApiErrorCode::SignInAgain).await;
    }

    async fn an_access_token_ends_after_a_quarter_of_an_hour(world: &World) {
        let device = world.device(Role::Owner).await;
        device.hello().await;
        world.pass_millis(15 * 60 * 1000);
        let answer = device.request(Method::GET, "/v1/sync/hello").send().await.unwrap();
        refused_with(answer, ApiErrorCode::SignInAgain).await;
    }

    async fn a_revoked_device_is_told_so(world: &World) {
        let email = world.person(Role::Owner).await;
        let (first, second) = (world.sign_in(&email).await, world.sign_in(&email).await);
        let list: Vec<Listed> = expect(
            first.request(Method::GET, "/v1/accounts/devices").send().await.unwrap(),
        ).await;
        assert_eq!(list.len(), 2);
        assert_eq!(list.iter().find(|d| d.is_this).map(|d| d.id), Some(first.id));

        let path = format!("/v1/accounts/devices/{}/revoke", second.id);
        let body = json!({ "password": PASSWORD });
        let answer = first.request(Method::POST, &path).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 204);
        let answer = second.request(Method::GET, "/v1/sync/hello").send().await.unwrap();
        refused_with(answer, ApiErrorCode::DeviceRevoked).await;
        refused_with(second.refresh(&second.tokens).await, ApiErrorCode::DeviceRevoked).await;
        let body = sign_in_body(&email, PASSWORD, &new_device(second.id, &second.key));
        let answer = post(world, "/v1/accounts/sign-in", &body).await;
        refused_with(answer, ApiErrorCode::DeviceRevoked).await;
        first.hello().await;
    }

    async fn signing_out_ends_the_session(world: &World) {
        let device = world.device(Role::Owner).await;
        let answer = device.request(Method::POST, "/v1/accounts/sign-out").send().await.unwrap();
        assert_eq!(answer.status(), 204);
        let answer = device.request(Method::GET, "/v1/accounts/me").send().await.unwrap();
        refused_with(answer, ApiErrorCode::SignInAgain).await;
        refused_with(device.refresh(&device.tokens).await, ApiErrorCode::SignInAgain).await;
    }

    async fn a_reset_password_ends_every_session(world: &World) {
        let email = world.person(Role::Owner).await;
        let device = world.sign_in(&email).await;
        let new = Secret("another long password".into());
        let ended = stoa_server::admin::reset_password(&world.config, &email, &new).await.unwrap();
        assert_eq!(ended, 1);
        let answer = device.request(Method::GET, "/v1/accounts/me").send().await.unwrap();
        refused_with(answer, ApiErrorCode::SignInAgain).await;
        let body = sign_in_body(&email, PASSWORD, &new_device(new_device_id(), &new_key()));
        refused(post(world, "/v1/accounts/sign-in", &body).await).await;
        let body = sign_in_body(&email, &new.0, &new_device(new_device_id(), &new_key()));
        let session: Session = expect(post(world, "/v1/accounts/sign-in", &body).await).await;
        assert_eq!(session.account.email, email);
    }

    async fn an_account_says_who_it_is(world: &World) {
        let device = world.device(Role::Expert).await;
        let me: Account = expect(
            device.request(Method::GET, "/v1/accounts/me").send().await.unwrap(),
        ).await;
        assert_eq!(me.communities[0].role, Role::Expert);
        assert_eq!(me.communities[0].name, "知行社");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_or_misspelt_device_key_is_refused() {
    let world = World::sqlite().await;
    let email = world.person(Role::Owner).await;
    for key in ["", "zz", &"0".repeat(64), &"A".repeat(64)] {
        let device = json!({ "id": new_device_id(), "name": "x", "public_key": key });
        let body = json!({ "email": email, "password": PASSWORD, "device": device });
        let error = refused(post(&world, "/v1/accounts/sign-in", &body).await).await;
        assert_eq!(error.field.as_deref(), Some("device.public_key"), "{key}");
    }
}
