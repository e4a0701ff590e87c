//! A profile that has to be unlocked: every way to do it, at once.

use stoa_ipc::{ErrorCode, Failure, ProfileInfo, Unlock, UnlockWith};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::broken::OtherProfiles;
use super::stage::StagePage;
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Field, Notice};
use crate::shell::wrong_text;
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct LockedProps {
    pub(crate) profile: ProfileInfo,
    /// Why; nothing while the keychain is still being asked.
    #[prop_or_default]
    pub(crate) reason: Option<ErrorCode>,
    /// While the keychain is asked nobody knows yet, so it is offered.
    #[prop_or(true)]
    pub(crate) has_passphrase: bool,
}

#[component]
pub(crate) fn Locked(props: &LockedProps) -> Html {
    let words = use_words();
    let failure = use_state(|| None::<Failure>);
    let unlock = use_unlock(failure.clone());
    let shown = (*failure)
        .clone()
        .or_else(|| props.reason.map(|code| Failure::new(code, "")));
    let wrong = |field: &str| wrong_text(&words, failure.as_ref(), field);
    let keychain = unlock.reform(|_: MouseEvent| UnlockWith::Keychain);
    let ask = match props.reason {
        Some(ErrorCode::AwayTooLong) => t!(words, "ask-server"),
        _ => t!(words, "ask-keychain"),
    };
    html! {
        <StagePage title={t!(words, "locked-title", name = props.profile.name.as_str())} testid="locked">
            if let Some(failure) = shown {
                <Notice {failure}><Button label={ask} onclick={keychain} testid="unlock-keychain" /></Notice>
            } else {
                <p class="lead" role="status">{ t!(words, "unlocking") }</p>
            }
            if props.has_passphrase {
                <SecretForm name="unlock-passphrase" label={t!(words, "passphrase")} kind="password" wrong={wrong("passphrase")}
                    onsecret={unlock.reform(UnlockWith::Passphrase)} />
                <p class="or">{ t!(words, "or") }</p>
            }
            <SecretForm name="unlock-recovery" label={t!(words, "recovery-key")} hint={t!(words, "recovery-key-hint")} kind="text" wrong={wrong("recovery_key")}
                onsecret={unlock.reform(UnlockWith::RecoveryKey)} />
            <OtherProfiles here={props.profile.id.clone()} />
        </StagePage>
    }
}

#[derive(Properties, PartialEq)]
struct SecretFormProps {
    name: &'static str,
    label: AttrValue,
    kind: &'static str,
    #[prop_or_default]
    hint: Option<AttrValue>,
    wrong: Option<AttrValue>,
    onsecret: Callback<String>,
}

#[component]
fn SecretForm(props: &SecretFormProps) -> Html {
    let words = use_words();
    let secret = use_state(String::new);
    let onsubmit = {
        let (secret, onsecret) = (secret.clone(), props.onsecret.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            onsecret.emit((*secret).clone());
        })
    };
    let oninput = {
        let secret = secret.clone();
        Callback::from(move |text| secret.set(text))
    };
    html! {
        <form class="form" {onsubmit}>
            <Field name={props.name} label={props.label.clone()} kind={props.kind} hint={props.hint.clone()} wrong={props.wrong.clone()} is_code={props.kind == "text"}
                value={(*secret).clone()} {oninput} />
            <div class="buttons end">
                <Button kind={ButtonKind::Main} submit=true disabled={secret.is_empty()} label={t!(words, "unlock")} testid={format!("{}-submit", props.name)} />
            </div>
        </form>
    }
}

#[hook]
fn use_unlock(failure: UseStateHandle<Option<Failure>>) -> Callback<UnlockWith> {
    let host = use_host();
    Callback::from(move |with: UnlockWith| {
        let (host, failure) = (host.clone(), failure.clone());
        spawn_local(async move {
            match host.call(Unlock { with }).await {
                Ok(state) => host.state_changed(state),
                Err(refused) => failure.set(Some(refused)),
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn, profile};

    #[test]
    fn while_the_keychain_is_asked_the_other_ways_are_open() {
        let markup = drawn("zh-CN", || html! { <Locked profile={profile()} /> });
        assert!(
            markup.contains("unlock-passphrase") && markup.contains("unlock-recovery"),
            "{markup}"
        );
        assert!(markup.contains("role=\"status\""), "{markup}");
    }

    #[test]
    fn who_was_away_too_long_is_offered_the_server_and_the_recovery_key() {
        let markup = drawn("en", || {
            let reason = Some(ErrorCode::AwayTooLong);
            html! { <Locked profile={profile()} {reason} has_passphrase=false /> }
        });
        assert!(markup.contains("failure-away_too_long"), "{markup}");
        assert!(markup.contains("Try the server"), "{markup}");
        assert!(markup.contains("unlock-recovery"), "{markup}");
        assert!(!markup.contains("unlock-passphrase"), "{markup}");
    }

    #[test]
    fn each_reason_has_its_own_message() {
        use ErrorCode as C;
        let reasons = [
            C::KeyMissing,
            C::KeychainRefused,
            C::KeychainUnavailable,
            C::KeychainTimeout,
            C::WrongKey,
            C::AwayTooLong,
        ];
        let mut said: Vec<String> = reasons
            .into_iter()
            .map(|reason| {
                crate::texts::Words::new("en")
                    .get(&crate::failures::text_key(reason))
                    .to_string()
            })
            .collect();
        said.sort();
        said.dedup();
        assert_eq!(said.len(), reasons.len());
    }
}
