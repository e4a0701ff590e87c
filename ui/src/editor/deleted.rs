//! The open draft was deleted elsewhere: what is on the screen stays there, and becomes a new draft
//! if somebody wants it.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::pane::SharedSession;
use crate::files;
use crate::host::use_host;
use crate::parts::{Button, Icon};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

#[derive(Properties, PartialEq)]
pub(super) struct DeletedNoticeProps {
    /// The title it had when it was opened.
    pub(super) title: String,
    pub(super) session: SharedSession,
}

#[component]
pub(super) fn DeletedNotice(props: &DeletedNoticeProps) -> Html {
    let words = use_words();
    let (host, tell) = (use_host(), use_tell());
    let view = use_view().dispatcher();
    let text = {
        let session = props.session.clone();
        move || {
            let editor = session.with(|session| session.with_editor(super::bridge::Editor::text));
            editor.flatten().unwrap_or_default()
        }
    };
    let copy = {
        let (text, view, words) = (text.clone(), view.clone(), words.clone());
        Callback::from(move |_: MouseEvent| {
            super::run::copy(&text());
            view.dispatch(Step::Say(Toast::said(t!(words, "copied-all"))));
        })
    };
    let keep = {
        let title = props.title.clone();
        Callback::from(move |_: MouseEvent| {
            let (host, tell, view) = (host.clone(), tell.clone(), view.clone());
            let (title, body) = (title.clone(), text());
            spawn_local(async move {
                match files::make(&host, title, body).await {
                    Ok(id) => view.dispatch(Step::Open(id)),
                    Err(failure) => tell.emit(failure),
                }
            });
        })
    };
    html! {
        <div class="writing-notice" data-testid="draft-deleted">
            <div class="notice warning" role="alert">
                <Icon name="triangle-alert" />
                <div>
                    <p>{ t!(words, "editor-deleted") }</p>
                    <div class="buttons">
                        <Button label={t!(words, "keep-as-new")} onclick={keep} testid="keep-as-new" />
                        <Button icon="copy" label={t!(words, "copy-all")} onclick={copy} testid="copy-all" />
                    </div>
                </div>
            </div>
        </div>
    }
}
