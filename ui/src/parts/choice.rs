//! One of a few, and on or off.

use std::fmt::Debug;

use yew::prelude::*;

/// One of a few.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice<T> {
    pub(crate) value: T,
    pub(crate) label: AttrValue,
    /// The language of the label, where it is not the window's.
    pub(crate) lang: Option<&'static str>,
}

#[derive(Properties, PartialEq)]
pub(crate) struct ChoicesProps<T: Clone + PartialEq> {
    /// The name of the group, for screen readers.
    pub(crate) label: AttrValue,
    /// The group's name in the page.
    pub(crate) name: &'static str,
    pub(crate) choices: Vec<Choice<T>>,
    pub(crate) chosen: T,
    pub(crate) onchoose: Callback<T>,
}

#[component]
pub(crate) fn Choices<T>(props: &ChoicesProps<T>) -> Html
where
    T: Clone + PartialEq + Debug + 'static,
{
    let option = |choice: &Choice<T>| {
        let (value, onchoose) = (choice.value.clone(), props.onchoose.clone());
        let testid = format!("{}-{:?}", props.name, choice.value).to_lowercase();
        html! {
            <label class="choice" lang={choice.lang}>
                <input type="radio" name={props.name} checked={choice.value == props.chosen}
                    data-testid={testid} onchange={move |_| onchoose.emit(value.clone())} />
                { choice.label.clone() }
            </label>
        }
    };
    html! {
        <div class="choices" role="radiogroup" aria-label={props.label.clone()}>
            { for props.choices.iter().map(option) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct SwitchProps {
    pub(crate) label: AttrValue,
    pub(crate) on: bool,
    pub(crate) onchange: Callback<bool>,
    #[prop_or_default]
    pub(crate) testid: Option<&'static str>,
}

#[component]
pub(crate) fn Switch(props: &SwitchProps) -> Html {
    let (onchange, on) = (props.onchange.clone(), props.on);
    html! {
        <span class="switch">
            <input type="checkbox" role="switch" checked={on} aria-label={props.label.clone()}
                data-testid={props.testid} onchange={move |_| onchange.emit(!on)} />
            <span aria-hidden="true"></span>
        </span>
    }
}
