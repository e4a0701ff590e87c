//! Where the data lie, how they are taken out, and which Stoa this is.

use yew::prelude::*;

use super::archives::Archives;
use super::page::{Section, Setting};
use crate::commands::use_commands;
use crate::host::use_app;
use crate::parts::Button;
use crate::t;
use crate::texts::use_words;

#[component]
pub(crate) fn DataSection() -> Html {
    let words = use_words();
    let app = use_app();
    let commands = use_commands();
    let shows_folder = commands.can_run("help.data_folder");
    let run = |id: &'static str| {
        let commands = commands.clone();
        Callback::from(move |_: MouseEvent| {
            commands.run(id);
        })
    };
    html! {
        <Section title={t!(words, "settings-data")}>
            <Setting name={t!(words, "settings-folder")} more={html! { <span class="path" data-testid="data-path">{ app.0.data_path.clone() }</span> }}>
                if shows_folder { <Button icon="folder" label={t!(words, "show")} onclick={run("help.data_folder")} /> }
            </Setting>
            <Setting name={t!(words, "settings-export")} more={html! { { t!(words, "settings-export-more") } }}>
                <Button icon="download" label={t!(words, "export")} onclick={run("app.export")} testid="export" />
            </Setting>
            <Archives />
        </Section>
    }
}

#[component]
pub(crate) fn AboutSection() -> Html {
    let words = use_words();
    let app = use_app();
    html! {
        <Section title={t!(words, "settings-about")}>
            <Setting name={AttrValue::from(format!("Stoa {}", app.0.version))} more={html! { { t!(words, "settings-licences") } }}>{ Html::default() }</Setting>
        </Section>
    }
}
