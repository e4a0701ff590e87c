//! A file becomes a draft.

use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::commands::use_command;
use crate::files::{Refused, import};
use crate::host::use_host;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

/// Opens the system's file dialog; what is chosen becomes a draft.
#[component]
pub(super) fn ImportButton() -> Html {
    let words = use_words();
    let (host, view, tell) = (use_host(), use_view(), use_tell());
    let node = use_node_ref();
    let pick = {
        let node = node.clone();
        Callback::from(move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    use_command("draft.import", true, pick.clone());
    let onchange = {
        let words = words.clone();
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let Some(file) = input.files().and_then(|files| files.get(0)) else {
                return;
            };
            input.set_value("");
            let (host, view, tell, words) =
                (host.clone(), view.clone(), tell.clone(), words.clone());
            spawn_local(async move {
                match import(&host, file).await {
                    Ok(id) => view.dispatch(Step::Open(id)),
                    Err(Refused::File(key)) => {
                        view.dispatch(Step::Say(Toast::said(words.get(key))))
                    }
                    Err(Refused::Studio(failure)) => tell.emit(failure),
                }
            });
        })
    };
    html! {
        <>
            <input ref={node} type="file" hidden=true accept=".md,.markdown,.txt,text/markdown,text/plain" {onchange} data-testid="import-file" />
            <Button kind={ButtonKind::Quiet} icon="upload" icon_only=true label={t!(words, "draft-import")} onclick={pick.reform(|_| ())} testid="draft-import" />
        </>
    }
}
