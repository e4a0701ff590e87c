//! The sign of each kind of content.

use stoa_domain::Kind;
use yew::prelude::*;

use super::filters::kind_name;
use crate::parts::Icon;
use crate::texts::use_words;

/// The icon of a kind.
pub(super) fn icon_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Article => "file-text",
        Kind::Images => "images",
        Kind::Audio => "audio-lines",
        Kind::Video => "film",
        Kind::Course => "graduation-cap",
        Kind::Column => "library",
        Kind::Live => "radio",
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct KindIconProps {
    pub(super) kind: Kind,
}

/// What a draft is, where it is no article: most are, and a list of the same icon says nothing.
#[component]
pub(super) fn KindIcon(props: &KindIconProps) -> Html {
    let words = use_words();
    match props.kind {
        Kind::Article => Html::default(),
        kind => html! {
            <span class="row-kind" title={kind_name(&words, kind)} data-kind={kind.as_str()}><Icon name={icon_of(kind)} /></span>
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_kind_has_an_icon_of_its_own() {
        let icons: BTreeSet<&str> = Kind::ALL.into_iter().map(icon_of).collect();
        assert_eq!(icons.len(), Kind::ALL.len());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/icons/ui");
        for icon in icons {
            assert!(folder.join(format!("{icon}.svg")).is_file(), "{icon}");
        }
    }
}
