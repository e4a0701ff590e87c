//! The passphrase that opens the profile where there is no keychain.

use stoa_ipc::{AddPassphrase, Failure, ProfileKind};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::away::AwayLockSetting;
use super::page::{Section, Setting};
use crate::host::{use_app, use_host};
use crate::parts::{Button, ButtonKind, Dialog, Field, Notice};
use crate::shell::wrong_text;
use crate::t;
use crate::texts::use_words;
use crate::view::{Overlay, Step, Toast, use_view};

#[component]
pub(crate) fn SecuritySection() -> Html {
    let words = use_words();
    let app = use_app();
    let view = use_view();
    if app.kind() == Some(ProfileKind::Demo) || !app.is_open() {
        return Html::default();
    }
    let onclick =
        Callback::from(move |_: MouseEvent| view.dispatch(Step::Show(Overlay::Passphrase)));
    html! {
        <Section title={t!(words, "settings-security")}>
            <Setting name={t!(words, "settings-passphrase")} more={html! { { t!(words, "settings-passphrase-more") } }}>
                <Button icon="key-round" label={t!(words, "settings-passphrase-set")} {onclick} testid="passphrase" />
            </Setting>
            if app.kind() == Some(ProfileKind::Connected) { <AwayLockSetting /> }
        </Section>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct PassphraseDialogProps {
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn PassphraseDialog(props: &PassphraseDialogProps) -> Html {
    let words = use_words();
    let first = use_state(String::new);
    let second = use_state(String::new);
    let failure = use_state(|| None::<Failure>);
    let save = use_save(props.onclose.clone(), failure.clone());
    let onsubmit = {
        let (first, second, failure) = (first.clone(), second.clone(), failure.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *first == *second {
                save.emit((*first).clone());
            } else {
                failure.set(Some(Failure::field("again", "does-not-match")));
            }
        })
    };
    let setting = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    let wrong = |field: &str| wrong_text(&words, failure.as_ref(), field);
    let general = (*failure)
        .clone()
        .filter(|failure| failure.fields.is_empty());
    html! {
        <Dialog title={t!(words, "settings-passphrase")} onclose={props.onclose.clone()} testid="passphrase-dialog">
            <p>{ t!(words, "settings-passphrase-lead") }</p>
            <form class="form" {onsubmit}>
                if let Some(failure) = general { <Notice {failure} /> }
                <Field name="passphrase-new" kind="password" label={t!(words, "passphrase")} value={(*first).clone()} focused=true
                    hint={t!(words, "passphrase-hint")} wrong={wrong("passphrase")} autocomplete="new-password" oninput={setting(&first)} />
                <Field name="passphrase-again" kind="password" label={t!(words, "passphrase-again")} value={(*second).clone()}
                    wrong={wrong("again")} autocomplete="new-password" oninput={setting(&second)} />
                <div class="buttons end">
                    <Button kind={ButtonKind::Main} submit=true disabled={first.is_empty()} label={t!(words, "save")} testid="passphrase-save" />
                </div>
            </form>
        </Dialog>
    }
}

#[hook]
fn use_save(onclose: Callback<()>, failure: UseStateHandle<Option<Failure>>) -> Callback<String> {
    let (host, view, words) = (use_host(), use_view(), use_words());
    Callback::from(move |passphrase: String| {
        let (host, view, words) = (host.clone(), view.clone(), words.clone());
        let (onclose, failure) = (onclose.clone(), failure.clone());
        spawn_local(async move {
            match host.call(AddPassphrase { passphrase }).await {
                Ok(()) => {
                    onclose.emit(());
                    view.dispatch(Step::Say(Toast::said(t!(words, "passphrase-saved"))));
                }
                Err(refused) => failure.set(Some(refused)),
            }
        });
    })
}
