//! What a frame says.

use serde::{Deserialize, Serialize};
use stoa_domain::{DraftId, Timestamp};

use crate::ChangeKind;
use crate::table::outbox::{Entry, State};

/// A change as it is kept beside the database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Unsent {
    pub(crate) lid: i64,
    pub(crate) draft: DraftId,
    kind: String,
    title: String,
    pub(crate) name: String,
    version: u32,
    pub(crate) args: String,
    base: String,
    made_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failed: Option<Failed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    kept_back: bool,
}

/// That it was refused or set aside, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Failed {
    is_parked: bool,
    code: Option<String>,
}

impl Unsent {
    /// `None` when the server has accepted it.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        if entry.state == State::Applied {
            return None;
        }
        Some(Self {
            lid: entry.lid,
            draft: entry.draft,
            kind: entry.kind.as_str().to_owned(),
            title: entry.title.clone(),
            name: entry.name.clone(),
            version: entry.version,
            args: entry.args.clone(),
            base: entry.base.clone(),
            made_at: entry.made_at,
            failed: entry.state.is_failed().then(|| Failed {
                is_parked: entry.state == State::Parked,
                code: entry.code.clone(),
            }),
            needs: entry.needs.clone(),
            kept_back: entry.kept_back,
        })
    }

    /// The entry that is put back. It may have been sent: nothing is added to it any more, and it
    /// gets another number. `None` when a newer program wrote it.
    pub(crate) fn entry(&self, now: Timestamp) -> Option<Entry> {
        let state = match &self.failed {
            None => State::Pending,
            Some(failed) if failed.is_parked => State::Parked,
            Some(_) => State::Rejected,
        };
        Some(Entry {
            lid: self.lid,
            mid: None,
            draft: self.draft,
            kind: ChangeKind::parse(&self.kind)?,
            title: self.title.clone(),
            name: self.name.clone(),
            version: self.version,
            args: self.args.clone(),
            base: self.base.clone(),
            size: i64::try_from(self.args.len()).unwrap_or(i64::MAX),
            state,
            code: self.failed.as_ref().and_then(|failed| failed.code.clone()),
            seq: None,
            spans: None,
            made_at: self.made_at,
            acked_at: self.failed.as_ref().map(|_| now),
            needs: self.needs.clone(),
            kept_back: self.kept_back,
            hold_ms: 0,
            was_sent: true,
        })
    }
}

/// What one commit changed, or a piece of the base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Frame {
    /// Which line of commits this is. Another one begins when database and file part.
    pub(crate) line: String,
    /// The count of the commit.
    pub(crate) n: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base: Option<BasePiece>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) put: Vec<Unsent>,
    /// Accepted by the server, or taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) gone: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BasePiece {
    /// The last place that was ever given. What has one up to it and is not in the base was
    /// accepted or taken back before.
    pub(crate) last_lid: i64,
    pub(crate) is_last: bool,
}
