//! Undo and redo.

use stoa_domain::Timestamp;
use stoa_ipc::{
    DraftPlace, Failure, GetUndo, PassedOver, Redo, StepText, Turned, Undo, UndoState, UndoStep,
};
use stoa_store::{Store, StoreError};

use crate::studio::Studio;

pub(super) async fn undo_state(studio: &Studio, _: GetUndo) -> Result<UndoState, Failure> {
    studio.undo_state().await
}

pub(super) async fn undo(studio: &Studio, _: Undo) -> Result<Option<Turned>, Failure> {
    turn(studio, Store::undo).await
}

pub(super) async fn redo(studio: &Studio, _: Redo) -> Result<Option<Turned>, Failure> {
    turn(studio, Store::redo).await
}

pub(super) async fn undo_step(
    studio: &Studio,
    request: UndoStep,
) -> Result<Option<Turned>, Failure> {
    let now = studio.now();
    let turned = studio.ask(move |store| store.undo_step(request.n, now));
    Ok(turned.await?.map(told))
}

type Turn = fn(&Store, Timestamp) -> Result<Option<stoa_store::Turned>, StoreError>;

async fn turn(studio: &Studio, turn: Turn) -> Result<Option<Turned>, Failure> {
    let now = studio.now();
    let turned = studio.ask(move |store| turn(store, now)).await?;
    Ok(turned.map(told))
}

pub(super) fn told(turned: stoa_store::Turned) -> Turned {
    Turned {
        text: text(turned.text),
        draft: turned.draft,
        place: match (turned.is_there, turned.is_in_bin) {
            (false, _) => DraftPlace::Nowhere,
            (true, true) => DraftPlace::Bin,
            (true, false) => DraftPlace::List,
        },
        passed_over: turned.passed_over.map(passed_over),
    }
}

pub(super) fn passed_over(why: stoa_store::PassedOver) -> PassedOver {
    match why {
        stoa_store::PassedOver::ChangedSince => PassedOver::ChangedSince,
        stoa_store::PassedOver::Gone => PassedOver::Gone,
        stoa_store::PassedOver::Final => PassedOver::Final,
        stoa_store::PassedOver::NotAllowed => PassedOver::NotAllowed,
    }
}

pub(super) fn text(text: stoa_store::StepText) -> StepText {
    StepText {
        kind: text.kind.as_str().to_owned(),
        title: text.title,
        n_of: text.n_of,
    }
}

impl Studio {
    /// What undo and redo would do in the open profile.
    pub(crate) async fn undo_state(&self) -> Result<UndoState, Failure> {
        let state = self.ask(Store::undo_state).await?;
        Ok(UndoState {
            undo: state.undo.map(text),
            redo: state.redo.map(text),
        })
    }
}
