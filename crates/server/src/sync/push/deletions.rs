//! Drafts that a push deletes for good, with all that belongs to them.

use std::collections::{BTreeMap, HashMap, HashSet};

use stoa_domain::{CommunityId, DraftId, Parts, Timestamp};
use stoa_mutators::{Key, Mutation, Row, Table};

use super::{Act, Incoming};
use crate::db::{DbError, Tx};
use crate::tables::tombstone::{self, Deleted};
use crate::tables::{
    attachment, blob, doc_update, draft, field_history, finished_lesson, post_address, post_text,
};

/// What is deleted, and what is known of what may be.
#[derive(Default)]
pub(super) struct Deletions {
    /// What belongs to drafts that a mutation weighs, each row with the version in the database; 0
    /// when it is not there.
    parts: HashMap<DraftId, BTreeMap<Key, i64>>,
    /// Drafts that were deleted, before or now.
    gone: HashSet<Key>,
    done: Vec<Deleted>,
    /// The rows that go, each with the version in the database.
    rows: Vec<(Key, i64)>,
}

impl Deletions {
    /// Loads what belongs to the drafts that the mutations weigh, and which of those that were
    /// `missing` had been deleted.
    pub(super) fn load(
        tx: &mut dyn Tx,
        community: CommunityId,
        incoming: &[Incoming],
        missing: &[[u8; 16]],
    ) -> Result<Self, DbError> {
        let mut deletions = Self {
            gone: tombstone::of_drafts(tx, community, missing)?
                .into_iter()
                .collect(),
            ..Self::default()
        };
        for one in incoming {
            let Act::Run(mutation) = &one.act else {
                continue;
            };
            if let Some(id) = mutation.weighs()
                && !deletions.parts.contains_key(&id)
            {
                let mut parts = BTreeMap::new();
                doc_update::visit_of_doc(tx, community, id, &mut |id, version| {
                    let table = Table::DocUpdate;
                    parts.insert(Key { table, id }, version);
                })?;
                attachment::visit_of_draft(tx, community, id, &mut |id, version| {
                    let table = Table::Attachment;
                    parts.insert(Key { table, id }, version);
                })?;
                deletions.parts.insert(id, parts);
            }
        }
        Ok(deletions)
    }

    /// Those of the rows a mutation touches that were deleted.
    pub(super) fn gone_of(&self, mutation: &Mutation) -> Vec<Key> {
        let touched = mutation.touches().into_iter();
        touched.filter(|key| self.gone.contains(key)).collect()
    }

    /// What belongs to the draft that a mutation weighs.
    pub(super) fn parts_of(&self, mutation: &Mutation) -> Parts {
        let parts = mutation.weighs().and_then(|id| self.parts.get(&id));
        parts.map_or_else(Parts::default, |parts| {
            parts.keys().map(|key| &key.id).collect()
        })
    }

    /// The updates that make the text of a draft that a mutation weighs.
    pub(super) fn updates_of(&self, id: DraftId) -> Vec<[u8; 16]> {
        let parts = self.parts.get(&id).into_iter().flat_map(BTreeMap::keys);
        parts
            .filter(|key| key.table == Table::DocUpdate)
            .map(|key| key.id)
            .collect()
    }

    /// A row was written that may belong to such a draft.
    pub(super) fn note(&mut self, row: &Row) {
        let draft = match row {
            Row::DocUpdate(update) => update.doc,
            Row::Attachment(attachment) => attachment.draft,
            Row::Draft(_) | Row::Person(_) | Row::Tag(_) => return,
        };
        if let Some(parts) = self.parts.get_mut(&draft) {
            parts.entry(row.key()).or_insert(0);
        }
    }

    /// Deletes a draft of this version in the database; answers the rows that belong to it.
    pub(super) fn delete(&mut self, key: Key, version: i64, at: (i64, Timestamp)) -> Vec<Key> {
        let draft = DraftId::from_bytes(key.id);
        let parts = self.parts.remove(&draft).unwrap_or_default();
        self.gone.insert(key);
        self.rows.push((key, version));
        self.rows
            .extend(parts.iter().map(|(key, version)| (*key, *version)));
        let (seq, at) = at;
        self.done.push(Deleted { draft, seq, at });
        parts.into_keys().collect()
    }

    /// The rows that go, each with the version in the database; 0 when it was never there.
    pub(super) fn rows(&self) -> &[(Key, i64)] {
        &self.rows
    }

    /// Deletes the rows and puts up their tombstones. The files are kept as long as any that no
    /// draft uses.
    pub(super) fn store(&self, tx: &mut dyn Tx, community: CommunityId) -> Result<(), DbError> {
        for Deleted { draft, at, .. } in &self.done {
            blob::touch_of_draft(tx, community, *draft, *at)?;
            attachment::delete_of_draft(tx, community, *draft)?;
            doc_update::delete_of_doc(tx, community, *draft)?;
            field_history::delete_of_draft(tx, community, *draft)?;
            finished_lesson::delete_of_draft(tx, community, *draft)?;
            post_text::delete_of_draft(tx, community, *draft)?;
            post_address::delete_of_draft(tx, community, *draft)?;
            draft::delete(tx, community, *draft)?;
        }
        tombstone::insert_each(tx, community, &self.done)
    }
}
