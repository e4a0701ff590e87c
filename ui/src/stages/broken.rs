//! A profile that cannot be opened: why, that nothing was changed, and what is left to do.

use stoa_ipc::{ErrorCode, Failure, ProfileInfo};
use yew::prelude::*;

use super::stage::StagePage;
use crate::commands::use_commands;
use crate::host::use_app;
use crate::parts::{Button, Notice};
use crate::rescue::{Backups, SalvageSetting};
use crate::shell::use_open_profile;
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct BrokenProps {
    pub(crate) profile: ProfileInfo,
    pub(crate) reason: ErrorCode,
}

#[component]
pub(crate) fn Broken(props: &BrokenProps) -> Html {
    let words = use_words();
    let app = use_app();
    let commands = use_commands();
    let open = use_open_profile();
    let id = props.profile.id.clone();
    let again = Callback::from(move |()| open.emit(id.clone()));
    let shows_folder = commands.can_run("help.data_folder");
    let show = Callback::from(move |_: MouseEvent| {
        commands.run("help.data_folder");
    });
    html! {
        <StagePage title={t!(words, "broken-title", name = props.profile.name.as_str())} testid="broken">
            <Notice failure={Failure::new(props.reason, "")} onretry={again} />
            <div class="setting">
                <div class="what"><strong>{ t!(words, "settings-folder") }</strong><span class="path">{ app.0.data_path.clone() }</span></div>
                if shows_folder { <Button icon="folder" label={t!(words, "show")} onclick={show} /> }
            </div>
            <p class="lead">{ t!(words, "broken-rescue") }</p>
            if helps(props.reason) {
                <SalvageSetting />
                <Backups or_empty=true />
            }
            <OtherProfiles here={props.profile.id.clone()} />
        </StagePage>
    }
}

/// Whether something else can take the place of the database: it is of no use as it is.
fn helps(reason: ErrorCode) -> bool {
    matches!(
        reason,
        ErrorCode::StoreDamaged | ErrorCode::StoreMissing | ErrorCode::ForeignDatabase
    )
}

#[derive(Properties, PartialEq)]
pub(crate) struct OtherProfilesProps {
    pub(crate) here: String,
}

/// The other communities of this computer can still be opened.
#[component]
pub(crate) fn OtherProfiles(props: &OtherProfilesProps) -> Html {
    let words = use_words();
    let app = use_app();
    let open = use_open_profile();
    let others: Vec<ProfileInfo> = app
        .0
        .profiles
        .iter()
        .filter(|profile| profile.id != props.here)
        .cloned()
        .collect();
    if others.is_empty() {
        return Html::default();
    }
    let button = |profile: &ProfileInfo| {
        let id = profile.id.clone();
        html! { <Button label={AttrValue::from(profile.name.clone())} onclick={open.reform(move |_: MouseEvent| id.clone())} /> }
    };
    html! {
        <div class="field"><span class="field-name">{ t!(words, "other-profiles") }</span><div class="buttons">{ for others.iter().map(button) }</div></div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{drawn, profile};

    #[test]
    fn a_damaged_profile_offers_its_backups_and_a_way_out() {
        let damaged = || html! { <Broken profile={profile()} reason={ErrorCode::StoreDamaged} /> };
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, damaged);
            for part in ["salvage", "backups", "restore-empty"] {
                let part = format!("data-testid=\"{part}\"");
                assert!(markup.contains(&part), "{part}: {markup}");
            }
        }
    }

    #[test]
    fn a_profile_that_another_program_has_open_is_not_to_be_replaced() {
        let in_use = || html! { <Broken profile={profile()} reason={ErrorCode::InUse} /> };
        let markup = drawn("en", in_use);
        assert!(
            !markup.contains("restore-empty") && !markup.contains("salvage"),
            "{markup}"
        );
    }
}
