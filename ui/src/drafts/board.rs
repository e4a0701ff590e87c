//! The board: the shelves beside each other, the same drafts as in the list.

use std::rc::Rc;

use stoa_domain::{ListLayout, ListLook, Shelf};
use stoa_ipc::DraftSummary;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::filters::kind_name;
use super::head::use_relook;
use super::kind_icon::KindIcon;
use super::pages::{Known, Question, use_draft_pages};
use super::row::language_of;
use crate::editor::focus_editor;
use crate::format::relative;
use crate::listen_keys::is_composing;
use crate::parts::Loaded;
use crate::publish::{StateChip, use_this_moment};
use crate::t;
use crate::texts::{Words, use_words};
use crate::view::{Step, use_view};
use crate::zone::use_zone;

/// The columns.
const COLUMNS: [(Shelf, &str); 4] = [
    (Shelf::Drafts, "shelf-drafts"),
    (Shelf::InReview, "shelf-in-review"),
    (Shelf::Scheduled, "shelf-scheduled"),
    (Shelf::Published, "shelf-published"),
];

#[derive(Properties, PartialEq)]
pub(super) struct BoardProps {
    pub(super) look: Rc<ListLook>,
    pub(super) query: String,
}

#[component]
pub(super) fn Board(props: &BoardProps) -> Html {
    let column = |(shelf, label): (Shelf, &'static str)| {
        let look = ListLook {
            shelf,
            ..(*props.look).clone()
        };
        let question = Question::new(&props.query, &look);
        html! { <Column key={shelf.as_str()} {question} {label} look={props.look.clone()} /> }
    };
    html! {
        <div class="board" data-testid="board" onkeydown={Callback::from(|event: KeyboardEvent| by_key(&event))}>
            { for COLUMNS.into_iter().map(column) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ColumnProps {
    question: Question,
    label: &'static str,
    look: Rc<ListLook>,
}

#[component]
fn Column(props: &ColumnProps) -> Html {
    let words = use_words();
    let pages = use_draft_pages(&props.question);
    let shelf = props.question.shelf;
    let n = pages.known.here().map(|known| known.n_total as u64);
    let label = words.get(props.label);
    let (look, relook) = (props.look.clone(), use_relook());
    // What does not fit on the board is in the list.
    let more = relook.reform(move |()| ListLook {
        shelf,
        layout: ListLayout::List,
        ..(*look).clone()
    });
    let show = Callback::from(move |known: Known| {
        html! { <Cards {known} more={more.clone()} /> }
    });
    let empty = match props.question.narrows() {
        true => t!(words, "nothing-found"),
        false => t!(words, "board-empty"),
    };
    html! {
        <section class="board-column" aria-label={label.clone()} data-testid={format!("board-{}", shelf.as_str())}>
            <h2>{ label }if let Some(n) = n { <span class="count">{ crate::format::grouped(n) }</span> }</h2>
            <Loaded<Known> value={pages.known.clone()} {show} is_empty={n == Some(0)}
                empty={html! { <p class="board-none">{ empty }</p> }} onretry={pages.again.clone()} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct CardsProps {
    known: Known,
    more: Callback<()>,
}

#[component]
fn Cards(props: &CardsProps) -> Html {
    let words = use_words();
    let n_hidden = props.known.n_total.saturating_sub(props.known.drafts.len());
    let more = props.more.reform(|_: MouseEvent| ());
    html! {
        <ul class="cards">
            { for props.known.drafts.iter().map(|draft| html! { <li key={draft.id.to_string()}><Card draft={draft.clone()} /></li> }) }
            if n_hidden > 0 {
                <li><button type="button" class="link" onclick={more}>{ t!(words, "board-more", n = n_hidden) }</button></li>
            }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    draft: DraftSummary,
}

#[component]
fn Card(props: &CardProps) -> Html {
    let words = use_words();
    let dispatcher = use_view().dispatcher();
    let draft = &props.draft;
    let id = draft.id;
    let (now, zone) = (use_this_moment(), use_zone());
    let open = Callback::from(move |_: MouseEvent| {
        dispatcher.dispatch(Step::Open(id));
        focus_editor();
    });
    let when = match &draft.post {
        Some(post) if post.live_at > now => zone.moment(words.tag(), post.live_at),
        Some(post) => relative(words.tag(), now, post.live_at),
        None => relative(words.tag(), now, draft.edited_at),
    };
    html! {
        <button type="button" class="card" onclick={open} data-testid="board-card" data-draft={id.to_string()}>
            { title(&words, draft) }
            <span class="card-under">
                <KindIcon kind={draft.content.kind} /><span class="chip">{ kind_name(&words, draft.content.kind) }</span>
                <StateChip draft={draft.clone()} />
                <span class="row-when">{ when }</span>
            </span>
        </button>
    }
}

fn title(words: &Words, draft: &DraftSummary) -> Html {
    match draft.title.as_str() {
        "" => html! { <span class="card-title untitled">{ t!(words, "untitled") }</span> },
        title => {
            html! { <span class="card-title" lang={language_of(title)}>{ title.to_owned() }</span> }
        }
    }
}

/// The arrows go from card to card and from column to column.
fn by_key(event: &KeyboardEvent) {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(card) = target.filter(|target| target.class_list().contains("card")) else {
        return;
    };
    if is_composing(event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let to = match event.key().as_str() {
        "ArrowDown" | "ArrowUp" => in_column(&card, event.key() == "ArrowDown"),
        "ArrowRight" | "ArrowLeft" => beside(&card, event.key() == "ArrowRight"),
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(card) = to.and_then(|card| card.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that is going away.
        let _ = card.focus();
    }
}

fn in_column(card: &Element, is_down: bool) -> Option<Element> {
    let item = card.parent_element()?;
    let next = match is_down {
        true => item.next_element_sibling(),
        false => item.previous_element_sibling(),
    };
    next?.query_selector("button").ok()?
}

/// The card at the same height of the next column that has any, or its last.
fn beside(card: &Element, is_right: bool) -> Option<Element> {
    let item = card.parent_element()?;
    let height = index_of(&item);
    let mut column = card.closest(".board-column").ok()??;
    loop {
        column = match is_right {
            true => column.next_element_sibling()?,
            false => column.previous_element_sibling()?,
        };
        let cards = column.query_selector_all(".card").ok()?;
        if cards.length() > 0 {
            let at = height.min(cards.length() - 1);
            return cards.item(at)?.dyn_into().ok();
        }
    }
}

fn index_of(item: &Element) -> u32 {
    let before = std::iter::successors(item.previous_element_sibling(), |item| {
        item.previous_element_sibling()
    });
    u32::try_from(before.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{draft, drawn};

    #[test]
    fn a_card_says_what_it_is_and_when() {
        let markup = drawn("zh-CN", || html! { <Card draft={draft("会员定价")} /> });
        for part in ["会员定价", "文章", "Minutes(1)", "<button"] {
            assert!(markup.contains(part), "{part}: {markup}");
        }
    }

    #[test]
    fn every_column_of_the_board_is_there_before_anything_is_known() {
        let markup = drawn("en", || {
            html! { <Board look={Rc::new(ListLook::default())} query="" /> }
        });
        assert_eq!(markup.matches("<section").count(), 4, "{markup}");
    }
}
