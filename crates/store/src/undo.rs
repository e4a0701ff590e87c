//! Steps: what was done in one go, and turning it round.
//!
//! Every change that goes through [`overlay::enqueue`] or [`overlay::put`] is gathered in the
//! [`Doing`] of its transaction; a command that is a step ends with [`keep`]. Nothing else is
//! asked of it: what takes a change back is declared by the mutation itself.
//!
//! A step is turned round in one of two ways. As long as nothing of it was sent or changed, its
//! entries are taken out of the outbox again and kept in the step; nobody will ever have known.
//! Otherwise the opposite is done as a new change, unless somebody has changed the same thing
//! since. Either way the step then holds what turns it round once more.

mod forget;
mod look;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stoa_domain::{DraftId, TextVersion, Timestamp};
use stoa_mutators::{Inverse, Key, Mark, Mutation, Rows, Table};

use crate::random::Drawn;
use crate::store::{Work, present, read_point, restore_text};
use crate::table::outbox::{self, Entry, State};
use crate::table::step::{self, StoredStep};
use crate::table::{doc, draft, tag};
use crate::text::Imported;
use crate::{ChangeKind, PassedOver, Random, StepKind, StoreError, hex, overlay, random, writing};

pub(crate) use forget::{drafts, forget};
pub(crate) use look::{forget_entry, stays};

/// Titles typed with pauses shorter than this are one step.
const ONE_TITLE_MS: i64 = 10_000;

/// What one transaction does, as far as it can be taken back.
#[derive(Default)]
pub(crate) struct Doing {
    /// The entries that hold just these changes.
    lids: Vec<i64>,
    known_lids: HashSet<i64>,
    /// What takes all of it back, the last change first.
    back: VecDeque<(DraftId, Mutation)>,
    /// Something of it cannot be taken back once it was sent.
    is_final: bool,
    /// Texts that were put in the place of others.
    texts: Vec<WayBack>,
    marks: Vec<Mark>,
    known_marks: HashSet<(Key, String)>,
    drafts: BTreeSet<DraftId>,
    /// What it is about, where that is no draft.
    title: Option<String>,
}

/// From one text of a draft back to another, both named by their places in its history.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct WayBack {
    draft: DraftId,
    /// The text as it has to be for this way to be gone.
    stands: TextVersion,
    to: TextVersion,
    /// Where chance comes from when it is gone, in hex.
    seed: String,
}

impl WayBack {
    /// From the text that a draft has now.
    pub(crate) fn new(
        work: &mut Work<'_>,
        draft: DraftId,
        to: TextVersion,
        random: &dyn Random,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            draft,
            stands: present(work, draft)?,
            to,
            seed: hex::encode(&random::bytes::<32>(random)),
        })
    }

    /// The same where entries that hold such a change were put back: no other step holds them.
    fn of_entries(
        work: &mut Work<'_>,
        step: &StoredStep,
        to: TextVersion,
    ) -> Result<Self, StoreError> {
        let entries = step.back.as_deref().unwrap_or_default();
        Ok(Self {
            draft: step.draft,
            stands: present(work, step.draft)?,
            to,
            seed: blake3::hash(entries.as_bytes()).to_hex().to_string(),
        })
    }

    /// Whether nobody has written since.
    fn is_open(&self, work: &mut Work<'_>) -> Result<bool, StoreError> {
        let stands = read_point(&self.stands);
        let document = &work.documents.get(work.db, self.draft)?.document;
        let text = stands.and_then(|stands| document.text_at_point(&stands));
        Ok(text == Some(document.text()))
    }

    /// Puts the other text back, which is a change that has a way back itself.
    fn go(&self, work: &mut Work<'_>, now: Timestamp) -> Result<(), StoreError> {
        let point = read_point(&self.to).ok_or(StoreError::NotFound)?;
        let stands = present(work, self.draft)?;
        let seed = hex::decode(&self.seed).ok_or(StoreError::NotFound)?;
        let what_for = format!("{} {}", now.millis(), stands.as_str());
        let random = Drawn::new(&seed, what_for.as_bytes());
        if restore_text(work, self.draft, &point, now, &random)? {
            let way_back = Self::new(work, self.draft, stands, &random)?;
            work.doing.note_text(way_back);
        }
        Ok(())
    }
}

impl Doing {
    /// Notes that a text was put in the place of another.
    pub(crate) fn note_text(&mut self, way_back: WayBack) {
        self.texts.push(way_back);
    }

    /// Says what it is about, where that is not one draft.
    pub(crate) fn name(&mut self, title: String) {
        self.title = Some(title);
    }

    /// How many drafts it is about.
    fn n_drafts(&self) -> u64 {
        let drafts = self.drafts.iter().filter(|id| **id != tag::subject());
        drafts.count() as u64
    }

    /// Notes a change; `before` are the rows it touches as they were, `lid` the entry that holds
    /// it, if one does alone.
    pub(crate) fn note(
        &mut self,
        id: DraftId,
        mutation: &Mutation,
        before: &Rows,
        lid: Option<i64>,
    ) {
        self.drafts.insert(id);
        if self.title.is_none() {
            self.title = overlay::of_tags(mutation);
        }
        if let Some(lid) = lid.filter(|lid| self.known_lids.insert(*lid)) {
            self.lids.push(lid);
        }
        match mutation.inverse(before) {
            Inverse::Changes(changes) => {
                let changes = changes.into_iter().map(|change| (id, change));
                for change in changes.rev() {
                    self.back.push_front(change);
                }
            }
            Inverse::Nothing => self.is_final = true,
        }
        for mark in mutation.marks(before) {
            if self.known_marks.insert((mark.key, mark.field.clone())) {
                self.marks.push(mark);
            }
        }
    }
}

/// An entry of the outbox that brought a step about.
#[derive(Serialize, Deserialize)]
struct Did {
    lid: i64,
    /// BLAKE3 of its arguments, to see whether it was changed since.
    b3: String,
}

/// A change that turns a step round: one to be made, or an entry to be put back as it was.
#[derive(Serialize, Deserialize)]
struct Again {
    draft: DraftId,
    name: String,
    version: u32,
    args: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<Was>,
    /// A text to be put in place, instead of a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<WayBack>,
}

/// Where an entry is put back. What was discarded from the middle goes there again; what is done
/// again takes effect after all else.
#[derive(Clone, Copy)]
enum Place {
    Last,
    Same,
}

/// How an entry was when it was taken out.
#[derive(Serialize, Deserialize)]
struct Was {
    lid: i64,
    title: String,
    made_at: Timestamp,
    spans: Option<String>,
    /// Why it was refused, if it was.
    code: Option<String>,
    /// The attachments it waits for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
    #[serde(default)]
    kept_back: bool,
}

impl Again {
    fn change(mutation: &Mutation, draft: DraftId) -> Self {
        Self {
            draft,
            name: mutation.name().to_owned(),
            version: mutation.version(),
            args: mutation.args().to_string(),
            entry: None,
            text: None,
        }
    }

    fn text(way_back: WayBack) -> Self {
        Self {
            draft: way_back.draft,
            name: String::new(),
            version: 0,
            args: String::new(),
            entry: None,
            text: Some(way_back),
        }
    }

    /// An entry to be put back at the end, or in its `place`.
    fn entry(entry: &Entry, place: Place) -> Self {
        Self {
            draft: entry.draft,
            name: entry.name.clone(),
            version: entry.version,
            args: entry.args.clone(),
            entry: Some(Was {
                lid: match place {
                    Place::Last => 0,
                    Place::Same => entry.lid,
                },
                title: entry.title.clone(),
                made_at: entry.made_at,
                spans: entry.spans.clone(),
                needs: entry.needs.clone(),
                kept_back: entry.kept_back,
                code: entry
                    .state
                    .is_failed()
                    .then(|| entry.code.clone().unwrap_or_default()),
            }),
            text: None,
        }
    }

    fn mutation(&self) -> Result<Mutation, StoreError> {
        let args = serde_json::from_str(&self.args)?;
        Mutation::parse(&self.name, self.version, &args)
            .map_err(|error| StoreError::Internal(error.to_string()))
    }
}

/// Makes what this transaction has done so far one step.
pub(crate) fn keep(
    work: &mut Work<'_>,
    kind: StepKind,
    id: DraftId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let doing = std::mem::take(&mut work.doing);
    let Some(mut new) = begin(work, &doing, kind, (id, now))? else {
        return Ok(());
    };
    if kind == StepKind::Rename
        && let Some(before) = same_title(work.db, &new)?
    {
        return join(work, before, &new, &doing);
    }
    fill(work.db, &mut new, &doing)?;
    step::add(work.db, &new)
}

/// The same for what is done in several transactions: it becomes part of the step `onto`, if that
/// stands and can be taken back. Answers the step.
pub(crate) fn keep_onto(
    work: &mut Work<'_>,
    kind: StepKind,
    id: DraftId,
    (onto, now): (Option<i64>, Timestamp),
) -> Result<Option<i64>, StoreError> {
    let doing = std::mem::take(&mut work.doing);
    let Some(mut new) = begin(work, &doing, kind, (id, now))? else {
        return Ok(onto);
    };
    fill(work.db, &mut new, &doing)?;
    let before = match onto {
        Some(n) => step::get(work.db, n)?.filter(|before| before.is_done && before.kind == kind),
        None => None,
    };
    let Some(mut before) = before else {
        step::add(work.db, &new)?;
        return Ok(Some(work.db.last_insert_rowid()));
    };
    before.did = joined(&before.did, &new.did)?;
    before.marks = joined(&before.marks, &new.marks)?;
    // The last change is the first to be taken back.
    before.back = match (before.back, new.back) {
        (Some(before), Some(new)) => Some(joined(&new, &before)?),
        _ => None,
    };
    before.n_of = match &before.back {
        Some(back) => n_of(back)?,
        None => before.n_of + doing.n_drafts(),
    };
    before.at = now;
    step::replace(work.db, &before)?;
    Ok(Some(before.n))
}

/// How many drafts a way back is about, each once.
fn n_of(back: &str) -> Result<u64, StoreError> {
    let back: Vec<Again> = serde_json::from_str(back)?;
    Ok(back
        .iter()
        .map(|again| again.draft)
        .collect::<BTreeSet<_>>()
        .len() as u64)
}

/// Two lists in JSON as one.
fn joined(first: &str, second: &str) -> Result<String, StoreError> {
    let mut all: Vec<Value> = serde_json::from_str(first)?;
    all.extend(serde_json::from_str::<Vec<Value>>(second)?);
    Ok(serde_json::to_string(&all)?)
}

/// A step that is to be filled, unless nothing was done that makes a difference.
fn begin(
    work: &mut Work<'_>,
    doing: &Doing,
    kind: StepKind,
    (id, now): (DraftId, Timestamp),
) -> Result<Option<StoredStep>, StoreError> {
    if doing.back.is_empty() && doing.texts.is_empty() && !doing.is_final {
        // It made no difference.
        return Ok(None);
    }
    work.changed.steps = true;
    Ok(Some(StoredStep {
        n: 0,
        is_done: true,
        kind,
        draft: id,
        title: match &doing.title {
            Some(title) if id == tag::subject() => title.clone(),
            _ => title(work.db, id)?,
        },
        n_of: doing.n_drafts().max(1),
        at: now,
        did: String::new(),
        back: None,
        marks: String::new(),
    }))
}

/// Makes taking entries out of the outbox a step: putting them back turns it round.
pub(crate) fn keep_taken(
    work: &mut Work<'_>,
    kind: StepKind,
    taken: &[Entry],
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(first) = taken.first() else {
        return Ok(());
    };
    let mut new = StoredStep {
        n: 0,
        is_done: true,
        kind,
        draft: first.draft,
        title: first.title.clone(),
        n_of: 1,
        at: now,
        did: String::new(),
        back: None,
        marks: String::new(),
    };
    were_taken(work.db, &mut new, taken, Place::Same)?;
    work.changed.steps = true;
    step::add(work.db, &new)
}

fn title(db: &Connection, id: DraftId) -> Result<String, StoreError> {
    Ok(draft::shown(db, id)?
        .map(|shown| shown.title.into())
        .unwrap_or_default())
}

/// The step before, when it was the same title being typed.
fn same_title(db: &Connection, new: &StoredStep) -> Result<Option<StoredStep>, StoreError> {
    if step::to_redo(db)?.is_some() {
        return Ok(None);
    }
    Ok(step::to_undo(db)?.filter(|before| {
        before.kind == StepKind::Rename
            && before.draft == new.draft
            && before.at.plus_millis(ONE_TITLE_MS) >= new.at
    }))
}

/// A title that goes on being typed: the way back stays the one to the title before all of it.
fn join(
    work: &mut Work<'_>,
    mut before: StoredStep,
    new: &StoredStep,
    doing: &Doing,
) -> Result<(), StoreError> {
    let mut lids: Vec<i64> = read_did(&before.did)?.iter().map(|did| did.lid).collect();
    lids.extend(&doing.lids);
    before.did = did_json(work.db, &lids)?;
    before.marks = marks_json(work.db, &doing.marks)?;
    before.title.clone_from(&new.title);
    before.at = new.at;
    step::replace(work.db, &before)
}

fn fill(db: &Connection, step: &mut StoredStep, doing: &Doing) -> Result<(), StoreError> {
    step.did = did_json(db, &doing.lids)?;
    step.marks = marks_json(db, &doing.marks)?;
    let back: Vec<Again> = doing
        .back
        .iter()
        .map(|(id, mutation)| Again::change(mutation, *id))
        .chain(doing.texts.iter().cloned().map(Again::text))
        .collect();
    step.back = match doing.is_final {
        true => None,
        false => Some(serde_json::to_string(&back)?),
    };
    Ok(())
}

fn read_did(json: &str) -> Result<Vec<Did>, StoreError> {
    Ok(serde_json::from_str(json)?)
}

fn checksum(entry: &Entry) -> String {
    blake3::hash(entry.args.as_bytes()).to_hex().to_string()
}

fn did_json(db: &Connection, lids: &[i64]) -> Result<String, StoreError> {
    let mut did = Vec::new();
    for lid in lids {
        // One that is not there any more can never be taken out again.
        let b3 = outbox::get(db, *lid)?.map_or_else(String::new, |entry| checksum(&entry));
        did.push(Did { lid: *lid, b3 });
    }
    Ok(serde_json::to_string(&did)?)
}

/// The marks with the values that are shown now.
fn marks_json(db: &Connection, marks: &[Mark]) -> Result<String, StoreError> {
    let mut now = Vec::new();
    for mark in marks {
        let stored = overlay::load(db, mark.key)?;
        now.push(mark.again(stored.as_ref().map(|stored| &stored.row)));
    }
    Ok(serde_json::to_string(&now)?)
}

/// The marks of changes that are not in force.
fn marks_of(db: &Connection, again: &[Again]) -> Result<String, StoreError> {
    let mut doing = Doing::default();
    for change in again {
        if let Ok(mutation) = change.mutation() {
            doing.note(change.draft, &mutation, &Rows::default(), None);
        }
    }
    marks_json(db, &doing.marks)
}

/// Turns a step round, and stores it as it stands then. Answers why it was passed over instead,
/// if it was.
pub(crate) fn turn(
    work: &mut Work<'_>,
    mut step: StoredStep,
    now: Timestamp,
) -> Result<Option<PassedOver>, StoreError> {
    work.now = Some(now);
    work.changed.steps = true;
    work.changed.outbox = true;
    let did = read_did(&step.did)?;
    if step.kind == StepKind::Discard && !step.is_done {
        let lid = did.first().map_or(0, |did| did.lid);
        let taken = crate::store::discard(work, lid, now)?;
        were_taken(work.db, &mut step, &taken, Place::Same)?;
    } else if !brought_other_texts(&step)?
        && let Some(entries) = untouched(work.db, &did)?
    {
        take_out(work, &entries, now)?;
        were_taken(work.db, &mut step, &entries, Place::Last)?;
    } else if step.back.is_none() {
        step::delete(work.db, step.n)?;
        return Ok(Some(PassedOver::Final));
    } else {
        let mut again = read_back(&step)?;
        if let Some(why) = leave_out(work, &step, &mut again)? {
            step::delete(work.db, step.n)?;
            return Ok(Some(why));
        }
        let before = text_before(work, &step)?;
        for change in &again {
            make(work, change, now)?;
        }
        show_texts(work, &again)?;
        if let Some(to) = before.filter(|_| work.doing.texts.is_empty()) {
            let way_back = WayBack::of_entries(work, &step, to)?;
            work.doing.note_text(way_back);
        }
        let doing = std::mem::take(&mut work.doing);
        if step.kind == StepKind::Import || is_bulk(&step) {
            step.n_of = doing.n_drafts().max(1);
        }
        fill(work.db, &mut step, &doing)?;
    }
    step.is_done = !step.is_done;
    step.at = now;
    step::replace(work.db, &step)?;
    Ok(None)
}

/// The text before a step that is about a text is turned round.
fn text_before(work: &mut Work<'_>, step: &StoredStep) -> Result<Option<TextVersion>, StoreError> {
    match step.kind {
        StepKind::RestoreText => present(work, step.draft).map(Some),
        _ => Ok(None),
    }
}

/// Notes that putting these entries back turns the step round.
fn were_taken(
    db: &Connection,
    step: &mut StoredStep,
    taken: &[Entry],
    place: Place,
) -> Result<(), StoreError> {
    let again: Vec<Again> = taken
        .iter()
        .map(|entry| Again::entry(entry, place))
        .collect();
    "[]".clone_into(&mut step.did);
    step.marks = marks_of(db, &again)?;
    step.back = Some(serde_json::to_string(&again)?);
    Ok(())
}

/// The entries of a step, when all are there as it made them, none was ever sent, and nothing
/// builds on them.
fn untouched(db: &Connection, did: &[Did]) -> Result<Option<Vec<Entry>>, StoreError> {
    let mut entries = Vec::new();
    for did in did {
        match outbox::get(db, did.lid)? {
            Some(entry) if is_as_made(&entry, did) => entries.push(entry),
            _ => return Ok(None),
        }
    }
    let lids: BTreeSet<i64> = did.iter().map(|did| did.lid).collect();
    let ours = |entry: &Entry| lids.contains(&entry.lid);
    for entry in &entries {
        let has_dependents = matches!(entry.kind, ChangeKind::Create | ChangeKind::Write)
            && !outbox::of_draft(db, entry.draft)?.iter().all(ours);
        if has_dependents {
            return Ok(None);
        }
    }
    Ok((!entries.is_empty()).then_some(entries))
}

fn is_as_made(entry: &Entry, did: &Did) -> bool {
    let is_free = match entry.state {
        State::Pending => !entry.was_sent,
        State::Rejected | State::Parked => entry.mid.is_none() || entry.acked_at.is_some(),
        State::Inflight | State::Applied => false,
    };
    is_free && checksum(entry) == did.b3
}

fn take_out(work: &mut Work<'_>, entries: &[Entry], now: Timestamp) -> Result<(), StoreError> {
    work.kept_as = crate::HistoryKind::Undone;
    let drafts: BTreeSet<DraftId> = entries.iter().map(|entry| entry.draft).collect();
    for entry in entries {
        crate::store::settle(work, entry, now)?;
    }
    for id in drafts {
        let still_there = draft::base(work.db, id)?.is_some();
        let writes = |entry: &Entry| entry.draft == id && entry.kind == ChangeKind::Write;
        if still_there && entries.iter().any(writes) {
            crate::store::rewrite_document(work, id)?;
        }
        overlay::rebuild(work, id)?;
        writing::index_if_small(work.db, id)?;
    }
    Ok(())
}

/// Why the step is not turned round: the same thing looks different than the step left it. Of an
/// import or another change to many drafts, only the drafts that do are left as they are, as long
/// as there are others.
fn leave_out(
    work: &mut Work<'_>,
    step: &StoredStep,
    again: &mut Vec<Again>,
) -> Result<Option<PassedOver>, StoreError> {
    let is_of_many = step.kind == StepKind::Import || is_bulk(step);
    let marks: Vec<Mark> = serde_json::from_str(&step.marks)?;
    let mut left_out = BTreeSet::new();
    let mut why = None;
    for mark in &marks {
        let stored = overlay::load(work.db, mark.key)?;
        let row = stored.as_ref().map(|stored| &stored.row);
        if mark.stands(row) {
            continue;
        }
        why = Some(match row {
            Some(_) => PassedOver::ChangedSince,
            None => PassedOver::Gone,
        });
        if !is_of_many {
            return Ok(why);
        }
        match mark.key.table {
            Table::Draft => drop(left_out.insert(DraftId::from_bytes(mark.key.id))),
            Table::Tag => drop(left_out.insert(tag::subject())),
            Table::Person | Table::DocUpdate | Table::Attachment => {}
        }
    }
    for change in again.iter() {
        let Some(way_back) = &change.text else {
            continue;
        };
        if draft::shown(work.db, change.draft)?.is_none() {
            why = Some(PassedOver::Gone);
        } else if !way_back.is_open(work)? {
            why = Some(PassedOver::ChangedSince);
        } else {
            continue;
        }
        if !is_of_many {
            return Ok(why);
        }
        left_out.insert(change.draft);
    }
    again.retain(|change| !left_out.contains(&change.draft));
    Ok(why.filter(|_| again.is_empty()))
}

/// Whether the same was done to several drafts, each of which stands alone.
fn is_bulk(step: &StoredStep) -> bool {
    if step.kind == StepKind::RenameTag {
        return true;
    }
    let may_be = matches!(
        step.kind,
        StepKind::Bin
            | StepKind::Restore
            | StepKind::Archive
            | StepKind::Unarchive
            | StepKind::Describe
    );
    may_be && step.n_of > 1
}

/// Whether an import gave drafts that were there before another text: that may lie in an entry
/// which held their text already, so taking out the entries of the step is not enough.
fn brought_other_texts(step: &StoredStep) -> Result<bool, StoreError> {
    Ok(
        step.kind == StepKind::Import
            && read_back(step)?.iter().any(|change| change.text.is_some()),
    )
}

fn read_back(step: &StoredStep) -> Result<Vec<Again>, StoreError> {
    Ok(serde_json::from_str(step.back.as_deref().unwrap_or("[]"))?)
}

/// Makes one change that turns a step round.
fn make(work: &mut Work<'_>, change: &Again, now: Timestamp) -> Result<(), StoreError> {
    if let Some(way_back) = &change.text {
        return way_back.go(work, now);
    }
    let mutation = change.mutation()?;
    let Some(was) = &change.entry else {
        let seen = overlay::rows_of(&overlay::existing(work.db, &mutation)?);
        return overlay::enqueue(work, change.draft, &mutation.seeing(&seen), now);
    };
    let mut prepared = match was.code {
        // It was refused and shows nothing; it waits for a decision again.
        Some(_) => overlay::unseen(work.db, change.draft, &mutation, now)?,
        None => overlay::prepare(work.db, change.draft, &mutation, now)?,
    };
    let entry = &mut prepared.entry;
    entry.lid = was.lid;
    entry.title.clone_from(&was.title);
    entry.made_at = was.made_at;
    entry.spans.clone_from(&was.spans);
    entry.needs.clone_from(&was.needs);
    entry.kept_back = was.kept_back;
    if let Some(code) = &was.code {
        entry.state = State::Rejected;
        entry.code = Some(code.clone());
    }
    overlay::put(work, &prepared)?;
    overlay::rebuild(work, change.draft)
}

/// Brings the texts up to date with the updates that were put back.
fn show_texts(work: &mut Work<'_>, again: &[Again]) -> Result<(), StoreError> {
    let mut updates: BTreeMap<DraftId, Vec<Vec<u8>>> = BTreeMap::new();
    for change in again.iter().filter(|change| change.text.is_none()) {
        if let Mutation::AppendDoc(append) = change.mutation()? {
            let bytes = STANDARD.decode(&append.bytes).unwrap_or_default();
            updates.entry(change.draft).or_default().push(bytes);
        }
    }
    for (id, updates) in updates {
        for bytes in &updates {
            let loaded = work.documents.get(work.db, id)?;
            match loaded.document.import(bytes) {
                Imported::Known => {}
                Imported::New | Imported::Waiting => loaded.log(work.db, id, bytes)?,
                other => return Err(StoreError::Damaged(format!("an own change: {other:?}"))),
            }
        }
        let markdown = work.documents.get(work.db, id)?.document.text();
        writing::put(work.db, id, &markdown)?;
        writing::index_if_small(work.db, id)?;
        if !work.is_open(id) {
            work.documents.forget(id);
        }
    }
    for change in again {
        if doc::summary(work.db, change.draft)?.n_words == 0 {
            writing::index_if_small(work.db, change.draft)?;
        }
    }
    Ok(())
}
