use std::fmt::Write as _;
use std::time::Instant;

use serde_json::json;
use stoa_exchange::{
    Access, FileRef, Files, Format, Kind, Limits, ProblemCode, Status, file_link, post_link, read,
};

use crate::{codes, files, import, post};

#[test]
fn fields_at_the_top_of_a_note_are_those_of_its_post() {
    let mut source = files(&[
        (
            "posts/a.md",
            "---\ntitle: 标题\nslug: a-slug\ntags: [一, '#two']\ndate: 2024-03-01\nupdated: 2024/03/02\n\
         draft: false\nvisibility: members\nexcerpt: short\ncover: ../img/猫.png\nauthor: 甲, Bob\n\
         canonical: https://a.b/c\nseo_title: 找到的标题\nmeta_description: found\naliases: [x]\nrating: 5\n---\n\nText with #three and #4.\n",
        ),
        ("img/猫.png", "png"),
    ]);
    let imported = import(&mut source, Format::Markdown);
    let note = post(&imported, "标题");
    assert_eq!(note.source_id, "posts/a.md");
    assert_eq!(note.slug.as_deref(), Some("a-slug"));
    assert_eq!(note.tags, ["一", "two", "three"]);
    assert_eq!(
        note.status,
        Status::Published {
            at: Some(1_709_251_200_000)
        }
    );
    assert_eq!(note.updated_at, Some(1_709_337_600_000));
    assert_eq!(note.access, Access::Registered);
    assert_eq!(note.excerpt.as_deref(), Some("short"));
    assert_eq!(
        note.feature_image,
        Some(FileRef::Entry("img/猫.png".to_owned()))
    );
    assert_eq!(note.authors, ["甲", "Bob"]);
    assert_eq!(note.canonical_url.as_deref(), Some("https://a.b/c"));
    assert_eq!(note.search_title.as_deref(), Some("找到的标题"));
    assert_eq!(note.search_description.as_deref(), Some("found"));
    assert_eq!(json!(note.unknown), json!({"aliases": ["x"], "rating": 5}));
    assert_eq!(note.markdown, "Text with #three and #4.\n");
    assert_eq!(codes(&imported), []);
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let mut source = files(&[
        ("notes/a.md", text),
        ("notes/deep/B note.md", "b"),
        ("attachments/pic (1).png", "png"),
        ("notes/near.png", "png"),
        ("song.mp3", "mp3"),
        ("paper.pdf", "pdf"),
        (".obsidian/app.json", "{}"),
        (".trash/B note.md", "old"),
    ]);
    let imported = import(&mut source, Format::Markdown);
    assert_eq!(post(&imported, "a").markdown, expected);
}

#[test]
fn wiki_links_lead_to_posts_and_files() {
    let b = post_link("notes/deep/B note.md");
    let pic = file_link("attachments/pic (1).png");
    check("[[B note]]", &format!("[B note]({b})"));
    check(
        "[[deep/B note#part|shown *x*]]",
        &format!("[shown \\*x\\*]({b})"),
    );
    check("![[pic (1).png|300]]", &format!("![]({pic})"));
    check("![[pic (1).png|a cat]]", &format!("![a cat]({pic})"));
    check("![[song.mp3]]", "![](stoa:file/song.mp3)");
    check("![[B note]]", &format!("[B note]({b})"));
    check("[[paper.pdf]]", "[paper](stoa:file/paper.pdf)");
    check("[[nobody|text]] [[]] [[a", "text [[]] [[a");
}

#[test]
fn markdown_links_lead_to_posts_and_files() {
    let b = post_link("notes/deep/B note.md");
    check("[x](deep/B%20note.md)", &format!("[x]({b})"));
    check("[x](<deep/B note.md>)", &format!("[x]({b})"));
    check(
        "![n](near.png \"cap\")",
        "![n](stoa:file/notes/near.png \"cap\")",
    );
    check(
        "![n](../attachments/pic%20(1).png)",
        &format!("![n]({})", file_link("attachments/pic (1).png")),
    );
    check("![n|200](https://a.b/c.png)", "![n](https://a.b/c.png)");
    check("[x](javascript:alert(1))", "[x]()");
    check(
        "[x](https://a.b) <https://c.d>",
        "[x](https://a.b) <https://c.d>",
    );
    check(
        "<img src=\"near.png\" width=3 onerror=x>",
        "![](stoa:file/notes/near.png)",
    );
}

#[test]
fn code_is_left_alone() {
    for text in [
        "`[[B note]] #no`",
        "```\n[[B note]]\n#no ![[pic (1).png]]\n```\n",
        "~~~\n```\n[[B note]]\n~~~\n",
        "\\[[B note]]",
    ] {
        check(text, text);
    }
}

#[test]
fn callouts_and_comments_have_our_form() {
    check(
        "> [!info]- Title\n> text\n",
        "> [!NOTE]\n> **Title**\n> \n> text\n",
    );
    check("> [!Danger]\n> text\n", "> [!CAUTION]\n> text\n");
    check(
        "a %%secret --> [[x]]%% b",
        "a <!-- secret - -&gt; [[x]] --> b",
    );
}

#[test]
fn what_cannot_be_taken_over_is_said_and_stops_nothing() {
    let mut source: Files = [
        (
            "a.md",
            "---\n: : [\n---\nbody ![](gone.png) [[Gone]]".as_bytes(),
        ),
        ("b.md", b"\xff\xfe\x00"),
        ("c.md", b"# C\n\n[[twice]]"),
        ("x/twice.md", b"1"),
        ("y/twice.md", b"2"),
        ("../evil.md", b"x"),
    ]
    .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
    .into_iter()
    .collect();
    let imported = import(&mut source, Format::Markdown);
    assert_eq!(imported.posts.len(), 4);
    assert_eq!(post(&imported, "a").unknown["front_matter"], ": : [\n");
    assert_eq!(
        codes(&imported),
        [
            ProblemCode::UnsafeName,
            ProblemCode::BadFrontMatter,
            ProblemCode::MissingFile,
            ProblemCode::MissingNote,
            ProblemCode::NotText,
            ProblemCode::AmbiguousName,
        ]
    );
}

#[test]
fn a_note_about_one_sound_is_audio() {
    let mut source = files(&[("a.md", "![[talk.mp3]]"), ("talk.mp3", "x")]);
    assert_eq!(
        import(&mut source, Format::Markdown).posts[0].kind,
        Kind::Audio
    );
}

/// Prints how fast a vault of 2,000 notes is read; run with `--release --nocapture`.
#[test]
fn a_vault_of_two_thousand_notes_is_read_whole() {
    let words = "课程定价要从成员的需要出发，而不是成本。The quick brown fox. ".repeat(30);
    let mut notes: Vec<(String, Vec<u8>)> = (0..2_000)
        .map(|n| {
            let mut text = format!("---\ntitle: 笔记 {n}\ntags: [t{}]\n---\n\n", n % 40);
            for part in 0..4 {
                let _ = write!(
                    text,
                    "## 部分 {part}\n\n{words} [[note {}]] ",
                    (n + part) % 2_000
                );
                let _ = write!(text, "![[pic {}.png|300]] #tag{part}\n\n", n % 200);
            }
            (format!("folder {}/note {n}.md", n % 50), text.into_bytes())
        })
        .collect();
    notes.extend((0..200).map(|n| (format!("files/pic {n}.png"), vec![0])));
    let bytes: usize = notes.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut source: Files = notes.into_iter().collect();
    let start = Instant::now();
    let imported = read(&mut source, Format::Markdown, &Limits::default());
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "2000 notes, {bytes} bytes: {:.0} notes/s",
        2_000.0 / seconds
    );
    assert_eq!((imported.posts.len(), imported.problems.len()), (2_000, 0));
}
