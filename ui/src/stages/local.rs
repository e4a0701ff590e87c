//! This computer only: the community's name, and a passphrase where there is no keychain.

use stoa_ipc::{CreateProfile, ErrorCode, Failure, ProfileKind};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::recovery::keep_recovery_key;
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Field, Notice};
use crate::shell::wrong_text;
use crate::t;
use crate::texts::use_words;

#[component]
pub(crate) fn LocalForm() -> Html {
    let words = use_words();
    let name = use_state(String::new);
    let passphrase = use_state(String::new);
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    // Once the keychain has failed the passphrase stays asked for.
    let needs_passphrase = use_state_eq(|| false);
    let create = use_create(failure.clone(), busy.clone(), needs_passphrase.clone());
    let onsubmit = {
        let (name, passphrase) = (name.clone(), passphrase.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let passphrase = (!passphrase.is_empty()).then(|| (*passphrase).clone());
            create.emit((name.trim().to_owned(), passphrase));
        })
    };
    let setting = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |text| state.set(text))
    };
    let general = (*failure)
        .clone()
        .filter(|failure| failure.fields.is_empty());
    let ready = !name.trim().is_empty() && !*busy;
    html! {
        <form class="form" {onsubmit}>
            if let Some(failure) = general { <Notice {failure} /> }
            <Field name="first-run-name" label={t!(words, "community-name")} value={(*name).clone()} focused=true
                placeholder={t!(words, "community-name-example")} wrong={wrong_text(&words, failure.as_ref(), "name")} oninput={setting(&name)} />
            if *needs_passphrase {
                <Field name="first-run-passphrase" kind="password" label={t!(words, "passphrase")} value={(*passphrase).clone()}
                    hint={t!(words, "passphrase-hint")} wrong={wrong_text(&words, failure.as_ref(), "passphrase")}
                    autocomplete="new-password" oninput={setting(&passphrase)} />
            }
            <div class="buttons end">
                <Button kind={ButtonKind::Main} submit=true disabled={!ready} label={t!(words, "go-on")} testid="first-run-create" />
            </div>
        </form>
    }
}

#[hook]
fn use_create(
    failure: UseStateHandle<Option<Failure>>,
    busy: UseStateHandle<bool>,
    needs_passphrase: UseStateHandle<bool>,
) -> Callback<(String, Option<String>)> {
    let host = use_host();
    Callback::from(move |(name, passphrase): (String, Option<String>)| {
        let (host, failure, busy, needs) = (
            host.clone(),
            failure.clone(),
            busy.clone(),
            needs_passphrase.clone(),
        );
        busy.set(true);
        spawn_local(async move {
            let request = CreateProfile {
                kind: ProfileKind::Local,
                name,
                passphrase,
            };
            match host.call(request).await {
                Ok(created) => {
                    keep_recovery_key(created.recovery);
                    host.state_changed(created.state);
                }
                Err(refused) => {
                    if refused.code == ErrorCode::KeychainUnavailable {
                        needs.set(true);
                    }
                    failure.set(Some(refused));
                }
            }
            busy.set(false);
        });
    })
}
