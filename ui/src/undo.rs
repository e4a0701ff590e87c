//! Undo and redo: what they would do now, and doing it.

use std::rc::Rc;

use stoa_ipc::{
    DraftPlace, Event, Failure, GetUndo, PassedOver, ProfileInfo, Redo, StepText, Turned, Undo,
    UndoState, UndoStep,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::commands::use_command;
use crate::host::{Host, use_app, use_events, use_host};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, ToastAction, View, use_view};

/// Keeps the view in step with the studio's steps, and carries out both commands.
#[hook]
pub(crate) fn use_undo() {
    let (host, view, app) = (use_host(), use_view(), use_app());
    let profile = app.profile().filter(|_| app.kind().is_some());
    let dispatcher = view.dispatcher();
    use_effect_with(profile.map(|p: &ProfileInfo| p.id.clone()), move |_| {
        spawn_local(async move {
            // Locked or read-only: nothing can be undone then.
            if let Ok(state) = host.call(GetUndo {}).await {
                dispatcher.dispatch(Step::CanTurn(Rc::new(state)));
            }
        });
    });
    let dispatcher = view.dispatcher();
    use_events(Callback::from(move |event: Event| {
        if let Event::Undo(state) = event {
            dispatcher.dispatch(Step::CanTurn(Rc::new(state)));
        }
    }));
    let (undo, redo) = use_turns();
    let open = app.is_open();
    use_command("edit.undo", open && view.can_turn.undo.is_some(), undo);
    use_command("edit.redo", open && view.can_turn.redo.is_some(), redo);
}

#[derive(Clone)]
struct Turner {
    host: Host,
    words: Words,
    tell: Callback<Failure>,
    view: UseReducerDispatcher<View>,
}

/// Takes the latest step back, and does it again.
#[hook]
pub(crate) fn use_turns() -> (Callback<()>, Callback<()>) {
    let turner = Turner {
        host: use_host(),
        words: use_words(),
        tell: use_tell(),
        view: use_view().dispatcher(),
    };
    let again = turner.clone();
    let undo = Callback::from(move |()| {
        let turner = turner.clone();
        spawn_local(async move {
            let turned = turner.host.call(Undo {}).await;
            let redo = ToastAction::Command("edit.redo", t!(turner.words, "redo"));
            turner.show(turned, "undone", redo);
        });
    });
    let redo = Callback::from(move |()| {
        let turner = again.clone();
        spawn_local(async move {
            let turned = turner.host.call(Redo {}).await;
            turner.show(turned, "redone", ToastAction::Undo);
        });
    });
    (undo, redo)
}

impl Turner {
    fn show(self, turned: Result<Option<Turned>, Failure>, said: &str, back: ToastAction) {
        let turned = match turned {
            Ok(Some(turned)) => turned,
            Ok(None) => return,
            Err(failure) => return self.tell.emit(failure),
        };
        let step = phrase(&self.words, &turned.text);
        let key = turned.passed_over.map_or(said, |why| why.text_key());
        let text = self.words.with(key, &[("step", step.as_str().into())]);
        let action = turned.passed_over.is_none().then_some(back);
        self.view.dispatch(Step::Turned(turned.draft, turned.place));
        self.view.dispatch(Step::Say(Toast {
            action,
            ..Toast::said(text)
        }));
    }
}

/// Takes the step of a number back, whatever was done after it.
#[hook]
pub(crate) fn use_turn_of() -> Callback<i64> {
    let turner = Turner {
        host: use_host(),
        words: use_words(),
        tell: use_tell(),
        view: use_view().dispatcher(),
    };
    Callback::from(move |n: i64| {
        let turner = turner.clone();
        spawn_local(async move {
            let turned = turner.host.call(UndoStep { n }).await;
            let redo = ToastAction::Command("edit.redo", t!(turner.words, "redo"));
            turner.show(turned, "undone", redo);
        });
    })
}

/// Why a step cannot be taken back, beside its own line.
pub(crate) fn why_not(words: &Words, why: PassedOver) -> AttrValue {
    words.get(match why {
        PassedOver::ChangedSince => "stays-changed-since",
        PassedOver::Gone => "stays-gone",
        PassedOver::Final => "stays-final",
        PassedOver::NotAllowed => "stays-not-allowed",
    })
}

/// A step as a phrase.
pub(crate) fn phrase(words: &Words, step: &StepText) -> AttrValue {
    let untitled = t!(words, "untitled");
    let title = match step.title.as_str() {
        "" => untitled.as_str(),
        title => title,
    };
    let values = [("title", title.into()), ("n", step.n_of.into())];
    words.with(&format!("step-{}", step.kind), &values)
}

/// What a command is called now: undo and redo name what they would do.
pub(crate) fn name_of(words: &Words, id: &str, can_turn: &UndoState) -> Option<AttrValue> {
    let (key, step) = match id {
        "edit.undo" => ("undo-step", can_turn.undo.as_ref()?),
        "edit.redo" => ("redo-step", can_turn.redo.as_ref()?),
        _ => return None,
    };
    let step = phrase(words, step);
    Some(words.with(key, &[("step", step.as_str().into())]))
}

/// Where the window goes after a step was turned round: `None` when it stays as it is.
pub(crate) fn follows(place: DraftPlace, in_bin: bool) -> bool {
    match place {
        DraftPlace::List => !in_bin,
        DraftPlace::Bin => in_bin,
        DraftPlace::Nowhere => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(kind: &str) -> StepText {
        StepText {
            kind: kind.to_owned(),
            title: "会员定价".to_owned(),
            n_of: 1,
        }
    }

    #[test]
    fn every_step_has_a_phrase_with_its_title_in_both_languages() {
        let kinds = [
            "create",
            "rename",
            "duplicate",
            "import",
            "bin",
            "restore",
            "delete",
            "discard",
        ];
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for kind in kinds {
                let said = phrase(&words, &step(kind));
                assert!(said.contains("会员定价"), "{language} {kind}: {said}");
            }
            for why in PassedOver::ALL {
                let said = words.with(why.text_key(), &[("step", "甲".into())]);
                assert!(said.contains('甲'), "{language}: {said}");
            }
        }
    }

    #[test]
    fn undo_names_what_it_would_take_back() {
        let can_turn = UndoState {
            undo: Some(step("bin")),
            redo: None,
        };
        let words = Words::new("zh-CN");
        let name = name_of(&words, "edit.undo", &can_turn);
        assert_eq!(name.as_deref(), Some("撤销：把《会员定价》移到回收站"));
        assert_eq!(name_of(&words, "edit.redo", &can_turn), None);
    }
}
