//! Taking in what the server sent: staged row by row, applied in one transaction when complete.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use stoa_domain::{DraftId, Timestamp, UpdateId};
use stoa_mutators::{DocUpdate, MAX_UPDATE_BYTES, Row, Table};

use super::review::Review;
use super::{Store, Work};
use crate::table::bucket::{self, Bucket};
use crate::table::doc_update::{self, StoredUpdate};
use crate::table::outbox::{self, State};
use crate::table::{BaseMark, conflict, draft, history, journal, listing, meta, other_row};
use crate::text::Imported;
use crate::{
    Columns, HistoryEntry, HistoryKind, PullEnd, PulledChanges, StoreError, overlay, writing,
};

/// With so few changed drafts, the search index is brought up to date at once.
const FEW_DRAFTS: usize = 50;

/// Rows of a pull that is under way, in memory. Dropped without [`PullStage::finish`], it leaves
/// no trace.
pub struct PullStage {
    store: Store,
    lines: Vec<Line>,
}

enum Line {
    Put {
        table: String,
        id: [u8; 16],
        version: i64,
        seq: i64,
        columns: Columns,
    },
    Delete {
        table: String,
        id: [u8; 16],
        seq: i64,
    },
}

impl Store {
    /// The sequence number up to which this device has everything of a bucket; 0 for nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn cursor(&self, bucket: &str) -> Result<i64, StoreError> {
        self.read(|db| Ok(bucket::load(db, bucket)?.cursor))
    }

    /// Begins to take in a pull.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]
    pub fn begin_pull(&self) -> Result<PullStage, StoreError> {
        if self.is_read_only() {
            return Err(StoreError::ReadOnly);
        }
        Ok(PullStage {
            store: self.clone(),
            lines: Vec::new(),
        })
    }

    /// Has everything of a bucket fetched anew. Nothing is taken away before it has come again;
    /// the outbox is kept.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn reset_bucket(&self, bucket: &str) -> Result<(), StoreError> {
        self.write(|work| start_again(work.db, bucket))
    }
}

pub(super) fn start_again(db: &Connection, name: &str) -> Result<(), StoreError> {
    let mut bucket = bucket::load(db, name)?;
    bucket.cursor = 0;
    bucket.generation += 1;
    bucket.is_refilling = true;
    bucket::save(db, name, &bucket)
}

impl PullStage {
    /// Stages a row.
    ///
    /// # Errors
    /// [`StoreError::Internal`] when the id is no UUID.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a row as they travel"
    )]
    pub fn put(
        &mut self,
        table: &str,
        pk: &str,
        version: i64,
        seq: i64,
        columns: Columns,
    ) -> Result<(), StoreError> {
        let (table, id) = (table.to_owned(), id_of(pk)?);
        self.lines.push(Line::Put {
            table,
            id,
            version,
            seq,
            columns,
        });
        Ok(())
    }

    /// Stages that a row is gone.
    ///
    /// # Errors
    /// [`StoreError::Internal`] when the id is no UUID.
    pub fn delete(&mut self, table: &str, pk: &str, seq: i64) -> Result<(), StoreError> {
        let (table, id) = (table.to_owned(), id_of(pk)?);
        self.lines.push(Line::Delete { table, id, seq });
        Ok(())
    }

    /// Applies everything staged, all of it or nothing: the server's rows, the user's own changes
    /// over them, the texts.
    ///
    /// # Errors
    /// [`StoreError`]; the store is as before then, and the same pull can be made again.
    pub fn finish(self, end: &PullEnd, now: Timestamp) -> Result<PulledChanges, StoreError> {
        let lines = self.lines;
        self.store.write(|work| {
            work.now = Some(now);
            work.kept_as = HistoryKind::Pulled;
            let mut pull = Pull::begin(work.db, end)?;
            let n_rows = lines.len();
            for line in lines {
                pull.apply(work, line, now)?;
            }
            pull.close_buckets(work, end)?;
            pull.review = Review::begin(work.db)?;
            pull.drop_arrived(work, end, now)?;
            pull.show(work, now)?;
            let checksum_ok = pull.save(work.db, end)?;
            if meta::must_heal(work.db)? && !end.more {
                super::push::resend(work, end.lmid + 1)?;
                meta::set_must_heal(work.db, false)?;
            }
            journal::forget_old(work.db, now)?;
            Ok(PulledChanges {
                drafts: work.changed.drafts.iter().copied().collect(),
                n_rows,
                checksum_ok,
            })
        })
    }
}

fn id_of(pk: &str) -> Result<[u8; 16], StoreError> {
    let id: DraftId = pk
        .parse()
        .map_err(|_| StoreError::Internal("the server sent a row without an id".to_owned()))?;
    Ok(*id.as_bytes())
}

fn bucket_of(table: &str) -> &'static str {
    Table::parse(table).unwrap_or(Table::Draft).bucket()
}

/// A row as it came.
struct Incoming {
    table: String,
    id: [u8; 16],
    mark: BaseMark,
    columns: Columns,
}

/// One pull being applied.
#[derive(Default)]
struct Pull {
    buckets: BTreeMap<String, Bucket>,
    /// Drafts whose rows or texts the server changed.
    touched: BTreeSet<DraftId>,
    /// Drafts of which something of this device's own arrived.
    own: BTreeSet<DraftId>,
    updates: Vec<StoredUpdate>,
    review: Review,
}

impl Pull {
    fn begin(db: &Connection, end: &PullEnd) -> Result<Self, StoreError> {
        let mut pull = Self::default();
        for name in bucket::names(db)?.iter().chain(&end.buckets) {
            pull.buckets.insert(name.clone(), bucket::load(db, name)?);
        }
        Ok(pull)
    }

    fn bucket(&mut self, table: &str) -> &mut Bucket {
        self.buckets.entry(bucket_of(table).to_owned()).or_default()
    }

    fn apply(&mut self, work: &mut Work<'_>, line: Line, now: Timestamp) -> Result<(), StoreError> {
        match line {
            Line::Put {
                table,
                id,
                version,
                seq,
                columns,
            } => {
                let mark = BaseMark {
                    version,
                    seq,
                    generation: self.bucket(&table).generation,
                };
                let row = Incoming {
                    table,
                    id,
                    mark,
                    columns,
                };
                self.put(work, row, now)
            }
            Line::Delete { table, id, seq } => match version_held(work.db, &table, id)? {
                Some((version, held)) if held <= seq => self.remove(work.db, &table, id, version),
                _ => Ok(()),
            },
        }
    }

    fn put(
        &mut self,
        work: &mut Work<'_>,
        row: Incoming,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (table, id, mark) = (row.table.clone(), row.id, row.mark);
        let held = version_held(work.db, &table, id)?;
        let is_refilling = self.bucket(&table).is_refilling;
        if held.is_some_and(|(_, seq)| seq > mark.seq) && !is_refilling {
            // An older answer that came late.
            return Ok(());
        }
        match Table::parse(&table) {
            Some(known) => self.put_known(work, known, row, now)?,
            None => other_row::put_base(work.db, &table, &id, mark, &row.columns)?,
        }
        let bucket = self.bucket(&table);
        if let Some((version, _)) = held {
            bucket.remove(&table, &id, version);
        }
        bucket.add(&table, &id, mark.version);
        Ok(())
    }

    fn put_known(
        &mut self,
        work: &mut Work<'_>,
        table: Table,
        incoming: Incoming,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let columns = incoming.columns;
        let row = Row::from_json(table, columns.clone())?;
        if row.key().id != incoming.id {
            return Err(StoreError::Internal(
                "the server sent a row under another id".to_owned(),
            ));
        }
        let known = row.to_json();
        let extra: Columns = columns
            .into_iter()
            .filter(|(column, _)| !known.contains_key(column))
            .collect();
        let extra = (!extra.is_empty()).then_some(&extra);
        match row {
            Row::Draft(row) => {
                if let Some((before, ..)) = draft::base(work.db, row.id)?
                    && before.title != row.title
                {
                    draft::keep_title(work.db, row.id, &before.title, now)?;
                }
                self.touched.insert(row.id);
                let title = row.title.as_str();
                work.changed.outbox |=
                    conflict::their_value(work.db, (row.id, "title"), title, now)?;
                draft::put_base(work.db, &row, incoming.mark, extra)
            }
            Row::DocUpdate(row) => {
                let update = decode(row);
                doc_update::put_base(work.db, &update, incoming.mark, extra)?;
                self.touched.insert(update.doc);
                self.updates.push(update);
                Ok(())
            }
        }
    }

    fn remove(
        &mut self,
        db: &Connection,
        table: &str,
        id: [u8; 16],
        version: i64,
    ) -> Result<(), StoreError> {
        match Table::parse(table) {
            Some(Table::Draft) => {
                self.touched.insert(DraftId::from_bytes(id));
                draft::delete_base(db, DraftId::from_bytes(id))?;
            }
            // Its operations stay in the document; only the server's copy goes.
            Some(Table::DocUpdate) => doc_update::delete_base(db, UpdateId::from_bytes(id))?,
            None => other_row::delete_base(db, table, &id)?,
        }
        self.bucket(table).remove(table, &id, version);
        Ok(())
    }

    /// Moves the cursors on. Takes away what a bucket fetched anew does not hold any more, and the
    /// buckets this role may not see any more.
    fn close_buckets(&mut self, work: &mut Work<'_>, end: &PullEnd) -> Result<(), StoreError> {
        let names: Vec<String> = self.buckets.keys().cloned().collect();
        for name in names {
            let is_lost = !end.buckets.contains(&name);
            let Some(bucket) = self.buckets.get_mut(&name) else {
                continue;
            };
            if is_lost {
                bucket.generation += 1;
                bucket.cursor = 0;
            } else {
                bucket.cursor = end.upto;
            }
            let is_complete = bucket.is_refilling && !end.more;
            if is_lost || is_complete {
                bucket.is_refilling = false;
                let generation = bucket.generation;
                self.sweep(work.db, &name, generation)?;
            }
        }
        Ok(())
    }

    fn sweep(&mut self, db: &Connection, name: &str, generation: i64) -> Result<(), StoreError> {
        if name != Table::Draft.bucket() {
            return Ok(());
        }
        for (id, version) in draft::not_of_generation(db, generation)? {
            self.remove(db, Table::Draft.as_str(), *id.as_bytes(), version)?;
        }
        for (id, doc, version) in doc_update::not_of_generation(db, generation)? {
            self.touched.insert(doc);
            self.remove(db, Table::DocUpdate.as_str(), *id.as_bytes(), version)?;
        }
        for (table, id, version) in other_row::not_of_generation(db, generation)? {
            self.remove(db, &table, id, version)?;
        }
        Ok(())
    }

    /// Accepted changes whose rows have come are not needed over them any more.
    fn drop_arrived(
        &mut self,
        work: &mut Work<'_>,
        end: &PullEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // A page may end before a row: a later change moves it behind in the sequence.
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
            self.own.insert(entry.draft);
            self.touched.insert(entry.draft);
            work.changed.outbox = true;
        }
        Ok(())
    }

    /// Shows the new truth with the user's own changes over it, and merges the texts.
    fn show(&mut self, work: &mut Work<'_>, now: Timestamp) -> Result<(), StoreError> {
        // A draft that comes after its text (it changed later) finds the text waiting.
        let mut appeared = BTreeSet::new();
        for id in &self.touched {
            let was_listed = listing::get(work.db, *id)?.is_some();
            overlay::rebuild(work, *id)?;
            if !was_listed && listing::get(work.db, *id)?.is_some() {
                appeared.insert(*id);
            }
        }
        let mut merged = BTreeSet::new();
        for id in &appeared {
            for update in doc_update::of_doc(work.db, *id)? {
                if merge(work, &update, now)? {
                    merged.insert(*id);
                }
            }
        }
        for update in self
            .updates
            .iter()
            .filter(|update| !appeared.contains(&update.doc))
        {
            if listing::get(work.db, update.doc)?.is_none() {
                continue;
            }
            self.review.before(work, update.doc)?;
            if merge(work, update, now)? {
                self.review.came(work.db, update)?;
                merged.insert(update.doc);
            }
        }
        self.review.look(work, now)?;
        for id in &merged {
            let markdown = work.documents.get(work.db, *id)?.document.text();
            writing::put(work.db, *id, &markdown)?;
            if !work.is_open(*id) {
                work.documents.forget(*id);
            }
        }
        if self.touched.len() <= FEW_DRAFTS {
            for id in &self.touched {
                writing::index_if_small(work.db, *id)?;
            }
        }
        let n = self.touched.difference(&self.own).count();
        if n > 0 {
            let line = HistoryEntry {
                at: now,
                kind: HistoryKind::Pulled,
                n: n as u64,
                text: None,
                kept_markdown: None,
            };
            history::add(work.db, &line)?;
        }
        Ok(())
    }

    /// Stores how the buckets stand; whether that is what the server says.
    fn save(&self, db: &Connection, end: &PullEnd) -> Result<bool, StoreError> {
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

/// The version and sequence number of a row that is held.
fn version_held(
    db: &Connection,
    table: &str,
    id: [u8; 16],
) -> Result<Option<(i64, i64)>, StoreError> {
    let held = match Table::parse(table) {
        Some(Table::Draft) => {
            draft::base(db, DraftId::from_bytes(id))?.map(|(_, version, seq)| (version, seq))
        }
        Some(Table::DocUpdate) => {
            doc_update::base(db, UpdateId::from_bytes(id))?.map(|(_, version, seq)| (version, seq))
        }
        None => other_row::base(db, table, &id)?,
    };
    Ok(held)
}

fn decode(row: DocUpdate) -> StoredUpdate {
    StoredUpdate {
        id: row.id,
        doc: row.doc,
        // What is no base64 cannot have the right checksum and is set aside for that.
        bytes: STANDARD
            .decode(&row.bytes)
            .unwrap_or_else(|_| row.bytes.into_bytes()),
        b3: row.b3,
        author: row.author,
        made_at: row.made_at,
    }
}

/// Takes an update into the document; whether that changed it. One that cannot be read is set
/// aside, so that a single bad one holds up nothing.
fn merge(work: &mut Work<'_>, update: &StoredUpdate, now: Timestamp) -> Result<bool, StoreError> {
    let b3 = blake3::hash(&update.bytes).to_hex();
    if b3.as_str() != update.b3 || update.bytes.len() > MAX_UPDATE_BYTES {
        set_aside(work, update, "checksum or size", now)?;
        return Ok(false);
    }
    let loaded = work.documents.get(work.db, update.doc)?;
    match loaded.document.import(&update.bytes) {
        Imported::Known => Ok(false),
        Imported::New => {
            loaded.log(work.db, update.doc, &update.bytes)?;
            Ok(true)
        }
        Imported::Waiting => {
            loaded.note_waiting();
            loaded.log(work.db, update.doc, &update.bytes)?;
            Ok(true)
        }
        Imported::Unreadable(why) => {
            set_aside(work, update, &why, now)?;
            Ok(false)
        }
        Imported::Poisoned => {
            // What was read so far is on the disk; the document is made anew from there.
            work.documents.forget(update.doc);
            set_aside(work, update, "it brought the reader down", now)?;
            Ok(false)
        }
    }
}

fn set_aside(
    work: &mut Work<'_>,
    update: &StoredUpdate,
    why: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tracing::warn!(draft = %update.doc, update = %update.id, why, "an update was set aside");
    doc_update::set_aside(work.db, update, why, now)?;
    let line = HistoryEntry {
        at: now,
        kind: HistoryKind::SetAside,
        n: 1,
        text: None,
        kept_markdown: None,
    };
    history::add(work.db, &line)
}
