//! What the server refused: why, in a sentence, and the one thing that helps.

use std::rc::Rc;

use stoa_ipc::{Change, KeepAsNew, ListChanges, RetryChange};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::remedy::{Remedy, reason, remedy};
use super::sentence::{place_of, sentence, titled, use_listed, use_send};
use super::waiting::{is_of_deleted, use_discard};
use crate::format::relative;
use crate::host::{use_app, use_host, use_now};
use crate::parts::{Button, ButtonKind, Loaded, RowOf, Rows};
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::view::{Overlay, Route, Step, Toast, use_view};

#[component]
pub(super) fn Failed() -> Html {
    let words = use_words();
    let (changes, again) = use_listed(ListChanges {
        failed: true,
        limit: 1_000,
    });
    let is_empty = changes.here().is_some_and(|changes| changes.is_empty());
    let show = Callback::from(|changes: Rc<Vec<Change>>| html! { <FailedRows {changes} /> });
    html! {
        <Loaded<Rc<Vec<Change>>> value={changes} {show} onretry={again} n_bones=3 {is_empty}
            empty={html! { <div class="empty"><p>{ t!(words, "sync-none-failed") }</p></div> }} />
    }
}

#[derive(Properties, PartialEq)]
struct FailedRowsProps {
    changes: Rc<Vec<Change>>,
}

#[component]
fn FailedRows(props: &FailedRowsProps) -> Html {
    let words = use_words();
    let view = use_view();
    let retry = use_send::<RetryChange>();
    let letters = use_app().preferences().letter_keys;
    let ask = use_discard();
    let row = |change: &Change| RowOf {
        key: AttrValue::from(change.lid.to_string()),
        label: AttrValue::from(format!(
            "{} · {}",
            sentence(&words, &change.text),
            reason(&words, change).0
        )),
        class: "change",
        content: html! { <FailedRow change={change.clone()} ondiscard={ask.clone()} /> },
    };
    let rows: Vec<RowOf> = props.changes.iter().map(row).collect();
    let onkey = {
        let changes = props.changes.clone();
        Callback::from(move |(at, key): (usize, String)| {
            let Some(change) = changes.get(at) else {
                return;
            };
            match key.as_str() {
                "Enter" if !is_of_deleted(change) => view.dispatch(place_of(change)),
                "t" | "T" if letters && !is_of_deleted(change) && !change.can_republish => {
                    retry.emit(RetryChange { lid: change.lid })
                }
                "Delete" => ask.emit(change.clone()),
                "d" | "D" if letters => ask.emit(change.clone()),
                _ => {}
            }
        })
    };
    html! {
        <Rows label={t!(words, "sync-failed")} {rows} {onkey} testid="sync-failed-row" />
    }
}

#[derive(Properties, PartialEq)]
struct FailedRowProps {
    change: Change,
    ondiscard: Callback<Change>,
}

#[component]
fn FailedRow(props: &FailedRowProps) -> Html {
    let words = use_words();
    let now = use_now();
    let view = use_view();
    let retry = use_send::<RetryChange>();
    let change = props.change.clone();
    let (lid, draft) = (change.lid, change.draft);
    let helps = remedy(&change);
    let kind = |of: Remedy| {
        if of == helps {
            ButtonKind::Plain
        } else {
            ButtonKind::Quiet
        }
    };
    let (why, more) = reason(&words, &change);
    let show = |overlay: Overlay| {
        let view = view.dispatcher();
        Callback::from(move |_: MouseEvent| view.dispatch(Step::Show(overlay.clone())))
    };
    let compare = show(Overlay::CompareRefused { lid });
    let republish = show(Overlay::Republish { id: draft, lid });
    let shown = change.clone();
    let open = Callback::from(move |_: MouseEvent| view.dispatch(place_of(&shown)));
    if helps == Remedy::KeepAsNew {
        return html! { <DeletedRow {change} ondiscard={props.ondiscard.clone()} /> };
    }
    let asked = change.clone();
    let discard = props.ondiscard.reform(move |_: MouseEvent| asked.clone());
    html! {
        <>
            <p class="sentence">{ sentence(&words, &change.text) }</p>
            <p class="about danger">{ why }{ " " }<span class="quiet">{ more.unwrap_or_default() }{ " · " }{ relative(words.tag(), now, change.made_at) }</span></p>
            <div class="buttons">
                if helps == Remedy::Compare {
                    <Button kind={kind(Remedy::Compare)} label={t!(words, "change-compare")} onclick={compare} testid="change-compare" />
                }
                if change.can_republish {
                    <Button kind={kind(Remedy::Republish)} label={t!(words, "change-republish")} onclick={republish} testid="change-republish" />
                } else {
                    // As it is, a publication would be refused again.
                    <Button kind={kind(Remedy::Retry)} label={t!(words, "change-retry")} onclick={retry.reform(move |_: MouseEvent| RetryChange { lid })} testid="change-retry" />
                }
                <Button kind={kind(Remedy::Open)} label={t!(words, "change-open")} onclick={open} />
                if change.can_discard {
                    <Button kind={kind(Remedy::Discard)} label={t!(words, "change-discard")} onclick={discard} testid="change-discard" />
                }
            </div>
        </>
    }
}

/// Work on a draft that was deleted elsewhere: sending it again would not help.
#[component]
fn DeletedRow(props: &FailedRowProps) -> Html {
    let words = use_words();
    let now = use_now();
    let change = &props.change;
    let (why, more) = reason(&words, change);
    let keep = use_keep_as_new(change);
    let asked = change.clone();
    let discard = props.ondiscard.reform(move |_: MouseEvent| asked.clone());
    html! {
        <>
            <p class="sentence">{ sentence(&words, &change.text) }</p>
            <p class="about danger">{ why }{ " " }<span class="quiet">{ more.unwrap_or_default() }{ " · " }{ relative(words.tag(), now, change.made_at) }</span></p>
            <div class="buttons">
                <Button label={t!(words, "keep-as-new")} onclick={keep.reform(|_: MouseEvent| ())} testid="keep-as-new" />
                if change.can_discard {
                    <Button kind={ButtonKind::Quiet} label={t!(words, "change-discard")} onclick={discard} testid="change-discard" />
                }
            </div>
        </>
    }
}

/// Makes a new draft of the work and opens it.
#[hook]
fn use_keep_as_new(change: &Change) -> Callback<()> {
    let (host, words, tell) = (use_host(), use_words(), use_tell());
    let view = use_view().dispatcher();
    let draft = change.draft;
    Callback::from(move |()| {
        let (host, words, tell, view) = (host.clone(), words.clone(), tell.clone(), view.clone());
        spawn_local(async move {
            match host.call(KeepAsNew { draft }).await {
                Ok(kept) => {
                    view.dispatch(Step::Go(Route::Content));
                    view.dispatch(Step::Open(kept.id));
                    let title = titled(&words, &kept.title);
                    let said = t!(words, "kept-as-new", title = title.as_str());
                    view.dispatch(Step::Say(Toast::said(said)));
                }
                Err(failure) => tell.emit(failure),
            }
        });
    })
}
