//! The community's name, and the other profiles of this computer behind it.

use stoa_ipc::{OpenProfile, ProfileInfo};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::{use_app, use_host};
use crate::listen_keys::is_composing;
use crate::parts::Icon;
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};

#[component]
pub(crate) fn CommunitySwitcher() -> Html {
    let app = use_app();
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    let escape = close_on_escape(close.clone());
    let name = app
        .profile()
        .map(|profile| profile.name.clone())
        .unwrap_or_default();
    let several = app.0.profiles.len() > 1;
    if !several {
        return html! { <div class="community" data-testid="community"><span>{ name }</span></div> };
    }
    html! {
        <div onkeydown={escape}>
            <button type="button" class="community" aria-haspopup="menu" aria-expanded={open.to_string()}
                onclick={toggle} data-testid="community">
                <span>{ name }</span><Icon name="chevrons-up-down" />
            </button>
            if *open { <ProfileMenu {close} /> }
        </div>
    }
}

fn close_on_escape(close: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" && !is_composing(&event) {
            close.emit(());
        }
    })
}

#[derive(Properties, PartialEq)]
struct ProfileMenuProps {
    close: Callback<()>,
}

#[component]
fn ProfileMenu(props: &ProfileMenuProps) -> Html {
    let words = use_words();
    let app = use_app();
    let here = app.profile().map(|profile| profile.id.clone());
    let choose = use_open_profile();
    let item = |profile: &ProfileInfo| {
        let (id, choose, close) = (profile.id.clone(), choose.clone(), props.close.clone());
        let is_here = here.as_ref() == Some(&profile.id);
        let onclick = Callback::from(move |_: MouseEvent| {
            close.emit(());
            if !is_here {
                choose.emit(id.clone());
            }
        });
        html! {
            <button type="button" role="menuitemradio" aria-checked={is_here.to_string()} {onclick}>
                <span>{ profile.name.clone() }<small>{ kind_text(&words, profile) }</small></span>
                if is_here { <Icon name="check" /> }
            </button>
        }
    };
    html! { <div class="menu" role="menu" aria-label={t!(words, "profiles")}>{ for app.0.profiles.iter().map(item) }</div> }
}

/// Where a profile's data go, in a word.
pub(crate) fn kind_text(words: &Words, profile: &ProfileInfo) -> AttrValue {
    use stoa_ipc::ProfileKind as Kind;
    match (profile.kind, &profile.server) {
        (Kind::Demo, _) => t!(words, "profile-demo"),
        (Kind::Connected, Some(server)) => AttrValue::from(server.clone()),
        (Kind::Connected | Kind::Local, _) => t!(words, "profile-local"),
    }
}

/// A callback that opens another profile.
#[hook]
pub(crate) fn use_open_profile() -> Callback<String> {
    let (host, tell) = (use_host(), use_tell());
    Callback::from(move |id: String| {
        let (host, tell) = (host.clone(), tell.clone());
        spawn_local(async move {
            match host.call(OpenProfile { id }).await {
                Ok(state) => host.state_changed(state),
                Err(failure) => tell.emit(failure),
            }
        });
    })
}
