//! Only the text is shown, all around it is hidden until Esc.

use web_sys::Element;
use yew::prelude::*;

use crate::commands::use_command;
use crate::listen_keys::is_composing;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

const ATTRIBUTE: &str = "data-zen";

/// A handler for the keys of the writing pane: Esc that nothing else wants shows the window again.
#[hook]
pub(crate) fn use_zen() -> Callback<KeyboardEvent> {
    let zen = use_state_eq(|| false);
    let (words, dispatcher) = (use_words(), use_view().dispatcher());
    let toggle = {
        let zen = zen.clone();
        Callback::from(move |()| {
            if !*zen {
                dispatcher.dispatch(Step::Say(Toast::said(words.get("zen-on"))));
            }
            zen.set(!*zen);
        })
    };
    use_command("editor.zen", true, toggle);
    use_effect_with(*zen, |is_on| {
        mark(*is_on);
        || mark(false)
    });
    Callback::from(move |event: KeyboardEvent| {
        let is_free = !event.default_prevented() && !is_composing(&event);
        if *zen && is_free && event.key() == "Escape" {
            event.prevent_default();
            zen.set(false);
        }
    })
}

fn mark(is_on: bool) {
    let root: Option<Element> = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        // Neither can fail for an attribute with a plain name.
        let _ = match is_on {
            true => root.set_attribute(ATTRIBUTE, ""),
            false => root.remove_attribute(ATTRIBUTE),
        };
    }
}
