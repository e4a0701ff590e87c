//! The one dialog that is open, if any.

use stoa_ipc::{ClearDemo, SignOut};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::connect::{ConnectForm, Connected};
use crate::commands::use_commands;
use crate::drafts::{DeleteDialog, Doomed};
use crate::help::HelpSheet;
use crate::host::{use_host, use_standing};
use crate::palette::Palette;
use crate::parts::{Button, ButtonKind, Dialog};
use crate::settings::PassphraseDialog;
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Overlay, Step, Toast, use_view};

#[component]
pub(crate) fn Overlays() -> Html {
    let view = use_view();
    let close = {
        let view = view.clone();
        Callback::from(move |()| view.dispatch(Step::HideOverlay))
    };
    match view.overlay.clone() {
        None => Html::default(),
        Some(Overlay::Palette) => html! { <Palette onclose={close} /> },
        Some(Overlay::Shortcuts) => html! { <HelpSheet onclose={close} /> },
        Some(Overlay::Connect) => html! { <ConnectDialog onclose={close} /> },
        Some(Overlay::Passphrase) => html! { <PassphraseDialog onclose={close} /> },
        Some(Overlay::SignOut) => html! { <SignOutDialog onclose={close} /> },
        Some(Overlay::ClearDemo) => html! { <ClearDemoDialog onclose={close} /> },
        Some(Overlay::DeleteDraft { id, title }) => {
            html! { <DeleteDialog what={Doomed::One(id, title)} onclose={close} /> }
        }
        Some(Overlay::EmptyBin(n)) => {
            html! { <DeleteDialog what={Doomed::All(n)} onclose={close} /> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct ClosingProps {
    onclose: Callback<()>,
}

#[component]
fn ConnectDialog(props: &ClosingProps) -> Html {
    let words = use_words();
    let view = use_view();
    let done = {
        let words = words.clone();
        Callback::from(move |connected: Connected| {
            view.dispatch(Step::HideOverlay);
            let community = connected.account.community;
            view.dispatch(Step::Say(Toast::said(t!(
                words,
                "connected",
                community = community
            ))));
        })
    };
    html! {
        <Dialog title={t!(words, "connect-title")} onclose={props.onclose.clone()} testid="connect-dialog">
            <p>{ t!(words, "connect-lead") }</p>
            <ConnectForm {done} />
        </Dialog>
    }
}

#[component]
fn SignOutDialog(props: &ClosingProps) -> Html {
    let words = use_words();
    let (host, tell, commands) = (use_host(), use_tell(), use_commands());
    let n_waiting = use_standing().n_waiting;
    let onclose = props.onclose.clone();
    let sign_out = {
        let onclose = onclose.clone();
        Callback::from(move |_: MouseEvent| {
            let (host, tell, onclose) = (host.clone(), tell.clone(), onclose.clone());
            spawn_local(async move {
                match host.call(SignOut {}).await {
                    Ok(()) => onclose.emit(()),
                    Err(failure) => tell.emit(failure),
                }
            });
        })
    };
    let export = Callback::from(move |_: MouseEvent| {
        commands.run("app.export");
    });
    html! {
        <Dialog title={t!(words, "sign-out-title")} onclose={onclose.clone()} testid="sign-out-dialog">
            <p>{ t!(words, "sign-out-lead") }</p>
            if n_waiting > 0 { <p>{ t!(words, "sign-out-waiting", n = n_waiting) }</p> }
            <div class="buttons end">
                if n_waiting > 0 { <Button label={t!(words, "export")} onclick={export} /> }
                <Button label={t!(words, "cancel")} onclick={onclose.reform(|_| ())} />
                <Button kind={ButtonKind::Main} label={t!(words, "sign-out")} onclick={sign_out} testid="sign-out-confirm" />
            </div>
        </Dialog>
    }
}

#[component]
fn ClearDemoDialog(props: &ClosingProps) -> Html {
    let words = use_words();
    let (host, tell) = (use_host(), use_tell());
    let onclose = props.onclose.clone();
    let clear = {
        let onclose = onclose.clone();
        Callback::from(move |_: MouseEvent| {
            let (host, tell, onclose) = (host.clone(), tell.clone(), onclose.clone());
            spawn_local(async move {
                onclose.emit(());
                match host.call(ClearDemo {}).await {
                    Ok(state) => host.state_changed(state),
                    Err(failure) => tell.emit(failure),
                }
            });
        })
    };
    html! {
        <Dialog title={t!(words, "clear-demo-title")} onclose={onclose.clone()} testid="clear-demo-dialog">
            <p>{ t!(words, "clear-demo-lead") }</p>
            <div class="buttons end">
                <Button label={t!(words, "cancel")} onclick={onclose.reform(|_| ())} />
                <Button kind={ButtonKind::Main} label={t!(words, "clear-demo")} onclick={clear} testid="clear-demo-confirm" />
            </div>
        </Dialog>
    }
}
