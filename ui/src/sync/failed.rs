//! What the server refused: why, in a sentence, and the one thing that helps.

use std::rc::Rc;

use stoa_ipc::{Change, ChangeState, KeepAsNew, ListChanges, RetryChange};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sentence::{place_of, sentence, titled, use_listed, use_send};
use super::waiting::{is_of_deleted, use_discard};
use crate::format::relative;
use crate::host::{use_app, use_host, use_now};
use crate::parts::{Button, ButtonKind, Loaded, RowOf, Rows};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Route, Step, Toast, use_view};

/// What helps against a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// Send it again: what stood in the way may be gone.
    Retry,
    /// Change the thing, then send it again.
    Open,
    /// Make a new draft of it: the old one is gone for good.
    KeepAsNew,
    /// It has no ground any more.
    Discard,
}

/// For each code of a refusal, what helps. Its sentences are `reject-<code>` and
/// `remedy-<code>`.
const REMEDIES: [(&str, Remedy); 14] = [
    ("not_allowed", Remedy::Retry),
    ("not_found", Remedy::Discard),
    ("deleted", Remedy::KeepAsNew),
    ("delete_conflict", Remedy::Open),
    ("publish_conflict", Remedy::Open),
    ("too_late", Remedy::Open),
    ("already_exists", Remedy::Discard),
    ("word_taken", Remedy::Open),
    ("already_decided", Remedy::Discard),
    ("conflict", Remedy::Retry),
    ("invalid", Remedy::Open),
    ("unknown", Remedy::Retry),
    ("parked", Remedy::Retry),
    ("proposed", Remedy::Retry),
];

fn remedy(code: &str) -> Remedy {
    let known = REMEDIES.iter().find(|(known, _)| *known == code);
    known.map_or(Remedy::Retry, |(_, remedy)| *remedy)
}

fn code(change: &Change) -> &str {
    match &change.state {
        ChangeState::Rejected { code } if code == "conflict" && change.text.kind == "delete" => {
            "delete_conflict"
        }
        ChangeState::Rejected { code }
            if code == "conflict"
                && matches!(change.text.kind.as_str(), "publish" | "withdraw") =>
        {
            "publish_conflict"
        }
        ChangeState::Rejected { code }
            if code == "already_exists" && change.text.kind == "request-review" =>
        {
            "review_open"
        }
        ChangeState::Rejected { code }
            if code == "already_exists" && change.text.kind == "add-lesson" =>
        {
            "lesson_elsewhere"
        }
        ChangeState::Rejected { code }
            if code == "already_decided" && change.text.kind == "decide-review" =>
        {
            "verdict_late"
        }
        ChangeState::Rejected { code } => code,
        ChangeState::Waiting | ChangeState::UnderWay => "unknown",
    }
}

/// Why it was refused, and what helps.
fn reason(words: &Words, change: &Change) -> (AttrValue, Option<AttrValue>) {
    let name = code(change).replace('_', "-");
    if let Some(taken) = &change.taken {
        let (word, tag) = (taken.word.as_str(), taken.tag.as_str());
        let why = t!(words, "reject-word-taken-by", word = word, tag = tag);
        return (why, Some(words.get("remedy-word-taken")));
    }
    let (why, helps) = (format!("reject-{name}"), format!("remedy-{name}"));
    let why = if words.has(&why) {
        words.get(&why)
    } else {
        t!(words, "reject-unknown")
    };
    (why, words.has(&helps).then(|| words.get(&helps)))
}

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
                "t" | "T" if letters && !is_of_deleted(change) => {
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
    let lid = change.lid;
    let helps = remedy(code(&change));
    let kind = |of: Remedy| {
        if of == helps {
            ButtonKind::Plain
        } else {
            ButtonKind::Quiet
        }
    };
    let (why, more) = reason(&words, &change);
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
                <Button kind={kind(Remedy::Retry)} label={t!(words, "change-retry")} onclick={retry.reform(move |_: MouseEvent| RetryChange { lid })} testid="change-retry" />
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_why_and_what_helps() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for (code, _) in REMEDIES {
                let name = code.replace('_', "-");
                assert!(words.has(&format!("reject-{name}")), "{language} {code}");
                assert!(words.has(&format!("remedy-{name}")), "{language} {code}");
            }
        }
    }

    #[test]
    fn what_cannot_be_mended_is_to_be_discarded() {
        assert_eq!(remedy("not_found"), Remedy::Discard);
        assert_eq!(remedy("deleted"), Remedy::KeepAsNew);
        assert_eq!(remedy("invalid"), Remedy::Open);
        assert_eq!(remedy("of_a_later_version"), Remedy::Retry);
    }
}
