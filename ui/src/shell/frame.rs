//! The window while a profile is open.

use yew::prelude::*;

use super::overlays::Overlays;
use super::sidebar::Sidebar;
use super::status_bar::StatusBar;
use super::strip::Strip;
use crate::drafts::DraftsPage;
use crate::host::use_app;
use crate::settings::SettingsPage;
use crate::sync::SyncPage;
use crate::t;
use crate::tags::TagsPage;
use crate::texts::use_words;
use crate::view::{Route, use_view};

#[component]
pub(crate) fn Frame() -> Html {
    let view = use_view();
    let words = use_words();
    let shown = use_app().preferences().sidebar_shown;
    let class = classes!(
        "frame",
        (!shown).then_some("no-side"),
        view.side_over.then_some("side-over")
    );
    let page = match view.route {
        Route::Content => html! { <DraftsPage key={format!("content-{}", view.n_shown)} /> },
        Route::Bin => html! { <DraftsPage key="bin" is_bin=true /> },
        Route::Tags => html! { <TagsPage /> },
        Route::Sync(tab) => html! { <SyncPage {tab} /> },
        Route::Settings => html! { <SettingsPage /> },
    };
    html! {
        <div {class}>
            <Strip />
            <Sidebar />
            <main class="work" aria-label={t!(words, "pane-main")}>{ page }</main>
            <StatusBar />
            <Overlays />
        </div>
    }
}
