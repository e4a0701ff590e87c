//! The page of settings, in the order they are asked for.

use yew::prelude::*;

use super::account::AccountSection;
use super::data::{AboutSection, DataSection};
use super::hold::SendingSection;
use super::looks::{KeyboardSection, LooksSection};
use super::security::SecuritySection;
use crate::t;
use crate::texts::use_words;

#[component]
pub(crate) fn SettingsPage() -> Html {
    let words = use_words();
    html! {
        <section class="page" data-pane="list" tabindex="-1" aria-label={t!(words, "place-settings")} data-testid="settings">
            <div class="column">
                <header><h1>{ t!(words, "place-settings") }</h1></header>
                <LooksSection />
                <KeyboardSection />
                <SendingSection />
                <AccountSection />
                <SecuritySection />
                <DataSection />
                <AboutSection />
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SectionProps {
    pub(crate) title: AttrValue,
    pub(crate) children: Html,
}

#[component]
pub(crate) fn Section(props: &SectionProps) -> Html {
    html! { <section class="section" aria-label={props.title.clone()}><h2>{ props.title.clone() }</h2>{ props.children.clone() }</section> }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SettingProps {
    pub(crate) name: AttrValue,
    #[prop_or_default]
    pub(crate) more: Html,
    pub(crate) children: Html,
}

/// One setting: what it is on one side, its control on the other.
#[component]
pub(crate) fn Setting(props: &SettingProps) -> Html {
    html! {
        <div class="setting">
            <div class="what"><strong>{ props.name.clone() }</strong><span>{ props.more.clone() }</span></div>
            <div class="buttons">{ props.children.clone() }</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn every_control_of_the_settings_has_a_name() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || html! { <SettingsPage /> });
            for input in markup.split("<input").skip(1) {
                let tag = input.split('>').next().unwrap();
                let named = tag.contains("aria-label=") || tag.contains("type=\"radio\"");
                assert!(named, "{language}: {tag}");
            }
            assert!(!markup.contains("aria-label=\"\""), "{markup}");
        }
    }
}
