//! A post that a text mentions leads where it is read, for as long as members see it.

use stoa_domain::{DraftId, Role};
use stoa_protocol::member::Article;

use crate::posts::{NewPost, offer, offer_again, withdraw};
use crate::support::{World, expect, new_draft_id, on_both_databases};

const FORMATS: [&str; 3] = ["rss", "atom", "json"];

async fn html_of(world: &World, id: DraftId) -> String {
    let path = format!("/v1/communities/{}/articles/{id}", world.community);
    let answer = world.client().get(world.url(&path)).send().await.unwrap();
    expect::<Article>(answer).await.html.unwrap()
}

async fn feed(world: &World, format: &str) -> String {
    let path = format!("/v1/communities/{}/feeds/{format}", world.community);
    let answer = world.client().get(world.url(&path)).send().await.unwrap();
    answer.text().await.unwrap()
}

/// Where the post with a slug is read, as a link says it.
fn place(world: &World, slug: &str) -> String {
    let community = world.community;
    format!("/v1/communities/{community}/articles/by-address/{slug}\"")
}

on_both_databases! {
    async fn a_mention_leads_to_the_present_address_while_members_see_the_post(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut pricing = offer(&mut owner, &NewPost::public("pricing", "正文。")).await;
        let text = format!("见[定价](stoa:post/{})。", pricing.id);
        let post = offer(&mut owner, &NewPost::public("weekly", &text)).await;
        let html = html_of(world, post.id).await;
        assert!(html.contains(&place(world, "pricing")), "{html}");
        assert!(html.contains(">定价</a>"), "{html}");

        offer_again(&mut owner, &mut pricing, "prices").await;
        let html = html_of(world, post.id).await;
        assert!(html.contains(&place(world, "prices")), "{html}");

        withdraw(&mut owner, &pricing).await;
        let html = html_of(world, post.id).await;
        assert!(!html.contains("href") && html.contains("定价"), "{html}");
    }

    async fn what_members_do_not_see_is_words(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let text = format!("见[草稿](stoa:post/{})与[@李](stoa:member/{0})。", new_draft_id());
        let post = offer(&mut owner, &NewPost::public("weekly", &text)).await;
        let html = html_of(world, post.id).await;
        assert!(html.contains("草稿") && html.contains("@李"), "{html}");
        assert!(!html.contains("href"), "{html}");
    }

    async fn feeds_name_the_whole_address(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let pricing = offer(&mut owner, &NewPost::public("pricing", "正文。")).await;
        let address = world.url(place(world, "pricing").trim_end_matches('"'));
        let mut before = Vec::new();
        for format in FORMATS {
            before.push(feed(world, format).await.matches(&address).count());
        }
        let text = format!("见[定价](stoa:post/{})。", pricing.id);
        offer(&mut owner, &NewPost::public("weekly", &text)).await;
        for (format, n_before) in FORMATS.into_iter().zip(before) {
            let feed = feed(world, format).await;
            assert_eq!(feed.matches(&address).count(), n_before + 1, "{format}: {feed}");
        }
        withdraw(&mut owner, &pricing).await;
        for format in FORMATS {
            assert!(!feed(world, format).await.contains("by-address/pricing"), "{format}");
        }
    }
}
