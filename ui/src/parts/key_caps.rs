//! The keys of a command, drawn as caps in the manner of the system.

use stoa_ipc::commands;
use yew::prelude::*;

use crate::host::use_host;
use crate::keys::caps;

#[derive(Properties, PartialEq)]
pub(crate) struct KeyCapsProps {
    /// The command's id.
    pub(crate) command: &'static str,
}

#[component]
pub(crate) fn KeyCaps(props: &KeyCapsProps) -> Html {
    let platform = use_host().platform;
    let spec = commands().iter().find(|spec| spec.id == props.command);
    let Some(shortcut) = spec.and_then(|spec| spec.keys.first()) else {
        return Html::default();
    };
    html! {
        <span class="kbd" aria-hidden="true">
            { for caps(*shortcut, platform).into_iter().map(|cap| html! { <kbd>{ cap }</kbd> }) }
        </span>
    }
}
