//! What is meant to hurt is refused or done with; `bombs` measures what that takes.

use std::io::Cursor;
use std::time::Instant;

use stoa_exchange::{
    Files, Format, Imported, Limits, ProblemCode, ReadError, Source, ZipRefused, ZipSource, read,
};

use crate::{codes, open, zip};

fn read_as(name: &str, bytes: impl Into<Vec<u8>>, format: Format) -> Imported {
    let bytes = bytes.into();
    let size = bytes.len();
    let mut source = Files::single(name, bytes);
    let start = Instant::now();
    let imported = read(&mut source, format, &Limits::default());
    eprintln!("{name} {format:?}: {size} bytes in {:?}", start.elapsed());
    imported
}

#[test]
fn a_script_below_the_depth_that_is_kept_is_no_text() {
    let page = "<div>".repeat(300) + "<script>alert(1)</script><style>p{}</style>x";
    let imported = read_as("a.html", page, Format::Html);
    assert_eq!(imported.posts[0].markdown, "x\n");
    assert_eq!(codes(&imported), [ProblemCode::TooDeep]);
}

#[test]
fn xml_and_json_bombs_are_refused() {
    let laughs: String = (1..30)
        .map(|n| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)))
        .collect();
    let item = "<item><wp:post_id>1</wp:post_id><title>&a29;</title></item>";
    let head = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel>";
    let xml = format!("<!DOCTYPE rss [<!ENTITY a0 \"ha\">{laughs}]>{head}{item}</channel></rss>");
    let imported = read_as("a.xml", xml, Format::WordPress);
    assert_eq!(imported.posts[0].title, "&a29;");

    let deep = format!("{head}{item}{}", "<x>".repeat(300_000));
    let imported = read_as("a.xml", deep, Format::WordPress);
    assert_eq!(
        (imported.posts.len(), codes(&imported)),
        (1, vec![ProblemCode::Truncated])
    );

    let shortcodes = format!(
        "{head}<item><wp:post_id>1</wp:post_id><content:encoded><![CDATA[{}]]></content:encoded></item></channel></rss>",
        "[caption a=b]".repeat(50_000)
    );
    assert_eq!(
        read_as("a.xml", shortcodes, Format::WordPress).posts.len(),
        1
    );

    for json in ["[".repeat(400_000), "0,".repeat(2_000_000)] {
        let json = format!("{{\"exported_on\": 1, \"data\": {{\"posts\": [{json}");
        let imported = read_as("a.json", json, Format::Ghost);
        assert_eq!(codes(&imported), [ProblemCode::Unreadable]);
    }
}

#[test]
fn a_file_that_unpacks_to_far_more_than_it_is_is_refused() {
    let zeros = vec![0; 40 * 1024 * 1024];
    let source = open(zip(&[("bomb.md", &zeros), ("fine.md", b"x")]));
    assert_eq!(source.entries().len(), 1);
    assert_eq!(source.refused()[0].why, ReadError::Bomb);
    let document = zip(&[("word/document.xml", &zeros)]);
    let imported = read_as("a.docx", document, Format::Docx);
    assert_eq!(imported.posts.len(), 0);
    let nested = open(zip(&[
        ("inner.zip", &zip(&[("bomb", &zeros)])),
        ("a.md", b"x"),
    ]));
    assert_eq!(nested.entries().len(), 2);
}

#[test]
fn many_small_files_that_unpack_to_far_more_than_they_are_are_refused_together() {
    let small = vec![b'a'; 1024 * 1024];
    let names: Vec<String> = (0..40).map(|n| format!("{n}.md")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*small)).collect();
    let refused = ZipSource::open(Cursor::new(zip(&files)), &Limits::default()).err();
    assert!(matches!(refused, Some(ZipRefused::Bomb(50))));
    // Few of them are no burden, whatever they are.
    assert_eq!(open(zip(&files[..3])).entries().len(), 3);
}

#[test]
fn of_a_file_that_may_be_an_export_only_the_beginning_is_unpacked() {
    let large = vec![b' '; 1024 * 1024];
    let mut source = open(zip(&[("a.json", &large)]));
    assert_eq!(source.head("a.json", 10), Ok(vec![b' '; 10]));
    assert_eq!(source.head("a.json", 4 * large.len()), Ok(large));
    assert_eq!(source.head("b.json", 10), Err(ReadError::NotFound));
}

#[test]
fn a_file_that_lies_about_its_size_is_refused() {
    let mut bytes = zip(&[("a.md", &[b'x'; 5_000])]);
    let says = 5_000_u32.to_le_bytes();
    let lie = 50_u32.to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 4)
        .filter(|at| bytes[*at..at + 4] == says)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&lie);
    }
    let mut source = open(bytes);
    assert!(source.read("a.md", 1_000_000).is_err());
}

#[test]
fn files_that_lie_on_top_of_each_other_are_refused() {
    let mut bytes = zip(&[("a", &[b'x'; 100]), ("b", &[b'y'; 100])]);
    // The second entry of the directory is made to point at the first file.
    let second = bytes
        .windows(4)
        .rposition(|four| four == b"PK\x01\x02")
        .unwrap();
    bytes[second + 42..second + 46].fill(0);
    let refused = ZipSource::open(Cursor::new(bytes), &Limits::default()).err();
    assert!(matches!(
        refused,
        Some(ZipRefused::Overlapping | ZipRefused::Unreadable(_))
    ));
}

#[test]
fn too_many_or_broken_entries_are_refused() {
    let names: Vec<String> = (0..50).map(|n| format!("{n}.md")).collect();
    let many: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &b"x"[..]))
        .collect();
    let limits = Limits {
        entries: 10,
        ..Limits::default()
    };
    let refused = ZipSource::open(Cursor::new(zip(&many)), &limits).err();
    assert!(matches!(refused, Some(ZipRefused::TooManyEntries(10))));
    let bytes = zip(&[("a.md", b"x")]);
    for end in 0..bytes.len() {
        let cut = Cursor::new(bytes[..end].to_vec());
        assert!(ZipSource::open(cut, &Limits::default()).is_err());
    }
}

#[test]
fn names_that_leave_the_folder_are_no_entries() {
    for name in ["../a.md", "/a.md", "C:/a.md", "a/../../b.md"] {
        let source = open(zip(&[(name, b"x"), ("ok.md", b"y")]));
        assert_eq!(source.entries().len(), 1, "{name}");
        assert_eq!(source.refused()[0].why, ReadError::UnsafeName);
    }
}

#[test]
fn a_picture_of_fifty_thousand_pixels_square_is_only_listed() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend_from_slice(&50_000_u32.to_be_bytes());
    png.extend_from_slice(&50_000_u32.to_be_bytes());
    let mut source: Files = [
        ("a.md".to_owned(), b"![](big.png)".to_vec()),
        ("big.png".to_owned(), png),
    ]
    .into_iter()
    .collect();
    let imported = read(&mut source, Format::Markdown, &Limits::default());
    assert_eq!(imported.posts[0].files.len(), 1);
}

#[test]
fn what_is_too_large_is_said_and_stops_nothing() {
    let limits = Limits {
        text_bytes: 10,
        total_bytes: 12,
        ..Limits::default()
    };
    let mut source: Files = [("a.md", 11), ("b.md", 10), ("c.md", 3), ("d.md", 1)]
        .map(|(path, size)| (path.to_owned(), vec![b'x'; size]))
        .into_iter()
        .collect();
    let imported = read(&mut source, Format::Markdown, &limits);
    let ids: Vec<&str> = imported
        .posts
        .iter()
        .map(|post| post.source_id.as_str())
        .collect();
    assert_eq!(ids, ["b.md", "d.md"]);
    assert_eq!(codes(&imported), [ProblemCode::TooLarge; 2]);
}

#[test]
fn posts_beyond_the_most_are_said_and_not_kept() {
    let limits = Limits {
        entries: 2,
        ..Limits::default()
    };
    let posts = r#"{"id": "1"}, {"id": "2"}, {"id": "3"}"#;
    let json = format!("{{\"exported_on\": 1, \"data\": {{\"posts\": [{posts}]}}}}");
    let mut source = Files::single("a.json", json.into_bytes());
    let imported = read(&mut source, Format::Ghost, &limits);
    assert_eq!(imported.posts.len(), 2);
    assert_eq!(codes(&imported), [ProblemCode::TooLarge]);
}
