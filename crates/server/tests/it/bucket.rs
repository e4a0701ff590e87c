//! Attachments in a bucket: what is its own about it. That files are kept, given and let go of as in
//! a folder is tested where that is.

use stoa_domain::Role;
use stoa_protocol::blob::MissingParts;
use stoa_protocol::error::ApiErrorCode;
use stoa_server::test_support::FakeS3;
use stoa_server::{Media, StartError};

use crate::blobs::{DAY, File, asked_about, complete, get, missing, offer, put, upload};
use crate::stored::{change_objects, n_objects};
use crate::support::{World, expect, refused};

impl World {
    /// The same server with its attachments in a bucket.
    pub(crate) async fn with_bucket(mut self) -> Self {
        let fake = FakeS3::start(self.config.clock.clone()).await;
        let address = format!("s3://{}/team?endpoint={}", fake.bucket(), fake.url());
        self.config.media = Some(Media::parse(&address).unwrap());
        self.config.media_keys = Some(fake.keys());
        self.bucket = Some(fake);
        self.started_again().await
    }

    fn fake(&self) -> &FakeS3 {
        self.bucket.as_ref().unwrap()
    }
}

async fn in_a_bucket() -> World {
    World::sqlite().await.with_bucket().await
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_lie_in_a_bucket_and_not_in_the_folder() {
    let world = in_a_bucket().await;
    let device = world.device(Role::Editor).await;
    upload(&device, &File::two_parts()).await;
    let keys = world.fake().keys_of_objects();
    let below = format!("team/{}/", world.community);
    assert!(keys.iter().all(|key| key.starts_with(&below)), "{keys:?}");
    assert_eq!((keys.len(), n_objects(&world)), (2, 2));
    world.pass_millis(31 * DAY);
    world.server.tidy().await;
    assert_eq!(n_objects(&world), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bucket_lost_is_found_when_somebody_looks_and_sent_again() {
    let world = in_a_bucket().await;
    let device = world.device(Role::Editor).await;
    let (file, empty) = (File::small(), File::small());
    upload(&device, &file).await;
    upload(&device, &empty).await;
    assert_eq!(asked_about(&device, &[&file, &empty], true).await, []);
    change_objects(&world, |bytes| (bytes == empty.bytes).then(Vec::new));
    assert_eq!(missing(&device, &[&file, &empty]).await, []);
    let lost = [file.offer.b3, empty.offer.b3];
    assert_eq!(asked_about(&device, &[&file, &empty], true).await, lost);
    upload(&device, &file).await;
    assert!(get(&device, &file, &[]).await.bytes().await.unwrap() == file.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_upload_goes_on_where_it_was_after_the_bucket_is_back() {
    let world = in_a_bucket().await;
    let device = world.device(Role::Editor).await;
    let file = File::two_parts();
    expect::<MissingParts>(offer(&device, &file.offer).await).await;
    assert_eq!(put(&device, &file, 1, file.part(1)).await.status(), 204);
    world.fake().set_bucket(false);
    let error = refused(put(&device, &file, 0, file.part(0)).await).await;
    assert_eq!(error.code, ApiErrorCode::Internal);
    assert_eq!(complete(&device, &file).await, [0]);
    world.fake().set_bucket(true);
    upload(&device, &file).await;
    assert!(get(&device, &file, &[]).await.bytes().await.unwrap() == file.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_gone_makes_no_file_a_lost_one_and_its_litter_waits() {
    let world = in_a_bucket().await;
    let device = world.device(Role::Editor).await;
    let file = File::small();
    upload(&device, &file).await;
    world.fake().set_bucket(false);
    assert!(get(&device, &file, &[]).await.bytes().await.is_err());
    assert_eq!(missing(&device, &[&file]).await, []);
    world.pass_millis(31 * DAY);
    world.server.tidy().await;
    assert_eq!(n_objects(&world), 1);
    world.fake().set_bucket(true);
    world.server.tidy().await;
    assert_eq!(n_objects(&world), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_keeps_arriving_damaged_is_not_kept() {
    let world = in_a_bucket().await;
    let device = world.device(Role::Editor).await;
    let file = File::small();
    expect::<MissingParts>(offer(&device, &file.offer).await).await;
    world.fake().damage_uploads(u32::MAX);
    let error = refused(put(&device, &file, 0, file.part(0)).await).await;
    assert_eq!(error.code, ApiErrorCode::Internal);
    assert_eq!(
        (n_objects(&world), complete(&device, &file).await),
        (0, vec![0])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_bucket_is_said() {
    let world = in_a_bucket().await;
    let device = world.device(Role::Editor).await;
    let file = File::small();
    expect::<MissingParts>(offer(&device, &file.offer).await).await;
    world.fake().set_full(true);
    let error = refused(put(&device, &file, 0, file.part(0)).await).await;
    assert_eq!(
        (error.code, error.field.as_deref()),
        (ApiErrorCode::NoRoom, Some("disk"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_for_its_bucket_no_server_starts() {
    let world = in_a_bucket().await;
    let mut config = world.config.clone();
    config.listen.set_port(0);
    config.media_keys = None;
    let started = stoa_server::start(config).await;
    assert!(matches!(started.err(), Some(StartError::Bucket(_))));
}
