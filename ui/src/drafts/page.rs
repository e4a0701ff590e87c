//! Content: the list on one side, the draft on the other.

use gloo_timers::callback::Timeout;
use stoa_domain::{DraftId, Shelf};
use stoa_ipc::DraftSummary;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::deeds::use_deeds;
use super::empty::Empty;
use super::list::DraftList;
use super::pages::{DraftPages, Known, Question, use_draft_pages};
use crate::commands::use_command;
use crate::editor::{EditorPane, focus_editor};
use crate::files::{Refused, import};
use crate::host::{use_app, use_host};
use crate::parts::{Button, ButtonKind, Icon, KeyCaps, Loaded, Tab, Tabs};
use crate::shell::Splitter;
use crate::t;
use crate::tell::use_tell;
use crate::texts::use_words;
use crate::versions::VersionsPage;
use crate::view::{Overlay, Step, Toast, use_view};

/// A draft that is merely passed over with the arrow keys is not opened.
const PASSING_MS: u32 = 160;

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
    let tab = use_state_eq(Shelf::default);
    let shelf = if props.is_bin { Shelf::Bin } else { *tab };
    let pages = use_draft_pages(&Question { query: (*query).clone(), shelf, ..Question::default() });
    let onshelf = {
        let tab = tab.setter();
        Callback::from(move |shelf| tab.set(shelf))
    };
    let open = view.open_draft;
    let past = open.filter(|_| view.versions_shown);
    let oninput = {
        let query = query.clone();
        Callback::from(move |text| query.set(text))
    };
    html! {
        <div class={classes!("two", open.is_some().then_some("detail-shown"), past.is_some().then_some("versions-shown"))}>
            <section class="list-pane" id="shelf" aria-label={t!(words, "drafts-list")}>
                <ListHead {shelf} {onshelf} query={(*query).clone()} {oninput} known={pages.known.here().cloned()} />
                <ListBody {pages} {shelf} query={(*query).clone()} />
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
struct ListHeadProps {
    shelf: Shelf,
    onshelf: Callback<Shelf>,
    query: String,
    oninput: Callback<String>,
    known: Option<Known>,
}

#[component]
fn ListHead(props: &ListHeadProps) -> Html {
    let words = use_words();
    let is_bin = props.shelf == Shelf::Bin;
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
            if !is_bin { <ShelfTabs shelf={props.shelf} onshelf={props.onshelf.clone()} known={props.known.clone()} /> }
            <div class="list-tools">
                <SearchField query={props.query.clone()} oninput={props.oninput.clone()} />
            </div>
            <p class="sort-line">
                <span data-testid="n-drafts" role="status">{ n.unwrap_or_default() }</span>
                <span>{ t!(words, "sorted-by") }</span>
            </p>
        </header>
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
    shelf: Shelf,
    onshelf: Callback<Shelf>,
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
    let chosen = TABS.iter().position(|(shelf, ..)| *shelf == props.shelf);
    let onchoose = props.onshelf.reform(|index: usize| TABS[index].0);
    html! {
        <Tabs label={t!(words, "place-content")} tabs={tabs.to_vec()} chosen={chosen.unwrap_or(0)} panel="shelf" {onchoose} />
    }
}

#[component]
fn NewButtons() -> Html {
    let words = use_words();
    let commands = crate::commands::use_commands();
    if !use_app().is_open() {
        return Html::default();
    }
    let new = Callback::from(move |_: MouseEvent| {
        commands.run("draft.new");
    });
    html! {
        <div class="buttons">
            <ImportButton />
            <Button kind={ButtonKind::Main} icon="plus" label={t!(words, "draft-new")} onclick={new} testid="draft-new" />
        </div>
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

/// Opens the system's file dialog; what is chosen becomes a draft.
#[component]
fn ImportButton() -> Html {
    let words = use_words();
    let (host, view, tell) = (use_host(), use_view(), use_tell());
    let node = use_node_ref();
    let pick = {
        let node = node.clone();
        Callback::from(move |()| {
            if let Some(input) = node.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    use_command("draft.import", true, pick.clone());
    let onchange = {
        let words = words.clone();
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let Some(file) = input.files().and_then(|files| files.get(0)) else {
                return;
            };
            input.set_value("");
            let (host, view, tell, words) =
                (host.clone(), view.clone(), tell.clone(), words.clone());
            spawn_local(async move {
                match import(&host, file).await {
                    Ok(id) => view.dispatch(Step::Open(id)),
                    Err(Refused::File(key)) => {
                        view.dispatch(Step::Say(Toast::said(words.get(key))))
                    }
                    Err(Refused::Studio(failure)) => tell.emit(failure),
                }
            });
        })
    };
    html! {
        <>
            <input ref={node} type="file" hidden=true accept=".md,.markdown,.txt,text/markdown,text/plain" {onchange} data-testid="import-file" />
            <Button kind={ButtonKind::Quiet} icon="upload" icon_only=true label={t!(words, "draft-import")} onclick={pick.reform(|_| ())} testid="draft-import" />
        </>
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

#[derive(Properties, PartialEq)]
struct ListBodyProps {
    pages: DraftPages,
    shelf: Shelf,
    query: String,
}

#[component]
fn ListBody(props: &ListBodyProps) -> Html {
    let shelf = props.shelf;
    let want = props.pages.want.clone();
    let known = props.pages.known.here();
    let is_empty = known.is_some_and(|known| known.n_total == 0);
    let is_first = known.is_none_or(Known::is_all_empty);
    let show = Callback::from(move |known: Known| {
        html! { <LiveList {known} want={want.clone()} {shelf} /> }
    });
    html! {
        <Loaded<Known> value={props.pages.known.clone()} {show} {is_empty}
            empty={html! { <Empty {shelf} query={props.query.clone()} {is_first} /> }} onretry={props.pages.again.clone()} />
    }
}

#[derive(Properties, PartialEq)]
struct LiveListProps {
    known: Known,
    want: Callback<usize>,
    shelf: Shelf,
}

/// The list with its commands.
#[component]
fn LiveList(props: &LiveListProps) -> Html {
    let node = use_node_ref();
    let writable = use_app().is_open();
    let (cursor, choose, open) = use_cursor(&props.known);
    let renaming = use_state(|| None::<DraftId>);
    let position = cursor.and_then(|id| props.known.position(id));
    let draft = position
        .and_then(|index| props.known.drafts.get(index))
        .cloned();
    use_row_commands(props, draft, position, (&choose, &open));
    let start_renaming = {
        let renaming = renaming.clone();
        Callback::from(move |()| renaming.set(cursor))
    };
    let may_rename = writable && position.is_some() && props.shelf != Shelf::Bin;
    use_command("draft.rename", may_rename, start_renaming);
    let renaming_at = (*renaming).and_then(|id| props.known.position(id));
    let rename = use_deeds().rename;
    let onrenamed = {
        let node = node.clone();
        Callback::from(move |title: Option<String>| {
            let Some(id) = *renaming else { return };
            renaming.set(None);
            if let Some(title) = title {
                rename.emit((id, title));
            }
            if let Some(list) = node.cast::<web_sys::HtmlElement>() {
                // Fails only for an element that is going away.
                let _ = list.focus();
            }
        })
    };
    html! {
        <DraftList known={props.known.clone()} chosen={position} renaming={renaming_at} want={props.want.clone()}
            onchoose={choose} onopen={open} {onrenamed} node={node} />
    }
}

/// The row one stands on: it follows the open draft, and opens a draft when one stays on it.
#[hook]
fn use_cursor(known: &Known) -> (Option<DraftId>, Callback<usize>, Callback<usize>) {
    let view = use_view();
    let cursor = use_state_eq(|| view.open_draft);
    let timer = use_mut_ref(|| None::<Timeout>);
    {
        let setter = cursor.setter();
        use_effect_with(view.open_draft, move |open| {
            if open.is_some() {
                setter.set(*open);
            }
        });
    }
    let drafts = known.drafts.clone();
    let choose = {
        let (setter, drafts, dispatcher) = (cursor.setter(), drafts.clone(), view.dispatcher());
        Callback::from(move |index: usize| {
            let Some(id) = drafts.get(index).map(|draft| draft.id) else {
                return;
            };
            setter.set(Some(id));
            let dispatcher = dispatcher.clone();
            *timer.borrow_mut() = Some(Timeout::new(PASSING_MS, move || {
                dispatcher.dispatch(Step::Open(id))
            }));
        })
    };
    let open = {
        let dispatcher = view.dispatcher();
        Callback::from(move |index: usize| {
            if let Some(draft) = drafts.get(index) {
                dispatcher.dispatch(Step::Open(draft.id));
                focus_editor();
            }
        })
    };
    (*cursor, choose, open)
}

#[hook]
fn use_row_commands(
    props: &LiveListProps,
    draft: Option<DraftSummary>,
    position: Option<usize>,
    moves: (&Callback<usize>, &Callback<usize>),
) {
    let (choose, open) = moves;
    let deeds = use_deeds();
    let writable = use_app().is_open();
    let last = props.known.n_total.saturating_sub(1);
    let here = draft.is_some();
    let next = position.map_or(0, |index| (index + 1).min(last));
    let before = position.map_or(0, |index| index.saturating_sub(1));
    use_command("list.next", true, choose.reform(move |()| next));
    use_command("list.previous", true, choose.reform(move |()| before));
    use_command(
        "draft.open",
        here,
        open.reform(move |()| position.unwrap_or(0)),
    );
    let with = |deed: &Callback<DraftSummary>| {
        let (deed, draft) = (deed.clone(), draft.clone());
        Callback::from(move |()| {
            if let Some(draft) = draft.clone() {
                deed.emit(draft);
            }
        })
    };
    let in_list = here && writable && props.shelf != Shelf::Bin;
    use_command("draft.duplicate", in_list, with(&deeds.duplicate));
    let is_offered = draft.as_ref().is_some_and(|draft| draft.post.is_some());
    let is_archived = draft
        .as_ref()
        .is_some_and(|draft| draft.archived_at.is_some());
    use_command("draft.bin", in_list && !is_offered, with(&deeds.bin));
    use_command("post.publish", in_list, with(&deeds.publish));
    let may_ask = in_list && !is_archived;
    use_command("review.ask", may_ask, with(&deeds.ask_review));
    use_command("version.list", here, with(&deeds.versions));
    use_command("draft.preview", here, with(&deeds.preview));
    use_command("post.compare", here && is_offered, with(&deeds.compare));
    use_command(
        "post.withdraw",
        in_list && is_offered,
        with(&deeds.withdraw),
    );
    let may_archive = in_list && !is_offered && !is_archived;
    use_command("draft.archive", may_archive, with(&deeds.archive));
    use_command(
        "draft.unarchive",
        in_list && is_archived,
        with(&deeds.unarchive),
    );
    let in_bin = here && writable && props.shelf == Shelf::Bin;
    use_command("draft.restore", in_bin, with(&deeds.restore));
    use_command("draft.delete", in_bin, with(&deeds.delete));
    use_emptying(props);
}

/// Deletes all that is in the bin, after a question.
#[hook]
fn use_emptying(props: &LiveListProps) {
    let view = use_view();
    let n = props.known.n_total;
    let may_empty = use_app().is_open() && props.shelf == Shelf::Bin && n > 0;
    let ask = Callback::from(move |()| view.dispatch(Step::Show(Overlay::EmptyBin(n))));
    use_command("bin.empty", may_empty, ask);
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
