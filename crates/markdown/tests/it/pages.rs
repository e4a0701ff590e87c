//! How each block and inline is written, in both profiles.

use stoa_markdown::{HtmlOptions, HtmlProfile, Mention, html, read};

use crate::oracle::write;

const POST: &str = "018f0000-0000-7000-8000-000000000001";
const OTHER: &str = "018f0000-0000-7000-8000-000000000002";

#[track_caller]
fn page(markdown: &str, expected: &str) {
    let written = write(
        &read(markdown).expect("a short text is read"),
        HtmlProfile::Page,
    );
    assert_eq!(
        written,
        format!("<div lang=\"zh-CN\">{expected}</div>"),
        "{markdown}"
    );
}

#[track_caller]
fn wechat(markdown: &str, expected: &str) {
    let written = write(
        &read(markdown).expect("a short text is read"),
        HtmlProfile::WeChat,
    );
    assert_eq!(written, expected, "{markdown}");
}

#[test]
fn text_is_escaped_and_marks_are_elements() {
    page("第一行\n第二行", "<p>第一行<br>第二行</p>");
    page(
        "*a* **重点。**后面 ~~c~~ `<d>`",
        "<p><em>a</em> <strong>重点。</strong>后面 <del>c</del> <code>&lt;d&gt;</code></p>",
    );
    page(
        "<b>粗</b> & \"x\"",
        "<p>&lt;b&gt;粗&lt;/b&gt; &amp; \"x\"</p>",
    );
    page(
        "<div>\n块\n</div>",
        "<p>&lt;div&gt;<br>块<br>&lt;/div&gt;</p>",
    );
}

#[test]
fn headings_have_places() {
    page(
        "# 标题 *a*\n\nB\n---",
        "<h1 id=\"h-标题-a\">标题 <em>a</em></h1><h2 id=\"h-b\">B</h2>",
    );
}

#[test]
fn links_are_checked_and_marked_as_foreign() {
    let rel = "rel=\"noopener noreferrer nofollow ugc\"";
    page(
        "[字](https://x.example \"题\")",
        &format!("<p><a href=\"https://x.example\" title=\"题\" {rel}>字</a></p>"),
    );
    page("[a](javascript:alert(1))", "<p>a</p>");
    page(
        "[@李](stoa:member/018f0000-0000-7000-8000-000000000001)",
        "<p><span class=\"mention\">@李</span></p>",
    );
    page(
        "https://x.example/a",
        &format!(
            "<p><a class=\"embed\" href=\"https://x.example/a\" {rel}>https://x.example/a</a></p>"
        ),
    );
    page(
        "见https://x.example/a。好",
        &format!("<p>见<a href=\"https://x.example/a\" {rel}>https://x.example/a</a>。好</p>"),
    );
}

#[test]
fn a_file_is_kept_where_it_is_given_out_and_is_its_name_elsewhere() {
    let b3 = "0a".repeat(32);
    let text = format!("[讲义.pdf](attachment:{b3})");
    let document = read(&text).unwrap();
    let options = |profile, source| HtmlOptions {
        profile,
        lang: "zh-CN",
        source,
        post: &|_| None,
        references: "",
    };
    let here = |address: &str| Some(address.replace("attachment:", "/files/"));
    let rel = "rel=\"noopener noreferrer nofollow ugc\"";
    assert_eq!(
        html(&document, &options(HtmlProfile::Page, &here)),
        format!(
            "<div lang=\"zh-CN\"><p><a class=\"file\" href=\"/files/{b3}\" download=\"\" {rel}>讲义.pdf</a></p></div>"
        )
    );
    let nowhere = |_: &str| None;
    assert_eq!(
        html(&document, &options(HtmlProfile::Page, &nowhere)),
        "<div lang=\"zh-CN\"><p>讲义.pdf</p></div>"
    );
    let copied = html(&document, &options(HtmlProfile::WeChat, &here));
    assert!(
        copied.contains("讲义.pdf") && !copied.contains(&b3),
        "{copied}"
    );
}

#[test]
fn a_post_that_is_mentioned_leads_where_it_is_read() {
    let written = |markdown: &str, profile, place: &'static str| {
        let options = HtmlOptions {
            profile,
            lang: "zh-CN",
            source: &|_| None,
            post: &|id| (id.to_string() == POST).then(|| place.to_owned()),
            references: "参考",
        };
        html(&read(markdown).unwrap(), &options)
    };
    let rel = "rel=\"noopener noreferrer nofollow ugc\"";
    let seen = format!("见[**定价**](stoa:post/{POST})。");
    let page = written(&seen, HtmlProfile::Page, "/v1/a/b");
    assert_eq!(
        page,
        format!(
            "<div lang=\"zh-CN\"><p>见<a class=\"mention\" href=\"/v1/a/b\" {rel}><strong>定价</strong></a>。</p></div>"
        )
    );
    let other = written(
        &format!("见[a](stoa:post/{OTHER})"),
        HtmlProfile::Page,
        "/v1/a/b",
    );
    assert!(!other.contains("href"), "{other}");
    let wechat = written(&seen, HtmlProfile::WeChat, "https://x.example/定价");
    assert!(
        wechat.contains("<sup") && wechat.contains("定价: https://x.example/定价"),
        "{wechat}"
    );
    // A place of the server alone is no address outside of it, and what is no address at all leads
    // nowhere.
    let path = written(&seen, HtmlProfile::WeChat, "/v1/a/b");
    assert!(!path.contains("/v1/a/b"), "{path}");
    let hostile = written(&seen, HtmlProfile::Page, "javascript:alert(1)");
    assert!(!hostile.contains("javascript"), "{hostile}");
}

#[test]
fn mentions_are_told_with_their_places() {
    let markdown = format!(
        "字 [a](stoa:post/{POST})\n\n> - **[@李](stoa:member/{OTHER})**\n\n[x](stoa:post/1)"
    );
    let found = read(&markdown).unwrap().mentions();
    let places: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
    assert_eq!(places, [4, markdown.find("[@").unwrap()]);
    assert!(matches!(found[0].1, Mention::Post(id) if id.to_string() == POST));
    assert!(matches!(found[1].1, Mention::Member(_)));
}

#[test]
fn lists_quotes_and_callouts() {
    page("- 一\n- two", "<ul><li>一</li><li>two</li></ul>");
    page(
        "3. 三\n\n4. 四",
        "<ol start=\"3\"><li><p>三</p></li><li><p>四</p></li></ol>",
    );
    page(
        "- [ ] 做\n- [x] done",
        "<ul class=\"tasks\"><li>☐ 做</li><li>☑ done</li></ul>",
    );
    page(
        "> 引\n>\n> - a",
        "<blockquote><p>引</p><ul><li>a</li></ul></blockquote>",
    );
    page(
        "> [!WARNING] 小心\n> 热",
        "<aside class=\"callout callout-warning\"><p class=\"callout-title\"><strong>小心</strong></p><p>热</p></aside>",
    );
}

#[test]
fn code_tables_and_rules() {
    page(
        "```rust ignore\nlet a = \"<\";\n```",
        "<pre data-language=\"rust\"><code>let a = \"&lt;\";\n</code></pre>",
    );
    page(
        "| 甲 | b |\n|:--|--:|\n| 1<br>2 | |\n\n---",
        "<table><thead><tr><th align=\"left\">甲</th><th align=\"right\">b</th></tr></thead><tbody><tr><td align=\"left\">1<br>2</td><td align=\"right\"></td></tr></tbody></table><hr>",
    );
}

#[test]
fn files_are_shown_from_where_they_are_found_or_described() {
    page(
        "![图](attachment:0a \"说明\")",
        "<figure><img src=\"/files/0a\" alt=\"图\" loading=\"lazy\"><figcaption>说明</figcaption></figure>",
    );
    page(
        "a ![b](javascript:x)",
        "<p>a <img alt=\"b\" loading=\"lazy\"></p>",
    );
    page(
        "![录音.m4a](attachment:0a)\n\n![](https://x.example/v.mp4)",
        "<figure><audio src=\"/files/0a\" controls=\"\" preload=\"none\">录音.m4a</audio></figure><figure><video src=\"https://x.example/v.mp4\" controls=\"\" preload=\"none\"></video></figure>",
    );
    let nowhere = HtmlOptions {
        profile: HtmlProfile::Page,
        lang: "en",
        source: &|_| None,
        post: &|_| None,
        references: "",
    };
    assert_eq!(
        html(&read("![a cat](attachment:0a \"Tom\")").unwrap(), &nowhere),
        "<div lang=\"en\"><figure><span class=\"missing\">a cat</span><figcaption>Tom</figcaption></figure></div>"
    );
}

#[test]
fn footnotes_lead_there_and_back() {
    let rel = "rel=\"noopener noreferrer nofollow ugc\"";
    page(
        "a[^x] b[^x]\n\n[^x]: 注",
        &format!(
            "<p>a<sup><a href=\"#fn-1\" id=\"fnref-1\" {rel}>1</a></sup> b<sup><a href=\"#fn-1\" id=\"fnref-1-2\" {rel}>1</a></sup></p><section class=\"footnotes\"><ol><li id=\"fn-1\"><p>注 <a href=\"#fnref-1\" {rel}>↩</a> <a href=\"#fnref-1-2\" {rel}>↩</a></p></li></ol></section>"
        ),
    );
}

#[test]
fn the_divider_itself_is_not_written() {
    page("免费\n\n<!-- paywall -->\n\n付费", "<p>免费</p><p>付费</p>");
}

const P: &str = "<p style=\"font-size:16px;line-height:1.8;margin:16px 0\">";
const SUP: &str = "<sup style=\"font-size:12px;color:#1e5c68\">";
const REFERENCE: &str =
    "<p style=\"font-size:14px;line-height:1.6;color:#696357;margin:4px 0;word-break:break-all\">";
const H4: &str =
    "<h4 style=\"font-size:16px;font-weight:bold;line-height:1.5;margin:20px 0 10px\">";

#[test]
fn a_gongzhonghao_gets_styles_and_numbered_references() {
    wechat(
        "见 [这里](https://x.example/a) 与 [那里](https://x.example/b)[^1]，再见 [这里](https://x.example/a)\n\n[^1]: 注 [c](https://x.example/c)",
        &format!(
            "{P}见 这里{SUP}[1]</sup> 与 那里{SUP}[2]</sup>{SUP}[3]</sup>，再见 这里{SUP}[1]</sup></p>{H4}参考</h4>{REFERENCE}[1] 这里: https://x.example/a</p>{REFERENCE}[2] 那里: https://x.example/b</p>{REFERENCE}[3] 注 c{SUP}[4]</sup></p>{REFERENCE}[4] c: https://x.example/c</p>"
        ),
    );
    wechat(
        "https://x.example/a",
        &format!("{P}https://x.example/a</p>"),
    );
}

#[test]
fn a_gongzhonghao_gets_no_slanted_han_and_code_as_it_stands() {
    wechat(
        "*重点* *word*",
        &format!("{P}<em style=\"font-style:normal;font-weight:bold\">重点</em> <em>word</em></p>"),
    );
    wechat(
        "```\na\n  b\n```",
        "<pre style=\"background:#f5f3ee;border-radius:6px;padding:12px 14px;margin:16px 0;white-space:pre-wrap\"><code style=\"font-family:Menlo , Consolas , monospace;font-size:14px;line-height:1.6;word-break:break-all\">a<br>&nbsp;&nbsp;b<br></code></pre>",
    );
    wechat(
        "![图](attachment:0a)",
        "<section><img src=\"/files/0a\" alt=\"图\" style=\"max-width:100%;display:block;margin:0 auto\"></section>",
    );
}
