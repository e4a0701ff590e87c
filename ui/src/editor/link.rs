//! The address of a link: asked for in a dialog, put on what is selected.

use yew::prelude::*;

use super::pane::SharedSession;
use super::run::set_link;
use crate::parts::{Button, ButtonKind, Dialog, Field};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct LinkDialogProps {
    pub(crate) session: SharedSession,
    /// The address the link has now.
    pub(crate) address: Option<String>,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn LinkDialog(props: &LinkDialogProps) -> Html {
    let words = use_words();
    let address = use_state(|| props.address.clone().unwrap_or_default());
    let oninput = {
        let address = address.clone();
        Callback::from(move |text| address.set(text))
    };
    let put = {
        let (session, onclose) = (props.session.clone(), props.onclose.clone());
        Callback::from(move |address: String| {
            onclose.emit(());
            set_link(&session, address.trim());
        })
    };
    let onsubmit = {
        let (put, address) = (put.clone(), address.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            put.emit((*address).clone());
        })
    };
    html! {
        <Dialog title={t!(words, "link-title")} onclose={props.onclose.clone()} testid="link-dialog">
            <form class="form" {onsubmit}>
                <Field name="link-address" label={t!(words, "link-address")} value={(*address).clone()} is_code=true focused=true
                    placeholder="https://" {oninput} />
                <div class="buttons end">
                    if props.address.is_some() {
                        <Button kind={ButtonKind::Quiet} label={t!(words, "link-remove")} onclick={put.reform(|_: MouseEvent| String::new())} />
                    }
                    <Button kind={ButtonKind::Main} submit=true disabled={address.trim().is_empty()} label={t!(words, "link-set")} testid="link-set" />
                </div>
            </form>
        </Dialog>
    }
}
