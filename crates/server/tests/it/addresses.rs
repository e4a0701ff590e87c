//! Every post that members see has an address of its own.

use reqwest::StatusCode;
use stoa_domain::{DraftId, Role, Slug};
use stoa_mutators::{BinDraft, DeleteDraft, Mutation, SeenDraft};
use stoa_protocol::member::{Article, Articles};

use crate::posts::{NewPost, offer, offer_again, try_to_offer, withdraw};
use crate::support::{World, expect, on_both_databases, title, words};

async fn at(world: &World, slug: &str) -> reqwest::Response {
    let mut url = reqwest::Url::parse(&world.url("/")).unwrap();
    let community = world.community.to_string();
    url.path_segments_mut().unwrap().extend([
        "v1",
        "communities",
        &community,
        "articles",
        "by-address",
        slug,
    ]);
    world.client().get(url).send().await.unwrap()
}

async fn id_at(world: &World, slug: &str) -> DraftId {
    expect::<Article>(at(world, slug).await).await.summary.id
}

fn named<'a>(title: &'a str, slug: &str) -> NewPost<'a> {
    let mut post = NewPost::public(title, "正文。");
    post.content.slug = Slug::parse(slug).unwrap();
    post
}

on_both_databases! {
    async fn two_posts_of_one_title_have_two_addresses(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let post = NewPost::public("周报", "正文。");
        let first = offer(&mut owner, &post).await;
        let second = offer(&mut owner, &post).await;
        assert_eq!(id_at(world, "周报").await, first.id);
        assert_eq!(id_at(world, "周报-2").await, second.id);
        assert_eq!(at(world, "周报-3").await.status(), StatusCode::NOT_FOUND);
        let path = format!("/v1/communities/{}/articles", world.community);
        let list = world.client().get(world.url(&path)).send().await.unwrap();
        let list: Articles = expect(list).await;
        let mut slugs: Vec<_> = list.articles.iter().map(|one| one.slug.as_str()).collect();
        slugs.sort_unstable();
        assert_eq!(slugs, ["周报", "周报-2"]);
    }

    async fn two_studios_at_once_never_get_one_address(world: &World) {
        let (mut one, mut other) = (world.device(Role::Owner).await, world.device(Role::Editor).await);
        let post = NewPost::public("周报", "正文。");
        let (first, second) = tokio::join!(offer(&mut one, &post), offer(&mut other, &post));
        let found = [id_at(world, "周报").await, id_at(world, "周报-2").await];
        assert!(found == [first.id, second.id] || found == [second.id, first.id]);
    }

    async fn more_of_one_title_than_are_numbered_are_told_apart(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let post = NewPost::public("周报", "正文。");
        let mut last = offer(&mut owner, &post).await;
        for _ in 0..10 {
            last = offer(&mut owner, &post).await;
        }
        let id = last.id.to_string();
        let ending = id.get(id.len() - 8..).unwrap();
        assert_eq!(id_at(world, &format!("周报-{ending}")).await, last.id);
    }

    async fn an_address_that_somebody_wrote_is_refused_while_another_post_has_it(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let first = offer(&mut owner, &named("一", "weekly")).await;
        let refused = try_to_offer(&mut owner, &named("二", "weekly")).await;
        assert_eq!(refused, "rejected already_exists slug");
        assert_eq!(id_at(world, "weekly").await, first.id);
        let untitled = offer(&mut owner, &NewPost::public("weekly", "正文。")).await;
        assert_eq!(id_at(world, "weekly-2").await, untitled.id);
        withdraw(&mut owner, &first).await;
        let second = offer(&mut owner, &named("二", "weekly")).await;
        assert_eq!(id_at(world, "weekly").await, second.id);
        let mut first = first;
        let refused = offer_again(&mut owner, &mut first, "一").await;
        assert_eq!(refused, "rejected already_exists slug");
    }

    async fn an_address_that_a_post_had_leads_to_the_one_it_has(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut post = offer(&mut owner, &NewPost::public("第一版", "正文。")).await;
        offer_again(&mut owner, &mut post, "第二版").await;
        let answer = at(world, "第一版").await;
        let there = answer.url().path().to_owned();
        assert_eq!(expect::<Article>(answer).await.summary.id, post.id);
        assert_eq!(there, at(world, "第二版").await.url().path());
        let other = offer(&mut owner, &NewPost::public("第一版", "别的。")).await;
        assert_eq!(id_at(world, "第一版-2").await, other.id);
        offer_again(&mut owner, &mut post, "第一版").await;
        let answer = at(world, "第一版").await;
        assert!(!answer.url().path().ends_with("-2"));
        assert_eq!(expect::<Article>(answer).await.summary.id, post.id);
    }

    async fn a_post_that_keeps_its_title_keeps_its_address(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let first = offer(&mut owner, &NewPost::public("周报", "正文。")).await;
        let mut second = offer(&mut owner, &NewPost::public("周报", "正文。")).await;
        withdraw(&mut owner, &first).await;
        offer_again(&mut owner, &mut second, "周报").await;
        assert_eq!(id_at(world, "周报-2").await, second.id);
    }

    async fn what_is_deleted_for_good_leaves_no_address(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut post = NewPost::public("周报", "");
        post.content.slug = Slug::parse("weekly").unwrap();
        let first = offer(&mut owner, &post).await;
        withdraw(&mut owner, &first).await;
        let seen = SeenDraft { title: title("周报"), parts: Default::default() };
        let delete = DeleteDraft { id: first.id, seen: Some(seen) };
        let bin = Mutation::BinDraft(BinDraft { id: first.id });
        let answer = owner.push(&[bin, Mutation::DeleteDraft(delete)]).await;
        assert!(words(&answer).iter().all(|word| word.starts_with("applied")), "{answer:?}");
        assert_eq!(at(world, "weekly").await.status(), StatusCode::NOT_FOUND);
        let next = offer(&mut owner, &post).await;
        assert_eq!(id_at(world, "weekly").await, next.id);
    }

    async fn an_address_shows_no_more_than_the_reader_may_read(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut post = NewPost::paid("定价", "公开。\n\n<!-- paywall -->\n\n答案。\n");
        offer(&mut owner, &post).await;
        let closed: Article = expect(at(world, "定价").await).await;
        assert_eq!(closed.markdown, "公开。\n\n");
        post.title = "以后";
        post.live_at = Some(crate::support::NOW + 60_000);
        offer(&mut owner, &post).await;
        assert_eq!(at(world, "以后").await.status(), StatusCode::NOT_FOUND);
        world.pass_millis(60_000);
        assert_eq!(at(world, "以后").await.status(), StatusCode::OK);
    }
}

/// As a server that knew of no addresses left it: two posts had written the same.
#[tokio::test(flavor = "multi_thread")]
async fn posts_from_before_there_were_addresses_get_one_each_the_first_what_it_wrote() {
    let world = World::sqlite().await;
    let mut owner = world.device(Role::Owner).await;
    let first = offer(&mut owner, &named("一", "weekly")).await;
    world.pass_millis(1);
    let second = offer(&mut owner, &named("二", "monthly")).await;
    let file = world.config.data.join("stoa.sqlite");
    let db = rusqlite::Connection::open(file).unwrap();
    db.execute_batch(
        "delete from post_address;
         update draft set post = replace(post, 'monthly', 'weekly');",
    )
    .unwrap();
    drop(db);
    let world = world.started_again().await;
    assert_eq!(id_at(&world, "weekly").await, first.id);
    assert_eq!(id_at(&world, "二").await, second.id);
}
