//! The end of an answer for each bucket: where it stands, and what it does not hold any more.

use rusqlite::Connection;
use stoa_mutators::Table;

use super::Apply;
use crate::table::bucket::Bucket;
use crate::table::{attachment, doc_update, draft, other_row, person, tag};
use crate::{PullEnd, StoreError};

impl Apply {
    /// Moves the cursors on. Takes away what a bucket fetched anew does not hold any more, and the
    /// buckets this role may not see any more.
    pub(in crate::store) fn close_buckets(
        &mut self,
        db: &Connection,
        end: &PullEnd,
    ) -> Result<(), StoreError> {
        let names: Vec<String> = self.buckets.keys().cloned().collect();
        for name in names {
            let reached = end.cursors.get(&name).copied();
            let is_complete = reached.map_or(!end.more, |cursor| cursor >= end.upto);
            let is_held = end.buckets.contains(&name);
            let cursor = is_held.then_some(reached.unwrap_or(end.upto));
            self.close(db, &name, (cursor, is_complete))?;
        }
        Ok(())
    }

    /// Moves one bucket's cursor on; without one, the bucket is taken away.
    pub(in crate::store) fn close(
        &mut self,
        db: &Connection,
        name: &str,
        (cursor, is_complete): (Option<i64>, bool),
    ) -> Result<(), StoreError> {
        let Some(bucket) = self.buckets.get_mut(name) else {
            return Ok(());
        };
        let is_lost = cursor.is_none();
        bucket.cursor = cursor.unwrap_or(0);
        bucket.generation += i64::from(is_lost);
        let is_refilled = bucket.is_refilling && is_complete;
        if is_lost || is_refilled {
            bucket.is_refilling = false;
            let generation = bucket.generation;
            self.sweep(db, name, generation)?;
        }
        if is_lost {
            self.removals.forget(name);
        }
        if is_refilled {
            self.recount(db, name)?;
        }
        Ok(())
    }

    fn sweep(&mut self, db: &Connection, name: &str, generation: i64) -> Result<(), StoreError> {
        for table in Table::ALL
            .into_iter()
            .filter(|table| table.bucket() == name)
        {
            match table {
                Table::Person => {
                    for (id, version) in person::not_of_generation(db, generation)? {
                        self.remove(db, table.as_str(), *id.as_bytes(), version)?;
                    }
                }
                Table::Draft => {
                    for (id, version) in draft::not_of_generation(db, generation)? {
                        self.remove(db, table.as_str(), *id.as_bytes(), version)?;
                    }
                }
                Table::Attachment => {
                    for (id, _, version) in attachment::not_of_generation(db, generation)? {
                        self.remove(db, table.as_str(), *id.as_bytes(), version)?;
                    }
                }
                Table::Tag => {
                    for (id, version) in tag::not_of_generation(db, generation)? {
                        self.remove(db, table.as_str(), id, version)?;
                    }
                }
                Table::DocUpdate => {
                    for (id, doc, version) in doc_update::not_of_generation(db, generation)? {
                        self.touched.insert(doc);
                        self.remove(db, table.as_str(), *id.as_bytes(), version)?;
                    }
                }
            }
        }
        for (table, id, version) in other_row::not_of_generation(db, name, generation)? {
            self.remove(db, &table, id, version)?;
        }
        Ok(())
    }

    /// Counts a bucket from the rows that are really there.
    fn recount(&mut self, db: &Connection, name: &str) -> Result<(), StoreError> {
        let mut counted = Bucket::default();
        for table in Table::ALL
            .into_iter()
            .filter(|table| table.bucket() == name)
        {
            let mut add = |id: &[u8; 16], version| counted.add(table.as_str(), id, version);
            match table {
                Table::Person => person::visit_versions(db, &mut add)?,
                Table::Draft => draft::visit_versions(db, &mut add)?,
                Table::DocUpdate => doc_update::visit_versions(db, &mut add)?,
                Table::Attachment => attachment::visit_versions(db, &mut add)?,
                Table::Tag => tag::visit_versions(db, &mut add)?,
            }
        }
        other_row::visit_versions(db, name, |table, id, version| {
            counted.add(table, id, version);
        })?;
        if let Some(bucket) = self.buckets.get_mut(name) {
            bucket.n = counted.n;
            bucket.x = counted.x;
        }
        Ok(())
    }
}
