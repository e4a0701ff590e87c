//! A profile whose files are being worked on: what is waited for, and that it ends by itself.

use stoa_ipc::ProfileInfo;
use yew::prelude::*;

use super::stage::StagePage;
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct BusyProps {
    pub(crate) profile: ProfileInfo,
}

#[component]
pub(crate) fn Busy(props: &BusyProps) -> Html {
    let words = use_words();
    html! {
        <StagePage title={t!(words, "busy-title", name = props.profile.name.as_str())} testid="busy">
            <p class="lead" role="status">{ t!(words, "busy-lead") }</p>
        </StagePage>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn, profile};

    #[test]
    fn nobody_is_asked_for_a_key_while_a_backup_is_put_back() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || html! { <Busy profile={profile()} /> });
            assert!(markup.contains("role=\"status\""), "{markup}");
            assert!(!markup.contains("<input"), "{markup}");
        }
    }
}
