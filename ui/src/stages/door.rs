//! One of a few ways to go on.

use yew::prelude::*;

use crate::parts::Icon;

#[derive(Properties, PartialEq)]
pub(crate) struct DoorProps {
    pub(crate) icon: &'static str,
    pub(crate) title: AttrValue,
    #[prop_or_default]
    pub(crate) more: AttrValue,
    pub(crate) onopen: Callback<()>,
    pub(crate) testid: &'static str,
    /// The language of the words, where it is not the window's.
    #[prop_or_default]
    pub(crate) lang: Option<&'static str>,
    #[prop_or_default]
    pub(crate) busy: bool,
}

#[component]
pub(crate) fn Door(props: &DoorProps) -> Html {
    html! {
        <button type="button" class="door" onclick={props.onopen.reform(|_: MouseEvent| ())} disabled={props.busy}
            data-testid={props.testid} lang={props.lang}>
            <Icon name={props.icon} />
            <span><strong>{ props.title.clone() }</strong>{ props.more.clone() }</span>
            <Icon name="chevron-right" />
        </button>
    }
}
