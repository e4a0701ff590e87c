//! The question for a version's name.

use stoa_domain::{DraftId, NamedVersion};
use stoa_ipc::{Failure, NameVersion, RenameVersion};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::{Host, use_host};
use crate::parts::{Button, ButtonKind, Dialog, Field};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct NameVersionProps {
    pub(crate) id: DraftId,
    /// The version that has a name and gets another; absent for the text as it is now.
    pub(crate) named: Option<NamedVersion>,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn NameVersionDialog(props: &NameVersionProps) -> Html {
    let words = use_words();
    let before = props
        .named
        .as_ref()
        .map(|named| named.name.as_str().to_owned());
    let name = use_state(|| before.unwrap_or_default());
    let wrong = use_state_eq(|| None::<AttrValue>);
    let onsubmit = use_naming(props, (*name).clone(), wrong.setter());
    let oninput = {
        let (name, wrong) = (name.setter(), wrong.setter());
        Callback::from(move |typed: String| {
            wrong.set(None);
            name.set(typed);
        })
    };
    let (title, label) = match props.named {
        Some(_) => (
            t!(words, "version-rename-title"),
            t!(words, "version-rename"),
        ),
        None => (t!(words, "version-save"), t!(words, "version-save")),
    };
    let hint = props
        .named
        .is_none()
        .then(|| t!(words, "version-save-what"));
    html! {
        <Dialog {title} onclose={props.onclose.clone()} testid="version-dialog">
            <form class="form" {onsubmit}>
                <Field name="version-name" label={t!(words, "version-name")} value={(*name).clone()} {oninput} {hint} wrong={(*wrong).clone()} focused=true />
                <div class="buttons end">
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Main} submit=true {label} testid="version-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

/// Gives the name, and says so; what is wrong with it stands by the field.
#[hook]
fn use_naming(
    props: &NameVersionProps,
    name: String,
    wrong: UseStateSetter<Option<AttrValue>>,
) -> Callback<SubmitEvent> {
    let (host, words, tell) = (use_host(), use_words(), use_tell());
    let dispatcher = use_view().dispatcher();
    let (id, named, onclose) = (props.id, props.named.clone(), props.onclose.clone());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let (host, words, tell) = (host.clone(), words.clone(), tell.clone());
        let (dispatcher, onclose, wrong) = (dispatcher.clone(), onclose.clone(), wrong.clone());
        let (named, name) = (named.clone(), name.clone());
        spawn_local(async move {
            match give(&host, &words, (id, named), name).await {
                Ok(said) => {
                    onclose.emit(());
                    dispatcher.dispatch(Step::SayUndoable(said));
                }
                Err(failure) => match about_the_name(&words, &failure) {
                    Some(reason) => wrong.set(Some(reason)),
                    None => tell.emit(failure),
                },
            }
        });
    })
}

async fn give(
    host: &Host,
    words: &Words,
    (id, named): (DraftId, Option<NamedVersion>),
    name: String,
) -> Result<AttrValue, Failure> {
    match named {
        Some(named) => {
            let shown = name.trim().to_owned();
            let version = named.id;
            host.call(RenameVersion { id, version, name }).await?;
            Ok(t!(words, "version-renamed", name = shown.as_str()))
        }
        None => {
            let named = host.call(NameVersion { id, name }).await?;
            Ok(t!(words, "version-named", name = named.name.as_str()))
        }
    }
}

fn about_the_name(words: &Words, failure: &Failure) -> Option<AttrValue> {
    let blamed = failure.fields.iter().find(|field| field.field == "name")?;
    Some(words.get(&format!("field-{}", blamed.reason)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{draft, drawn};

    #[test]
    fn the_dialog_asks_for_a_name_in_both_languages() {
        for (language, title) in [("zh-CN", "保存为版本"), ("en", "Save as version")] {
            let markup = drawn(language, || {
                html! { <NameVersionDialog id={draft("稿").id} named={None::<NamedVersion>} onclose={Callback::noop()} /> }
            });
            assert!(
                markup.contains(title) && markup.contains("id=\"version-name\""),
                "{markup}"
            );
        }
    }

    #[test]
    fn what_is_wrong_with_a_name_is_said_beside_it_and_all_else_elsewhere() {
        let words = Words::new("en");
        let long = Failure::field("name", "too-long");
        assert_eq!(about_the_name(&words, &long), Some("Too long".into()));
        assert_eq!(
            about_the_name(&words, &Failure::field("versions", "invalid")),
            None
        );
    }
}
