//! Feeds, read by a reader that is not ours.

use std::collections::BTreeSet;

use feed_rs::model::{Entry, Feed};
use reqwest::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HOST, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED,
};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use stoa_domain::{
    AttachmentId, Canonical, DraftId, FileName, MediaType, Role, Tag, Tags, Timestamp,
};
use stoa_mutators::{AddAttachment, Mutation};

use crate::posts::{NewPost, mutations, offer, offer_again, withdraw};
use crate::support::{NOW, World, new_draft_id, on_both_databases, random};

const FORMS: [&str; 3] = ["rss", "atom", "json"];
const PAID: &str = "会员为什么留下来？\n\n<!-- paywall -->\n\n答案在这里。\n";

async fn asked(world: &World, form: &str, headers: &[(HeaderName, &str)]) -> Response {
    let path = format!("/v1/communities/{}/feeds/{form}", world.community);
    let mut request = world.client().get(world.url(&path));
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request.send().await.unwrap()
}

async fn text(world: &World, form: &str) -> String {
    let answer = asked(world, form, &[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.text().await.unwrap()
}

/// A feed as the reader understands it; it is well-formed to the last character.
fn read(text: &str) -> Feed {
    let is_allowed = |c: char| c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}') || c == '\n';
    if text.starts_with('<') {
        assert!(text.chars().all(is_allowed), "{text}");
    }
    feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

async fn feed(world: &World, form: &str) -> Feed {
    read(&text(world, form).await)
}

fn title_of(entry: &Entry) -> &str {
    &entry.title.as_ref().unwrap().content
}

fn body_of(entry: &Entry) -> &str {
    entry.content.as_ref().unwrap().body.as_deref().unwrap()
}

fn urn(id: DraftId) -> String {
    format!("urn:uuid:{id}")
}

fn millis(at: Option<chrono::DateTime<chrono::Utc>>) -> i64 {
    at.unwrap().timestamp_millis()
}

async fn titles(world: &World, form: &str) -> Vec<String> {
    let feed = feed(world, form).await;
    let titles = feed.entries.iter().map(title_of);
    titles.map(str::to_owned).collect()
}

fn header_of(answer: &Response, name: HeaderName) -> String {
    answer.headers()[name].to_str().unwrap().to_owned()
}

on_both_databases! {
    async fn a_feed_says_in_three_forms_what_was_published(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut post = NewPost::public("会员 <定价> & 更多", "# 题\n\n**正文** <script>x</script>\n");
        let tags = ["定价", "a<b&c"].map(|tag| Tag::parse(tag).unwrap());
        post.content.tags = Tags::new(tags.to_vec()).unwrap();
        let mut offered = offer(&mut owner, &post).await;
        world.pass_millis(60_000);
        offer_again(&mut owner, &mut offered, post.title).await;
        world.pass_millis(60_000);
        let english = offer(&mut owner, &NewPost::public("Pricing", "Why members stay.")).await;
        for form in FORMS {
            let feed = feed(world, form).await;
            assert_eq!(feed.title.unwrap().content, "知行社", "{form}");
            assert_eq!(feed.language.unwrap().to_lowercase(), "zh-cn", "{form}");
            let [newest, oldest] = &feed.entries[..] else { panic!("{form}") };
            assert_eq!((newest.id.as_str(), oldest.id.as_str()), (&*urn(english.id), &*urn(offered.id)));
            assert_eq!(title_of(oldest), post.title, "{form}");
            let body = body_of(oldest);
            assert!(body.contains("<strong>正文</strong>") && !body.contains("<script"), "{body}");
            let terms: Vec<_> = oldest.categories.iter().map(|one| one.term.as_str()).collect();
            assert_eq!(terms, ["定价", "a<b&c"], "{form}");
            assert_eq!(oldest.authors[0].name.as_deref(), Some("林"), "{form}");
            let link = format!("{}/v1/communities/{}/articles/by-address/", world.server.url(), world.community);
            assert!(oldest.links.iter().any(|one| one.href.starts_with(&link)), "{oldest:?}");
            assert_eq!(millis(newest.published), NOW + 120_000, "{form}");
            assert_eq!(millis(oldest.updated), NOW + 60_000, "{form}");
        }
    }

    async fn of_what_is_not_for_everybody_a_feed_says_what_stands_before_the_paywall(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        offer(&mut owner, &NewPost::paid("付费", PAID)).await;
        offer(&mut owner, &NewPost::paid("Paid", "Why do they stay?\n\n<!-- paywall -->\n\n答案。")).await;
        offer(&mut owner, &NewPost::paid("没有分隔线", "答案，全部。")).await;
        let mut registered = NewPost::public("注册", PAID);
        registered.content.access = stoa_domain::Access::Registered;
        offer(&mut owner, &registered).await;
        for form in FORMS {
            let text = text(world, form).await;
            assert!(!text.contains("答案") && !text.contains("paywall"), "{text}");
            let feed = read(&text);
            let find = |title: &str| {
                let entry = feed.entries.iter().find(|entry| title_of(entry) == title).unwrap();
                body_of(entry).to_owned()
            };
            for title in ["付费", "注册"] {
                let body = find(title);
                assert!(body.contains("会员为什么留下来？") && body.contains("余下部分仅对会员开放。"), "{body}");
            }
            assert!(find("Paid").contains("The rest is for members."));
            assert!(find("没有分隔线").contains("全文仅对会员开放。"));
        }
    }

    async fn a_feed_is_the_same_for_who_may_read_more(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        offer(&mut owner, &NewPost::paid("付费", PAID)).await;
        let path = format!("/v1/communities/{}/feeds/json", world.community);
        let owners = owner.request(reqwest::Method::GET, &path).send().await.unwrap();
        assert_eq!(owners.text().await.unwrap(), text(world, "json").await);
    }

    async fn a_scheduled_post_comes_at_its_time_and_a_withdrawn_one_goes(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let first = offer(&mut owner, &NewPost::public("第一", "正文。")).await;
        let mut later = NewPost::public("以后", "正文。");
        later.live_at = Some(NOW + 60_000);
        offer(&mut owner, &later).await;
        world.pass_millis(59_999);
        let mut tags = BTreeSet::new();
        for form in FORMS {
            assert_eq!(titles(world, form).await, ["第一"]);
            tags.insert(header_of(&asked(world, form, &[]).await, ETAG));
        }
        world.pass_millis(1);
        for form in FORMS {
            assert_eq!(titles(world, form).await, ["以后", "第一"]);
            tags.insert(header_of(&asked(world, form, &[]).await, ETAG));
        }
        withdraw(&mut owner, &first).await;
        for form in FORMS {
            assert_eq!(titles(world, form).await, ["以后"]);
            tags.insert(header_of(&asked(world, form, &[]).await, ETAG));
        }
        assert_eq!(tags.len(), 9, "a feed that changed has another tag");
    }

    async fn a_reader_that_has_a_feed_is_told_so_and_no_more(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let first = offer(&mut owner, &NewPost::public("第一", "正文。")).await;
        offer(&mut owner, &NewPost::public("第二", "正文。")).await;
        let fresh = asked(world, "atom", &[]).await;
        assert!(!fresh.headers().contains_key(LAST_MODIFIED), "it could still change in this second");
        world.pass_millis(1_000);
        for form in FORMS {
            let whole = asked(world, form, &[]).await;
            assert_eq!(header_of(&whole, CACHE_CONTROL), "public, max-age=60");
            let kind = header_of(&whole, CONTENT_TYPE);
            assert!(kind.starts_with("application/") && kind.contains(form), "{kind}");
            let (tag, at) = (header_of(&whole, ETAG), header_of(&whole, LAST_MODIFIED));
            assert_eq!(at, "Tue, 01 Sep 2026 08:00:00 GMT");
            for known in [(IF_NONE_MATCH, tag.as_str()), (IF_MODIFIED_SINCE, at.as_str())] {
                let answer = asked(world, form, &[known]).await;
                assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{form}");
                assert_eq!(header_of(&answer, ETAG), tag);
                assert_eq!(answer.text().await.unwrap(), "");
            }
            let other = [(IF_NONE_MATCH, "W/\"another\""), (IF_MODIFIED_SINCE, at.as_str())];
            assert_eq!(asked(world, form, &other).await.status(), StatusCode::OK);
        }
        let at = header_of(&asked(world, "rss", &[]).await, LAST_MODIFIED);
        withdraw(&mut owner, &first).await;
        world.pass_millis(1_000);
        let answer = asked(world, "rss", &[(IF_MODIFIED_SINCE, &at)]).await;
        assert_eq!(answer.status(), StatusCode::OK, "one that is not the newest was withdrawn");
    }

    async fn whatever_a_title_holds_every_reader_gets_it(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let hostile = [
            ("]]> <![CDATA[ </title>", "]]> <![CDATA[ </title>"),
            ("a\u{1}b\u{8}c", "a b c"),
            ("x\u{FFFE}y\u{FFFF}z", "x\u{FFFD}y\u{FFFD}z"),
            ("\u{202E}gpj.exe \u{5E9}\u{5DC}\u{5D5}\u{5DD}", "\u{202E}gpj.exe \u{5E9}\u{5DC}\u{5D5}\u{5DD}"),
            ("&amp; &lt;b&gt; &#0; \"'", "&amp; &lt;b&gt; &#0; \"'"),
            ("𝕏 👩‍👩‍👧 é", "𝕏 👩‍👩‍👧 é"),
        ];
        for (title, _) in hostile {
            let text = format!("{title}\n\n]]>\u{1}\u{FFFE}</content:encoded></item>\n");
            let mut post = NewPost::public(title, &text);
            post.content.tags = Tags::new(vec![Tag::parse("\u{FFFE}\"<&").unwrap()]).unwrap();
            offer(&mut owner, &post).await;
            world.pass_millis(1);
        }
        for form in FORMS {
            let feed = feed(world, form).await;
            let found: Vec<_> = feed.entries.iter().rev().map(title_of).collect();
            assert_eq!(found.len(), hostile.len(), "{form}");
            for (found, (title, replaced)) in found.iter().zip(hostile) {
                let title = stoa_domain::Title::parse(title).unwrap();
                let expected = if form == "json" { title.as_str() } else { replaced };
                assert_eq!(*found, expected, "{form}");
            }
        }
    }

    async fn a_public_recording_is_offered_to_be_fetched(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let b3 = "ab".repeat(32);
        let body = format!("听。\n\n![第一课.mp3](attachment:{b3})\n\n<!-- paywall -->\n\n完。\n");
        let file = AddAttachment {
            id: AttachmentId::new(Timestamp::from_millis(NOW), random()),
            draft: new_draft_id(),
            b3: b3.parse().unwrap(),
            name: FileName::parse("第一课.mp3").unwrap(),
            media_type: MediaType::Bytes,
            size: 4_321,
            width: None,
            height: None,
        };
        let mut post = NewPost::public("第一课", &body);
        post.files = vec![file.clone()];
        let offered = offer(&mut owner, &post).await;
        let mut paid = NewPost::paid("第二课", &body);
        paid.files = vec![AddAttachment { id: AttachmentId::new(Timestamp::from_millis(NOW), random()), ..file }];
        offer(&mut owner, &paid).await;
        let address = format!("/articles/{}/files/{b3}", offered.id);
        for form in FORMS {
            let text = text(world, form).await;
            assert_eq!(text.matches("audio/mpeg").count(), 1, "{text}");
            assert!(text.contains(&address) && text.contains("4321"), "{text}");
        }
    }

    async fn where_it_first_appeared_and_where_it_is_are_both_said(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut post = NewPost::public("定价", "正文。");
        post.content.canonical = Canonical::parse("https://lin.example/pricing").unwrap();
        offer(&mut owner, &post).await;
        for form in ["rss", "atom"] {
            let feed = feed(world, form).await;
            assert_eq!(feed.entries[0].links[0].href, "https://lin.example/pricing");
        }
        let json: Value = serde_json::from_str(&text(world, "json").await).unwrap();
        assert_eq!(json["items"][0]["external_url"], "https://lin.example/pricing");
    }
}

/// The addresses in a feed are those by which it was asked for, unless the server was told another.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_speaks_of_the_server_by_the_name_it_is_known_by() {
    let mut world = World::sqlite().await;
    let own = |json: &str| -> String {
        let json: Value = serde_json::from_str(json).unwrap();
        json["feed_url"].as_str().unwrap().to_owned()
    };
    let path = format!("/v1/communities/{}/feeds/json", world.community);
    assert_eq!(own(&text(&world, "json").await), world.url(&path));
    world.config.public_url = Some("https://stoa.example".into());
    let world = world.started_again().await;
    let told = format!("https://stoa.example{path}");
    assert_eq!(own(&text(&world, "json").await), told);
    let answer = asked(&world, "json", &[(HOST, "evil.example")]).await;
    assert_eq!(own(&answer.text().await.unwrap()), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_posts_are_read_fifty_at_a_time_each_once() {
    let world = World::sqlite().await;
    let mut owner = world.device(Role::Owner).await;
    let names: Vec<String> = (0..5_000).map(|n| format!("第 {n} 篇")).collect();
    let posts = names.iter().map(|name| NewPost::public(name, ""));
    let all: Vec<Mutation> = posts
        .flat_map(|post| mutations(new_draft_id(), &post))
        .collect();
    for part in all.chunks(480) {
        owner.push(part).await;
        world.pass_millis(1);
    }
    let mut next = Some(world.url(&format!("/v1/communities/{}/feeds/json", world.community)));
    let (mut seen, mut n_pages) = (BTreeSet::new(), 0);
    while let Some(url) = next {
        let page = world
            .client()
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(page.len() < 100_000, "{}", page.len());
        let page: Value = serde_json::from_str(&page).unwrap();
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), 50);
        seen.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        next = page["next_url"].as_str().map(str::to_owned);
        n_pages += 1;
    }
    assert_eq!((seen.len(), n_pages), (5_000, 100));
    for form in ["rss", "atom"] {
        assert_eq!(feed(&world, form).await.entries.len(), 50, "{form}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_ends_before_it_grows_too_large() {
    let world = World::sqlite().await;
    let mut owner = world.device(Role::Owner).await;
    let long = "很长的一段。".repeat(100) + "\n\n";
    let long = long.repeat(600_000 / long.len());
    for name in ["一", "二", "三"] {
        offer(&mut owner, &NewPost::public(name, &long)).await;
        world.pass_millis(1);
    }
    let page: Value = serde_json::from_str(&text(&world, "json").await).unwrap();
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["title"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&page), ["三", "二"]);
    let next = page["next_url"].as_str().unwrap();
    let rest = world.client().get(next).send().await.unwrap();
    let rest: Value = serde_json::from_str(&rest.text().await.unwrap()).unwrap();
    assert_eq!(
        (names(&rest), rest["next_url"].as_str()),
        (vec!["一".to_owned()], None)
    );
    assert_eq!(titles(&world, "atom").await, ["三", "二"]);
}
