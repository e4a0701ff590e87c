//! The quiet page that every screen before the work stands on.

use stoa_ipc::{Language, SetPreferences};
use yew::prelude::*;

use crate::actions::use_set_preferences;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct StagePageProps {
    pub(crate) title: AttrValue,
    #[prop_or_default]
    pub(crate) lead: Option<AttrValue>,
    pub(crate) children: Html,
    #[prop_or_default]
    pub(crate) testid: Option<&'static str>,
    #[prop_or_default]
    pub(crate) onback: Option<Callback<()>>,
}

#[component]
pub(crate) fn StagePage(props: &StagePageProps) -> Html {
    let words = use_words();
    html! {
        <main class="stage" data-testid={props.testid}>
            <div class="stage-body">
                <header>
                    <h1>{ props.title.clone() }</h1>
                    if let Some(lead) = props.lead.clone() { <p class="lead">{ lead }</p> }
                </header>
                { props.children.clone() }
                if let Some(onback) = props.onback.clone() {
                    <div class="buttons">
                        <Button kind={ButtonKind::Quiet} icon="arrow-left" label={t!(words, "back")} onclick={onback.reform(|_| ())} testid="first-run-back" />
                    </div>
                }
            </div>
            <footer class="stage-foot"><span class="wordmark">{ "Stoa" }</span><OtherLanguage /></footer>
        </main>
    }
}

#[component]
fn OtherLanguage() -> Html {
    let words = use_words();
    let other = if words.tag() == "en" {
        Language::Chinese
    } else {
        Language::English
    };
    let set = use_set_preferences();
    let onclick = set.reform(move |_: MouseEvent| SetPreferences {
        language: Some(other),
        ..SetPreferences::default()
    });
    html! { <Button kind={ButtonKind::Quiet} icon="languages" label={t!(words, "other-language")} {onclick} testid="language" /> }
}
