//! A community that its account had wiped from this computer: what happened, plainly.

use stoa_domain::Timestamp;
use stoa_ipc::{CloseWiped, Failure, ProfileInfo};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::broken::OtherProfiles;
use super::stage::StagePage;
use crate::format::relative;
use crate::host::{use_host, use_now};
use crate::parts::{Button, ButtonKind, Notice};
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct WipedProps {
    pub(crate) profile: ProfileInfo,
    pub(crate) at: Timestamp,
    pub(crate) is_told: bool,
}

#[component]
pub(crate) fn Wiped(props: &WipedProps) -> Html {
    let words = use_words();
    let (host, now) = (use_host(), use_now());
    let failure = use_state(|| None::<Failure>);
    let close = {
        let (id, failure) = (props.profile.id.clone(), failure.clone());
        Callback::from(move |_: MouseEvent| {
            let (host, id, failure) = (host.clone(), id.clone(), failure.clone());
            spawn_local(async move {
                match host.call(CloseWiped { id }).await {
                    Ok(state) => host.state_changed(state),
                    Err(refused) => failure.set(Some(refused)),
                }
            });
        })
    };
    let when = relative(words.tag(), now, props.at);
    let told = match props.is_told {
        true => t!(words, "wiped-told"),
        false => t!(words, "wiped-not-told"),
    };
    html! {
        <StagePage title={t!(words, "wiped-title", name = props.profile.name.as_str())} lead={t!(words, "wiped-lead", when = when)} testid="wiped">
            <p>{ t!(words, "wiped-more") }</p>
            <p role="status">{ told }</p>
            if let Some(failure) = (*failure).clone() { <Notice {failure} /> }
            <div class="buttons end">
                <Button kind={ButtonKind::Main} label={t!(words, "close")} onclick={close} testid="wiped-close" />
            </div>
            <OtherProfiles here={props.profile.id.clone()} />
        </StagePage>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn, profile};

    #[test]
    fn it_says_what_happened_and_whether_the_account_knows() {
        for language in ["zh-CN", "en"] {
            let told = drawn(language, || {
                let at = Timestamp::from_millis(1_000);
                html! { <Wiped profile={profile()} {at} is_told=true /> }
            });
            let waiting = drawn(language, || {
                let at = Timestamp::from_millis(1_000);
                html! { <Wiped profile={profile()} {at} is_told=false /> }
            });
            assert!(
                told.contains("知行社") && told.contains("wiped-close"),
                "{told}"
            );
            assert_ne!(told, waiting);
        }
    }
}
