//! No text brings anything into HTML that may not be there.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use stoa_markdown::{Statistics, findings, open_part, read};

use crate::oracle::{PROFILES, trespasses, write};

/// Ways out of Markdown, of attributes and of text.
const OWN: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<math><mi xlink:href=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<form action=javascript:alert(1)><input type=submit>",
    "<a href=javascript:alert(1)>a</a>",
    "<div\nonclick=alert(1)\n>a</div>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#x09;script:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](\u{1}javascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:msgbox)",
    "[a](file:///etc/passwd)",
    "[a](//evil.example)",
    "[a](https://x.example/\"onmouseover=alert(1))",
    "[a](https://x.example \"\\\" onmouseover=alert(1) x=\\\"\")",
    "[a]: javascript:alert(1)\n\n[a]",
    "<javascript:alert(1)>",
    "<https://x.example/\"><script>alert(1)</script>",
    "![\" onerror=alert(1) x=\"](x)",
    "![a](javascript:alert(1))",
    "![a](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![a](https://x.example/a.png\" onload=\"alert(1))",
    "![a](/x.png \"</figcaption><script>alert(1)</script>\")",
    "![a](//evil.example/a.mp4)",
    "![a](javascript:alert(1)//.mp4)",
    "```\"><script>alert(1)</script>\nx\n```",
    "```<img/src=x/onerror=alert(1)>\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "# <script>alert(1)</script>",
    "# \" onclick=alert(1) x=\"",
    "a[^\"><script>]\n\n[^\"><script>]: <script>alert(1)</script>",
    "> [!NOTE] <script>alert(1)</script>\n> a",
    "| <script>alert(1)</script> | b |\n|:-:|-|\n| <img src=x onerror=alert(1)> | <br onclick=alert(1)> |",
    "- [x] <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "[a](stoa:member/\"><script>alert(1)</script>)",
    "*<b onclick=alert(1)>a</b>*",
];

#[track_caller]
fn check(markdown: &str) {
    let document = read(markdown).expect("a short text is read");
    for profile in PROFILES {
        let found = trespasses(&write(&document, profile), profile);
        assert!(found.is_empty(), "{markdown:?}: {found:?}");
    }
}

/// A text alone, and in every place of Markdown that takes text.
fn check_everywhere(text: &str) {
    let line = text.replace(['\n', '\r'], " ");
    check(text);
    check(&format!(
        "# {line}\n\n*{line}* **{line}** ~~{line}~~ `{line}`\n\n- {line}\n- [x] {line}\n\n> {line}\n\n> [!TIP] {line}\n> {line}\n"
    ));
    check(&format!(
        "[{line}](https://x.example \"{line}\") [a]({line}) [a](<{line}>) <{line}>\n\n![{line}]({line} \"{line}\")\n\n![a](<{line}>)\n\n![{line}](attachment:a \"{line}\")\n\n![a](<{line}.mp4> \"{line}\")\n"
    ));
    check(&format!(
        "| {line} | b |\n|---|---|\n| a | {line} |\n\na[^1] b[^{line}]\n\n[^1]: {line}\n\n```{line}\n{line}\n```\n"
    ));
    check(&format!(
        "[a]: {line} '{line}'\n\n[a] [{line}]\n\n<div>\n{line}\n</div>\n\n{line}\n====\n\nhttps://x.example/{line}\n"
    ));
}

#[test]
fn nothing_of_our_own_gets_out() {
    OWN.iter().for_each(|text| check_everywhere(text));
}

#[test]
fn nothing_of_the_large_collection_gets_out() {
    let data = std::env::var_os("STOA_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(text) = fs::read_to_string(data.join("xss-payloads.json")) else {
        println!(
            "skipped: {} has no xss-payloads.json; set STOA_DATA",
            data.display()
        );
        return;
    };
    let payloads: Vec<String> = serde_json::from_str(&text).expect("a list of strings");
    payloads
        .iter()
        .for_each(|payload| check_everywhere(payload));
    println!(
        "{} texts, each in five documents and both profiles",
        payloads.len()
    );
}

const MARKS: &[&str] = &[
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```\n",
    "[",
    "](",
    ")",
    "![",
    "]: ",
    "[^a]",
    "[^a]: ",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "- ",
    "1. ",
    "- [x] ",
    "# ",
    "|",
    "|-|\n",
    "---\n",
    "<",
    ">",
    "<div>",
    "</b>",
    "<!-- paywall -->",
    "<script>",
    "\"",
    "'",
    "&amp;",
    "\\",
    "https://x.example/a",
    "www.x.example",
    "a@b.example",
    "attachment:a",
    ".mp4",
    "stoa:member/",
    "javascript:",
    "> [!NOTE]\n",
    "字",
    "，",
    "“",
    "\u{3000}",
    "\t",
    "\r",
    "\0",
    "a",
    "x y",
    "e\u{301}",
    "👨‍👩‍👧",
    "<br>",
];

/// Pieces of Markdown beside each other.
fn markdown() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(MARKS);
    prop::collection::vec(
        prop_oneof![9 => marks.prop_map(str::to_owned), 1 => any::<String>()],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_written(text in markdown()) {
        let document = read(&text).expect("a short text is read");
        for profile in PROFILES {
            let written = write(&document, profile);
            let found = trespasses(&written, profile);
            prop_assert!(found.is_empty(), "{found:?}");
        }
        for finding in findings(&document, &text) {
            prop_assert!(text.is_char_boundary(finding.at));
        }
        document.visit(&mut |block| assert!(text.get(block.at.clone()).is_some()));
        let _ = Statistics::of(&document);
    }

    #[test]
    fn what_a_preview_shows_does_not_hang_on_what_is_paid_for(free in markdown(), paid in "[a-z]{9}") {
        let text = format!("{free}\n\n<!-- paywall -->\n\n{paid}\n");
        prop_assert!(!open_part(&text).contains(&paid));
    }
}
