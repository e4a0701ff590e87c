//! Why a change was refused, for good.

use serde::{Deserialize, Serialize};

/// Why a mutation will never be applied. Each code has a text in both languages
/// (`reject-<code>` with dashes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectCode {
    /// The role of the person at arrival does not allow it.
    NotAllowed,
    /// The thing it changes does not exist (any more).
    NotFound,
    /// The draft was deleted for good.
    Deleted,
    /// A thing with this id exists already.
    AlreadyExists,
    /// The word belongs to another tag already.
    WordTaken,
    /// Both sides changed a guarded field; both values are kept.
    Conflict,
    /// Somebody decided before; this decision is kept as a second opinion.
    AlreadyDecided,
    /// The contents break a rule (length, form, checksum).
    Invalid,
    /// The server does not know this mutation or version.
    Unknown,
    /// It said until when it was wanted, and arrived later.
    TooLate,
    /// It made the server fail again and again and was set aside.
    Parked,
    /// The role has been lowered or taken away since the session began; the server keeps the change
    /// for an owner to decide about.
    Proposed,
}

impl RejectCode {
    /// Every code, for tests that check its texts.
    pub const ALL: [RejectCode; 12] = [
        RejectCode::NotAllowed,
        RejectCode::NotFound,
        RejectCode::Deleted,
        RejectCode::AlreadyExists,
        RejectCode::WordTaken,
        RejectCode::Conflict,
        RejectCode::AlreadyDecided,
        RejectCode::Invalid,
        RejectCode::Unknown,
        RejectCode::TooLate,
        RejectCode::Parked,
        RejectCode::Proposed,
    ];

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            RejectCode::NotAllowed => "not_allowed",
            RejectCode::NotFound => "not_found",
            RejectCode::Deleted => "deleted",
            RejectCode::AlreadyExists => "already_exists",
            RejectCode::WordTaken => "word_taken",
            RejectCode::Conflict => "conflict",
            RejectCode::AlreadyDecided => "already_decided",
            RejectCode::Invalid => "invalid",
            RejectCode::Unknown => "unknown",
            RejectCode::TooLate => "too_late",
            RejectCode::Parked => "parked",
            RejectCode::Proposed => "proposed",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(name: &str) -> Option<RejectCode> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }
}

/// A refusal: its code and, where one field is to blame, that field's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    pub code: RejectCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Reject {
    /// A refusal that blames no single field.
    pub fn new(code: RejectCode) -> Self {
        Self { code, field: None }
    }

    /// A refusal because of one field.
    pub fn field(code: RejectCode, field: &str) -> Self {
        Self {
            code,
            field: Some(field.to_owned()),
        }
    }
}
