//! The list with its commands: where one stands, what is marked, what can be done there.

use gloo_timers::callback::Timeout;
use stoa_domain::{DraftId, Shelf};
use stoa_ipc::DraftSummary;
use yew::prelude::*;

use super::bulk::BulkBar;
use super::deeds::use_deeds;
use super::list::DraftList;
use super::pages::{Known, Question};
use super::select::{Pick, Selection};
use crate::commands::use_command;
use crate::editor::focus_editor;
use crate::host::use_app;
use crate::view::{Overlay, Step, use_view};

/// A draft that is merely passed over with the arrow keys is not opened.
const PASSING_MS: u32 = 160;

#[derive(Properties, PartialEq)]
pub(super) struct LiveListProps {
    pub(super) known: Known,
    pub(super) want: Callback<usize>,
    pub(super) question: Question,
}

impl LiveListProps {
    fn shelf(&self) -> Shelf {
        self.question.shelf
    }
}

/// The list with its commands.
#[component]
pub(super) fn LiveList(props: &LiveListProps) -> Html {
    let node = use_node_ref();
    let writable = use_app().is_open();
    let cursor = use_cursor(&props.known);
    let renaming = use_state(|| None::<DraftId>);
    let position = cursor.here.and_then(|id| props.known.position(id));
    let draft = position
        .and_then(|index| props.known.drafts.get(index))
        .cloned();
    use_row_commands(props, draft, position, (&cursor.choose, &cursor.open));
    let (selection, pick) = use_selection(props, position, &cursor.go);
    let start_renaming = {
        let (renaming, here) = (renaming.clone(), cursor.here);
        Callback::from(move |()| renaming.set(here))
    };
    let may_rename = writable && position.is_some() && props.shelf() != Shelf::Bin;
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
    let clear = {
        let selection = selection.clone();
        Callback::from(move |()| selection.set(Selection::default()))
    };
    let n_marked = selection.n(props.known.n_total);
    html! {
        <div class="list-body">
            if n_marked > 0 {
                <BulkBar selection={(*selection).clone()} n={n_marked} question={props.question.clone()} onclear={clear.clone()} />
            }
            <DraftList known={props.known.clone()} chosen={position} renaming={renaming_at} want={props.want.clone()}
                selection={(*selection).clone()} onpick={pick} onclear={clear}
                onchoose={cursor.choose} onopen={cursor.open} {onrenamed} node={node} />
        </div>
    }
}

/// What is marked, and a way to mark; both only where one can write.
#[hook]
fn use_selection(
    props: &LiveListProps,
    position: Option<usize>,
    go: &Callback<usize>,
) -> (UseStateHandle<Selection>, Callback<(usize, Pick)>) {
    let selection = use_state_eq(Selection::default);
    let writable = use_app().is_open();
    let pick = {
        let (selection, drafts, go) = (selection.clone(), props.known.drafts.clone(), go.clone());
        Callback::from(move |(index, pick): (usize, Pick)| {
            if !writable {
                return;
            }
            selection.set(match pick {
                Pick::Toggle => selection.toggled(&drafts, index),
                Pick::Through => selection.through(&drafts, position, index),
            });
            go.emit(index);
        })
    };
    let all = {
        let (selection, known) = (selection.clone(), props.known.clone());
        Callback::from(move |()| selection.set(Selection::all(&known.drafts, known.n_total)))
    };
    let last = props.known.n_total.saturating_sub(1);
    let here = position.unwrap_or(0);
    let to = |index: usize, how: Pick| pick.reform(move |()| (index, how));
    let any = writable && props.known.n_total > 0;
    use_command(
        "list.select",
        any && position.is_some(),
        to(here, Pick::Toggle),
    );
    use_command("list.select_all", any, all);
    use_command(
        "list.extend_next",
        any,
        to((here + 1).min(last), Pick::Through),
    );
    use_command(
        "list.extend_previous",
        any,
        to(here.saturating_sub(1), Pick::Through),
    );
    (selection, pick)
}

/// The row one stands on, and ways to another.
struct Cursor {
    here: Option<DraftId>,
    /// Goes there, and opens it when one stays.
    choose: Callback<usize>,
    /// Goes there.
    go: Callback<usize>,
    open: Callback<usize>,
}

/// The row one stands on: it follows the open draft, and opens a draft when one stays on it.
#[hook]
fn use_cursor(known: &Known) -> Cursor {
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
                dispatcher.dispatch(Step::StayOn(id))
            }));
        })
    };
    let go = {
        let (setter, drafts) = (cursor.setter(), drafts.clone());
        Callback::from(move |index: usize| {
            if let Some(draft) = drafts.get(index) {
                setter.set(Some(draft.id));
            }
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
    Cursor {
        here: *cursor,
        choose,
        go,
        open,
    }
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
    let in_list = here && writable && props.shelf() != Shelf::Bin;
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
    let in_bin = here && writable && props.shelf() == Shelf::Bin;
    use_command("draft.restore", in_bin, with(&deeds.restore));
    use_command("draft.delete", in_bin, with(&deeds.delete));
    use_emptying(props);
}

/// Deletes all that is in the bin, after a question.
#[hook]
fn use_emptying(props: &LiveListProps) {
    let view = use_view();
    let n = props.known.n_total;
    let may_empty = use_app().is_open() && props.shelf() == Shelf::Bin && n > 0;
    let ask = Callback::from(move |()| view.dispatch(Step::Show(Overlay::EmptyBin(n))));
    use_command("bin.empty", may_empty, ask);
}
