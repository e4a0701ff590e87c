//! The devices of the account: which there are, and what can be done about each.

use stoa_ipc::{DeviceAccess, DeviceInfo, ErrorCode, ListDevices};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::device_dialogs::{DeviceDialog, DeviceDialogs};
use super::page::Setting;
use crate::format::relative;
use crate::host::{use_host, use_now};
use crate::parts::{Button, ButtonKind, Loaded, Remote};
use crate::t;
use crate::texts::use_words;

#[component]
pub(crate) fn Devices() -> Html {
    let words = use_words();
    let host = use_host();
    let devices = use_state(|| Remote::<Vec<DeviceInfo>>::Coming);
    let asked = use_state(|| None::<DeviceDialog>);
    let again = {
        let devices = devices.clone();
        Callback::from(move |()| {
            let (host, devices) = (host.clone(), devices.clone());
            devices.set(Remote::Coming);
            spawn_local(async move { devices.set(host.call(ListDevices {}).await.into()) });
        })
    };
    {
        let again = again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    let ask = {
        let asked = asked.clone();
        Callback::from(move |dialog| asked.set(Some(dialog)))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let changed = {
        let (asked, devices) = (asked.clone(), devices.clone());
        Callback::from(move |list| {
            asked.set(None);
            devices.set(Remote::Here(list));
        })
    };
    let is_offline =
        matches!(&*devices, Remote::Failed(failure) if failure.code == ErrorCode::Offline);
    let show = Callback::from(move |devices: Vec<DeviceInfo>| {
        html! { <DeviceList {devices} ask={ask.clone()} /> }
    });
    if is_offline {
        return html! { <NeedsServer {again} /> };
    }
    let is_empty = devices.here().is_some_and(Vec::is_empty);
    html! {
        <>
            <Loaded<Vec<DeviceInfo>> value={(*devices).clone()} {show} onretry={again} n_bones=2 {is_empty}
                empty={html! { <p>{ t!(words, "devices-none") }</p> }} />
            if let Some(dialog) = (*asked).clone() { <DeviceDialogs {dialog} {close} {changed} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NeedsServerProps {
    again: Callback<()>,
}

/// The list lies on the server, so there is nothing to show without it.
#[component]
fn NeedsServer(props: &NeedsServerProps) -> Html {
    let words = use_words();
    html! {
        <div role="status" data-testid="devices-offline">
            <Setting name={t!(words, "devices")} more={html! { { t!(words, "devices-offline") } }}>
                <Button label={t!(words, "try-again")} onclick={props.again.reform(|_| ())} />
            </Setting>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct DeviceListProps {
    pub(crate) devices: Vec<DeviceInfo>,
    pub(crate) ask: Callback<DeviceDialog>,
}

#[component]
pub(crate) fn DeviceList(props: &DeviceListProps) -> Html {
    let words = use_words();
    let is_other = |device: &&DeviceInfo| !device.is_this && device.access == DeviceAccess::Active;
    let n_others = props.devices.iter().filter(is_other).count();
    let others = props
        .ask
        .reform(move |_: MouseEvent| DeviceDialog::RevokeOthers(n_others));
    html! {
        <div data-testid="devices">
            { for props.devices.iter().map(|device| html! {
                <Device key={device.id.to_string()} device={device.clone()} ask={props.ask.clone()} />
            }) }
            if n_others > 1 {
                <Setting name={t!(words, "devices-others")} more={html! { { t!(words, "devices-others-more", n = n_others) } }}>
                    <Button kind={ButtonKind::Quiet} label={t!(words, "devices-others-revoke")} onclick={others} testid="devices-revoke-others" />
                </Setting>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct DeviceProps {
    device: DeviceInfo,
    ask: Callback<DeviceDialog>,
}

#[component]
fn Device(props: &DeviceProps) -> Html {
    let words = use_words();
    let now = use_now();
    let device = props.device.clone();
    let when = |at| relative(words.tag(), now, at);
    let more = match device.access {
        _ if device.is_this => t!(words, "device-this"),
        DeviceAccess::Active => t!(words, "device-seen", when = when(device.last_seen_at)),
        DeviceAccess::Revoked => {
            t!(words, "device-revoked", when = when(device.last_seen_at))
        }
        DeviceAccess::WipeOrdered { at } => t!(words, "device-wipe-ordered", when = when(at)),
        DeviceAccess::Wiped { at } => t!(words, "device-wiped", when = when(at)),
    };
    let ask = |dialog: fn(DeviceInfo) -> DeviceDialog| {
        let device = device.clone();
        props
            .ask
            .reform(move |_: MouseEvent| dialog(device.clone()))
    };
    let name = device.name.clone();
    let rename = t!(words, "device-rename-named", name = name.as_str());
    let is_active = device.access == DeviceAccess::Active;
    let may_wipe = is_active || device.access == DeviceAccess::Revoked;
    html! {
        <Setting name={AttrValue::from(name)} more={html! { { more } }}>
            if is_active {
                <Button kind={ButtonKind::Quiet} icon="pencil" icon_only=true label={rename}
                    onclick={ask(DeviceDialog::Rename)} testid="device-rename" />
            }
            if is_active && !device.is_this {
                <Button kind={ButtonKind::Quiet} label={t!(words, "device-revoke")} onclick={ask(DeviceDialog::Revoke)} testid="device-revoke" />
            }
            if may_wipe && !device.is_this {
                <Button kind={ButtonKind::Quiet} label={t!(words, "device-wipe")} onclick={ask(DeviceDialog::Wipe)} testid="device-wipe" />
            }
        </Setting>
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{DeviceId, Timestamp};

    use super::*;
    use crate::testing::drawn;

    fn device(n: u8, name: &str, access: DeviceAccess) -> DeviceInfo {
        DeviceInfo {
            id: DeviceId::from_bytes([n; 16]),
            name: name.to_owned(),
            last_seen_at: Timestamp::from_millis(1_000),
            is_this: n == 1,
            access,
        }
    }

    fn list() -> Html {
        let at = Timestamp::from_millis(2_000);
        let devices = vec![
            device(1, "书房的电脑", DeviceAccess::Active),
            device(2, "客厅的电脑", DeviceAccess::Active),
            device(3, "旧电脑", DeviceAccess::Revoked),
            device(4, "丢了的", DeviceAccess::WipeOrdered { at }),
            device(5, "找不回的", DeviceAccess::Wiped { at }),
            device(6, "笔记本", DeviceAccess::Active),
        ];
        html! { <DeviceList {devices} ask={Callback::noop()} /> }
    }

    #[test]
    fn each_device_offers_what_can_be_done_about_it() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, list);
            let n = |testid: &str| markup.matches(&format!("\"{testid}\"")).count();
            assert_eq!(n("device-rename"), 3, "those with access: {markup}");
            assert_eq!(n("device-revoke"), 2, "not this one");
            assert_eq!(n("device-wipe"), 3, "also one that was removed");
            assert_eq!(n("devices-revoke-others"), 1);
            assert!(!markup.contains("aria-label=\"\""), "{markup}");
        }
    }

    #[test]
    fn every_standing_of_a_device_is_said_in_other_words() {
        let markup = drawn("en", list);
        for said in ["This computer", "Seen ", "Removed", "To be wiped", "Wiped "] {
            assert!(markup.contains(said), "{said}: {markup}");
        }
    }
}
