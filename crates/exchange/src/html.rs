//! HTML as a document, whoever wrote it: Ghost, WordPress or a page.
//!
//! Nothing of HTML gets through but text and the forms Markdown has; scripts, styles and attributes
//! are not looked at, and addresses only through [`Resolve`].

mod block;
mod card;
mod inline;
mod token;
mod tree;

use std::collections::BTreeMap;

use crate::document::{Block, plain};
pub(crate) use block::flatten;
use tree::{Element, Tree, parse};

/// What an address is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Link,
    /// Shown in its place: a picture, a sound, a film.
    Shown,
    /// To be downloaded.
    Download,
}

/// What stands for an address in the Markdown; `None` drops it and keeps its text.
pub(crate) type Resolve<'a> = dyn FnMut(Use, &str) -> Option<String> + 'a;

#[derive(Debug)]
pub(crate) struct Converted {
    pub(crate) blocks: Vec<Block>,
    /// Whether elements lay deeper than is kept; their text is there.
    pub(crate) is_cut: bool,
}

/// A whole page, with what it says of itself.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) title: Option<String>,
    pub(crate) canonical: Option<String>,
    /// By `name` or `property`, in lower case.
    pub(crate) meta: BTreeMap<String, String>,
    pub(crate) body: Converted,
}

/// A piece of HTML.
pub(crate) fn fragment(html: &str, resolve: &mut Resolve) -> Converted {
    let tree = parse(html);
    converted(&tree, &tree.root, resolve)
}

pub(crate) fn page(html: &str, resolve: &mut Resolve) -> Page {
    let tree = parse(html);
    let root = &tree.root;
    let mut meta = BTreeMap::new();
    gather_meta(root, &mut meta);
    let canonical = root
        .find(&|element| element.name == "link" && element.attribute("rel") == Some("canonical"));
    let mut body = converted(&tree, root.named("body").unwrap_or(root), resolve);
    let heading = leading_heading(&mut body.blocks);
    let title = root.named("title").map(|title| title.text());
    Page {
        title: heading.or(title.map(|title| one_line(&title))),
        canonical: canonical
            .and_then(|link| link.attribute("href"))
            .map(str::to_owned),
        meta,
        body,
    }
}

/// All text of a piece of HTML, as one line.
pub(crate) fn text(html: &str) -> String {
    let mut drop_all = |_: Use, _: &str| None;
    let mut out = String::new();
    for block in fragment(html, &mut drop_all).blocks {
        if let Block::Paragraph(inlines) | Block::Heading(_, inlines) = &block {
            out.push_str(&plain(inlines));
            out.push(' ');
        }
    }
    one_line(&out)
}

/// Takes out the heading of the first degree that a text begins with.
pub(crate) fn leading_heading(blocks: &mut Vec<Block>) -> Option<String> {
    let Some(Block::Heading(1, inlines)) = blocks.first() else {
        return None;
    };
    let title = one_line(&plain(inlines));
    if title.is_empty() {
        return None;
    }
    blocks.remove(0);
    Some(title)
}

/// Text as the value of an attribute.
pub(crate) fn escape_attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn converted(tree: &Tree, from: &Element, resolve: &mut Resolve) -> Converted {
    Converted {
        blocks: block::Converter { resolve }.blocks(&from.children),
        is_cut: tree.is_cut,
    }
}

fn gather_meta(element: &Element, meta: &mut BTreeMap<String, String>) {
    for child in element.elements() {
        if child.name != "meta" {
            gather_meta(child, meta);
            continue;
        }
        let name = child.attribute("name").or(child.attribute("property"));
        if let (Some(name), Some(content)) = (name, child.attribute("content")) {
            meta.entry(name.to_ascii_lowercase())
                .or_insert_with(|| content.to_owned());
        }
    }
}
