//! The title above the text. It is saved a moment after the last key.

use gloo_timers::callback::Timeout;
use stoa_domain::DraftId;
use stoa_ipc::RenameDraft;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::bridge::focus_editor;
use crate::drafts::language_of;
use crate::host::use_host;
use crate::listen_keys::is_composing;
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;

const PAUSE_MS: u32 = 400;

#[derive(Properties, PartialEq)]
pub(crate) struct TitleFieldProps {
    pub(crate) id: DraftId,
    pub(crate) title: String,
    pub(crate) editable: bool,
    /// The draft was just made: the cursor belongs here.
    pub(crate) fresh: bool,
}

#[component]
pub(crate) fn TitleField(props: &TitleFieldProps) -> Html {
    let words = use_words();
    let title = use_state(|| props.title.clone());
    let node = use_node_ref();
    {
        let (setter, node) = (title.setter(), node.clone());
        use_effect_with(props.title.clone(), move |known| {
            // A title that came from elsewhere does not disturb one that is being written.
            if !has_focus(&node) {
                setter.set(known.clone());
            }
        });
    }
    crate::parts::use_focus_once(node.clone(), props.fresh);
    let rename = use_rename(props.id);
    let oninput = {
        let title = title.clone();
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            title.set(text.clone());
            rename.emit(text);
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Enter" && !is_composing(&event) {
            event.prevent_default();
            focus_editor();
        }
    });
    html! {
        <div class="title-line">
            <input ref={node} class="title-field" value={(*title).clone()} placeholder={t!(words, "untitled")} maxlength="200"
                aria-label={t!(words, "title")} lang={language_of(&title)} readonly={!props.editable} autocomplete="off"
                data-testid="draft-title" {oninput} {onkeydown} />
        </div>
    }
}

/// A callback that renames the draft when the typing pauses, and at the latest when it goes.
#[hook]
fn use_rename(id: DraftId) -> Callback<String> {
    let (host, tell) = (use_host(), use_tell());
    let timer = use_mut_ref(|| None::<(Timeout, String)>);
    let send = Callback::from(move |title: String| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            if let Err(failure) = host.call(RenameDraft { id, title }).await {
                tell.emit(failure);
            }
        });
    });
    {
        let (timer, send) = (timer.clone(), send.clone());
        use_effect_with((), move |()| {
            move || {
                let untold = timer.borrow_mut().take();
                if let Some((_, title)) = untold {
                    send.emit(title);
                }
            }
        });
    }
    Callback::from(move |title: String| {
        let (send, text, done) = (send.clone(), title.clone(), timer.clone());
        let pause = Timeout::new(PAUSE_MS, move || {
            done.borrow_mut().take();
            send.emit(text);
        });
        *timer.borrow_mut() = Some((pause, title));
    })
}

fn has_focus(node: &NodeRef) -> bool {
    let active = crate::parts::focused();
    let input = node.cast::<web_sys::HtmlElement>();
    active.is_some() && active == input
}
