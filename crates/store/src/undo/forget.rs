//! Steps about a draft that is gone: nothing of it can be turned round, and nothing may tell of it.

use std::collections::BTreeSet;

use rusqlite::Connection;
use stoa_domain::DraftId;
use stoa_mutators::Mark;

use super::{Again, title};
use crate::StoreError;
use crate::store::Work;
use crate::table::step;

/// Forgets what was done to a draft. Of a step about several drafts the others stay.
pub(crate) fn forget(work: &mut Work<'_>, id: DraftId) -> Result<(), StoreError> {
    for mut step in step::mentioning(work.db, id)? {
        let mut back: Vec<Again> = match &step.back {
            Some(back) => serde_json::from_str(back)?,
            None => Vec::new(),
        };
        let mut marks: Vec<Mark> = serde_json::from_str(&step.marks)?;
        let about = |mark: &Mark| mark.key.id == *id.as_bytes();
        if step.draft != id && !back.iter().any(|a| a.draft == id) && !marks.iter().any(about) {
            continue;
        }
        work.changed.steps = true;
        back.retain(|again| again.draft != id);
        marks.retain(|mark| !about(mark));
        let Some(next) = back.first().map(|again| again.draft) else {
            step::delete(work.db, step.n)?;
            continue;
        };
        if step.draft == id {
            step.draft = next;
            step.title = title(work.db, next)?;
        }
        step.n_of = back.iter().map(|a| a.draft).collect::<BTreeSet<_>>().len() as u64;
        step.back = Some(serde_json::to_string(&back)?);
        step.marks = serde_json::to_string(&marks)?;
        step::replace(work.db, &step)?;
    }
    Ok(())
}

/// The drafts that steps are about.
pub(crate) fn drafts(db: &Connection) -> Result<BTreeSet<DraftId>, StoreError> {
    let mut drafts = BTreeSet::new();
    for step in step::all(db)? {
        let back: Vec<Again> = serde_json::from_str(step.back.as_deref().unwrap_or("[]"))?;
        drafts.insert(step.draft);
        drafts.extend(back.iter().map(|again| again.draft));
    }
    Ok(drafts)
}
