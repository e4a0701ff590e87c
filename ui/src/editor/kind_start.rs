//! What an image set, a sound or a film begins with, while its text has none.

use stoa_domain::Kind;
use yew::prelude::*;

use crate::parts::{Button, Icon};
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(super) struct KindStartProps {
    pub(super) kind: Kind,
    /// What stands in the text; unknown in its source.
    pub(super) media: Option<Vec<String>>,
    /// Asks for files, as the menu of blocks does.
    pub(super) onask: Callback<String>,
}

#[component]
pub(super) fn KindStart(props: &KindStartProps) -> Html {
    let words = use_words();
    let Some(Wanted { media, ask, icon }) = Wanted::of(props.kind) else {
        return Html::default();
    };
    let is_there = |there: &Vec<String>| there.iter().any(|one| one == media);
    if props.media.as_ref().is_none_or(is_there) {
        return Html::default();
    }
    let onclick = props.onask.reform(move |_: MouseEvent| ask.to_owned());
    html! {
        <div class="kind-start" data-testid="kind-start">
            <Icon name={icon} />
            <p>{ words.get(&format!("kind-start-{media}")) }</p>
            <Button label={words.get(&format!("kind-choose-{media}"))} {onclick} testid="kind-choose" />
        </div>
    }
}

/// What a kind is made of.
struct Wanted {
    /// As the editor calls it.
    media: &'static str,
    /// What the menu of blocks calls it.
    ask: &'static str,
    icon: &'static str,
}

impl Wanted {
    fn of(kind: Kind) -> Option<Self> {
        let (media, ask, icon) = match kind {
            Kind::Images => ("image", "image", "images"),
            Kind::Audio => ("audio", "media", "audio-lines"),
            Kind::Video => ("video", "media", "film"),
            Kind::Article | Kind::Course | Kind::Column | Kind::Live => return None,
        };
        Some(Self { media, ask, icon })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    fn start(kind: Kind, media: Option<&[&str]>) -> Html {
        let media = media.map(|media| media.iter().map(|one| (*one).to_owned()).collect());
        let media: Option<Vec<String>> = media;
        html! { <KindStart {kind} {media} onask={Callback::noop()} /> }
    }

    #[test]
    fn a_kind_asks_for_what_it_is_made_of_until_that_is_there() {
        let asking: [fn() -> Html; 4] = [
            || start(Kind::Images, Some(&[])),
            || start(Kind::Audio, Some(&[])),
            || start(Kind::Video, Some(&["audio"])),
            || start(Kind::Audio, Some(&["image"])),
        ];
        let silent: [fn() -> Html; 3] = [
            || start(Kind::Audio, Some(&["image", "audio"])),
            || start(Kind::Article, Some(&[])),
            || start(Kind::Video, None),
        ];
        for language in ["en", "zh-CN"] {
            for asks in asking {
                assert!(drawn(language, asks).contains("kind-choose"));
            }
            for says_nothing in silent {
                assert!(!drawn(language, says_nothing).contains("kind-choose"));
            }
        }
    }
}
