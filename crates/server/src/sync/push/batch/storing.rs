//! What a batch writes once it is decided.

use std::collections::BTreeMap;

use stoa_domain::{Attachment, BlobHash, Draft, TagEntry};
use stoa_mutators::{DocUpdate, Row, Stored};

use super::Batch;
use crate::db::{DbError, Tx};
use crate::tables::{
    attachment, audit, blob, bucket, doc_update, draft, field_history, proposal, tag,
};

type ChangedRow<'b, T> = (&'b T, &'b Stored, i64);

impl Batch {
    /// Writes what changed, what waits for a decision, and the audit.
    pub(in crate::sync::push) fn store(&self, tx: &mut dyn Tx) -> Result<(), DbError> {
        self.store_rows(tx)?;
        proposal::insert_each(tx, self.sender, &self.proposed)?;
        audit::insert_each(tx, self.sender, &self.audit)
    }

    /// Writes what changed, the sums of the buckets and the history.
    pub(crate) fn store_rows(&self, tx: &mut dyn Tx) -> Result<(), DbError> {
        let community = self.sender.community;
        let (drafts, updates) = self.changed();
        draft::put_each(tx, community, &drafts)?;
        doc_update::insert_each(tx, community, &updates)?;
        self.store_attachments(tx)?;
        self.store_tags(tx)?;
        self.published.store(tx, community)?;
        self.deletions.store(tx, community)?;
        self.store_sums(tx)?;
        field_history::insert_each(tx, community, &self.overridden)
    }

    fn changed(&self) -> (Vec<ChangedRow<'_, Draft>>, Vec<ChangedRow<'_, DocUpdate>>) {
        let mut drafts = Vec::new();
        let mut updates = Vec::new();
        for held in self.rows.values() {
            let Some(seq) = held.seq else { continue };
            match &held.stored.row {
                // No mutation writes a membership.
                Row::Person(_) => {}
                Row::Draft(draft) => drafts.push((draft, &held.stored, seq)),
                Row::DocUpdate(update) => updates.push((update, &held.stored, seq)),
                Row::Attachment(_) | Row::Tag(_) => {}
            }
        }
        drafts.sort_by_key(|(draft, _, seq)| (*seq, draft.id));
        updates.sort_by_key(|(update, _, seq)| (*seq, update.id));
        (drafts, updates)
    }

    /// Files that were added or removed just now are not let go of for a while.
    fn store_attachments(&self, tx: &mut dyn Tx) -> Result<(), DbError> {
        let community = self.sender.community;
        let mut changed: Vec<ChangedRow<'_, Attachment>> = Vec::new();
        for held in self.rows.values() {
            if let (Row::Attachment(row), Some(seq)) = (&held.stored.row, held.seq) {
                changed.push((row, &held.stored, seq));
            }
        }
        changed.sort_by_key(|(row, _, seq)| (*seq, row.id));
        attachment::put_each(tx, community, &changed)?;
        let Some(now) = self.audit.last().map(|entry| entry.arrived_at) else {
            return Ok(());
        };
        let used: Vec<BlobHash> = changed.iter().map(|(row, ..)| row.b3).collect();
        blob::touch_each(tx, community, &used, now)
    }

    fn store_tags(&self, tx: &mut dyn Tx) -> Result<(), DbError> {
        let mut changed: Vec<ChangedRow<'_, TagEntry>> = Vec::new();
        for held in self.rows.values() {
            if let (Row::Tag(row), Some(seq)) = (&held.stored.row, held.seq) {
                changed.push((row, &held.stored, seq));
            }
        }
        changed.sort_by_key(|(row, _, seq)| (*seq, row.id));
        tag::put_each(tx, self.sender.community, &changed)
    }

    fn store_sums(&self, tx: &mut dyn Tx) -> Result<(), DbError> {
        let changed = self.rows.iter().filter(|(_, held)| held.seq.is_some());
        let gone = self.deletions.rows();
        let keys = changed.clone().map(|(key, _)| key);
        let mut sums: BTreeMap<&str, bucket::Sums> = BTreeMap::new();
        for key in keys.chain(gone.iter().map(|(key, _)| key)) {
            let name = key.table.bucket();
            if !sums.contains_key(name) {
                sums.insert(name, bucket::sums(tx, self.sender.community, name)?);
            }
        }
        for (key, held) in changed {
            if let Some(sum) = sums.get_mut(key.table.bucket()) {
                sum.replace(*key, held.old_version, held.stored.version);
            }
        }
        for (key, version) in gone {
            if let Some(sum) = sums.get_mut(key.table.bucket()) {
                sum.remove(*key, *version);
            }
        }
        for (name, sum) in sums {
            bucket::set_sums(tx, self.sender.community, name, sum)?;
        }
        Ok(())
    }
}
