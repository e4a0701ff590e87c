//! What was changed here and elsewhere at the same time, and what a person makes of it.

use stoa_domain::{DraftId, Timestamp};
use stoa_markdown::{Hunk, compose, versions};

/// What kind of thing two sides changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictKind {
    /// One guarded field; the change from here was refused.
    Field,
    /// Paragraphs of a text; both were merged, and somebody should look at what became of it.
    Text,
}

impl ConflictKind {
    /// The name in texts and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Text => "text",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Field, Self::Text]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// How a conflict was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    Mine,
    Theirs,
    /// Something third, or a choice for each paragraph.
    Written,
    /// Both sides came to the same by themselves.
    Same,
}

impl Settlement {
    /// The name in texts and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Theirs => "theirs",
            Self::Written => "written",
            Self::Same => "same",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Mine, Self::Theirs, Self::Written, Self::Same]
            .into_iter()
            .find(|choice| choice.as_str() == name)
    }
}

/// That a conflict is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    pub at: Timestamp,
    pub by: Settlement,
}

/// What a person decides. Both versions stay in the record whatever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Mine,
    Theirs,
    /// The whole value or text.
    Written(String),
}

impl Decision {
    pub(crate) fn settlement(&self) -> Settlement {
        match self {
            Self::Mine => Settlement::Mine,
            Self::Theirs => Settlement::Theirs,
            Self::Written(_) => Settlement::Written,
        }
    }
}

/// A conflict with the versions as they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub id: i64,
    pub kind: ConflictKind,
    pub draft: DraftId,
    /// The draft's title when it was found.
    pub title: String,
    /// The column; empty for a text.
    pub field: String,
    /// What both come from.
    pub base: String,
    pub mine: String,
    /// `None` until the server has told it.
    pub theirs: Option<String>,
    /// A text as it was put together from both; empty for a field.
    pub merged: String,
    pub seen_at: Timestamp,
    pub settled: Option<Settled>,
}

impl Conflict {
    /// A text stretch by stretch.
    pub fn hunks(&self) -> Vec<Hunk> {
        let theirs = self.theirs.as_deref().unwrap_or(&self.base);
        versions(&self.base, &self.mine, theirs)
    }

    /// The whole value or text that a decision asks for. Where only one side changed a paragraph,
    /// that change stays.
    pub fn decided(&self, decision: &Decision) -> String {
        match (decision, self.kind) {
            (Decision::Written(text), _) => text.clone(),
            (Decision::Mine, ConflictKind::Field) => self.mine.clone(),
            (Decision::Theirs, ConflictKind::Field) => {
                self.theirs.clone().unwrap_or_else(|| self.base.clone())
            }
            (_, ConflictKind::Text) => {
                let hunks = self.hunks();
                let theirs = *decision == Decision::Theirs;
                compose(hunks.iter().map(|hunk| match theirs && hunk.is_clash() {
                    true => hunk.theirs.as_str(),
                    false => hunk.settled(),
                }))
            }
        }
    }
}
