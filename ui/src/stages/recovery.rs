//! The recovery key, shown once, and one of its groups typed again.

use std::cell::RefCell;

use stoa_ipc::{ConfirmRecovery as Confirm, Failure, ProfileInfo, RecoveryKey, SignIn};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::stage::StagePage;
use crate::host::{Host, use_host};
use crate::parts::{Button, ButtonKind, Field, Notice};
use crate::shell::wrong_text;
use crate::t;
use crate::texts::use_words;
use crate::view::{Overlay, Step, ViewHandle, use_view};

thread_local! {
    // Between two screens only: the key is in no state that is kept, and gone when it is confirmed.
    static KEY: RefCell<Option<RecoveryKey>> = const { RefCell::new(None) };
    static ARRIVED: RefCell<Callback<()>> = RefCell::new(Callback::noop());
    static SIGN_IN: RefCell<Option<SignIn>> = const { RefCell::new(None) };
}

/// Keeps a key until it was confirmed.
pub(crate) fn keep_recovery_key(key: Option<RecoveryKey>) {
    KEY.with(|kept| kept.replace(key));
    // The stage may have been told before the answer that brings the key.
    let arrived = ARRIVED.with(|arrived| arrived.borrow().clone());
    arrived.emit(());
}

/// Keeps a sign-in that could not be made yet.
pub(crate) fn keep_sign_in(request: Option<SignIn>) {
    SIGN_IN.with(|kept| kept.replace(request));
}

#[derive(Properties, PartialEq)]
pub(crate) struct ConfirmRecoveryProps {
    pub(crate) profile: ProfileInfo,
}

#[component]
pub(crate) fn ConfirmRecovery(props: &ConfirmRecoveryProps) -> Html {
    let words = use_words();
    let redraw = use_force_update();
    use_effect_with((), move |()| {
        ARRIVED.with(|arrived| arrived.replace(Callback::from(move |()| redraw.force_update())));
        || drop(ARRIVED.with(|arrived| arrived.replace(Callback::noop())))
    });
    let groups = KEY.with(|kept| kept.borrow().clone()).map(|key| key.groups);
    let lead = match groups.is_some() {
        true => t!(words, "recovery-lead"),
        false => t!(
            words,
            "recovery-lead-again",
            name = props.profile.name.as_str()
        ),
    };
    html! {
        <StagePage title={t!(words, "recovery-title")} {lead} testid="recovery">
            if let Some(groups) = groups.clone() { <KeyGroups {groups} /> }
            <ConfirmForm index={asked_group(groups.as_ref().map_or(13, Vec::len))} />
        </StagePage>
    }
}

/// Which group is asked for; the middle one is neither the first nor the last one sees.
fn asked_group(n: usize) -> usize {
    n / 2
}

#[derive(Properties, PartialEq)]
struct KeyGroupsProps {
    groups: Vec<String>,
}

#[component]
fn KeyGroups(props: &KeyGroupsProps) -> Html {
    let words = use_words();
    let copied = use_state_eq(|| false);
    let copy = {
        let (copied, text) = (copied.clone(), props.groups.join("-"));
        Callback::from(move |_: MouseEvent| {
            crate::editor::copy(&text);
            copied.set(true);
        })
    };
    let print = Callback::from(|_: MouseEvent| {
        if let Some(window) = web_sys::window() {
            // A system without a printer says so itself.
            let _ = window.print();
        }
    });
    let group = |(index, group): (usize, &String)| html! { <li><span>{ index + 1 }</span>{ group.clone() }</li> };
    let copy_label = if *copied {
        t!(words, "copied")
    } else {
        t!(words, "copy")
    };
    html! {
        <>
            <ol class="recovery" data-testid="recovery-key" aria-label={t!(words, "recovery-title")}>{ for props.groups.iter().enumerate().map(group) }</ol>
            <div class="buttons">
                <Button icon="copy" label={copy_label} onclick={copy} testid="recovery-copy" />
                <Button icon="printer" label={t!(words, "print")} onclick={print} testid="recovery-print" />
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct ConfirmFormProps {
    index: usize,
}

#[component]
fn ConfirmForm(props: &ConfirmFormProps) -> Html {
    let words = use_words();
    let typed = use_state(String::new);
    let failure = use_state(|| None::<Failure>);
    let confirm = use_confirm(props.index, failure.clone());
    let onsubmit = {
        let typed = typed.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            confirm.emit(typed.trim().to_owned());
        })
    };
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(text))
    };
    let wrong = wrong_text(&words, failure.as_ref(), "group");
    let general = (*failure).clone().filter(|_| wrong.is_none());
    html! {
        <form class="form" {onsubmit}>
            if let Some(failure) = general { <Notice {failure} /> }
            <Field name="recovery-group" label={t!(words, "recovery-group", n = props.index + 1)} value={(*typed).clone()} is_code=true
                {wrong} hint={t!(words, "recovery-group-more")} {oninput} />
            <div class="buttons end">
                <Button kind={ButtonKind::Main} submit=true disabled={typed.trim().is_empty()} label={t!(words, "recovery-confirm")} testid="recovery-confirm" />
            </div>
        </form>
    }
}

#[hook]
fn use_confirm(index: usize, failure: UseStateHandle<Option<Failure>>) -> Callback<String> {
    let (host, view) = (use_host(), use_view());
    Callback::from(move |group: String| {
        let (host, view, failure) = (host.clone(), view.clone(), failure.clone());
        spawn_local(async move {
            match host.call(Confirm { index, group }).await {
                Ok(state) => {
                    keep_recovery_key(None);
                    host.state_changed(state);
                    sign_in_again(&host, &view).await;
                }
                Err(refused) => failure.set(Some(refused)),
            }
        });
    })
}

/// A sign-in that failed before is tried once more; then the window asks.
async fn sign_in_again(host: &Host, view: &ViewHandle) {
    let Some(request) = SIGN_IN.with(RefCell::take) else {
        return;
    };
    if host.call(request).await.is_err() {
        view.dispatch(Step::Show(Overlay::Connect));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn, profile};

    #[test]
    fn the_key_is_shown_in_groups_and_one_is_asked_for() {
        keep_recovery_key(Some(RecoveryKey {
            groups: vec!["AB2C".to_owned(); 13],
        }));
        let markup = drawn("en", || html! { <ConfirmRecovery profile={profile()} /> });
        assert_eq!(markup.matches("AB2C").count(), 13);
        assert!(
            markup.contains('7'),
            "the seventh of thirteen is asked for: {markup}"
        );
        keep_recovery_key(None);
        let later = drawn("en", || html! { <ConfirmRecovery profile={profile()} /> });
        assert!(
            !later.contains("AB2C") && later.contains("recovery-confirm"),
            "{later}"
        );
    }
}
