//! The one dialog that is open, if any.

use stoa_ipc::{ArchiveProfile, ClearDemo, SignIn, SignOut};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::connect::{ConnectForm, Connected};
use crate::commands::use_commands;
use crate::drafts::{DeleteDialog, Doomed, ViewDialog};
use crate::help::HelpSheet;
use crate::host::{use_app, use_host, use_standing};
use crate::import::ImportDialog;
use crate::palette::Palette;
use crate::parts::{Button, ButtonKind, Dialog};
use crate::preview::PreviewDialog;
use crate::publish::{PublishDialog, RepublishDialog};
use crate::review::{AskReviewDialog, CompareReviewDialog};
use crate::settings::PassphraseDialog;
use crate::stages::begin_connected;
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::versions::{ComparePostDialog, CompareRefusedDialog, NameVersionDialog};
use crate::view::{Overlay, Step, Toast, use_view};

#[component]
pub(crate) fn Overlays() -> Html {
    let view = use_view();
    let Some(overlay) = view.overlay.clone() else {
        return Html::default();
    };
    let close = {
        let overlay = overlay.clone();
        Callback::from(move |()| view.dispatch(Step::Hide(overlay.clone())))
    };
    match overlay {
        Overlay::Palette => html! { <Palette onclose={close} /> },
        Overlay::Shortcuts => html! { <HelpSheet onclose={close} /> },
        Overlay::Connect => html! { <ConnectDialog onclose={close} /> },
        Overlay::Passphrase => html! { <PassphraseDialog onclose={close} /> },
        Overlay::SignOut => html! { <SignOutDialog onclose={close} /> },
        Overlay::ClearDemo => html! { <ClearDemoDialog onclose={close} /> },
        Overlay::DeleteDraft { id, title } => {
            html! { <DeleteDialog what={Doomed::One(id, title)} onclose={close} /> }
        }
        Overlay::ComparePost(id) => html! { <ComparePostDialog {id} onclose={close} /> },
        Overlay::AskReview { id, title } => {
            html! { <AskReviewDialog {id} {title} onclose={close} /> }
        }
        Overlay::CompareReview { id, text_at } => {
            html! { <CompareReviewDialog {id} {text_at} onclose={close} /> }
        }
        Overlay::NameVersion { id, named } => {
            html! { <NameVersionDialog {id} {named} onclose={close} /> }
        }
        Overlay::SavedView(kept) => html! { <ViewDialog {kept} onclose={close} /> },
        Overlay::Publish(id) => html! { <PublishDialog {id} onclose={close} /> },
        Overlay::Republish { id, lid } => {
            html! { <RepublishDialog {id} {lid} onclose={close} /> }
        }
        Overlay::CompareRefused { lid } => {
            html! { <CompareRefusedDialog {lid} onclose={close} /> }
        }
        Overlay::Preview(id) => html! { <PreviewDialog {id} onclose={close} /> },
        Overlay::Import => html! { <ImportDialog onclose={close} /> },
        Overlay::EmptyBin(n) => {
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
            view.dispatch(Step::Hide(Overlay::Connect));
            let community = connected.account.community;
            view.dispatch(Step::Say(Toast::said(t!(
                words,
                "connected",
                community = community
            ))));
        })
    };
    let other = use_state(|| None::<SignIn>);
    if let Some(request) = (*other).clone() {
        return html! { <ArchiveDialog {request} onclose={props.onclose.clone()} /> };
    }
    let ask = Callback::from(move |request| other.set(Some(request)));
    html! {
        <Dialog title={t!(words, "connect-title")} onclose={props.onclose.clone()} testid="connect-dialog">
            <p>{ t!(words, "connect-lead") }</p>
            <ConnectForm {done} other={Some(ask)} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct ArchiveDialogProps {
    /// The account that the profile does not belong to.
    request: SignIn,
    onclose: Callback<()>,
}

/// Another account or server begins anew; what is here is put aside.
#[component]
fn ArchiveDialog(props: &ArchiveDialogProps) -> Html {
    let words = use_words();
    let (host, tell, app) = (use_host(), use_tell(), use_app());
    let standing = use_standing();
    let n_unsent = standing.n_waiting + standing.n_failed;
    let name = app.profile().map(|profile| profile.name.clone());
    let name = name.unwrap_or_default();
    let archive = {
        let (request, onclose) = (props.request.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, tell) = (host.clone(), tell.clone());
            let (request, onclose) = (request.clone(), onclose.clone());
            spawn_local(async move {
                onclose.emit(());
                let begun = match host.call(ArchiveProfile {}).await {
                    Ok(_) => begin_connected(&host, request).await,
                    Err(failure) => Err(failure),
                };
                if let Err(failure) = begun {
                    tell.emit(failure);
                }
            });
        })
    };
    html! {
        <Dialog title={t!(words, "archive-ask-title")} onclose={props.onclose.clone()} testid="archive-dialog">
            <p>{ t!(words, "archive-ask-lead", name = name, email = props.request.email.as_str()) }</p>
            if n_unsent > 0 { <p>{ t!(words, "archive-ask-waiting", n = n_unsent) }</p> }
            <div class="buttons end">
                <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                <Button kind={ButtonKind::Main} label={t!(words, "archive-and-go-on")} onclick={archive} testid="archive-confirm" />
            </div>
        </Dialog>
    }
}

#[component]
fn SignOutDialog(props: &ClosingProps) -> Html {
    let words = use_words();
    let (host, tell, commands) = (use_host(), use_tell(), use_commands());
    let standing = use_standing();
    let n_unsent = standing.n_waiting + standing.n_failed;
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
    // Nothing is lost by it, but what waits is on this computer only: that is a decision.
    let (kind, label) = match n_unsent {
        0 => (ButtonKind::Main, t!(words, "sign-out")),
        _ => (ButtonKind::Danger, t!(words, "sign-out-anyway")),
    };
    html! {
        <Dialog title={t!(words, "sign-out-title")} onclose={onclose.clone()} testid="sign-out-dialog">
            <p>{ t!(words, "sign-out-lead") }</p>
            if n_unsent > 0 { <p>{ t!(words, "sign-out-waiting", n = n_unsent) }</p> }
            <div class="buttons end">
                if n_unsent > 0 { <Button icon="download" label={t!(words, "export")} onclick={export} testid="sign-out-export" /> }
                <Button label={t!(words, "cancel")} onclick={onclose.reform(|_| ())} />
                <Button kind={kind} label={label} onclick={sign_out} testid="sign-out-confirm" />
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

#[cfg(test)]
mod tests {
    use stoa_ipc::{AppState, Stage};

    use super::*;
    use crate::testing::{drawn_with, profile, state};

    fn waiting(n_waiting: u64, n_failed: u64) -> AppState {
        let mut state = state(Stage::Open { profile: profile() });
        state.sync.n_waiting = n_waiting;
        state.sync.n_failed = n_failed;
        state
    }

    #[test]
    fn signing_out_with_something_unsent_offers_to_export_first() {
        let draw = || html! { <SignOutDialog onclose={Callback::noop()} /> };
        for (n_waiting, n_failed) in [(2, 0), (0, 1), (1, 1)] {
            let markup = drawn_with("en", waiting(n_waiting, n_failed), draw);
            assert!(markup.contains("sign-out-export"), "{markup}");
            assert!(markup.contains("button danger"), "{markup}");
        }
        let markup = drawn_with("en", waiting(0, 0), draw);
        assert!(!markup.contains("sign-out-export"), "{markup}");
    }

    #[test]
    fn before_a_profile_is_put_aside_it_is_said_whose_it_is_and_what_waits() {
        let draw = || {
            let request = SignIn {
                url: "https://other.example".to_owned(),
                email: "wang@example.com".to_owned(),
                password: "a secret".to_owned(),
                trust: None,
            };
            html! { <ArchiveDialog {request} onclose={Callback::noop()} /> }
        };
        for language in ["zh-CN", "en"] {
            let markup = drawn_with(language, waiting(4, 1), draw);
            for said in ["知行社", "wang@example.com", "5"] {
                assert!(markup.contains(said), "{language} {said}: {markup}");
            }
            assert!(!markup.contains("a secret"), "{markup}");
        }
    }
}
