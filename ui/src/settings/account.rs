//! The account and its devices.

use stoa_domain::DeviceId;
use stoa_ipc::{DeviceInfo, ListDevices, ProfileKind, RevokeDevice};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::page::{Section, Setting};
use crate::commands::use_commands;
use crate::format::relative;
use crate::host::{use_app, use_host, use_now};
use crate::parts::{Button, ButtonKind, Dialog, Loaded, Remote};
use crate::t;
use crate::tell::use_tell;
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

#[component]
fn Devices() -> Html {
    let words = use_words();
    let host = use_host();
    let devices = use_state(|| Remote::<Vec<DeviceInfo>>::Coming);
    let revoking = use_state(|| None::<DeviceInfo>);
    let again = {
        let devices = devices.clone();
        Callback::from(move |()| {
            let (host, devices) = (host.clone(), devices.clone());
            spawn_local(async move { devices.set(host.call(ListDevices {}).await.into()) });
        })
    };
    {
        let again = again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    let is_empty = devices.here().is_some_and(Vec::is_empty);
    let ask = {
        let revoking = revoking.clone();
        Callback::from(move |device| revoking.set(Some(device)))
    };
    let show = Callback::from(move |devices: Vec<DeviceInfo>| {
        devices
            .iter()
            .map(|device| html! { <Device device={device.clone()} onrevoke={ask.clone()} /> })
            .collect::<Html>()
    });
    let done = {
        let (revoking, devices) = (revoking.clone(), devices.clone());
        Callback::from(move |list: Option<Vec<DeviceInfo>>| {
            revoking.set(None);
            if let Some(list) = list {
                devices.set(Remote::Here(list));
            }
        })
    };
    html! {
        <>
            <Loaded<Vec<DeviceInfo>> value={(*devices).clone()} {show} onretry={again} n_bones=1 {is_empty}
                empty={html! { <p>{ t!(words, "devices-none") }</p> }} />
            if let Some(device) = (*revoking).clone() { <RevokeDialog {device} {done} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct DeviceProps {
    device: DeviceInfo,
    onrevoke: Callback<DeviceInfo>,
}

#[component]
fn Device(props: &DeviceProps) -> Html {
    let words = use_words();
    let now = use_now();
    let device = props.device.clone();
    let seen = relative(words.tag(), now, device.last_seen_at);
    let more = if device.is_this {
        t!(words, "device-this")
    } else if device.is_revoked {
        t!(words, "device-revoked")
    } else {
        t!(words, "device-seen", when = seen)
    };
    let asked = device.clone();
    let revoke = props.onrevoke.reform(move |_: MouseEvent| asked.clone());
    html! {
        <Setting name={AttrValue::from(device.name)} more={html! { { more } }}>
            if !device.is_this && !device.is_revoked {
                <Button kind={ButtonKind::Quiet} label={t!(words, "device-revoke")} onclick={revoke} testid="device-revoke" />
            }
        </Setting>
    }
}

#[derive(Properties, PartialEq)]
struct RevokeDialogProps {
    device: DeviceInfo,
    /// The list after it, or nothing when the device stays.
    done: Callback<Option<Vec<DeviceInfo>>>,
}

#[component]
fn RevokeDialog(props: &RevokeDialogProps) -> Html {
    let words = use_words();
    let revoke = use_revoke(props.device.id, props.done.clone());
    let close = props.done.reform(|()| None);
    html! {
        <Dialog title={t!(words, "device-revoke")} onclose={close.clone()} testid="revoke-dialog">
            <p>{ t!(words, "device-revoke-more", name = props.device.name.as_str()) }</p>
            <div class="buttons end">
                <Button label={t!(words, "cancel")} onclick={close.reform(|_| ())} />
                <Button kind={ButtonKind::Danger} label={t!(words, "device-revoke")} onclick={revoke.reform(|_| ())} testid="revoke-confirm" />
            </div>
        </Dialog>
    }
}

#[hook]
fn use_revoke(id: DeviceId, done: Callback<Option<Vec<DeviceInfo>>>) -> Callback<()> {
    let (host, tell) = (use_host(), use_tell());
    Callback::from(move |()| {
        let (host, tell, done) = (host.clone(), tell.clone(), done.clone());
        spawn_local(async move {
            match host.call(RevokeDevice { id }).await {
                Ok(list) => done.emit(Some(list)),
                Err(failure) => {
                    done.emit(None);
                    tell.emit(failure);
                }
            }
        });
    })
}
