//! The tabs of the sync centre, with how much is behind each.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use crate::host::use_standing;
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Route, Step, SyncTab, use_view};

const TABS: [SyncTab; 5] = [
    SyncTab::Waiting,
    SyncTab::Conflicts,
    SyncTab::Failed,
    SyncTab::History,
    SyncTab::Storage,
];

#[derive(Properties, PartialEq)]
pub(crate) struct TabsProps {
    pub(crate) tab: SyncTab,
}

#[component]
pub(crate) fn Tabs(props: &TabsProps) -> Html {
    let words = use_words();
    let standing = use_standing();
    let view = use_view();
    let here = TABS.iter().position(|tab| *tab == props.tab).unwrap_or(0);
    let go = Callback::from(move |tab: SyncTab| view.dispatch(Step::Go(Route::Sync(tab))));
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(next) = next(&event.key(), here) else {
                return;
            };
            event.prevent_default();
            go.emit(TABS[next]);
            focus_tab(TABS[next]);
        })
    };
    let tab = |tab: SyncTab| {
        let chosen = tab == props.tab;
        let count = match tab {
            SyncTab::Waiting => standing.n_waiting,
            SyncTab::Conflicts => standing.n_conflicts,
            SyncTab::Failed => standing.n_failed,
            SyncTab::History | SyncTab::Storage => 0,
        };
        html! {
            <button type="button" role="tab" class="tab" id={tab_id(tab)} aria-selected={chosen.to_string()} aria-controls={chosen.then_some("sync-panel")}
                tabindex={if chosen { "0" } else { "-1" }} onclick={go.reform(move |_: MouseEvent| tab)} data-testid={tab_id(tab)}>
                { label(&words, tab) }
                if count > 0 { <span class="count">{ count }</span> }
            </button>
        }
    };
    let counts = t!(
        words,
        "sync-counts",
        waiting = standing.n_waiting,
        conflicts = standing.n_conflicts,
        failed = standing.n_failed
    );
    html! {
        <>
            <div class="tabs" role="tablist" aria-label={t!(words, "place-sync")} {onkeydown}>{ for TABS.into_iter().map(tab) }</div>
            <p class="unseen" role="status">{ counts }</p>
        </>
    }
}

fn next(key: &str, here: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((here + 1) % TABS.len()),
        "ArrowLeft" => Some((here + TABS.len() - 1) % TABS.len()),
        "Home" => Some(0),
        "End" => Some(TABS.len() - 1),
        _ => None,
    }
}

pub(super) fn tab_id(tab: SyncTab) -> &'static str {
    match tab {
        SyncTab::Waiting => "sync-tab-waiting",
        SyncTab::Conflicts => "sync-tab-conflicts",
        SyncTab::Failed => "sync-tab-failed",
        SyncTab::History => "sync-tab-history",
        SyncTab::Storage => "sync-tab-storage",
    }
}

fn label(words: &Words, tab: SyncTab) -> AttrValue {
    match tab {
        SyncTab::Waiting => t!(words, "sync-waiting"),
        SyncTab::Conflicts => t!(words, "sync-conflicts"),
        SyncTab::Failed => t!(words, "sync-failed"),
        SyncTab::History => t!(words, "sync-history"),
        SyncTab::Storage => t!(words, "sync-storage"),
    }
}

fn focus_tab(tab: SyncTab) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.get_element_by_id(tab_id(tab)));
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = element.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_and_home_and_end_to_the_ends() {
        let cases = [
            ("ArrowRight", 4, Some(0)),
            ("ArrowLeft", 0, Some(4)),
            ("Home", 3, Some(0)),
            ("End", 0, Some(4)),
            ("a", 0, None),
        ];
        for (key, here, expected) in cases {
            assert_eq!(next(key, here), expected, "{key}");
        }
    }
}
