//! The server's rows into the base, bucket by bucket.

mod closing;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use stoa_domain::{Attachment, AttachmentId, BlobHash, DraftId, Timestamp, UpdateId, UserId};
use stoa_mutators::Table;

use super::row::{Incoming, What};
use crate::store::Work;
use crate::store::brake::Removals;
use crate::table::bucket::{self, Bucket};
use crate::table::doc_update::{self, StoredUpdate};
use crate::table::outbox::{self, State};
use crate::table::{
    BaseMark, attachment, blob, conflict, doc_waiting, draft, journal, other_row, person, tag,
};
use crate::{ChangeKind, PullEnd, StoreError, deletion, merging, writing};

/// Updates that are kept in memory to be merged at once; with more, texts are merged later.
const FEW_UPDATES: usize = 200;
const FEW_UPDATE_BYTES: usize = 1024 * 1024;
/// The text of a draft, all its updates together, as deletions name it.
const DOC: &str = "doc";
/// Tables that nobody assigns to a bucket belong here.
const DEFAULT_BUCKET: &str = "content";

/// One answer of the server being applied.
#[derive(Default)]
pub(in crate::store) struct Apply {
    pub(in crate::store) buckets: BTreeMap<String, Bucket>,
    tables: BTreeMap<String, String>,
    /// Drafts with changes of this device over them.
    pub(in crate::store) with_own: BTreeSet<DraftId>,
    /// Drafts whose rows or texts the server changed.
    pub(in crate::store) touched: BTreeSet<DraftId>,
    /// Those whose own row came or went.
    pub(in crate::store) rows: BTreeSet<DraftId>,
    /// Drafts of which something of this device's own arrived.
    pub(in crate::store) arrived: BTreeSet<DraftId>,
    /// Texts with updates in this answer.
    pub(in crate::store) texts: BTreeSet<DraftId>,
    /// Those updates, unless they are many.
    pub(in crate::store) updates: Option<Vec<StoredUpdate>>,
    n_update_bytes: usize,
    /// Buckets of which nothing was here before this answer, and which get much.
    pub(in crate::store) filling: BTreeSet<String>,
    /// The drafts that came with them.
    pub(in crate::store) filled: BTreeSet<DraftId>,
    /// Whether any field waits for a decision.
    has_conflicts: bool,
    /// Whether anything that waits for a decision looks different now.
    pub(in crate::store) is_outbox_changed: bool,
    pub(in crate::store) removals: Removals,
    /// Drafts that were deleted for good, with the files they used.
    deleted: BTreeMap<DraftId, Vec<Attachment>>,
    /// All files those had.
    released: Vec<BlobHash>,
    pub(in crate::store) is_files_changed: bool,
}

impl Apply {
    pub(in crate::store) fn begin(db: &Connection, end: &PullEnd) -> Result<Self, StoreError> {
        let mut apply = Self {
            tables: end.tables.clone(),
            with_own: outbox::drafts(db)?.into_iter().collect(),
            updates: Some(Vec::new()),
            has_conflicts: conflict::has_open(db)?,
            ..Self::default()
        };
        for name in bucket::names(db)?.iter().chain(&end.buckets) {
            let mut bucket = bucket::load(db, name)?;
            if bucket.cursor == 0 {
                bucket.began = end.upto;
            }
            apply.removals.begin(name, bucket.n);
            apply.buckets.insert(name.clone(), bucket);
        }
        Ok(apply)
    }

    pub(in crate::store) fn bucket_of(&self, table: &str) -> String {
        match Table::parse(table) {
            Some(table) => table.bucket().to_owned(),
            None => self
                .tables
                .get(table)
                .map_or(DEFAULT_BUCKET, String::as_str)
                .to_owned(),
        }
    }

    pub(in crate::store) fn bucket(&mut self, table: &str) -> &mut Bucket {
        let name = self.bucket_of(table);
        self.buckets.entry(name).or_default()
    }

    pub(in crate::store) fn put(
        &mut self,
        db: &Connection,
        row: Incoming,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let table = row.table().to_owned();
        if self.filling.contains(&self.bucket_of(&table)) {
            return self.insert(db, row);
        }
        let (id, version) = (row.id, row.version);
        let bucket = self.bucket(&table);
        let mark = BaseMark {
            version,
            seq: row.seq,
            generation: bucket.generation,
        };
        let is_refilling = bucket.is_refilling;
        let held = held(db, &row)?;
        if held.as_ref().is_some_and(|held| held.seq > mark.seq) && !is_refilling {
            // An older answer that came late.
            return Ok(());
        }
        if let Some(before) = held.as_ref().and_then(|held| held.title.as_deref()) {
            keep_title(db, &row, before, now)?;
        }
        self.store(db, row, mark, now)?;
        let bucket = self.bucket(&table);
        if let Some(held) = held {
            bucket.remove(&table, &id, held.version);
        }
        bucket.add(&table, &id, version);
        Ok(())
    }

    fn store(
        &mut self,
        db: &Connection,
        row: Incoming,
        mark: BaseMark,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let extra = row.extra.as_deref();
        match row.what {
            What::Person(person) => person::put_base(db, &person, mark, extra),
            What::Draft(draft) => {
                self.touched.insert(draft.id);
                self.rows.insert(draft.id);
                if self.has_conflicts {
                    let title = draft.title.as_str();
                    self.is_outbox_changed |=
                        conflict::their_value(db, (draft.id, "title"), title, now)?;
                }
                draft::put_base(db, &draft, mark, extra)
            }
            What::Attachment(row) => {
                self.touched.insert(row.draft);
                self.is_files_changed = true;
                attachment::put_base(db, &row, mark, extra)
            }
            What::Tag(entry) => {
                self.note_tags();
                tag::put_base(db, &entry, mark, extra)
            }
            What::Update(update) => {
                doc_update::put_base(db, &update, mark, extra)?;
                self.note_update(update);
                Ok(())
            }
            What::Other { table, columns } => {
                let bucket = self.bucket_of(&table);
                other_row::put_base(db, (&bucket, &table), &row.id, mark, &columns)
            }
        }
    }

    /// The book of tags is another one.
    pub(in crate::store) fn note_tags(&mut self) {
        self.touched.insert(tag::subject());
        self.rows.insert(tag::subject());
    }

    fn note_update(&mut self, update: StoredUpdate) {
        self.touched.insert(update.doc);
        self.texts.insert(update.doc);
        self.n_update_bytes += update.bytes.len();
        if let Some(updates) = &mut self.updates {
            updates.push(update);
            if updates.len() > FEW_UPDATES || self.n_update_bytes > FEW_UPDATE_BYTES {
                self.updates = None;
            }
        }
    }

    pub(in crate::store) fn delete(
        &mut self,
        db: &Connection,
        (table, id): (&str, [u8; 16]),
        seq: i64,
    ) -> Result<(), StoreError> {
        if table == DOC {
            return self.delete_text(db, DraftId::from_bytes(id), seq);
        }
        let version = match version_held(db, table, id)? {
            Some((_, held)) if held > seq => return Ok(()),
            Some((version, _)) => Some(version),
            None => None,
        };
        if Table::parse(table) == Some(Table::Draft) {
            self.delete_files(db, DraftId::from_bytes(id))?;
        }
        version.map_or(Ok(()), |version| self.remove(db, table, id, version))
    }

    /// With a draft its files go.
    fn delete_files(&mut self, db: &Connection, id: DraftId) -> Result<(), StoreError> {
        self.touched.insert(id);
        self.rows.insert(id);
        self.deleted.insert(id, attachment::of_draft(db, id)?);
        self.released.extend(attachment::blobs_of_draft(db, id)?);
        self.is_files_changed = true;
        for (file, version) in attachment::versions_of_draft(db, id)? {
            attachment::delete_base(db, file)?;
            let table = Table::Attachment.as_str();
            self.bucket(table).remove(table, file.as_bytes(), version);
        }
        Ok(())
    }

    /// All updates of a text go. Those of a draft that goes are no matter of the brake of their
    /// own: it has counted the draft.
    fn delete_text(&mut self, db: &Connection, id: DraftId, seq: i64) -> Result<(), StoreError> {
        if self.with_own.contains(&id) && doc_waiting::since(db, id)?.is_some() {
            // What is kept of it is kept with everything that had come.
            writing::put(db, id, &merging::markdown(db, id)?)?;
            doc_waiting::remove(db, id)?;
        }
        let is_alone = draft::base(db, id)?.is_some();
        for (update, version) in doc_update::versions_of_doc(db, id, seq)? {
            if is_alone {
                self.removals.count(Table::DocUpdate.bucket());
            }
            doc_update::delete_base(db, update)?;
            let table = Table::DocUpdate.as_str();
            self.bucket(table).remove(table, update.as_bytes(), version);
        }
        Ok(())
    }

    /// What becomes of the drafts that were deleted, once all else of the answer is in the base.
    pub(in crate::store) fn settle_deleted(
        &mut self,
        work: &mut Work<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for (id, files) in std::mem::take(&mut self.deleted) {
            deletion::came(work, id, &files, now)?;
        }
        blob::release_all(work.db, &std::mem::take(&mut self.released), now)
    }

    fn remove(
        &mut self,
        db: &Connection,
        table: &str,
        id: [u8; 16],
        version: i64,
    ) -> Result<(), StoreError> {
        let mut is_own = false;
        match Table::parse(table) {
            Some(Table::Person) => person::delete_base(db, UserId::from_bytes(id))?,
            Some(Table::Draft) => {
                self.touched.insert(DraftId::from_bytes(id));
                self.rows.insert(DraftId::from_bytes(id));
                // Somebody at this computer has typed a word for it.
                is_own = draft::is_gone(db, DraftId::from_bytes(id))?;
                draft::delete_base(db, DraftId::from_bytes(id))?;
            }
            // Its operations stay in the document; only the server's copy goes.
            Some(Table::DocUpdate) => doc_update::delete_base(db, UpdateId::from_bytes(id))?,
            Some(Table::Attachment) => {
                let id = AttachmentId::from_bytes(id);
                if let Some((draft, ..)) = attachment::base(db, id)? {
                    self.touched.insert(draft);
                }
                attachment::delete_base(db, id)?;
            }
            Some(Table::Tag) => {
                self.note_tags();
                tag::delete_base(db, &id)?;
            }
            None => other_row::delete_base(db, table, &id)?,
        }
        let bucket = self.bucket_of(table);
        if !is_own {
            self.removals.count(&bucket);
        }
        self.bucket(table).remove(table, &id, version);
        Ok(())
    }

    /// Accepted changes whose rows have come are not needed over them any more.
    pub(in crate::store) fn drop_arrived(
        &mut self,
        work: &mut Work<'_>,
        end: &PullEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // A page may end before a row: a later change moves it behind in the sequence, and a
        // bucket that is still being filled may not have come to it.
        if end.more {
            return Ok(());
        }
        for entry in outbox::in_state(work.db, State::Applied, i64::MAX)? {
            if entry.mid.is_some_and(|mid| mid > end.lmid) {
                continue;
            }
            if entry.mid.is_some() {
                journal::keep(work.db, &entry, now)?;
            }
            outbox::delete(work.db, entry.lid)?;
            if entry.kind == ChangeKind::Delete && draft::base(work.db, entry.draft)?.is_none() {
                // The server had nothing of it any more.
                deletion::forget(work, entry.draft)?;
            }
            self.arrived.insert(entry.draft);
            self.touched.insert(entry.draft);
            work.changed.outbox = true;
        }
        Ok(())
    }

    /// Stores how the buckets stand; whether that is what the server says.
    pub(in crate::store) fn save(
        &self,
        db: &Connection,
        end: &PullEnd,
    ) -> Result<bool, StoreError> {
        for (name, bucket) in &self.buckets {
            bucket::save(db, name, bucket)?;
        }
        Ok(end.sums.iter().all(|(name, n, x)| {
            let held = self.buckets.get(name).copied().unwrap_or_default();
            let sum = u64::from_str_radix(x, 16);
            held.is_refilling || held.n == *n && sum == Ok(held.x)
        }))
    }
}

/// A row that is held, before another takes its place.
struct Held {
    version: i64,
    seq: i64,
    title: Option<String>,
}

/// A title that gives way to another is kept.
fn keep_title(
    db: &Connection,
    row: &Incoming,
    before: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    match &row.what {
        What::Draft(draft) if draft.title.as_str() != before => {
            draft::keep_title(db, draft.id, before, now)
        }
        _ => Ok(()),
    }
}

fn held(db: &Connection, row: &Incoming) -> Result<Option<Held>, StoreError> {
    if let What::Draft(draft) = &row.what {
        let held = draft::held(db, draft.id)?;
        return Ok(held.map(|(title, version, seq)| Held {
            version,
            seq,
            title: Some(title),
        }));
    }
    let held = version_held(db, row.table(), row.id)?;
    Ok(held.map(|(version, seq)| Held {
        version,
        seq,
        title: None,
    }))
}

/// The version and sequence number of a row that is held.
fn version_held(
    db: &Connection,
    table: &str,
    id: [u8; 16],
) -> Result<Option<(i64, i64)>, StoreError> {
    Ok(match Table::parse(table) {
        Some(Table::Person) => person::base(db, UserId::from_bytes(id))?,
        Some(Table::Draft) => {
            draft::held(db, DraftId::from_bytes(id))?.map(|(_, version, seq)| (version, seq))
        }
        Some(Table::DocUpdate) => {
            doc_update::base(db, UpdateId::from_bytes(id))?.map(|(_, version, seq)| (version, seq))
        }
        Some(Table::Attachment) => attachment::base(db, AttachmentId::from_bytes(id))?
            .map(|(_, version, seq)| (version, seq)),
        Some(Table::Tag) => tag::base(db, &id)?,
        None => other_row::base(db, table, &id)?,
    })
}
