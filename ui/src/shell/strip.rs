//! What must not be forgotten: these are example data, or this can only be read.

use stoa_ipc::{ErrorCode, ProfileKind, Stage};
use yew::prelude::*;

use crate::commands::use_commands;
use crate::failures::{action_key, text_key};
use crate::host::use_app;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;
use crate::view::{Overlay, Step, use_view};

#[component]
pub(crate) fn Strip() -> Html {
    let app = use_app();
    if matches!(app.0.stage, Stage::ReadOnly { .. }) {
        return html! { <ReadOnlyStrip /> };
    }
    if app.kind() == Some(ProfileKind::Demo) {
        return html! { <DemoStrip /> };
    }
    Html::default()
}

#[component]
fn DemoStrip() -> Html {
    let words = use_words();
    let view = use_view();
    let onclick = Callback::from(move |_: MouseEvent| {
        view.dispatch(Step::Show(Overlay::ClearDemo));
    });
    html! {
        <header class="strip" data-testid="demo-strip">
            <span>{ t!(words, "demo-strip") }</span>
            <Button kind={ButtonKind::Quiet} label={t!(words, "clear-demo-ask")} {onclick} testid="clear-demo" />
        </header>
    }
}

#[component]
fn ReadOnlyStrip() -> Html {
    let words = use_words();
    let commands = use_commands();
    let code = ErrorCode::StoreTooNew;
    let onclick = Callback::from(move |_: MouseEvent| {
        commands.run("app.export");
    });
    html! {
        <header class="strip warning" data-testid="read-only-strip">
            <span>{ words.get(&text_key(code)) }</span>
            <Button kind={ButtonKind::Quiet} label={words.get(&action_key(code))} {onclick} />
        </header>
    }
}
