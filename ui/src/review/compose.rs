//! Writing a comment, a new one or other words for one.

use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::listen_keys::is_composing;
use crate::parts::{Button, ButtonKind, use_focus_once};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(super) struct ComposeProps {
    /// What stands there to begin with.
    #[prop_or_default]
    pub(super) body: AttrValue,
    /// What it is about.
    pub(super) about: AttrValue,
    pub(super) onsave: Callback<String>,
    pub(super) oncancel: Callback<()>,
}

#[component]
pub(super) fn Compose(props: &ComposeProps) -> Html {
    let words = use_words();
    let node = use_node_ref();
    use_focus_once(node.clone(), true);
    let begun = props.body.to_string();
    let body = use_state(|| begun);
    let is_missing = use_state_eq(|| false);
    let save = {
        let (body, is_missing, onsave) = (body.clone(), is_missing.clone(), props.onsave.clone());
        Callback::from(move |()| match body.trim().is_empty() {
            true => is_missing.set(true),
            false => onsave.emit((*body).clone()),
        })
    };
    let oninput = {
        let (body, is_missing) = (body.clone(), is_missing.clone());
        Callback::from(move |event: InputEvent| {
            is_missing.set(false);
            body.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let onkeydown = {
        let (save, oncancel) = (save.clone(), props.oncancel.clone());
        Callback::from(move |event: KeyboardEvent| {
            if is_composing(&event) {
                return;
            }
            let is_save = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
            if is_save || event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                match is_save {
                    true => save.emit(()),
                    false => oncancel.emit(()),
                }
            }
        })
    };
    html! {
        <div class="compose" data-testid="comment-compose">
            <p class="quiet">{ props.about.clone() }</p>
            <textarea ref={node} class="input prose" rows="3" aria-label={t!(words, "comment-body")} value={(*body).clone()} {oninput} {onkeydown}
                aria-invalid={is_missing.to_string()} data-testid="comment-body" />
            if *is_missing { <p class="wrong" role="alert">{ t!(words, "field-required") }</p> }
            <div class="buttons">
                <Button kind={ButtonKind::Main} label={t!(words, "comment-save")} onclick={save.reform(|_: MouseEvent| ())} testid="comment-save" />
                <Button kind={ButtonKind::Quiet} label={t!(words, "cancel")} onclick={props.oncancel.reform(|_: MouseEvent| ())} testid="comment-cancel" />
            </div>
        </div>
    }
}
