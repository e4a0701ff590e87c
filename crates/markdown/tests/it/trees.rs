//! What each block is read as, in the spelling that the editor writes.

use stoa_domain::MediaKind;
use stoa_markdown::{
    Align, BlockKind, CalloutKind, Document, Inline, List, Mention, Table, TooMuch, read,
};

/// A tree on one line.
fn shape(markdown: &str) -> String {
    let document: Document = read(markdown).expect("a short text is read");
    let mut blocks: Vec<String> = document
        .blocks
        .iter()
        .map(|block| kind(&block.kind))
        .collect();
    for note in &document.footnotes {
        let inner: Vec<String> = note.blocks.iter().map(|block| kind(&block.kind)).collect();
        blocks.push(format!(
            "[^{}×{}: {}]",
            note.name,
            note.n_references,
            inner.join(" ")
        ));
    }
    blocks.join(" ")
}

fn all(blocks: &[stoa_markdown::Block]) -> String {
    blocks
        .iter()
        .map(|block| kind(&block.kind))
        .collect::<Vec<_>>()
        .join(" ")
}

fn kind(kind: &BlockKind) -> String {
    match kind {
        BlockKind::Heading { level, content } => format!("h{level}({})", line(content)),
        BlockKind::Paragraph(content) => format!("p({})", line(content)),
        BlockKind::Quote(blocks) => format!("quote({})", all(blocks)),
        BlockKind::Callout {
            kind,
            title,
            blocks,
        } => {
            format!(
                "{}({}: {})",
                kind.as_str(),
                title.as_deref().unwrap_or("-"),
                all(blocks)
            )
        }
        BlockKind::List(list) => list_shape(list),
        BlockKind::Code { lang, text } => {
            format!("code[{}]({text:?})", lang.as_deref().unwrap_or("-"))
        }
        BlockKind::Table(table) => table_shape(table),
        BlockKind::Figure(image) => {
            format!("figure({}, {}, {})", image.src, image.alt, image.caption)
        }
        BlockKind::Media {
            kind: MediaKind::Audio,
            image,
        } => format!("audio({})", image.src),
        BlockKind::Media {
            kind: MediaKind::Video,
            image,
        } => format!("video({})", image.src),
        BlockKind::Embed(to) => format!("embed({})", to.href()),
        BlockKind::Rule => "rule".to_owned(),
        BlockKind::Paywall => "paywall".to_owned(),
    }
}

fn list_shape(list: &List) -> String {
    let items = list.items.iter().map(|item| {
        format!(
            "{}{}",
            item.is_done.map_or("", |done| if done { "x" } else { "o" }),
            all(&item.blocks)
        )
    });
    let name = list
        .start
        .map_or("ul".to_owned(), |start| format!("ol{start}"));
    format!(
        "{name}{}({})",
        if list.is_tight { "" } else { "+" },
        items.collect::<Vec<_>>().join("; ")
    )
}

fn table_shape(table: &Table) -> String {
    let row = |cells: &Vec<Vec<Inline>>| {
        cells
            .iter()
            .map(|cell| line(cell))
            .collect::<Vec<_>>()
            .join("|")
    };
    let aligns: String = table
        .aligns
        .iter()
        .map(|align| match align {
            Align::Unset => '-',
            Align::Left => 'l',
            Align::Center => 'c',
            Align::Right => 'r',
        })
        .collect();
    format!(
        "table[{aligns}]({}: {})",
        row(&table.head),
        table.rows.iter().map(row).collect::<Vec<_>>().join("; ")
    )
}

fn line(content: &[Inline]) -> String {
    content
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) => text.clone(),
            Inline::Emph(content) => format!("em({})", line(content)),
            Inline::Strong(content) => format!("b({})", line(content)),
            Inline::Strike(content) => format!("s({})", line(content)),
            Inline::Code(text) => format!("code({text})"),
            Inline::Link { to, content, .. } => format!("a({}, {})", line(content), to.href()),
            Inline::DeadLink { content, .. } => format!("dead({})", line(content)),
            Inline::Mention {
                of: Mention::Member(_),
                content,
                ..
            } => format!("member({})", line(content)),
            Inline::Mention {
                of: Mention::Post(_),
                content,
                ..
            } => format!("post({})", line(content)),
            Inline::File { content, .. } => format!("file({})", line(content)),
            Inline::Image(image) => format!("img({}, {})", image.src, image.alt),
            Inline::FootnoteRef { number, nth } => format!("^{number}.{nth}"),
            Inline::Break => "⏎".to_owned(),
        })
        .collect()
}

#[track_caller]
fn check(markdown: &str, expected: &str) {
    assert_eq!(shape(markdown), expected, "{markdown}");
}

#[test]
fn headings_paragraphs_and_lines() {
    check(
        "# 标题\n\n## Title ##\n\n正文\n第二行",
        "h1(标题) h2(Title) p(正文⏎第二行)",
    );
    check("a\\\nb  \nc", "p(a⏎b⏎c)");
    check(
        "**重点。**后面 *em* ~~去~~ `x`",
        "p(b(重点。)后面 em(em) s(去) code(x))",
    );
}

#[test]
fn quotes_and_callouts() {
    check("> 引用\n> > 再引", "quote(p(引用) quote(p(再引)))");
    check("> [!NOTE]\n> 注意", "note(-: p(注意))");
    check("> [!caution] Hot\n> oven", "caution(Hot: p(oven))");
    check("> [!其他]\n> x", "quote(p([!其他]⏎x))");
    assert_eq!(CalloutKind::Important.as_str(), "important");
}

#[test]
fn lists_and_tasks() {
    check("- 一\n  - two\n- 三", "ul(p(一) ul(p(two)); p(三))");
    check("3) a\n\n4) b", "ol3+(p(a); p(b))");
    check("- [ ] 做\n- [x] done\n- no", "ul(op(做); xp(done); p(no))");
}

#[test]
fn code_is_kept_to_the_letter() {
    check(
        "```rust ignore\n<b> *x*\n\n  y\n```",
        "code[rust](\"<b> *x*\\n\\n  y\\n\")",
    );
    check(
        "~~~\n<!-- paywall -->\n~~~",
        "code[-](\"<!-- paywall -->\\n\")",
    );
    check("    indented", "code[-](\"indented\\n\")");
}

#[test]
fn tables_have_full_rows() {
    check(
        "| 甲 | b | c |\n|:-|:-:|-:|\n| 1 | *2* |\n",
        "table[lcr](甲|b|c: 1|em(2)|)",
    );
    check(
        "| a |\n|---|\n| 一<br>二 \\| 三 |\n",
        "table[-](a: 一⏎二 | 三)",
    );
}

#[test]
fn files_and_cards_stand_alone() {
    check(
        "![图](attachment:0a \"说明\")",
        "figure(attachment:0a, 图, 说明)",
    );
    check("字 ![图](a.png)", "p(字 img(a.png, 图))");
    check("![录音.MP3](attachment:0a)", "audio(attachment:0a)");
    check(
        "![](https://x.example/v.mp4?a=b.png)",
        "video(https://x.example/v.mp4?a=b.png)",
    );
    check("https://x.example/a", "embed(https://x.example/a)");
    check("<https://x.example/a>", "embed(https://x.example/a)");
    check("[字](https://x.example/a)", "p(a(字, https://x.example/a))");
    check(
        "a https://x.example/a",
        "p(a a(https://x.example/a, https://x.example/a))",
    );
    check("---\n\n***", "rule rule");
}

#[test]
fn only_what_leads_out_safely_is_a_link() {
    check(
        "[a](https://x.example) [b](mailto:a@b.example)",
        "p(a(a, https://x.example) a(b, mailto:a@b.example))",
    );
    check(
        "[a](javascript:x) [b](../b.md) [*c*](file:///x)",
        "p(dead(a) dead(b) dead(em(c)))",
    );
    check(
        "见https://x.example/甲。好",
        "p(见a(https://x.example/甲, https://x.example/甲)。好)",
    );
    check(
        "写给a@b.example",
        "p(写给a(a@b.example, mailto:a@b.example))",
    );
    check("ftp://x.example", "p(ftp://x.example)");
    let id = "018f0000-0000-7000-8000-000000000001";
    check(
        &format!("[@李](stoa:member/{id}) [课](stoa:post/{id})"),
        "p(member(@李) post(课))",
    );
    let b3 = "0a".repeat(32);
    check(
        &format!("[讲**义**.pdf](attachment:{b3}) [x](attachment:0a)"),
        "p(file(讲b(义).pdf) dead(x))",
    );
    check("[x](stoa:member/1)", "p(dead(x))");
}

#[test]
fn footnotes_are_numbered_by_their_first_reference() {
    check(
        "a[^乙] b[^a] c[^乙]\n\n[^a]: A\n\n[^乙]: 注\n    续\n\n[^z]: unused",
        "p(a^1.1 b^2.1 c^1.2) [^乙×2: p(注⏎续)] [^a×1: p(A)]",
    );
    check("a[^none]", "p(a[^none])");
}

#[test]
fn raw_html_is_text() {
    check("<b>粗</b>", "p(<b>粗</b>)");
    check("<div>\n*块*\n</div>", "p(<div>⏎*块*⏎</div>)");
    check("a <!-- x --> b", "p(a <!-- x --> b)");
    check("<script>alert(1)</script>", "p(<script>alert(1)</script>)");
}

#[test]
fn the_divider_parts_blocks() {
    check("a\n\n<!-- paywall -->\n\nb", "p(a) paywall p(b)");
    check("a\n<!-- paywall -->\nb", "p(a) paywall p(b)");
    check("a <!-- paywall --> b", "p(a <!-- paywall --> b)");
    check("\\<!-- paywall -->", "p(<!-- paywall -->)");
}

#[test]
fn what_nobody_writes_is_refused() {
    assert_eq!(read(&">".repeat(100)), Err(TooMuch::Deep));
    assert_eq!(read(&"[^a]: ".repeat(100)), Err(TooMuch::Deep));
    assert_eq!(read(&format!("a\r{}", ">".repeat(100))), Err(TooMuch::Deep));
    assert_eq!(
        read(&format!("{}a{}", "*a ".repeat(200), "*".repeat(200))),
        Err(TooMuch::Deep)
    );
    assert_eq!(
        read(&format!("{0}\n{1}\n", "|a".repeat(200), "|-".repeat(200))),
        Err(TooMuch::Wide)
    );
    assert_eq!(read(&"*a*\n\n".repeat(100_000)), Err(TooMuch::Many));
    assert_eq!(read(&"[a]: b\n".repeat(30_000)), Err(TooMuch::Many));
}

#[test]
fn a_long_draft_is_read() {
    let paragraph = "知识付费社区里的一段正文，**重点**在这里，[链接](https://x.example/a)也在。"
        .repeat(4)
        + "\n\n";
    let draft = paragraph.repeat(200_000 / paragraph.chars().count() + 1);
    assert!(draft.chars().count() >= 200_000);
    let document = read(&draft).unwrap();
    assert_eq!(document.blocks.len(), draft.matches("\n\n").count());
}
