//! What stands above the list: its name, its shelves, what it is narrowed by and its order.

use std::rc::Rc;

use stoa_domain::{ListFilter, ListLayout, ListLook, ListSort, Shelf};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::filters::{Chips, FilterPanel, use_facets};
use super::new::NewButtons;
use super::pages::Known;
use crate::commands::use_command;
use crate::host::use_app;
use crate::parts::{Button, ButtonKind, Icon, Tab, Tabs};
use crate::t;
use crate::texts::use_words;
use crate::view::{Overlay, Step, use_view};

#[derive(Properties, PartialEq)]
pub(super) struct ListHeadProps {
    pub(super) look: Rc<ListLook>,
    pub(super) query: String,
    pub(super) oninput: Callback<String>,
    pub(super) known: Option<Known>,
}

#[component]
pub(super) fn ListHead(props: &ListHeadProps) -> Html {
    let words = use_words();
    let is_bin = props.look.shelf == Shelf::Bin;
    let title = if is_bin {
        t!(words, "place-bin")
    } else {
        t!(words, "place-content")
    };
    let n_total = props.known.as_ref().map(|known| known.n_total);
    let n = n_total.map(|n| t!(words, "n-drafts", n = n));
    html! {
        <header class="pane-head">
            <div class="pane-title">
                <h1>{ title }</h1>
                if !is_bin {
                    <NewButtons />
                } else if n_total.is_some_and(|n| n > 0) {
                    <BinButtons />
                }
            </div>
            if !is_bin && props.look.layout == ListLayout::List {
                <ShelfTabs look={props.look.clone()} known={props.known.clone()} />
            }
            <Tools look={props.look.clone()} query={props.query.clone()} oninput={props.oninput.clone()} />
            if props.look.layout == ListLayout::List || is_bin {
                <p class="sort-line">
                    <span data-testid="n-drafts" role="status">{ n.unwrap_or_default() }</span>
                    <SortSelect look={props.look.clone()} />
                </p>
            }
        </header>
    }
}

/// What somebody wants of the list from now on.
#[hook]
pub(super) fn use_relook() -> Callback<ListLook> {
    let dispatcher = use_view().dispatcher();
    Callback::from(move |look: ListLook| dispatcher.dispatch(Step::Look(look)))
}

#[derive(Properties, PartialEq)]
struct ToolsProps {
    look: Rc<ListLook>,
    query: String,
    oninput: Callback<String>,
}

/// The search, the filters, the layout, and what is in force of them.
#[component]
fn Tools(props: &ToolsProps) -> Html {
    let words = use_words();
    let relook = use_relook();
    let open = use_state_eq(|| false);
    let button = use_node_ref();
    let toggle = {
        let open = open.clone();
        Callback::from(move |()| open.set(!*open))
    };
    use_command("list.filters", true, toggle.clone());
    let close = {
        let (open, button) = (open.setter(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(button) = button.cast::<web_sys::HtmlElement>() {
                // Fails only for an element that is going away.
                let _ = button.focus();
            }
        })
    };
    let onchange = {
        let look = props.look.clone();
        Callback::from(move |filter: ListFilter| {
            relook.emit(ListLook {
                filter,
                ..(*look).clone()
            })
        })
    };
    let facets = use_facets(*open || props.look.filter.by.is_some());
    let is_filtered = !props.look.filter.is_empty();
    html! {
        <div class="list-narrowing">
            <div class="list-tools">
                <SearchField query={props.query.clone()} oninput={props.oninput.clone()} />
                <button ref={button} type="button" class="button square quiet" aria-expanded={open.to_string()} aria-controls="filters"
                    aria-pressed={is_filtered.to_string()} aria-label={t!(words, "filters")} title={t!(words, "filters")}
                    data-testid="filters-button" onclick={toggle.reform(|_: MouseEvent| ())}><Icon name="list-filter" /></button>
                if props.look.shelf != Shelf::Bin { <LayoutButtons look={props.look.clone()} /> }
            </div>
            if *open {
                <FilterPanel filter={props.look.filter.clone()} facets={facets.clone()} onchange={onchange.clone()} onclose={close} />
            }
            <Chips filter={props.look.filter.clone()} {facets} {onchange} />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct LookProps {
    look: Rc<ListLook>,
}

/// List or board, and keeping what one looks at.
#[component]
fn LayoutButtons(props: &LookProps) -> Html {
    let words = use_words();
    let relook = use_relook();
    let view = use_view();
    let is_board = props.look.layout == ListLayout::Board;
    let change = {
        let (look, is_open) = (props.look.clone(), view.open_draft.is_some());
        let view = view.dispatcher();
        Callback::from(move |()| {
            if is_board && is_open {
                // Beside a draft there is a list; the board is behind it.
                view.dispatch(Step::CloseDraft);
                return;
            }
            let layout = match is_board {
                true => ListLayout::List,
                false => ListLayout::Board,
            };
            super::remember_layout(layout);
            view.dispatch(Step::CloseDraft);
            relook.emit(ListLook {
                layout,
                ..(*look).clone()
            });
        })
    };
    use_command("list.board", true, change.clone());
    let may_keep = use_app().is_open();
    let keep = Callback::from(move |()| view.dispatch(Step::Show(Overlay::SavedView(None))));
    use_command("list.save_view", may_keep, keep.clone());
    let commands = crate::commands::use_commands();
    let tags = Callback::from(move |_: MouseEvent| {
        commands.run("go.tags");
    });
    html! {
        <>
            <Button kind={ButtonKind::Quiet} icon="tag" icon_only=true label={t!(words, "tags")} onclick={tags} testid="tags-open" />
            <Button kind={ButtonKind::Quiet} icon="square-kanban" icon_only=true label={t!(words, "layout-board")} pressed={is_board}
                onclick={change.reform(|_| ())} testid="layout-board" />
            if may_keep {
                <Button kind={ButtonKind::Quiet} icon="bookmark" icon_only=true label={t!(words, "view-save")} onclick={keep.reform(|_| ())} testid="view-save" />
            }
        </>
    }
}

/// In which order the list is; it says so and can be changed.
#[component]
fn SortSelect(props: &LookProps) -> Html {
    let words = use_words();
    let relook = use_relook();
    let (shelf, sort) = (props.look.shelf, props.look.sort.on(props.look.shelf));
    let onchange = {
        let look = props.look.clone();
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            let is_it = |sort: &&ListSort| sort.as_str() == chosen;
            if let Some(sort) = ListSort::of_shelf(shelf).iter().find(is_it) {
                relook.emit(ListLook {
                    sort: *sort,
                    ..(*look).clone()
                });
            }
        })
    };
    let label = |sort: ListSort| match (sort, shelf) {
        (ListSort::Live, Shelf::Scheduled) => t!(words, "sort-live-next"),
        (ListSort::Live, _) => t!(words, "sort-live-last"),
        (sort, _) => words.get(&format!("sort-{}", sort.as_str())),
    };
    let option = |of: &ListSort| {
        html! { <option value={of.as_str()} selected={*of == sort}>{ label(*of) }</option> }
    };
    html! {
        <select class="sort" aria-label={t!(words, "sort-by")} {onchange} data-testid="sort">{ for ListSort::of_shelf(shelf).iter().map(option) }</select>
    }
}

/// The shelves that are tabs; the bin is a place of its own.
const TABS: [(Shelf, &str, &str); 5] = [
    (Shelf::Drafts, "shelf-drafts", "shelf-tab-drafts"),
    (Shelf::InReview, "shelf-in-review", "shelf-tab-in-review"),
    (Shelf::Scheduled, "shelf-scheduled", "shelf-tab-scheduled"),
    (Shelf::Published, "shelf-published", "shelf-tab-published"),
    (Shelf::Archived, "shelf-archived", "shelf-tab-archived"),
];

#[derive(Properties, PartialEq)]
struct ShelfTabsProps {
    look: Rc<ListLook>,
    known: Option<Known>,
}

#[component]
fn ShelfTabs(props: &ShelfTabsProps) -> Html {
    let words = use_words();
    let tabs = TABS.map(|(shelf, label, id)| Tab {
        id,
        label: words.get(label),
        count: props.known.as_ref().map_or(0, |known| known.n_on(shelf)),
    });
    let chosen = TABS
        .iter()
        .position(|(shelf, ..)| *shelf == props.look.shelf);
    let look = props.look.clone();
    let onchoose = use_relook().reform(move |index: usize| ListLook {
        shelf: TABS[index].0,
        ..(*look).clone()
    });
    html! {
        <Tabs label={t!(words, "place-content")} tabs={tabs.to_vec()} chosen={chosen.unwrap_or(0)} panel="shelf" {onchoose} />
    }
}

/// What can be done with the whole bin.
#[component]
fn BinButtons() -> Html {
    let words = use_words();
    let commands = crate::commands::use_commands();
    if !use_app().is_open() {
        return Html::default();
    }
    let empty = Callback::from(move |_: MouseEvent| {
        commands.run("bin.empty");
    });
    html! {
        <Button kind={ButtonKind::Quiet} icon="trash-2" label={t!(words, "bin-empty-all")} onclick={empty} testid="bin-empty-all" />
    }
}

#[derive(Properties, PartialEq)]
struct SearchFieldProps {
    query: String,
    oninput: Callback<String>,
}

#[component]
fn SearchField(props: &SearchFieldProps) -> Html {
    let words = use_words();
    let node = use_node_ref();
    let focus = {
        let node = node.clone();
        Callback::from(move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                // Fails only for an element that is going away.
                let _ = input.focus();
                input.select();
            }
        })
    };
    use_command("edit.find", true, focus.clone());
    use_command("list.filter", true, focus);
    let oninput = props
        .oninput
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let clear = props.oninput.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" && !crate::listen_keys::is_composing(&event) {
            clear.emit(String::new());
        }
    });
    html! {
        <label class="search-field">
            <Icon name="search" />
            <input ref={node} type="search" class="input plain" value={props.query.clone()} placeholder={t!(words, "drafts-search")}
                aria-label={t!(words, "drafts-search")} autocomplete="off" data-testid="draft-search" {oninput} {onkeydown} />
        </label>
    }
}
