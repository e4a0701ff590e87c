//! What stands in a line, from what the grammar finds.

use comrak::nodes::{Node, NodeLink, NodeValue};
use stoa_domain::FileAddress;

use crate::document::{Image, Inline, Mention};
use crate::read::{MAX_DEPTH, Places};
use crate::{Link, TooMuch};

/// A line that is being read.
pub(crate) struct Line<'a> {
    pub(crate) places: &'a Places<'a>,
    /// In a cell, `<br>` is the only way to end a line.
    pub(crate) is_cell: bool,
}

impl Line<'_> {
    pub(crate) fn children(&self, node: Node<'_>, depth: usize) -> Result<Vec<Inline>, TooMuch> {
        let mut out = Vec::new();
        for child in node.children() {
            self.inline(child, depth, &mut out)?;
        }
        Ok(out)
    }

    pub(crate) fn inline(
        &self,
        node: Node<'_>,
        depth: usize,
        out: &mut Vec<Inline>,
    ) -> Result<(), TooMuch> {
        if depth > MAX_DEPTH {
            return Err(TooMuch::Deep);
        }
        let inner = || self.children(node, depth + 1);
        let inline = match &node.data().value {
            NodeValue::Text(text) => {
                push_text(text, out);
                return Ok(());
            }
            NodeValue::HtmlInline(html) => {
                self.html(html, out);
                return Ok(());
            }
            NodeValue::Link(link) => {
                self.link(node, link, inner()?, out);
                return Ok(());
            }
            NodeValue::SoftBreak | NodeValue::LineBreak => Inline::Break,
            NodeValue::Code(code) => Inline::Code(code.literal.clone()),
            NodeValue::Emph => Inline::Emph(inner()?),
            NodeValue::Strong => Inline::Strong(inner()?),
            NodeValue::Strikethrough => Inline::Strike(inner()?),
            NodeValue::Image(link) => Inline::Image(self.image(node, link)),
            NodeValue::FootnoteReference(note) => Inline::FootnoteRef {
                number: note.ix,
                nth: note.ref_num,
            },
            // Nothing else is switched on.
            _ => return Ok(()),
        };
        out.push(inline);
        Ok(())
    }

    fn html(&self, html: &str, out: &mut Vec<Inline>) {
        let name = html
            .trim_start_matches('<')
            .trim_end_matches(['>', '/', ' ']);
        if self.is_cell && name.eq_ignore_ascii_case("br") {
            out.push(Inline::Break);
        } else {
            push_text(html, out);
        }
    }

    fn image(&self, node: Node<'_>, link: &NodeLink) -> Image {
        let mut alt = String::new();
        for below in node.descendants() {
            match &below.data().value {
                NodeValue::Text(text) => alt.push_str(text),
                NodeValue::Code(code) => alt.push_str(&code.literal),
                NodeValue::HtmlInline(html) => alt.push_str(html),
                NodeValue::SoftBreak | NodeValue::LineBreak => alt.push(' '),
                _ => {}
            }
        }
        Image {
            at: self.places.start(node.data().sourcepos),
            src: link.url.clone(),
            alt,
            caption: link.title.clone(),
        }
    }

    fn link(&self, node: Node<'_>, link: &NodeLink, content: Vec<Inline>, out: &mut Vec<Inline>) {
        let at = self.places.start(node.data().sourcepos);
        if let Some(of) = Mention::parse(&link.url) {
            out.push(Inline::Mention { at, of, content });
            return;
        }
        if let Ok(FileAddress { b3, .. }) = link.url.parse() {
            out.push(Inline::File { at, b3, content });
            return;
        }
        let is_marked = self.places.stands(at, '[') || self.places.stands(at, '<');
        if let ([Inline::Text(text)], false) = (content.as_slice(), is_marked) {
            found_address(at, &link.url, text, out);
            return;
        }
        out.push(match Link::check(&link.url) {
            Ok(to) => Inline::Link {
                at,
                to,
                title: link.title.clone(),
                content,
            },
            Err(trouble) => Inline::DeadLink {
                at,
                trouble,
                content,
            },
        });
    }
}

/// An address that stands in the text without marks. Full-width punctuation ends it: the grammar
/// knows only spaces to part it from the sentence.
fn found_address(at: usize, url: &str, text: &str, out: &mut Vec<Inline>) {
    let end = text.find(is_full_width_punctuation).unwrap_or(text.len());
    let (shown, rest) = text.split_at(end);
    let href = url.strip_suffix(rest).unwrap_or(url);
    match Link::check(href) {
        Ok(to) => out.push(Inline::Link {
            at,
            to,
            title: String::new(),
            content: vec![Inline::Text(shown.to_owned())],
        }),
        Err(_) => push_text(shown, out),
    }
    push_text(rest, out);
}

fn is_full_width_punctuation(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201d}' | '\u{2026}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}'
        | '\u{3014}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

fn push_text(text: &str, out: &mut Vec<Inline>) {
    match out.last_mut() {
        _ if text.is_empty() => {}
        Some(Inline::Text(before)) => before.push_str(text),
        _ => out.push(Inline::Text(text.to_owned())),
    }
}
