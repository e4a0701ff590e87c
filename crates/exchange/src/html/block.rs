//! Elements as blocks.

use super::card;
use super::inline::tidy;
use super::tree::{Element, Node, is_block};
use super::{Resolve, Use};
use crate::document::{Block, Inline, Item, Mark, plain};

pub(super) struct Converter<'r, 'f> {
    pub(super) resolve: &'r mut Resolve<'f>,
}

/// Blocks, and the run of text that has not become a paragraph yet.
#[derive(Default)]
struct Flow {
    blocks: Vec<Block>,
    run: Vec<Inline>,
}

impl Flow {
    fn end_run(&mut self) {
        let run = tidy(std::mem::take(&mut self.run));
        if !run.is_empty() {
            self.blocks.push(Block::Paragraph(run));
        }
    }
}

impl Converter<'_, '_> {
    pub(super) fn blocks(&mut self, nodes: &[Node]) -> Vec<Block> {
        let mut flow = Flow::default();
        for node in nodes {
            match node {
                Node::Text(text) => flow.run.push(Inline::Text(text.clone())),
                Node::Comment(text) if text == "members-only" => {
                    flow.end_run();
                    flow.blocks.push(Block::Paywall);
                }
                Node::Comment(_) => {}
                Node::Element(element) if is_dropped(element) => {}
                Node::Element(element) if holds_block(element) => {
                    flow.end_run();
                    let blocks = self.block(element);
                    flow.blocks.extend(blocks);
                }
                Node::Element(element) => flow.run.extend(self.inline(element)),
            }
        }
        flow.end_run();
        flow.blocks
    }

    fn block(&mut self, element: &Element) -> Vec<Block> {
        if let Some(blocks) = card::blocks(self, element) {
            return blocks;
        }
        match element.name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name.as_bytes()[1] - b'0';
                match self.line(element) {
                    line if line.is_empty() => Vec::new(),
                    line => vec![Block::Heading(level, line)],
                }
            }
            "blockquote" => vec![Block::Quote(self.blocks(&element.children))],
            "ul" | "ol" | "menu" => self.list(element),
            "pre" => vec![code(element)],
            "hr" => vec![Block::Rule],
            "table" => self.table(element),
            "figure" => self.figure(element),
            "dt" | "summary" => strong_line(self.line(element)),
            "audio" | "video" => self.player(element, ""),
            "iframe" => self.frame(element),
            _ => self.blocks(&element.children),
        }
    }

    /// All that is in an element as one line of text.
    pub(super) fn line(&mut self, element: &Element) -> Vec<Inline> {
        let blocks = self.blocks(&element.children);
        flatten(blocks)
    }

    fn list(&mut self, element: &Element) -> Vec<Block> {
        let mut items: Vec<Item> = Vec::new();
        for child in element.elements() {
            if child.name == "li" {
                let task = task_of(child);
                let blocks = self.blocks(&child.children);
                items.push(Item { task, blocks });
                continue;
            }
            // A list right inside a list belongs to the item before it.
            let nested = self.block(child);
            match items.last_mut() {
                Some(item) => item.blocks.extend(nested),
                None => items.push(Item {
                    task: None,
                    blocks: nested,
                }),
            }
        }
        let start = (element.name == "ol").then(|| {
            let start = element.attribute("start").and_then(|n| n.parse().ok());
            start.unwrap_or(1)
        });
        match items.is_empty() {
            true => Vec::new(),
            false => vec![Block::List { start, items }],
        }
    }

    fn table(&mut self, element: &Element) -> Vec<Block> {
        let mut rows = Vec::new();
        gather_rows(element, &mut rows);
        // One cell is no table but a way to place things.
        if let [row] = rows[..]
            && row.elements().count() <= 1
        {
            return row
                .elements()
                .flat_map(|cell| self.blocks(&cell.children))
                .collect();
        }
        let rows: Vec<Vec<Vec<Inline>>> = rows
            .into_iter()
            .map(|row| row.elements().map(|cell| self.line(cell)).collect())
            .collect();
        let caption = element.elements().find(|child| child.name == "caption");
        let caption = caption.map(|caption| self.line(caption));
        let mut out: Vec<Block> = caption
            .filter(|line| !line.is_empty())
            .map(Block::Paragraph)
            .into_iter()
            .collect();
        if rows.iter().any(|row| !row.is_empty()) {
            out.push(Block::Table(rows));
        }
        out
    }

    fn figure(&mut self, element: &Element) -> Vec<Block> {
        let caption = self.caption(element);
        let rest: Vec<&Node> = element
            .children
            .iter()
            .filter(|node| !matches!(node, Node::Element(child) if child.name == "figcaption"))
            .collect();
        let mut blocks: Vec<Block> = rest
            .into_iter()
            .flat_map(|node| self.blocks(std::slice::from_ref(node)))
            .collect();
        if caption.is_empty() {
            return blocks;
        }
        match last_image(&mut blocks) {
            Some(image_caption) => *image_caption = caption,
            None => blocks.push(Block::Paragraph(vec![Inline::Text(caption)])),
        }
        blocks
    }

    pub(super) fn caption(&mut self, element: &Element) -> String {
        element
            .named("figcaption")
            .map(|caption| plain(&self.line(caption)))
            .unwrap_or_default()
    }

    /// A sound or a film.
    pub(super) fn player(&mut self, element: &Element, caption: &str) -> Vec<Block> {
        let source = element.attribute("src").or_else(|| {
            let source = element.find(&|child| child.attribute("src").is_some());
            source.and_then(|source| source.attribute("src"))
        });
        let source = source.and_then(|source| (self.resolve)(Use::Shown, source));
        let Some(source) = source else {
            return Vec::new();
        };
        vec![Block::Paragraph(vec![Inline::Image {
            source,
            alt: String::new(),
            caption: caption.to_owned(),
        }])]
    }

    /// What another site would show in a frame, as a link alone in its paragraph.
    pub(super) fn frame(&mut self, element: &Element) -> Vec<Block> {
        let Some(source) = element.attribute("src") else {
            return Vec::new();
        };
        let absolute = match source.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None => source.to_owned(),
        };
        link_line(self, &absolute, "")
    }
}

/// A link alone in its paragraph; the address stands for a missing text.
pub(super) fn link_line(converter: &mut Converter, address: &str, text: &str) -> Vec<Block> {
    let Some(destination) = (converter.resolve)(Use::Link, address) else {
        return match text {
            "" => Vec::new(),
            text => vec![Block::Paragraph(vec![Inline::Text(text.to_owned())])],
        };
    };
    let text = if text.is_empty() { &destination } else { text };
    let text = vec![Inline::Text(text.to_owned())];
    vec![Block::Paragraph(vec![Inline::Link { destination, text }])]
}

pub(super) fn strong_line(line: Vec<Inline>) -> Vec<Block> {
    match line.is_empty() {
        true => Vec::new(),
        false => vec![Block::Paragraph(vec![Inline::Marked(Mark::Strong, line)])],
    }
}

/// The text of blocks as one line, with its marks where it has them.
pub(crate) fn flatten(blocks: Vec<Block>) -> Vec<Inline> {
    let mut out = Vec::new();
    for block in blocks {
        let line = match block {
            Block::Paragraph(line) | Block::Heading(_, line) => line,
            Block::Code { text, .. } => vec![Inline::Code(text)],
            Block::Quote(inner) | Block::Callout(_, inner) | Block::Footnote(_, inner) => {
                flatten(inner)
            }
            Block::List { items, .. } => {
                flatten(items.into_iter().flat_map(|item| item.blocks).collect())
            }
            Block::Table(rows) => rows
                .into_iter()
                .flatten()
                .flat_map(|cell| cell.into_iter().chain([Inline::Text(" ".to_owned())]))
                .collect(),
            Block::Rule | Block::Paywall => Vec::new(),
        };
        if !out.is_empty() && !line.is_empty() {
            out.push(Inline::Text(" ".to_owned()));
        }
        out.extend(line);
    }
    out
}

fn last_image(blocks: &mut [Block]) -> Option<&mut String> {
    let Some(Block::Paragraph(run)) = blocks.last_mut() else {
        return None;
    };
    run.iter_mut().rev().find_map(|inline| match inline {
        Inline::Image { caption, .. } => Some(caption),
        _ => None,
    })
}

fn code(element: &Element) -> Block {
    let class = element
        .named("code")
        .and_then(|code| code.attribute("class"));
    let class = class.or(element.attribute("class")).unwrap_or_default();
    let language = class.split_ascii_whitespace().find_map(|class| {
        class
            .strip_prefix("language-")
            .or_else(|| class.strip_prefix("lang-"))
    });
    let text = element.text();
    let text = text.strip_prefix('\n').unwrap_or(&text);
    Block::Code {
        language: language.unwrap_or_default().to_owned(),
        text: text.trim_end_matches('\n').to_owned(),
    }
}

fn task_of(item: &Element) -> Option<bool> {
    let field = item.named("input")?;
    let is_box = field.attribute("type") == Some("checkbox");
    is_box.then(|| field.attribute("checked").is_some())
}

/// The rows of a table, but not those of tables inside it.
fn gather_rows<'e>(element: &'e Element, rows: &mut Vec<&'e Element>) {
    for child in element.elements() {
        match child.name.as_str() {
            "tr" => rows.push(child),
            "table" | "caption" => {}
            _ => gather_rows(child, rows),
        }
    }
}

pub(super) fn is_dropped(element: &Element) -> bool {
    matches!(
        element.name.as_str(),
        "noscript"
            | "template"
            | "head"
            | "svg"
            | "object"
            | "select"
            | "textarea"
            | "noembed"
            | "noframes"
            | "canvas"
            | "title"
            | "dialog"
            | "map"
    )
}

/// Whether it is a block or holds one, and so cannot stand in a line.
fn holds_block(element: &Element) -> bool {
    is_block(&element.name)
        || element
            .elements()
            .any(|child| !is_dropped(child) && holds_block(child))
}
