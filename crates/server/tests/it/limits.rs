//! How much is taken from whom.

use reqwest::Method;
use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode;
use stoa_server::Rates;

use crate::support::{World, new_device, new_device_id, new_key, refused, sign_in_body};

async fn try_to_sign_in(world: &World, email: &str) -> ApiErrorCode {
    let device = new_device(new_device_id(), &new_key());
    let body = sign_in_body(email, "a wrong password", &device);
    let request = world
        .client()
        .post(world.url("/v1/accounts/sign-in"))
        .json(&body);
    let error = refused(request.send().await.unwrap()).await;
    assert_eq!(
        error.code == ApiErrorCode::SlowDown,
        error.retry_after.is_some()
    );
    error.code
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_wrong_passwords_are_too_many() {
    let world = World::start(None, Rates::default()).await;
    let email = world.person(Role::Owner).await;
    let mut codes = Vec::new();
    for _ in 0..30 {
        codes.push(try_to_sign_in(&world, &email).await);
    }
    assert_eq!(codes[0], ApiErrorCode::WrongPassword);
    assert_eq!(codes[29], ApiErrorCode::SlowDown);
    let n_wrong = codes
        .iter()
        .filter(|code| **code == ApiErrorCode::WrongPassword)
        .count();
    assert!((25..=26).contains(&n_wrong), "{n_wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_email_is_limited_whatever_the_address() {
    let mut rates = Rates::generous();
    rates.sign_in_email = Rates::default().sign_in_email;
    let world = World::start(None, rates).await;
    for _ in 0..25 {
        assert_eq!(
            try_to_sign_in(&world, "Lin@example.com").await,
            ApiErrorCode::WrongPassword
        );
    }
    assert_eq!(
        try_to_sign_in(&world, " lin@EXAMPLE.com").await,
        ApiErrorCode::SlowDown
    );
    assert_eq!(
        try_to_sign_in(&world, "other@example.com").await,
        ApiErrorCode::WrongPassword
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_asks_too_often_is_told_when_to_come_back() {
    let mut rates = Rates::generous();
    rates.token = Rates::default().token;
    let world = World::start(None, rates).await;
    let device = world.device(Role::Owner).await;
    let mut refused_at = None;
    for n in 0..320 {
        let answer = device
            .request(Method::GET, "/v1/accounts/me")
            .send()
            .await
            .unwrap();
        if answer.status() == 429 {
            let error = refused(answer).await;
            assert_eq!(error.code, ApiErrorCode::SlowDown);
            refused_at = Some(n);
            break;
        }
    }
    assert!(refused_at.is_some_and(|n| n >= 300), "{refused_at:?}");
    device.hello().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_up_is_limited_by_address() {
    let mut rates = Rates::generous();
    rates.register = Rates::default().register;
    let world = World::start(None, rates).await;
    let mut statuses = Vec::new();
    for n in 0..6 {
        let device = new_device(new_device_id(), &new_key());
        let mut body = sign_in_body(&format!("n{n}@example.com"), "a long password", &device);
        body["name"] = "新".into();
        let request = world
            .client()
            .post(world.url("/v1/accounts/register"))
            .json(&body);
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_short_names_are_counted_together_with_the_long_ones() {
    let mut rates = Rates::generous();
    rates.register = Rates::default().register;
    rates.sign_in_email = Rates::default().sign_in_email;
    let world = World::start(None, rates).await;
    let post = async |path: &str, body: &serde_json::Value| {
        let request = world.client().post(world.url(path)).json(body);
        request.send().await.unwrap().status().as_u16()
    };
    let mut statuses = Vec::new();
    for (n, path) in ["/register", "/v1/register", "/v1/accounts/register"]
        .iter()
        .cycle()
        .take(6)
        .enumerate()
    {
        let email = format!("n{n}@example.com");
        let device = new_device(new_device_id(), &new_key());
        let mut body = sign_in_body(&email, "a long password", &device);
        body["name"] = "新".into();
        body["username"] = email.into();
        statuses.push(post(path, &body).await);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    for n in 0..25 {
        let body = serde_json::json!({ "username": "n0@example.com", "password": "wrong" });
        let path = ["/login", "/v1/login"][n % 2];
        assert_eq!(post(path, &body).await, 401);
    }
    let code = try_to_sign_in(&world, "n0@example.com").await;
    assert_eq!(code, ApiErrorCode::SlowDown);
}
