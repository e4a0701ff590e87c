//! Elements within a line.

use super::Use;
use super::block::{Converter, is_dropped};
use super::tree::{Element, Node};
use crate::document::{Inline, Mark};

impl Converter<'_, '_> {
    pub(super) fn inline(&mut self, element: &Element) -> Vec<Inline> {
        match element.name.as_str() {
            "b" | "strong" => self.marked(Mark::Strong, element),
            "i" | "em" | "cite" | "dfn" | "var" => self.marked(Mark::Emphasis, element),
            "s" | "strike" | "del" => self.marked(Mark::Strike, element),
            "code" | "kbd" | "samp" | "tt" => vec![Inline::Code(element.text())],
            "br" => vec![Inline::Break],
            "img" => self.image(element).into_iter().collect(),
            "a" => self.link(element),
            "q" => {
                let mut inner = self.run(element);
                inner.insert(0, Inline::Text("“".to_owned()));
                inner.push(Inline::Text("”".to_owned()));
                inner
            }
            _ => self.run(element),
        }
    }

    fn run(&mut self, element: &Element) -> Vec<Inline> {
        let mut out = Vec::new();
        for node in &element.children {
            match node {
                Node::Text(text) => out.push(Inline::Text(text.clone())),
                Node::Element(child) if !is_dropped(child) => out.extend(self.inline(child)),
                _ => {}
            }
        }
        out
    }

    fn marked(&mut self, mark: Mark, element: &Element) -> Vec<Inline> {
        vec![Inline::Marked(mark, self.run(element))]
    }

    fn link(&mut self, element: &Element) -> Vec<Inline> {
        let text = self.run(element);
        let address = element.attribute("href").unwrap_or_default().trim();
        match (self.resolve)(Use::Link, address) {
            Some(destination) if !text.is_empty() => vec![Inline::Link { destination, text }],
            _ => text,
        }
    }

    pub(super) fn image(&mut self, element: &Element) -> Option<Inline> {
        // Pages that load pictures late keep a stand-in in `src`.
        let address = ["data-src", "data-lazy-src", "src"]
            .iter()
            .find_map(|name| element.attribute(name))?;
        let alt = element.attribute("alt").unwrap_or_default();
        let title = element.attribute("title").unwrap_or_default();
        match (self.resolve)(Use::Shown, address.trim()) {
            Some(source) => Some(Inline::Image {
                source,
                alt: alt.to_owned(),
                caption: title.to_owned(),
            }),
            None => Some(Inline::Text(alt.to_owned())),
        }
    }
}

/// Joins white space as a browser does, and drops it at both ends.
pub(super) fn tidy(run: Vec<Inline>) -> Vec<Inline> {
    let mut after_space = true;
    let mut out = collapse(run, &mut after_space);
    trim_end(&mut out);
    out
}

fn collapse(run: Vec<Inline>, after_space: &mut bool) -> Vec<Inline> {
    let mut out = Vec::with_capacity(run.len());
    for inline in run {
        match inline {
            Inline::Text(text) => {
                let text = collapse_text(&text, after_space);
                if !text.is_empty() {
                    out.push(Inline::Text(text));
                }
            }
            Inline::Marked(mark, inner) => {
                let inner = collapse(inner, after_space);
                if !inner.is_empty() {
                    out.push(Inline::Marked(mark, inner));
                }
            }
            Inline::Link { destination, text } => {
                let text = collapse(text, after_space);
                if !text.is_empty() {
                    out.push(Inline::Link { destination, text });
                }
            }
            Inline::Break => {
                *after_space = true;
                out.push(Inline::Break);
            }
            other => {
                *after_space = false;
                out.push(other);
            }
        }
    }
    out
}

fn collapse_text(text: &str, after_space: &mut bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_space = c.is_ascii_whitespace();
        if !is_space {
            out.push(c);
        } else if !*after_space {
            out.push(' ');
        }
        *after_space = is_space;
    }
    out
}

fn trim_end(run: &mut Vec<Inline>) {
    while let Some(last) = run.last_mut() {
        let is_empty = match last {
            Inline::Text(text) => {
                text.truncate(text.trim_end_matches(' ').len());
                text.is_empty()
            }
            Inline::Marked(_, inner) | Inline::Link { text: inner, .. } => {
                trim_end(inner);
                inner.is_empty()
            }
            Inline::Break => true,
            _ => false,
        };
        if !is_empty {
            return;
        }
        run.pop();
    }
}
