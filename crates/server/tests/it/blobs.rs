//! Attachments: files in parts, their limits, and who may have them.

use reqwest::{Method, Response, StatusCode};
use stoa_domain::{AttachmentId, BlobHash, DraftId, FileName, MediaType, Role, Timestamp};
use stoa_mutators::{AddAttachment, Mutation, RemoveAttachment};
use stoa_protocol::blob::{
    BlobParts, MissingBlobs, MissingParts, OfferBlob, PART_BYTES, WhichBlobs, root_input,
};
use stoa_protocol::error::ApiErrorCode;

use crate::databases::on_both_databases_and_stores;
use crate::stored::{change_objects, n_objects};
use crate::support::{
    Device, NOW, World, create, expect, new_draft_id, random, refused, refused_with, words,
};

pub(crate) const DAY: i64 = 86_400_000;

/// A file of two parts, the second short, that no other test has.
pub(crate) struct File {
    pub(crate) bytes: Vec<u8>,
    pub(crate) offer: OfferBlob,
}

impl File {
    fn of(bytes: Vec<u8>) -> Self {
        let hash = |bytes: &[u8]| BlobHash::from_bytes(*blake3::hash(bytes).as_bytes());
        let parts: Vec<BlobHash> = bytes.chunks(PART_BYTES as usize).map(hash).collect();
        let size = bytes.len() as u64;
        let b3 = hash(&root_input(size, &parts));
        Self {
            bytes,
            offer: OfferBlob { b3, size, parts },
        }
    }

    pub(crate) fn small() -> Self {
        Self::of(random::<1000>().to_vec())
    }

    pub(crate) fn two_parts() -> Self {
        let mut bytes = random::<4096>().repeat(PART_BYTES as usize / 4096);
        bytes.extend(random::<777>());
        Self::of(bytes)
    }

    pub(crate) fn part(&self, n: usize) -> Vec<u8> {
        let chunks = self.bytes.chunks(PART_BYTES as usize);
        chunks.map(<[u8]>::to_vec).nth(n).unwrap()
    }
}

fn path(device: &Device, rest: &str) -> String {
    format!("/v1/blobs/{}{rest}", device.community)
}

pub(crate) async fn offer(device: &Device, offer: &OfferBlob) -> Response {
    let request = device.request(Method::POST, &path(device, ""));
    request.json(offer).send().await.unwrap()
}

pub(crate) async fn put(device: &Device, file: &File, n: usize, bytes: Vec<u8>) -> Response {
    let path = path(device, &format!("/{}/parts/{n}", file.offer.b3));
    let request = device.request(Method::PUT, &path).body(bytes);
    request.send().await.unwrap()
}

pub(crate) async fn complete(device: &Device, file: &File) -> Vec<u32> {
    let path = path(device, &format!("/{}/complete", file.offer.b3));
    let answer = device.request(Method::POST, &path).send().await.unwrap();
    expect::<MissingParts>(answer).await.missing
}

pub(crate) async fn get(device: &Device, file: &File, headers: &[(&str, &str)]) -> Response {
    let path = path(device, &format!("/{}", file.offer.b3));
    let mut request = device.request(Method::GET, &path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

pub(crate) async fn missing(device: &Device, files: &[&File]) -> Vec<BlobHash> {
    asked_about(device, files, false).await
}

pub(crate) async fn asked_about(device: &Device, files: &[&File], look: bool) -> Vec<BlobHash> {
    let blobs = files.iter().map(|file| file.offer.b3).collect();
    let request = device.request(Method::POST, &path(device, "/missing"));
    let asked = WhichBlobs { blobs, look };
    let answer = request.json(&asked).send().await.unwrap();
    expect::<MissingBlobs>(answer).await.missing
}

pub(crate) async fn upload(device: &Device, file: &File) {
    let wanted: MissingParts = expect(offer(device, &file.offer).await).await;
    for n in wanted.missing {
        let n = n as usize;
        let answer = put(device, file, n, file.part(n)).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
    assert_eq!(complete(device, file).await, [0; 0]);
}

fn add(draft: DraftId, file: &File) -> AddAttachment {
    AddAttachment {
        id: AttachmentId::new(Timestamp::from_millis(NOW), random()),
        draft,
        b3: file.offer.b3,
        name: FileName::parse("讲义.bin").unwrap(),
        media_type: MediaType::Bytes,
        size: file.offer.size,
        width: None,
        height: None,
    }
}

/// A body of which the second half is sent when the test says so.
fn in_halves(bytes: &[u8]) -> (reqwest::Body, impl FnOnce()) {
    let (pieces, taken) = tokio::sync::mpsc::unbounded_channel();
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    let send = move |piece: Vec<u8>| pieces.send(Ok::<_, std::io::Error>(piece)).unwrap();
    send(first.to_vec());
    let taken = futures_util::stream::unfold(taken, |mut taken| async {
        let piece = taken.recv().await?;
        Some((piece, taken))
    });
    let rest = rest.to_vec();
    (reqwest::Body::wrap_stream(taken), move || send(rest))
}

on_both_databases_and_stores! {
    async fn a_file_comes_back_as_it_was_whatever_the_order_of_its_parts(world: &World) {
        let device = world.device(Role::Editor).await;
        let file = File::two_parts();
        let wanted: MissingParts = expect(offer(&device, &file.offer).await).await;
        assert_eq!(wanted.missing, [0, 1]);
        assert_eq!(put(&device, &file, 1, file.part(1)).await.status(), 204);
        assert_eq!(complete(&device, &file).await, [0]);
        refused_with(get(&device, &file, &[]).await, ApiErrorCode::NotFound).await;
        let wanted: MissingParts = expect(offer(&device, &file.offer).await).await;
        assert_eq!(wanted.missing, [0], "asking again says where to go on");
        for _ in 0..2 {
            assert_eq!(put(&device, &file, 0, file.part(0)).await.status(), 204);
        }
        assert_eq!(missing(&device, &[&file]).await, [file.offer.b3]);
        assert_eq!(complete(&device, &file).await, [0; 0]);
        assert_eq!(missing(&device, &[&file]).await, []);
        let whole = get(&device, &file, &[]).await;
        assert_eq!(whole.headers()["content-length"], file.bytes.len().to_string());
        assert_eq!(whole.headers()["etag"], format!("\"{}\"", file.offer.b3));
        assert_eq!(whole.headers()["cache-control"], "private, max-age=31536000, immutable");
        assert_eq!(whole.headers()["x-content-type-options"], "nosniff");
        assert!(whole.bytes().await.unwrap() == file.bytes);
        let path = path(&device, &format!("/{}/parts", file.offer.b3));
        let parts = device.request(Method::GET, &path).send().await.unwrap();
        let parts: BlobParts = expect(parts).await;
        assert_eq!((parts.size, parts.parts), (file.offer.size, file.offer.parts));
    }

    async fn the_same_file_is_kept_once_in_a_community(world: &World) {
        let (one, two) = (world.device(Role::Editor).await, world.device(Role::Owner).await);
        let file = File::small();
        upload(&one, &file).await;
        let wanted: MissingParts = expect(offer(&two, &file.offer).await).await;
        assert_eq!(wanted.missing, [0; 0]);
        assert_eq!(n_objects(world), 1);
    }

    async fn what_is_not_what_was_offered_is_refused_and_leaves_nothing(world: &World) {
        let device = world.device(Role::Editor).await;
        let file = File::two_parts();
        expect::<MissingParts>(offer(&device, &file.offer).await).await;
        let mut wrong = file.part(1);
        wrong[5] ^= 1;
        let error = refused_with(put(&device, &file, 1, wrong).await, ApiErrorCode::InvalidInput);
        assert_eq!(error.await.field.as_deref(), Some("b3"));
        let short = file.part(1)[1..].to_vec();
        refused_with(put(&device, &file, 1, short).await, ApiErrorCode::Malformed).await;
        let mut long = file.part(1);
        long.push(0);
        refused_with(put(&device, &file, 1, long).await, ApiErrorCode::TooLarge).await;
        refused_with(put(&device, &file, 2, vec![0]).await, ApiErrorCode::NotFound).await;
        // The other part under this number.
        refused_with(put(&device, &file, 1, file.part(0)).await, ApiErrorCode::TooLarge).await;
        assert_eq!(complete(&device, &file).await, [0, 1]);
        assert_eq!(n_objects(world), 0);
        let stranger = File::small();
        refused_with(put(&device, &stranger, 0, stranger.part(0)).await, ApiErrorCode::NotFound).await;
    }

    async fn an_offer_that_does_not_add_up_is_refused(world: &World) {
        let device = world.device(Role::Editor).await;
        let good = File::two_parts().offer;
        let mut turned = good.clone();
        turned.parts.reverse();
        let wrong = [
            ("b3", OfferBlob { b3: BlobHash::from_bytes([7; 32]), ..good.clone() }),
            ("b3", OfferBlob { size: good.size - 1, ..good.clone() }),
            ("b3", turned),
            ("parts", OfferBlob { size: 5, ..good.clone() }),
            ("parts", OfferBlob { parts: Vec::new(), ..good.clone() }),
            ("size", OfferBlob { size: 0, ..good.clone() }),
            ("size", OfferBlob { size: u64::MAX, ..good.clone() }),
        ];
        for (field, wrong) in wrong {
            let error = refused_with(offer(&device, &wrong).await, ApiErrorCode::InvalidInput).await;
            assert_eq!(error.field.as_deref(), Some(field));
        }
    }

    async fn ranges_are_answered_across_parts(world: &World) {
        let device = world.device(Role::Editor).await;
        let file = File::two_parts();
        upload(&device, &file).await;
        let size = file.bytes.len();
        let edge = PART_BYTES as usize;
        let cases = [
            ("bytes=0-9".to_owned(), 0..10),
            (format!("bytes={}-{}", edge - 3, edge + 2), edge - 3..edge + 3),
            (format!("bytes={edge}-"), edge..size),
            ("bytes=-5".to_owned(), size - 5..size),
        ];
        for (range, expected) in cases {
            let part = get(&device, &file, &[("range", &range)]).await;
            assert_eq!(part.status(), 206, "{range}");
            let shown = format!("bytes {}-{}/{size}", expected.start, expected.end - 1);
            assert_eq!(part.headers()["content-range"], shown);
            assert!(part.bytes().await.unwrap() == file.bytes[expected], "{range}");
        }
        let beyond = get(&device, &file, &[("range", &format!("bytes={size}-"))]).await;
        assert_eq!(beyond.headers()["content-range"], format!("bytes */{size}"));
        refused_with(beyond, ApiErrorCode::NoSuchRange).await;
        let etag = format!("\"{}\"", file.offer.b3);
        assert_eq!(get(&device, &file, &[("if-none-match", &etag)]).await.status(), 304);
        let other = get(&device, &file, &[("if-range", "\"x\""), ("range", "bytes=0-1")]).await;
        assert_eq!(other.status(), 200);
    }

    async fn a_file_of_another_community_is_not_there_though_its_hash_is_known(world: &World) {
        let owner = world.device(Role::Owner).await;
        let file = File::small();
        upload(&owner, &file).await;
        let other = stoa_server::admin::create_community(&world.config, "别处", "UTC").await.unwrap();
        let email = world.person_in(&other.to_string(), Role::Owner).await;
        let mut stranger = world.sign_in(&email).await;
        // Of the other community by name.
        refused_with(get(&stranger, &file, &[]).await, ApiErrorCode::NotFound).await;
        refused_with(offer(&stranger, &file.offer).await, ApiErrorCode::NotFound).await;
        // Under one's own: it is not there, and offering it without its bytes does not bring it.
        stranger.community = other;
        refused_with(get(&stranger, &file, &[]).await, ApiErrorCode::NotFound).await;
        let wanted: MissingParts = expect(offer(&stranger, &file.offer).await).await;
        assert_eq!(wanted.missing, [0]);
        assert_eq!(complete(&stranger, &file).await, [0]);
        refused_with(get(&stranger, &file, &[]).await, ApiErrorCode::NotFound).await;
        assert_eq!(missing(&stranger, &[&file]).await, [file.offer.b3]);
    }

    async fn who_sees_no_drafts_sees_no_files(world: &World) {
        let owner = world.device(Role::Owner).await;
        let file = File::small();
        upload(&owner, &file).await;
        for role in [Role::Member, Role::Analyst] {
            let device = world.device(role).await;
            refused_with(get(&device, &file, &[]).await, ApiErrorCode::NotAllowed).await;
            refused_with(offer(&device, &file.offer).await, ApiErrorCode::NotAllowed).await;
            refused_with(put(&device, &file, 0, file.part(0)).await, ApiErrorCode::NotAllowed).await;
        }
    }

    async fn an_attachment_is_a_row_like_others(world: &World) {
        let mut device = world.device(Role::Editor).await;
        let draft = new_draft_id();
        let add = add(draft, &File::small());
        let remove = RemoveAttachment { id: add.id, draft };
        let answer = device
            .push(&[
                create(draft, "稿"),
                Mutation::AddAttachment(add.clone()),
                Mutation::RemoveAttachment(remove),
            ])
            .await;
        let last = answer.head;
        let expected = [last - 2, last - 1, last].map(|seq| format!("applied {seq}"));
        assert_eq!(words(&answer), expected);
        let pulled = device.pull(0, 100).await;
        let row = pulled.rows.iter().find(|row| row.0 == "attachment");
        let row = row.unwrap();
        assert_eq!((row.2, row.3), (2, last));
        assert_eq!(row.4["b3"], add.b3.to_string());
        assert_eq!(row.4["removed_at"], NOW);
        let content = pulled.sums.iter().find(|sum| sum.bucket == "content");
        assert_eq!(content.unwrap().n, 2);
    }

    async fn what_no_draft_uses_is_let_go_after_thirty_days(world: &World) {
        let mut device = world.device(Role::Editor).await;
        let (used, removed, never) = (File::small(), File::small(), File::small());
        for file in [&used, &removed, &never] {
            upload(&device, file).await;
        }
        let draft = new_draft_id();
        let taken_out = add(draft, &removed);
        device
            .push(&[
                create(draft, "稿"),
                Mutation::AddAttachment(add(draft, &used)),
                Mutation::AddAttachment(taken_out.clone()),
            ])
            .await;
        world.pass_millis(29 * DAY);
        world.server.tidy().await;
        assert_eq!(n_objects(world), 3);
        let mut device = world.sign_in("editor0@example.com").await;
        let remove = RemoveAttachment { id: taken_out.id, draft };
        device.push(&[Mutation::RemoveAttachment(remove)]).await;
        world.pass_millis(2 * DAY);
        world.server.tidy().await;
        assert_eq!(n_objects(world), 2, "only what was never used");
        world.pass_millis(29 * DAY);
        world.server.tidy().await;
        assert_eq!(n_objects(world), 1);
        let device = world.sign_in("editor0@example.com").await;
        let all = [&used, &removed, &never];
        assert_eq!(missing(&device, &all).await, [removed.offer.b3, never.offer.b3]);
        // Sent again, it is there again.
        upload(&device, &never).await;
        assert!(get(&device, &never, &[]).await.bytes().await.unwrap() == never.bytes);
    }

    async fn who_takes_a_copy_away_has_the_object_store_looked_into(world: &World) {
        let device = world.device(Role::Editor).await;
        let (whole, short) = (File::small(), File::small());
        upload(&device, &whole).await;
        upload(&device, &short).await;
        assert_eq!(asked_about(&device, &[&whole, &short], true).await, []);
        // A part that lost its end.
        change_objects(world, |bytes| {
            let is_short = bytes == short.bytes;
            Some(bytes[..if is_short { 10 } else { bytes.len() }].to_vec())
        });
        assert_eq!(missing(&device, &[&whole, &short]).await, []);
        assert_eq!(asked_about(&device, &[&whole, &short], true).await, [short.offer.b3]);
        // From then on everybody is told, and it is sent again.
        assert_eq!(missing(&device, &[&whole, &short]).await, [short.offer.b3]);
        upload(&device, &short).await;
        assert!(get(&device, &short, &[]).await.bytes().await.unwrap() == short.bytes);
    }

    async fn a_part_on_its_way_while_its_file_is_let_go_leaves_nothing_behind(world: &World) {
        let device = world.device(Role::Editor).await;
        let file = File::two_parts();
        expect::<MissingParts>(offer(&device, &file.offer).await).await;
        assert_eq!(put(&device, &file, 1, file.part(1)).await.status(), 204);
        world.pass_millis(31 * DAY);
        let device = world.sign_in("editor0@example.com").await;
        // Half of it is there when the file is let go of.
        let part = file.part(0);
        let (body, send_rest) = in_halves(&part);
        let path = path(&device, &format!("/{}/parts/0", file.offer.b3));
        let request = device.request(Method::PUT, &path).body(body);
        let arriving = tokio::spawn(request.send());
        let begins = async {
            while n_objects(world) < 2 {
                tokio::task::yield_now().await;
            }
        };
        let patience = std::time::Duration::from_secs(60);
        tokio::time::timeout(patience, begins).await.expect("it begins to arrive");
        world.server.tidy().await;
        send_rest();
        let answer = arriving.await.unwrap().unwrap();
        refused_with(answer, ApiErrorCode::NotFound).await;
        world.server.tidy().await;
        assert_eq!(n_objects(world), 0);
        // Offered anew, it is sent from the beginning and is whole.
        upload(&device, &file).await;
        assert!(get(&device, &file, &[]).await.bytes().await.unwrap() == file.bytes);
    }

    async fn a_part_that_was_lost_is_asked_for_again(world: &World) {
        let device = world.device(Role::Editor).await;
        let file = File::small();
        upload(&device, &file).await;
        change_objects(world, |_| None);
        let broken = get(&device, &file, &[]).await;
        assert!(broken.bytes().await.is_err());
        assert_eq!(missing(&device, &[&file]).await, [file.offer.b3]);
        upload(&device, &file).await;
        assert!(get(&device, &file, &[]).await.bytes().await.unwrap() == file.bytes);
    }

    async fn other_bytes_than_were_kept_are_not_given_as_the_file(world: &World) {
        let device = world.device(Role::Editor).await;
        let file = File::two_parts();
        upload(&device, &file).await;
        change_objects(world, |bytes| {
            let mut changed = bytes.to_vec();
            changed[0] ^= 1;
            Some(changed)
        });
        let path = path(&device, &format!("/{}", file.offer.b3));
        for range in ["bytes=0-".to_owned(), format!("bytes={PART_BYTES}-")] {
            let request = device.request(Method::GET, &path).header("range", range);
            // It breaks off before its end, at times before its beginning.
            let given = async { request.send().await?.bytes().await };
            assert!(given.await.is_err());
        }
        // It may have been a mistake of a moment: nothing is thought lost.
        assert_eq!(missing(&device, &[&file]).await, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_community_keeps_no_more_than_its_quota() {
    let mut world = World::sqlite().await;
    world.config.files_quota = 1500;
    let world = world.started_again().await;
    let device = world.device(Role::Editor).await;
    let (first, second) = (File::small(), File::small());
    upload(&device, &first).await;
    let error = refused_with(offer(&device, &second.offer).await, ApiErrorCode::NoRoom).await;
    assert_eq!(error.field.as_deref(), Some("quota"));
    // What is there already takes no more room.
    assert_eq!(offer(&device, &first.offer).await.status(), 200);
}

const FULL: &str = "STOA_TEST_FULL_DISK";

/// Not a test by itself: what the test below runs with a limit on the size of files.
#[tokio::test(flavor = "multi_thread")]
async fn server_without_room() {
    if std::env::var_os(FULL).is_none() {
        return;
    }
    let world = World::sqlite().await;
    let device = world.device(Role::Editor).await;
    let file = File::two_parts();
    expect::<MissingParts>(offer(&device, &file.offer).await).await;
    let error = refused(put(&device, &file, 0, file.part(0)).await).await;
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ApiErrorCode::NoRoom, Some("disk"))
    );
    assert_eq!(n_objects(&world), 0, "nothing half written stays");
    // What fits is taken all the same.
    assert_eq!(put(&device, &file, 1, file.part(1)).await.status(), 204);
    assert_eq!(complete(&device, &file).await, [0]);
    println!("REFUSED");
}

#[test]
fn a_full_disk_is_said_and_nothing_half_written_stays() {
    let output = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8192; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "blobs::server_without_room", "--nocapture"])
        .env(FULL, "1")
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(out.contains("REFUSED"), "{out}{err}");
}
