//! The open store.
#![allow(unused_variables, clippy::all, missing_docs)]

use std::path::Path;
use std::sync::Arc;

use stoa_domain::{DraftId, Role, Splice, Timestamp, Title};
use stoa_mutators::Context;

use crate::*;

/// A cheap handle on the open store.
#[derive(Clone)]
pub struct Store {
    _inner: Arc<()>,
}

pub enum Opened {
    ReadWrite(Store),
    ReadOnly(Store),
}

/// Rows of a pull that is under way. Dropped without `finish`, it leaves no trace.
pub struct PullStage {
    _store: Store,
}

impl Store {
    pub fn create(
        dir: &Path,
        key: &VaultKey,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<Store, OpenError> {
        todo!()
    }
    pub fn open(dir: &Path, key: &VaultKey, now: Timestamp) -> Result<Opened, OpenError> {
        todo!()
    }
    pub fn is_read_only(&self) -> bool {
        todo!()
    }
    pub fn subscribe(&self, listener: Box<dyn Fn(&StoreEvent) + Send + Sync>) {
        todo!()
    }

    /// Who works here: the linked account, or nobody with the owner's role.
    pub fn actor(&self, now: Timestamp) -> Result<Context, StoreError> {
        todo!()
    }

    pub fn create_draft(
        &self,
        title: Title,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        todo!()
    }
    pub fn rename_draft(
        &self,
        id: DraftId,
        title: Title,
        now: Timestamp,
    ) -> Result<DraftListing, StoreError> {
        todo!()
    }
    pub fn bin_draft(&self, id: DraftId, now: Timestamp) -> Result<DraftListing, StoreError> {
        todo!()
    }
    pub fn restore_draft(&self, id: DraftId, now: Timestamp) -> Result<DraftListing, StoreError> {
        todo!()
    }
    pub fn duplicate_draft(
        &self,
        id: DraftId,
        title: Title,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        todo!()
    }
    /// A new draft with a text, for imports; one transaction.
    pub fn import_draft(
        &self,
        title: Title,
        markdown: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        todo!()
    }
    pub fn draft(&self, id: DraftId) -> Result<DraftListing, StoreError> {
        todo!()
    }
    /// The whole text of a draft.
    pub fn markdown(&self, id: DraftId) -> Result<String, StoreError> {
        todo!()
    }
    pub fn list_drafts(&self, filter: &DraftFilter) -> Result<DraftListPage, StoreError> {
        todo!()
    }

    pub fn open_text(&self, id: DraftId, random: &dyn Random) -> Result<OpenedText, StoreError> {
        todo!()
    }
    pub fn edit_text(
        &self,
        session: u64,
        applied: Option<u64>,
        splices: &[Splice],
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<EditOutcome, StoreError> {
        todo!()
    }
    pub fn close_text(&self, session: u64) -> Result<(), StoreError> {
        todo!()
    }
    /// Brings search index and word counts up to date; to be called when nothing else is to do.
    pub fn tidy(&self) -> Result<(), StoreError> {
        todo!()
    }

    pub fn counts(&self) -> Result<OutboxCounts, StoreError> {
        todo!()
    }
    pub fn waiting(&self, limit: u32) -> Result<Vec<OutboxEntry>, StoreError> {
        todo!()
    }
    pub fn failed(&self, limit: u32) -> Result<Vec<OutboxEntry>, StoreError> {
        todo!()
    }
    pub fn discard(&self, lid: i64, now: Timestamp) -> Result<(), StoreError> {
        todo!()
    }
    pub fn retry(&self, lid: i64, now: Timestamp) -> Result<(), StoreError> {
        todo!()
    }
    pub fn history(&self, limit: u32) -> Result<Vec<HistoryEntry>, StoreError> {
        todo!()
    }
    pub fn record(
        &self,
        kind: HistoryKind,
        n: u64,
        text: Option<&ChangeText>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Writes every draft as Markdown and everything as JSON into a folder that is empty or new; how many drafts.
    pub fn export(&self, folder: &Path) -> Result<u64, StoreError> {
        todo!()
    }
    /// A verified, encrypted copy among the rolling backups; where it is.
    pub fn backup(&self, now: Timestamp) -> Result<std::path::PathBuf, StoreError> {
        todo!()
    }
    /// Reads everything once and says what is damaged; empty when all is well.
    pub fn verify(&self) -> Result<Vec<String>, StoreError> {
        todo!()
    }

    pub fn link(&self) -> Result<Option<Link>, StoreError> {
        todo!()
    }
    pub fn set_link(&self, link: &Link) -> Result<(), StoreError> {
        todo!()
    }
    pub fn set_tokens(&self, tokens: Option<&StoredTokens>) -> Result<(), StoreError> {
        todo!()
    }
    pub fn set_role(&self, role: Role) -> Result<(), StoreError> {
        todo!()
    }
    /// Another epoch than the last one starts all buckets again and has the server's gap healed
    /// from the journal after the next pull.
    pub fn set_epoch(&self, epoch: &str) -> Result<(), StoreError> {
        todo!()
    }
    pub fn take_push(
        &self,
        max_mutations: usize,
        max_bytes: usize,
        now: Timestamp,
    ) -> Result<Vec<OutgoingMutation>, StoreError> {
        todo!()
    }
    pub fn resend_from(&self, mid: i64) -> Result<(), StoreError> {
        todo!()
    }
    pub fn apply_results(
        &self,
        results: &[(i64, PushOutcome)],
        lmid: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }
    /// Sets a change aside whose number the server cannot process. A stand-in named `sys.park`
    /// is sent in its place.
    pub fn park(&self, mid: i64, code: &str, now: Timestamp) -> Result<(), StoreError> {
        todo!()
    }
    pub fn cursor(&self, bucket: &str) -> Result<i64, StoreError> {
        todo!()
    }
    pub fn begin_pull(&self) -> Result<PullStage, StoreError> {
        todo!()
    }
    pub fn reset_bucket(&self, bucket: &str) -> Result<(), StoreError> {
        todo!()
    }
}

impl PullStage {
    pub fn put(
        &mut self,
        table: &str,
        pk: &str,
        version: i64,
        seq: i64,
        columns: Columns,
    ) -> Result<(), StoreError> {
        todo!()
    }
    pub fn delete(&mut self, table: &str, pk: &str, seq: i64) -> Result<(), StoreError> {
        todo!()
    }
    pub fn finish(self, end: &PullEnd, now: Timestamp) -> Result<PulledChanges, StoreError> {
        todo!()
    }
}
