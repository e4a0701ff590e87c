//! The status bar: the whole workspace on the left, the rest on the right.

use stoa_ipc::{Connection, SyncStatus};
use yew::prelude::*;

use super::connection::{ConnectionDot, name, tab};
use crate::commands::use_commands;
use crate::format::{relative, time_of_day};
use crate::host::{use_now, use_standing};
use crate::parts::Icon;
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Route, Step, SyncTab, use_view};

#[component]
pub(crate) fn StatusBar() -> Html {
    let words = use_words();
    let commands = use_commands();
    let view = use_view();
    let menu = Callback::from(move |_: MouseEvent| view.dispatch(Step::ToggleSide));
    let language = Callback::from(move |_: MouseEvent| {
        commands.run("view.language");
    });
    html! {
        <footer class="status" data-pane="status" aria-label={t!(words, "pane-status")}>
            <button type="button" class="narrow-only" onclick={menu} aria-label={t!(words, "place-menu")}
                data-testid="menu"><Icon name="panel-left" /></button>
            <ConnectionItem />
            <CountItems />
            <span class="gap"></span>
            <LastSync />
            <button type="button" onclick={language} data-testid="language" lang={other_tag(&words)}>
                <Icon name="languages" />{ t!(words, "other-language") }
            </button>
        </footer>
    }
}

fn other_tag(words: &Words) -> &'static str {
    if words.tag() == "en" { "zh-CN" } else { "en" }
}

#[component]
fn ConnectionItem() -> Html {
    let words = use_words();
    let standing = use_standing();
    let view = use_view();
    let there = Route::Sync(tab(standing.connection));
    let onclick = Callback::from(move |_: MouseEvent| view.dispatch(Step::Go(there)));
    html! {
        <button type="button" {onclick} data-testid="connection" data-connection={name(standing.connection)}>
            <ConnectionDot connection={standing.connection} />
            <span role="status" aria-live="polite">{ label(&words, &standing) }</span>
        </button>
    }
}

/// The state in a few words; while syncing with how far it is.
pub(crate) fn label(words: &Words, standing: &SyncStatus) -> AttrValue {
    if standing.connection == Connection::Syncing && standing.n_total > 0 {
        return t!(
            words,
            "connection-syncing-of",
            done = standing.n_done,
            total = standing.n_total
        );
    }
    words.get(&format!("connection-{}", name(standing.connection)))
}

#[component]
fn CountItems() -> Html {
    let words = use_words();
    let standing = use_standing();
    let view = use_view();
    // Where nothing is ever sent, nothing waits.
    let sends = !matches!(
        standing.connection,
        Connection::Demo | Connection::LocalOnly
    );
    let go = |tab: SyncTab| {
        let view = view.clone();
        Callback::from(move |_: MouseEvent| view.dispatch(Step::Go(Route::Sync(tab))))
    };
    html! {
        <>
            if sends && standing.n_waiting > 0 {
                <button type="button" onclick={go(SyncTab::Waiting)} data-testid="n-waiting">
                    { t!(words, "n-waiting", n = standing.n_waiting) }
                </button>
            }
            if standing.n_conflicts > 0 {
                <button type="button" class="conflicts" onclick={go(SyncTab::Conflicts)} data-testid="n-conflicts">
                    <Icon name="git-compare-arrows" />{ t!(words, "n-conflicts", n = standing.n_conflicts) }
                </button>
            }
            if standing.n_failed > 0 {
                <button type="button" class="failed" onclick={go(SyncTab::Failed)} data-testid="n-failed">
                    <Icon name="circle-alert" />{ t!(words, "n-failed", n = standing.n_failed) }
                </button>
            }
        </>
    }
}

#[component]
fn LastSync() -> Html {
    let words = use_words();
    let now = use_now();
    let Some(at) = use_standing().last_synced_at else {
        return Html::default();
    };
    let is_today = now.millis_since(at) < 12 * 3_600_000;
    let when = if is_today {
        time_of_day(words.tag(), at)
    } else {
        relative(words.tag(), now, at)
    };
    html! { <span class="item later num" data-testid="last-sync">{ t!(words, "last-sync", when = when) }</span> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn, status};

    #[test]
    fn progress_is_said_only_while_it_is_known() {
        let words = Words::new("en");
        let mut standing = status(Connection::Syncing);
        assert_eq!(label(&words, &standing), t!(words, "connection-syncing"));
        (standing.n_done, standing.n_total) = (3, 14);
        let said = label(&words, &standing);
        assert!(said.contains('3') && said.contains("14"), "{said}");
    }

    #[test]
    fn counts_of_nothing_are_not_shown() {
        let markup = drawn("en", || html! { <StatusBar /> });
        assert!(markup.contains("data-connection=\"synced\""), "{markup}");
        assert!(
            !markup.contains("n-waiting") && !markup.contains("n-failed"),
            "{markup}"
        );
        assert!(markup.contains("简体中文"), "{markup}");
    }
}
