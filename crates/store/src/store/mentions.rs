//! What a text can mention, and what of it members see.

use std::collections::BTreeMap;

use stoa_domain::{DraftId, Post, Shelf, Timestamp};

use super::Store;
use crate::StoreError;
use crate::table::{draft, listing};

/// A draft with a title, of any shelf but the bin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDraft {
    pub id: DraftId,
    pub title: String,
    pub shelf: Shelf,
}

impl Store {
    /// Drafts whose title has these letters, all for none: those that members see first, then those
    /// whose title begins with them, then the one edited last.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn named_drafts(
        &self,
        letters: &str,
        but: DraftId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<NamedDraft>, StoreError> {
        self.read(|db| listing::named(db, (letters, but), now, limit))
    }

    /// Those of these drafts that members see now, each as they see it.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn live_posts(
        &self,
        ids: &[DraftId],
        now: Timestamp,
    ) -> Result<BTreeMap<DraftId, Post>, StoreError> {
        self.read(|db| {
            let mut live = BTreeMap::new();
            for id in ids {
                let draft = draft::shown(db, *id)?;
                let post = draft.as_ref().and_then(|draft| draft.offered());
                if let Some(post) = post.filter(|post| post.live_at <= now) {
                    live.insert(*id, post.clone());
                }
            }
            Ok(live)
        })
    }
}
