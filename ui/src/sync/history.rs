//! What happened between this computer and the server, newest first.

use std::rc::Rc;

use stoa_ipc::{Event, HistoryEntry, ListHistory};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::changes::sentence;
use crate::format::moment;
use crate::host::{use_events, use_host};
use crate::parts::{Loaded, Remote};
use crate::t;
use crate::texts::{Words, use_words};

#[component]
pub(crate) fn History() -> Html {
    let words = use_words();
    let (entries, again) = use_history();
    let is_empty = entries.here().is_some_and(|entries| entries.is_empty());
    let show = {
        let words = words.clone();
        Callback::from(move |entries: Rc<Vec<HistoryEntry>>| {
            html! { <ul class="changes">{ for entries.iter().map(|entry| line(&words, entry)) }</ul> }
        })
    };
    html! {
        <Loaded<Rc<Vec<HistoryEntry>>> value={entries} {show} onretry={again} n_bones=4 {is_empty}
            empty={html! { <div class="empty"><p>{ t!(words, "sync-none-history") }</p></div> }} />
    }
}

#[hook]
fn use_history() -> (Remote<Rc<Vec<HistoryEntry>>>, Callback<()>) {
    let host = use_host();
    let entries = use_state(|| Remote::Coming);
    let again = {
        let entries = entries.clone();
        Callback::from(move |()| {
            let (host, entries) = (host.clone(), entries.clone());
            spawn_local(async move {
                let answer = host.call(ListHistory { limit: 300 }).await;
                entries.set(answer.map(Rc::new).into());
            });
        })
    };
    {
        let again = again.clone();
        use_effect_with((), move |()| again.emit(()));
    }
    {
        let again = again.clone();
        use_events(Callback::from(move |event: Event| {
            if matches!(event, Event::Sync(_)) {
                again.emit(());
            }
        }));
    }
    ((*entries).clone(), again)
}

fn line(words: &Words, entry: &HistoryEntry) -> Html {
    html! {
        <li class="history-entry" data-testid="history-row">
            <time>{ moment(words.tag(), entry.at) }</time>
            <span>{ said(words, entry) }</span>
        </li>
    }
}

/// What happened, in a sentence; with the change's own sentence where it is about one.
fn said(words: &Words, entry: &HistoryEntry) -> AttrValue {
    let key = format!("history-{}", entry.kind.replace('_', "-"));
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
    use super::*;
    use stoa_domain::Timestamp;

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
        ];
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for kind in kinds {
                let entry = HistoryEntry {
                    at: Timestamp::default(),
                    kind: kind.to_owned(),
                    n: 3,
                    text: None,
                };
                assert!(
                    !said(&words, &entry).starts_with("history-"),
                    "{language} {kind}"
                );
            }
        }
    }
}
