//! What every object store has to hold, on a folder and on a strict S3.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use stoa_domain::{CommunityId, Timestamp};

use super::media::{Media, MediaKeys};
use super::{Contents, Object, ObjectError, Objects, S3, Spool, Spooled};
use crate::config::Clock;
use crate::tables::blob::Place;
use crate::test_support::FakeS3;

const NOW: i64 = 1_790_000_000_000;

fn clock() -> Clock {
    Arc::new(|| Timestamp::from_millis(NOW))
}

async fn spooled(folder: &std::path::Path, bytes: &[u8]) -> Spooled {
    let name = *blake3::hash(bytes).as_bytes().first_chunk().unwrap();
    let mut spool = Spool::begin(folder, name).await.unwrap();
    spool.write(bytes).await.unwrap();
    spool.finish().await.unwrap()
}

fn place(n: u8) -> Place {
    Place {
        community: CommunityId::from_bytes([7; 16]),
        id: [n; 16],
    }
}

async fn all(contents: Contents) -> Result<Vec<u8>, ObjectError> {
    let pieces: Vec<Bytes> = contents.try_collect().await?;
    Ok(pieces.concat())
}

/// Written, read from any place, replaced by the same, looked for, deleted; and nothing of one is
/// another's.
async fn keeps_what_it_is_given(objects: &Objects) {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    let size = bytes.len() as u64;
    let object = |n| Object { place: place(1), n };
    let put = |object, bytes: Vec<u8>| {
        let folder = folder.path().to_owned();
        async move { objects.put(object, spooled(&folder, &bytes).await).await }
    };
    assert!(!objects.has(object(0), size).await.unwrap());
    put(object(0), bytes.clone()).await.unwrap();
    put(object(1), b"another".to_vec()).await.unwrap();
    put(object(0), bytes.clone()).await.unwrap();
    assert!(objects.has(object(0), size).await.unwrap());
    assert!(!objects.has(object(0), size + 1).await.unwrap());
    assert!(!objects.has(object(2), 1).await.unwrap());
    for range in [0..size, 0..1, 70_000..900_000, size - 1..size] {
        let read = objects.read(object(0), range.clone()).await.unwrap();
        let (from, to) = (range.start as usize, range.end as usize);
        assert!(all(read).await.unwrap() == bytes[from..to], "{range:?}");
    }
    let missing = objects.read(object(9), 0..1).await;
    assert!(matches!(missing, Err(ObjectError::NotFound)));
    objects.delete(place(1), 4).await.unwrap();
    objects.delete(place(1), 4).await.unwrap();
    let gone = objects.read(object(0), 0..1).await;
    assert!(matches!(gone, Err(ObjectError::NotFound)));
    assert!(!objects.has(object(1), 7).await.unwrap());
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 0, "what was spooled is gone");
}

#[tokio::test]
async fn a_folder_keeps_what_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    keeps_what_it_is_given(&Objects::in_folder(folder.path().join("blobs"))).await;
}

fn bucket_at(endpoint: &str, more: &str, keys: &MediaKeys) -> S3 {
    let address = format!("s3://stoa-media/team/a?endpoint={endpoint}{more}");
    let media = Media::parse(&address).unwrap();
    S3::open(&media, Some(keys), clock()).unwrap()
}

fn bucket(fake: &FakeS3) -> S3 {
    bucket_at(fake.url(), "", &fake.keys())
}

fn object(n: u8) -> Object {
    Object {
        place: place(n),
        n: 0,
    }
}

#[tokio::test]
async fn a_bucket_keeps_what_it_is_given() {
    let fake = FakeS3::start(clock()).await;
    keeps_what_it_is_given(&Objects::S3(bucket(&fake))).await;
    assert_eq!(fake.n_objects(), 0);
    assert!(fake.n_refused() > 0, "missing objects were refused");
}

#[tokio::test]
async fn a_bucket_before_the_hosts_name_keeps_what_it_is_given() {
    let fake = FakeS3::start(clock()).await;
    let endpoint = fake.url().replace("127.0.0.1", "localhost");
    let store = bucket_at(&endpoint, "&style=virtual", &fake.keys());
    keeps_what_it_is_given(&Objects::S3(store.clone())).await;
    let folder = tempfile::tempdir().unwrap();
    let bytes = spooled(folder.path(), b"x").await;
    store.put(object(2), bytes).await.unwrap();
    let keys = fake.keys_of_objects();
    assert!(keys[0].starts_with("team/a/0707"), "{keys:?}");
}

#[tokio::test]
async fn a_bucket_over_https_has_to_show_a_certificate_of_the_authority_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let fake = FakeS3::start_over_tls(clock(), folder.path()).await;
    let ca = format!("&ca={}", folder.path().join("ca.pem").display());
    keeps_what_it_is_given(&Objects::S3(bucket_at(fake.url(), &ca, &fake.keys()))).await;
    let stranger = bucket(&fake).has(object(2), 1).await;
    let why = stranger.unwrap_err().to_string();
    assert!(why.contains("certificate"), "{why}");
}

#[tokio::test]
async fn a_service_that_stumbles_is_asked_again_and_one_that_is_full_is_not() {
    let fake = FakeS3::start(clock()).await;
    let folder = tempfile::tempdir().unwrap();
    let store = bucket(&fake);
    let put = async |bytes: &[u8]| {
        let bytes = spooled(folder.path(), bytes).await;
        store.put(object(3), bytes).await
    };
    fake.stumble(2);
    put(b"twice").await.unwrap();
    fake.stumble(1);
    let read = store.read(object(3), 0..5).await.unwrap();
    assert_eq!(all(read).await.unwrap(), b"twice");
    fake.damage_uploads(1);
    put(b"again").await.unwrap();
    let read = store.read(object(3), 0..5).await.unwrap();
    assert_eq!(all(read).await.unwrap(), b"again");
    let n_refused = fake.n_refused();
    fake.stumble(u32::MAX);
    assert!(matches!(put(b"never").await, Err(ObjectError::Failed(why)) if why == "503 SlowDown"));
    assert_eq!(fake.n_refused() - n_refused, 3);
    fake.stumble(0);
    fake.set_full(true);
    assert!(matches!(put(b"no room").await, Err(ObjectError::NoRoom)));
    assert_eq!(fake.n_refused() - n_refused, 4);
}

#[tokio::test]
async fn a_service_that_takes_requests_and_says_nothing_is_left() {
    let fake = FakeS3::start(clock()).await;
    let folder = tempfile::tempdir().unwrap();
    let store = bucket(&fake).with_patience(Duration::from_millis(50));
    fake.fall_silent();
    let bytes = spooled(folder.path(), b"x").await;
    let failures = [
        store.put(object(4), bytes).await,
        store.read(object(4), 0..1).await.map(drop),
        store.has(object(4), 1).await.map(drop),
        store.delete(place(4), 1).await,
    ];
    for failure in failures {
        assert!(matches!(failure, Err(ObjectError::Failed(why)) if why == "it says nothing"));
    }
}

#[tokio::test]
async fn a_bucket_that_is_gone_says_nothing_about_its_objects() {
    let fake = FakeS3::start(clock()).await;
    let store = bucket(&fake);
    fake.set_bucket(false);
    let read = store.read(object(4), 0..1).await.map(drop);
    assert!(matches!(&read, Err(ObjectError::Failed(why)) if why.contains("NoSuchBucket")));
    assert!(store.has(object(4), 1).await.is_err());
    assert!(store.delete(place(4), 1).await.is_err());
}

#[tokio::test]
async fn what_is_wrong_with_keys_region_or_rights_is_said_and_no_secret_is() {
    let fake = FakeS3::start(clock()).await;
    let folder = tempfile::tempdir().unwrap();
    let wrong_key = MediaKeys::new("AKIANOBODY", "geheim-geheim-geheim");
    let wrong_secret = MediaKeys::new(fake.key(), "geheim-geheim-geheim");
    let cases = [
        (
            bucket_at(fake.url(), "", &wrong_key),
            "does not know the key",
        ),
        (
            bucket_at(fake.url(), "", &wrong_secret),
            "not the one of the key",
        ),
        (
            bucket_at(fake.url(), "&region=eu-west-9", &fake.keys()),
            "in another region",
        ),
    ];
    let said = async |store: &S3| {
        let probe = spooled(folder.path(), b"probe").await;
        let trouble = store.try_out(probe).await.unwrap_err();
        let said = format!("{trouble} {}", trouble.meaning());
        for secret in ["geheim", "Signature=", "http"] {
            assert!(!said.contains(secret), "{said}");
        }
        said
    };
    for (store, expected) in cases {
        let said = said(&store).await;
        assert!(said.contains(expected), "{said}");
    }
    let store = bucket(&fake);
    fake.forbid_listing();
    let unlisted = said(&store).await;
    assert!(unlisted.contains("may not list"), "{unlisted}");
    fake.stop().await;
    let gone = said(&store).await;
    assert!(gone.contains("it cannot be reached"), "{gone}");
}

#[tokio::test]
async fn a_bucket_that_is_right_is_tried_out_and_left_as_it_was() {
    let fake = FakeS3::start(clock()).await;
    let folder = tempfile::tempdir().unwrap();
    let probe = spooled(folder.path(), b"probe").await;
    bucket(&fake).try_out(probe).await.unwrap();
    assert_eq!(fake.n_objects(), 0);
}

#[tokio::test]
async fn bytes_that_end_too_early_are_no_object() {
    let fake = FakeS3::start(clock()).await;
    let folder = tempfile::tempdir().unwrap();
    let store = bucket(&fake);
    let bytes = spooled(folder.path(), &[9; 4_000]).await;
    store.put(object(6), bytes).await.unwrap();
    // On their way.
    fake.cut_answers_at(Some(1_000));
    let read = async { all(store.read(object(6), 0..4_000).await?).await };
    assert!(read.await.is_err());
    // Where they lie.
    fake.cut_answers_at(None);
    fake.change_objects(|bytes| Some(bytes[..3_000].to_vec()));
    let read = store.read(object(6), 0..4_000).await.map(drop);
    assert!(
        matches!(&read, Err(ObjectError::Failed(why)) if why.contains("0..3000")),
        "{read:?}"
    );
    assert!(!store.has(object(6), 4_000).await.unwrap());
}
