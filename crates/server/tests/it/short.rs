//! The short names: a program of a few lines registers, signs in, publishes and reads.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use stoa_domain::Role;
use stoa_protocol::account::Account;
use stoa_protocol::device::Device as Listed;
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::member::{Article, Articles, LoggedIn, Published, Registered};

use crate::support::{
    Device, PASSWORD, World, create, expect, new_draft_id, on_both_databases, refused,
    refused_with, words,
};

fn post(world: &World, path: &str, body: &Value) -> RequestBuilder {
    world.client().post(world.url(path)).json(body)
}

async fn log_in(world: &World, email: &str) -> LoggedIn {
    let body = json!({ "username": email, "password": PASSWORD });
    expect(post(world, "/login", &body).send().await.unwrap()).await
}

fn publish(device: &Device, body: &Value) -> RequestBuilder {
    device.request(Method::POST, "/v1/publish").json(body)
}

async fn published(device: &Device, body: &Value) -> Published {
    expect(publish(device, body).send().await.unwrap()).await
}

async fn list(world: &World) -> Articles {
    let path = format!("/v1/communities/{}/articles", world.community);
    expect(world.client().get(world.url(&path)).send().await.unwrap()).await
}

async fn devices(device: &Device) -> Vec<Listed> {
    let request = device.request(Method::GET, "/v1/accounts/devices");
    expect(request.send().await.unwrap()).await
}

on_both_databases! {
    async fn a_program_of_a_few_lines_does_all_of_it(world: &World) {
        let body = json!({ "username": "Lin@example.com", "password": PASSWORD });
        let zh = post(world, "/register", &body).header("accept-language", "zh-CN,zh;q=0.9");
        let registered: Registered = expect(zh.send().await.unwrap()).await;
        assert_eq!((registered.message.as_str(), registered.user.name.as_str()), ("注册成功", "Lin"));
        assert_eq!(registered.user.communities[0].role, Role::Member);
        let reader = log_in(world, "lin@example.com").await;
        let user = world.client().get(world.url("/user")).bearer_auth(&reader.token.0);
        let user: Account = expect(user.send().await.unwrap()).await;
        assert_eq!((&user, user.email.as_str()), (&reader.user, "lin@example.com"));
        let editor = log_in(world, &world.person(Role::Editor).await).await;
        let article = json!({
            "title": "会员定价",
            "content": "公开。\r\n\r\n<!-- paywall -->\r\n\r\n给会员的。",
            "tags": ["定价"],
            "kind": "article",
        });
        let request = post(world, "/publish", &article).bearer_auth(&editor.token.0);
        let published: Published = expect(request.send().await.unwrap()).await;
        assert_eq!((published.message.as_str(), published.slug.as_str()), ("Published", "会员定价"));
        let read = |path: String, token: Option<String>| async move {
            let request = world.client().get(world.url(&path));
            let request = match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            };
            expect::<Article>(request.send().await.unwrap()).await
        };
        let short = format!("/article/{}", published.id);
        let closed = read(short.clone(), None).await;
        assert_eq!((closed.markdown.as_str(), closed.summary.tags.len()), ("公开。\n\n", 1));
        let whole = read(short, Some(reader.token.0.clone())).await;
        assert!(whole.markdown.ends_with("给会员的。"));
        let long = format!("/v1/communities/{}/articles/{}", world.community, published.id);
        assert_eq!(read(long, Some(reader.token.0.clone())).await, whole);
        assert_eq!(read(published.address, Some(reader.token.0)).await, whole);
    }

    async fn what_is_published_so_every_other_device_gets(world: &World) {
        let mut studio = world.device(Role::Owner).await;
        let editor = world.device(Role::Editor).await;
        let text = "很长的一段，不止一个更新。\n\n".repeat(4_000);
        let done = published(&editor, &json!({ "title": "新的", "content": text, "access": { "to": "public" } })).await;
        let pulled = studio.pull(0, 1_000).await;
        let draft = pulled.rows.iter().find(|row| row.0 == "draft").unwrap();
        assert_eq!((draft.1.as_str(), draft.4["title"].as_str()), (&*done.id.to_string(), Some("新的")));
        assert_eq!(draft.4["post"]["version"], 1);
        assert!(pulled.rows.iter().filter(|row| row.0 == "doc_update").count() > 1);
        let path = format!("/v1/article/{}", done.id);
        let article: Article = expect(world.client().get(world.url(&path)).send().await.unwrap()).await;
        assert_eq!(article.markdown, text);
        let rename = crate::support::rename(done.id, "改过的");
        assert!(words(&studio.push(&[rename]).await)[0].starts_with("applied"));
    }

    async fn a_device_that_publishes_so_goes_on_counting_its_own_changes(world: &World) {
        let mut device = world.device(Role::Editor).await;
        device.push(&[create(new_draft_id(), "一")]).await;
        for title in ["二", "三"] {
            published(&device, &json!({ "title": title, "content": "正文。" })).await;
        }
        let answer = device.push(&[create(new_draft_id(), "四")]).await;
        assert!(words(&answer)[0].starts_with("applied"), "{answer:?}");
        assert_eq!(answer.lmid, 2);
    }

    async fn one_key_is_one_article_however_often_it_comes(world: &World) {
        let device = world.device(Role::Editor).await;
        let body = json!({ "title": "周报", "content": "正文。" });
        let keyed = |body: &Value| publish(&device, body).header("idempotency-key", "week-36");
        let first: Published = expect(keyed(&body).send().await.unwrap()).await;
        world.pass_millis(5_000);
        let again: Published = expect(keyed(&body).send().await.unwrap()).await;
        assert_eq!(first, again);
        let other = json!({ "title": "周报", "content": "别的。" });
        let error = refused_with(keyed(&other).send().await.unwrap(), ApiErrorCode::InvalidInput).await;
        assert_eq!(error.field.as_deref(), Some("idempotency-key"));
        assert_eq!(list(world).await.articles.len(), 1);
        let somebody_else = world.device(Role::Editor).await;
        let theirs = publish(&somebody_else, &other).header("idempotency-key", "week-36");
        let theirs: Published = expect(theirs.send().await.unwrap()).await;
        assert_eq!(theirs.slug, "周报-2");
        let unkeyed = published(&device, &body).await;
        assert_eq!(unkeyed.slug, "周报-3");
        world.pass_millis(8 * 86_400_000);
        world.server.tidy().await;
        let device = world.sign_in("editor0@example.com").await;
        let later = publish(&device, &body).header("idempotency-key", "week-36");
        let later: Published = expect(later.send().await.unwrap()).await;
        assert_eq!(later.slug, "周报-4", "a week later the key is forgotten");
    }

    async fn two_at_once_with_one_key_are_one_article(world: &World) {
        let device = world.device(Role::Editor).await;
        let body = json!({ "title": "周报", "content": "正文。" });
        let keyed = || publish(&device, &body).header("idempotency-key", "week-36").send();
        let (one, other) = tokio::join!(keyed(), keyed());
        let (one, other): (Published, Published) = (expect(one.unwrap()).await, expect(other.unwrap()).await);
        assert_eq!(one, other);
        assert_eq!(list(world).await.articles.len(), 1);
    }

    async fn who_may_not_publish_does_not_by_this_way_either(world: &World) {
        let body = json!({ "title": "x", "content": "x" });
        for role in Role::ALL {
            let device = world.device(role).await;
            let answer = publish(&device, &body).send().await.unwrap();
            match role.publishes() {
                true => assert!(answer.status().is_success(), "{role:?}"),
                false => drop(refused_with(answer, ApiErrorCode::NotAllowed).await),
            }
        }
        assert_eq!(list(world).await.articles.len(), 3);
        let editor = world.device(Role::Editor).await;
        let elsewhere = json!({ "title": "x", "content": "x", "community": new_draft_id() });
        refused_with(publish(&editor, &elsewhere).send().await.unwrap(), ApiErrorCode::NotFound).await;
    }

    async fn a_slug_that_is_taken_is_refused_and_nothing_is_kept(world: &World) {
        let mut device = world.device(Role::Editor).await;
        let body = json!({ "title": "一", "content": "正文。", "slug": "weekly" });
        published(&device, &body).await;
        let head = device.push(&[]).await.head;
        let error = refused_with(publish(&device, &body).send().await.unwrap(), ApiErrorCode::AlreadyExists).await;
        assert_eq!(error.field.as_deref(), Some("slug"));
        assert_eq!(device.push(&[]).await.head, head);
    }

    async fn a_scheduled_article_is_not_read_before_its_time(world: &World) {
        let device = world.device(Role::Editor).await;
        let at = crate::support::NOW + 60_000;
        let body = json!({ "title": "以后", "content": "正文。", "access": { "to": "public" }, "live_at": at });
        assert_eq!(published(&device, &body).await.published_at.millis(), at);
        assert_eq!(list(world).await.articles, []);
        world.pass_millis(60_000);
        assert_eq!(list(world).await.articles.len(), 1);
    }

    async fn signing_in_again_and_again_does_not_fill_the_list_of_devices(world: &World) {
        let email = world.person(Role::Editor).await;
        let desktop = world.sign_in(&email).await;
        let first = log_in(world, &email).await;
        let second = log_in(world, &email).await;
        for token in [first.token, second.token] {
            let user = world.client().get(world.url("/user")).bearer_auth(token.0);
            assert!(user.send().await.unwrap().status().is_success());
        }
        assert_eq!(devices(&desktop).await.len(), 3, "two programs at once are two");
        world.pass_millis(16 * 60_000);
        log_in(world, &email).await;
        let desktop = world.sign_in(&email).await;
        let names: Vec<String> = devices(&desktop).await.into_iter().map(|one| one.name).collect();
        assert_eq!(names.iter().filter(|name| *name == "API").count(), 2, "{names:?}");
    }
}

async fn said(request: RequestBuilder) -> (ApiErrorCode, Option<String>) {
    let ApiError { code, field, .. } = refused(request.send().await.unwrap()).await;
    (code, field)
}

/// Articles in which something is wrong, what is said of each, and of which field.
fn wrong_articles() -> Vec<(Value, ApiErrorCode, Option<&'static str>)> {
    let good = json!({ "title": "题", "content": "正文。" });
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    let invalid = ApiErrorCode::InvalidInput;
    vec![
        (
            with("content", json!("长".repeat(400_000))),
            ApiErrorCode::TooLarge,
            None,
        ),
        (json!([]), ApiErrorCode::Malformed, None),
        (json!({ "title": "题" }), ApiErrorCode::Malformed, None),
        (with("acess", json!("public")), invalid, Some("acess")),
        (with("title", json!(7)), invalid, Some("title")),
        (
            with("title", json!("长".repeat(201))),
            invalid,
            Some("title"),
        ),
        (with("title", json!(" \n")), invalid, Some("title")),
        (with("content", json!(" \n")), invalid, Some("content")),
        (
            with("content", json!("> ".repeat(100))),
            invalid,
            Some("content"),
        ),
        (with("tags", json!(["好", " "])), invalid, Some("tags[1]")),
        (with("slug", json!("A b")), invalid, Some("slug")),
        (with("kind", json!("song")), invalid, Some("kind")),
        (
            with("access", json!({ "to": "paid", "tiers": ["No!"] })),
            invalid,
            Some("access"),
        ),
        (
            with("access", json!({ "to": "paid" })),
            invalid,
            Some("access"),
        ),
        (
            with("canonical", json!("javascript:x")),
            invalid,
            Some("canonical"),
        ),
        (with("live_at", json!("tomorrow")), invalid, Some("live_at")),
        (with("community", json!("here")), invalid, Some("community")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_with_its_place_before_anybodys_right_is_looked_at() {
    let world = World::sqlite().await;
    let member = world.device(Role::Member).await;
    for (body, code, field) in wrong_articles() {
        let found = said(publish(&member, &body)).await;
        assert_eq!(found, (code, field.map(str::to_owned)), "{body:.200}");
    }
    let good = json!({ "title": "题", "content": "正文。" });
    let not_allowed = said(publish(&member, &good)).await;
    assert_eq!(not_allowed, (ApiErrorCode::NotAllowed, None));
    let keyed = publish(&member, &good).header("idempotency-key", "a b");
    assert_eq!(
        said(keyed).await,
        (ApiErrorCode::InvalidInput, Some("idempotency-key".into()))
    );
    let nobody = post(&world, "/publish", &json!([]));
    assert_eq!(said(nobody).await, (ApiErrorCode::SignInAgain, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_and_signing_in_keep_to_the_rules_of_the_long_names() {
    let world = World::sqlite().await;
    let register = |name: &str, password: &str| {
        post(
            &world,
            "/v1/register",
            &json!({ "username": name, "password": password }),
        )
    };
    let field = |name: &str| (ApiErrorCode::InvalidInput, Some(name.to_owned()));
    assert_eq!(said(register("lin", PASSWORD)).await, field("username"));
    assert_eq!(
        said(register("lin@example.com", "short")).await,
        field("password")
    );
    assert!(
        register("lin@example.com", PASSWORD)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    assert_eq!(
        said(register("LIN@example.com", PASSWORD)).await.0,
        ApiErrorCode::AlreadyExists
    );
    let login = |name: &str, password: &str| {
        post(
            &world,
            "/v1/login",
            &json!({ "username": name, "password": password }),
        )
    };
    for (name, password) in [
        ("lin@example.com", "a wrong password"),
        ("wang@example.com", PASSWORD),
        ("", ""),
    ] {
        assert_eq!(
            said(login(name, password)).await.0,
            ApiErrorCode::WrongPassword
        );
    }
    world.sign_in("lin@example.com").await;
}
