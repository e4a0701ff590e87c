//! Live sessions: everybody knows when, those with the right tier where to join and what is left of
//! it; and what search engines are told of a post.

use reqwest::header::{CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, LAST_MODIFIED};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use stoa_domain::{
    BlobHash, DraftId, FileAddress, JoinLink, Kind, MediaForm, Minutes, Recording, RecordingLink,
    Role, SearchDescription, SearchTitle, TierKey, Timestamp,
};
use stoa_protocol::member::{Article, Articles, Live};
use stoa_server::admin::{self, Gift};

use crate::blobs::{self, File};
use crate::posts::{NewPost, offer};
use crate::recordings::attached;
use crate::support::{Device, NOW, World, expect, on_both_databases};

const LINK: &str = "https://meet.example/j/1?pwd=a&x=1";
/// A session begins after this and lasts as long: it is over before a token has ended.
const SOON: i64 = 5 * 60 * 1000;

/// A session with everything that can be left of it.
struct Session {
    film: File,
    chapters: File,
    id: DraftId,
}

async fn session(owner: &mut Device, post: NewPost<'_>) -> Session {
    let [film, chapters] = [File::small(), File::small()];
    for file in [&film, &chapters] {
        blobs::upload(owner, file).await;
    }
    let address = FileAddress {
        b3: film.offer.b3,
        recording: Some(Recording {
            chapters: Some(chapters.offer.b3),
            ..Recording::of(MediaForm::Mp4)
        }),
    };
    let mut post = post;
    post.files = vec![attached(&film, "回放.mp4"), attached(&chapters, "章节.vtt")];
    post.content.kind = Kind::Live;
    post.content.starts_at = Some(Timestamp::from_millis(NOW + SOON));
    post.content.lasts_minutes = Minutes::new(5).unwrap();
    post.content.join_link = JoinLink::parse(LINK).unwrap();
    post.content.recording = RecordingLink::parse(&address.to_string()).unwrap();
    let id = offer(owner, &post).await.id;
    Session { film, chapters, id }
}

/// The answer to a request, by somebody or by anybody.
async fn asked(world: &World, reader: Option<&Device>, path: &str) -> reqwest::Response {
    let path = format!("/v1/communities/{}/articles{path}", world.community);
    let request = match reader {
        Some(device) => device.request(Method::GET, &path),
        None => world.client().get(world.url(&path)),
    };
    request.send().await.unwrap()
}

async fn article(world: &World, reader: Option<&Device>, id: DraftId) -> Article {
    expect(asked(world, reader, &format!("/{id}")).await).await
}

/// What somebody is told, which an article and a list say alike.
async fn live(world: &World, reader: Option<&Device>, id: DraftId) -> Live {
    let article = article(world, reader, id).await;
    let listed: Articles = expect(asked(world, reader, "").await).await;
    let listed = listed
        .articles
        .into_iter()
        .find(|one| one.id == id)
        .unwrap();
    assert_eq!(listed.live, article.summary.live);
    listed.live.unwrap()
}

async fn file(
    world: &World,
    reader: Option<&Device>,
    id: DraftId,
    b3: BlobHash,
) -> reqwest::Response {
    asked(world, reader, &format!("/{id}/files/{b3}")).await
}

async fn with_tier(world: &World, tier: &str) -> Device {
    let email = world.person(Role::Member).await;
    let community = world.community.to_string();
    let tier = TierKey::parse(tier).unwrap();
    let granted = admin::grant_tier(
        &world.config,
        Gift {
            community: &community,
            email: &email,
            days: None,
        },
        tier,
    );
    granted.await.unwrap();
    world.sign_in(&email).await
}

on_both_databases! {
    async fn everybody_knows_when_and_only_the_tier_where(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let session = session(&mut owner, NewPost::paid("直播答疑", "提纲。\n")).await;
        let [vip, basic] = [with_tier(world, "vip").await, with_tier(world, "basic").await];
        let owners = Some(&owner);
        for (reader, is_let_in) in [(owners, true), (Some(&vip), true), (Some(&basic), false), (None, false)] {
            let told = live(world, reader, session.id).await;
            assert_eq!(told.starts_at.millis(), NOW + SOON);
            assert_eq!(told.ends_at.millis(), NOW + 2 * SOON);
            assert_eq!((told.lasts_minutes, told.timezone.as_str()), (5, "Asia/Shanghai"));
            assert_eq!(told.recording, None);
            assert_eq!(told.join_link.as_deref(), is_let_in.then_some(LINK));
            let answer = asked(world, reader, &format!("/{}", session.id)).await;
            let text = answer.text().await.unwrap();
            assert!(text.contains("2026年9月1日 16:05–16:10（Asia/Shanghai）"), "{text}");
            assert_eq!(text.contains("meet.example"), is_let_in, "{text}");
            assert!(!text.contains(&session.film.offer.b3.to_string()), "{text}");
            for b3 in [session.film.offer.b3, session.chapters.offer.b3] {
                let answer = file(world, reader, session.id, b3).await;
                assert_eq!(answer.status(), StatusCode::NOT_FOUND, "it is not over");
            }
        }
    }

    async fn after_the_end_the_tier_has_the_recording_and_nobody_else(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let session = session(&mut owner, NewPost::paid("直播答疑", "提纲。\n")).await;
        let [vip, basic] = [with_tier(world, "vip").await, with_tier(world, "basic").await];
        world.pass_millis(2 * SOON - 1);
        assert!(live(world, Some(&vip), session.id).await.join_link.is_some());
        world.pass_millis(1);
        let told = live(world, Some(&vip), session.id).await;
        assert_eq!(told.join_link, None);
        let recording = told.recording.unwrap();
        assert_eq!(recording.media_type, "video/mp4");
        assert!(recording.path.ends_with(&format!("/files/{}", session.film.offer.b3)));
        let played = vip.request(Method::GET, &recording.path).send().await.unwrap();
        assert_eq!(played.headers()[CONTENT_TYPE], "video/mp4");
        assert_eq!(played.bytes().await.unwrap(), session.film.bytes);
        let track = file(world, Some(&vip), session.id, session.chapters.offer.b3).await;
        assert_eq!(track.headers()[CONTENT_TYPE], "text/vtt");
        let html = article(world, Some(&vip), session.id).await.html.unwrap();
        assert!(html.contains("<video") && !html.contains("meet.example"), "{html}");

        for reader in [Some(&basic), None] {
            let told = live(world, reader, session.id).await;
            assert_eq!((told.join_link, told.recording), (None, None));
            for b3 in [session.film.offer.b3, session.chapters.offer.b3] {
                let answer = file(world, reader, session.id, b3).await;
                assert_eq!(answer.status(), StatusCode::NOT_FOUND);
            }
            let html = article(world, reader, session.id).await.html.unwrap();
            assert!(!html.contains("<video"), "{html}");
        }
    }

    async fn the_file_of_another_draft_is_no_recording(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let theirs = session(&mut owner, NewPost::paid("别人的", "正文")).await;
        let b3 = theirs.film.offer.b3;
        let mut post = NewPost::public("公开", "正文");
        post.content.kind = Kind::Live;
        post.content.starts_at = Some(Timestamp::from_millis(NOW - 20 * SOON));
        let address = format!("attachment:{b3}#video/mp4");
        post.content.recording = RecordingLink::parse(&address).unwrap();
        let id = offer(&mut owner, &post).await.id;
        assert_eq!(live(world, None, id).await.recording, None);
        assert_eq!(file(world, None, id, b3).await.status(), StatusCode::NOT_FOUND);
    }

    async fn an_article_with_a_time_is_no_session(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut post = NewPost::public("改成文章了", "正文");
        post.content.starts_at = Some(Timestamp::from_millis(NOW));
        post.content.join_link = JoinLink::parse(LINK).unwrap();
        let id = offer(&mut owner, &post).await.id;
        let answer = asked(world, Some(&owner), &format!("/{id}")).await;
        let text = answer.text().await.unwrap();
        assert!(!text.contains("\"live\"") && !text.contains("meet.example"), "{text}");
    }

    async fn a_feed_says_when_and_offers_what_is_left_to_everybody_alone(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let paid = session(&mut owner, NewPost::paid("付费直播", "")).await;
        world.pass_millis(1);
        let open = session(&mut owner, NewPost::public("公开直播", "提纲。\n")).await;
        let feed = |form: &'static str, since: Option<String>| async move {
            let path = format!("/v1/communities/{}/feeds/{form}", world.community);
            let mut request = world.client().get(world.url(&path));
            if let Some(since) = since {
                request = request.header(IF_MODIFIED_SINCE, since);
            }
            request.send().await.unwrap()
        };
        world.pass_millis(60_000);
        for form in ["rss", "atom", "json"] {
            let text = feed(form, None).await.text().await.unwrap();
            assert_eq!(text.matches("16:05–16:10（Asia/Shanghai）").count(), 2, "{text}");
            assert_eq!(text.matches("meet.example").count(), 1, "{text}");
        }
        let before = feed("rss", None).await;
        let (tag, at) = (before.headers()[ETAG].clone(), before.headers()[LAST_MODIFIED].clone());
        world.pass_millis(2 * SOON);
        let after = feed("rss", Some(at.to_str().unwrap().to_owned())).await;
        assert_eq!(after.status(), StatusCode::OK, "it ended meanwhile");
        assert_ne!(after.headers()[ETAG], tag);
        let page: Value = feed("json", None).await.json().await.unwrap();
        let text = page.to_string();
        assert!(!text.contains("meet.example"), "{text}");
        assert!(!text.contains(&paid.film.offer.b3.to_string()), "{text}");
        let item = &page["items"][0];
        let url = item["attachments"][0]["url"].as_str().unwrap();
        assert!(url.ends_with(&open.film.offer.b3.to_string()), "{item}");
    }

    async fn search_engines_are_told_what_the_author_wrote_or_title_and_excerpt(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut post = NewPost::public("会员定价", "公开的第一句。\n");
        let plain = offer(&mut owner, &post).await.id;
        post.content.search_title = SearchTitle::parse("怎么给会员定价").unwrap();
        post.content.search_description = SearchDescription::parse("三步 & 一张表").unwrap();
        let own = offer(&mut owner, &post).await.id;
        let seo = article(world, None, plain).await.seo;
        assert_eq!((seo.title.as_str(), seo.description.as_str()), ("会员定价", "公开的第一句。"));
        let seo = article(world, None, own).await.seo;
        assert_eq!((seo.title.as_str(), seo.description.as_str()), ("怎么给会员定价", "三步 & 一张表"));
    }

    async fn a_program_publishes_a_session(world: &World) {
        let owner = world.device(Role::Owner).await;
        let request = json!({
            "title": "直播答疑", "content": "提纲。", "kind": "live", "access": {"to": "public"},
            "starts_at": NOW + SOON, "lasts_minutes": 45, "join_link": LINK,
            "search_title": "直播：会员定价答疑",
        });
        let send = |body: Value| owner.request(Method::POST, "/v1/publish").json(&body).send();
        let published: Value = send(request.clone()).await.unwrap().json().await.unwrap();
        let id: DraftId = published["id"].as_str().unwrap().parse().unwrap();
        let told = live(world, None, id).await;
        assert_eq!((told.lasts_minutes, told.join_link.as_deref()), (45, Some(LINK)));
        assert_eq!(article(world, None, id).await.seo.title, "直播：会员定价答疑");
        for (field, wrong) in [
            ("starts_at", json!(-1)),
            ("lasts_minutes", json!(0)),
            ("join_link", json!("http://meet.example/1")),
            ("search_title", json!("题".repeat(201))),
        ] {
            let mut body = request.clone();
            body[field] = wrong;
            let answer = send(body).await.unwrap();
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            let said: Value = answer.json().await.unwrap();
            assert_eq!(said["field"], field, "{said}");
        }
    }
}
