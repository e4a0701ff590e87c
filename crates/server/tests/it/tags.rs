//! The book of tags: who keeps it, what is refused, and what members see of it.

use reqwest::{Method, StatusCode};
use stoa_domain::{MAX_SYNONYMS, Role, Tag, Tags};
use stoa_mutators::{ChangeSynonyms, MoveTag, Mutation};
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::member::Articles;

use crate::posts::{NewPost, offer};
use crate::support::{Device, World, expect, on_both_databases, refused_with, words};

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

fn give(to: &str, synonyms: &[&str]) -> Mutation {
    Mutation::ChangeSynonyms(ChangeSynonyms {
        tag: tag(to),
        add: synonyms.iter().map(|word| tag(word)).collect(),
        remove: Vec::new(),
    })
}

fn moved(from: &str, into: &str) -> Mutation {
    Mutation::MoveTag(MoveTag {
        from: tag(from),
        into: tag(into),
        keep: true,
    })
}

/// The book as a device is told of it.
async fn book(device: &Device) -> Vec<(String, Vec<String>)> {
    let pulled = device.pull(0, 1_000).await;
    let rows = pulled.rows.iter().filter(|row| row.0 == "tag");
    let mut book: Vec<(String, Vec<String>)> = rows
        .map(|row| {
            let name = row.4["name"].as_str().unwrap().to_owned();
            let synonyms = serde_json::from_value(row.4["synonyms"].clone()).unwrap();
            (name, synonyms)
        })
        .collect();
    book.sort();
    book
}

fn entry(name: &str, synonyms: &[&str]) -> (String, Vec<String>) {
    let synonyms = synonyms.iter().map(|word| (*word).to_owned()).collect();
    (name.to_owned(), synonyms)
}

async fn post(device: &mut Device, title: &str, tags: &[&str]) {
    let mut post = NewPost::public(title, "正文");
    post.content.tags = Tags::new(tags.iter().map(|text| tag(text)).collect()).unwrap();
    offer(device, &post).await;
}

/// A page of what members see, by title with its tags.
async fn listed(world: &World, query: &str) -> (Vec<(String, Vec<String>)>, Option<String>) {
    let path = format!("/v1/communities/{}/articles?{query}", world.community);
    let answer = world.client().get(world.url(&path)).send().await.unwrap();
    let found: Articles = expect(answer).await;
    let articles = found.articles.into_iter();
    (
        articles.map(|one| (one.title, one.tags)).collect(),
        found.after,
    )
}

fn titles(found: &[(String, Vec<String>)]) -> Vec<&str> {
    found.iter().map(|(title, _)| title.as_str()).collect()
}

on_both_databases! {
    async fn words_come_to_everybody_who_writes_and_the_second_owner_of_a_word_is_refused(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let mut editor = world.device(Role::Editor).await;
        let expert = world.device(Role::Expert).await;
        let answer = owner.push(&[give("人工智能", &["AI"]), give("机器学习", &["ＡＩ"])]).await;
        assert_eq!(words(&answer)[1], "rejected word_taken synonym", "{answer:?}");
        let answer = editor.push(&[give("人工智能", &["Artificial Intelligence"]), give("AI", &["A.I."])]).await;
        assert!(words(&answer)[0].starts_with("applied"), "{answer:?}");
        assert_eq!(words(&answer)[1], "rejected word_taken tag", "{answer:?}");
        let told = [entry("人工智能", &["AI", "Artificial Intelligence"])];
        assert_eq!(book(&owner).await, told);
        assert_eq!(book(&expert).await, told);
        // In one push they build on each other.
        let answer = owner.push(&[give("定价", &["价格"]), moved("定价", "收费"), give("价格", &["x"])]).await;
        assert_eq!(words(&answer)[2], "rejected word_taken tag", "{answer:?}");
        let pulled = owner.pull(0, 1_000).await;
        let n_rows = pulled.rows.iter().filter(|row| row.0 == "tag" || row.0 == "draft").count();
        let sum = pulled.sums.iter().find(|sum| sum.bucket == "content").unwrap();
        assert_eq!(sum.n, i64::try_from(n_rows).unwrap());
        assert_eq!(
            book(&expert).await,
            [told[0].clone(), entry("定价", &[]), entry("收费", &["价格", "定价"])]
        );
    }

    async fn only_who_edits_every_draft_keeps_the_book_and_members_are_not_told_of_it(world: &World) {
        for role in [Role::Member, Role::Analyst, Role::Moderator, Role::Expert] {
            let mut device = world.device(role).await;
            let answer = device.push(&[give("甲", &["乙"]), moved("甲", "丙")]).await;
            for said in words(&answer) {
                assert_eq!(said, "rejected not_allowed", "{role:?}");
            }
        }
        let mut admin = world.device(Role::Admin).await;
        admin.push(&[give("甲", &["乙"])]).await;
        let member = world.device(Role::Member).await;
        assert!(book(&member).await.is_empty());
    }

    async fn sizes_that_are_no_bodys_are_refused_and_leave_nothing(world: &World) {
        let mut owner = world.device(Role::Owner).await;
        let many: Vec<String> = (0..=MAX_SYNONYMS).map(|n| format!("w{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let answer = owner.push(&[give("甲", &many), give("甲", &["甲 "])]).await;
        assert_eq!(words(&answer), ["rejected invalid synonyms", "rejected invalid synonym"]);
        assert!(book(&owner).await.is_empty());
        let mut push = owner.number(&[give("甲", &["乙"])]);
        push.mutations[0].args = serde_json::json!({"tag": "长".repeat(41), "add": ["乙"]});
        let answer = owner.try_push(&push).await;
        refused_with(answer, ApiErrorCode::InvalidMutation).await;
        push.mutations[0].args = serde_json::json!({"tag": "甲", "add": vec!["乙"; 200_000]});
        let answer = owner.try_push(&push).await;
        assert!(!answer.status().is_success());
        assert!(book(&owner).await.is_empty());
    }

    async fn members_see_canonical_tags_and_find_articles_by_any_word(world: &World) {
        let mut editor = world.device(Role::Editor).await;
        for (title, tags) in [("一", vec!["AI", "入门"]), ("二", vec!["人工智能", "ai"]), ("三", vec!["定价"])] {
            post(&mut editor, title, &tags).await;
            world.pass_millis(1_000);
        }
        let (found, _) = listed(world, "tag=ai").await;
        assert_eq!(titles(&found), ["二", "一"]);
        editor.push(&[give("人工智能", &["AI", "Artificial Intelligence"])]).await;
        let (all, _) = listed(world, "").await;
        assert_eq!(all[1].1, ["人工智能"]);
        assert_eq!(all[2].1, ["人工智能", "入门"]);
        for word in ["AI", "人工智能", "artificial%20%20intelligence", "%EF%BC%A1I"] {
            let (found, after) = listed(world, &format!("tag={word}")).await;
            assert_eq!(titles(&found), ["二", "一"], "{word}");
            assert_eq!(after, None);
        }
        let (first, after) = listed(world, "tag=AI&limit=1").await;
        assert_eq!(titles(&first), ["二"]);
        let (second, end) = listed(world, &format!("tag=AI&limit=1&after={}", after.unwrap())).await;
        assert_eq!((titles(&second), end), (vec!["一"], None));
        assert_eq!(listed(world, "tag=nobody").await, (Vec::new(), None));
        // What was published stays as it was: without the book its own words are shown.
        editor.push(&[Mutation::ChangeSynonyms(ChangeSynonyms {
            tag: tag("人工智能"),
            add: Vec::new(),
            remove: vec![tag("AI"), tag("Artificial Intelligence")],
        })]).await;
        let (all, _) = listed(world, "").await;
        assert_eq!(all[2].1, ["AI", "入门"]);
    }

    async fn a_tag_that_can_be_none_is_refused_with_its_place(world: &World) {
        for wrong in ["", "%20", &"x".repeat(41)] {
            let path = format!("/v1/communities/{}/articles?tag={wrong}", world.community);
            let answer = world.client().get(world.url(&path)).send().await.unwrap();
            let error = refused_with(answer, ApiErrorCode::InvalidInput).await;
            assert_eq!(error.field.as_deref(), Some("tag"));
        }
    }

    async fn a_feed_is_another_one_when_its_tags_are(world: &World) {
        let mut editor = world.device(Role::Editor).await;
        post(&mut editor, "一", &["AI"]).await;
        world.pass_millis(5_000);
        let path = format!("/v1/communities/{}/feeds/json", world.community);
        let feed = || async {
            let request = world.client().request(Method::GET, world.url(&path));
            request.send().await.unwrap()
        };
        let before = feed().await;
        let (tag_before, at_before) = (before.headers()["etag"].clone(), before.headers()["last-modified"].clone());
        editor.push(&[give("人工智能", &["AI"])]).await;
        world.pass_millis(5_000);
        let after = feed().await;
        assert_eq!(after.status(), StatusCode::OK);
        assert_ne!(after.headers()["etag"], tag_before);
        assert_ne!(after.headers()["last-modified"], at_before);
        assert!(after.text().await.unwrap().contains("人工智能"));
    }
}
