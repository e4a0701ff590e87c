//! A new comment: on the selection, or on the whole text.

use stoa_domain::DraftId;
use stoa_ipc::{Passage, WriteComment};
use yew::prelude::*;

use super::compose::Compose;
use super::margin::{MarginState, Writing};
use super::state::use_doing;
use crate::commands::use_commands;
use crate::editor::{HeldPassage, SharedSession};
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

#[derive(Properties, PartialEq)]
pub(super) struct CommentButtonsProps {
    pub(super) margin: MarginState,
}

#[component]
pub(super) fn CommentButtons(props: &CommentButtonsProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let on_selection = Callback::from(move |_: MouseEvent| {
        commands.run("review.comment");
    });
    let on_all = {
        let margin = props.margin.clone();
        Callback::from(move |_: MouseEvent| margin.write(Some(Writing::AboutAll)))
    };
    html! {
        <div class="buttons">
            <Button icon="message-square" label={t!(words, "comment-selection")} onclick={on_selection} testid="comment-selection" />
            <Button kind={ButtonKind::Quiet} label={t!(words, "comment-whole")} onclick={on_all} testid="comment-whole" />
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct NewCommentProps {
    pub(super) id: DraftId,
    pub(super) session: SharedSession,
    pub(super) margin: MarginState,
}

#[component]
pub(super) fn NewComment(props: &NewCommentProps) -> Html {
    let words = use_words();
    let (doing, view) = (use_doing(), use_view().dispatcher());
    let (held, about) = match props.margin.now().writing.clone() {
        Some(Writing::AboutPassage(held)) => {
            let quote: String = held.text.chars().take(60).collect();
            let about = t!(words, "comment-about", quote = quote.as_str());
            (Some(held), about)
        }
        Some(Writing::AboutAll) => (None, t!(words, "comment-about-whole")),
        Some(Writing::Other(_)) | None => return Html::default(),
    };
    let close = {
        let margin = props.margin.clone();
        Callback::from(move |()| margin.write(None))
    };
    let onsave = {
        let (id, session, close) = (props.id, props.session.clone(), close.clone());
        Callback::from(move |body: String| {
            let at = match &held {
                Some(held) => match place(&session, held) {
                    Some(at) => Some(at),
                    None => {
                        let said = t!(words, "comment-lost-place");
                        return view.dispatch(Step::Say(Toast::said(said)));
                    }
                },
                None => None,
            };
            let number = session.with(|session| session.number()).flatten();
            let request = WriteComment {
                id,
                body,
                at,
                session: number,
            };
            doing.run(request, "comment-saved", close.clone());
        })
    };
    html! { <Compose key={about.to_string()} about={about.clone()} {onsave} oncancel={close} /> }
}

/// Where the words are now.
fn place(session: &SharedSession, held: &HeldPassage) -> Option<Passage> {
    let at = session.with(|session| session.with_editor(|editor| editor.passage(held)));
    at.flatten().flatten()
}
