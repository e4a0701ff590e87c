//! Drafts: the list and the editing session.
//!
//! An editing session keeps window and studio on the same text. The window sends splices of the
//! text it shows; the studio answers when they are on disk. Changes from other devices come as a
//! [`RemotePatch`] in a reply; the window applies it if nobody has typed since, and says so in the
//! next request (`applied`). A patch that was not applied is simply offered again, made anew.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    Content, ContentValues, DraftId, Kind, ListFilter, ListSort, Shelf, Splice, Timestamp, UserId,
};

use crate::{Comparison, ReviewMark};

/// A page of the drafts of a shelf that fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListDrafts {
    /// Words to search for in title and text; empty for all.
    #[serde(default)]
    pub query: String,
    /// Which list.
    #[serde(default)]
    pub shelf: Shelf,
    #[serde(default)]
    pub filter: ListFilter,
    /// One that the shelf does not have is the usual one.
    #[serde(default)]
    pub sort: ListSort,
    /// `next` of the page before, in the same order.
    #[serde(default)]
    pub after: Option<String>,
    /// At most 200.
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPage {
    pub drafts: Vec<DraftSummary>,
    /// Where the next page begins; absent on the last.
    pub next: Option<String>,
    /// All that match, counted up to 100,000.
    pub n_total: u64,
    /// How many there are on each shelf, whatever was searched for.
    pub shelves: Vec<ShelfCount>,
}

/// How many drafts are on a shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShelfCount {
    pub shelf: Shelf,
    pub n: u64,
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSummary {
    pub id: DraftId,
    /// May be empty; the window then shows "Untitled".
    pub title: String,
    /// The first characters of the text without Markdown marks, or the place that matched.
    pub excerpt: String,
    /// Han characters and words.
    pub n_words: u64,
    pub edited_at: Timestamp,
    pub binned_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    /// What it is to become.
    pub content: Content,
    /// Who wrote it; absent until a server has seen it.
    #[serde(default)]
    pub author: Option<UserId>,
    /// What of it members see, or will see; absent when nothing is offered.
    pub post: Option<PostState>,
    /// How its latest review stands; absent when there was none, or it was withdrawn.
    #[serde(default)]
    pub review: Option<ReviewMark>,
    /// The course or column in which it stands, which may be gone.
    #[serde(default)]
    pub course: Option<DraftId>,
    pub saved: SavedState,
}

/// A post that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostState {
    /// Counts the times it was published.
    pub version: u32,
    /// From when on members see it.
    pub live_at: Timestamp,
    /// When this form of it was published.
    pub at: Timestamp,
    /// Whether the draft is not as it was published.
    pub is_changed: bool,
}

/// Other values for some of what a draft is to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DescribeDraft {
    pub id: DraftId,
    pub values: ContentValues,
}

/// A draft goes to members as it is now. What is held or offline goes later, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishPost {
    pub id: DraftId,
    /// From when on members see it; absent for at once.
    #[serde(default)]
    pub live_at: Option<Timestamp>,
    /// It is not wanted any more when the server hears of it later than this.
    #[serde(default)]
    pub unless_after: Option<Timestamp>,
}

/// Members do not see a post any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawPost {
    pub id: DraftId,
}

/// Puts a draft away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveDraft {
    pub id: DraftId,
}

/// Takes a draft back out of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnarchiveDraft {
    pub id: DraftId,
}

/// Asks how the text of a draft differs from that of its post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparePost {
    pub id: DraftId,
}

/// What was published beside what there is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostCompared {
    pub published_title: String,
    pub title: String,
    pub text: Comparison,
}

/// How far a draft's latest change has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavedState {
    /// On this computer's disk, waiting to be sent; or this computer only.
    OnThisComputer,
    /// On the server too.
    Synced,
    /// A change was refused; see the sync centre.
    NeedsAttention,
}

/// Asks how a draft stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetDraft {
    pub id: DraftId,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateDraft {
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub kind: Kind,
}

impl CreateDraft {
    /// An article.
    pub fn article(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            kind: Kind::Article,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDraft {
    pub id: DraftId,
}

/// A draft opened for writing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedDraft {
    pub session: u64,
    pub summary: DraftSummary,
    pub markdown: String,
    /// Whether it may be changed (not in the bin, not read-only).
    pub editable: bool,
}

/// The window's latest splices, in order. An empty list asks for what came from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditDraft {
    pub session: u64,
    /// The revision of the last [`RemotePatch`] that the window applied, if it did since the last
    /// request. The splices are made on the text after it.
    #[serde(default)]
    pub applied: Option<u64>,
    pub splices: Vec<Splice>,
}

/// The splices are on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditReply {
    pub saved: SavedState,
    pub n_words: u64,
    pub edited_at: Timestamp,
    /// What other devices changed and this window does not show yet.
    pub remote: Option<RemotePatch>,
}

/// Splices that bring the window's text (after its own, all saved) up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemotePatch {
    pub revision: u64,
    pub splices: Vec<Splice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseDraft {
    pub session: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameDraft {
    pub id: DraftId,
    pub title: String,
}

/// A copy with the same text; its title gets a suffix in the window's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateDraft {
    pub id: DraftId,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BinDraft {
    pub id: DraftId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreDraft {
    pub id: DraftId,
}

/// Deletes drafts in the bin for good, all of them or none. One that somebody else has changed
/// since is not deleted by the server; it is back in the bin then, and the sync centre says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteDrafts {
    /// At most 1,000.
    pub ids: Vec<DraftId>,
}

/// Deletes every draft in the bin for good that this role may delete.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptyBin {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BinEmptied {
    pub n_deleted: u64,
    /// Somebody else's, which this role may not delete.
    pub n_left: u64,
}

/// Markdown or text files that were dropped on the window or opened with Stoa become drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFiles {
    pub paths: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReply {
    pub drafts: Vec<DraftSummary>,
    pub failures: Vec<ImportFailure>,
}

/// A file that did not become a draft, and why as a text key (`import-<reason>`):
/// `not-found`, `too-large`, `not-text`, `not-markdown`, `unreadable`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFailure {
    pub file: String,
    pub reason: String,
}
