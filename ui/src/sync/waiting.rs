//! What waits: one row for each thing somebody meant to do, and what can be done about it.

use std::rc::Rc;

use stoa_ipc::{
    Change, ChangeState, Connection, DiscardChange, FilesTrouble, KeepBack, ListChanges, SendFirst,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sentence::{place_of, sentence, use_listed, use_send};
use crate::format::{relative, size};
use crate::host::{use_app, use_host, use_now, use_standing};
use crate::parts::{Button, ButtonKind, Loaded, RowOf, Rows};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, use_view};

#[component]
pub(super) fn Waiting() -> Html {
    let words = use_words();
    let standing = use_standing();
    let (changes, again) = use_listed(ListChanges {
        failed: false,
        limit: 1_000,
    });
    let sends = !matches!(
        standing.connection,
        Connection::Demo | Connection::LocalOnly
    );
    let is_empty = !sends || changes.here().is_some_and(|changes| changes.is_empty());
    let show = Callback::from(|changes: Rc<Vec<Change>>| html! { <WaitingRows {changes} /> });
    let nothing = match standing.connection {
        Connection::Demo => t!(words, "sync-waits-demo"),
        Connection::LocalOnly => t!(words, "sync-waits-local"),
        _ => t!(words, "sync-none-waiting"),
    };
    html! {
        <Loaded<Rc<Vec<Change>>> value={changes} {show} onretry={again} n_bones=3 {is_empty}
            empty={html! { <div class="empty"><p>{ nothing }</p></div> }} />
    }
}

#[derive(Properties, PartialEq)]
struct WaitingRowsProps {
    changes: Rc<Vec<Change>>,
}

#[component]
fn WaitingRows(props: &WaitingRowsProps) -> Html {
    let words = use_words();
    let now = use_now();
    let view = use_view();
    let standing = use_standing();
    let offline = standing.connection != Connection::Syncing;
    let held = standing.files_held;
    let letters = use_app().preferences().letter_keys;
    let ask = use_discard();
    let rows: Vec<RowOf> = props
        .changes
        .iter()
        .map(|change| {
            let age = relative(words.tag(), now, change.made_at);
            let about = t!(words, "change-about", age = age, size = size(change.size));
            let said = sentence(&words, &change.text);
            RowOf {
                key: AttrValue::from(change.lid.to_string()),
                label: AttrValue::from(format!("{said} · {about} · {}", when(&words, change, offline, held))),
                class: "change",
                content: html! { <WaitingRow change={change.clone()} {about} when={when(&words, change, offline, held)} ondiscard={ask.clone()} /> },
            }
        })
        .collect();
    let onkey = {
        let changes = props.changes.clone();
        Callback::from(move |(at, key): (usize, String)| {
            let Some(change) = changes.get(at) else {
                return;
            };
            match key.as_str() {
                "Enter" => view.dispatch(place_of(change)),
                "Delete" if change.can_discard => ask.emit(change.clone()),
                "d" | "D" if letters && change.can_discard => ask.emit(change.clone()),
                _ => {}
            }
        })
    };
    html! {
        <Rows label={t!(words, "sync-waiting")} {rows} {onkey} testid="sync-waiting-row" />
    }
}

/// When it goes, or what keeps it.
fn when(
    words: &Words,
    change: &Change,
    offline: bool,
    files_held: Option<FilesTrouble>,
) -> AttrValue {
    match (&change.state, files_held) {
        (ChangeState::UnderWay, _) => t!(words, "change-under-way"),
        _ if change.kept_back => t!(words, "change-kept-back"),
        (_, Some(why)) if change.n_needs > 0 => words.get(&format!("files-{}-short", why.as_str())),
        _ if change.n_needs > 0 => t!(words, "change-needs", n = change.n_needs),
        _ if offline => t!(words, "change-when-online"),
        _ => t!(words, "change-next"),
    }
}

#[derive(Properties, PartialEq)]
struct WaitingRowProps {
    change: Change,
    about: AttrValue,
    when: AttrValue,
    ondiscard: Callback<Change>,
}

#[component]
fn WaitingRow(props: &WaitingRowProps) -> Html {
    let words = use_words();
    let view = use_view();
    let keep = use_send::<KeepBack>();
    let first = use_send::<SendFirst>();
    let change = props.change.clone();
    let (lid, kept) = (change.lid, change.kept_back);
    let under_way = change.state == ChangeState::UnderWay;
    let (icon, label) = match kept {
        true => ("play", t!(words, "change-release")),
        false => ("pause", t!(words, "change-keep-back")),
    };
    let shown = change.clone();
    let open = Callback::from(move |_: MouseEvent| view.dispatch(place_of(&shown)));
    let keep_back = KeepBack {
        lid,
        kept_back: !kept,
    };
    let asked = change.clone();
    let discard = props.ondiscard.reform(move |_: MouseEvent| asked.clone());
    let chip = if kept || change.n_needs > 0 {
        "chip warn"
    } else {
        "chip"
    };
    html! {
        <>
            <p class="sentence">{ sentence(&words, &change.text) }</p>
            <p class="about"><span>{ props.about.clone() }</span><span class={chip}>{ props.when.clone() }</span></p>
            <div class="buttons">
                <Button kind={ButtonKind::Quiet} label={t!(words, "change-open")} onclick={open} testid="change-open" />
                if change.can_go_first && !kept {
                    <Button kind={ButtonKind::Quiet} icon="arrow-up-to-line" icon_only=true label={t!(words, "change-first")}
                        onclick={first.reform(move |_: MouseEvent| SendFirst { lid })} testid="change-first" />
                }
                if !under_way {
                    <Button kind={ButtonKind::Quiet} {icon} icon_only=true {label}
                        onclick={keep.reform(move |_: MouseEvent| keep_back.clone())} testid="change-keep-back" />
                }
                if change.can_discard {
                    <Button kind={ButtonKind::Quiet} icon="trash-2" icon_only=true label={t!(words, "change-discard")} onclick={discard} testid="change-discard" />
                }
            </div>
        </>
    }
}

/// Takes a change back at once; undo puts it back.
#[hook]
pub(super) fn use_discard() -> Callback<Change> {
    let words = use_words();
    let (host, tell, view) = (use_host(), use_tell(), use_view().dispatcher());
    Callback::from(move |change: Change| {
        let (host, tell, view, words) = (host.clone(), tell.clone(), view.clone(), words.clone());
        spawn_local(async move {
            match host.call(DiscardChange { lid: change.lid }).await {
                Ok(()) => {
                    let what = sentence(&words, &change.text);
                    let said = t!(words, "discarded", change = what.as_str());
                    view.dispatch(match is_of_deleted(&change) {
                        // Nothing is left that it could be put back into; the history keeps it.
                        true => Step::Say(Toast::said(said)),
                        false => Step::SayUndoable(said),
                    });
                }
                Err(failure) => tell.emit(failure),
            }
        });
    })
}

/// Whether it was refused because its draft was deleted elsewhere.
pub(super) fn is_of_deleted(change: &Change) -> bool {
    matches!(&change.state, ChangeState::Rejected { code } if code == "deleted")
}

#[cfg(test)]
mod tests {
    use stoa_domain::{DraftId, Timestamp};
    use stoa_ipc::ChangeText;

    use super::*;

    fn change() -> Change {
        Change {
            lid: 1,
            text: ChangeText {
                kind: "write".to_owned(),
                title: "稿".to_owned(),
            },
            state: ChangeState::Waiting,
            made_at: Timestamp::default(),
            size: 10,
            draft: DraftId::from_bytes([1; 16]),
            can_discard: true,
            n: 1,
            n_needs: 0,
            kept_back: false,
            can_go_first: false,
            taken: None,
        }
    }

    #[test]
    fn each_row_says_what_it_waits_for() {
        let words = Words::new("en");
        let kept = Change {
            kept_back: true,
            n_needs: 2,
            ..change()
        };
        let needs = Change {
            n_needs: 2,
            ..change()
        };
        assert_eq!(
            when(&words, &kept, true, None),
            t!(words, "change-kept-back")
        );
        assert!(when(&words, &needs, true, None).contains('2'));
        assert_eq!(
            when(&words, &needs, false, Some(FilesTrouble::OverQuota)),
            t!(words, "files-over-quota-short")
        );
        assert_eq!(
            when(&words, &change(), true, Some(FilesTrouble::OverQuota)),
            t!(words, "change-when-online")
        );
        assert_eq!(
            when(&words, &change(), false, None),
            t!(words, "change-next")
        );
    }
}
