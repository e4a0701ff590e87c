//! A button with a text, maybe an icon and the keys that do the same.

use yew::prelude::*;

use super::{Icon, InRow, KeyCaps};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ButtonKind {
    #[default]
    Plain,
    /// The one thing to do here.
    Main,
    /// Among others, without a border.
    Quiet,
    /// Takes something away.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Plain => "button",
            ButtonKind::Main => "button main",
            ButtonKind::Quiet => "button quiet",
            ButtonKind::Danger => "button danger",
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ButtonProps {
    pub(crate) label: AttrValue,
    #[prop_or_default]
    pub(crate) kind: ButtonKind,
    #[prop_or_default]
    pub(crate) icon: Option<&'static str>,
    /// The command whose keys are shown.
    #[prop_or_default]
    pub(crate) command: Option<&'static str>,
    /// Whether the label is only for screen readers and the tooltip.
    #[prop_or_default]
    pub(crate) icon_only: bool,
    #[prop_or_default]
    pub(crate) disabled: bool,
    #[prop_or_default]
    pub(crate) pressed: Option<bool>,
    /// Whether it sends the form it stands in.
    #[prop_or_default]
    pub(crate) submit: bool,
    #[prop_or_default]
    pub(crate) testid: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) onclick: Callback<MouseEvent>,
}

#[component]
pub(crate) fn Button(props: &ButtonProps) -> Html {
    let kind = if props.submit { "submit" } else { "button" };
    let hidden_label = props.icon_only.then(|| props.label.clone());
    // In a list only the row with the focus has its buttons in the order of the Tab key.
    let out_of_reach = use_context::<InRow>().is_some_and(|row| !row.0);
    let pressed = props.pressed.map(|pressed| pressed.to_string());
    html! {
        <button type={kind} class={classes!(props.kind.class(), props.icon_only.then_some("square"))}
            tabindex={out_of_reach.then_some("-1")} disabled={props.disabled} aria-pressed={pressed} aria-label={hidden_label.clone()}
            title={hidden_label} data-testid={props.testid.clone()} onclick={props.onclick.clone()}>
            if let Some(name) = props.icon { <Icon {name} /> }
            if !props.icon_only { { props.label.clone() } }
            if let Some(command) = props.command { <KeyCaps {command} /> }
        </button>
    }
}
