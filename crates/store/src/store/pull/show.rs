//! What the user sees of a pull: the new truth with the own changes over it, and the texts.

use std::collections::BTreeSet;

use stoa_domain::{DraftId, Timestamp};

use super::apply::Apply;
use crate::store::Work;
use crate::store::review::Review;
use crate::table::doc_update::StoredUpdate;
use crate::table::{doc_update, doc_waiting, history, listing, tag};
use crate::{HistoryEntry, HistoryKind, StoreError, merging, overlay, writing};

/// With so few changed drafts, texts are merged and the search index is brought up to date at
/// once.
const FEW_DRAFTS: usize = 50;

impl Apply {
    /// Shows the new truth with the user's own changes over it, and merges the texts.
    pub(in crate::store) fn show(
        &mut self,
        work: &mut Work<'_>,
        review: &mut Review,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let appeared = self.relist(work)?;
        let merged = self.merge_texts(work, (&appeared, review), now)?;
        review.look(work, now)?;
        for id in merged {
            merging::put_text(work, id)?;
        }
        if self.touched.len() <= FEW_DRAFTS {
            for id in &self.touched {
                writing::index_if_small(work.db, *id)?;
            }
        }
        let changed = self.touched.union(&self.filled);
        let drafts = changed.filter(|id| **id != tag::subject());
        let n = drafts.filter(|id| !self.arrived.contains(id)).count();
        note_pulled(work, n, now)
    }

    /// Puts every draft that may stand elsewhere now where it belongs; answers those that were not
    /// listed before.
    fn relist(&self, work: &mut Work<'_>) -> Result<BTreeSet<DraftId>, StoreError> {
        let mut appeared = BTreeSet::new();
        for id in &self.touched {
            let is_new = if self.with_own.contains(id) {
                let was_listed = listing::is_listed(work.db, *id)?;
                overlay::rebuild(work, *id)?;
                !was_listed && listing::is_listed(work.db, *id)?
            } else if self.rows.contains(id) {
                overlay::place(work, *id)?
            } else {
                // Only its text or its files changed.
                work.changed.drafts.insert(*id);
                false
            };
            if is_new {
                appeared.insert(*id);
            }
        }
        Ok(appeared)
    }

    /// Merges the texts for which something came; answers those that changed.
    fn merge_texts(
        &mut self,
        work: &mut Work<'_>,
        (appeared, review): (&BTreeSet<DraftId>, &mut Review),
        now: Timestamp,
    ) -> Result<BTreeSet<DraftId>, StoreError> {
        let mut merged = BTreeSet::new();
        let few = self.updates.take();
        let few = few.filter(|_| self.texts.len() + appeared.len() <= FEW_DRAFTS);
        // A draft that comes after its text (it changed later) finds the text waiting.
        for id in self.texts.union(appeared) {
            let has_some = self.texts.contains(id) || doc_update::has_any(work.db, *id)?;
            if !has_some || !appeared.contains(id) && !listing::is_listed(work.db, *id)? {
                continue;
            }
            if few.is_none() && !work.is_open(*id) && !self.with_own.contains(id) {
                doc_waiting::put(work.db, *id, now)?;
                continue;
            }
            let updates = of_text(work, *id, few.as_deref(), appeared)?;
            if updates.is_empty() {
                continue;
            }
            review.before(work, *id)?;
            for update in merging::merge(work, &updates, now)? {
                review.came(work.db, update)?;
                merged.insert(*id);
            }
        }
        Ok(merged)
    }
}

/// What has to be merged into a text: what came, or all there is when not all of that is in it.
fn of_text(
    work: &Work<'_>,
    id: DraftId,
    few: Option<&[StoredUpdate]>,
    appeared: &BTreeSet<DraftId>,
) -> Result<Vec<StoredUpdate>, StoreError> {
    let is_waiting = doc_waiting::since(work.db, id)?.is_some();
    match few {
        Some(few) if !is_waiting && !appeared.contains(&id) => Ok(few
            .iter()
            .filter(|update| update.doc == id)
            .cloned()
            .collect()),
        _ => {
            doc_waiting::remove(work.db, id)?;
            doc_update::of_doc(work.db, id)
        }
    }
}

/// Tells the history how many drafts changed.
fn note_pulled(work: &Work<'_>, n: usize, now: Timestamp) -> Result<(), StoreError> {
    if n == 0 {
        return Ok(());
    }
    let line = HistoryEntry {
        at: now,
        kind: HistoryKind::Pulled,
        n: n as u64,
        text: None,
        kept_markdown: None,
    };
    history::add(work.db, &line)
}
