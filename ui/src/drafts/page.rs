//! Content: the list on one side, the draft on the other; or the board.

use stoa_domain::{ListFilter, ListLayout, ListLook};
use yew::prelude::*;

use super::board::Board;
use super::empty::Empty;
use super::head::{ListHead, use_relook};
use super::live::LiveList;
use super::pages::{DraftPages, Known, Question, use_draft_pages};
use crate::editor::EditorPane;
use crate::parts::{KeyCaps, Loaded};
use crate::shell::Splitter;
use crate::t;
use crate::texts::use_words;
use crate::versions::VersionsPage;
use crate::view::use_view;

#[derive(Properties, PartialEq)]
pub(crate) struct DraftsPageProps {
    /// Whether it is the bin; the other shelves are tabs.
    #[prop_or_default]
    pub(crate) is_bin: bool,
}

#[component]
pub(crate) fn DraftsPage(props: &DraftsPageProps) -> Html {
    let words = use_words();
    let view = use_view();
    let query = use_state(String::new);
    let look = match props.is_bin {
        true => view.bin_look.clone(),
        false => view.look.clone(),
    };
    let question = Question::new(&query, &look);
    let pages = use_draft_pages(&question);
    let open = view.open_draft;
    let past = open.filter(|_| view.versions_shown);
    let oninput = {
        let query = query.clone();
        Callback::from(move |text| query.set(text))
    };
    let head = html! {
        <ListHead look={look.clone()} query={(*query).clone()} {oninput} known={pages.known.here().cloned()} />
    };
    if look.layout == ListLayout::Board && open.is_none() && !props.is_bin {
        return html! {
            <section class="board-pane" id="shelf" aria-label={t!(words, "board")}>
                { head }
                <Board {look} query={(*query).clone()} />
            </section>
        };
    }
    html! {
        <div class={classes!("two", open.is_some().then_some("detail-shown"), past.is_some().then_some("versions-shown"))}>
            <section class="list-pane" id="shelf" aria-label={t!(words, "drafts-list")}>
                { head }
                <ListBody {pages} {question} {look} />
                <Splitter name="list" label={t!(words, "splitter-list")} smallest=280 largest=560 usual=340 />
            </section>
            <section class="detail-pane" data-pane="detail" aria-label={t!(words, "pane-detail")}>
                if let Some(id) = past {
                    <VersionsPage key={id.to_string()} {id} />
                } else if let Some(id) = open {
                    <EditorPane key={id.to_string()} {id} />
                } else {
                    <Blank is_bin={props.is_bin} />
                }
            </section>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ListBodyProps {
    pages: DraftPages,
    question: Question,
    look: std::rc::Rc<ListLook>,
}

#[component]
fn ListBody(props: &ListBodyProps) -> Html {
    let relook = use_relook();
    let want = props.pages.want.clone();
    let known = props.pages.known.here();
    let is_empty = known.is_some_and(|known| known.n_total == 0);
    let is_first = known.is_none_or(Known::is_all_empty);
    let question = props.question.clone();
    let show = {
        let question = question.clone();
        Callback::from(move |known: Known| {
            // Another list is not marked as this one was.
            let key = format!("{question:?}");
            html! { <LiveList {key} {known} want={want.clone()} question={question.clone()} /> }
        })
    };
    let look = props.look.clone();
    let onclear = relook.reform(move |()| ListLook {
        filter: ListFilter::default(),
        ..(*look).clone()
    });
    let is_filtered = !question.filter.is_empty();
    html! {
        <Loaded<Known> value={props.pages.known.clone()} {show} {is_empty}
            empty={html! { <Empty shelf={question.shelf} query={question.query} {is_first} {is_filtered} {onclear} /> }}
            onretry={props.pages.again.clone()} />
    }
}

#[derive(Properties, PartialEq)]
struct BlankProps {
    is_bin: bool,
}

/// Nothing is open: the keys that lead on.
#[component]
fn Blank(props: &BlankProps) -> Html {
    let words = use_words();
    if props.is_bin {
        return html! { <div class="blank"><p>{ t!(words, "nothing-open-bin") }</p></div> };
    }
    html! {
        <div class="blank">
            <p>{ t!(words, "nothing-open") }</p>
            <div class="hints">
                <KeyCaps command="draft.new" /><span>{ t!(words, "draft-new") }</span>
                <KeyCaps command="app.palette" /><span>{ t!(words, "palette-open") }</span>
                <KeyCaps command="help.shortcuts" /><span>{ t!(words, "help-title") }</span>
            </div>
        </div>
    }
}
