//! A row of tabs: one stop of the Tab key, the arrows go from one to the next.

use wasm_bindgen::JsCast;
use yew::prelude::*;

/// One tab.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tab {
    /// Its id in the page and its test id.
    pub(crate) id: &'static str,
    pub(crate) label: AttrValue,
    /// How much is behind it; nothing is said of 0.
    pub(crate) count: u64,
}

#[derive(Properties, PartialEq)]
pub(crate) struct TabsProps {
    /// What the tabs divide, for screen readers.
    pub(crate) label: AttrValue,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) chosen: usize,
    /// The id of what the chosen tab shows.
    pub(crate) panel: &'static str,
    pub(crate) onchoose: Callback<usize>,
}

#[component]
pub(crate) fn Tabs(props: &TabsProps) -> Html {
    let (here, n) = (props.chosen, props.tabs.len());
    let ids: Vec<&'static str> = props.tabs.iter().map(|tab| tab.id).collect();
    let onkeydown = {
        let onchoose = props.onchoose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(next) = next(&event.key(), here, n) else {
                return;
            };
            event.prevent_default();
            onchoose.emit(next);
            if let Some(id) = ids.get(next) {
                focus(id);
            }
        })
    };
    let tab = |(index, tab): (usize, &Tab)| {
        let chosen = index == here;
        let onclick = props.onchoose.reform(move |_: MouseEvent| index);
        html! {
            <button type="button" role="tab" class="tab" id={tab.id} aria-selected={chosen.to_string()} aria-controls={chosen.then_some(props.panel)}
                tabindex={if chosen { "0" } else { "-1" }} {onclick} data-testid={tab.id}>
                { tab.label.clone() }
                if tab.count > 0 { <span class="count">{ crate::format::grouped(tab.count) }</span> }
            </button>
        }
    };
    html! {
        <div class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>{ for props.tabs.iter().enumerate().map(tab) }</div>
    }
}

fn next(key: &str, here: usize, n: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((here + 1) % n),
        "ArrowLeft" => Some((here + n - 1) % n),
        "Home" => Some(0),
        "End" => Some(n - 1),
        _ => None,
    }
}

fn focus(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.get_element_by_id(id));
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = element.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_and_home_and_end_to_the_ends() {
        let cases = [
            ("ArrowRight", 4, Some(0)),
            ("ArrowLeft", 0, Some(4)),
            ("Home", 3, Some(0)),
            ("End", 0, Some(4)),
            ("a", 0, None),
        ];
        for (key, here, expected) in cases {
            assert_eq!(next(key, here, 5), expected, "{key}");
        }
    }
}
