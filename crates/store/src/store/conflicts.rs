//! Conflicts: found, listed, decided. A decision is an ordinary change like any other.

use stoa_domain::{DraftId, Timestamp, Title};
use stoa_markdown::{compose, versions};
use stoa_mutators::{Mutation, RenameDraft};

use super::outbox::note;
use super::{Store, Work, text};
use crate::table::outbox::Entry;
use crate::table::{conflict, doc, draft, history};
use crate::{
    ChangeKind, ChangeText, Conflict, ConflictKind, Decision, DraftListing, HistoryEntry,
    HistoryKind, Random, Settled, StepKind, StoreError, overlay, undo, writing,
};

impl Store {
    /// Conflicts that wait for a decision, oldest first; or those that are settled, the last
    /// first.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn conflicts(&self, settled: bool, limit: u32) -> Result<Vec<Conflict>, StoreError> {
        self.read(|db| match settled {
            true => conflict::settled(db, limit.into()),
            false => conflict::open(db, limit.into()),
        })
    }

    /// One conflict, open or settled.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or the disk's error.
    pub fn conflict(&self, id: i64) -> Result<Conflict, StoreError> {
        self.read(|db| conflict::get(db, id)?.ok_or(StoreError::NotFound))
    }

    /// Settles conflicts in one step; all of them or none. What was changed since they were found
    /// stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when one is not open or its draft is gone,
    /// [`StoreError::Rejected`] when the rules do not allow the result.
    pub fn settle_conflicts(
        &self,
        ids: &[i64],
        decision: &Decision,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<(), StoreError> {
        self.write(|work| {
            work.now = Some(now);
            work.changed.outbox = true;
            let mut first = None;
            for id in ids {
                let open = conflict::get(work.db, *id)?
                    .filter(|found| found.settled.is_none())
                    .ok_or(StoreError::NotFound)?;
                settle(work, &open, decision, now, random)?;
                first.get_or_insert(open.draft);
            }
            // Titles can be taken back in one step; words are the editor's to take back.
            first.map_or(Ok(()), |draft| {
                undo::keep(work, StepKind::Resolve, draft, now)
            })
        })
    }

    /// Makes a new draft of one version of a text that was in conflict, also of a settled one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such text.
    pub fn keep_version(
        &self,
        id: i64,
        mine: bool,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<DraftListing, StoreError> {
        let found = self.conflict(id)?;
        let theirs = found.theirs.filter(|_| found.kind == ConflictKind::Text);
        let text = match theirs {
            Some(_) if mine => found.mine,
            Some(theirs) => theirs,
            None => return Err(StoreError::NotFound),
        };
        let title = Title::parse(&found.title)
            .map_err(|_| StoreError::Internal("a title that was one is none".to_owned()))?;
        self.import_draft(title, &text, now, random)
    }
}

/// Keeps both values of a field that the server refused to change; whether the entry is of that
/// kind. Titles that build on a refused one belong to the same conflict.
pub(super) fn open(work: &mut Work<'_>, entry: &Entry, now: Timestamp) -> Result<bool, StoreError> {
    let args = serde_json::from_str(&entry.args)?;
    let Ok(mutation) = Mutation::parse(&entry.name, entry.version, &args) else {
        return Ok(false);
    };
    let guarded = mutation.guarded();
    for field in &guarded {
        let (Some(seen), Some(wanted)) = (field.seen.as_str(), field.wanted.as_str()) else {
            return Ok(false);
        };
        if let Some(open) = conflict::open_of_field(work.db, entry.draft, field.field)? {
            conflict::set_mine(work.db, open.id, wanted)?;
            continue;
        }
        let theirs = draft::base(work.db, entry.draft)?
            .map(|(row, ..)| row.title.as_str().to_owned())
            .filter(|title| title != seen);
        let found = Conflict {
            id: 0,
            kind: ConflictKind::Field,
            draft: entry.draft,
            title: seen.to_owned(),
            field: field.field.to_owned(),
            base: seen.to_owned(),
            mine: wanted.to_owned(),
            theirs,
            merged: String::new(),
            seen_at: now,
            settled: None,
        };
        conflict::insert(work.db, &found)?;
        note(work, HistoryKind::Conflict, entry, now)?;
    }
    Ok(!guarded.is_empty())
}

fn settle(
    work: &mut Work<'_>,
    open: &Conflict,
    decision: &Decision,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(), StoreError> {
    let wanted = open.decided(decision);
    let keeps_theirs = open.kind == ConflictKind::Field && *decision == Decision::Theirs;
    if !keeps_theirs {
        draft::shown(work.db, open.draft)?.ok_or(StoreError::NotFound)?;
        match open.kind {
            ConflictKind::Field => rename(work, open.draft, &wanted, now)?,
            ConflictKind::Text => {
                let text = over_present(work, open, &wanted)?;
                text::rewrite(work, open.draft, &text, now, random)?;
            }
        }
    }
    let settled = Settled {
        at: now,
        by: decision.settlement(),
    };
    conflict::settle(work.db, open.id, settled)?;
    work.changed.drafts.insert(open.draft);
    let line = HistoryEntry {
        at: now,
        kind: HistoryKind::Resolved,
        n: 1,
        text: Some(ChangeText {
            kind: match open.kind {
                ConflictKind::Field => ChangeKind::Rename,
                ConflictKind::Text => ChangeKind::Write,
            },
            title: open.title.clone(),
        }),
        kept_markdown: None,
    };
    history::add(work.db, &line)
}

fn rename(
    work: &mut Work<'_>,
    id: DraftId,
    wanted: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let title = Title::parse(wanted).map_err(|_| invalid_title())?;
    let shown = draft::shown(work.db, id)?.ok_or(StoreError::NotFound)?;
    if shown.title == title {
        return Ok(());
    }
    let was = Some(shown.title);
    let rename = Mutation::RenameDraft(RenameDraft { id, title, was });
    overlay::enqueue(work, id, &rename, now)?;
    writing::index_if_small(work.db, id)
}

fn invalid_title() -> StoreError {
    let code = stoa_mutators::RejectCode::Invalid;
    StoreError::Rejected(stoa_mutators::Reject::field(code, "title"))
}

/// The wanted text with what was written since the conflict was found; where both touch the same
/// paragraph, the decision.
fn over_present(work: &mut Work<'_>, open: &Conflict, wanted: &str) -> Result<String, StoreError> {
    let present = doc::markdown(work.db, open.draft)?;
    if present == open.merged {
        return Ok(wanted.to_owned());
    }
    let hunks = versions(&open.merged, wanted, &present);
    Ok(compose(hunks.iter().map(|hunk| hunk.settled())))
}
