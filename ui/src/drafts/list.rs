//! The list of drafts: one tab stop, arrows inside, only the seen rows in the page.

use stoa_ipc::Density;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::pages::Known;
use super::row::{Row, row_id};
use super::select::{Pick, Selection};
use super::window::{Rows, rows, scroll_for};
use crate::boot::set_style;
use crate::host::use_app;
use crate::listen_keys::is_composing;
use crate::t;
use crate::texts::use_words;

#[derive(Properties, PartialEq)]
pub(crate) struct DraftListProps {
    pub(crate) known: Known,
    pub(crate) chosen: Option<usize>,
    pub(crate) renaming: Option<usize>,
    pub(crate) want: Callback<usize>,
    pub(crate) selection: Selection,
    pub(crate) onpick: Callback<(usize, Pick)>,
    /// Nothing is to be marked any more.
    pub(crate) onclear: Callback<()>,
    pub(crate) onchoose: Callback<usize>,
    pub(crate) onopen: Callback<usize>,
    pub(crate) onrenamed: Callback<Option<String>>,
    pub(crate) node: NodeRef,
}

#[component]
pub(crate) fn DraftList(props: &DraftListProps) -> Html {
    let words = use_words();
    let height = row_height(use_app().preferences().density);
    let n = props.known.n_total;
    let (shown, look) = use_seen_rows(&props.node, height, n);
    use_shown(&props.node, props.chosen, height);
    {
        let want = props.want.clone();
        use_effect_with((shown.end, props.known.drafts.len()), move |(end, _)| {
            want.emit(*end)
        });
    }
    let last = n.saturating_sub(1);
    let active = props
        .chosen
        .filter(|index| (shown.start..shown.end).contains(index))
        .map(row_id);
    html! {
        <div ref={props.node.clone()} class="rows" role="grid" tabindex="0" data-keys="list" data-pane="list" data-testid="draft-list"
            aria-label={t!(words, "drafts-list")} aria-multiselectable="true" aria-rowcount={n.to_string()} aria-activedescendant={active}
            onscroll={look.reform(|_: Event| ())} onkeydown={by_key(props, last)}>
            <Space rows={shown.start} {height} />
            { for (shown.start..shown.end).map(|index| row(props, index)) }
            <Space rows={n - shown.end} {height} />
        </div>
    }
}

fn row(props: &DraftListProps, index: usize) -> Html {
    let Some(draft) = props.known.drafts.get(index) else {
        return html! { <div key={index} class="skeleton-row" aria-hidden="true"><div class="bone long"></div><div class="bone short"></div></div> };
    };
    html! {
        <Row key={draft.id.to_string()} draft={draft.clone()} {index} chosen={props.chosen == Some(index)}
            renaming={props.renaming == Some(index)} mark={props.selection.mark(draft.id)} onpick={props.onpick.clone()} onchoose={props.onchoose.clone()}
            ondouble={props.onopen.clone()} onrenamed={props.onrenamed.clone()} />
    }
}

/// The keys of a grid that are no commands.
fn by_key(props: &DraftListProps, last: usize) -> Callback<KeyboardEvent> {
    let (onchoose, chosen) = (props.onchoose.clone(), props.chosen.unwrap_or(0));
    let (onpick, onclear) = (props.onpick.clone(), props.onclear.clone());
    let is_marked = !props.selection.is_empty();
    Callback::from(move |event: KeyboardEvent| {
        if is_composing(&event) {
            return;
        }
        match event.key().as_str() {
            " " => {
                event.prevent_default();
                onpick.emit((chosen, Pick::Toggle));
                return;
            }
            "Escape" if is_marked => {
                event.prevent_default();
                event.stop_propagation();
                onclear.emit(());
                return;
            }
            _ => {}
        }
        let to = match event.key().as_str() {
            "Home" => 0,
            "End" => last,
            "PageUp" => chosen.saturating_sub(10),
            "PageDown" => (chosen + 10).min(last),
            _ => return,
        };
        event.prevent_default();
        onchoose.emit(to);
    })
}

/// As in the tokens.
fn row_height(density: Density) -> i32 {
    match density {
        Density::Compact => 56,
        Density::Regular => 68,
        Density::Comfortable => 80,
    }
}

/// The rows that are seen, and a callback that looks again.
#[hook]
fn use_seen_rows(node: &NodeRef, height: i32, n: usize) -> (Rows, Callback<()>) {
    let seen = use_state_eq(|| rows(0, 900, height, n));
    let look = {
        let (node, setter) = (node.clone(), seen.setter());
        Callback::from(move |()| {
            if let Some(list) = node.cast::<Element>() {
                setter.set(rows(list.scroll_top(), list.client_height(), height, n));
            }
        })
    };
    {
        let look = look.clone();
        use_effect_with((height, n), move |_| look.emit(()));
    }
    let end = seen.end.min(n);
    (
        Rows {
            start: seen.start.min(end),
            end,
        },
        look,
    )
}

/// Scrolls to the chosen row when it changes.
#[hook]
fn use_shown(node: &NodeRef, chosen: Option<usize>, height: i32) {
    let node = node.clone();
    use_effect_with(chosen, move |chosen| {
        if let (Some(index), Some(list)) = (*chosen, node.cast::<Element>())
            && let Some(top) = scroll_for(index, list.scroll_top(), list.client_height(), height)
        {
            list.set_scroll_top(top);
        }
    });
}

#[derive(Properties, PartialEq)]
struct SpaceProps {
    rows: usize,
    height: i32,
}

/// The room of rows that are not in the page.
#[component]
fn Space(props: &SpaceProps) -> Html {
    let node = use_node_ref();
    let pixels = i64::try_from(props.rows).unwrap_or(0) * i64::from(props.height);
    {
        let node = node.clone();
        use_effect_with(pixels, move |pixels| {
            if let Some(space) = node.cast::<Element>() {
                set_style(&space, "height", &format!("{pixels}px"));
            }
        });
    }
    html! { <div ref={node} aria-hidden="true"></div> }
}
