//! Changes that wait or failed: a sentence each, and what can be done about it.

use std::rc::Rc;

use stoa_ipc::{Change, ChangeState, ChangeText, DiscardChange, Event, ListChanges, RetryChange};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::format::{relative, size};
use crate::host::{use_events, use_host, use_now};
use crate::parts::{Button, ButtonKind, Dialog, Loaded, Remote};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct ChangesProps {
    pub(crate) failed: bool,
}

#[component]
pub(crate) fn Changes(props: &ChangesProps) -> Html {
    let words = use_words();
    let (changes, again) = use_changes(props.failed);
    let is_empty = changes.here().is_some_and(|changes| changes.is_empty());
    let discarding = use_state(|| None::<Change>);
    let ask = {
        let discarding = discarding.clone();
        Callback::from(move |change| discarding.set(Some(change)))
    };
    let close = {
        let discarding = discarding.clone();
        Callback::from(move |()| discarding.set(None))
    };
    let failed = props.failed;
    let show = Callback::from(move |changes: Rc<Vec<Change>>| {
        let row = |change: &Change| html! { <ChangeRow key={change.lid} change={change.clone()} {failed} ondiscard={ask.clone()} /> };
        html! { <ul class="changes">{ for changes.iter().map(row) }</ul> }
    });
    let nothing = if failed {
        t!(words, "sync-none-failed")
    } else {
        t!(words, "sync-none-waiting")
    };
    html! {
        <>
            <Loaded<Rc<Vec<Change>>> value={changes} {show} onretry={again} n_bones=3 {is_empty}
                empty={html! { <div class="empty"><p>{ nothing }</p></div> }} />
            if let Some(change) = (*discarding).clone() { <DiscardDialog {change} onclose={close} /> }
        </>
    }
}

/// The list, fetched again when the sync status changes.
#[hook]
fn use_changes(failed: bool) -> (Remote<Rc<Vec<Change>>>, Callback<()>) {
    let host = use_host();
    let changes = use_state(|| Remote::Coming);
    let again = {
        let changes = changes.clone();
        Callback::from(move |()| {
            let (host, changes) = (host.clone(), changes.clone());
            spawn_local(async move {
                let answer = host.call(ListChanges { failed, limit: 500 }).await;
                changes.set(answer.map(Rc::new).into());
            });
        })
    };
    {
        let again = again.clone();
        use_effect_with(failed, move |_| again.emit(()));
    }
    {
        let again = again.clone();
        use_events(Callback::from(move |event: Event| {
            if matches!(event, Event::Sync(_) | Event::Drafts(_)) {
                again.emit(());
            }
        }));
    }
    ((*changes).clone(), again)
}

#[derive(Properties, PartialEq)]
struct ChangeRowProps {
    change: Change,
    failed: bool,
    ondiscard: Callback<Change>,
}

#[component]
fn ChangeRow(props: &ChangeRowProps) -> Html {
    let words = use_words();
    let now = use_now();
    let view = use_view();
    let retry = use_retry();
    let change = props.change.clone();
    let (lid, draft) = (change.lid, change.draft);
    let open = Callback::from(move |_: MouseEvent| view.dispatch(Step::Open(draft)));
    let age = relative(words.tag(), now, change.made_at);
    let reason = reason(&words, &change.state);
    let ondiscard = props.ondiscard.clone();
    let asked = change.clone();
    let discard = Callback::from(move |_: MouseEvent| ondiscard.emit(asked.clone()));
    html! {
        <li class="change" data-testid={if props.failed { "sync-failed-row" } else { "sync-waiting-row" }}>
            <p class="sentence">{ sentence(&words, &change.text) }</p>
            <p class={classes!("about", props.failed.then_some("danger"))}>
                { reason.unwrap_or_else(|| t!(words, "change-about", age = age, size = size(change.size))) }
            </p>
            <div class="buttons">
                if props.failed { <Button label={t!(words, "change-retry")} onclick={retry.reform(move |_| lid)} testid="change-retry" /> }
                <Button kind={ButtonKind::Quiet} label={t!(words, "change-open")} onclick={open} />
                if change.can_discard { <Button kind={ButtonKind::Quiet} label={t!(words, "change-discard")} onclick={discard} testid="change-discard" /> }
            </div>
        </li>
    }
}

/// A change as a sentence.
pub(crate) fn sentence(words: &Words, text: &ChangeText) -> AttrValue {
    let untitled = t!(words, "untitled");
    let title = if text.title.is_empty() {
        untitled.as_str()
    } else {
        &text.title
    };
    words.with(&format!("change-{}", text.kind), &[("title", title.into())])
}

/// Why it is where it is, when there is something to say.
fn reason(words: &Words, state: &ChangeState) -> Option<AttrValue> {
    match state {
        ChangeState::Waiting => None,
        ChangeState::UnderWay => Some(t!(words, "change-under-way")),
        ChangeState::Rejected { code } => {
            Some(words.get(&format!("reject-{}", code.replace('_', "-"))))
        }
    }
}

#[hook]
fn use_retry() -> Callback<i64> {
    let (host, tell) = (use_host(), use_tell());
    Callback::from(move |lid: i64| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            if let Err(failure) = host.call(RetryChange { lid }).await {
                tell.emit(failure);
            }
        });
    })
}

#[derive(Properties, PartialEq)]
struct DiscardDialogProps {
    change: Change,
    onclose: Callback<()>,
}

/// Discarding cannot be taken back, so it is asked once.
#[component]
fn DiscardDialog(props: &DiscardDialogProps) -> Html {
    let words = use_words();
    let (host, tell, onclose) = (use_host(), use_tell(), props.onclose.clone());
    let lid = props.change.lid;
    let discard = {
        let onclose = onclose.clone();
        Callback::from(move |_: MouseEvent| {
            let (host, tell, onclose) = (host.clone(), tell.clone(), onclose.clone());
            spawn_local(async move {
                if let Err(failure) = host.call(DiscardChange { lid }).await {
                    tell.emit(failure);
                }
                onclose.emit(());
            });
        })
    };
    let makes_draft = props.change.text.kind == "create";
    html! {
        <Dialog title={t!(words, "discard-title")} onclose={onclose.clone()} testid="discard-dialog">
            <p>{ sentence(&words, &props.change.text) }</p>
            <p>{ if makes_draft { t!(words, "discard-create-more") } else { t!(words, "discard-more") } }</p>
            <div class="buttons end">
                <Button label={t!(words, "keep")} onclick={onclose.reform(|_| ())} />
                <Button kind={ButtonKind::Danger} label={t!(words, "change-discard")} onclick={discard} testid="discard-confirm" />
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_change_is_a_sentence_with_its_title() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for kind in ["create", "rename", "bin", "restore", "write"] {
                let text = ChangeText {
                    kind: kind.to_owned(),
                    title: "会员定价".to_owned(),
                };
                let said = sentence(&words, &text);
                assert!(said.contains("会员定价"), "{language} {kind}: {said}");
            }
        }
    }

    #[test]
    fn a_refusal_says_why() {
        let words = Words::new("en");
        let state = ChangeState::Rejected {
            code: "not_allowed".to_owned(),
        };
        assert_eq!(
            reason(&words, &state),
            Some(words.get("reject-not-allowed"))
        );
        assert_eq!(reason(&words, &ChangeState::Waiting), None);
    }
}
