//! A labelled text field that says what is wrong with it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Icon;

#[derive(Properties, PartialEq)]
pub(crate) struct FieldProps {
    /// The field's name: its id in the page, and its test id.
    pub(crate) name: AttrValue,
    pub(crate) label: AttrValue,
    pub(crate) value: AttrValue,
    pub(crate) oninput: Callback<String>,
    /// The `type` of the input.
    #[prop_or("text")]
    pub(crate) kind: &'static str,
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) wrong: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) placeholder: Option<AttrValue>,
    /// What browsers may fill in.
    #[prop_or("off")]
    pub(crate) autocomplete: &'static str,
    /// Codes and addresses are neither spell-checked nor set in the reading font.
    #[prop_or_default]
    pub(crate) is_code: bool,
    /// A dialog that opens looks for the attribute; elsewhere the focus is put here.
    #[prop_or_default]
    pub(crate) focused: bool,
}

#[component]
pub(crate) fn Field(props: &FieldProps) -> Html {
    let node = use_node_ref();
    use_focus_once(node.clone(), props.focused);
    let oninput = props
        .oninput
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let wrong_id = format!("{}-wrong", props.name);
    let described = props.wrong.is_some().then(|| wrong_id.clone());
    html! {
        <div class="field">
            <label for={props.name.clone()}>{ props.label.clone() }</label>
            <input ref={node} id={props.name.clone()} type={props.kind} value={props.value.clone()} {oninput}
                class={classes!("input", props.is_code.then_some("mono"))}
                placeholder={props.placeholder.clone()} autocomplete={props.autocomplete} autofocus={props.focused}
                spellcheck={if props.is_code { "false" } else { "true" }} autocapitalize="off"
                aria-invalid={props.wrong.is_some().to_string()} aria-describedby={described}
                data-testid={props.name.clone()} />
            if let Some(wrong) = props.wrong.clone() {
                <p class="wrong" id={wrong_id}><Icon name="circle-alert" />{ wrong }</p>
            } else if let Some(hint) = props.hint.clone() {
                <p class="hint">{ hint }</p>
            }
        </div>
    }
}

/// Puts the focus on an element when it appears.
#[hook]
pub(crate) fn use_focus_once(node: NodeRef, wanted: bool) {
    use_effect_with(wanted, move |wanted| {
        if let (true, Some(element)) = (*wanted, node.cast::<web_sys::HtmlElement>()) {
            // Fails only for an element that is going away.
            let _ = element.focus();
        }
    });
}
