//! Writes the tree as HTML; everything that comes from the text is escaped.

use std::borrow::Cow;
use std::collections::HashMap;

use stoa_domain::{BlobHash, FileAddress, MediaKind, Recording};

use super::{HtmlOptions, HtmlProfile, styles};
use crate::Checked;
use crate::document::{
    Align, Block, BlockKind, CalloutKind, Document, Footnote, Image, Inline, Item, List, Table,
    text_of,
};
use crate::statistics::{Heading, outline};

pub(super) fn write(document: &Document, options: &HtmlOptions<'_>) -> String {
    let mut writer = Writer {
        options,
        footnotes: &document.footnotes,
        headings: outline(document).into_iter(),
        out: String::new(),
        references: Vec::new(),
        numbers: HashMap::new(),
    };
    if options.profile == HtmlProfile::Page {
        writer.open("div", &[("lang", options.lang)]);
        writer.blocks(&document.blocks);
        writer.footnotes();
        writer.close("div");
    } else {
        writer.blocks(&document.blocks);
        writer.references();
    }
    writer.out
}

/// What a number in a 公众号 text stands for.
#[derive(Clone)]
pub(super) enum Reference<'a> {
    Link(&'a [Inline], Cow<'a, str>),
    Footnote(&'a Footnote),
}

pub(super) struct Writer<'a> {
    pub(super) options: &'a HtmlOptions<'a>,
    pub(super) footnotes: &'a [Footnote],
    headings: std::vec::IntoIter<Heading>,
    pub(super) out: String,
    pub(super) references: Vec<Reference<'a>>,
    /// The number of each address or footnote that was referred to.
    pub(super) numbers: HashMap<String, usize>,
}

impl<'a> Writer<'a> {
    pub(super) fn is_wechat(&self) -> bool {
        self.options.profile == HtmlProfile::WeChat
    }

    /// A 公众号 keeps no attributes but the style and where a list starts.
    pub(super) fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        let style = if self.is_wechat() {
            styles::of(tag)
        } else {
            ""
        };
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            if !self.is_wechat() || *name == "start" {
                self.attribute(name, value);
            }
        }
        if !style.is_empty() {
            self.attribute("style", style);
        }
        self.out.push('>');
    }

    pub(super) fn open_styled(&mut self, tag: &str, style: &str) {
        self.out.push('<');
        self.out.push_str(tag);
        self.attribute("style", style);
        self.out.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.text(value);
        self.out.push('"');
    }

    pub(super) fn close(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    pub(super) fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                c => self.out.push(c),
            }
        }
    }

    pub(super) fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &'a Block) {
        match &block.kind {
            BlockKind::Heading { level, content } => self.heading(*level, content),
            BlockKind::Paragraph(content) => self.paragraph("", content),
            BlockKind::Quote(blocks) => {
                self.open("blockquote", &[]);
                self.blocks(blocks);
                self.close("blockquote");
            }
            BlockKind::Callout {
                kind,
                title,
                blocks,
            } => self.callout(*kind, title.as_deref(), blocks),
            BlockKind::List(list) => self.list(list),
            BlockKind::Code { lang, text } => self.code(lang.as_deref(), text),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(image) => self.figure(image),
            BlockKind::Media { kind, image } => self.media(*kind, image),
            BlockKind::Embed(to) => self.embed(to),
            BlockKind::Rule => self.open("hr", &[]),
            BlockKind::Paywall => {}
        }
    }

    fn heading(&mut self, level: u8, content: &'a [Inline]) {
        let id = self
            .headings
            .next()
            .map(|heading| heading.id)
            .unwrap_or_default();
        let tag = format!("h{level}");
        self.open(&tag, &[("id", &id)]);
        self.line(content);
        self.close(&tag);
    }

    fn paragraph(&mut self, before: &str, content: &'a [Inline]) {
        self.open("p", &[]);
        self.text(before);
        self.line(content);
        self.close("p");
    }

    fn callout(&mut self, kind: CalloutKind, title: Option<&str>, blocks: &'a [Block]) {
        let tag = if self.is_wechat() { "section" } else { "aside" };
        if self.is_wechat() {
            self.open_styled(tag, &styles::callout(kind));
        } else {
            let class = format!("callout callout-{}", kind.as_str());
            self.open(tag, &[("class", &class)]);
        }
        if let Some(title) = title {
            self.open("p", &[("class", "callout-title")]);
            self.open("strong", &[]);
            self.text(title);
            self.close("strong");
            self.close("p");
        }
        self.blocks(blocks);
        self.close(tag);
    }

    fn list(&mut self, list: &'a List) {
        let start = list.start.map(|start| start.to_string());
        let tag = if start.is_some() { "ol" } else { "ul" };
        match start.as_deref() {
            Some(start) if start != "1" => self.open(tag, &[("start", start)]),
            None if list.items.iter().any(|item| item.is_done.is_some()) => {
                self.open(tag, &[("class", "tasks")])
            }
            _ => self.open(tag, &[]),
        }
        for item in &list.items {
            self.open("li", &[]);
            self.item(item, list.is_tight);
            self.close("li");
        }
        self.close(tag);
    }

    fn item(&mut self, item: &'a Item, is_tight: bool) {
        let mut mark = match item.is_done {
            Some(true) => "☑ ",
            Some(false) => "☐ ",
            None => "",
        };
        for block in &item.blocks {
            match &block.kind {
                BlockKind::Paragraph(content) if is_tight => {
                    self.text(mark);
                    self.line(content);
                }
                BlockKind::Paragraph(content) => self.paragraph(mark, content),
                _ => {
                    self.text(mark);
                    self.block(block);
                }
            }
            mark = "";
        }
        self.text(mark);
    }

    fn code(&mut self, lang: Option<&str>, text: &str) {
        match lang {
            Some(lang) => self.open("pre", &[("data-language", lang)]),
            None => self.open("pre", &[]),
        }
        self.open("code", &[]);
        if self.is_wechat() {
            self.code_lines(text);
        } else {
            self.text(text);
        }
        self.close("code");
        self.close("pre");
    }

    /// A 公众号 folds line ends and leading blanks.
    fn code_lines(&mut self, text: &str) {
        for line in text.lines() {
            let code = line.trim_start_matches([' ', '\t']);
            for blank in line[..line.len() - code.len()].chars() {
                let width = if blank == '\t' { 4 } else { 1 };
                self.out.push_str(&"&nbsp;".repeat(width));
            }
            self.text(code);
            self.out.push_str("<br>");
        }
    }

    fn table(&mut self, table: &'a Table) {
        self.open("table", &[]);
        self.open("thead", &[]);
        self.row("th", &table.head, &table.aligns);
        self.close("thead");
        if !table.rows.is_empty() {
            self.open("tbody", &[]);
            for row in &table.rows {
                self.row("td", row, &table.aligns);
            }
            self.close("tbody");
        }
        self.close("table");
    }

    fn row(&mut self, tag: &str, cells: &'a [Vec<Inline>], aligns: &[Align]) {
        self.open("tr", &[]);
        for (at, cell) in cells.iter().enumerate() {
            let align = match aligns.get(at) {
                Some(Align::Left) => "left",
                Some(Align::Center) => "center",
                Some(Align::Right) => "right",
                Some(Align::Unset) | None => "",
            };
            if align.is_empty() {
                self.open(tag, &[]);
            } else if self.is_wechat() {
                self.open_styled(tag, &format!("{};text-align:{align}", styles::of(tag)));
            } else {
                self.open(tag, &[("align", align)]);
            }
            self.line(cell);
            self.close(tag);
        }
        self.close("tr");
    }

    fn figure(&mut self, image: &Image) {
        let tag = if self.is_wechat() {
            "section"
        } else {
            "figure"
        };
        self.open(tag, &[]);
        self.image(image);
        self.caption(&image.caption);
        self.close(tag);
    }

    fn caption(&mut self, caption: &str) {
        if caption.is_empty() {
            return;
        }
        let tag = if self.is_wechat() { "p" } else { "figcaption" };
        if self.is_wechat() {
            self.open_styled(tag, styles::CAPTION);
        } else {
            self.open(tag, &[]);
        }
        self.text(caption);
        self.close(tag);
    }

    fn image(&mut self, image: &Image) {
        let Some(source) = (self.options.source)(&image.src) else {
            return self.missing(&image.alt);
        };
        self.out.push_str("<img");
        self.attribute("src", &source);
        self.attribute("alt", &image.alt);
        if self.is_wechat() {
            self.attribute("style", styles::of("img"));
        } else {
            self.attribute("loading", "lazy");
        }
        self.out.push('>');
    }

    fn missing(&mut self, words: &str) {
        self.open("span", &[("class", "missing")]);
        self.text(words);
        self.close("span");
    }

    /// A 公众号 plays only what was given to it by itself.
    fn media(&mut self, kind: MediaKind, image: &Image) {
        let source = (self.options.source)(&image.src).filter(|_| !self.is_wechat());
        let tag = if self.is_wechat() {
            "section"
        } else {
            "figure"
        };
        self.open(tag, &[]);
        match source {
            Some(source) => self.player(kind, image, &source),
            None => self.missing(&image.alt),
        }
        self.caption(&image.caption);
        self.close(tag);
    }

    fn player(&mut self, kind: MediaKind, image: &Image, source: &str) {
        let recording = image.recording();
        let file = |b3: Option<BlobHash>| (self.options.source)(&FileAddress::of(b3?).to_string());
        let of =
            |which: fn(&Recording) -> Option<BlobHash>| file(recording.as_ref().and_then(which));
        let poster = of(|recording| recording.poster);
        let tracks = [
            ("chapters", of(|recording| recording.chapters)),
            ("captions", of(|recording| recording.transcript)),
        ];
        let size = recording.as_ref().and_then(|recording| recording.size);
        let size = size.map(|(width, height)| (width.to_string(), height.to_string()));
        let mut attributes = vec![("src", source), ("controls", ""), ("preload", "none")];
        if kind == MediaKind::Video {
            attributes.extend(poster.as_deref().map(|poster| ("poster", poster)));
            if let Some((width, height)) = &size {
                attributes.extend([("width", width.as_str()), ("height", height)]);
            }
        }
        let tag = match kind {
            MediaKind::Audio => "audio",
            MediaKind::Video => "video",
        };
        self.open(tag, &attributes);
        for (kind, source) in &tracks {
            if let Some(source) = source {
                let attributes = [
                    ("kind", *kind),
                    ("src", source),
                    ("srclang", self.options.lang),
                ];
                self.open("track", &attributes);
            }
        }
        self.text(&image.alt);
        self.close(tag);
    }

    fn embed(&mut self, to: &Checked) {
        self.open("p", &[]);
        if self.is_wechat() {
            self.text(to.href());
        } else {
            self.open("a", &[("class", "embed"), ("href", to.href())]);
            self.text(to.href());
            self.close("a");
        }
        self.close("p");
    }

    pub(super) fn line(&mut self, content: &'a [Inline]) {
        for inline in content {
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::Emph(content)
                if self.is_wechat() && text_of(content).chars().any(stoa_domain::is_han) =>
            {
                self.open_styled("em", styles::WEIGHT);
                self.line(content);
                self.close("em");
            }
            Inline::Emph(content) => self.element("em", &[], content),
            Inline::Strong(content) => self.element("strong", &[], content),
            Inline::Strike(content) => self.element("del", &[], content),
            Inline::Code(text) => {
                self.open("code", &[]);
                self.text(text);
                self.close("code");
            }
            Inline::Link {
                to, title, content, ..
            } => self.link(to, title, content),
            Inline::DeadLink { content, .. } => self.line(content),
            Inline::Mention { of, content, .. } => self.mention(*of, content),
            Inline::File { b3, content, .. } => self.file(*b3, content),
            Inline::Image(image) => self.image(image),
            Inline::FootnoteRef { number, nth } => self.footnote_reference(*number, *nth),
            Inline::Break => self.out.push_str("<br>"),
        }
    }

    pub(super) fn element(
        &mut self,
        tag: &str,
        attributes: &[(&str, &str)],
        content: &'a [Inline],
    ) {
        self.open(tag, attributes);
        self.line(content);
        self.close(tag);
    }
}
