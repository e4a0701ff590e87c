//! When a right ends: what the person may not see any more leaves no row behind, and what was not
//! accepted stays here, within reach of an export.

use stoa_domain::Timestamp;

use super::{Store, Work};
use crate::table::outbox::{self, State};
use crate::table::{bucket, conflict, doc_update, draft, listing};
use crate::{PullEnd, StoreError, overlay, undo};

impl Store {
    /// Takes away every row of the community: the person does not belong to it any more. The
    /// outbox stays.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails; nothing was taken away then.
    pub fn leave_community(&self, now: Timestamp) -> Result<(), StoreError> {
        let nothing = PullEnd {
            // Whatever was accepted is the server's now.
            lmid: i64::MAX - 1,
            ..PullEnd::default()
        };
        self.begin_pull()?.finish(&nothing, now).map(drop)
    }

    /// Sets everything aside that waits: the server takes nothing from this person any more.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn park_waiting(&self, code: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write(|work| {
            for mut entry in outbox::open(work.db, i64::MAX)? {
                entry.state = State::Parked;
                entry.code = Some(code.to_owned());
                entry.acked_at = Some(now);
                outbox::set_state(work.db, &entry)?;
                work.changed.drafts.insert(entry.draft);
            }
            work.changed.outbox = true;
            for draft in outbox::drafts(work.db)? {
                overlay::rebuild(work, draft)?;
            }
            Ok(())
        })
    }
}

/// Whether a pull takes a bucket away of which something is held.
pub(super) fn is_bucket_lost(work: &Work<'_>, end: &PullEnd) -> Result<bool, StoreError> {
    for name in bucket::names(work.db)? {
        if !end.buckets.contains(&name) && bucket::load(work.db, &name)?.n > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Forgets what lies beside the rows of drafts that are not shown any more, and what the search
/// index still holds of them.
pub(super) fn forget_traces(work: &mut Work<'_>) -> Result<(), StoreError> {
    let mut gone = draft::with_kept_titles(work.db)?;
    gone.extend(doc_update::set_aside_docs(work.db)?);
    gone.extend(conflict::drafts(work.db)?);
    gone.extend(undo::drafts(work.db)?);
    for id in gone {
        let is_own = !outbox::of_draft(work.db, id)?.is_empty();
        if is_own || listing::get(work.db, id)?.is_some() {
            continue;
        }
        draft::forget_titles(work.db, id)?;
        doc_update::forget_set_aside(work.db, id)?;
        conflict::forget(work.db, id)?;
        undo::forget(work, id)?;
    }
    listing::compact_index(work.db)
}
