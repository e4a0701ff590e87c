//! Tags and text as a tree that is never deeper than [`MAX_DEPTH`].

use super::token::{Tag, Token, Tokens};
use crate::limits::MAX_DEPTH;

#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
    Comment(String),
}

#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|one| one == class))
    }

    /// The first element below this one that is as asked for.
    pub(super) fn find(&self, is_it: &dyn Fn(&Element) -> bool) -> Option<&Element> {
        self.elements().find_map(|child| match is_it(child) {
            true => Some(child),
            false => child.find(is_it),
        })
    }

    pub(super) fn named(&self, name: &str) -> Option<&Element> {
        self.find(&|element| element.name == name)
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// All text below, as it stands.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.collect_text(&mut out);
        out
    }

    fn collect_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) if element.name == "br" => out.push('\n'),
                Node::Element(element) => element.collect_text(out),
                Node::Comment(_) => {}
            }
        }
    }
}

/// A tree, and whether parts of it lay deeper than is kept.
pub(super) struct Tree {
    pub(super) root: Element,
    pub(super) is_cut: bool,
}

pub(super) fn parse(html: &str) -> Tree {
    let mut builder = Builder::default();
    for token in Tokens::of(html) {
        builder.add(token);
    }
    builder.finish()
}

/// Elements beyond these are not kept, only their text; each takes far more memory than its tag.
const MAX_ELEMENTS: usize = 100_000;
/// All other attributes are not looked at.
const KEPT_ATTRIBUTES: [&str; 14] = [
    "alt",
    "checked",
    "class",
    "content",
    "data-lazy-src",
    "data-src",
    "href",
    "name",
    "property",
    "rel",
    "src",
    "start",
    "title",
    "type",
];

/// The elements that are open, the outermost first.
struct Builder {
    open: Vec<Element>,
    /// How many are open beyond the depth that is kept.
    beyond: usize,
    n_elements: usize,
    is_cut: bool,
    is_in_program: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Builder {
            open: vec![Element::default()],
            beyond: 0,
            n_elements: 0,
            is_cut: false,
            is_in_program: false,
        }
    }
}

impl Builder {
    fn add(&mut self, token: Token) {
        match token {
            Token::Start(tag) if is_program(&tag.name) => self.is_in_program = !tag.closes_itself,
            Token::End(name) if is_program(&name) => self.is_in_program = false,
            Token::Text(_) if self.is_in_program => {}
            Token::Text(text) => self.push(Node::Text(text.into_owned())),
            Token::Comment(text) => self.push(Node::Comment(text.trim().to_owned())),
            Token::Start(tag) => self.start(tag),
            Token::End(name) => self.end(&name),
        }
    }

    fn push(&mut self, node: Node) {
        let top = self.open.last_mut().expect("the root is never closed");
        match (top.children.last_mut(), node) {
            (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
            (_, node) => top.children.push(node),
        }
    }

    fn start(&mut self, tag: Tag) {
        if self.beyond == 0 {
            self.close_implied(&tag.name);
        }
        let is_void = is_void(&tag.name);
        self.n_elements += 1;
        if self.n_elements > MAX_ELEMENTS {
            self.is_cut = true;
            self.beyond += usize::from(!is_void);
            return;
        }
        let element = Element {
            attributes: tag
                .attributes
                .into_iter()
                .filter(|(name, _)| KEPT_ATTRIBUTES.contains(&name.as_str()))
                .map(|(name, value)| (name, value.into_owned()))
                .collect(),
            name: tag.name,
            children: Vec::new(),
        };
        if is_void {
            self.push(Node::Element(element));
        } else if self.open.len() > MAX_DEPTH {
            self.beyond += 1;
            self.is_cut = true;
        } else {
            self.open.push(element);
        }
    }

    fn end(&mut self, name: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let found = self.open[1..]
            .iter()
            .rposition(|open| open.name == name)
            .map(|at| at + 1);
        // A stray end tag in a cell does not end the table around it.
        let fence = self.open.iter().rposition(|open| is_cell(&open.name));
        if let Some(at) = found
            && (is_table(name) || fence.is_none_or(|fence| at >= fence))
        {
            self.close_down_to(at);
        }
    }

    /// Ends what the start of this element ends by itself: `li` ends `li`, a block ends `p`.
    fn close_implied(&mut self, name: &str) {
        let closes: &[&str] = match name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "td" | "th" => &["td", "th"],
            "tr" => &["tr", "td", "th", "caption"],
            "thead" | "tbody" | "tfoot" => {
                &["thead", "tbody", "tfoot", "tr", "td", "th", "caption"]
            }
            "option" => &["option"],
            _ if is_block(name) => &["p"],
            _ => return,
        };
        let scope = self
            .open
            .iter()
            .rposition(|open| is_scope(&open.name) && !closes.contains(&open.name.as_str()))
            .unwrap_or(0);
        let first = self.open[scope + 1..]
            .iter()
            .position(|open| closes.contains(&open.name.as_str()));
        if let Some(at) = first {
            self.close_down_to(scope + 1 + at);
        }
    }

    fn close_down_to(&mut self, at: usize) {
        while self.open.len() > at {
            let closed = self.open.pop().expect("checked above");
            self.push(Node::Element(closed));
        }
    }

    fn finish(mut self) -> Tree {
        self.close_down_to(1);
        Tree {
            root: self.open.pop().expect("the root is never closed"),
            is_cut: self.is_cut,
        }
    }
}

/// What is text for a machine and never for a reader.
fn is_program(name: &str) -> bool {
    matches!(name, "script" | "style")
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption")
}

fn is_table(name: &str) -> bool {
    is_cell(name) || matches!(name, "table" | "tr" | "thead" | "tbody" | "tfoot")
}

/// What an implied end does not reach out of.
fn is_scope(name: &str) -> bool {
    is_table(name) || is_block(name) && name != "p"
}

/// Whether an element is a block of its own rather than a part of a line.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "iframe"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "ul"
            | "audio"
            | "video"
    )
}
