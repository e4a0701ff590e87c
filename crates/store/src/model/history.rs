//! What happened between this computer and the server.

use stoa_domain::Timestamp;

use super::ChangeText;

/// What happened between this computer and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryKind {
    Pushed,
    Pulled,
    Rejected,
    Discarded,
    Retried,
    Offline,
    Online,
    SignedIn,
    SignedOut,
    Merged,
    Restored,
    /// A change of somebody else's text could not be read and was set aside.
    SetAside,
    /// The same thing was changed here and elsewhere.
    Conflict,
    /// A conflict was decided.
    Resolved,
    /// A step was taken back before it was sent.
    Undone,
    /// What the database had lost came back from the second copy.
    PutBack,
}

impl HistoryKind {
    /// Every kind.
    pub const ALL: [HistoryKind; 16] = [
        HistoryKind::Pushed,
        HistoryKind::Pulled,
        HistoryKind::Rejected,
        HistoryKind::Discarded,
        HistoryKind::Retried,
        HistoryKind::Offline,
        HistoryKind::Online,
        HistoryKind::SignedIn,
        HistoryKind::SignedOut,
        HistoryKind::Merged,
        HistoryKind::Restored,
        HistoryKind::SetAside,
        HistoryKind::Conflict,
        HistoryKind::Resolved,
        HistoryKind::Undone,
        HistoryKind::PutBack,
    ];

    /// The name in texts and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            HistoryKind::Pushed => "pushed",
            HistoryKind::Pulled => "pulled",
            HistoryKind::Rejected => "rejected",
            HistoryKind::Discarded => "discarded",
            HistoryKind::Retried => "retried",
            HistoryKind::Offline => "offline",
            HistoryKind::Online => "online",
            HistoryKind::SignedIn => "signed_in",
            HistoryKind::SignedOut => "signed_out",
            HistoryKind::Merged => "merged",
            HistoryKind::Restored => "restored",
            HistoryKind::SetAside => "set_aside",
            HistoryKind::Conflict => "conflict",
            HistoryKind::Resolved => "resolved",
            HistoryKind::Undone => "undone",
            HistoryKind::PutBack => "put_back",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    pub at: Timestamp,
    pub kind: HistoryKind,
    pub n: u64,
    pub text: Option<ChangeText>,
    /// The Markdown that was on the screen before, where an entry took text away.
    pub kept_markdown: Option<String>,
}
