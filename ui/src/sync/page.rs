//! The sync centre: the connection in plain words, then three lists.

use stoa_ipc::{Connection, ErrorCode, ProfileKind, SyncStatus};
use yew::prelude::*;

use super::changes::Changes;
use super::history::History;
use crate::commands::use_commands;
use crate::failures::action_key;
use crate::format::{relative, time_of_day};
use crate::host::{use_app, use_now, use_standing};
use crate::parts::{Button, ButtonKind};
use crate::shell::{ConnectionDot, connection_label, connection_name};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Route, Step, SyncTab, use_view};

#[derive(Properties, PartialEq)]
pub(crate) struct SyncPageProps {
    pub(crate) tab: SyncTab,
}

#[component]
pub(crate) fn SyncPage(props: &SyncPageProps) -> Html {
    let words = use_words();
    let list = match props.tab {
        SyncTab::Waiting => html! { <Changes key="waiting" failed=false /> },
        SyncTab::Failed => html! { <Changes key="failed" failed=true /> },
        SyncTab::History => html! { <History /> },
    };
    html! {
        <section class="page" data-pane="list" tabindex="-1" aria-label={t!(words, "place-sync")}>
            <div class="column">
                <header>
                    <h1>{ t!(words, "place-sync") }</h1>
                    <p class="line">{ t!(words, "sync-lead") }</p>
                </header>
                <NowCard />
                <div>
                    <Tabs tab={props.tab} />
                    <div role="tabpanel" id="sync-panel" aria-labelledby={tab_id(props.tab)}>{ list }</div>
                </div>
            </div>
        </section>
    }
}

/// How things stand, why, and the one thing to do about it.
#[component]
fn NowCard() -> Html {
    let words = use_words();
    let standing = use_standing();
    let connected = use_app().kind() == Some(ProfileKind::Connected);
    let explained = words.get(&format!(
        "connection-{}-more",
        connection_name(standing.connection)
    ));
    html! {
        <div class="sync-now" data-testid="sync-now-card">
            <ConnectionDot connection={standing.connection} />
            <div>
                <h2>{ connection_label(&words, &standing) }</h2>
                <p>{ explained }{ " " }<NextTry standing={standing.clone()} /></p>
            </div>
            <div class="buttons"><Remedy connection={standing.connection} {connected} /></div>
            if standing.connection == Connection::Syncing && standing.n_total > 0 {
                <progress max={standing.n_total.to_string()} value={standing.n_done.to_string()} aria-label={t!(words, "connection-syncing")}></progress>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct NextTryProps {
    standing: SyncStatus,
}

#[component]
fn NextTry(props: &NextTryProps) -> Html {
    let words = use_words();
    let now = use_now();
    if let Some(at) = props.standing.next_try_at {
        return html! { { t!(words, "next-try", when = time_of_day(words.tag(), at)) } };
    }
    match props.standing.last_synced_at {
        Some(at) => html! { { t!(words, "last-sync", when = relative(words.tag(), now, at)) } },
        None => Html::default(),
    }
}

#[derive(Properties, PartialEq)]
struct RemedyProps {
    connection: Connection,
    connected: bool,
}

#[component]
fn Remedy(props: &RemedyProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let run = |id: &'static str| {
        let commands = commands.clone();
        Callback::from(move |_: MouseEvent| {
            commands.run(id);
        })
    };
    let paused = props.connection == Connection::Paused;
    let (pause_icon, pause_label) = if paused {
        ("play", t!(words, "sync-resume"))
    } else {
        ("pause", t!(words, "sync-pause"))
    };
    match props.connection {
        Connection::LocalOnly => {
            html! { <Button label={t!(words, "connect-title")} onclick={run("account.connect")} testid="connect" /> }
        }
        Connection::Demo => Html::default(),
        Connection::WaitingForSignIn => html! {
            <Button kind={ButtonKind::Main} label={words.get(&action_key(ErrorCode::SignInAgain))} onclick={run("account.connect")} testid="sign-in-again" />
        },
        // The device can come back under a new name only by signing in; first the work is put safe.
        Connection::Revoked => html! {
            <>
                <Button label={t!(words, "export")} onclick={run("app.export")} testid="export-work" />
                <Button kind={ButtonKind::Main} label={words.get(&action_key(ErrorCode::SignInAgain))} onclick={run("account.connect")} testid="sign-in-again" />
            </>
        },
        Connection::ServerChanged => html! {
            <Button label={words.get(&action_key(ErrorCode::ServerChanged))} onclick={run("account.connect")} testid="connect-again" />
        },
        _ => html! {
            <>
                <Button kind={ButtonKind::Quiet} icon={Some(pause_icon)} label={pause_label} onclick={run("sync.pause")} testid="sync-pause" />
                if !paused && props.connected {
                    <Button icon="refresh-cw" label={t!(words, "sync-now")} onclick={run("sync.now")} testid="sync-now" />
                }
            </>
        },
    }
}

#[derive(Properties, PartialEq)]
struct TabsProps {
    tab: SyncTab,
}

const TABS: [SyncTab; 3] = [SyncTab::Waiting, SyncTab::Failed, SyncTab::History];

#[component]
fn Tabs(props: &TabsProps) -> Html {
    let words = use_words();
    let standing = use_standing();
    let view = use_view();
    let here = TABS.iter().position(|tab| *tab == props.tab).unwrap_or(0);
    let go = Callback::from(move |tab: SyncTab| view.dispatch(Step::Go(Route::Sync(tab))));
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => (here + 1) % TABS.len(),
                "ArrowLeft" => (here + TABS.len() - 1) % TABS.len(),
                _ => return,
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
            SyncTab::Failed => standing.n_failed,
            SyncTab::History => 0,
        };
        html! {
            <button type="button" role="tab" class="tab" id={tab_id(tab)} aria-selected={chosen.to_string()} aria-controls="sync-panel"
                tabindex={if chosen { "0" } else { "-1" }} onclick={go.reform(move |_: MouseEvent| tab)} data-testid={tab_id(tab)}>
                { tab_label(&words, tab) }
                if count > 0 { <span class="count">{ count }</span> }
            </button>
        }
    };
    html! { <div class="tabs" role="tablist" aria-label={t!(words, "place-sync")} {onkeydown}>{ for TABS.into_iter().map(tab) }</div> }
}

fn tab_id(tab: SyncTab) -> &'static str {
    match tab {
        SyncTab::Waiting => "sync-tab-waiting",
        SyncTab::Failed => "sync-tab-failed",
        SyncTab::History => "sync-tab-history",
    }
}

fn tab_label(words: &Words, tab: SyncTab) -> AttrValue {
    match tab {
        SyncTab::Waiting => t!(words, "sync-waiting"),
        SyncTab::Failed => t!(words, "sync-failed"),
        SyncTab::History => t!(words, "sync-history"),
    }
}

fn focus_tab(tab: SyncTab) {
    use wasm_bindgen::JsCast;
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
    use crate::testing::{drawn_with, profile, state, status};
    use stoa_ipc::{AppState, Stage};

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
