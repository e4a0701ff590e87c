//! Undo and redo, any number of steps, over restarts.

use rusqlite::Connection;
use stoa_domain::Timestamp;

use super::Store;
use crate::table::draft;
use crate::table::step::{self, StoredStep};
use crate::{PassedOver, StepDone, StepKind, StepText, StoreError, Turned, UndoState, undo};

impl Store {
    /// What would be taken back next, and what would be done again.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn undo_state(&self) -> Result<UndoState, StoreError> {
        self.read(|db| {
            let told = |step: Option<StoredStep>| step.map(|step| text(db, step)).transpose();
            Ok(UndoState {
                undo: told(step::to_undo(db)?)?,
                redo: told(step::to_redo(db)?)?,
            })
        })
    }

    /// What was done and not taken back, the latest first, and whether it can be.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn steps_done(&self, limit: u32) -> Result<Vec<StepDone>, StoreError> {
        self.read(|db| {
            let told = |step: StoredStep| {
                Ok(StepDone {
                    n: step.n,
                    at: step.at,
                    stays: undo::stays(db, &step)?,
                    text: text(db, step)?,
                })
            };
            step::done(db, limit)?.into_iter().map(told).collect()
        })
    }

    /// Takes the latest step back. `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn undo(&self, now: Timestamp) -> Result<Option<Turned>, StoreError> {
        self.turn(step::to_undo, now)
    }

    /// Does the step again that was taken back last. `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn redo(&self, now: Timestamp) -> Result<Option<Turned>, StoreError> {
        self.turn(step::to_redo, now)
    }

    /// Takes one step back, whatever was done after it. `None` when it is not there, or was taken
    /// back before.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was changed then.
    pub fn undo_step(&self, n: i64, now: Timestamp) -> Result<Option<Turned>, StoreError> {
        self.turn(|db| Ok(step::get(db, n)?.filter(|step| step.is_done)), now)
    }

    /// Forgets every step: what was done so far was no person's work.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn forget_steps(&self) -> Result<(), StoreError> {
        self.write(|work| {
            work.changed.steps = true;
            step::delete_all(work.db)
        })
    }

    fn turn(
        &self,
        next: impl Fn(&Connection) -> Result<Option<StoredStep>, StoreError>,
        now: Timestamp,
    ) -> Result<Option<Turned>, StoreError> {
        let turned = self.write(|work| {
            let Some(step) = next(work.db)? else {
                return Ok(None);
            };
            let before = text(work.db, step.clone())?;
            let passed_over = undo::turn(work, step.clone(), now)?;
            told(work.db, before, &step, passed_over).map(Some)
        });
        match turned {
            Err(StoreError::Rejected(_) | StoreError::UnderWay | StoreError::NotFound) => {
                self.pass_over(&next)
            }
            turned => turned,
        }
    }

    /// The rules do not allow it any more, or it is just being sent: the steps before it can
    /// still be taken back.
    fn pass_over(
        &self,
        next: impl Fn(&Connection) -> Result<Option<StoredStep>, StoreError>,
    ) -> Result<Option<Turned>, StoreError> {
        self.write(|work| {
            let Some(step) = next(work.db)? else {
                return Ok(None);
            };
            work.changed.steps = true;
            step::delete(work.db, step.n)?;
            let before = text(work.db, step.clone())?;
            told(work.db, before, &step, Some(PassedOver::NotAllowed)).map(Some)
        })
    }
}

fn told(
    db: &Connection,
    text: StepText,
    step: &StoredStep,
    passed_over: Option<PassedOver>,
) -> Result<Turned, StoreError> {
    let shown = draft::shown(db, step.draft)?;
    Ok(Turned {
        text,
        draft: step.draft,
        is_there: shown.is_some(),
        is_in_bin: shown.is_some_and(|draft| draft.binned_at.is_some()),
        passed_over,
    })
}

/// A step as people are told about it: by the title the draft has now, but a rename by the title
/// it gave.
fn text(db: &Connection, step: StoredStep) -> Result<StepText, StoreError> {
    let title = match step.kind {
        StepKind::Rename | StepKind::Discard | StepKind::Resolve => step.title,
        _ => draft::shown(db, step.draft)?.map_or(step.title, |shown| shown.title.into()),
    };
    Ok(StepText {
        kind: step.kind,
        title,
        n_of: step.n_of,
    })
}
