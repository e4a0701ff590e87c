//! What is going on beside the text: whether the panel is shown, which comment one looks at, what
//! is being written.

use gloo_timers::callback::Timeout;
use stoa_domain::{ReviewCommentId, ReviewStatus};
use stoa_ipc::DraftSummary;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::commands::use_command;
use crate::editor::{Editor, HeldPassage, SharedSession};
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

/// The panel is drawn by then.
const DRAWN_MS: u32 = 60;

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Margin {
    /// Whether somebody wants the panel; otherwise it is shown when there is something in it.
    wanted: Option<bool>,
    pub(super) current: Option<String>,
    pub(super) writing: Option<Writing>,
}

/// A comment that is being written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Writing {
    AboutPassage(HeldPassage),
    AboutAll,
    /// Other words for a comment that is there.
    Other(ReviewCommentId),
}

/// The margin of an open draft.
#[derive(Clone, PartialEq)]
pub(crate) struct MarginState(UseStateHandle<Margin>);

impl MarginState {
    pub(super) fn now(&self) -> &Margin {
        &self.0
    }

    /// Whether the panel is shown.
    pub(crate) fn is_shown(&self, draft: &DraftSummary) -> bool {
        let has_something = draft.review.is_some_and(|review| {
            review.status == ReviewStatus::Requested || review.n_unresolved > 0
        });
        self.0.wanted.unwrap_or(has_something)
    }

    pub(crate) fn show(&self, is_shown: bool) {
        self.0.set(Margin {
            wanted: Some(is_shown),
            ..(*self.0).clone()
        });
    }

    pub(super) fn write(&self, writing: Option<Writing>) {
        self.0.set(Margin {
            wanted: Some(true),
            writing,
            ..(*self.0).clone()
        });
    }

    pub(super) fn look_at(&self, id: &str) {
        self.0.set(Margin {
            wanted: Some(true),
            current: Some(id.to_owned()),
            ..(*self.0).clone()
        });
    }

    /// Goes to the comment on a passage that was clicked.
    pub(crate) fn go_to_comment(&self, id: &str) {
        self.look_at(id);
        let id = id.to_owned();
        Timeout::new(DRAWN_MS, move || focus_comment(&id)).forget();
    }
}

fn focus_comment(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let selector = format!("[data-comment=\"{id}\"]");
    let found = document.and_then(|document| document.query_selector(&selector).ok().flatten());
    if let Some(comment) = found.and_then(|comment| comment.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = comment.focus();
    }
}

/// The margin of the open draft, with the commands that lead there.
#[hook]
pub(crate) fn use_margin(session: &SharedSession, draft: &DraftSummary) -> MarginState {
    let margin = MarginState(use_state_eq(Margin::default));
    let toggle = {
        let (margin, is_shown) = (margin.clone(), margin.is_shown(draft));
        Callback::from(move |()| margin.show(!is_shown))
    };
    use_command("review.show", true, toggle);
    let comment = use_commenting(session, &margin);
    use_command("review.comment", draft.binned_at.is_none(), comment);
    margin
}

/// Begins a comment on what is selected.
#[hook]
fn use_commenting(session: &SharedSession, margin: &MarginState) -> Callback<()> {
    let (words, view) = (use_words(), use_view().dispatcher());
    let (session, margin) = (session.clone(), margin.clone());
    Callback::from(move |()| {
        let held = session.with(|session| {
            session.flush();
            session.with_editor(Editor::hold)
        });
        match held.flatten().flatten() {
            Some(held) => margin.write(Some(Writing::AboutPassage(held))),
            None => {
                let said = t!(words, "comment-nothing-selected");
                view.dispatch(Step::Say(Toast::said(said)));
            }
        }
    })
}
