//! What is asked before a device is changed: its name, or the account's password.

use stoa_ipc::{
    DeviceInfo, ErrorCode, Failure, RenameDevice, RevokeDevice, RevokeOtherDevices, WipeDevice,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Dialog, Field, Notice};
use crate::shell::wrong_text;
use crate::t;
use crate::texts::{Words, use_words};

/// What is to be done, and with which device.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DeviceDialog {
    Rename(DeviceInfo),
    Revoke(DeviceInfo),
    /// So many.
    RevokeOthers(usize),
    Wipe(DeviceInfo),
}

#[derive(Properties, PartialEq)]
pub(crate) struct DeviceDialogsProps {
    pub(crate) dialog: DeviceDialog,
    pub(crate) close: Callback<()>,
    /// The list after it.
    pub(crate) changed: Callback<Vec<DeviceInfo>>,
}

/// One dialog for all: a title, what will happen, one field, one button.
#[component]
pub(crate) fn DeviceDialogs(props: &DeviceDialogsProps) -> Html {
    let words = use_words();
    let text = use_state(|| match &props.dialog {
        DeviceDialog::Rename(device) => device.name.clone(),
        _ => String::new(),
    });
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let change = use_change(props, failure.clone(), busy.clone());
    let onsubmit = {
        let text = text.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            change.emit((*text).clone());
        })
    };
    let oninput = {
        let text = text.clone();
        Callback::from(move |typed| text.set(typed))
    };
    let said = Said::of(&words, &props.dialog);
    let wrong = said.wrong(&words, failure.as_ref());
    let general = (*failure).clone().filter(|_| wrong.is_none());
    let ready = !text.trim().is_empty() && !*busy;
    html! {
        <Dialog title={said.title} onclose={props.close.clone()} testid="device-dialog">
            if let Some(lead) = said.lead { <p>{ lead }</p> }
            <form class="form" {onsubmit}>
                if let Some(failure) = general { <Notice {failure} /> }
                <Field name={said.field} kind={said.kind} label={said.label} value={(*text).clone()} focused=true
                    {wrong} autocomplete={said.autocomplete} {oninput} />
                <div class="buttons end">
                    <Button label={t!(words, "cancel")} onclick={props.close.reform(|_| ())} />
                    <Button kind={said.button_kind} submit=true disabled={!ready} label={said.button} testid="device-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

/// The words and the field of a dialog.
struct Said {
    title: AttrValue,
    lead: Option<AttrValue>,
    field: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    label: AttrValue,
    button: AttrValue,
    button_kind: ButtonKind,
}

impl Said {
    fn of(words: &Words, dialog: &DeviceDialog) -> Self {
        let name = |device: &DeviceInfo| device.name.clone();
        let step_up = |title: AttrValue, lead, button: AttrValue| Self {
            title,
            lead: Some(lead),
            field: "device-password",
            kind: "password",
            autocomplete: "current-password",
            label: t!(words, "device-password"),
            button,
            button_kind: ButtonKind::Danger,
        };
        match dialog {
            DeviceDialog::Rename(_) => Self {
                title: t!(words, "device-rename"),
                lead: None,
                field: "device-name",
                kind: "text",
                autocomplete: "off",
                label: t!(words, "device-name"),
                button: t!(words, "save"),
                button_kind: ButtonKind::Main,
            },
            DeviceDialog::Revoke(device) => step_up(
                t!(words, "device-revoke"),
                t!(words, "device-revoke-more", name = name(device)),
                t!(words, "device-revoke"),
            ),
            DeviceDialog::RevokeOthers(n) => step_up(
                t!(words, "devices-others"),
                t!(words, "devices-others-lead", n = *n),
                t!(words, "devices-others-revoke"),
            ),
            DeviceDialog::Wipe(device) => step_up(
                t!(words, "device-wipe-title", name = name(device)),
                t!(words, "device-wipe-more"),
                t!(words, "device-wipe"),
            ),
        }
    }

    /// What is wrong with the field. A password that does not match belongs to it.
    fn wrong(&self, words: &Words, failure: Option<&Failure>) -> Option<AttrValue> {
        let is_password = failure.is_some_and(|f| f.code == ErrorCode::WrongPassword);
        if is_password {
            return Some(t!(words, "field-wrong-password"));
        }
        wrong_text(words, failure, "name").or_else(|| wrong_text(words, failure, "password"))
    }
}

#[hook]
fn use_change(
    props: &DeviceDialogsProps,
    failure: UseStateHandle<Option<Failure>>,
    busy: UseStateHandle<bool>,
) -> Callback<String> {
    let host = use_host();
    let (dialog, changed) = (props.dialog.clone(), props.changed.clone());
    Callback::from(move |text: String| {
        let (host, dialog, changed) = (host.clone(), dialog.clone(), changed.clone());
        let (failure, busy) = (failure.clone(), busy.clone());
        busy.set(true);
        spawn_local(async move {
            let done = match dialog {
                DeviceDialog::Rename(device) => {
                    let id = device.id;
                    host.call(RenameDevice { id, name: text }).await
                }
                DeviceDialog::Revoke(device) => {
                    let (id, password) = (device.id, text);
                    host.call(RevokeDevice { id, password }).await
                }
                DeviceDialog::RevokeOthers(_) => {
                    host.call(RevokeOtherDevices { password: text }).await
                }
                DeviceDialog::Wipe(device) => {
                    let (id, password) = (device.id, text);
                    host.call(WipeDevice { id, password }).await
                }
            };
            match done {
                Ok(list) => changed.emit(list),
                Err(refused) => {
                    failure.set(Some(refused));
                    busy.set(false);
                }
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;
    use stoa_domain::{DeviceId, Timestamp};
    use stoa_ipc::DeviceAccess;

    fn wipe() -> Html {
        let device = DeviceInfo {
            id: DeviceId::from_bytes([1; 16]),
            name: "丢了的".to_owned(),
            last_seen_at: Timestamp::from_millis(1),
            is_this: false,
            access: DeviceAccess::Active,
        };
        let dialog = DeviceDialog::Wipe(device);
        html! { <DeviceDialogs {dialog} close={Callback::noop()} changed={Callback::noop()} /> }
    }

    #[test]
    fn wiping_names_the_device_and_asks_for_the_password() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, wipe);
            assert!(markup.contains("丢了的"), "{markup}");
            assert!(markup.contains("type=\"password\""), "{markup}");
            assert!(markup.contains("button danger"), "{markup}");
        }
    }

    #[test]
    fn a_wrong_password_is_said_at_its_field() {
        let words = Words::new("en");
        let dialog = DeviceDialog::RevokeOthers(2);
        let said = Said::of(&words, &dialog);
        let wrong = Failure::new(ErrorCode::WrongPassword, "");
        assert!(said.wrong(&words, Some(&wrong)).is_some());
        let offline = Failure::new(ErrorCode::Offline, "");
        assert_eq!(said.wrong(&words, Some(&offline)), None);
    }
}
