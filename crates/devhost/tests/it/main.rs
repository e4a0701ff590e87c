//! Who gets in and who does not, over real connections.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use futures_util::StreamExt;
use reqwest::{Client, RequestBuilder, StatusCode};
use stoa_devhost::{Host, Options, serve};
use stoa_ipc::{CreateProfile, Event, ProfileKind, Stage};
use stoa_store::test_support::SeededRandom;
use stoa_studio::{BuildKind, Clock, Studio, StudioOptions, Timestamp};
use tokio_tungstenite::tungstenite::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::http::Uri;

struct SteppingClock(AtomicI64);

impl Clock for SteppingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_790_000_000_000 + self.0.fetch_add(1, Ordering::Relaxed))
    }
}

struct Fixture {
    host: Host,
    studio: Studio,
    client: Client,
    _dir: tempfile::TempDir,
}

async fn fixture() -> Fixture {
    // The second test of the process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let ui = dir.path().join("ui");
    std::fs::create_dir(&ui).unwrap();
    std::fs::write(ui.join("index.html"), "<!doctype html><title>Stoa</title>").unwrap();
    let data = dir.path().join("data");
    let clock = Arc::new(SteppingClock(AtomicI64::new(0)));
    let mut options = StudioOptions::new(data, BuildKind::Test, clock);
    options.random = Arc::new(SeededRandom::new(1));
    options.player = Some(stoa_devhost::PLAYER.to_owned());
    let studio = Studio::start(options);
    let host = serve(Options {
        studio: studio.clone(),
        ui,
        listen: ([127, 0, 0, 1], 0).into(),
        token: [7; 32],
    });
    Fixture {
        host: host.await.unwrap(),
        studio,
        client: Client::builder().no_proxy().build().unwrap(),
        _dir: dir,
    }
}

impl Fixture {
    fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.host.port())
    }

    fn ask_for_state(&self) -> RequestBuilder {
        let address = self.address("/rpc/app.state");
        self.client.post(address).body("{}")
    }

    fn with_token(&self) -> RequestBuilder {
        self.ask_for_state().header("stoa-token", self.host.token())
    }

    #[track_caller]
    fn socket(&self, protocols: &[String]) -> ClientRequestBuilder {
        let address = format!("ws://127.0.0.1:{}/events", self.host.port());
        let uri: Uri = address.parse().unwrap();
        let request = ClientRequestBuilder::new(uri);
        protocols.iter().fold(request, |request, protocol| {
            request.with_sub_protocol(protocol)
        })
    }

    fn offered(&self) -> [String; 2] {
        ["stoa".to_owned(), format!("token.{}", self.host.token())]
    }
}

async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn whoever_knows_the_token_may_command() {
    let fixture = fixture().await;
    let reply = fixture.with_token().send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    assert!(reply.text().await.unwrap().contains("first_run"));
    assert!(
        fixture
            .host
            .url()
            .ends_with(&format!("/#token={}", fixture.host.token()))
    );
}

#[tokio::test]
async fn a_failure_is_an_answer_with_its_code() {
    let fixture = fixture().await;
    let address = fixture.address("/rpc/draft.list");
    let request = fixture.client.post(address).body(r#"{"limit":10}"#);
    let reply = request.header("stoa-token", fixture.host.token());
    let reply = reply.send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::BAD_REQUEST);
    assert!(reply.text().await.unwrap().contains(r#""code":"locked""#));
}

#[tokio::test]
async fn without_the_token_nobody_commands() {
    let fixture = fixture().await;
    assert_eq!(
        status(fixture.ask_for_state()).await,
        StatusCode::UNAUTHORIZED
    );
    for wrong in ["", "07", &"08".repeat(32), &"07".repeat(33)] {
        let request = fixture.ask_for_state().header("stoa-token", wrong);
        assert_eq!(status(request).await, StatusCode::UNAUTHORIZED, "{wrong}");
    }
}

#[tokio::test]
async fn a_foreign_name_for_this_computer_is_refused() {
    let fixture = fixture().await;
    let port = fixture.host.port();
    let foreign = [
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        "127.0.0.1:1".to_owned(),
    ];
    for host in foreign {
        let request = fixture.with_token().header("host", &host);
        assert_eq!(
            status(request).await,
            StatusCode::MISDIRECTED_REQUEST,
            "{host}"
        );
    }
    let own = fixture
        .with_token()
        .header("host", format!("localhost:{port}"));
    assert_eq!(status(own).await, StatusCode::OK);
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_even_with_the_token() {
    let fixture = fixture().await;
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let request = fixture.with_token().header("origin", origin);
        assert_eq!(status(request).await, StatusCode::FORBIDDEN, "{origin}");
    }
    let cross = fixture.with_token().header("sec-fetch-site", "cross-site");
    assert_eq!(status(cross).await, StatusCode::FORBIDDEN);
    let own = format!("http://127.0.0.1:{}", fixture.host.port());
    let request = fixture.with_token().header("origin", own);
    assert_eq!(status(request).await, StatusCode::OK);
}

#[tokio::test]
async fn the_page_comes_with_its_policy_and_for_every_path() {
    let fixture = fixture().await;
    for path in ["/", "/content/drafts"] {
        let reply = fixture
            .client
            .get(fixture.address(path))
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), StatusCode::OK);
        let policy = reply.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"));
        assert!(policy.contains("'wasm-unsafe-eval'"));
        assert_eq!(reply.headers()["x-content-type-options"], "nosniff");
        assert!(reply.text().await.unwrap().contains("<title>Stoa"));
    }
    let outside = fixture.address("/..%2f..%2fetc%2fpasswd");
    let reply = fixture.client.get(outside).send().await.unwrap();
    assert!(!reply.text().await.unwrap().contains("root:"));
}

#[tokio::test]
async fn a_command_that_is_too_large_is_refused() {
    let fixture = fixture().await;
    let request = fixture.with_token().body("x".repeat(8 * 1024 * 1024 + 1));
    assert_eq!(status(request).await, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn events_come_over_the_socket_and_the_state_comes_first() {
    let fixture = fixture().await;
    let request = fixture.socket(&fixture.offered());
    let (mut socket, reply) = tokio_tungstenite::connect_async(request).await.unwrap();
    assert_eq!(reply.headers()["sec-websocket-protocol"], "stoa");
    let mut next = async || {
        let message = socket.next().await.unwrap().unwrap();
        serde_json::from_str::<Event>(message.to_text().unwrap()).unwrap()
    };
    assert!(matches!(next().await, Event::State(state) if state.stage == Stage::FirstRun));
    let demo = CreateProfile {
        kind: ProfileKind::Demo,
        name: String::new(),
        passphrase: None,
    };
    fixture.studio.run(demo).await.unwrap();
    loop {
        if let Event::State(state) = next().await
            && matches!(state.stage, Stage::Open { .. })
        {
            break;
        }
    }
}

#[tokio::test]
async fn no_socket_opens_without_token_or_from_elsewhere() {
    let fixture = fixture().await;
    let none = fixture.socket(&["stoa".to_owned()]);
    assert!(tokio_tungstenite::connect_async(none).await.is_err());
    let wrong = fixture.socket(&["stoa".to_owned(), "token.00".to_owned()]);
    assert!(tokio_tungstenite::connect_async(wrong).await.is_err());
    let foreign = fixture
        .socket(&fixture.offered())
        .with_header("origin", "http://evil.example");
    assert!(tokio_tungstenite::connect_async(foreign).await.is_err());
}

#[tokio::test]
async fn an_address_that_others_reach_is_not_served() {
    let fixture = fixture().await;
    let open = serve(Options {
        studio: fixture.studio.clone(),
        ui: "ui".into(),
        listen: ([0, 0, 0, 0], 0).into(),
        token: [0; 32],
    });
    assert!(open.await.is_err());
}

/// A tone of a second, as a file that a draft has; its ticket's address.
async fn playable(fixture: &Fixture) -> (String, Vec<u8>) {
    use base64::Engine;
    let n: u32 = 8000;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + n).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(8000_u32.to_le_bytes());
    bytes.extend(8000_u32.to_le_bytes());
    bytes.extend(b"\x01\0\x08\0data");
    bytes.extend(n.to_le_bytes());
    bytes.extend((0..n).map(|at| (at % 251) as u8));
    let profile = CreateProfile {
        kind: ProfileKind::Demo,
        name: "试一试".to_owned(),
        passphrase: None,
    };
    fixture.studio.run(profile).await.unwrap();
    let draft = fixture.studio.run(stoa_ipc::CreateDraft::default());
    let draft = draft.await.unwrap().id;
    let added = fixture.studio.run(stoa_ipc::AddRecording {
        draft,
        name: "一秒.wav".to_owned(),
        upload: 1,
        at: 0,
        bytes: base64::engine::general_purpose::STANDARD.encode(&bytes),
        is_last: true,
    });
    let b3 = added.await.unwrap().recording.unwrap().file.b3;
    let address = fixture.studio.run(stoa_ipc::PlayRecording { b3 }).await;
    (address.unwrap().address.unwrap(), bytes)
}

/// A thousand places of a file.
fn places(size: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut seed = 7_u64;
    std::iter::repeat_with(move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let start = (seed >> 33) as usize % size;
        (start, (start + (seed >> 50) as usize % 700).min(size - 1))
    })
    .take(1000)
}

#[tokio::test]
async fn a_ticket_plays_its_recording_from_any_place_and_nothing_else_does() {
    let fixture = fixture().await;
    let (path, bytes) = playable(&fixture).await;
    let ask = |path: &str, range: Option<&str>| {
        let mut request = fixture.client.get(fixture.address(path));
        if let Some(range) = range {
            request = request.header("range", range);
        }
        request.send()
    };
    let whole = ask(&path, None).await.unwrap();
    assert_eq!(whole.status(), StatusCode::OK);
    assert_eq!(whole.headers()["content-type"], "audio/wav");
    assert_eq!(whole.headers()["x-content-type-options"], "nosniff");
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    let size = bytes.len();
    for (range, expected) in [
        ("bytes=0-0", Some(0..1)),
        ("bytes=100-", Some(100..size)),
        ("bytes=-7", Some(size - 7..size)),
        ("bytes=5000-99999999", Some(5000..size)),
        ("bytes=99999999-", None),
    ] {
        let part = ask(&path, Some(range)).await.unwrap();
        match expected {
            Some(expected) => {
                assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT, "{range}");
                let named = format!("bytes {}-{}/{size}", expected.start, expected.end - 1);
                assert_eq!(part.headers()["content-range"], *named, "{range}");
                assert_eq!(part.bytes().await.unwrap(), bytes[expected], "{range}");
            }
            None => assert_eq!(part.status(), StatusCode::RANGE_NOT_SATISFIABLE, "{range}"),
        }
    }
    let (path, bytes) = (&path, &bytes);
    for (start, end) in places(size) {
        let part = ask(path, Some(&format!("bytes={start}-{end}"))).await;
        assert_eq!(part.unwrap().bytes().await.unwrap(), bytes[start..=end]);
    }
    let forged = format!("/play/{}", "0".repeat(64));
    for other in [&*forged, "/play/", "/play/../rpc"] {
        let answer = ask(other, None).await.unwrap();
        assert_ne!(
            answer.headers().get("content-type").unwrap(),
            "audio/wav",
            "{other}"
        );
    }
    assert_eq!(
        ask(&forged, None).await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
    let foreign = fixture.client.get(fixture.address(path));
    let foreign = foreign.header("sec-fetch-site", "cross-site");
    assert_eq!(status(foreign).await, StatusCode::FORBIDDEN);
    let renamed = fixture.client.get(fixture.address(path));
    let renamed = renamed.header("host", "evil.example");
    assert_eq!(status(renamed).await, StatusCode::MISDIRECTED_REQUEST);
}
