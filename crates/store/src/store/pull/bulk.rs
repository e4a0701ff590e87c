//! Filling a bucket of which nothing is here: the base first, then all that follows from it at
//! once.

use rusqlite::Connection;
use stoa_domain::Timestamp;
use stoa_mutators::Table;

use super::apply::Apply;
use super::row::{Incoming, What};
use crate::store::Work;
use crate::table::{
    BaseMark, attachment, doc, doc_update, doc_waiting, draft, listing, other_row, person, tag,
};
use crate::{PullEnd, StoreError};

/// So many drafts are told one by one; the list is new as a whole.
const TOLD: i64 = 200;

/// Whether no row of a bucket is here.
pub(in crate::store) fn is_empty(db: &Connection, name: &str) -> Result<bool, StoreError> {
    let mut is_empty = !other_row::has_any(db, name)?;
    for table in Table::ALL
        .into_iter()
        .filter(|table| table.bucket() == name)
    {
        is_empty &= match table {
            Table::Person => person::is_empty(db)?,
            Table::Draft => draft::is_empty(db)?,
            Table::Attachment => attachment::is_empty(db)?,
            Table::Tag => tag::is_empty(db)?,
            Table::DocUpdate => doc_update::is_empty(db)?,
        };
    }
    Ok(is_empty)
}

impl Apply {
    /// Whatever is empty of an answer's buckets is filled as a whole.
    pub(in crate::store) fn fill_empty(
        &mut self,
        db: &Connection,
        end: &PullEnd,
    ) -> Result<(), StoreError> {
        for name in &end.buckets {
            if is_empty(db, name)? {
                self.fill(name);
            }
        }
        Ok(())
    }

    /// Every row of this bucket is one that is not there.
    pub(in crate::store) fn fill(&mut self, name: &str) {
        let bucket = self.buckets.entry(name.to_owned()).or_default();
        bucket.n = 0;
        bucket.x = 0;
        self.filling.insert(name.to_owned());
    }

    /// The rows that fill this bucket are of a generation that is not shown yet.
    pub(in crate::store) fn hide(&mut self, name: &str) {
        let bucket = self.buckets.entry(name.to_owned()).or_default();
        bucket.generation += 1;
        // There is nothing that could not come again.
        bucket.is_refilling = false;
    }

    /// Goes on with a bucket that another one has filled.
    pub(in crate::store) fn take_over(&mut self, filled: &Self, name: &str) {
        if let Some(bucket) = filled.buckets.get(name) {
            self.buckets.insert(name.to_owned(), *bucket);
        }
        self.filling.clone_from(&filled.filling);
        self.filled.clone_from(&filled.filled);
        self.is_files_changed |= filled.is_files_changed;
    }

    /// Stores a row of which it is known that it is not there.
    pub(in crate::store) fn insert(
        &mut self,
        db: &Connection,
        row: Incoming,
    ) -> Result<(), StoreError> {
        let bucket = self.bucket(row.table());
        bucket.add(row.table(), &row.id, row.version);
        let mark = BaseMark {
            version: row.version,
            seq: row.seq,
            generation: bucket.generation,
        };
        let extra = row.extra.as_deref();
        match row.what {
            What::Person(person) => person::put_base(db, &person, mark, extra),
            What::Draft(draft) => {
                self.filled.insert(draft.id);
                draft::put_base(db, &draft, mark, extra)
            }
            What::Attachment(attachment) => {
                self.is_files_changed = true;
                self.filled.insert(attachment.draft);
                attachment::put_base(db, &attachment, mark, extra)
            }
            What::Tag(entry) => {
                self.note_tags();
                tag::put_base(db, &entry, mark, extra)
            }
            What::Update(update) => {
                self.filled.insert(update.doc);
                doc_update::put_base(db, &update, mark, extra)
            }
            What::Other { table, columns } => {
                let bucket = self.bucket_of(&table);
                other_row::put_base(db, (&bucket, &table), &row.id, mark, &columns)
            }
        }
    }

    /// Makes everything that follows from the rows of the buckets that were filled: the list, what
    /// is to be indexed, what waits to be merged.
    pub(in crate::store) fn follow(
        &mut self,
        work: &mut Work<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.filling.is_empty() {
            return Ok(());
        }
        if self.filling.contains(Table::Draft.bucket()) {
            listing::put_all(work.db)?;
            doc::mark_all_to_index(work.db)?;
            self.touched.extend(self.with_own.iter().copied());
        }
        doc_waiting::put_all(work.db, now)?;
        // What somebody writes in is merged at once.
        let own: Vec<_> = work
            .open_drafts()
            .chain(self.with_own.iter().copied())
            .collect();
        for id in own {
            if doc_update::has_any(work.db, id)? {
                self.texts.insert(id);
            }
        }
        self.updates = None;
        work.changed.drafts.extend(listing::newest(work.db, TOLD)?);
        Ok(())
    }
}
