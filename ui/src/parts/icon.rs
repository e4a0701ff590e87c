//! An icon of the sprite in the page. It says nothing to a screen reader: a text stands beside it.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct IconProps {
    /// The file name in `assets/icons/ui`.
    pub(crate) name: &'static str,
}

#[component]
pub(crate) fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use href={format!("#icon-{}", props.name)} />
        </svg>
    }
}
