//! Pokes over the WebSocket.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::sync::{LiveTicket, Poke};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::support::{
    Device, World, create, expect, new_draft_id, on_both_databases, refused_with,
};

pub(crate) type Socket = WebSocketStream<tokio_rustls::client::TlsStream<TcpStream>>;

pub(crate) async fn ticket(device: &Device) -> String {
    let answer = device.sync_request("live-ticket").send().await.unwrap();
    expect::<LiveTicket>(answer).await.ticket
}

pub(crate) async fn open(
    world: &World,
    ticket: &str,
    origin: Option<&str>,
) -> Result<Socket, Error> {
    use rustls::pki_types::pem::PemObject;
    let pem = world.server.ca_pem.clone().unwrap();
    let mut roots = rustls::RootCertStore::empty();
    let ca = rustls::pki_types::CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    roots.add(ca).unwrap();
    let config = rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
    let tcp = TcpStream::connect(world.server.addr).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let tls = connector.connect(name, tcp).await.unwrap();
    let url = format!(
        "wss://localhost/v1/sync/{}/live?ticket={ticket}",
        world.community
    );
    let mut request = url.into_client_request().unwrap();
    if let Some(origin) = origin {
        request
            .headers_mut()
            .insert("origin", origin.parse().unwrap());
    }
    client_async(request, tls).await.map(|(socket, _)| socket)
}

/// The next poke's head.
pub(crate) async fn next_head(socket: &mut Socket) -> i64 {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(20), socket.next());
        if let Message::Text(text) = message.await.unwrap().unwrap().unwrap() {
            return serde_json::from_str::<Poke>(&text).unwrap().head;
        }
    }
}

fn status(outcome: Result<Socket, Error>) -> u16 {
    match outcome {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => 101,
    }
}

on_both_databases! {
    async fn a_push_pokes_the_other_device(world: &World) {
        let email = world.person(Role::Owner).await;
        let mut writer = world.sign_in(&email).await;
        let reader = world.sign_in(&email).await;
        let mut socket = open(world, &ticket(&reader).await, None).await.unwrap();
        // The membership of the person was the first change.
        assert_eq!(next_head(&mut socket).await, 1);
        let mut times = Vec::new();
        for n in 1..=20 {
            let started = Instant::now();
            writer.push(&[create(new_draft_id(), "戳")]).await;
            assert_eq!(next_head(&mut socket).await, n + 1);
            times.push(started.elapsed());
        }
        times.sort();
        // Generous beside the budget of 30 ms: the machine of a test is never idle.
        assert!(times[10] < Duration::from_millis(500), "{times:?}");
    }

    async fn a_ticket_opens_one_connection_within_half_a_minute(world: &World) {
        let device = world.device(Role::Owner).await;
        let once = ticket(&device).await;
        assert_eq!(status(open(world, &once, None).await), 101);
        assert_eq!(status(open(world, &once, None).await), 401);
        assert_eq!(status(open(world, "made-up", None).await), 401);
        let late = ticket(&device).await;
        world.pass_millis(30_001);
        assert_eq!(status(open(world, &late, None).await), 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_elsewhere_cannot_listen() {
    let world = World::sqlite().await;
    let device = world.device(Role::Owner).await;
    let foreign = open(&world, &ticket(&device).await, Some("https://evil.example")).await;
    assert_eq!(status(foreign), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_has_five_connections_and_gets_them_back() {
    let world = World::sqlite().await;
    let device = world.device(Role::Owner).await;
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(open(&world, &ticket(&device).await, None).await.unwrap());
    }
    assert_eq!(
        status(open(&world, &ticket(&device).await, None).await),
        429
    );
    let mut closing = sockets.pop().unwrap();
    closing.close(None).await.unwrap();
    while closing.next().await.is_some() {}
    // The server counts down when its task has ended, which the client cannot see.
    let mut outcome = 429;
    for _ in 0..100 {
        outcome = status(open(&world, &ticket(&device).await, None).await);
        if outcome == 101 {
            break;
        }
    }
    assert_eq!(outcome, 101);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_closes_connections_in_order() {
    let world = World::sqlite().await;
    let device = world.device(Role::Owner).await;
    let mut socket = open(&world, &ticket(&device).await, None).await.unwrap();
    next_head(&mut socket).await;
    let stopping = tokio::spawn(world.server.stop());
    let last = loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Close(frame) => break frame.unwrap(),
            _ => continue,
        }
    };
    assert_eq!(u16::from(last.code), 1001);
    drop(socket);
    stopping.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_of_another_community_gets_no_ticket() {
    let world = World::sqlite().await;
    let other = stoa_server::admin::create_community(&world.config, "别处", "UTC")
        .await
        .unwrap();
    let mut device = world.device(Role::Owner).await;
    device.community = other;
    let answer = device.sync_request("live-ticket").send().await.unwrap();
    refused_with(answer, ApiErrorCode::NotFound).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_to_one_process_pokes_those_who_listen_at_another() {
    let url = stoa_server::test_support::new_database().await.unwrap();
    let one = World::start(Some(url), stoa_server::Rates::generous()).await;
    let other = one.second_server().await;
    let email = one.person(Role::Owner).await;
    let mut writer = one.sign_in(&email).await;
    let reader = other.sign_in(&email).await;
    let mut socket = open(&other, &ticket(&reader).await, None).await.unwrap();
    let before = next_head(&mut socket).await;
    for n in 1..=20 {
        writer.push(&[create(new_draft_id(), "两台")]).await;
        assert_eq!(next_head(&mut socket).await, before + n);
    }
    // The other way round, and after a pull that shows what was announced.
    assert_eq!(reader.pull(0, 100).await.upto, before + 20);
    let mut back = open(&one, &ticket(&writer).await, None).await.unwrap();
    assert_eq!(next_head(&mut back).await, before + 20);
    let mut second = other.sign_in(&email).await;
    second.push(&[create(new_draft_id(), "回来")]).await;
    assert_eq!(next_head(&mut back).await, before + 21);
}
