use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};
use encoding_rs::GB18030;
use proptest::prelude::*;
use stoa_exchange::{FileRef, Files, Format, ProblemCode, post_link};

use crate::{codes, files, import, post};

#[test]
fn a_page_is_its_body_and_what_it_says_of_itself() {
    let page = "<!DOCTYPE html><html><head><title>Site – T</title><meta name=description content=\"D\">\
        <meta name=\"keywords\" content=\"a, b\"><meta property=\"og:image\" content=\"https://a.b/o.png\">\
        <meta name=generator content=G><link rel=canonical href=\"https://a.b/c\">\
        <style>p{}</style><script>alert(1)</script></head>\
        <body><h1>The <b>title</b></h1><p onclick=\"x()\">One<br>two &lt;b&gt; <a href=\"b.html#x\">B</a> \
        <a href=\"data:text/html,x\">d</a></p><img src=\"i/p.png\" alt=\"P\"><img src=\"gone.png\">\
        <ol start=3><li>x<ul><li>y</ul><li><input type=checkbox checked>z</ol>\
        <blockquote><p>q</blockquote><svg><text>no</text></svg></body></html>";
    let mut source = files(&[("a.html", page), ("b.html", "<p>b"), ("i/p.png", "png")]);
    let imported = import(&mut source, Format::Html);
    let a = post(&imported, "The title");
    assert_eq!(
        a.markdown,
        format!(
            "One\\\ntwo \\<b\\> [B]({}) d\n\n![P](stoa:file/i/p.png)\n\n\
             3. x\n   - y\n4. [x] z\n\n> q\n",
            post_link("b.html")
        )
    );
    assert_eq!(a.excerpt.as_deref(), Some("D"));
    assert_eq!(a.tags, ["a", "b"]);
    assert_eq!(a.canonical_url.as_deref(), Some("https://a.b/c"));
    assert_eq!(
        a.feature_image,
        Some(FileRef::Remote("https://a.b/o.png".to_owned()))
    );
    assert_eq!(a.unknown["meta:generator"], "G");
    assert_eq!(codes(&imported), [ProblemCode::MissingFile]);
}

#[test]
fn a_chinese_page_is_read_whatever_its_encoding() {
    let page = "<meta charset=gb2312><title>标题</title><p>正文，内容。</p>";
    let (gb, _, _) = GB18030.encode(page);
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(page.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [gb.to_vec(), utf16, page.as_bytes().to_vec()] {
        let imported = import(&mut Files::single("页.html", bytes), Format::Html);
        assert_eq!(post(&imported, "标题").markdown, "正文，内容。\n");
    }
}

fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,8}",
        "\\PC{0,4}",
        "</?(b|i|p|a|ul|li|td|tr|table|div|pre|code|svg|blockquote|h1|script|figure)>",
        Just("<a href=\"javascript:alert(1)\">".to_owned()),
        Just("<a href=' JaVaScRiPt&colon;x'>".to_owned()),
        Just("<img src=x onerror=alert(1) alt=\"](javascript:x)\">".to_owned()),
        Just("<iframe src=data:text/html,x>".to_owned()),
        Just("&lt;script&gt;alert(1)&lt;/script&gt;".to_owned()),
        Just("<!-- paywall --><!--members-only-->".to_owned()),
        Just("[x](javascript:alert(1)) ![y](data:z) <https://a.b>".to_owned()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_of_a_page_is_ever_markup_that_could_run(page in soup()) {
        let mut source = Files::single("a.html", page.into_bytes());
        let imported = stoa_exchange::read(&mut source, Format::Html, &Default::default());
        let markdown = &imported.posts[0].markdown;
        let mut options = Options::default();
        options.extension.autolink = true;
        let arena = Arena::new();
        for node in parse_document(&arena, markdown, &options).descendants() {
            match &node.data.borrow().value {
                NodeValue::HtmlBlock(html) => {
                    prop_assert_eq!(html.literal.trim(), "<!-- paywall -->", "{}", markdown);
                }
                NodeValue::HtmlInline(_) => prop_assert!(false, "{}", markdown),
                NodeValue::Link(link) | NodeValue::Image(link) => {
                    let schemes = ["http:", "https:", "mailto:", "stoa:"];
                    let url = link.url.to_lowercase();
                    prop_assert!(schemes.iter().any(|scheme| url.starts_with(scheme)), "{}", markdown);
                }
                _ => {}
            }
        }
    }
}
