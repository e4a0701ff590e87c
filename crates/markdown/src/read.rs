//! From what the grammar finds to our own tree.

use std::cell::Cell;
use std::ops::Range;

use comrak::Arena;
use comrak::nodes::{AlertType, ListType, Node, NodeList, NodeValue, Sourcepos, TableAlignment};

use crate::document::{
    Align, Block, BlockKind, CalloutKind, Document, Footnote, Image, Inline, Item, List, Table,
};
use crate::inlines::Line;
use crate::{MAX_NODES, PAYWALL_DIVIDER, TooMuch, grammar};

/// How deep blocks and marks together may lie in each other.
pub(crate) const MAX_DEPTH: usize = 128;

/// Reads a text. Raw HTML in it becomes text as it is written.
///
/// # Errors
/// [`TooMuch`] for what no person writes: the text is shown as it is then.
pub fn read(markdown: &str) -> Result<Document, TooMuch> {
    let arena = Arena::new();
    let root = grammar::parse(&arena, markdown)?;
    let reader = Reader {
        places: Places::new(markdown),
        n_kept_lines: Cell::new(0),
    };
    let mut document = Document::default();
    for node in root.children() {
        let footnote = match &node.data().value {
            NodeValue::FootnoteDefinition(found) => {
                Some((found.name.clone(), found.total_references))
            }
            _ => None,
        };
        match footnote {
            Some((name, n_references)) => document.footnotes.push(Footnote {
                name,
                n_references,
                blocks: reader.children(node, 1)?,
            }),
            None => reader.block(node, 0, &mut document.blocks)?,
        }
    }
    Ok(document)
}

/// Where lines begin, so that a line and a column are a byte.
pub(crate) struct Places<'a> {
    markdown: &'a str,
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    fn new(markdown: &'a str) -> Self {
        let bytes = markdown.as_bytes();
        let ends = (0..bytes.len()).filter(|&at| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let lines = std::iter::once(0).chain(ends.map(|end| end + 1)).collect();
        Self { markdown, lines }
    }

    fn byte(&self, line: usize, column: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1)).copied();
        let at = start.map_or(self.markdown.len(), |start| start + column);
        self.markdown
            .floor_char_boundary(at.min(self.markdown.len()))
    }

    pub(crate) fn start(&self, place: Sourcepos) -> usize {
        self.byte(place.start.line, place.start.column.saturating_sub(1))
    }

    fn range(&self, place: Sourcepos) -> Range<usize> {
        let start = self.start(place);
        // The last column is that of the last byte of a character.
        start..self.byte(place.end.line, place.end.column).max(start)
    }

    /// Whether the source at a byte goes on with a character.
    pub(crate) fn stands(&self, at: usize, mark: char) -> bool {
        self.markdown[at..].starts_with(mark)
    }
}

struct Reader<'a> {
    places: Places<'a>,
    /// The grammar counts a stretch of HTML or code as one node.
    n_kept_lines: Cell<usize>,
}

impl Reader<'_> {
    fn children(&self, node: Node<'_>, depth: usize) -> Result<Vec<Block>, TooMuch> {
        let mut blocks = Vec::new();
        for child in node.children() {
            self.block(child, depth, &mut blocks)?;
        }
        Ok(blocks)
    }

    fn block(&self, node: Node<'_>, depth: usize, out: &mut Vec<Block>) -> Result<(), TooMuch> {
        if depth > MAX_DEPTH {
            return Err(TooMuch::Deep);
        }
        let at = self.places.range(node.data().sourcepos);
        let kind = match &node.data().value {
            NodeValue::Paragraph => return self.paragraph(node, depth, &at, out),
            NodeValue::HtmlBlock(html) => {
                return self.html_block(&html.literal, &at, out);
            }
            NodeValue::Heading(heading) => BlockKind::Heading {
                level: heading.level,
                content: self.line(node, depth)?,
            },
            NodeValue::BlockQuote => BlockKind::Quote(self.children(node, depth + 1)?),
            NodeValue::Alert(alert) => BlockKind::Callout {
                kind: callout(alert.alert_type),
                title: alert.title.clone().filter(|title| !title.is_empty()),
                blocks: self.children(node, depth + 1)?,
            },
            NodeValue::List(list) => BlockKind::List(self.list(node, list, depth)?),
            NodeValue::CodeBlock(code) => {
                self.count_lines(&code.literal)?;
                BlockKind::Code {
                    lang: code.info.split_whitespace().next().map(str::to_owned),
                    text: code.literal.clone(),
                }
            }
            NodeValue::Table(table) => {
                BlockKind::Table(self.table(node, &table.alignments, depth)?)
            }
            NodeValue::ThematicBreak => BlockKind::Rule,
            // Nothing else is switched on.
            _ => return Ok(()),
        };
        out.push(Block { at, kind });
        Ok(())
    }

    fn line_of(&self, node: Node<'_>) -> Line<'_> {
        Line {
            places: &self.places,
            is_cell: matches!(node.data().value, NodeValue::TableCell),
        }
    }

    fn line(&self, node: Node<'_>, depth: usize) -> Result<Vec<Inline>, TooMuch> {
        self.line_of(node).children(node, depth + 1)
    }

    fn list(&self, node: Node<'_>, list: &NodeList, depth: usize) -> Result<List, TooMuch> {
        let mut items = Vec::new();
        for item in node.children() {
            let is_done = match item.data().value {
                NodeValue::TaskItem(task) => Some(task.symbol.is_some()),
                _ => None,
            };
            let blocks = self.children(item, depth + 2)?;
            items.push(Item { is_done, blocks });
        }
        let is_ordered = list.list_type == ListType::Ordered;
        Ok(List {
            start: is_ordered.then(|| u32::try_from(list.start).unwrap_or(1)),
            is_tight: list.tight,
            items,
        })
    }

    fn table(
        &self,
        node: Node<'_>,
        aligns: &[TableAlignment],
        depth: usize,
    ) -> Result<Table, TooMuch> {
        let mut rows = Vec::new();
        for row in node.children() {
            let cells = row.children().map(|cell| self.line(cell, depth + 2));
            rows.push(cells.collect::<Result<Vec<_>, _>>()?);
        }
        let head = if rows.is_empty() {
            Vec::new()
        } else {
            rows.remove(0)
        };
        let aligns = aligns.iter().map(|align| match align {
            TableAlignment::None => Align::Unset,
            TableAlignment::Left => Align::Left,
            TableAlignment::Center => Align::Center,
            TableAlignment::Right => Align::Right,
        });
        Ok(Table {
            aligns: aligns.collect(),
            head,
            rows,
        })
    }

    /// A paragraph, or what an image or an address alone in one stands for. A divider inside parts
    /// it: what somebody meant to be paid for is not shown because a space was too much.
    fn paragraph(
        &self,
        node: Node<'_>,
        depth: usize,
        at: &Range<usize>,
        out: &mut Vec<Block>,
    ) -> Result<(), TooMuch> {
        let line = self.line_of(node);
        let mut content = Vec::new();
        for child in node.children() {
            if is_divider(child) {
                push_paragraph(std::mem::take(&mut content), at, out);
                push_paywall(at, out);
            } else {
                line.inline(child, depth + 1, &mut content)?;
            }
        }
        push_paragraph(content, at, out);
        Ok(())
    }

    fn count_lines(&self, text: &str) -> Result<(), TooMuch> {
        let n_lines = self.n_kept_lines.get() + text.lines().count();
        self.n_kept_lines.set(n_lines);
        if n_lines > MAX_NODES {
            return Err(TooMuch::Many);
        }
        Ok(())
    }

    /// Raw HTML as the text it is, parted where a line of it is the divider.
    fn html_block(
        &self,
        html: &str,
        at: &Range<usize>,
        out: &mut Vec<Block>,
    ) -> Result<(), TooMuch> {
        self.count_lines(html)?;
        let mut content = Vec::new();
        for line in html.lines() {
            if line.trim() == PAYWALL_DIVIDER {
                push_paragraph(std::mem::take(&mut content), at, out);
                push_paywall(at, out);
            } else {
                content.push(Inline::Text(line.to_owned()));
                content.push(Inline::Break);
            }
        }
        push_paragraph(content, at, out);
        Ok(())
    }
}

fn is_divider(node: Node<'_>) -> bool {
    let ends = |beside: Option<Node<'_>>| {
        beside.is_none_or(|node| {
            matches!(
                node.data().value,
                NodeValue::SoftBreak | NodeValue::LineBreak
            )
        })
    };
    matches!(&node.data().value, NodeValue::HtmlInline(html) if html == PAYWALL_DIVIDER)
        && ends(node.previous_sibling())
        && ends(node.next_sibling())
}

fn push_paywall(at: &Range<usize>, out: &mut Vec<Block>) {
    out.push(Block {
        at: at.clone(),
        kind: BlockKind::Paywall,
    });
}

fn push_paragraph(mut content: Vec<Inline>, at: &Range<usize>, out: &mut Vec<Block>) {
    let n_blank = content
        .iter()
        .take_while(|inline| **inline == Inline::Break)
        .count();
    content.drain(..n_blank);
    while content.last() == Some(&Inline::Break) {
        content.pop();
    }
    if content.is_empty() {
        return;
    }
    let kind = match <[Inline; 1]>::try_from(content) {
        Ok([only]) => alone(only),
        Err(content) => BlockKind::Paragraph(content),
    };
    out.push(Block {
        at: at.clone(),
        kind,
    });
}

fn alone(inline: Inline) -> BlockKind {
    match inline {
        Inline::Image(image) => figure(image),
        Inline::Link { to, content, .. } if is_bare(&to, &content) => BlockKind::Embed(to),
        other => BlockKind::Paragraph(vec![other]),
    }
}

fn figure(image: Image) -> BlockKind {
    match image.media_kind() {
        Some(kind) => BlockKind::Media { kind, image },
        None => BlockKind::Figure(image),
    }
}

/// Whether a web address is its own text.
fn is_bare(to: &crate::Checked, content: &[Inline]) -> bool {
    to.host().is_some() && matches!(content, [Inline::Text(text)] if text == to.href())
}

fn callout(kind: AlertType) -> CalloutKind {
    match kind {
        AlertType::Note => CalloutKind::Note,
        AlertType::Tip => CalloutKind::Tip,
        AlertType::Important => CalloutKind::Important,
        AlertType::Warning => CalloutKind::Warning,
        AlertType::Caution => CalloutKind::Caution,
    }
}
