//! What members read: what is published, to whom it is open, and when.

use reqwest::{Method, StatusCode};
use stoa_domain::{
    Access, Content, ContentValues, DraftId, Parts, Role, TextVersion, TierKey, Timestamp,
};
use stoa_mutators::{DescribeDraft, Mutation, PublishPost, WithdrawPost};
use stoa_protocol::member::{Article, Articles};
use stoa_server::admin::{self, Gift};

use crate::posts::{paid, written};
use crate::support::{
    Device, NOW, World, create, expect, new_draft_id, on_both_databases, title, words,
};

const TEXT: &str = "会员为什么留下来？\n\n<!-- paywall -->\n\n答案在这里。\n";
const OPEN: &str = "会员为什么留下来？\n\n";

fn publish(id: DraftId, content: &Content, seen: &[&Mutation]) -> PublishPost {
    let ids = seen.iter().map(|mutation| match mutation {
        Mutation::AppendDoc(append) => append.id.as_bytes(),
        other => panic!("{other:?} is no text"),
    });
    PublishPost {
        id,
        over: 0,
        title: title("会员定价"),
        content: content.clone(),
        parts: ids.collect::<Parts>(),
        text_at: TextVersion::parse("AA==").unwrap(),
        live_at: None,
        unless_after: None,
        is_guarded: true,
    }
}

fn open_to(access: Access) -> (Content, Mutation, DraftId) {
    let id = new_draft_id();
    let content = Content {
        access: access.clone(),
        ..Content::default()
    };
    let values = ContentValues {
        access: Some(access),
        ..ContentValues::default()
    };
    (
        content,
        Mutation::DescribeDraft(DescribeDraft { id, values }),
        id,
    )
}

/// Publishes a text for those that access names; answers its id.
async fn published(device: &mut Device, access: Access) -> DraftId {
    let (content, describe, id) = open_to(access);
    let text = written(id, TEXT);
    let publish = Mutation::PublishPost(publish(id, &content, &[&text]));
    let answer = device
        .push(&[create(id, "会员定价"), text, describe, publish])
        .await;
    assert!(
        words(&answer)
            .iter()
            .all(|word| word.starts_with("applied")),
        "{answer:?}"
    );
    id
}

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

async fn list(world: &World, reader: Option<&Device>, query: &str) -> Articles {
    expect(asked(world, reader, query).await).await
}

async fn status(world: &World, id: DraftId) -> StatusCode {
    asked(world, None, &format!("/{id}")).await.status()
}

on_both_databases! {
    async fn a_post_is_given_to_the_right_tier_and_to_nobody_else(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let id = published(&mut owner, paid(&["premium", "vip"])).await;
        let (vip, basic) = (world.person(Role::Member).await, world.person(Role::Member).await);
        let community = world.community.to_string();
        for (email, tier, days) in [(&vip, "vip", Some(30)), (&basic, "basic", None)] {
            let tier = TierKey::parse(tier).unwrap();
            admin::grant_tier(&world.config, Gift { community: &community, email, days }, tier).await.unwrap();
        }
        let (vip, basic) = (world.sign_in(&vip).await, world.sign_in(&basic).await);
        let whole = article(world, Some(&vip), id).await;
        assert_eq!((whole.summary.is_open, whole.markdown.as_str()), (true, TEXT));
        for reader in [None, Some(&basic)] {
            let closed = article(world, reader, id).await;
            assert_eq!((closed.summary.is_open, closed.markdown.as_str()), (false, OPEN));
            assert_eq!(closed.summary.excerpt, "会员为什么留下来？");
            let said = list(world, reader, "").await;
            assert!(!format!("{said:?}").contains("答案"), "{said:?}");
        }
        world.pass_millis(31 * 86_400_000);
        let vip = world.sign_in(&world.person(Role::Member).await).await;
        assert!(!article(world, Some(&vip), id).await.summary.is_open);
    }

    async fn a_tier_ends_with_its_time(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let id = published(&mut owner, paid(&["vip"])).await;
        let email = world.person(Role::Member).await;
        let tier = TierKey::parse("vip").unwrap();
        let community = world.community.to_string();
        admin::grant_tier(&world.config, Gift { community: &community, email: &email, days: Some(1) }, tier).await.unwrap();
        let member = world.sign_in(&email).await;
        assert!(article(world, Some(&member), id).await.summary.is_open);
        world.pass_millis(86_400_000);
        let member = world.sign_in(&email).await;
        assert!(!article(world, Some(&member), id).await.summary.is_open);
    }

    async fn registered_and_public_are_what_they_say(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let public = published(&mut owner, Access::Public).await;
        let registered = published(&mut owner, Access::Registered).await;
        let member = world.device(Role::Member).await;
        assert!(article(world, None, public).await.summary.is_open);
        assert!(!article(world, None, registered).await.summary.is_open);
        assert!(article(world, Some(&member), registered).await.summary.is_open);
    }

    async fn a_text_without_a_divider_that_is_closed_shows_nothing_of_itself(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let (content, describe, id) = open_to(paid(&["vip"]));
        let text = written(id, "全部都要付费。");
        let publish = Mutation::PublishPost(publish(id, &content, &[&text]));
        owner.push(&[create(id, "会员定价"), text, describe, publish]).await;
        let closed = article(world, None, id).await;
        assert_eq!((closed.markdown.as_str(), closed.summary.excerpt.as_str()), ("", ""));
    }

    async fn what_is_written_behind_a_publication_in_one_push_is_not_in_it(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let (content, describe, id) = open_to(Access::Public);
        let text = written(id, "第一版。");
        let publish = Mutation::PublishPost(publish(id, &content, &[&text]));
        let more = written(id, "后来写的。");
        owner.push(&[create(id, "会员定价"), text, describe, publish, more]).await;
        assert_eq!(article(world, None, id).await.markdown, "第一版。");
    }

    async fn a_scheduled_post_goes_live_by_the_clock_of_the_server(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let (content, describe, id) = open_to(Access::Public);
        let text = written(id, TEXT);
        let publish = PublishPost {
            live_at: Some(Timestamp::from_millis(NOW + 60_000)),
            ..publish(id, &content, &[&text])
        };
        owner.push(&[create(id, "会员定价"), text, describe, Mutation::PublishPost(publish)]).await;
        assert_eq!(status(world, id).await, StatusCode::NOT_FOUND);
        assert_eq!(list(world, None, "").await.articles, []);
        world.pass_millis(60_000);
        assert_eq!(status(world, id).await, StatusCode::OK);
        assert_eq!(list(world, None, "").await.articles.len(), 1);
    }

    async fn what_was_withdrawn_is_gone_for_members(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let id = published(&mut owner, Access::Public).await;
        let withdraw = Mutation::WithdrawPost(WithdrawPost { id, version: 1 });
        owner.push(&[withdraw]).await;
        assert_eq!(status(world, id).await, StatusCode::NOT_FOUND);
    }

    async fn a_publication_that_comes_too_late_or_is_stale_is_refused(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let (content, describe, id) = open_to(Access::Public);
        let text = written(id, TEXT);
        let late = PublishPost {
            unless_after: Some(Timestamp::from_millis(NOW - 1)),
            ..publish(id, &content, &[&text])
        };
        let stale = publish(id, &content, &[]);
        let answer = owner.push(&[
            create(id, "会员定价"), text, describe,
            Mutation::PublishPost(late), Mutation::PublishPost(stale),
        ]).await;
        assert_eq!(words(&answer)[3..], ["rejected too_late", "rejected conflict text"]);
        assert_eq!(status(world, id).await, StatusCode::NOT_FOUND);
    }

    async fn the_list_is_read_page_by_page_and_names_each_once(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut ids = Vec::new();
        for n in 0..5 {
            ids.push(published(&mut owner, Access::Public).await);
            world.pass_millis(i64::from(n % 2));
        }
        let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
        loop {
            let page = list(world, None, &query).await;
            seen.extend(page.articles.iter().map(|article| article.id));
            let Some(after) = page.after else { break };
            query = format!("?limit=2&after={after}");
        }
        assert_eq!(seen.len(), 5);
        ids.sort_unstable();
        seen.sort_unstable();
        assert_eq!(seen, ids);
        let wrong = asked(world, None, "?after=1.x").await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
