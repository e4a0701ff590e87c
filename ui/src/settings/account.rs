//! The account and its devices.

use stoa_ipc::ProfileKind;
use yew::prelude::*;

use super::devices::Devices;
use super::page::{Section, Setting};
use crate::commands::use_commands;
use crate::host::use_app;
use crate::parts::Button;
use crate::t;
use crate::texts::use_words;

#[component]
pub(crate) fn AccountSection() -> Html {
    let words = use_words();
    let app = use_app();
    let commands = use_commands();
    let run = |id: &'static str| {
        let commands = commands.clone();
        Callback::from(move |_: MouseEvent| {
            commands.run(id);
        })
    };
    let Some(profile) = app
        .profile()
        .filter(|profile| profile.kind != ProfileKind::Demo)
    else {
        return Html::default();
    };
    let Some(email) = profile.email.clone() else {
        return html! {
            <Section title={t!(words, "settings-account")}>
                <Setting name={t!(words, "settings-no-account")} more={html! { { t!(words, "settings-no-account-more") } }}>
                    <Button label={t!(words, "connect-title")} onclick={run("account.connect")} testid="connect" />
                </Setting>
            </Section>
        };
    };
    html! {
        <Section title={t!(words, "settings-account")}>
            <Setting name={AttrValue::from(email)} more={html! { { profile.server.clone().unwrap_or_default() } }}>
                <Button icon="log-out" label={t!(words, "sign-out")} onclick={run("account.sign_out")} testid="sign-out" />
            </Setting>
            <Devices />
        </Section>
    }
}
