//! The tree of a text as the list of parts that the window draws.

use stoa_domain::{DraftId, FileAddress, MediaKind};
use stoa_ipc::{CellAlign, PagePart, PageTag};
use stoa_markdown::{
    Align, Block, BlockKind, Document, Footnote, Image, Inline, List, Mention, Table,
};

/// A document in the order in which it is read, its footnotes at the end.
pub(crate) fn parts(document: &Document, is_live: &dyn Fn(DraftId) -> bool) -> Vec<PagePart> {
    let mut page = Page {
        parts: Vec::new(),
        is_live,
    };
    page.blocks(&document.blocks);
    if !document.footnotes.is_empty() {
        page.within(PageTag::Footnotes, |page| {
            for (number, footnote) in (1..).zip(&document.footnotes) {
                page.footnote(number, footnote);
            }
        });
    }
    page.parts
}

struct Page<'a> {
    parts: Vec<PagePart>,
    /// Whether members see a post now.
    is_live: &'a dyn Fn(DraftId) -> bool,
}

impl Page<'_> {
    fn within(&mut self, tag: PageTag, fill: impl FnOnce(&mut Self)) {
        self.parts.push(PagePart::Open(tag));
        fill(self);
        self.parts.push(PagePart::Close);
    }

    fn line_in(&mut self, tag: PageTag, line: &[Inline]) {
        self.within(tag, |page| page.line(line));
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(&block.kind);
        }
    }

    fn block(&mut self, kind: &BlockKind) {
        match kind {
            BlockKind::Heading { level, content } => {
                self.line_in(PageTag::Heading { level: *level }, content);
            }
            BlockKind::Paragraph(content) => self.line_in(PageTag::Paragraph, content),
            BlockKind::Quote(blocks) => self.within(PageTag::Quote, |page| page.blocks(blocks)),
            BlockKind::Callout {
                kind,
                title,
                blocks,
            } => {
                let (kind, title) = (kind.as_str().to_owned(), title.clone());
                self.within(PageTag::Callout { kind, title }, |page| page.blocks(blocks));
            }
            BlockKind::List(list) => self.list(list),
            BlockKind::Code { lang, text } => self.parts.push(PagePart::CodeBlock {
                lang: lang.clone(),
                text: text.clone(),
            }),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(image) => self.parts.push(PagePart::Figure {
                b3: hash(image),
                alt: image.alt.clone(),
                caption: image.caption.clone(),
            }),
            BlockKind::Media { kind, image } => self.parts.push(PagePart::Media {
                is_video: *kind == MediaKind::Video,
                b3: hash(image),
                poster: image
                    .recording()
                    .and_then(|recording| recording.poster)
                    .map(|b3| b3.to_string()),
                name: image.alt.clone(),
                caption: image.caption.clone(),
            }),
            BlockKind::Embed(to) => self.parts.push(PagePart::Embed {
                href: to.href().to_owned(),
                host: to.host().unwrap_or_default().to_owned(),
            }),
            BlockKind::Rule => self.parts.push(PagePart::Rule),
            // Where it stood is nothing that a reader sees.
            BlockKind::Paywall => {}
        }
    }

    fn list(&mut self, list: &List) {
        self.within(PageTag::List { start: list.start }, |page| {
            for item in &list.items {
                let tag = PageTag::Item {
                    is_done: item.is_done,
                };
                page.within(tag, |page| match list.is_tight {
                    true => item.blocks.iter().for_each(|block| page.tight(block)),
                    false => page.blocks(&item.blocks),
                });
            }
        });
    }

    /// A paragraph without room around it is its line.
    fn tight(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Paragraph(content) => self.line(content),
            kind => self.block(kind),
        }
    }

    fn table(&mut self, table: &Table) {
        self.within(PageTag::Table, |page| {
            page.row(true, &table.head, &table.aligns);
            for row in &table.rows {
                page.row(false, row, &table.aligns);
            }
        });
    }

    fn row(&mut self, is_head: bool, cells: &[Vec<Inline>], aligns: &[Align]) {
        self.within(PageTag::Row { is_head }, |page| {
            for (cell, align) in cells.iter().zip(aligns) {
                let align = match align {
                    Align::Unset => CellAlign::Unset,
                    Align::Left => CellAlign::Left,
                    Align::Center => CellAlign::Center,
                    Align::Right => CellAlign::Right,
                };
                page.line_in(PageTag::Cell { align }, cell);
            }
        });
    }

    fn footnote(&mut self, number: u32, footnote: &Footnote) {
        self.within(PageTag::Footnote { number }, |page| {
            page.blocks(&footnote.blocks);
        });
    }

    fn line(&mut self, line: &[Inline]) {
        for inline in line {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.parts.push(PagePart::Text(text.clone())),
            Inline::Code(text) => self.parts.push(PagePart::Code(text.clone())),
            Inline::Break => self.parts.push(PagePart::Break),
            Inline::Emph(content) => self.line_in(PageTag::Emph, content),
            Inline::Strong(content) => self.line_in(PageTag::Strong, content),
            Inline::Strike(content) => self.line_in(PageTag::Strike, content),
            Inline::Link { to, content, .. } => {
                let tag = PageTag::Link {
                    href: to.href().to_owned(),
                    is_doubtful: to.doubt().is_some(),
                };
                self.line_in(tag, content);
            }
            Inline::DeadLink { content, .. } => self.line_in(PageTag::DeadLink, content),
            Inline::Mention { of, content, .. } => {
                let is_followed = match of {
                    Mention::Post(id) => (self.is_live)(*id),
                    Mention::Member(_) => false,
                };
                self.line_in(PageTag::Mention { is_followed }, content);
            }
            Inline::File { content, .. } => self.line_in(PageTag::File, content),
            Inline::Image(image) => self.parts.push(PagePart::Image {
                b3: hash(image),
                alt: image.alt.clone(),
                caption: image.caption.clone(),
            }),
            Inline::FootnoteRef { number, nth } => self.parts.push(PagePart::FootnoteRef {
                number: *number,
                nth: *nth,
            }),
        }
    }
}

/// The hash of the file that an image shows, if it is one of the draft's.
fn hash(image: &Image) -> Option<String> {
    let address: FileAddress = image.src.parse().ok()?;
    Some(address.b3.to_string())
}
