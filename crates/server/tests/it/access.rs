//! Who may do what: every route for every kind of caller.

use reqwest::Method;
use stoa_domain::{CommunityId, Role};

use crate::support::{Device, PASSWORD, World, new_draft_id, pushed};

/// A route with what each caller gets: nobody, member, editor, owner, owner of another community.
pub(crate) const ROUTES: &[(&str, &str, [u16; 5])] = &[
    ("GET", "/healthz", [200; 5]),
    ("GET", "/metrics", [200; 5]),
    ("GET", "/openapi.json", [200; 5]),
    ("GET", "/v1/ca.pem", [200; 5]),
    // An empty body: whoever gets this far is told what is wrong with it.
    ("POST", "/v1/accounts/register", [400; 5]),
    ("POST", "/v1/accounts/sign-in", [400; 5]),
    ("POST", "/v1/accounts/refresh", [400; 5]),
    ("GET", "/v1/accounts/me", [401, 200, 200, 200, 200]),
    ("GET", "/v1/accounts/devices", [401, 200, 200, 200, 200]),
    (
        "PATCH",
        "/v1/accounts/devices/{id}",
        [401, 404, 404, 404, 404],
    ),
    (
        "POST",
        "/v1/accounts/devices/{id}/revoke",
        [401, 404, 404, 404, 404],
    ),
    (
        "POST",
        "/v1/accounts/devices/{id}/wipe",
        [401, 404, 404, 404, 404],
    ),
    (
        "POST",
        "/v1/accounts/devices/revoke-others",
        [401, 204, 204, 204, 204],
    ),
    ("POST", "/v1/accounts/wiped", [400; 5]),
    ("GET", "/v1/sync/hello", [401, 200, 200, 200, 200]),
    ("GET", "/v1/communities/{community}/articles", [200; 5]),
    ("GET", "/v1/communities/{community}/articles/{id}", [404; 5]),
    (
        "GET",
        "/v1/communities/{community}/articles/{id}/files/{b3}",
        [404; 5],
    ),
    (
        "GET",
        "/v1/communities/{community}/articles/by-address/{slug}",
        [404; 5],
    ),
    (
        "PUT",
        "/v1/communities/{community}/articles/{id}/done",
        [401, 404, 404, 404, 404],
    ),
    (
        "DELETE",
        "/v1/communities/{community}/articles/{id}/done",
        [401, 404, 404, 404, 404],
    ),
    ("GET", "/v1/communities/{community}/feeds/rss", [200; 5]),
    ("GET", "/v1/communities/{community}/feeds/atom", [200; 5]),
    ("GET", "/v1/communities/{community}/feeds/json", [200; 5]),
    ("POST", "/v1/register", [400; 5]),
    ("POST", "/register", [400; 5]),
    ("POST", "/v1/login", [400; 5]),
    ("POST", "/login", [400; 5]),
    ("GET", "/v1/user", [401, 200, 200, 200, 200]),
    ("GET", "/user", [401, 200, 200, 200, 200]),
    ("POST", "/v1/publish", [401, 403, 200, 200, 404]),
    ("POST", "/publish", [401, 403, 200, 200, 404]),
    ("GET", "/v1/article/{id}", [404; 5]),
    ("GET", "/article/{id}", [404; 5]),
    (
        "POST",
        "/v1/sync/{community}/push",
        [401, 200, 200, 200, 404],
    ),
    (
        "POST",
        "/v1/sync/{community}/pull",
        [401, 200, 200, 200, 404],
    ),
    (
        "POST",
        "/v1/sync/{community}/results/ack",
        [401, 204, 204, 204, 404],
    ),
    (
        "POST",
        "/v1/sync/{community}/live-ticket",
        [401, 200, 200, 200, 404],
    ),
    (
        "GET",
        "/v1/sync/{community}/snapshots/{bucket}",
        [401, 404, 200, 200, 404],
    ),
    (
        "GET",
        "/v1/sync/{community}/snapshots/{bucket}/{id}/{part}",
        [401, 404, 404, 404, 404],
    ),
    (
        "GET",
        "/v1/sync/{community}/proposals",
        [401, 403, 403, 200, 404],
    ),
    (
        "POST",
        "/v1/sync/{community}/proposals/decide",
        [401, 403, 403, 200, 404],
    ),
    ("POST", "/v1/blobs/{community}", [401, 403, 422, 422, 404]),
    (
        "POST",
        "/v1/blobs/{community}/missing",
        [401, 403, 200, 200, 404],
    ),
    (
        "PUT",
        "/v1/blobs/{community}/{b3}/parts/{n}",
        [401, 403, 404, 404, 404],
    ),
    (
        "POST",
        "/v1/blobs/{community}/{b3}/complete",
        [401, 403, 404, 404, 404],
    ),
    (
        "GET",
        "/v1/blobs/{community}/{b3}/parts",
        [401, 403, 404, 404, 404],
    ),
    (
        "GET",
        "/v1/blobs/{community}/{b3}",
        [401, 403, 404, 404, 404],
    ),
    // Not a WebSocket handshake.
    ("GET", "/v1/sync/{community}/live", [400; 5]),
    // Last, because it ends the session.
    ("POST", "/v1/accounts/sign-out", [401, 204, 204, 204, 204]),
];

async fn callers(world: &World) -> Vec<Device> {
    let other = stoa_server::admin::create_community(&world.config, "别处", "UTC")
        .await
        .unwrap();
    let stranger = world.person_in(&other.to_string(), Role::Owner).await;
    vec![
        world.device(Role::Member).await,
        world.device(Role::Editor).await,
        world.device(Role::Owner).await,
        world.sign_in(&stranger).await,
    ]
}

fn body(path: &str, device: &Device, community: CommunityId) -> Option<serde_json::Value> {
    let mutation = pushed(1, &crate::support::create(new_draft_id(), "x"));
    match path.rsplit('/').next() {
        Some("push") => Some(serde_json::json!({ "epoch": device.epoch, "mutations": [mutation] })),
        Some("pull") => Some(serde_json::json!(device.pull_from(0, 1))),
        Some("decide") => Some(serde_json::json!({ "ids": [], "accept": true })),
        Some("publish") => {
            let of = community.to_string();
            Some(serde_json::json!({ "title": "x", "content": "x", "community": of }))
        }
        Some("missing") => Some(serde_json::json!({ "blobs": [] })),
        Some("{community}") => {
            Some(serde_json::json!({ "b3": "0a".repeat(32), "size": 1, "parts": [] }))
        }
        Some("revoke" | "wipe" | "revoke-others") => {
            Some(serde_json::json!({ "password": PASSWORD }))
        }
        Some("{id}") => Some(serde_json::json!({ "name": "书房" })),
        Some("ack") => Some(serde_json::json!({ "mid": 0 })),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_caller_as_written_down() {
    let world = World::sqlite().await;
    let callers = callers(&world).await;
    for (method, path, expected) in ROUTES {
        let real = path
            .replace("{community}", &world.community.to_string())
            .replace("{b3}", &"0a".repeat(32))
            .replace("{n}", "0")
            .replace("{bucket}", "content")
            .replace("{part}", "0")
            .replace("{slug}", "nothing-here")
            .replace("{id}", &crate::support::new_device_id().to_string());
        let method: Method = method.parse().unwrap();
        let mut got = vec![
            world
                .client()
                .request(method.clone(), world.url(&real))
                .send()
                .await
                .unwrap()
                .status()
                .as_u16(),
        ];
        for device in &callers {
            let mut request = device.request(method.clone(), &real);
            if let Some(body) = body(path, device, world.community) {
                request = request.json(&body);
            }
            got.push(request.send().await.unwrap().status().as_u16());
        }
        assert_eq!(&got[..], expected, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_given_no_rows_and_writes_none() {
    let world = World::sqlite().await;
    let mut owner = world.device(Role::Owner).await;
    owner
        .push(&[crate::support::create(new_draft_id(), "机密")])
        .await;
    for role in [Role::Member, Role::Analyst] {
        let mut device = world.device(role).await;
        let pulled = device.pull(0, 100).await;
        assert_eq!(
            (pulled.rows.len(), pulled.buckets.len()),
            (0, usize::from(role.knows_people())),
            "{role:?}"
        );
        let answer = device
            .push(&[crate::support::create(new_draft_id(), "x")])
            .await;
        assert_eq!(crate::support::words(&answer), ["rejected not_allowed"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_names_every_route_and_no_other() {
    let world = World::sqlite().await;
    let answer = world
        .client()
        .get(world.url("/openapi.json"))
        .send()
        .await
        .unwrap();
    let api: serde_json::Value = answer.json().await.unwrap();
    let mut described: Vec<(String, String)> = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.push((method.to_uppercase(), path.clone()));
        }
    }
    described.sort();
    let operations = api["paths"].as_object().unwrap().values();
    let mut ids: Vec<&str> = operations
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    let n_ids = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_ids, "two operations are called the same");
    let mut tested: Vec<(String, String)> = ROUTES
        .iter()
        .map(|(method, path, _)| ((*method).into(), (*path).into()))
        .collect();
    tested.sort();
    assert_eq!(described, tested);
    let text = api.to_string();
    for name in ["PushAnswer", "PullLine", "ApiError", "Session"] {
        assert!(
            text.contains(&format!("#/components/schemas/{name}")),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_there_is_said_so_in_json() {
    let world = World::sqlite().await;
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/v1/sync/x/push"),
        (Method::PUT, "/v1/sync/hello"),
    ] {
        let answer = world
            .client()
            .request(method, world.url(path))
            .send()
            .await
            .unwrap();
        crate::support::refused_with(answer, stoa_protocol::error::ApiErrorCode::NotFound).await;
    }
}
