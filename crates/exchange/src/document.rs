//! A text between formats: what HTML and Word become before they are Markdown.

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    Paragraph(Vec<Inline>),
    Heading(u8, Vec<Inline>),
    Quote(Vec<Block>),
    /// A quote with a kind: `NOTE`, `TIP`, …
    Callout(&'static str, Vec<Block>),
    List {
        /// The number of the first item; `None` for bullets.
        start: Option<u32>,
        items: Vec<Item>,
    },
    Code {
        language: String,
        text: String,
    },
    /// Rows of cells; the first row is the heading.
    Table(Vec<Vec<Vec<Inline>>>),
    Rule,
    Paywall,
    Footnote(String, Vec<Block>),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Item {
    /// Whether it is a task, and done.
    pub(crate) task: Option<bool>,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Inline {
    Text(String),
    Marked(Mark, Vec<Inline>),
    Code(String),
    Link {
        destination: String,
        text: Vec<Inline>,
    },
    /// A picture, or another file shown in its place.
    Image {
        source: String,
        alt: String,
        caption: String,
    },
    Break,
    FootnoteRef(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Strong,
    Emphasis,
    Strike,
}

impl Mark {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Mark::Strong => "**",
            Mark::Emphasis => "*",
            Mark::Strike => "~~",
        }
    }
}

/// The words of a run, without marks.
pub(crate) fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    collect(inlines, &mut out);
    out
}

fn collect(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Marked(_, inner) | Inline::Link { text: inner, .. } => collect(inner, out),
            Inline::Image { alt, .. } => out.push_str(alt),
            Inline::Break => out.push('\n'),
            Inline::FootnoteRef(_) => {}
        }
    }
}
