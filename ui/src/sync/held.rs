//! An answer of the server that would take much away: it waits until the user agrees.

use stoa_ipc::{AllowRemoval, HeldRemoval};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Dialog};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};

#[derive(Properties, PartialEq)]
pub(crate) struct HeldProps {
    pub(crate) held: HeldRemoval,
}

/// How many of what would go, and the one thing to do about it.
#[component]
pub(crate) fn Held(props: &HeldProps) -> Html {
    let words = use_words();
    let is_asked = use_state(|| false);
    let show = |shown: bool| {
        let is_asked = is_asked.clone();
        Callback::from(move |()| is_asked.set(shown))
    };
    html! {
        <>
            <Button label={t!(words, "held-look")} onclick={show(true).reform(|_: MouseEvent| ())} testid="held-look" />
            if *is_asked { <AgreeDialog held={props.held.clone()} onclose={show(false)} /> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct AgreeDialogProps {
    held: HeldRemoval,
    onclose: Callback<()>,
}

#[component]
fn AgreeDialog(props: &AgreeDialogProps) -> Html {
    let words = use_words();
    let (host, tell, onclose) = (use_host(), use_tell(), props.onclose.clone());
    let agree = {
        let onclose = onclose.clone();
        Callback::from(move |_: MouseEvent| {
            let (host, tell, onclose) = (host.clone(), tell.clone(), onclose.clone());
            spawn_local(async move {
                if let Err(failure) = host.call(AllowRemoval {}).await {
                    tell.emit(failure);
                }
                onclose.emit(());
            });
        })
    };
    html! {
        <Dialog title={t!(words, "held-title")} onclose={onclose.clone()} testid="held-dialog">
            <p>{ said(&words, &props.held) }</p>
            <p>{ t!(words, "held-more") }</p>
            <div class="buttons end">
                <Button label={t!(words, "keep")} onclick={onclose.reform(|_| ())} />
                <Button kind={ButtonKind::Danger} label={t!(words, "held-agree")} onclick={agree} testid="held-agree" />
            </div>
        </Dialog>
    }
}

/// How many of how many, and of what.
pub(crate) fn said(words: &Words, held: &HeldRemoval) -> AttrValue {
    let key = match held.bucket.as_str() {
        "content" | "texts" | "core" => format!("bucket-{}", held.bucket),
        _ => "bucket-other".to_owned(),
    };
    let what = words.get(&key);
    words.with(
        "held-said",
        &[
            ("n", held.n.into()),
            ("of", held.of.into()),
            ("what", what.as_str().into()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_of_what_would_go_is_named() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for bucket in ["content", "texts", "core", "of-a-newer-server"] {
                let held = HeldRemoval {
                    bucket: bucket.to_owned(),
                    n: 300,
                    of: 412,
                };
                let said = said(&words, &held);
                assert!(said.contains("300") && said.contains("412"), "{said}");
                assert!(!said.contains("bucket-"), "{said}");
            }
        }
    }
}
