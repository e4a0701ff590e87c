//! The rows of one push, in memory while its mutations run over them.

mod storing;

use std::collections::{BTreeMap, HashMap, HashSet};

use stoa_domain::{CommunityId, DraftId, Timestamp};
use stoa_mutators::{
    Context, Ground, Key, Mutation, Outcome, Reject, RejectCode, Row, Stored, Superseded, Table,
    run,
};
use stoa_protocol::sync::{BaseRow, MergeNote, MutationOutcome, MutationResult, PushedMutation};
use uuid::Uuid;

use super::courses::Courses;
use super::deletions::Deletions;
use super::published::Publications;
use super::{Act, Incoming};
use crate::db::{Ahead, DbError, Tx};
use crate::sync::proposals::subject_of;
use crate::sync::standing::Standing;
use crate::tables::field_history::Overridden;
use crate::tables::proposal::{self, NewProposal};
use crate::tables::{Sender, attachment, audit, bucket, doc_update, draft, person, tag, tombstone};

/// So many changes of one person may wait for a decision.
const MOST_PROPOSED: usize = 5_000;

/// A row as it stands, with what is needed to store it.
struct Held {
    stored: Stored,
    /// The version in the database; 0 when it is not there.
    old_version: i64,
    /// The sequence number of its last change in this batch.
    seq: Option<i64>,
}

/// A batch while it is decided.
pub(crate) struct Batch {
    sender: Sender,
    standing: Standing,
    head: i64,
    rows: HashMap<Key, Held>,
    audit: Vec<audit::Entry>,
    overridden: Vec<Overridden>,
    deletions: Deletions,
    courses: Courses,
    published: Publications,
    proposed: Vec<NewProposal>,
    /// The drafts that waiting proposals of this person are about.
    proposed_about: HashSet<[u8; 16]>,
    n_proposed: usize,
}

impl Batch {
    /// Asks for what [`Batch::load`] and [`Batch::store`] read.
    pub(super) fn ask_ahead(
        tx: &mut Ahead<'_>,
        community: CommunityId,
        incoming: &[Incoming],
    ) -> Result<(), DbError> {
        let touched = touched(incoming);
        let mut buckets = HashSet::new();
        for (table, ids) in &touched {
            find_each(tx, community, *table, ids)?;
            if buckets.insert(table.bucket()) {
                bucket::sums(tx, community, table.bucket())?;
            }
        }
        if reads_tags(incoming) {
            tag::standing(tx, community)?;
        }
        // Which of the drafts are missing is not known yet.
        tombstone::of_drafts(tx, community, &missing_drafts(&touched, &HashMap::new()))?;
        Courses::ask_ahead(tx, community, incoming)?;
        Publications::ask_ahead(tx, community, incoming)
    }

    /// Loads every row that the mutations touch.
    pub(crate) fn load(
        tx: &mut dyn Tx,
        sender: Sender,
        standing: Standing,
        head: i64,
        incoming: &[Incoming],
    ) -> Result<Self, DbError> {
        let mut rows = HashMap::new();
        let touched = touched(incoming);
        for (table, ids) in &touched {
            let found = find_each(tx, sender.community, *table, ids)?;
            rows.extend(found.into_iter().map(held));
        }
        if reads_tags(incoming) {
            let book = tag::standing(tx, sender.community)?;
            rows.extend(book.into_iter().map(held));
        }
        let missing = missing_drafts(&touched, &rows);
        let deletions = Deletions::load(tx, sender.community, incoming, &missing)?;
        let waiting = match standing.lost {
            Some(_) => proposal::subjects(tx, sender.community, sender.user)?,
            None => Vec::new(),
        };
        Ok(Self {
            sender,
            standing,
            head,
            rows,
            audit: Vec::new(),
            overridden: Vec::new(),
            deletions,
            courses: Courses::load(tx, sender.community, incoming)?,
            published: Publications::load(tx, sender.community, incoming)?,
            proposed: Vec::new(),
            n_proposed: waiting.len(),
            proposed_about: waiting.into_iter().collect(),
        })
    }

    /// The sequence number of the last change.
    pub(crate) fn head(&self) -> i64 {
        self.head
    }

    /// Runs the mutations one after the other.
    pub(crate) fn decide(&mut self, incoming: &[Incoming], now: Timestamp) -> Vec<MutationResult> {
        incoming
            .iter()
            .map(|one| {
                let outcome = self.decide_one(one, now);
                self.audit.push(audit_entry(one, &outcome, now));
                MutationResult {
                    mid: one.mid,
                    outcome,
                }
            })
            .collect()
    }

    fn decide_one(&mut self, one: &Incoming, now: Timestamp) -> MutationOutcome {
        let mutation = match &one.act {
            Act::Run(mutation) => mutation,
            Act::Refuse(reject) => return rejected(reject),
        };
        let ctx = Context {
            user: Some(self.sender.user),
            role: self.standing.role,
            now,
            made_at: one.made_at,
        };
        let existing = self.ground_of(mutation);
        let ground = Ground {
            existing: &existing,
            gone: &self.deletions.gone_of(mutation),
            parts: self.deletions.parts_of(mutation),
            n_lessons: self.courses.n_lessons_of(mutation),
        };
        match run(mutation, &one.base, ground, &ctx) {
            Outcome::Rejected(reject) if self.is_lost_right(mutation, one, ground, &ctx) => {
                self.propose(mutation, one, now);
                let code = RejectCode::Proposed;
                rejected(&Reject { code, ..reject })
            }
            Outcome::Rejected(reject) => {
                self.keep_opinion(mutation, one, &reject, now);
                rejected(&reject)
            }
            Outcome::Applied {
                changes,
                superseded,
                deleted,
            } => {
                if let Err(reject) = self.note_published(mutation, &changes, now) {
                    return rejected(&reject);
                }
                self.head += i64::from(!changes.is_empty() || !deleted.is_empty());
                let seq = self.head;
                for change in changes {
                    self.hold(change, seq);
                }
                for key in deleted {
                    self.delete(key, (seq, now));
                }
                self.done(superseded, (seq, now))
            }
        }
    }

    /// The rows that a mutation reads, as they stand.
    fn ground_of(&self, mutation: &Mutation) -> Vec<Stored> {
        let touches = mutation.touches();
        let touched = touches.iter().filter_map(|key| self.rows.get(key));
        let mut ground: Vec<Stored> = touched.map(|held| held.stored.clone()).collect();
        if mutation.reads_tags() {
            let book = self
                .rows
                .iter()
                .filter(|(key, _)| key.table == Table::Tag && !touches.contains(key));
            ground.extend(book.map(|(_, held)| held.stored.clone()));
        }
        ground
    }

    /// Keeps a verdict that came after another one, or after the request was withdrawn.
    fn keep_opinion(
        &mut self,
        mutation: &Mutation,
        one: &Incoming,
        reject: &Reject,
        at: Timestamp,
    ) {
        let Mutation::DecideReview(decide) = mutation else {
            return;
        };
        if reject.code != RejectCode::AlreadyDecided {
            return;
        }
        let key = Key {
            table: Table::Draft,
            id: *decide.draft.as_bytes(),
        };
        let lost = Superseded {
            key,
            field: format!("second_opinion.{}.{}", self.sender.device, one.mid),
            value: mutation.args(),
        };
        let (seq, by) = (self.head, self.sender.user);
        self.overridden.push(Overridden { lost, seq, by, at });
    }

    /// What to answer to a change that was done, and what it wrote over.
    fn done(
        &mut self,
        superseded: Vec<Superseded>,
        (seq, at): (i64, Timestamp),
    ) -> MutationOutcome {
        let by = self.sender.user;
        let has_overridden = !superseded.is_empty();
        let superseded = superseded.into_iter();
        self.overridden
            .extend(superseded.map(|lost| Overridden { lost, seq, by, at }));
        if has_overridden {
            let note = MergeNote::Overrode;
            MutationOutcome::Merged { seq, note }
        } else {
            MutationOutcome::Applied { seq }
        }
    }

    /// Whether the change would have been done with the right that was lost, or builds on one that
    /// waits for a decision.
    fn is_lost_right(
        &self,
        mutation: &Mutation,
        one: &Incoming,
        ground: Ground<'_>,
        ctx: &Context,
    ) -> bool {
        let Some(lost) = self.standing.lost else {
            return false;
        };
        let before = Context {
            role: lost.role,
            ..*ctx
        };
        let has_room = self.n_proposed < MOST_PROPOSED;
        let builds_on_one = self.proposed_about.contains(&subject_of(mutation));
        has_room
            && match run(mutation, &one.base, ground, &before) {
                Outcome::Applied { .. } => true,
                Outcome::Rejected(reject) => {
                    builds_on_one
                        && matches!(reject.code, RejectCode::NotFound | RejectCode::NotAllowed)
                }
            }
    }

    fn propose(&mut self, mutation: &Mutation, one: &Incoming, now: Timestamp) {
        let Some(lost) = self.standing.lost else {
            return;
        };
        let base = one.base.iter().map(|seen| BaseRow {
            table: seen.key.table.as_str().to_owned(),
            pk: Uuid::from_bytes(seen.key.id).to_string(),
            version: seen.version,
        });
        let subject = subject_of(mutation);
        self.proposed_about.insert(subject);
        self.n_proposed += 1;
        self.proposed.push(NewProposal {
            mutation: PushedMutation {
                mid: one.mid,
                name: mutation.name().to_owned(),
                version: mutation.version(),
                args: mutation.args(),
                base: base.collect(),
                made_at: one.made_at,
            },
            subject,
            reason: lost.reason,
            arrived_at: now,
        });
    }

    /// Whether what is published may have the address that it is to have.
    fn note_published(
        &mut self,
        mutation: &Mutation,
        changes: &[Stored],
        now: Timestamp,
    ) -> Result<(), Reject> {
        let (rows, deletions) = (&self.rows, &self.deletions);
        let is_offered = |id: DraftId| {
            let (table, id) = (Table::Draft, *id.as_bytes());
            match &rows.get(&Key { table, id })?.stored.row {
                Row::Draft(draft) => Some(draft.offered().is_some()),
                _ => None,
            }
        };
        let updates = |id| deletions.updates_of(id);
        self.published
            .note((mutation, changes), updates, is_offered, now)
    }

    fn hold(&mut self, change: Stored, seq: i64) {
        let key = change.row.key();
        self.deletions.note(&change.row);
        let before = self.rows.get(&key);
        let old_version = before.map_or(0, |held| held.old_version);
        let before = before.map(|held| &held.stored.row);
        self.courses.note(before, Some(&change.row));
        self.rows.insert(
            key,
            Held {
                stored: change,
                old_version,
                seq: Some(seq),
            },
        );
    }

    fn delete(&mut self, key: Key, at: (i64, Timestamp)) {
        let held = self.rows.remove(&key);
        self.courses
            .note(held.as_ref().map(|held| &held.stored.row), None);
        let version = held.map_or(0, |held| held.old_version);
        for part in self.deletions.delete(key, version, at) {
            self.rows.remove(&part);
        }
        self.overridden.retain(|value| value.lost.key != key);
        self.published.forget(DraftId::from_bytes(key.id));
    }
}

fn find_each(
    tx: &mut dyn Tx,
    community: CommunityId,
    table: Table,
    ids: &[[u8; 16]],
) -> Result<Vec<Stored>, DbError> {
    match table {
        Table::Person => person::find_each(tx, community, ids),
        Table::Draft => draft::find_each(tx, community, ids),
        Table::DocUpdate => doc_update::find_each(tx, community, ids),
        Table::Attachment => attachment::find_each(tx, community, ids),
        Table::Tag => tag::find_each(tx, community, ids),
    }
}

fn held(stored: Stored) -> (Key, Held) {
    let held = Held {
        old_version: stored.version,
        stored,
        seq: None,
    };
    (held.stored.row.key(), held)
}

fn reads_tags(incoming: &[Incoming]) -> bool {
    incoming.iter().any(|one| match &one.act {
        Act::Run(mutation) => mutation.reads_tags(),
        Act::Refuse(_) => false,
    })
}

fn touched(incoming: &[Incoming]) -> BTreeMap<Table, Vec<[u8; 16]>> {
    let mut ids: BTreeMap<Table, Vec<[u8; 16]>> = BTreeMap::new();
    for one in incoming {
        if let Act::Run(mutation) = &one.act {
            for key in mutation.touches() {
                ids.entry(key.table).or_default().push(key.id);
            }
        }
    }
    for list in ids.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    ids
}

/// The drafts that the mutations touch and that are not there.
fn missing_drafts(
    touched: &BTreeMap<Table, Vec<[u8; 16]>>,
    rows: &HashMap<Key, Held>,
) -> Vec<[u8; 16]> {
    let table = Table::Draft;
    let drafts = touched.get(&table).into_iter().flatten().copied();
    drafts
        .filter(|id| !rows.contains_key(&Key { table, id: *id }))
        .collect()
}

fn rejected(reject: &Reject) -> MutationOutcome {
    MutationOutcome::Rejected {
        code: reject.code.as_str().to_owned(),
        field: reject.field.clone(),
    }
}

fn audit_entry(one: &Incoming, outcome: &MutationOutcome, now: Timestamp) -> audit::Entry {
    let (status, code, seq) = match outcome {
        MutationOutcome::Applied { seq } => ("applied", None, Some(*seq)),
        MutationOutcome::Merged { seq, .. } => ("merged", None, Some(*seq)),
        MutationOutcome::Rejected { code, .. } => ("rejected", Some(code.clone()), None),
        MutationOutcome::Duplicate { .. } | MutationOutcome::Deferred { .. } => {
            unreachable!("a fresh mutation is decided")
        }
    };
    audit::Entry {
        mid: one.mid,
        name: one.name.clone(),
        version: one.version,
        digest: one.digest,
        status,
        code,
        seq,
        made_at: one.made_at,
        arrived_at: now,
    }
}
