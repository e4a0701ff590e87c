//! Whether a step can be taken back, as far as that is known without trying.

use rusqlite::Connection;
use stoa_mutators::Mark;

use super::{is_bulk, read_did, untouched};
use crate::store::Work;
use crate::table::outbox::Entry;
use crate::table::step::{self, StoredStep};
use crate::{PassedOver, StepKind, StoreError, overlay};

/// Of what was done to more drafts each may stand alone, and looking at all takes long.
const LOOKED_AT: u64 = 50;

/// Why a step that is done would be passed over; `None` when nothing speaks against taking it
/// back. Whether the text that it put in place still stands, and whether the role allows it, shows
/// only when somebody does it.
pub(crate) fn stays(db: &Connection, step: &StoredStep) -> Result<Option<PassedOver>, StoreError> {
    if step.n_of > LOOKED_AT || untouched(db, &read_did(&step.did)?)?.is_some() {
        return Ok(None);
    }
    if step.back.is_none() {
        return Ok(Some(PassedOver::Final));
    }
    let mut why = None;
    let mut n_open = 0;
    for mark in serde_json::from_str::<Vec<Mark>>(&step.marks)? {
        let stored = overlay::load(db, mark.key)?;
        let row = stored.as_ref().map(|stored| &stored.row);
        if mark.stands(row) {
            n_open += 1;
            continue;
        }
        why = Some(match row {
            Some(_) => PassedOver::ChangedSince,
            None => PassedOver::Gone,
        });
    }
    let is_of_many = step.kind == StepKind::Import || is_bulk(step);
    Ok(why.filter(|_| !is_of_many || n_open == 0))
}

/// Forgets the step that brought an entry about: another one is to take its place.
pub(crate) fn forget_entry(work: &mut Work<'_>, entry: &Entry) -> Result<(), StoreError> {
    for found in step::mentioning(work.db, entry.draft)? {
        let did = read_did(&found.did)?;
        if did.iter().any(|did| did.lid == entry.lid) {
            work.changed.steps = true;
            step::delete(work.db, found.n)?;
        }
    }
    Ok(())
}
