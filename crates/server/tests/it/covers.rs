//! The image that stands for an article: everybody who sees the article in a list sees it, and
//! nothing else of what is paid for.

use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, StatusCode};
use stoa_domain::{AttachmentId, BlobHash, DraftId, FileName, MediaType, Role, Timestamp};
use stoa_mutators::AddAttachment;
use stoa_protocol::member::{Articles, Summary};

use crate::blobs::{self, File};
use crate::posts::{NewPost, offer};
use crate::support::{Device, NOW, expect, new_draft_id, on_both_databases, random};

fn image(file: &File) -> AddAttachment {
    AddAttachment {
        id: AttachmentId::new(Timestamp::from_millis(NOW), random()),
        draft: new_draft_id(),
        b3: file.offer.b3,
        name: FileName::parse("封面.png").unwrap(),
        media_type: MediaType::Png,
        size: file.bytes.len() as u64,
        width: Some(1200),
        height: Some(510),
    }
}

async fn listed(device: &Device) -> Vec<Summary> {
    let path = format!("/v1/communities/{}/articles", device.community);
    let answer = device.request(Method::GET, &path).send().await.unwrap();
    expect::<Articles>(answer).await.articles
}

async fn fetched(device: &Device, path: &str) -> reqwest::Response {
    device.request(Method::GET, path).send().await.unwrap()
}

fn path_of(device: &Device, id: DraftId, b3: BlobHash) -> String {
    format!(
        "/v1/communities/{}/articles/{id}/files/{b3}",
        device.community
    )
}

on_both_databases! {
    async fn a_cover_is_seen_by_those_who_may_not_read_the_text(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let [cover, inside] = [File::small(), File::small()];
        for file in [&cover, &inside] {
            blobs::upload(&owner, file).await;
        }
        let text = format!("开头\n\n<!-- paywall -->\n\n![图](attachment:{})", inside.offer.b3);
        let mut post = NewPost::paid("定价", &text);
        post.files = vec![image(&cover), image(&inside)];
        post.content.cover = Some(post.files[0].id);
        let id = offer(&mut owner, &post).await.id;
        let member = world.device(Role::Member).await;

        let summary = listed(&member).await.remove(0);
        let shown = summary.cover.unwrap();
        assert!(!summary.is_open);
        assert_eq!((shown.width, shown.height), (1200, 510));
        assert_eq!(shown.path, path_of(&member, id, cover.offer.b3));
        let answer = fetched(&member, &shown.path).await;
        assert_eq!(answer.headers()[CONTENT_TYPE], "image/png");
        assert_eq!(answer.bytes().await.unwrap(), cover.bytes);
        let closed = fetched(&member, &path_of(&member, id, inside.offer.b3)).await;
        assert_eq!(closed.status(), StatusCode::NOT_FOUND);
    }

    async fn what_another_draft_has_is_no_cover(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let file = File::small();
        blobs::upload(&owner, &file).await;
        let mut theirs = NewPost::paid("别人的", "正文");
        theirs.files = vec![image(&file)];
        offer(&mut owner, &theirs).await;
        let mut post = NewPost::public("公开", "正文");
        post.content.cover = Some(theirs.files[0].id);
        let id = offer(&mut owner, &post).await.id;

        let all = listed(&owner).await;
        assert!(all.iter().all(|summary| summary.cover.is_none()), "{all:?}");
        let answer = fetched(&owner, &path_of(&owner, id, file.offer.b3)).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
}
