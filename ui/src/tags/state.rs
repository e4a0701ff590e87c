//! The tags there are, and changing them.

use std::rc::Rc;

use stoa_ipc::{
    ChangeSynonyms, Event, Failure, ListTags, RenameTag, SynonymsChanged, TagList, TagProgress,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::actions::hand_over;
use crate::commands::use_commands;
use crate::host::{use_events, use_host};
use crate::parts::Remote;
use crate::t;
use crate::tell::refusal_for;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

/// Every tag, asked again whenever drafts or the book of tags change.
#[hook]
pub(crate) fn use_tags() -> (Remote<Rc<TagList>>, Callback<()>) {
    let host = use_host();
    let listed = use_state(|| Remote::Coming);
    let n_asked = use_mut_ref(|| 0_u64);
    let again = {
        let listed = listed.setter();
        use_callback(host, move |(), host| {
            let (host, listed, n_asked) = (host.clone(), listed.clone(), n_asked.clone());
            *n_asked.borrow_mut() += 1;
            let mine = *n_asked.borrow();
            spawn_local(async move {
                let answer = host.call(ListTags {}).await;
                // An answer that was overtaken by a newer question is out of date.
                if *n_asked.borrow() == mine {
                    listed.set(answer.map(Rc::new).into());
                }
            });
        })
    };
    {
        let again = again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    {
        let again = again.clone();
        use_events(Callback::from(move |event: Event| {
            if matches!(event, Event::Drafts(_)) {
                again.emit(());
            }
        }));
    }
    ((*listed).clone(), again)
}

/// What is being done, and ways to do it.
#[derive(Clone, PartialEq)]
pub(super) struct Changing {
    pub(super) is_busy: bool,
    /// How far a long renaming is.
    pub(super) progress: Option<TagProgress>,
    pub(super) synonyms: Callback<(ChangeSynonyms, Callback<Result<(), Failure>>)>,
    pub(super) rename: Callback<(RenameTag, Callback<Result<(), Failure>>)>,
}

/// Changes are told when they are done and can be taken back; the one who asks hears of a failure.
#[hook]
pub(super) fn use_changing() -> Changing {
    let is_busy = use_state_eq(|| false);
    let progress = use_state_eq(|| None::<TagProgress>);
    {
        let progress = progress.setter();
        use_events(Callback::from(move |event: Event| {
            if let Event::TagProgress(how_far) = event {
                progress.set(Some(how_far));
            }
        }));
    }
    Changing {
        is_busy: *is_busy,
        progress: (*progress).clone().filter(|_| *is_busy),
        synonyms: use_synonyms(is_busy.setter()),
        rename: use_rename(is_busy.setter(), progress.setter()),
    }
}

type Asked<C> = Callback<(C, Callback<Result<(), Failure>>)>;

#[hook]
fn use_synonyms(is_busy: UseStateSetter<bool>) -> Asked<ChangeSynonyms> {
    let (host, words) = (use_host(), use_words());
    let view = use_view().dispatcher();
    Callback::from(move |(request, ended): (ChangeSynonyms, Callback<_>)| {
        let (host, words, view, is_busy) =
            (host.clone(), words.clone(), view.clone(), is_busy.clone());
        is_busy.set(true);
        spawn_local(async move {
            let (tag, adds) = (request.tag.clone(), !request.add.is_empty());
            let done = host.call(request).await;
            is_busy.set(false);
            if let Ok(SynonymsChanged { n }) = done {
                let tag = tag.as_str();
                view.dispatch(match (n, adds) {
                    (0, _) => Step::Say(Toast::said(t!(words, "tag-synonyms-same", tag = tag))),
                    (n, true) => {
                        Step::SayUndoable(t!(words, "tag-synonym-added", tag = tag, n = n))
                    }
                    (_, false) => Step::SayUndoable(t!(words, "tag-synonym-removed", tag = tag)),
                });
            }
            ended.emit(done.map(drop));
        });
    })
}

#[hook]
fn use_rename(
    is_busy: UseStateSetter<bool>,
    progress: UseStateSetter<Option<TagProgress>>,
) -> Asked<RenameTag> {
    let (host, words, commands) = (use_host(), use_words(), use_commands());
    let view = use_view().dispatcher();
    Callback::from(move |(request, ended): (RenameTag, Callback<_>)| {
        let (host, words, commands) = (host.clone(), words.clone(), commands.clone());
        let (view, is_busy, progress) = (view.clone(), is_busy.clone(), progress.clone());
        is_busy.set(true);
        progress.set(None);
        spawn_local(async move {
            hand_over(&commands).await;
            let (from, into) = (request.from.clone(), request.into.clone());
            let done = host.call(request).await;
            is_busy.set(false);
            if let Ok(renamed) = &done {
                let is_spelling = from.folded() == into.folded();
                let (from, into) = (from.as_str(), into.as_str());
                let n = renamed.n_changed;
                let said = match is_spelling {
                    true => t!(words, "tag-written-alike", tag = into, n = n),
                    false => t!(words, "tag-renamed", from = from, into = into, n = n),
                };
                let said = match renamed.n_left {
                    0 => said,
                    n => format!("{said}{}", t!(words, "tag-renamed-left", n = n)).into(),
                };
                view.dispatch(match renamed.can_undo {
                    true => Step::SayUndoable(said),
                    false => Step::Say(Toast::said(said)),
                });
            }
            ended.emit(done.map(drop));
        });
    })
}

/// Tells of a failure where no form is open.
#[hook]
pub(super) fn use_told() -> Callback<Result<(), Failure>> {
    let words = use_words();
    let view = use_view().dispatcher();
    Callback::from(move |done: Result<(), Failure>| {
        let toast: Option<Toast> = done.err().and_then(|failure| refusal_for(&words, &failure));
        if let Some(toast) = toast {
            view.dispatch(Step::Say(toast));
        }
    })
}
