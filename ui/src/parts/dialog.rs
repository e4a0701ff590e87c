//! A modal dialog: the page behind it rests, Escape closes it, the focus goes back where it was.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    pub(crate) title: AttrValue,
    pub(crate) onclose: Callback<()>,
    pub(crate) children: Html,
    #[prop_or_default]
    pub(crate) wide: bool,
    #[prop_or_default]
    pub(crate) testid: Option<&'static str>,
}

#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let words = use_words();
    let node = use_node_ref();
    use_modal(node.clone());
    let close = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={node} class={classes!("dialog", props.wide.then_some("wide"))}
            aria-label={props.title.clone()} data-testid={props.testid}
            oncancel={cancelled(props.onclose.clone())}>
            <header class="dialog-head">
                <h2>{ props.title.clone() }</h2>
                <Button kind={ButtonKind::Quiet} icon_only=true icon="x" label={t!(words, "close")} onclick={close} />
            </header>
            <div class="dialog-body">{ props.children.clone() }</div>
        </dialog>
    }
}

/// Escape asks to close; whether it does is decided by the owner.
pub(crate) fn cancelled(onclose: Callback<()>) -> Callback<Event> {
    Callback::from(move |event: Event| {
        event.prevent_default();
        onclose.emit(());
    })
}

/// Opens the `<dialog>` above everything, and gives the focus back when it goes.
#[hook]
pub(crate) fn use_modal(node: NodeRef) {
    use_effect_with((), move |()| {
        let before = focused();
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            // Fails only when it is open already.
            let _ = dialog.show_modal();
        }
        move || {
            if let Some(element) = before.filter(|element| element.is_connected()) {
                // Fails only for an element that is going away.
                let _ = element.focus();
            }
        }
    });
}

/// The element that has the focus.
pub(crate) fn focused() -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    document.active_element()?.dyn_into().ok()
}
