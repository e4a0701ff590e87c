//! A draft as its readers will see it, what to look at before they do, and a copy for elsewhere.

use serde::{Deserialize, Serialize};
use stoa_domain::{DraftId, TierKey, Timestamp};

/// Asks how a draft looks to somebody, as it is now. `not_found` for a draft that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewDraft {
    pub id: DraftId,
    pub reader: PreviewReader,
    /// So many days ago the reader joined and got what they have.
    #[serde(default)]
    pub joined_days_ago: u16,
    /// Whether the reader has finished what a lesson asks to be finished first.
    #[serde(default)]
    pub has_finished: bool,
}

/// Somebody who reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum PreviewReader {
    /// Without an account in the community.
    #[default]
    Anybody,
    /// With an account and nothing else.
    Registered,
    Tier {
        tier: TierKey,
    },
    /// Who bought this one and, of a lesson, the course.
    Buyer,
}

/// What one reader gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPreview {
    pub title: String,
    /// What stands below the title in lists.
    pub teaser: String,
    /// The hash of the image that stands for it.
    pub cover: Option<String>,
    /// Whether all of it is open to this reader.
    pub is_open: bool,
    /// When a lesson opens for this reader, where nothing but the time is missing.
    pub opens_at: Option<Timestamp>,
    /// So many days a lesson stays closed to this reader after they joined, however long ago that
    /// is; absent where it waits for no days.
    pub opens_after_days: Option<u16>,
    /// The title of the lesson that this reader is to finish first.
    pub opens_after: Option<String>,
    /// The same, whether they have finished it or not; absent where nothing is asked of them.
    pub asks_for: Option<String>,
    /// Whether the text is made of more marks than can be drawn: it is given as it is written.
    pub is_plain: bool,
    /// When a live session is, and what of it is open to this reader now.
    pub live: Option<LivePreview>,
    /// What this reader may read, and nothing else.
    pub parts: Vec<PagePart>,
}

/// What one reader knows of a live session, by the clock of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePreview {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Where this reader joins.
    pub join_link: Option<String>,
    /// Whether this reader can play what is left of it.
    pub has_recording: bool,
}

/// A page in the order in which it is read. What is opened is closed again, in reverse order; as
/// a list, so that no depth of quotes in quotes is a depth of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PagePart {
    Open(PageTag),
    Close,
    Text(String),
    Code(String),
    /// A line ends.
    Break,
    CodeBlock {
        lang: Option<String>,
        text: String,
    },
    Rule,
    /// By the hash of the file, absent for one that is not attached.
    Image {
        b3: Option<String>,
        alt: String,
        caption: String,
    },
    /// Alone in its paragraph.
    Figure {
        b3: Option<String>,
        alt: String,
        caption: String,
    },
    /// A recording; `poster` is the hash of the picture that stands for a film.
    Media {
        is_video: bool,
        b3: Option<String>,
        poster: Option<String>,
        name: String,
        caption: String,
    },
    /// An address alone in its paragraph.
    Embed {
        href: String,
        host: String,
    },
    /// The `nth` reference to footnote `number`.
    FootnoteRef {
        number: u32,
        nth: u32,
    },
}

/// What holds other parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageTag {
    /// 1 to 6.
    Heading {
        level: u8,
    },
    Paragraph,
    Quote,
    /// `kind` is `note`, `tip`, `important`, `warning` or `caution`.
    Callout {
        kind: String,
        title: Option<String>,
    },
    /// Counted from `start`, or with bullets.
    List {
        start: Option<u32>,
    },
    /// `is_done` where it is a task.
    Item {
        is_done: Option<bool>,
    },
    Table,
    Row {
        is_head: bool,
    },
    Cell {
        align: CellAlign,
    },
    Emph,
    Strong,
    Strike,
    /// An address that was checked; `is_doubtful` where a reader should look twice.
    Link {
        href: String,
        is_doubtful: bool,
    },
    /// A link whose address is refused.
    DeadLink,
    /// `is_followed` where members can follow it: it mentions a post that they see.
    Mention {
        is_followed: bool,
    },
    /// The name of a file that readers keep.
    File,
    Footnotes,
    Footnote {
        number: u32,
    },
}

/// How the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellAlign {
    Unset,
    Left,
    Center,
    Right,
}

/// Asks what should be looked at before a draft goes to members, of its text and of what it mentions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDraft {
    pub id: DraftId,
}

/// How long a draft is, and what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftCheck {
    /// Han characters and words of other scripts.
    pub n_words: u64,
    /// Characters without spaces.
    pub n_chars: u64,
    pub n_images: u64,
    pub reading_seconds: u64,
    /// In the order of the text; at most 200.
    pub findings: Vec<DraftFinding>,
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftFinding {
    /// Where it stands, in UTF-16 code units, as the editor counts.
    pub at: u32,
    /// From 1.
    pub line: u32,
    /// The text `finding-<code>` says it.
    pub code: String,
    /// The line it stands in, shortened.
    pub quote: String,
}

/// Asks for a draft in a form that can be pasted elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyDraft {
    pub id: DraftId,
    pub form: CopyForm,
    /// What stands above the addresses at the end, in the language of the window.
    pub references: String,
}

/// Where a copy goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// The editor of a 公众号.
    WeChat,
    /// Any page.
    Page,
}

/// The same text twice, as a clipboard holds it. Images are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftCopy {
    pub html: String,
    pub plain: String,
    /// Images, recordings and other files that have to be put in by hand.
    pub n_files: u64,
}
