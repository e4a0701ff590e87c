use stoa_exchange::{Access, FileRef, Files, Format, Kind, ProblemCode, Status, post_link};

use crate::{codes, files, import, post};

const EXPORT: &str = include_str!("../data/wordpress.xml");

#[test]
fn posts_of_both_editors_become_markdown() {
    let imported = import(&mut files(&[("site.xml", EXPORT)]), Format::WordPress);
    let old = post(&imported, "Hello & 你好");
    assert_eq!(
        old.markdown,
        format!(
            "First line\\\nsecond line\n\nSee [the next]({}).\n\n\
             ![cat](https://blog.example/wp-content/uploads/cat.png \"A cat\")\n\n\
             ```\nlet a;\n\n  let b;\n```\n",
            post_link("wordpress:https://blog.example/?p=12")
        )
    );
    assert_eq!(old.excerpt.as_deref(), Some("First line second line"));
    assert_eq!(old.tags, ["News", "新闻"]);
    assert_eq!(old.authors, ["Ann Lee"]);
    assert_eq!(old.slug.as_deref(), Some("hello"));
    assert_eq!(
        old.status,
        Status::Published {
            at: Some(1_709_251_200_000)
        }
    );
    assert_eq!(
        old.feature_image,
        Some(FileRef::Remote(
            "https://blog.example/wp-content/uploads/cat.png".to_owned()
        ))
    );
    assert_eq!(old.unknown["meta:_yoast_title"], "SEO");
    assert_eq!(
        old.search_description.as_deref(),
        Some("What search engines show")
    );
    assert!(!old.unknown.contains_key("meta:_yoast_wpseo_metadesc"));
    // What is put together of other fields is no title.
    assert_eq!(old.search_title, None);
    assert_eq!(
        old.unknown["meta:_yoast_wpseo_title"],
        "%%title%% %%sep%% Blog"
    );
    assert_eq!(old.unknown["comments"], 1);

    let new = post(&imported, "Blocks");
    assert_eq!(
        new.markdown,
        "## Part\n\n- one\n- two\n\n\
         ![](https://blog.example/wp-content/uploads/cat.png)\n\n\
         [https\\://video.example/1](https://video.example/1)\n\n\
         ![](https://blog.example/a.mp3)\n"
    );
    assert_eq!(
        new.status,
        Status::Scheduled {
            at: 1_893_456_000_000
        }
    );
    assert_eq!(new.kind, Kind::Audio);
}

#[test]
fn what_is_private_stays_so_and_what_is_left_out_is_said() {
    let imported = import(&mut files(&[("site.xml", EXPORT)]), Format::WordPress);
    assert_eq!(post(&imported, "Private").access, Access::Nobody);
    assert_eq!(post(&imported, "Locked").access, Access::Nobody);
    assert_eq!(post(&imported, "Locked").kind, Kind::Page);
    assert_eq!(imported.posts.len(), 4);
    assert_eq!(
        codes(&imported),
        [
            ProblemCode::Password,
            ProblemCode::LeftOut,
            ProblemCode::LeftOut
        ]
    );
}

#[test]
fn uploads_beside_the_export_are_files_of_it() {
    let mut source: Files = [
        ("site.xml".to_owned(), EXPORT.as_bytes().to_vec()),
        ("uploads/cat.png".to_owned(), vec![1]),
    ]
    .into_iter()
    .collect();
    let imported = import(&mut source, Format::WordPress);
    assert_eq!(
        post(&imported, "Hello & 你好").files,
        [FileRef::Entry("uploads/cat.png".to_owned())]
    );
}

#[test]
fn what_came_before_the_end_of_a_cut_export_is_there() {
    let cut = &EXPORT[..EXPORT.find("<title>Private").unwrap()];
    let imported = import(&mut files(&[("site.xml", cut)]), Format::WordPress);
    assert_eq!(imported.posts.len(), 2);
    assert_eq!(codes(&imported), [ProblemCode::Truncated]);
    assert_eq!(
        imported.problems[0].place.line,
        Some(cut.split('\n').count())
    );
}
