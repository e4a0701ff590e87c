//! Filling a bucket of which nothing is here: the base first, then all that follows from it at
//! once.

use rusqlite::Connection;
use stoa_domain::Timestamp;
use stoa_mutators::Table;

use super::apply::Apply;
use super::row::{Incoming, What};
use crate::StoreError;
use crate::store::Work;
use crate::store::review::Review;
use crate::table::{
    BaseMark, attachment, doc, doc_update, doc_waiting, draft, listing, other_row, person,
};

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
            Table::DocUpdate => doc_update::is_empty(db)?,
        };
    }
    Ok(is_empty)
}

impl Apply {
    /// Takes away what would have to be kept up to date with every row.
    pub(in crate::store) fn begin_bulk(
        &mut self,
        db: &Connection,
        name: &str,
    ) -> Result<(), StoreError> {
        let bucket = self.buckets.entry(name.to_owned()).or_default();
        bucket.n = 0;
        bucket.x = 0;
        if name == Table::DocUpdate.bucket() {
            doc_update::drop_index(db)?;
        }
        Ok(())
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
            What::Draft(draft) => draft::put_base(db, &draft, mark, extra),
            What::Attachment(attachment) => {
                self.is_files_changed = true;
                attachment::put_base(db, &attachment, mark, extra)
            }
            What::Update(update) => doc_update::put_base(db, &update, mark, extra),
            What::Other { table, columns } => {
                let bucket = self.bucket_of(&table);
                other_row::put_base(db, (&bucket, &table), &row.id, mark, &columns)
            }
        }
    }

    /// Makes everything that follows from the rows: indexes, the list, what waits to be merged.
    pub(in crate::store) fn finish_bulk(
        &mut self,
        work: &mut Work<'_>,
        name: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if name == Table::DocUpdate.bucket() {
            doc_update::create_index(work.db)?;
        }
        if name == Table::Draft.bucket() {
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
        let mut review = Review::begin(work.db)?;
        self.show(work, &mut review, now)?;
        work.changed.drafts.extend(listing::newest(work.db, TOLD)?);
        Ok(())
    }
}
