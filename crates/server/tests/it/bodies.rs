//! Bodies that are too large, cut short, compressed, or not what they say.

use serde_json::json;
use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::sync::PushAnswer;
use stoa_protocol::{PUSH_MAX_BYTES, PUSH_MAX_MUTATIONS};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{
    World, append, create, expect, new_draft_id, random, read_pull, refused_with, unzstd, words,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_compressed_push_and_pull_say_the_same_as_plain_ones() {
    let world = World::sqlite().await;
    let mut device = world.device(Role::Owner).await;
    let id = new_draft_id();
    let mut mutations = vec![create(id, "压缩")];
    mutations.extend((0..50).map(|_| append(id, &random::<64>())));
    let push = device.number(&mutations);
    let packed = zstd::encode_all(&serde_json::to_vec(&push).unwrap()[..], 1).unwrap();
    let request = device
        .sync_request("push")
        .header("content-encoding", "zstd")
        .header("content-type", "application/json")
        .body(packed);
    let answer: PushAnswer = expect(request.send().await.unwrap()).await;
    assert_eq!(answer.lmid, 51);

    let plain = device.pull(0, 1000).await;
    let request = device
        .sync_request("pull")
        .header("accept-encoding", "zstd, gzip")
        .json(&device.pull_from(0, 1000));
    let packed = request.send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "zstd");
    assert_eq!(packed.headers()["content-type"], "application/x-ndjson");
    let packed = read_pull(&unzstd(&packed.bytes().await.unwrap()));
    assert_eq!(packed.rows, plain.rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_unpacks_to_too_much_is_refused() {
    let world = World::sqlite().await;
    let device = world.device(Role::Owner).await;
    let bomb = zstd::encode_all(&vec![b' '; 200 * 1024 * 1024][..], 1).unwrap();
    assert!(bomb.len() < 64 * 1024);
    for path in ["push", "pull"] {
        let request = device
            .sync_request(path)
            .header("content-encoding", "zstd")
            .body(bomb.clone());
        refused_with(request.send().await.unwrap(), ApiErrorCode::TooLarge).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_with_its_place() {
    let world = World::sqlite().await;
    let mut device = world.device(Role::Owner).await;
    let huge = device
        .sync_request("push")
        .body(vec![b'x'; PUSH_MAX_BYTES + 1]);
    refused_with(huge.send().await.unwrap(), ApiErrorCode::TooLarge).await;

    let many: Vec<_> = (0..=PUSH_MAX_MUTATIONS)
        .map(|_| create(new_draft_id(), "x"))
        .collect();
    let push = device.number(&many);
    refused_with(device.try_push(&push).await, ApiErrorCode::TooLarge).await;

    device.next_mid = 1;
    let id = new_draft_id();
    let push = device.number(&[create(id, "x"), append(id, &vec![7; 197 * 1024])]);
    let error = refused_with(device.try_push(&push).await, ApiErrorCode::TooLarge).await;
    assert_eq!(error.index, Some(1));

    device.next_mid = 1;
    let answer = device
        .push(&[create(id, "x"), append(id, &vec![7; 181 * 1024])])
        .await;
    assert_eq!(words(&answer), ["applied 2", "rejected invalid bytes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_malformed() {
    let world = World::sqlite().await;
    let device = world.device(Role::Owner).await;
    for body in [
        &b""[..],
        b"{",
        b"[]",
        b"{\"epoch\":1}",
        b"\xff\xfe",
        b"{\"epoch\":\"\\ud800\"}",
    ] {
        let answer = device
            .sync_request("push")
            .body(body.to_vec())
            .send()
            .await
            .unwrap();
        refused_with(answer, ApiErrorCode::Malformed).await;
    }
    let not_zstd = device
        .sync_request("push")
        .header("content-encoding", "zstd")
        .body("{}");
    refused_with(not_zstd.send().await.unwrap(), ApiErrorCode::Malformed).await;
    let brotli = device
        .sync_request("push")
        .header("content-encoding", "br")
        .body("{}");
    refused_with(brotli.send().await.unwrap(), ApiErrorCode::Malformed).await;
    let foreign = device
        .sync_request("pull")
        .header("stoa-device", crate::support::new_device_id().to_string())
        .json(&json!({}));
    refused_with(foreign.send().await.unwrap(), ApiErrorCode::Malformed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_cut_off_on_the_way_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::sqlite().await;
    let mut config = world.config.clone();
    config.tls = stoa_server::Tls::BehindProxy;
    config.data = folder.path().join("plain");
    let community = stoa_server::admin::create_community(&config, "x", "UTC")
        .await
        .unwrap();
    let server = stoa_server::start(config).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(server.addr).await.unwrap();
    let head = format!(
        "POST /v1/sync/{community}/push HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{{\"epoch\""
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.is_empty() || answer.contains(" 4"), "{answer}");
    server.stop().await;
}
