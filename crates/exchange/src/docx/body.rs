//! The text of a document, part by part.

use std::collections::BTreeMap;

use super::Files;
use super::list::{Entry, Piece, join};
use super::parts::{Parts, Role, is_on};
use crate::document::{Block, Inline, Mark, plain};
use crate::html::{flatten, one_line};
use crate::xml::{Element, End, Node, Nodes};

/// How many columns a cell takes at most.
const MAX_SPAN: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) title: Option<String>,
    pub(super) blocks: Vec<Block>,
    /// The ids of the footnotes, in the order they are named.
    pub(super) notes: Vec<String>,
    pub(super) ends_early: Option<End>,
}

pub(super) fn read(xml: &str, parts: &Parts, files: &mut Files) -> Body {
    let mut reader = Reader::of(parts, files);
    let ends_early = reader.read(xml);
    Body {
        title: reader.title,
        blocks: join(reader.pieces),
        notes: reader.notes,
        ends_early,
    }
}

/// The footnotes by their ids.
pub(super) fn read_notes(
    xml: &str,
    parts: &Parts,
    files: &mut Files,
) -> BTreeMap<String, Vec<Block>> {
    let mut reader = Reader::of(parts, files);
    reader.read(xml);
    reader.footnotes
}

struct Reader<'p, 'f, 'd> {
    parts: &'p Parts,
    files: &'f mut Files<'d>,
    open: Vec<String>,
    pieces: Vec<Piece>,
    tables: Vec<Table>,
    paragraphs: Vec<Paragraph>,
    format: Format,
    /// The text that the picture to come is described with.
    alt: String,
    title: Option<String>,
    notes: Vec<String>,
    note: String,
    footnotes: BTreeMap<String, Vec<Block>>,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<Vec<Inline>>>,
    /// What stood before the cell that is open.
    outside: Vec<Piece>,
    span: usize,
}

#[derive(Default)]
struct Paragraph {
    style: Option<String>,
    list: Option<String>,
    level: u8,
    run: Vec<Inline>,
    link: Option<Link>,
    field: Field,
}

/// A link, and where in the run its text begins.
struct Link {
    destination: Option<String>,
    from: usize,
}

/// A field such as `HYPERLINK "…"`, whose result is text.
#[derive(Default)]
struct Field {
    instruction: String,
    is_open: bool,
}

#[derive(Default, Clone, Copy)]
struct Format {
    is_bold: bool,
    is_italic: bool,
    is_struck: bool,
    is_code: bool,
}

impl<'p, 'f, 'd> Reader<'p, 'f, 'd> {
    fn of(parts: &'p Parts, files: &'f mut Files<'d>) -> Self {
        Reader {
            parts,
            files,
            open: Vec::new(),
            pieces: Vec::new(),
            tables: Vec::new(),
            paragraphs: Vec::new(),
            format: Format::default(),
            alt: String::new(),
            title: None,
            notes: Vec::new(),
            note: String::new(),
            footnotes: BTreeMap::new(),
        }
    }

    /// Where and why the text ends early, if it does.
    fn read(&mut self, xml: &str) -> Option<End> {
        for node in Nodes::of(xml) {
            match node {
                Ok(Node::Start(element)) => {
                    if !self.is_skipped() {
                        self.start(&element);
                    }
                    self.open.push(element.name);
                }
                Ok(Node::Text(text)) => self.text(&text),
                Ok(Node::End) => {
                    let name = self.open.pop().unwrap_or_default();
                    if !self.is_skipped() {
                        self.end(&name);
                    }
                }
                Err(why) => {
                    while !self.paragraphs.is_empty() {
                        self.end_paragraph();
                    }
                    return Some(why);
                }
            }
        }
        None
    }

    /// A fallback says what its choice has said already.
    fn is_skipped(&self) -> bool {
        self.open.iter().any(|name| name == "mc:Fallback")
    }

    fn is_in(&self, name: &str) -> bool {
        self.open.last().is_some_and(|open| open == name)
    }

    fn start(&mut self, element: &Element) {
        let value = element.attribute("val");
        match element.name.as_str() {
            "w:p" => self.paragraphs.push(Paragraph::default()),
            "w:r" => self.format = Format::default(),
            "w:tbl" => self.tables.push(Table::default()),
            "w:tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            "w:tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.span = 1;
                    table.outside = std::mem::take(&mut self.pieces);
                }
            }
            "w:gridSpan" => {
                if let (Some(table), Some(span)) = (self.tables.last_mut(), value) {
                    table.span = span.parse().unwrap_or(1).clamp(1, MAX_SPAN);
                }
            }
            "w:footnote" => self.note = element.attribute("id").unwrap_or_default(),
            "w:docPr" | "wp:docPr" => {
                self.alt = element
                    .attribute("descr")
                    .or_else(|| element.attribute("title"))
                    .unwrap_or_default();
            }
            "w:b" | "w:i" | "w:strike" | "w:rStyle" | "w:rFonts" if self.is_in("w:rPr") => {
                self.set_format(element, value.as_deref());
            }
            _ => self.start_in_paragraph(element, value),
        }
    }

    fn start_in_paragraph(&mut self, element: &Element, value: Option<String>) {
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        match element.name.as_str() {
            "w:pStyle" => paragraph.style = value,
            "w:ilvl" => paragraph.level = value.and_then(|n| n.parse().ok()).unwrap_or(0).min(8),
            "w:numId" => paragraph.list = value,
            "w:br" | "w:cr" => {
                let is_page = element
                    .attribute("type")
                    .is_some_and(|kind| kind != "textWrapping");
                if !is_page {
                    paragraph.run.push(Inline::Break);
                }
            }
            "w:tab" if self.open.last().is_some_and(|open| open == "w:r") => {
                paragraph.run.push(Inline::Text(" ".to_owned()));
            }
            "w:noBreakHyphen" => paragraph.run.push(Inline::Text("‑".to_owned())),
            "w:footnoteReference" => {
                if let Some(id) = element.attribute("id") {
                    self.notes.push(id);
                    let label = self.notes.len().to_string();
                    paragraph.run.push(Inline::FootnoteRef(label));
                }
            }
            "w:hyperlink" => {
                let target = element
                    .attribute("id")
                    .and_then(|id| self.parts.targets.get(&id));
                paragraph.link = Some(Link {
                    destination: target.and_then(|target| Files::link(target)),
                    from: paragraph.run.len(),
                });
            }
            "w:fldChar" => paragraph.field(element.attribute("fldCharType").as_deref()),
            "a:blip" | "v:imagedata" => {
                let id = element
                    .attribute("embed")
                    .or_else(|| element.attribute("id"));
                let target = id.and_then(|id| self.parts.targets.get(&id));
                let alt = std::mem::take(&mut self.alt);
                let picture = target.and_then(|target| self.files.picture(target, &alt));
                paragraph.run.extend(picture);
            }
            _ => {}
        }
    }

    fn set_format(&mut self, element: &Element, value: Option<&str>) {
        match element.name.as_str() {
            "w:b" => self.format.is_bold = is_on(value),
            "w:i" => self.format.is_italic = is_on(value),
            "w:strike" => self.format.is_struck = is_on(value),
            "w:rFonts" => {
                let font = element
                    .attribute("ascii")
                    .unwrap_or_default()
                    .to_lowercase();
                let is_code = ["courier", "consolas", "menlo", "monaco"];
                self.format.is_code |= is_code.iter().any(|name| font.starts_with(name));
            }
            _ => {
                if let Some(style) = value.and_then(|id| self.parts.style(id)) {
                    self.format.is_code |= style.is_code();
                    self.format.is_bold |= style.is_bold;
                    self.format.is_italic |= style.is_italic;
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        match self.open.last().map(String::as_str) {
            Some("w:t") => paragraph.run.push(self.format.apply(text)),
            Some("w:instrText") => paragraph.field.instruction.push_str(text),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "w:p" => self.end_paragraph(),
            "w:hyperlink" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.end_link();
                }
            }
            "w:tc" => self.end_cell(),
            "w:tbl" => {
                let rows = self.tables.pop().unwrap_or_default().rows;
                self.pieces.push(Piece::Block(Block::Table(rows)));
            }
            "w:footnote" => {
                let blocks = join(std::mem::take(&mut self.pieces));
                self.footnotes
                    .insert(std::mem::take(&mut self.note), blocks);
            }
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        let outside = std::mem::take(&mut table.outside);
        let cell = flatten(join(std::mem::replace(&mut self.pieces, outside)));
        if let Some(row) = table.rows.last_mut() {
            row.push(cell);
            row.extend((1..table.span).map(|_| Vec::new()));
        }
    }

    fn end_paragraph(&mut self) {
        let Some(mut paragraph) = self.paragraphs.pop() else {
            return;
        };
        paragraph.end_link();
        let Paragraph {
            style,
            list,
            level,
            run,
            ..
        } = paragraph;
        let run = merged(run);
        let role = self.parts.role(style.as_deref());
        if plain(&run).trim().is_empty() && !holds_picture(&run) && role != Role::Code {
            return;
        }
        let by_style = style
            .and_then(|id| self.parts.style(&id))
            .and_then(|style| style.list.clone());
        let list = match list {
            Some(list) => (list != "0").then_some((list, level)),
            None => by_style,
        };
        let piece = match (role, list) {
            (Role::Title, _) if self.title.is_none() && self.pieces.is_empty() => {
                self.title = Some(one_line(&plain(&run)));
                return;
            }
            (Role::Title, _) => Piece::Block(Block::Heading(1, run)),
            (Role::Heading(n), _) => Piece::Block(Block::Heading(n, unmarked(run))),
            (Role::Quote, _) => Piece::Quote(run),
            (Role::Code, _) => Piece::Code(run),
            (Role::Plain, Some((list, level))) => Piece::Entry(Entry {
                start: self.parts.lists.start(&list, level),
                list,
                level,
                run,
            }),
            (Role::Plain, None) => Piece::Block(Block::Paragraph(run)),
        };
        self.pieces.push(piece);
    }
}

impl Paragraph {
    fn end_link(&mut self) {
        let Some(Link { destination, from }) = self.link.take() else {
            return;
        };
        if let Some(destination) = destination {
            let text = merged(self.run.split_off(from.min(self.run.len())));
            self.run.push(Inline::Link { destination, text });
        }
    }

    fn field(&mut self, kind: Option<&str>) {
        match kind {
            Some("begin") => {
                self.field = Field {
                    instruction: String::new(),
                    is_open: true,
                };
            }
            Some("separate") => {
                let rest = self.field.instruction.trim().strip_prefix("HYPERLINK");
                let address = rest.and_then(|rest| rest.split('"').nth(1));
                if self.link.is_none() && self.field.is_open {
                    self.link = address.map(|address| Link {
                        destination: Files::link(address),
                        from: self.run.len(),
                    });
                }
            }
            Some("end") if std::mem::take(&mut self.field.is_open) => self.end_link(),
            _ => {}
        }
    }
}

impl Format {
    fn apply(self, text: &str) -> Inline {
        if self.is_code {
            return Inline::Code(text.to_owned());
        }
        let marks = [
            (self.is_struck, Mark::Strike),
            (self.is_italic, Mark::Emphasis),
            (self.is_bold, Mark::Strong),
        ];
        marks
            .into_iter()
            .filter(|(is_on, _)| *is_on)
            .fold(Inline::Text(text.to_owned()), |inner, (_, mark)| {
                Inline::Marked(mark, vec![inner])
            })
    }
}

/// Word cuts a sentence into runs as it was typed; what has the same marks belongs together.
fn merged(run: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(run.len());
    for inline in run {
        match (out.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(text))
            | (Some(Inline::Code(before)), Inline::Code(text)) => before.push_str(&text),
            (Some(Inline::Marked(mark, before)), Inline::Marked(other, inner))
                if *mark == other =>
            {
                before.extend(inner);
            }
            (_, inline) => out.push(inline),
        }
    }
    for inline in &mut out {
        if let Inline::Marked(_, inner) = inline {
            *inner = merged(std::mem::take(inner));
        }
    }
    out
}

/// A heading is bold already.
fn unmarked(run: Vec<Inline>) -> Vec<Inline> {
    run.into_iter()
        .flat_map(|inline| match inline {
            Inline::Marked(Mark::Strong, inner) => inner,
            other => vec![other],
        })
        .collect()
}

fn holds_picture(run: &[Inline]) -> bool {
    run.iter().any(|inline| match inline {
        Inline::Image { .. } => true,
        Inline::Link { text, .. } => holds_picture(text),
        _ => false,
    })
}
