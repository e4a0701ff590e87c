//! Snapshots: made of one moment, handed out in parts that never change, to whom may have them.

use std::collections::BTreeMap;

use reqwest::Method;
use stoa_domain::Role;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::sync::{Pull, PullLine, SnapshotManifest};
use stoa_server::Snapshots;

use crate::support::{
    Device, World, append, create, expect, new_draft_id, on_both_databases, refused_with, rename,
    unzstd,
};

const SMALL: Snapshots = Snapshots {
    from_rows: 20,
    part_bytes: 512,
    max_behind: 5,
};

async fn with_drafts(world: &mut World, n: usize) -> Device {
    world.restart_with(SMALL).await;
    let mut device = world.device(Role::Owner).await;
    for _ in 0..n {
        let id = new_draft_id();
        let text = crate::support::random::<300>();
        device.push(&[create(id, "快照"), append(id, &text)]).await;
    }
    device
}

async fn get(device: &Device, path: &str) -> reqwest::Response {
    let path = format!("/v1/sync/{}/snapshots/{path}", device.community);
    device.request(Method::GET, &path).send().await.unwrap()
}

async fn manifest(device: &Device, bucket: &str) -> SnapshotManifest {
    expect(get(device, bucket).await).await
}

/// Table and id → version, of all parts together.
async fn rows(device: &Device, manifest: &SnapshotManifest) -> BTreeMap<(String, String), i64> {
    let mut rows = BTreeMap::new();
    for (at, part) in manifest.parts.iter().enumerate() {
        let answer = get(device, &format!("{}/{}/{at}", manifest.bucket, manifest.id)).await;
        assert!(
            answer.headers()["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(bytes.len() as u64, part.size);
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), part.b3);
        let text = unzstd(&bytes);
        assert_eq!(
            (text.len() as u64, text.lines().count() as u64),
            (part.raw, part.rows)
        );
        for line in text.lines() {
            match serde_json::from_str(line).unwrap() {
                PullLine::Put(table, id, version, ..) => rows.insert((table, id), version),
                other => panic!("{other:?}"),
            };
        }
    }
    rows
}

on_both_databases! {
    async fn a_snapshot_and_what_came_since_are_what_a_pull_from_nothing_brings(world: &World) {
        let mut world = world.again().await;
        let mut device = with_drafts(&mut world, 30).await;
        let pull = Pull { snapshots: true, ..device.pull_after(vec![], 1000) };
        let page = device.expect_pull(&pull).await;
        assert_eq!(page.snapshots, ["content", "texts"]);
        assert!(page.more && page.rows.is_empty() && page.people.len() == 1);

        let (content, texts) = (manifest(&device, "content").await, manifest(&device, "texts").await);
        assert!(texts.parts.len() > 1, "{}", texts.parts.len());
        let changed = new_draft_id();
        device.push(&[create(changed, "后来")]).await;
        device.push(&[rename(changed, "改了")]).await;
        let mut held = rows(&device, &content).await;
        assert_eq!((held.len() as i64, content.n), (30, 30));
        held.extend(rows(&device, &texts).await);
        let cursors = [("core", page.upto), ("content", content.seq), ("texts", texts.seq)];
        let after = device.pull_after(crate::support::cursors(&cursors), 1000);
        let since = device.expect_pull(&after).await;
        held.extend(since.rows.into_iter().map(|row| ((row.0, row.1), row.2)));
        let all = device.pull(0, 1000).await;
        let all: BTreeMap<_, _> = all.rows.into_iter().map(|row| ((row.0, row.1), row.2)).collect();
        assert_eq!(held, all);
    }

    async fn a_snapshot_is_used_again_while_it_is_fresh_and_goes_on_while_it_is_begun(world: &World) {
        let mut world = world.again().await;
        let mut device = with_drafts(&mut world, 20).await;
        let first = manifest(&device, "content").await;
        assert_eq!(manifest(&device, "content").await, first);
        for _ in 0..6 {
            device.push(&[create(new_draft_id(), "新")]).await;
        }
        let second = manifest(&device, "content").await;
        assert_ne!(second.id, first.id);
        assert_eq!(second.n, 26);
        let begun = format!("content?begun={}", first.id);
        let same: SnapshotManifest = expect(get(&device, &begun).await).await;
        assert_eq!(same, first);
        // Only the two newest are kept.
        for _ in 0..6 {
            device.push(&[create(new_draft_id(), "新")]).await;
        }
        let third = manifest(&device, "content").await;
        assert_eq!(expect::<SnapshotManifest>(get(&device, &begun).await).await, third);
        let gone = get(&device, &format!("content/{}/0", first.id)).await;
        refused_with(gone, ApiErrorCode::NotFound).await;
    }

    async fn a_part_is_named_and_given_in_ranges(world: &World) {
        let mut world = world.again().await;
        let device = with_drafts(&mut world, 20).await;
        let manifest = manifest(&device, "texts").await;
        let path = format!("/v1/sync/{}/snapshots/texts/{}/0", device.community, manifest.id);
        let part = || device.request(Method::GET, &path);
        let whole = part().send().await.unwrap();
        let etag = whole.headers()["etag"].clone();
        let whole = whole.bytes().await.unwrap();
        let range = part().header("range", "bytes=10-19").send().await.unwrap();
        assert_eq!(range.status(), 206);
        assert_eq!(range.headers()["content-range"], format!("bytes 10-19/{}", whole.len()).as_str());
        assert_eq!(range.bytes().await.unwrap(), whole[10..20]);
        let same = part().header("if-none-match", etag).send().await.unwrap();
        assert_eq!(same.status(), 304);
        let beyond = part().header("range", "bytes=999999-").send().await.unwrap();
        assert_eq!(beyond.status(), 416);
    }

    async fn a_role_without_the_bucket_gets_neither_description_nor_parts(world: &World) {
        let mut world = world.again().await;
        let device = with_drafts(&mut world, 20).await;
        let manifest = manifest(&device, "texts").await;
        for role in [Role::Member, Role::Analyst] {
            let other = world.device(role).await;
            refused_with(get(&other, "texts").await, ApiErrorCode::NotFound).await;
            let part = format!("texts/{}/0", manifest.id);
            refused_with(get(&other, &part).await, ApiErrorCode::NotFound).await;
        }
        for path in ["nothing", "texts/..%2f..%2fstoa.sqlite/0", "texts/00000000000000000000000000000000/0"] {
            refused_with(get(&device, path).await, ApiErrorCode::NotFound).await;
        }
    }
}
