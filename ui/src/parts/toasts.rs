//! The toast: what was just done, and a way back. It waits while one looks at it.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{Icon, KeyCaps};
use crate::commands::use_commands;
use crate::t;
use crate::texts::use_words;
use crate::view::{Step, Toast, ToastAction, use_view};

/// How long a toast stays.
const SHOWN_MS: u32 = 8_000;

#[component]
pub(crate) fn Toasts() -> Html {
    let view = use_view();
    html! {
        <div class="toasts" role="status" aria-live="polite">
            if let Some((number, toast)) = view.toast.clone() {
                <ToastCard key={number} {number} {toast} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ToastCardProps {
    number: u32,
    toast: Toast,
}

#[component]
fn ToastCard(props: &ToastCardProps) -> Html {
    let words = use_words();
    let dispatcher = use_view().dispatcher();
    let hide = Callback::from(move |()| dispatcher.dispatch(Step::HideToast));
    let (hold, release) = use_patience(hide.clone());
    let close = hide.reform(|_: MouseEvent| ());
    html! {
        <div class="toast" data-testid="toast"
            onpointerenter={hold.reform(|_| ())} onpointerleave={release.reform(|_| ())}
            onkeydown={hold.reform(|_| ())} onfocusin={hold.reform(|_| ())} onfocusout={release.reform(|_| ())}>
            if props.toast.severity.is_some() { <Icon name="circle-alert" /> }
            <span>{ props.toast.text.clone() }</span>
            if let Some(action) = props.toast.action.clone() { <ToastButton {action} /> }
            <button type="button" aria-label={t!(words, "close")} onclick={close}><Icon name="x" /></button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ToastButtonProps {
    action: ToastAction,
}

#[component]
fn ToastButton(props: &ToastButtonProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let dispatcher = use_view().dispatcher();
    let (id, label) = match &props.action {
        ToastAction::Undo => (Some("edit.undo"), t!(words, "undo")),
        ToastAction::Command(id, label) => (Some(*id), label.clone()),
        ToastAction::Do(_, label) => (None, label.clone()),
    };
    let action = props.action.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(Step::HideToast);
        match (&action, id) {
            (ToastAction::Do(run, _), _) => run.emit(()),
            (_, Some(id)) => drop(commands.run(id)),
            (_, None) => {}
        }
    });
    html! {
        <button type="button" data-testid="toast-action" {onclick}>
            { label }
            if let Some(command) = id { <KeyCaps {command} /> }
        </button>
    }
}

/// Calls `done` after a while in which nobody held it.
#[hook]
fn use_patience(done: Callback<()>) -> (Callback<()>, Callback<()>) {
    let timer: Rc<Cell<Option<Timeout>>> = (*use_memo((), |()| Rc::new(Cell::new(None)))).clone();
    let start = {
        let timer = timer.clone();
        Callback::from(move |()| {
            let done = done.clone();
            timer.set(Some(Timeout::new(SHOWN_MS, move || done.emit(()))));
        })
    };
    let stop = {
        let timer = timer.clone();
        Callback::from(move |()| timer.set(None))
    };
    let begin = start.clone();
    use_effect_with((), move |()| {
        begin.emit(());
        move || timer.set(None)
    });
    (stop, start)
}
