//! What every reader makes of an export, whatever program wrote it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use stoa_domain::Tag;

use crate::courses::ImportedCourse;
use crate::link;

/// Everything an export holds, and what could not be taken over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    pub posts: Vec<ImportedPost>,
    /// Tags with other words for them.
    pub tags: Vec<(Tag, Vec<Tag>)>,
    /// What stands in courses and columns, in its order.
    pub courses: Vec<ImportedCourse>,
    pub problems: Vec<Problem>,
}

/// One post. Times are milliseconds since 1970 in UTC.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportedPost {
    /// The same each time the same export is read.
    pub source_id: String,
    pub title: String,
    /// Stoa's Markdown. Files of the source are `stoa:file/…`, other posts of it `stoa:post/…`; see
    /// [`crate::file_link`] and [`crate::post_link`].
    pub markdown: String,
    pub kind: Kind,
    pub status: Status,
    pub access: Access,
    /// Whether it can be bought by itself, beside what `access` says.
    pub is_sold_singly: bool,
    pub slug: Option<String>,
    pub tags: Vec<String>,
    pub excerpt: Option<String>,
    pub feature_image: Option<FileRef>,
    pub canonical_url: Option<String>,
    /// When a live session begins, how long it lasts, and where one joins.
    pub starts_at: Option<i64>,
    pub lasts_minutes: Option<u64>,
    pub join_link: Option<String>,
    /// What is left of a live session: its file and what is known of it, as the Markdown names a
    /// recording.
    pub recording: Option<String>,
    /// What search engines show instead of title and excerpt.
    pub search_title: Option<String>,
    pub search_description: Option<String>,
    pub authors: Vec<String>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    /// Every file the text or the feature image names, once each.
    pub files: Vec<FileRef>,
    /// Fields that Stoa has no place for, as they were.
    pub unknown: BTreeMap<String, Value>,
}

/// What the post seems to be; only a hint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Article,
    Page,
    Audio,
    Video,
    Gallery,
    Course,
    Column,
    Live,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Status {
    #[default]
    Draft,
    Scheduled {
        at: i64,
    },
    Published {
        at: Option<i64>,
    },
}

/// Who may read the post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    #[default]
    Public,
    /// Whoever is signed in.
    Registered,
    /// Whoever pays, whatever for.
    Paid,
    /// Members of these tiers, by name.
    Tiers(Vec<String>),
    /// Nobody but the authors: private, or behind a password.
    Nobody,
}

/// Readers who have no name of their own there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readers {
    /// Whoever is signed in.
    Registered,
    /// Whoever pays, whatever for.
    Paid,
    /// Nobody but the authors.
    Nobody,
}

impl Readers {
    /// Those of a post; `None` where everybody reads it, or tiers with names do.
    pub fn of(access: &Access) -> Option<Self> {
        match access {
            Access::Registered => Some(Self::Registered),
            Access::Paid => Some(Self::Paid),
            Access::Nobody => Some(Self::Nobody),
            Access::Public | Access::Tiers(_) => None,
        }
    }
}

/// A file that a post names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRef {
    /// An entry of the source, by its path there.
    Entry(String),
    /// Somewhere else. It is listed, never fetched.
    Remote(String),
}

impl FileRef {
    /// How the Markdown names it.
    pub fn destination(&self) -> String {
        match self {
            FileRef::Entry(path) => link::file_link(path),
            FileRef::Remote(url) => url.clone(),
        }
    }
}

/// Something that was not taken over as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub place: Place,
    pub code: ProblemCode,
    /// For the log and for whoever asks for details; not translated.
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The post is there, something of it is not.
    Warning,
    /// The post or file is not there.
    Error,
}

/// Where a problem is. All of it may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub file: Option<String>,
    /// Counted from one.
    pub line: Option<usize>,
    /// The source id of the post.
    pub post: Option<String>,
}

impl Place {
    pub(crate) fn file(path: &str) -> Place {
        Place {
            file: Some(path.to_owned()),
            ..Place::default()
        }
    }

    pub(crate) fn line(path: &str, line: usize) -> Place {
        Place {
            line: Some(line),
            ..Place::file(path)
        }
    }

    pub(crate) fn post(source_id: &str) -> Place {
        Place {
            post: Some(source_id.to_owned()),
            ..Place::default()
        }
    }
}

/// What a problem is about; the window has a text for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// An entry's name would leave the folder.
    UnsafeName,
    TooLarge,
    /// It unpacks to far more than it is, or its size is a lie.
    Bomb,
    Unreadable,
    /// No text in an encoding that is known.
    NotText,
    /// The fields at the top of a note are no YAML or TOML; they are kept as they are.
    BadFrontMatter,
    BadDate,
    BadPost,
    /// The text names a file that the source does not have.
    MissingFile,
    /// A link to a note that the source does not have; its text is kept.
    MissingNote,
    /// Several files or notes go by this name; the first is taken.
    AmbiguousName,
    /// Nested deeper than is kept; the text is there.
    TooDeep,
    /// A part Stoa has no form for; its text is kept.
    Simplified,
    /// Protected by a password that Stoa does not take over.
    Password,
    /// The export ends in the middle; what came before is there.
    Truncated,
    /// Two posts have one id; the second is left out.
    DuplicateId,
    /// What the other program had thrown away, or has and Stoa does not.
    LeftOut,
    /// There are more than are listed.
    MoreProblems,
}

impl ProblemCode {
    /// Every code, for the test of its texts.
    pub const ALL: [ProblemCode; 18] = [
        ProblemCode::UnsafeName,
        ProblemCode::TooLarge,
        ProblemCode::Bomb,
        ProblemCode::Unreadable,
        ProblemCode::NotText,
        ProblemCode::BadFrontMatter,
        ProblemCode::BadDate,
        ProblemCode::BadPost,
        ProblemCode::MissingFile,
        ProblemCode::MissingNote,
        ProblemCode::AmbiguousName,
        ProblemCode::TooDeep,
        ProblemCode::Simplified,
        ProblemCode::Password,
        ProblemCode::Truncated,
        ProblemCode::DuplicateId,
        ProblemCode::LeftOut,
        ProblemCode::MoreProblems,
    ];
}

const MAX_PROBLEMS: usize = 10_000;
const MAX_DETAIL_BYTES: usize = 300;

/// Problems as they are found.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    pub(crate) fn warn(&mut self, place: Place, code: ProblemCode, detail: impl Into<String>) {
        self.push(Severity::Warning, place, code, detail.into());
    }

    pub(crate) fn error(&mut self, place: Place, code: ProblemCode, detail: impl Into<String>) {
        self.push(Severity::Error, place, code, detail.into());
    }

    fn push(&mut self, severity: Severity, place: Place, code: ProblemCode, mut detail: String) {
        if self.0.len() >= MAX_PROBLEMS {
            return;
        }
        if self.0.len() + 1 == MAX_PROBLEMS {
            self.0.push(Problem {
                severity: Severity::Error,
                place: Place::default(),
                code: ProblemCode::MoreProblems,
                detail: format!("only {MAX_PROBLEMS} are listed"),
            });
            return;
        }
        detail.truncate(detail.floor_char_boundary(MAX_DETAIL_BYTES));
        self.0.push(Problem {
            severity,
            place,
            code,
            detail,
        });
    }
}
