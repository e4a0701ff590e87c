//! Language, theme, density, zoom, keys.

use stoa_ipc::{Density, Language, SetPreferences, Theme};
use yew::prelude::*;

use super::page::{Section, Setting};
use crate::actions::use_set_preferences;
use crate::commands::use_commands;
use crate::host::use_app;
use crate::parts::{Button, Choice, Choices, Switch};
use crate::t;
use crate::texts::{Words, use_words};

#[component]
pub(crate) fn LooksSection() -> Html {
    let words = use_words();
    let now = use_app().preferences().clone();
    let set = use_set_preferences();
    let language = if words.tag() == "en" {
        Language::English
    } else {
        Language::Chinese
    };
    let by_language = set.reform(|language| SetPreferences {
        language: Some(language),
        ..SetPreferences::default()
    });
    let by_theme = set.reform(|theme| SetPreferences {
        theme: Some(theme),
        ..SetPreferences::default()
    });
    let by_density = set.reform(|density| SetPreferences {
        density: Some(density),
        ..SetPreferences::default()
    });
    html! {
        <Section title={t!(words, "settings-looks")}>
            <Setting name={t!(words, "settings-language")}>
                <Choices<Language> label={t!(words, "settings-language")} name="language" choices={languages()} chosen={language} onchoose={by_language} />
            </Setting>
            <Setting name={t!(words, "settings-theme")}>
                <Choices<Theme> label={t!(words, "settings-theme")} name="theme" choices={themes(&words)} chosen={now.theme} onchoose={by_theme} />
            </Setting>
            <Setting name={t!(words, "settings-density")} more={html! { { t!(words, "settings-density-more") } }}>
                <Choices<Density> label={t!(words, "settings-density")} name="density" choices={densities(&words)} chosen={now.density} onchoose={by_density} />
            </Setting>
            <Setting name={t!(words, "settings-zoom")}><ZoomButtons zoom={now.zoom} /></Setting>
        </Section>
    }
}

/// Each language in its own words, or nobody finds back.
pub(crate) fn languages() -> Vec<Choice<Language>> {
    let choice = |value: Language, label: &'static str| Choice {
        value,
        label: label.into(),
        lang: Some(value.tag()),
    };
    vec![
        choice(Language::Chinese, "简体中文"),
        choice(Language::English, "English"),
    ]
}

fn themes(words: &Words) -> Vec<Choice<Theme>> {
    let choice = |value, label| Choice {
        value,
        label,
        lang: None,
    };
    vec![
        choice(Theme::System, t!(words, "theme-system")),
        choice(Theme::Light, t!(words, "theme-light")),
        choice(Theme::Dark, t!(words, "theme-dark")),
        choice(Theme::Contrast, t!(words, "theme-contrast")),
    ]
}

fn densities(words: &Words) -> Vec<Choice<Density>> {
    let choice = |value, label| Choice {
        value,
        label,
        lang: None,
    };
    vec![
        choice(Density::Compact, t!(words, "density-compact")),
        choice(Density::Regular, t!(words, "density-regular")),
        choice(Density::Comfortable, t!(words, "density-comfortable")),
    ]
}

#[derive(Properties, PartialEq)]
struct ZoomButtonsProps {
    zoom: u16,
}

#[component]
fn ZoomButtons(props: &ZoomButtonsProps) -> Html {
    let words = use_words();
    let commands = use_commands();
    let run = |id: &'static str| {
        let commands = commands.clone();
        Callback::from(move |_: MouseEvent| {
            commands.run(id);
        })
    };
    html! {
        <>
            <Button icon="minus" icon_only=true label={t!(words, "zoom-out")} onclick={run("view.zoom_out")} />
            <Button label={format!("{} %", props.zoom)} onclick={run("view.zoom_reset")} testid="zoom" />
            <Button icon="plus" icon_only=true label={t!(words, "zoom-in")} onclick={run("view.zoom_in")} />
        </>
    }
}

#[component]
pub(crate) fn KeyboardSection() -> Html {
    let words = use_words();
    let commands = use_commands();
    let on = use_app().preferences().letter_keys;
    let onchange = use_set_preferences().reform(|on| SetPreferences {
        letter_keys: Some(on),
        ..SetPreferences::default()
    });
    let show = Callback::from(move |_: MouseEvent| {
        commands.run("help.shortcuts");
    });
    html! {
        <Section title={t!(words, "settings-keyboard")}>
            <Setting name={t!(words, "settings-letters")} more={html! { { t!(words, "settings-letters-more") } }}>
                <Switch label={t!(words, "settings-letters")} {on} {onchange} testid="letter-keys" />
            </Setting>
            <Setting name={t!(words, "settings-all-keys")}>
                <Button icon="keyboard" label={t!(words, "show")} command="help.shortcuts" onclick={show} />
            </Setting>
        </Section>
    }
}
