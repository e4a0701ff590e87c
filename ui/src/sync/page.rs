//! The sync centre: how things stand, then five tabs.

use yew::prelude::*;

use super::conflicts::Conflicts;
use super::failed::Failed;
use super::history::History;
use super::now::NowCard;
use super::proposals::Proposals;
use super::storage::StorageTab;
use super::tabs::{SyncTabs, tab_id};
use super::waiting::Waiting;
use crate::t;
use crate::texts::use_words;
use crate::view::SyncTab;

#[derive(Properties, PartialEq)]
pub(crate) struct SyncPageProps {
    pub(crate) tab: SyncTab,
}

#[component]
pub(crate) fn SyncPage(props: &SyncPageProps) -> Html {
    let words = use_words();
    let list = match props.tab {
        SyncTab::Waiting => html! { <Waiting /> },
        SyncTab::Conflicts => html! { <Conflicts /> },
        SyncTab::Failed => html! { <Failed /> },
        SyncTab::History => html! { <History /> },
        SyncTab::Storage => html! { <StorageTab /> },
    };
    html! {
        <section class="page" data-pane="list" tabindex="-1" aria-label={t!(words, "place-sync")}>
            <div class="column wide">
                <header>
                    <h1>{ t!(words, "place-sync") }</h1>
                    <p class="line">{ t!(words, "sync-lead") }</p>
                </header>
                <NowCard />
                <Proposals />
                <div>
                    <SyncTabs tab={props.tab} />
                    <div role="tabpanel" id="sync-panel" aria-labelledby={tab_id(props.tab)}>{ list }</div>
                </div>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn_with, profile, state, status};
    use stoa_ipc::{AppState, Connection, Stage};

    fn at(connection: Connection) -> AppState {
        AppState {
            sync: status(connection),
            ..state(Stage::Open { profile: profile() })
        }
    }

    #[test]
    fn each_state_offers_the_one_thing_that_helps() {
        let page = || html! { <SyncPage tab={SyncTab::Waiting} /> };
        let offline = drawn_with("en", at(Connection::Offline), page);
        assert!(offline.contains("data-testid=\"sync-now\""), "{offline}");
        let signed_out = drawn_with("en", at(Connection::WaitingForSignIn), page);
        assert!(
            signed_out.contains("sign-in-again")
                && !signed_out.contains("data-testid=\"sync-now\""),
            "{signed_out}"
        );
        let paused = drawn_with("zh-CN", at(Connection::Paused), page);
        assert!(paused.contains("继续同步"), "{paused}");
    }

    #[test]
    fn exactly_one_tab_is_chosen_and_can_be_reached_by_tab() {
        let markup = drawn_with(
            "en",
            at(Connection::Synced),
            || html! { <SyncPage tab={SyncTab::History} /> },
        );
        assert_eq!(markup.matches("aria-selected=\"true\"").count(), 1);
        assert!(
            markup.contains("aria-labelledby=\"sync-tab-history\""),
            "{markup}"
        );
    }
}
