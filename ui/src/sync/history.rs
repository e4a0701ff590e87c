//! What happened between this computer and the server, newest first.

use std::rc::Rc;

use stoa_ipc::{ExportHistory, HistoryEntry, HistoryStep, ListHistory};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sentence::{sentence, use_listed};
use crate::format::moment;
use crate::host::use_host;
use crate::parts::{Button, ButtonKind, Choice, Choices, Loaded};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::undo::{phrase, use_turn_of, why_not};
use crate::view::{Step, Toast, use_view};

/// Which lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    Done,
    Sent,
    Received,
    Decided,
    Troubles,
}

impl Shown {
    fn holds(self, kind: &str) -> bool {
        match self {
            Self::All => true,
            Self::Done => matches!(kind, "done" | "undone"),
            Self::Sent => matches!(kind, "pushed" | "retried" | "restored"),
            Self::Received => matches!(kind, "pulled" | "merged"),
            Self::Decided => matches!(kind, "conflict" | "resolved" | "discarded"),
            Self::Troubles => matches!(kind, "rejected" | "set_aside" | "offline" | "online"),
        }
    }
}

#[component]
pub(super) fn History() -> Html {
    let words = use_words();
    let shown = use_state(|| Shown::All);
    let (entries, again) = use_listed(ListHistory { limit: 1_000 });
    let is_empty = entries.here().is_some_and(|entries| entries.is_empty());
    let show = {
        let (words, shown) = (words.clone(), shown.clone());
        Callback::from(move |entries: Rc<Vec<HistoryEntry>>| lines(&words, &entries, *shown))
    };
    let onchoose = {
        let shown = shown.clone();
        Callback::from(move |choice| shown.set(choice))
    };
    let choice = |value: Shown, label: AttrValue| Choice {
        value,
        label,
        lang: None,
    };
    let choices = vec![
        choice(Shown::All, t!(words, "history-all")),
        choice(Shown::Done, t!(words, "history-mine")),
        choice(Shown::Sent, t!(words, "history-sent")),
        choice(Shown::Received, t!(words, "history-received")),
        choice(Shown::Decided, t!(words, "history-decided")),
        choice(Shown::Troubles, t!(words, "history-troubles")),
    ];
    html! {
        <>
            <div class="history-tools">
                <Choices<Shown> label={t!(words, "history-show")} name="history" {choices} chosen={*shown} {onchoose} />
                <ExportButton />
            </div>
            <Loaded<Rc<Vec<HistoryEntry>>> value={entries} {show} onretry={again} n_bones=4 {is_empty}
                empty={html! { <div class="empty"><p>{ t!(words, "sync-none-history") }</p></div> }} />
        </>
    }
}

fn lines(words: &Words, entries: &[HistoryEntry], shown: Shown) -> Html {
    let chosen: Vec<&HistoryEntry> = entries.iter().filter(|e| shown.holds(&e.kind)).collect();
    if chosen.is_empty() {
        return html! { <div class="empty"><p>{ t!(words, "history-none-such") }</p></div> };
    }
    html! {
        <>
            <p class="unseen" role="status">{ t!(words, "history-count", n = chosen.len()) }</p>
            <ul class="changes">{ for chosen.into_iter().map(line) }</ul>
        </>
    }
}

/// Writes the report for support.
#[component]
fn ExportButton() -> Html {
    let words = use_words();
    let (host, tell, view) = (use_host(), use_tell(), use_view());
    let onclick = {
        let words = words.clone();
        Callback::from(move |_: MouseEvent| {
            let (host, tell, view, words) =
                (host.clone(), tell.clone(), view.clone(), words.clone());
            spawn_local(async move {
                match host.call(ExportHistory { folder: None }).await {
                    Ok(file) => view.dispatch(Step::Say(Toast::said(t!(
                        words,
                        "history-exported",
                        path = file.path.as_str()
                    )))),
                    Err(failure) => tell.emit(failure),
                }
            });
        })
    };
    html! { <Button kind={ButtonKind::Quiet} icon="download" label={t!(words, "history-export")} {onclick} testid="history-export" /> }
}

fn line(entry: &HistoryEntry) -> Html {
    html! { <Line entry={entry.clone()} /> }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    entry: HistoryEntry,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let words = use_words();
    let entry = &props.entry;
    html! {
        <li class="history-entry" data-testid="history-row">
            <time>{ moment(words.tag(), entry.at) }</time>
            <span>{ said(&words, entry) }</span>
            if let Some(step) = &entry.step { <TakeBack step={step.clone()} /> }
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct TakeBackProps {
    step: HistoryStep,
}

/// Takes a step back, whatever was done since; or says why that cannot be.
#[component]
fn TakeBack(props: &TakeBackProps) -> Html {
    let words = use_words();
    let turn = use_turn_of();
    let n = props.step.n;
    html! {
        <span class="take-back">
            if let Some(why) = props.step.stays {
                <span class="quiet" data-testid="history-stays">{ why_not(&words, why) }</span>
            }
            <Button kind={ButtonKind::Quiet} icon="undo-2" label={t!(words, "undo")} disabled={props.step.stays.is_some()}
                onclick={turn.reform(move |_: MouseEvent| n)} testid="history-undo" />
        </span>
    }
}

/// What happened, in a sentence; with the change's own sentence where it is about one.
fn said(words: &Words, entry: &HistoryEntry) -> AttrValue {
    let key = format!("history-{}", entry.kind.replace('_', "-"));
    if let Some(step) = &entry.step {
        return phrase(words, &step.text);
    }
    let happened = words.with(&key, &[("n", entry.n.into())]);
    match &entry.text {
        None => happened,
        Some(text) => t!(
            words,
            "history-about",
            what = happened.as_str(),
            change = sentence(words, text).as_str()
        ),
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::Timestamp;
    use stoa_ipc::{PassedOver, StepText};

    use super::*;
    use crate::testing::drawn;

    #[test]
    fn everything_that_can_happen_has_its_words() {
        let kinds = [
            "pushed",
            "pulled",
            "rejected",
            "discarded",
            "retried",
            "offline",
            "online",
            "signed_in",
            "signed_out",
            "merged",
            "restored",
            "set_aside",
            "conflict",
            "resolved",
            "undone",
            "put_back",
        ];
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for kind in kinds {
                let entry = HistoryEntry {
                    at: Timestamp::default(),
                    kind: kind.to_owned(),
                    n: 3,
                    text: None,
                    step: None,
                };
                assert!(
                    !said(&words, &entry).starts_with("history-"),
                    "{language} {kind}"
                );
            }
        }
    }

    fn done(stays: Option<PassedOver>) -> Html {
        let text = StepText {
            kind: "publish".to_owned(),
            title: "会员定价".to_owned(),
            n_of: 1,
        };
        let entry = HistoryEntry {
            at: Timestamp::default(),
            kind: "done".to_owned(),
            n: 1,
            text: None,
            step: Some(HistoryStep { n: 4, text, stays }),
        };
        html! { <Line {entry} /> }
    }

    #[test]
    fn what_was_done_can_be_taken_back_from_its_line() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || done(None));
            assert!(markup.contains("会员定价"), "{markup}");
            assert!(markup.contains("history-undo"), "{markup}");
            assert!(!markup.contains("disabled"), "{markup}");
        }
    }

    #[test]
    fn what_cannot_be_taken_back_says_why_in_words() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || done(Some(PassedOver::Final)));
            let words = Words::new(language);
            let why = why_not(&words, PassedOver::Final);
            assert!(markup.contains(why.as_str()), "{markup}");
            assert!(markup.contains("disabled"), "{markup}");
            for why in PassedOver::ALL {
                assert!(!why_not(&words, why).contains("stays-"), "{language}");
            }
        }
    }
}
