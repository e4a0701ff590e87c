//! The sidebar: which community, the search box, the places.

use stoa_ipc::ProfileKind;
use yew::prelude::*;

use super::community::CommunitySwitcher;
use super::splitter::Splitter;
use crate::commands::use_commands;
use crate::drafts::SidebarViews;
use crate::host::{use_app, use_standing};
use crate::parts::{Icon, KeyCaps};
use crate::t;
use crate::texts::use_words;
use crate::view::{Route, use_view};

#[component]
pub(crate) fn Sidebar() -> Html {
    let words = use_words();
    let commands = use_commands();
    let search = Callback::from(move |_: MouseEvent| {
        commands.run("app.palette");
    });
    html! {
        <nav class="side" data-pane="side" aria-label={t!(words, "pane-side")}>
            <CommunitySwitcher />
            <button type="button" class="search-box" data-testid="palette-open" onclick={search}>
                <span>{ t!(words, "palette-open") }</span><KeyCaps command="app.palette" />
            </button>
            <Places />
            <Splitter name="side" label={t!(words, "splitter-side")} smallest=180 largest=320 usual=212 />
        </nav>
    }
}

#[component]
fn Places() -> Html {
    let words = use_words();
    let standing = use_standing();
    let view = use_view();
    let (route, is_kept) = (view.route, view.kept().is_some());
    let has_server = use_app().kind() == Some(ProfileKind::Connected);
    let n_waiting = standing.n_waiting + standing.n_failed;
    html! {
        <>
            <div class="places">
                <Place command="go.content" icon="file-text" label={t!(words, "place-content")} here={matches!(route, Route::Content | Route::Tags) && !is_kept} entrance=true />
                <SidebarViews />
                <Place command="go.bin" icon="trash-2" label={t!(words, "place-bin")} here={route == Route::Bin} />
                if has_server || standing.n_failed > 0 {
                    <Place command="go.sync" icon="refresh-cw" label={t!(words, "place-sync")} here={matches!(route, Route::Sync(_))}
                        badge={n_waiting} alarming={standing.n_failed > 0} />
                }
            </div>
            <div class="foot">
                <Place command="app.settings" icon="settings" label={t!(words, "place-settings")} here={route == Route::Settings} />
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct PlaceProps {
    command: &'static str,
    icon: &'static str,
    label: AttrValue,
    here: bool,
    #[prop_or_default]
    badge: u64,
    #[prop_or_default]
    alarming: bool,
    #[prop_or_default]
    entrance: bool,
}

#[component]
fn Place(props: &PlaceProps) -> Html {
    let commands = use_commands();
    let command = props.command;
    let onclick = Callback::from(move |_: MouseEvent| {
        commands.run(command);
    });
    let testid = format!("place-{}", command.rsplit('.').next().unwrap_or(command));
    html! {
        <button type="button" class="place" aria-current={props.here.then_some("page")} {onclick}
            data-testid={testid} data-entrance={props.here.then_some("")}>
            <Icon name={props.icon} />{ props.label.clone() }
            if props.badge > 0 {
                <span class={classes!("badge", props.alarming.then_some("danger"))}>{ crate::format::grouped(props.badge) }</span>
            }
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn the_place_one_is_at_is_said_and_only_places_that_work_are_there() {
        let markup = drawn("zh-CN", || html! { <Sidebar /> });
        assert_eq!(markup.matches("aria-current=\"page\"").count(), 1);
        assert!(
            markup.contains("知行社") && markup.contains("内容"),
            "{markup}"
        );
        assert!(!markup.contains("收入"), "{markup}");
    }
}
