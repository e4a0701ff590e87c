//! What the grammar makes of a text.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.autolink = true;
    options.extension.cjk_friendly_emphasis = true;
    options
}

pub(crate) fn plain_text(markdown: &str) -> String {
    let arena = Arena::new();
    let mut out = String::with_capacity(markdown.len());
    for node in parse_document(&arena, markdown, &options()).descendants() {
        match &node.data.borrow().value {
            NodeValue::Paragraph
            | NodeValue::Heading(_)
            | NodeValue::TableCell
            | NodeValue::HtmlBlock(_) => new_line(&mut out),
            NodeValue::CodeBlock(code) => {
                new_line(&mut out);
                out.push_str(code.literal.trim_end());
            }
            value => inline(value, &mut out),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

pub(crate) fn first_heading(markdown: &str) -> Option<String> {
    let arena = Arena::new();
    let document = parse_document(&arena, markdown, &options());
    let heading = document
        .descendants()
        .find(|node| matches!(node.data.borrow().value, NodeValue::Heading(_)))?;
    let title = text_below(heading);
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}

fn text_below<'a>(node: &'a AstNode<'a>) -> String {
    let mut out = String::new();
    for below in node.descendants() {
        inline(&below.data.borrow().value, &mut out);
    }
    out
}

fn inline(value: &NodeValue, out: &mut String) {
    match value {
        NodeValue::Text(text) => out.push_str(text),
        NodeValue::Code(code) => out.push_str(&code.literal),
        NodeValue::SoftBreak | NodeValue::LineBreak => new_line(out),
        _ => {}
    }
}

fn new_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}
