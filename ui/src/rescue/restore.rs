//! Agreeing to a restore: what happens, in plain words, and a word that has to be typed.

use stoa_ipc::{Failure, RestoreBackup, RestoreFrom};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Dialog, Field, Notice};
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, Toast, use_view};

#[derive(Properties, PartialEq)]
pub(super) struct RestoreDialogProps {
    pub(super) from: RestoreFrom,
    pub(super) onclose: Callback<()>,
}

#[component]
pub(super) fn RestoreDialog(props: &RestoreDialogProps) -> Html {
    let (words, host, view) = (use_words(), use_host(), use_view());
    let failure = use_state(|| None::<Failure>);
    let busy = use_state(|| false);
    let onagree = {
        let (from, onclose) = (props.from.clone(), props.onclose.clone());
        let (words, failure, busy) = (words.clone(), failure.clone(), busy.clone());
        let dispatcher = view.dispatcher();
        Callback::from(move |()| {
            let (host, from, onclose) = (host.clone(), from.clone(), onclose.clone());
            let (words, failure, busy) = (words.clone(), failure.clone(), busy.clone());
            let dispatcher = dispatcher.clone();
            busy.set(true);
            spawn_local(async move {
                match host.call(RestoreBackup { from }).await {
                    Ok(restored) => {
                        let path = restored.set_aside.as_str();
                        let said = Toast::said(t!(words, "restore-done", path = path));
                        dispatcher.dispatch(Step::Say(said));
                        onclose.emit(());
                    }
                    Err(why) => failure.set(Some(why)),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <Dialog title={t!(words, "restore-title")} onclose={props.onclose.clone()} testid="restore-dialog">
            if let Some(failure) = (*failure).clone() { <Notice {failure} onretry={onagree.clone()} /> }
            <Agreement is_empty={props.from == RestoreFrom::Nothing} busy={*busy} {onagree} />
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
struct AgreementProps {
    /// Whether there is no backup in it.
    is_empty: bool,
    busy: bool,
    onagree: Callback<()>,
}

#[component]
fn Agreement(props: &AgreementProps) -> Html {
    let words = use_words();
    let typed = use_state(String::new);
    let wanted = t!(words, "restore-word");
    let is_agreed = typed.trim().to_lowercase() == wanted.to_lowercase();
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(text))
    };
    let onsubmit = {
        let (onagree, may) = (props.onagree.clone(), is_agreed && !props.busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if may {
                onagree.emit(());
            }
        })
    };
    let what = match props.is_empty {
        true => t!(words, "restore-empty-more"),
        false => t!(words, "restore-what"),
    };
    let label = match props.busy {
        true => t!(words, "restore-under-way"),
        false => t!(words, "restore-agree"),
    };
    html! {
        <form class="form" {onsubmit}>
            <p>{ what }</p>
            <ul>
                <li>{ t!(words, "restore-aside") }</li>
                <li>{ t!(words, "restore-unsent") }</li>
                <li>{ t!(words, "restore-sign-in") }</li>
            </ul>
            <Field name="restore-word" label={t!(words, "restore-type", word = wanted.as_str())} value={(*typed).clone()} focused=true {oninput} />
            <div class="buttons end">
                <Button kind={ButtonKind::Danger} submit=true disabled={!is_agreed || props.busy} {label} testid="restore-agree" />
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;
    use crate::texts::Words;

    fn backup() -> Html {
        html! { <Agreement is_empty=false busy=false onagree={Callback::noop()} /> }
    }

    fn nothing() -> Html {
        html! { <Agreement is_empty=true busy=false onagree={Callback::noop()} /> }
    }

    #[test]
    fn before_anything_happens_it_is_said_what_stays_and_a_word_is_asked_for() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            let markup = drawn(language, backup);
            for key in ["restore-aside", "restore-unsent", "restore-sign-in"] {
                assert!(markup.contains(words.get(key).as_str()), "{key}: {markup}");
            }
            assert!(markup.contains("<label for=\"restore-word\""), "{markup}");
            assert_eq!(markup.matches("disabled=").count(), 1, "{markup}");
        }
    }

    #[test]
    fn starting_empty_says_so() {
        for language in ["zh-CN", "en"] {
            let said = Words::new(language).get("restore-empty-more");
            assert!(drawn(language, nothing).contains(said.as_str()));
            assert!(!drawn(language, backup).contains(said.as_str()));
        }
    }
}
