use std::io::Read;

use serde_json::{Value, json};
use stoa_exchange::{
    Access, FileRef, Files, Format, ImportedPost, Kind, ProblemCode, Status, post_link,
};

use crate::{codes, import, post};

fn fixture() -> Files {
    let packed = include_bytes!("../data/ghost.json.gz");
    let mut json = Vec::new();
    flate2::read::GzDecoder::new(&packed[..])
        .read_to_end(&mut json)
        .expect("the fixture is whole");
    Files::single("export.json", json)
}

#[test]
fn every_post_of_a_real_export_is_there_with_its_state_and_access() {
    let imported = import(&mut fixture(), Format::Ghost);
    assert_eq!(imported.posts.len(), 60);
    let count = |is_it: &dyn Fn(&stoa_exchange::ImportedPost) -> bool| {
        imported.posts.iter().filter(|post| is_it(post)).count()
    };
    assert_eq!(
        count(&|post| matches!(post.status, Status::Published { at: Some(_) })),
        57
    );
    assert_eq!(
        count(&|post| matches!(post.status, Status::Scheduled { .. })),
        1
    );
    assert_eq!(count(&|post| post.status == Status::Draft), 2);
    assert_eq!(count(&|post| post.access == Access::Public), 20);
    assert_eq!(count(&|post| post.access == Access::Registered), 20);
    assert_eq!(count(&|post| post.access == Access::Paid), 19);
    assert_eq!(
        count(&|post| matches!(&post.access, Access::Tiers(tiers) if tiers.len() == 1)),
        1
    );
    assert_eq!(count(&|post| post.authors.len() == 1), 60);
    assert_eq!(count(&|post| !post.tags.is_empty()), 58);
    assert_eq!(
        count(&|post| post.created_at.is_some() && post.slug.is_some()),
        60
    );
    // Its one picture is not beside it.
    assert_eq!(codes(&imported), [ProblemCode::MissingFile]);
}

#[test]
fn cards_of_a_real_export_become_markdown() {
    let imported = import(&mut fixture(), Format::Ghost);
    let text = &post(&imported, "Pricing a membership: three numbers that matter").markdown;
    assert!(text.starts_with("Start with the job, not the price.\n\n### Churn first\n\n"));
    assert!(text.contains("| tier | price |\n| --- | --- |\n| Basic | 19 |"));
    assert!(text.contains("```rust\nlet mrr = price * members;\n```"));
    assert!(text.ends_with("raw **html**\n") && !text.contains("alert"));
    let paywalled: Vec<_> = imported
        .posts
        .iter()
        .filter(|post| post.markdown.contains("\n\n<!-- paywall -->\n\n"))
        .collect();
    assert_eq!(paywalled.len(), 1);
}

fn cards() -> Value {
    json!({"db": [{"meta": {"exported_on": 1}, "data": {
        "posts": [
            {"id": "a", "title": "A", "slug": "a-slug", "status": "scheduled", "type": "page",
             "published_at": "2030-01-01T00:00:00.000Z", "visibility": "tiers",
             "feature_image": "__GHOST_URL__/content/images/2024/cover.png",
             "codeinjection_head": "<script>x</script>",
             "html": "<p>See <a href=\"__GHOST_URL__/b-slug/\">B</a>, <a href=\"javascript:x\">no</a></p>\
                <figure class=\"kg-card kg-gallery-card\"><div><img src=\"__GHOST_URL__/content/images/a.png\" alt=\"1\"></div></figure>\
                <div class=\"kg-card kg-audio-card\"><div class=\"kg-audio-title\">Song</div><audio src=\"https://x.y/s.mp3\"></audio></div>\
                <figure class=\"kg-card kg-embed-card\"><iframe src=\"https://v.w/e\"></iframe><figcaption>c</figcaption></figure>\
                <div class=\"kg-card kg-file-card\"><a class=\"kg-file-card-container\" href=\"__GHOST_URL__/content/files/f.pdf\"><div class=\"kg-file-card-title\">Notes</div></a></div>"},
            {"id": "b", "title": "B", "slug": "b-slug", "status": "draft", "html": null,
             "meta_title": "B, once", "lexical": "{}", "plaintext": "one *two*\n\nthree", "updated_at": "never"},
            {"title": "no id"}
        ],
        "products": [{"id": "p", "name": "VIP"}],
        "posts_products": [{"post_id": "a", "product_id": "p"}],
        "tags": [{"id": 1, "name": "甲"}, {"id": 2, "name": "乙"}],
        "posts_tags": [{"post_id": "a", "tag_id": 2, "sort_order": 1}, {"post_id": "a", "tag_id": 1, "sort_order": 0}],
        "posts_meta": [{"post_id": "a", "og_title": "OG", "meta_title": "A, found", "meta_description": "Why A"}]
    }}]})
}

/// What is found in the cards.
fn problems() -> [ProblemCode; 5] {
    [
        ProblemCode::MissingFile,
        ProblemCode::MissingFile,
        ProblemCode::BadDate,
        ProblemCode::Simplified,
        ProblemCode::BadPost,
    ]
}

#[test]
fn a_scheduled_post_for_a_tier_keeps_its_files_and_links() {
    let mut source: Files = [
        (
            "site/export.json".to_owned(),
            cards().to_string().into_bytes(),
        ),
        ("site/content/images/a.png".to_owned(), b"png".to_vec()),
    ]
    .into_iter()
    .collect();
    let imported = import(&mut source, Format::Ghost);
    let a = post(&imported, "A");
    assert_eq!(
        a.markdown,
        format!(
            "See [B]({}), no\n\n![1](stoa:file/site/content/images/a.png)\n\n\
             ![](https://x.y/s.mp3 \"Song\")\n\n[https\\://v.w/e](https://v.w/e)\n\nc\n\n\
             [Notes](stoa:file/content/files/f.pdf)\n",
            post_link("ghost:b")
        )
    );
    assert_eq!(
        a.status,
        Status::Scheduled {
            at: 1_893_456_000_000
        }
    );
    assert_eq!(a.access, Access::Tiers(vec!["VIP".to_owned()]));
    assert_eq!(
        (a.kind, &a.tags[..]),
        (Kind::Page, &["甲".to_owned(), "乙".to_owned()][..])
    );
    assert_eq!(
        a.files,
        [
            FileRef::Entry("site/content/images/a.png".to_owned()),
            FileRef::Remote("https://x.y/s.mp3".to_owned()),
            FileRef::Entry("content/files/f.pdf".to_owned()),
            FileRef::Entry("content/images/2024/cover.png".to_owned()),
        ]
    );
    assert_eq!(a.unknown["og_title"], "OG");
    let found_as =
        |post: &ImportedPost| (post.search_title.clone(), post.search_description.clone());
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(found_as(a), (some("A, found"), some("Why A")));
    assert!(!a.unknown.contains_key("meta_title"));
    assert_eq!(a.unknown["codeinjection_head"], "<script>x</script>");
    let b = post(&imported, "B");
    assert_eq!(b.markdown, "one \\*two\\*\n\nthree\n");
    assert_eq!(b.unknown["lexical"], "{}");
    assert_eq!(found_as(b), (some("B, once"), None));
    assert_eq!(codes(&imported), problems());
}
