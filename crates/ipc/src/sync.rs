//! What waits, what failed, what happened: the sync centre.

use serde::{Deserialize, Serialize};
use stoa_domain::{Content, ContentValues, DraftId, Timestamp};

use crate::{Comparison, FilesTrouble, PassedOver, StepText, TakenWord};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetSync {}

/// How the studio stands with its server. One label (`connection-<name>`) and one shape each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// This profile has no server.
    LocalOnly,
    /// Example data, never sent.
    Demo,
    Synced,
    Syncing,
    Offline,
    WaitingForSignIn,
    Paused,
    UpdateNeeded,
    /// The server's certificate is not the one that was trusted.
    ServerChanged,
    /// Another server answers at this address.
    OtherServer,
    /// This device was removed from the account.
    Revoked,
    /// Everything is being wiped from this device.
    Wiping,
    /// The server is there and cannot do it now.
    ServerTrouble,
    /// The server asked too often to fetch everything anew; sync pauses for an hour.
    TooManyResets,
    /// The account does not belong to the community any more.
    NotAMember,
    /// What the server sent would take much away and waits for consent; see `held`.
    RemovalHeld,
    /// All that waits waits for files that do not travel, see `files_held`.
    FilesHeld,
    /// A change was refused.
    Rejected,
    /// The same thing was changed here and elsewhere, and somebody has to decide.
    Conflict,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {
    pub connection: Connection,
    /// What somebody did and the server has not answered, one for each thing they meant to do.
    pub n_waiting: u64,
    /// How many of the changes that wait go by themselves: not those that somebody keeps back, nor
    /// those whose files do not travel.
    #[serde(default)]
    pub n_moving: u64,
    /// Changes that were refused and wait for a decision.
    pub n_failed: u64,
    /// Conflicts that wait for a decision.
    pub n_conflicts: u64,
    /// While syncing: how many of `n_total` are through.
    pub n_done: u64,
    pub n_total: u64,
    pub last_synced_at: Option<Timestamp>,
    /// When the next try starts by itself, while offline.
    pub next_try_at: Option<Timestamp>,
    /// While the connection is `removal_held`.
    #[serde(default)]
    pub held: Option<HeldRemoval>,
    /// Why changes wait for files that do not travel; whatever else keeps others.
    #[serde(default)]
    pub files_held: Option<FilesTrouble>,
}

/// So many of so many things would go from this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRemoval {
    /// Key `bucket-<name>`.
    pub bucket: String,
    pub n: u64,
    pub of: u64,
}

/// Agrees to what `held` says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowRemoval {}

/// Tries now, whatever the waiting time says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncNow {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseSync {
    pub paused: bool,
}

/// Pending or failed changes, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListChanges {
    pub failed: bool,
    /// At most 1,000.
    pub limit: u32,
}

/// One intent of the user that the server has not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The local number, for discard and retry.
    pub lid: i64,
    pub text: ChangeText,
    pub state: ChangeState,
    pub made_at: Timestamp,
    /// Bytes that will travel.
    pub size: u64,
    /// The draft it is about.
    pub draft: DraftId,
    /// Whether it can still be taken back without a trace (not under way).
    pub can_discard: bool,
    /// How many changes of one thing somebody did stand together here (a new draft with its title
    /// and text is one).
    pub n: u64,
    /// How many attachments it waits for.
    pub n_needs: u64,
    /// The first of them.
    #[serde(default)]
    pub needs: Vec<NeededFile>,
    /// For how many seconds more it is held before it is sent; absent where it is not.
    #[serde(default)]
    pub held_seconds: Option<u64>,
    /// Of a publication: from when on members see it, and after when it is not wanted any more.
    #[serde(default)]
    pub live_at: Option<Timestamp>,
    #[serde(default)]
    pub unless_after: Option<Timestamp>,
    /// Whether another publication can take its place (`sync.republish`).
    #[serde(default)]
    pub can_republish: bool,
    /// Kept on this computer until it is released.
    pub kept_back: bool,
    /// Whether it can be sent before what is older: an older change of another draft waits.
    pub can_go_first: bool,
    /// Where it was refused because a word belongs to another tag: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<TakenWord>,
}

/// A file that a change waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeededFile {
    pub name: String,
    pub size: u64,
    /// Whether it is being sent right now.
    pub is_travelling: bool,
}

/// The sentence of a change: key `change-<kind>` with the draft's title; `n_words` for text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeText {
    /// `create`, `rename`, `bin`, `restore`, `write`.
    pub kind: String,
    /// The draft's title as it was when the change was made, possibly empty.
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ChangeState {
    Waiting,
    /// Sent, not answered.
    UnderWay,
    /// Refused by the server, with its code (`reject-<code>`).
    Rejected {
        code: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListHistory {
    /// At most 1,000; newest first.
    pub limit: u32,
}

/// What happened between this computer and the server: `history-<kind>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub at: Timestamp,
    /// `pushed`, `pulled`, `rejected`, `discarded`, `retried`, `offline`, `online`, `signed_in`,
    /// `signed_out`, `merged`, `restored`, `set_aside`, `conflict`, `resolved`, `undone`,
    /// `put_back`, `done`.
    pub kind: String,
    /// How many changes, where that says something.
    pub n: u64,
    /// The sentence of the change, where it is about one.
    pub text: Option<ChangeText>,
    /// What somebody did here, where it is that (`done`).
    #[serde(default)]
    pub step: Option<HistoryStep>,
}

/// Something that was done here and not taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryStep {
    /// By what `undo.step` takes it back.
    pub n: i64,
    pub text: StepText,
    /// Why it cannot be taken back, as far as that is known without trying.
    pub stays: Option<PassedOver>,
}

/// Takes a change back that was not accepted. Discarding the creation of a draft discards all
/// that was done to it; its text stays readable in the history of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscardChange {
    pub lid: i64,
}

/// Sends a refused change again, as a new change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryChange {
    pub lid: i64,
}

/// Sends at once what is held for a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseChange {
    pub lid: i64,
}

/// Asks what a publication says that waits or was refused. `not_found` when there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetPublication {
    pub lid: i64,
}

/// A publication that the server has not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    pub draft: DraftId,
    pub content: Content,
    pub live_at: Option<Timestamp>,
    pub unless_after: Option<Timestamp>,
    /// Whether the draft was changed since.
    pub is_behind: bool,
    pub is_refused: bool,
}

/// Puts another publication in the place of one that waits or was refused: both at once, or
/// neither. With other times only, one that waits keeps the text that was seen when it was decided;
/// otherwise the draft is published as it is now, with these values. `not_found` when there is none,
/// `under_way` when it was sent and not answered, or another change builds on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Republish {
    pub lid: i64,
    pub values: ContentValues,
    pub live_at: Option<Timestamp>,
    pub unless_after: Option<Timestamp>,
}

/// Asks what has changed since somebody wanted to publish and was refused. `not_found` when no such
/// publication was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareRefused {
    pub lid: i64,
}

/// What was seen then beside what there is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedCompared {
    pub draft: DraftId,
    /// What is not as it was.
    pub changed: Vec<ChangedSince>,
    pub title_then: String,
    pub title: String,
    /// Absent where the text of then is not on this computer.
    pub text: Option<Comparison>,
}

/// What is not as it was: `changed-<name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangedSince {
    /// The draft is in the bin.
    Bin,
    /// Something else was published, or it was withdrawn.
    Post,
    Title,
    /// Audience, address, cover and the like.
    Content,
    /// The text or its files.
    Text,
}

impl ChangedSince {
    /// Each, for the test that it has its text.
    pub const ALL: [ChangedSince; 5] = [
        ChangedSince::Bin,
        ChangedSince::Post,
        ChangedSince::Title,
        ChangedSince::Content,
        ChangedSince::Text,
    ];

    /// The key of its sentence.
    pub fn text_key(self) -> &'static str {
        match self {
            ChangedSince::Bin => "changed-bin",
            ChangedSince::Post => "changed-post",
            ChangedSince::Title => "changed-title",
            ChangedSince::Content => "changed-content",
            ChangedSince::Text => "changed-text",
        }
    }
}

/// Pinyin of Chinese texts for matching: for each text, its keys (full syllables and initials,
/// every reading), lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinyinKeys {
    pub texts: Vec<String>,
}
