//! F6: from pane to pane, back to where one was in each.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What can take the focus inside a pane, the best first.
const ENTRANCES: [&str; 3] = [
    "[data-entrance]",
    "[tabindex='0'],[contenteditable=true]",
    "button:not([disabled]),input,a[href]",
];

/// Moves the focus to the next pane, or the one before.
pub(crate) fn move_focus(forward: bool) {
    let panes = shown_panes();
    if panes.is_empty() {
        return;
    }
    let here = panes.iter().position(has_focus);
    let next = next_index(here, panes.len(), forward);
    // Panes with nothing to focus are passed over.
    for step in 0..panes.len() {
        let index = if forward {
            (next + step) % panes.len()
        } else {
            (next + panes.len() - step) % panes.len()
        };
        if let Some(element) = entrance(&panes[index]) {
            // Fails only for an element that is going away.
            let _ = element.focus();
            return;
        }
    }
}

fn next_index(here: Option<usize>, n: usize, forward: bool) -> usize {
    match (here, forward) {
        (None, true) => 0,
        (None, false) => n - 1,
        (Some(index), true) => (index + 1) % n,
        (Some(index), false) => (index + n - 1) % n,
    }
}

/// Goes into a pane where the element that had the focus is gone.
pub(crate) fn enter_if_lost(name: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let active = document.and_then(|document| document.active_element());
    if active.is_some_and(|active| active.tag_name() != "BODY") {
        return;
    }
    let panes = shown_panes();
    let is_it = |pane: &&Element| pane.get_attribute("data-pane").as_deref() == Some(name);
    if let Some(element) = panes.iter().find(is_it).and_then(entrance) {
        // Fails only for an element that is going away.
        let _ = element.focus();
    }
}

fn shown_panes() -> Vec<Element> {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector_all("[data-pane]").ok());
    let Some(found) = found else {
        return Vec::new();
    };
    let panes = (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok());
    panes.filter(is_shown).collect()
}

fn is_shown(pane: &Element) -> bool {
    pane.get_bounding_client_rect().width() > 0.0
}

fn has_focus(pane: &Element) -> bool {
    let active = web_sys::window().and_then(|window| window.document()?.active_element());
    active.is_some_and(|active| pane.contains(Some(&active)))
}

fn entrance(pane: &Element) -> Option<HtmlElement> {
    let found = ENTRANCES
        .iter()
        .find_map(|selector| pane.query_selector(selector).ok().flatten());
    found?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::next_index;

    #[test]
    fn panes_go_round_in_both_directions() {
        assert_eq!(next_index(None, 3, true), 0);
        assert_eq!(next_index(None, 3, false), 2);
        assert_eq!(next_index(Some(2), 3, true), 0);
        assert_eq!(next_index(Some(0), 3, false), 2);
    }
}
