//! How long what goes out to others waits before it is sent.

use stoa_ipc::{HOLD_SECONDS, SetPreferences};
use yew::prelude::*;

use super::page::{Section, Setting};
use crate::actions::use_set_preferences;
use crate::host::use_app;
use crate::parts::{Choice, Choices};
use crate::t;
use crate::texts::{Words, use_words};

#[component]
pub(crate) fn SendingSection() -> Html {
    let words = use_words();
    let chosen = use_app().preferences().hold_seconds;
    let onchoose = use_set_preferences().reform(|seconds| SetPreferences {
        hold_seconds: Some(seconds),
        ..SetPreferences::default()
    });
    html! {
        <Section title={t!(words, "settings-sending")}>
            <Setting name={t!(words, "settings-hold")} more={html! { { t!(words, "settings-hold-more") } }}>
                <Choices<u8> label={t!(words, "settings-hold")} name="hold" choices={choices(&words)} {chosen} {onchoose} />
            </Setting>
        </Section>
    }
}

fn choices(words: &Words) -> Vec<Choice<u8>> {
    let choice = |seconds: u8| Choice {
        value: seconds,
        label: match seconds {
            0 => t!(words, "hold-not"),
            n => t!(words, "hold-seconds", n = n),
        },
        lang: None,
    };
    HOLD_SECONDS.into_iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    #[test]
    fn not_at_all_five_ten_and_thirty_seconds_are_offered_and_ten_is_chosen() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || html! { <SendingSection /> });
            assert_eq!(markup.matches("type=\"radio\"").count(), 4, "{markup}");
            assert_eq!(markup.matches("checked").count(), 1, "{markup}");
            let at = |text: &str| markup.find(text).expect(text);
            assert!(at("5") < at("30"), "{markup}");
        }
    }
}
