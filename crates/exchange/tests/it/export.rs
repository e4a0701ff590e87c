use std::io::Cursor;

use proptest::prelude::*;
use serde_json::{Value, json};
use stoa_exchange::{
    Access, Exported, FileRef, Files, Format, ImportedPost, Kind, MediaFile, Status, ZipSource,
    export, file_link, post_link, write_zip,
};

use crate::import;

fn posts() -> Vec<ImportedPost> {
    let full = ImportedPost {
        source_id: "b:2".to_owned(),
        title: "会员: \"定价\" #1".to_owned(),
        markdown: format!(
            "![猫]({} \"cap\")\n\n[x]({}) [[no wiki]] #notag\n\n<!-- paywall -->\n\n    code  \n",
            file_link("pics/猫.PNG"),
            post_link("a/1.md"),
        ),
        kind: Kind::Video,
        status: Status::Scheduled {
            at: 1_709_251_200_001,
        },
        access: Access::Tiers(vec!["VIP".to_owned(), "true".to_owned()]),
        is_sold_singly: true,
        slug: Some("007".to_owned()),
        tags: vec!["一".to_owned(), "null".to_owned()],
        excerpt: Some("a\nb\u{85}\u{feff}".to_owned()),
        feature_image: Some(FileRef::Entry("pics/猫.PNG".to_owned())),
        canonical_url: Some("https://a.b/?c=d#e".to_owned()),
        starts_at: Some(1_709_251_200_000),
        lasts_minutes: Some(90),
        join_link: Some("https://meet.example/j/1?pwd=a&b#c".to_owned()),
        recording: Some(format!(
            "{}#video/mp4;ms=83000;poster={}",
            file_link("pics/猫.PNG"),
            file_link("pics/猫.PNG")
        )),
        search_title: Some("怎么定价: 三步".to_owned()),
        search_description: Some("---".to_owned()),
        authors: vec!["O'Neil".to_owned()],
        created_at: Some(i64::MAX),
        updated_at: Some(-1),
        files: vec![
            FileRef::Entry("pics/猫.PNG".to_owned()),
            FileRef::Remote("https://a.b/x.png".to_owned()),
        ],
        unknown: [(
            "x".to_owned(),
            json!({"n": [1, 2.5, null, "---\n"], "m": -3}),
        )]
        .into(),
    };
    let same = |id: &str| ImportedPost {
        source_id: id.to_owned(),
        title: "CON".to_owned(),
        markdown: "\n\nblank lines first".to_owned(),
        ..ImportedPost::default()
    };
    vec![full, same("a/1.md"), same("c")]
}

fn media() -> Vec<MediaFile> {
    vec![
        MediaFile::of("pics/猫.PNG", b"cat"),
        MediaFile::of("copy of cat.png", b"cat"),
    ]
}

fn source(exported: &Exported) -> Files {
    let texts = exported.texts.iter().cloned();
    let media = exported
        .media
        .iter()
        .map(|(_, to)| (to.clone(), b"cat".to_vec()));
    texts.chain(media).collect()
}

/// The export as it is read again, in the order of its ids.
fn again(exported: &Exported) -> Vec<ImportedPost> {
    let imported = import(&mut source(exported), Format::Markdown);
    assert_eq!(imported.problems, []);
    let mut posts = imported.posts;
    posts.sort_by(|a, b| a.source_id.cmp(&b.source_id));
    posts
}

#[test]
fn an_export_is_the_same_bytes_in_any_order() {
    let (posts, media) = (posts(), media());
    let reversed: Vec<_> = posts.iter().rev().cloned().collect();
    let turned: Vec<_> = media.iter().rev().cloned().collect();
    let exported = export(&posts, &media);
    assert_eq!(exported, export(&reversed, &turned));
    let zip = |exported: &Exported| {
        let mut read = |_: &str| Ok(b"cat".to_vec());
        write_zip(exported, Cursor::new(Vec::new()), &mut read)
            .unwrap()
            .into_inner()
    };
    assert_eq!(zip(&exported), zip(&export(&reversed, &turned)));
}

#[test]
fn nothing_is_lost_on_the_way_out_and_in() {
    let exported = export(&posts(), &media());
    let first = again(&exported);
    let mut expected = posts();
    expected.sort_by(|a, b| a.source_id.cmp(&b.source_id));
    let stored = &exported.media[0].1;
    for post in &mut expected {
        post.markdown = post
            .markdown
            .replace(&file_link("pics/猫.PNG"), &file_link(stored));
        post.recording = post
            .recording
            .take()
            .map(|address| address.replace(&file_link("pics/猫.PNG"), &file_link(stored)));
        for file in post.files.iter_mut().chain(&mut post.feature_image) {
            if let FileRef::Entry(path) = file {
                path.clone_from(stored);
            }
        }
    }
    assert_eq!(first, expected);
    let second = export(&first, &[MediaFile::of(stored, b"cat")]);
    let notes = |exported: &Exported| exported.texts[..3].to_vec();
    assert_eq!(notes(&second), notes(&exported));
}

#[test]
fn an_export_is_read_from_a_zip_and_from_below_a_folder_too() {
    let exported = export(&posts(), &media());
    let mut read = |_: &str| Ok(b"cat".to_vec());
    let bytes = write_zip(&exported, Cursor::new(Vec::new()), &mut read).unwrap();
    let mut zip = ZipSource::open(bytes, &stoa_exchange::Limits::default()).unwrap();
    let mut imported = import(&mut zip, Format::Markdown).posts;
    imported.sort_by(|a, b| a.source_id.cmp(&b.source_id));
    assert_eq!(imported, again(&exported));
    let mut below: Files = exported
        .texts
        .iter()
        .map(|(path, bytes)| (format!("backup/{path}"), bytes.clone()))
        .chain([(format!("backup/{}", exported.media[0].1), b"cat".to_vec())])
        .collect();
    let imported = import(&mut below, Format::Markdown);
    let post = imported
        .posts
        .iter()
        .find(|post| post.source_id == "b:2")
        .unwrap();
    assert!(
        post.markdown
            .contains(&file_link(&format!("backup/{}", exported.media[0].1)))
    );
    assert!(post.markdown.contains(&post_link("a/1.md")));
}

#[test]
fn names_are_for_every_system_and_the_list_has_every_file() {
    let exported = export(&posts(), &media());
    let names: Vec<&str> = exported
        .texts
        .iter()
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "posts/_CON (2).md",
            "posts/_CON.md",
            "posts/会员- -定价- #1.md",
            "stoa.json"
        ]
    );
    assert_eq!(exported.media.len(), 1);
    let list: Value = serde_json::from_slice(&exported.texts[3].1).unwrap();
    assert_eq!(list["version"], 1);
    assert_eq!(list["posts"].as_array().unwrap().len(), 3);
    let files = list["files"].as_array().unwrap();
    assert_eq!(files.len(), 4);
    assert_eq!(files[0]["name"], "copy of cat.png");
    let hash = blake3::hash(&exported.texts[0].1).to_hex().to_string();
    let listed = files
        .iter()
        .find(|file| file["path"] == "posts/_CON (2).md")
        .unwrap();
    assert_eq!(listed["blake3"], hash);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,20}",
        "[一-十：，\n#*\\[\\]()>|`!a-c -]{0,30}",
        "\\PC{0,10}",
        Just("---\n".to_owned()),
        Just("[[wiki]] ![](a.png) [x](none/b.md) #t".to_owned()),
    ]
}

fn any_access() -> impl Strategy<Value = Access> {
    prop_oneof![
        Just(Access::Public),
        Just(Access::Nobody),
        prop::collection::vec(text(), 0..3).prop_map(Access::Tiers)
    ]
}

fn any_status() -> impl Strategy<Value = Status> {
    prop_oneof![
        Just(Status::Draft),
        prop::option::of(-10_000_000_000_000..10_000_000_000_000_i64)
            .prop_map(|at| Status::Published { at }),
        (0..9_999_999_999_999_i64).prop_map(|at| Status::Scheduled { at }),
    ]
}

fn any_post() -> impl Strategy<Value = ImportedPost> {
    let some = || prop::option::of(text());
    let list = || prop::collection::vec(text(), 0..3);
    let time = || prop::option::of(-10_000_000_000_000..10_000_000_000_000_i64);
    let words = (text(), text(), some(), some(), some(), list(), list());
    let live = (
        time(),
        prop::option::of(any::<u64>()),
        some(),
        some(),
        some(),
    );
    (
        (words, live),
        any_access(),
        any_status(),
        time(),
        time(),
        prop::collection::btree_map(text(), text(), 0..3),
    )
        .prop_map(
            |(
                (
                    (title, markdown, slug, excerpt, canonical_url, tags, authors),
                    (starts_at, lasts_minutes, join_link, search_title, search_description),
                ),
                access,
                status,
                created_at,
                updated_at,
                unknown,
            )| {
                ImportedPost {
                    title,
                    markdown,
                    slug,
                    excerpt,
                    canonical_url,
                    starts_at,
                    lasts_minutes,
                    join_link,
                    search_title,
                    search_description,
                    tags,
                    authors,
                    access,
                    status,
                    created_at,
                    updated_at,
                    unknown: unknown
                        .into_iter()
                        .map(|(key, value)| (key, value.into()))
                        .collect(),
                    ..ImportedPost::default()
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn whatever_is_exported_comes_back(posts in prop::collection::vec(any_post(), 1..4)) {
        let posts: Vec<ImportedPost> = posts
            .into_iter()
            .enumerate()
            .map(|(n, post)| ImportedPost { source_id: n.to_string(), ..post })
            .collect();
        prop_assert_eq!(again(&export(&posts, &[])), posts);
    }
}
