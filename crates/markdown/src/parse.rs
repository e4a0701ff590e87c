//! What the grammar makes of a text.

use comrak::Arena;
use comrak::nodes::{AstNode, NodeValue};

use crate::{TooMuch, grammar};

pub(crate) fn plain_text(markdown: &str) -> Result<String, TooMuch> {
    let arena = Arena::new();
    let mut out = String::with_capacity(markdown.len());
    for node in grammar::parse(&arena, markdown)?.descendants() {
        match &node.data.borrow().value {
            NodeValue::Paragraph
            | NodeValue::Heading(_)
            | NodeValue::TableCell
            | NodeValue::HtmlBlock(_) => new_line(&mut out),
            NodeValue::Alert(alert) => {
                new_line(&mut out);
                out.push_str(alert.title.as_deref().unwrap_or_default());
            }
            NodeValue::CodeBlock(code) => {
                new_line(&mut out);
                out.push_str(code.literal.trim_end());
            }
            value => inline(value, &mut out),
        }
    }
    out.truncate(out.trim_end().len());
    Ok(out)
}

pub(crate) fn first_heading(markdown: &str) -> Result<Option<String>, TooMuch> {
    let arena = Arena::new();
    let document = grammar::parse(&arena, markdown)?;
    let heading = document
        .descendants()
        .find(|node| matches!(node.data.borrow().value, NodeValue::Heading(_)));
    let title = heading.map(text_below).unwrap_or_default();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok((!title.is_empty()).then_some(title))
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
