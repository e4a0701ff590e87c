//! The tabs of the sync centre, with how much is behind each.

use yew::prelude::*;

use crate::host::use_standing;
use crate::parts::{Tab, Tabs};
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
pub(crate) struct SyncTabsProps {
    pub(crate) tab: SyncTab,
}

#[component]
pub(crate) fn SyncTabs(props: &SyncTabsProps) -> Html {
    let words = use_words();
    let standing = use_standing();
    let view = use_view();
    let chosen = TABS.iter().position(|tab| *tab == props.tab).unwrap_or(0);
    let onchoose = Callback::from(move |index: usize| {
        view.dispatch(Step::Go(Route::Sync(TABS[index])));
    });
    let tab = |tab: SyncTab| Tab {
        id: tab_id(tab),
        label: label(&words, tab),
        count: match tab {
            SyncTab::Waiting => standing.n_waiting,
            SyncTab::Conflicts => standing.n_conflicts,
            SyncTab::Failed => standing.n_failed,
            SyncTab::History | SyncTab::Storage => 0,
        },
    };
    let counts = t!(
        words,
        "sync-counts",
        waiting = standing.n_waiting,
        conflicts = standing.n_conflicts,
        failed = standing.n_failed
    );
    let tabs: Vec<Tab> = TABS.into_iter().map(tab).collect();
    html! {
        <>
            <Tabs label={t!(words, "place-sync")} {tabs} {chosen} panel="sync-panel" {onchoose} />
            <p class="unseen" role="status">{ counts }</p>
        </>
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
