use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};
use proptest::prelude::*;

use super::*;
use crate::document::{Mark, plain};

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.alerts = true;
    options.extension.cjk_friendly_emphasis = true;
    options
}

/// What a reader sees, without white space.
fn seen(markdown: &str) -> String {
    let arena = Arena::new();
    let mut out = String::new();
    for node in parse_document(&arena, markdown, &options()).descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(text) => out.push_str(text),
            NodeValue::Code(code) => out.push_str(&code.literal),
            NodeValue::CodeBlock(code) => out.push_str(&code.literal),
            NodeValue::HtmlBlock(html) => out.push_str(&html.literal),
            NodeValue::HtmlInline(html) => out.push_str(html),
            _ => {}
        }
    }
    squeezed(&out)
}

fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect()
}

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

#[track_caller]
fn check(block: Block, expected: &str) {
    assert_eq!(write(&[block]), format!("{expected}\n"));
}

#[test]
fn text_stays_text() {
    for sample in [
        "# no heading",
        "- no list",
        "+ none",
        "1. none",
        "12) none",
        "> none",
        "=== x",
        "--- x",
        "*a* _b_ `c` ~~d~~",
        "[a](b) ![c](d) [^1] [x]",
        "<b>no</b> <!-- paywall -->",
        "&amp; &#35; &lt;",
        "a | b",
        "http://a.b/c_d_e www.a_b.com a_b@c.de",
        "\\* \\\\",
        "C# # a #",
        "[!NOTE] x",
        ":-- | --:",
        "**这是重点。**后面",
        "~~~",
        "    four spaces",
        "\tTab",
        "a\\",
        "#",
        "# #",
        "+",
        "-",
        "1.",
        "***",
        "```rust",
    ] {
        let paragraph = write(&[Block::Paragraph(vec![text(sample)])]);
        assert_eq!(seen(&paragraph), squeezed(sample), "{paragraph}");
        let heading = write(&[Block::Heading(2, vec![text(sample)])]);
        assert_eq!(seen(&heading), squeezed(sample), "{heading}");
    }
}

#[test]
fn every_form_is_written_as_markdown_has_it() {
    check(
        Block::Paragraph(vec![
            text("a "),
            Inline::Marked(Mark::Strong, vec![text("b ")]),
            Inline::Marked(Mark::Emphasis, vec![text("c")]),
            text(" "),
            Inline::Code("d`e".to_owned()),
            Inline::Break,
            Inline::Link {
                destination: "https://x.y/a (b)".to_owned(),
                text: vec![text("f")],
            },
            Inline::FootnoteRef("1".to_owned()),
        ]),
        "a **b** *c* ``d`e``\\\n[f](https://x.y/a%20%28b%29)[^1]",
    );
    check(
        Block::Paragraph(vec![Inline::Image {
            source: "stoa:file/a.png".to_owned(),
            alt: "图 [1]".to_owned(),
            caption: "say \"hi\"".to_owned(),
        }]),
        "![图 \\[1\\]](stoa:file/a.png \"say \\\"hi\\\"\")",
    );
    check(
        Block::Callout("NOTE", vec![Block::Paragraph(vec![text("n")])]),
        "> [!NOTE]\n> n",
    );
    check(
        Block::Table(vec![
            vec![vec![text("a")], vec![text("b|c")]],
            vec![vec![text("1")]],
        ]),
        "| a | b\\|c |\n| --- | --- |\n| 1 |  |",
    );
    check(
        Block::Code {
            language: "rust".to_owned(),
            text: "```\nx".to_owned(),
        },
        "````rust\n```\nx\n````",
    );
    check(
        Block::Footnote(
            "1".to_owned(),
            vec![
                Block::Paragraph(vec![text("a")]),
                Block::Paragraph(vec![text("b")]),
            ],
        ),
        "[^1]: a\n\n    b",
    );
}

#[test]
fn lists_lie_in_each_other() {
    let item = |words: &str, task| Item {
        task,
        blocks: vec![Block::Paragraph(vec![text(words)])],
    };
    let mut outer = item("a", None);
    outer.blocks.push(Block::List {
        start: Some(1),
        items: vec![item("b", Some(true)), item("c", None)],
    });
    check(
        Block::List {
            start: None,
            items: vec![outer, item("d", None)],
        },
        "- a\n  1. [x] b\n  2. c\n- d",
    );
}

#[test]
fn marks_that_would_not_close_are_left_out() {
    let run = [
        text("a"),
        Inline::Marked(Mark::Strong, vec![text("\"b\"")]),
        text("c"),
    ];
    assert_eq!(render(&run, Line::Paragraph), "a\"b\"c");
    let chinese = [
        Inline::Marked(Mark::Strong, vec![text("这是重点。")]),
        text("后面"),
    ];
    assert_eq!(render(&chinese, Line::Paragraph), "**这是重点。**后面");
}

#[test]
fn code_that_is_written_as_text_counts_as_text_beside_marks() {
    let run = [Inline::Link {
        destination: "https://a.b/".to_owned(),
        text: vec![
            Inline::Marked(Mark::Strong, vec![text(":")]),
            Inline::Code("a]:".to_owned()),
        ],
    }];
    assert_eq!(seen(&render(&run, Line::Paragraph)), ":a]:");
    let cell = [
        Inline::Marked(Mark::Strong, vec![text(":")]),
        Inline::Code("a\\|".to_owned()),
    ];
    let table = write(&[Block::Table(vec![vec![cell.to_vec()]])]);
    assert_eq!(seen(&table), squeezed(":a\\|"));
}

fn inline() -> impl Strategy<Value = Inline> {
    let words = prop_oneof![
        "[ -~]{0,12}",
        "[a-z*_`~\\[\\]()<>&#!|\\\\ .:/@0-9-]{0,10}",
        "[一-十，。！a ]{0,6}",
        "\\PC{0,8}",
    ];
    let leaf = prop_oneof![
        4 => words.clone().prop_map(Inline::Text),
        1 => words.prop_map(Inline::Code),
        1 => Just(Inline::Break),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let run = prop::collection::vec(inner, 0..4);
        let mark = prop_oneof![Just(Mark::Strong), Just(Mark::Emphasis), Just(Mark::Strike)];
        prop_oneof![
            (mark, run.clone()).prop_map(|(mark, run)| Inline::Marked(mark, run)),
            run.prop_map(|text| Inline::Link {
                destination: "https://a.b/".to_owned(),
                text,
            }),
        ]
    })
}

fn block() -> impl Strategy<Value = Block> {
    let run = prop::collection::vec(inline(), 0..5).boxed();
    let leaf = prop_oneof![
        4 => run.clone().prop_map(Block::Paragraph),
        1 => (1..=6u8, run.clone()).prop_map(|(level, run)| Block::Heading(level, run)),
        1 => "[ -~\n`]{0,20}".prop_map(|text| Block::Code { language: "x".to_owned(), text }),
        1 => prop::collection::vec(prop::collection::vec(run, 1..3), 1..3).prop_map(Block::Table),
        1 => Just(Block::Rule),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let blocks = prop::collection::vec(inner, 0..3);
        prop_oneof![
            blocks.clone().prop_map(Block::Quote),
            blocks
                .clone()
                .prop_map(|blocks| Block::Callout("TIP", blocks)),
            (
                prop::option::of(0..20u32),
                prop::collection::vec(blocks, 1..3)
            )
                .prop_map(|(start, items)| Block::List {
                    start,
                    items: items
                        .into_iter()
                        .map(|blocks| Item { task: None, blocks })
                        .collect(),
                }),
        ]
    })
}

fn words(blocks: &[Block]) -> String {
    blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(run) | Block::Heading(_, run) => plain(run),
            Block::Quote(inner) | Block::Callout(_, inner) | Block::Footnote(_, inner) => {
                words(inner)
            }
            Block::List { items, .. } => items.iter().map(|item| words(&item.blocks)).collect(),
            Block::Code { text, .. } => text.clone(),
            Block::Table(rows) => rows.iter().flatten().map(|cell| plain(cell)).collect(),
            Block::Rule | Block::Paywall => String::new(),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_reader_sees_every_word_and_no_other(blocks in prop::collection::vec(block(), 0..5)) {
        let markdown = write(&blocks);
        prop_assert_eq!(seen(&markdown), squeezed(&words(&blocks)), "{}", markdown);
    }
}
