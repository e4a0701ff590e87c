//! A text as a tree of our own: what it may hold, and nothing else.

use std::ops::Range;

use stoa_domain::{BlobHash, DraftId, FileAddress, MediaKind, Recording, UserId};

use crate::{Checked, LinkTrouble};

/// A text that was read. No part of it is HTML, and no address in it was not checked, but for those
/// of images and media: they are only names until somebody finds the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub blocks: Vec<Block>,
    /// Those that the text refers to, in the order of the first reference: number 1 comes first.
    pub footnotes: Vec<Footnote>,
}

/// A block and where in the source it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub at: Range<usize>,
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// `level` is 1 to 6.
    Heading {
        level: u8,
        content: Vec<Inline>,
    },
    Paragraph(Vec<Inline>),
    Quote(Vec<Block>),
    /// A quote that begins with `[!NOTE]` or another kind; `title` is what stands behind it.
    Callout {
        kind: CalloutKind,
        title: Option<String>,
        blocks: Vec<Block>,
    },
    List(List),
    /// `lang` is the first word behind the fence.
    Code {
        lang: Option<String>,
        text: String,
    },
    Table(Table),
    /// An image alone in its paragraph.
    Figure(Image),
    /// A recording alone in its paragraph, written like an image.
    Media {
        kind: MediaKind,
        image: Image,
    },
    /// A bare http or https address alone in its paragraph, to be shown as a card.
    Embed(Checked),
    Rule,
    /// What follows is for those who paid.
    Paywall,
}

/// The kinds of callouts, as GitHub names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalloutKind {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

impl CalloutKind {
    /// The name in lower case, for classes and keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tip => "tip",
            Self::Important => "important",
            Self::Warning => "warning",
            Self::Caution => "caution",
        }
    }
}

/// Items, counted from `start` or with bullets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub start: Option<u32>,
    /// Items without room between them.
    pub is_tight: bool,
    pub items: Vec<Item>,
}

/// `is_done` is `None` in an item that is no task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub is_done: Option<bool>,
    pub blocks: Vec<Block>,
}

/// Every row has as many cells as there are `aligns`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub aligns: Vec<Align>,
    pub head: Vec<Vec<Inline>>,
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Unset,
    Left,
    Center,
    Right,
}

/// An image by its address as written: `attachment:` and a hash, or anything else. `caption` is
/// the title, empty without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub at: usize,
    pub src: String,
    pub alt: String,
    pub caption: String,
}

/// What a footnote says, and how often it is referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnote {
    pub name: String,
    pub n_references: u32,
    pub blocks: Vec<Block>,
}

/// What stands in a line. `at` is the byte of the source where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Emph(Vec<Inline>),
    Strong(Vec<Inline>),
    Strike(Vec<Inline>),
    Code(String),
    Link {
        at: usize,
        to: Checked,
        title: String,
        content: Vec<Inline>,
    },
    /// A link whose address is refused: only its content is shown.
    DeadLink {
        at: usize,
        trouble: LinkTrouble,
        content: Vec<Inline>,
    },
    Mention {
        at: usize,
        of: Mention,
        content: Vec<Inline>,
    },
    /// A file of the draft that readers keep: a link to `attachment:` and its hash.
    File {
        at: usize,
        b3: BlobHash,
        content: Vec<Inline>,
    },
    Image(Image),
    /// The `nth` reference to footnote `number`, both from 1.
    FootnoteRef {
        number: u32,
        nth: u32,
    },
    /// A line ends, as it does in the editor.
    Break,
}

/// Whom or what `stoa:member/<id>` and `stoa:post/<id>` name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mention {
    Member(UserId),
    Post(DraftId),
}

impl Mention {
    /// Reads the address of a link.
    pub fn parse(address: &str) -> Option<Self> {
        let (kind, id) = address.strip_prefix("stoa:")?.split_once('/')?;
        match kind {
            "member" => id.parse().ok().map(Self::Member),
            "post" => id.parse().ok().map(Self::Post),
            _ => None,
        }
    }
}

const AUDIO: &[&str] = &["mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac"];
const VIDEO: &[&str] = &["mp4", "m4v", "mov", "webm", "mkv", "ogv"];

impl Image {
    /// What its address says of it, where it is a recording of this community's own files.
    pub fn recording(&self) -> Option<Recording> {
        let address: FileAddress = self.src.parse().ok()?;
        address.recording
    }

    /// Whether it is a recording: by what its address says, or by the name in it. The address of an
    /// attachment has no name, so there the description is asked.
    pub fn media_kind(&self) -> Option<MediaKind> {
        if let Some(recording) = self.recording() {
            return Some(recording.form.kind());
        }
        let name = if self.src.starts_with("attachment:") {
            &self.alt
        } else {
            self.src.split(['?', '#']).next().unwrap_or_default()
        };
        let (_, extension) = name.rsplit_once('.')?;
        let is_in = |list: &[&str]| {
            list.iter()
                .any(|known| known.eq_ignore_ascii_case(extension))
        };
        if is_in(AUDIO) {
            Some(MediaKind::Audio)
        } else {
            is_in(VIDEO).then_some(MediaKind::Video)
        }
    }
}

/// The words of a line, with a line end for each break. Images count as what describes them.
pub(crate) fn text_of(content: &[Inline]) -> String {
    let mut out = String::new();
    push_text(content, &mut out);
    out
}

fn push_text(content: &[Inline], out: &mut String) {
    for inline in content {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Image(image) => out.push_str(&image.alt),
            Inline::Break => out.push('\n'),
            Inline::FootnoteRef { .. } => {}
            _ => push_text(inline.content(), out),
        }
    }
}

impl Inline {
    /// What it holds, if it holds anything.
    pub fn content(&self) -> &[Inline] {
        match self {
            Self::Emph(content)
            | Self::Strong(content)
            | Self::Strike(content)
            | Self::Link { content, .. }
            | Self::DeadLink { content, .. }
            | Self::Mention { content, .. }
            | Self::File { content, .. } => content,
            Self::Text(_)
            | Self::Code(_)
            | Self::Image(_)
            | Self::FootnoteRef { .. }
            | Self::Break => &[],
        }
    }
}

impl Block {
    /// The blocks inside it, in order.
    pub fn blocks(&self) -> Vec<&Block> {
        match &self.kind {
            BlockKind::Quote(blocks) | BlockKind::Callout { blocks, .. } => blocks.iter().collect(),
            BlockKind::List(list) => list.items.iter().flat_map(|item| &item.blocks).collect(),
            _ => Vec::new(),
        }
    }

    /// The lines that stand in it directly: one of a paragraph or heading, one of each cell.
    pub fn lines(&self) -> Vec<&[Inline]> {
        match &self.kind {
            BlockKind::Heading { content, .. } | BlockKind::Paragraph(content) => vec![content],
            BlockKind::Table(table) => {
                let rows = table.rows.iter().flatten();
                table.head.iter().chain(rows).map(Vec::as_slice).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Document {
    /// What is mentioned, each time with the byte of the source where it stands.
    pub fn mentions(&self) -> Vec<(usize, Mention)> {
        let mut found = Vec::new();
        self.visit(&mut |block| {
            for line in block.lines() {
                push_mentions(line, &mut found);
            }
        });
        found
    }

    /// Looks at every block, outer ones first, those of footnotes last.
    pub fn visit<'a>(&'a self, look: &mut impl FnMut(&'a Block)) {
        let notes = self.footnotes.iter().flat_map(|note| &note.blocks);
        for block in self.blocks.iter().chain(notes) {
            visit(block, look);
        }
    }
}

fn push_mentions(line: &[Inline], found: &mut Vec<(usize, Mention)>) {
    for inline in line {
        if let Inline::Mention { at, of, .. } = inline {
            found.push((*at, *of));
        }
        push_mentions(inline.content(), found);
    }
}

fn visit<'a>(block: &'a Block, look: &mut impl FnMut(&'a Block)) {
    look(block);
    for inner in block.blocks() {
        visit(inner, look);
    }
}
