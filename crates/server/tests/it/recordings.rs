//! Sounds and films of articles: shown with a player, given range by range, to whom they are open.

use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, RANGE};
use reqwest::{Method, Response, StatusCode};
use stoa_domain::{
    AttachmentId, BlobHash, DraftId, FileAddress, FileName, MediaForm, MediaType, Recording, Role,
    TierKey, Timestamp,
};
use stoa_mutators::AddAttachment;
use stoa_protocol::member::Article;
use stoa_server::admin::{self, Gift};

use crate::blobs::{self, File};
use crate::posts::{NewPost, offer};
use crate::support::{Device, NOW, expect, new_draft_id, on_both_databases, random};

pub(crate) fn attached(file: &File, name: &str) -> AddAttachment {
    AddAttachment {
        id: AttachmentId::new(Timestamp::from_millis(NOW), random()),
        draft: new_draft_id(),
        b3: file.offer.b3,
        name: FileName::parse(name).unwrap(),
        media_type: MediaType::Bytes,
        size: file.bytes.len() as u64,
        width: None,
        height: None,
    }
}

/// A film with chapters behind the divider, and a sound before it.
struct Course {
    film: File,
    chapters: File,
    sound: File,
    id: DraftId,
}

async fn course(owner: &mut Device) -> Course {
    let [film, chapters, sound] = [File::small(), File::small(), File::small()];
    for file in [&film, &chapters, &sound] {
        blobs::upload(owner, file).await;
    }
    let address = |file: &File, recording: Recording| FileAddress {
        b3: file.offer.b3,
        recording: Some(recording),
    };
    let film_at = address(
        &film,
        Recording {
            millis: Some(60_000),
            size: Some((1280, 720)),
            codecs: vec!["h264".to_owned()],
            chapters: Some(chapters.offer.b3),
            ..Recording::of(MediaForm::Mp4)
        },
    );
    let sound_at = address(&sound, Recording::of(MediaForm::Mp3));
    let text =
        format!("![试听]({sound_at})\n\n<!-- paywall -->\n\n![第一讲]({film_at} \"说明\")\n");
    let mut post = NewPost::paid("课程", &text);
    post.files = vec![
        attached(&film, "第一讲.mp4"),
        attached(&chapters, "章节.vtt"),
        attached(&sound, "试听.mp3"),
    ];
    let id = offer(owner, &post).await.id;
    Course {
        film,
        chapters,
        sound,
        id,
    }
}

async fn file(device: &Device, course: &Course, file: &File, range: Option<&str>) -> Response {
    let (community, b3) = (&device.community, file.offer.b3);
    let path = format!(
        "/v1/communities/{community}/articles/{}/files/{b3}",
        course.id
    );
    let mut request = device.request(Method::GET, &path);
    if let Some(range) = range {
        request = request.header(RANGE, range);
    }
    request.send().await.unwrap()
}

async fn html(device: &Device, course: &Course) -> String {
    let community = &device.community;
    let path = format!("/v1/communities/{community}/articles/{}", course.id);
    let answer = device.request(Method::GET, &path).send().await.unwrap();
    expect::<Article>(answer).await.html.unwrap()
}

on_both_databases! {
    async fn a_member_plays_what_is_open_and_nobody_else_does(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let course = course(&mut owner).await;
        let email = world.person(Role::Member).await;
        let member = world.sign_in(&email).await;

        let closed = html(&member, &course).await;
        assert!(closed.contains("<audio") && !closed.contains("<video"), "{closed}");
        assert_eq!(file(&member, &course, &course.film, None).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(file(&member, &course, &course.chapters, None).await.status(), StatusCode::NOT_FOUND);
        let heard = file(&member, &course, &course.sound, Some("bytes=0-")).await;
        assert_eq!(heard.headers()[CONTENT_TYPE], "audio/mpeg");

        let community = world.community.to_string();
        let vip = TierKey::parse("vip").unwrap();
        admin::grant_tier(&world.config, Gift { community: &community, email: &email, days: None }, vip).await.unwrap();
        let open = html(&member, &course).await;
        let part = |b3| format!("/articles/{}/files/{b3}", course.id);
        for wanted in [
            "<video",
            "width=\"1280\"",
            "height=\"720\"",
            "kind=\"chapters\"",
            &part(course.film.offer.b3),
            &part(course.chapters.offer.b3),
        ] {
            assert!(open.contains(wanted), "{wanted}: {open}");
        }
        assert!(!open.contains("attachment:") && !open.contains("codecs"), "{open}");
        let some = file(&member, &course, &course.film, Some("bytes=100-199")).await;
        assert_eq!(some.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(some.headers()[CONTENT_TYPE], "video/mp4");
        assert_eq!(some.headers()[CONTENT_RANGE], "bytes 100-199/1000");
        assert_eq!(some.bytes().await.unwrap(), course.film.bytes[100..200]);
        let track = file(&member, &course, &course.chapters, None).await;
        assert_eq!(track.headers()[CONTENT_TYPE], "text/vtt");
        assert_eq!(track.headers()["x-content-type-options"], "nosniff");
    }

    async fn a_hand_out_is_kept_by_whom_it_is_open_to_and_never_opened(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let [notes, page] = [File::small(), File::small()];
        for file in [&notes, &page] {
            blobs::upload(&owner, file).await;
        }
        let (notes_b3, page_b3) = (notes.offer.b3, page.offer.b3);
        let text = format!(
            "[试读.html](attachment:{page_b3})\n\n<!-- paywall -->\n\n[讲义.pdf](attachment:{notes_b3})\n"
        );
        let mut post = NewPost::paid("讲义", &text);
        post.files = vec![attached(&notes, "讲义 1.pdf"), attached(&page, "试读.html")];
        let id = offer(&mut owner, &post).await.id;
        let email = world.person(Role::Member).await;
        let member = world.sign_in(&email).await;
        let community = &member.community;
        let path = format!("/v1/communities/{community}/articles/{id}");
        let read = async || {
            let answer = member.request(Method::GET, &path).send().await.unwrap();
            expect::<Article>(answer).await.html.unwrap()
        };
        let get = async |b3: BlobHash| {
            let path = format!("{path}/files/{b3}");
            member.request(Method::GET, &path).send().await.unwrap()
        };

        assert!(!read().await.contains("讲义.pdf"));
        assert_eq!(get(notes_b3).await.status(), StatusCode::NOT_FOUND);
        let kept = get(page_b3).await;
        assert_eq!(kept.headers()[CONTENT_TYPE], "application/octet-stream");
        assert_eq!(kept.headers()["x-content-type-options"], "nosniff");
        let disposition = kept.headers()["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename="), "{disposition}");

        let vip = TierKey::parse("vip").unwrap();
        let community = world.community.to_string();
        admin::grant_tier(&world.config, Gift { community: &community, email: &email, days: None }, vip).await.unwrap();
        let open = read().await;
        assert!(open.contains(&format!("files/{notes_b3}\" download=\"\"")), "{open}");
        let kept = get(notes_b3).await;
        let disposition = kept.headers()["content-disposition"].to_str().unwrap();
        assert!(disposition.ends_with("UTF-8''%E8%AE%B2%E4%B9%89%201.pdf"), "{disposition}");
        assert_eq!(kept.bytes().await.unwrap(), notes.bytes);
    }
}
