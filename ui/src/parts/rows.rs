//! A list with one place in the order of the Tab key: arrows move from row to row, and the row
//! with the focus has its buttons behind it.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Whether the row around has the focus, for the buttons in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InRow(pub(crate) bool);

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowOf {
    pub(crate) key: AttrValue,
    /// What a screen reader says when the focus comes to it.
    pub(crate) label: AttrValue,
    pub(crate) class: &'static str,
    pub(crate) content: Html,
}

#[derive(Properties, PartialEq)]
pub(crate) struct RowsProps {
    pub(crate) label: AttrValue,
    pub(crate) rows: Vec<RowOf>,
    /// A key that was pressed on a row: its number and the key's name.
    #[prop_or_default]
    pub(crate) onkey: Callback<(usize, String)>,
    pub(crate) testid: &'static str,
}

#[component]
pub(crate) fn Rows(props: &RowsProps) -> Html {
    let here = use_state(|| 0_usize);
    let node = use_node_ref();
    let n = props.rows.len();
    let at = (*here).min(n.saturating_sub(1));
    let onkeydown = {
        let (here, node, onkey) = (here.clone(), node.clone(), props.onkey.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            // What is pressed on a button or in a field of the row belongs to that.
            if row_of(&event).is_none() {
                return;
            }
            match moved(&event.key(), at, n) {
                Some(to) => {
                    event.prevent_default();
                    here.set(to);
                    focus_row(&node, to);
                }
                None => onkey.emit((at, event.key())),
            }
        })
    };
    let onfocusin = {
        let node = node.clone();
        Callback::from(move |event: FocusEvent| {
            let inside = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            let row = inside.and_then(|element| element.closest("[data-row]").ok().flatten());
            let number = row.and_then(|row| row.get_attribute("data-row")?.parse().ok());
            if let (Some(number), true) = (number, node.get().is_some()) {
                here.set(number);
            }
        })
    };
    let row = |(i, row): (usize, &RowOf)| {
        html! {
            <li key={row.key.to_string()} class={row.class} data-row={i.to_string()} aria-label={row.label.clone()}
                tabindex={if i == at { "0" } else { "-1" }} data-testid={props.testid}>
                <ContextProvider<InRow> context={InRow(i == at)}>{ row.content.clone() }</ContextProvider<InRow>>
            </li>
        }
    };
    html! {
        <ul ref={node} class="changes" role="list" aria-label={props.label.clone()} {onkeydown} {onfocusin}>
            { for props.rows.iter().enumerate().map(row) }
        </ul>
    }
}

/// The row that has the focus itself.
fn row_of(event: &KeyboardEvent) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.has_attribute("data-row").then_some(target)
}

fn moved(key: &str, at: usize, n: usize) -> Option<usize> {
    let last = n.saturating_sub(1);
    match key {
        "ArrowDown" | "j" => Some((at + 1).min(last)),
        "ArrowUp" | "k" => Some(at.saturating_sub(1)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

fn focus_row(node: &NodeRef, number: usize) {
    let list = node.cast::<Element>();
    let row = list.and_then(|list| {
        let found = list.query_selector(&format!("[data-row='{number}']"));
        found.ok().flatten()
    });
    if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = row.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_focus_stays_in_the_list() {
        let cases = [
            ("ArrowDown", 1, Some(2)),
            ("ArrowDown", 2, Some(2)),
            ("k", 0, Some(0)),
            ("End", 0, Some(2)),
            ("Home", 2, Some(0)),
            ("d", 1, None),
        ];
        for (key, at, expected) in cases {
            assert_eq!(moved(key, at, 3), expected, "{key} at {at}");
        }
        assert_eq!(moved("ArrowDown", 0, 0), Some(0));
    }
}
