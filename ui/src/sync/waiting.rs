//! What waits: one row for each thing somebody meant to do, and what can be done about it.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use stoa_ipc::{
    Change, ChangeState, Connection, DiscardChange, FilesTrouble, KeepBack, ListChanges,
    ReleaseChange, SendFirst,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::sentence::{intent, needed, place_of, sentence, use_listed, use_send};
use crate::format::{relative, size};
use crate::host::{use_app, use_host, use_now, use_standing};
use crate::parts::{Button, ButtonKind, Loaded, RowOf, Rows};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Overlay, Step, Toast, use_view};
use crate::zone::use_zone;

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
    let zone = use_zone();
    let ask = use_discard();
    let rows: Vec<RowOf> = props
        .changes
        .iter()
        .map(|change| {
            let age = relative(words.tag(), now, change.made_at);
            let about = t!(words, "change-about", age = age, size = size(change.size));
            let said = intent(&words, change, &zone);
            RowOf {
                key: AttrValue::from(change.lid.to_string()),
                label: AttrValue::from(format!("{said} · {about} · {}", when(&words, change, offline, held))),
                class: "change",
                content: html! { <WaitingRow change={change.clone()} {said} {about} when={when(&words, change, offline, held)} ondiscard={ask.clone()} /> },
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
                "e" | "E" if letters && change.can_republish => {
                    let (id, lid) = (change.draft, change.lid);
                    view.dispatch(Step::Show(Overlay::Republish { id, lid }));
                }
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
        // How long still is told beside it, second by second.
        _ if change.held_seconds.is_some() => t!(words, "change-held-some"),
        (_, Some(why)) if change.n_needs > 0 => words.get(&format!("files-{}-short", why.as_str())),
        _ if change.n_needs > 0 => needed(words, change),
        _ if offline => t!(words, "change-when-online"),
        _ => t!(words, "change-next"),
    }
}

#[derive(Properties, PartialEq)]
struct WaitingRowProps {
    change: Change,
    said: AttrValue,
    about: AttrValue,
    when: AttrValue,
    ondiscard: Callback<Change>,
}

#[component]
fn WaitingRow(props: &WaitingRowProps) -> Html {
    let change = &props.change;
    let held = change.held_seconds.filter(|_| !change.kept_back);
    let chip = if change.kept_back || change.n_needs > 0 {
        "chip warn"
    } else {
        "chip"
    };
    html! {
        <>
            <p class="sentence">{ props.said.clone() }</p>
            <p class="about">
                <span>{ props.about.clone() }</span>
                if let Some(seconds) = held {
                    <Countdown key={seconds} {seconds} />
                } else {
                    <span class={chip}>{ props.when.clone() }</span>
                }
            </p>
            <div class="buttons">
                if held.is_some() {
                    <HeldButtons change={change.clone()} ondiscard={props.ondiscard.clone()} />
                } else {
                    <WaitingButtons change={change.clone()} ondiscard={props.ondiscard.clone()} />
                }
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CountdownProps {
    seconds: u64,
}

/// How long it is still held. It is no news for who cannot see it: the row says that it is held.
#[component]
fn Countdown(props: &CountdownProps) -> Html {
    let words = use_words();
    let left = use_state_eq(|| props.seconds);
    let setter = left.setter();
    use_effect_with(*left, move |left| {
        let left = *left;
        let timer = (left > 0).then(|| Timeout::new(1_000, move || setter.set(left - 1)));
        move || drop(timer)
    });
    let said = match *left {
        0 => t!(words, "change-next"),
        left => t!(words, "change-held", n = left),
    };
    html! { <span class="chip" data-testid="change-held">{ said }</span> }
}

#[derive(Properties, PartialEq)]
struct ButtonsProps {
    change: Change,
    ondiscard: Callback<Change>,
}

impl ButtonsProps {
    fn discard(&self) -> Callback<MouseEvent> {
        let change = self.change.clone();
        self.ondiscard.reform(move |_: MouseEvent| change.clone())
    }
}

/// While it is held: taken back, changed, or sent at once.
#[component]
fn HeldButtons(props: &ButtonsProps) -> Html {
    let words = use_words();
    let release = use_send::<ReleaseChange>();
    let lid = props.change.lid;
    html! {
        <>
            <EditButton change={props.change.clone()} />
            <Button kind={ButtonKind::Quiet} label={t!(words, "change-send-now")}
                onclick={release.reform(move |_: MouseEvent| ReleaseChange { lid })} testid="change-send-now" />
            if props.change.can_discard {
                <Button label={t!(words, "undo")} onclick={props.discard()} testid="change-undo" />
            }
        </>
    }
}

#[component]
fn WaitingButtons(props: &ButtonsProps) -> Html {
    let words = use_words();
    let keep = use_send::<KeepBack>();
    let first = use_send::<SendFirst>();
    let change = &props.change;
    let (lid, kept) = (change.lid, change.kept_back);
    let under_way = change.state == ChangeState::UnderWay;
    let (icon, label) = match kept {
        true => ("play", t!(words, "change-release")),
        false => ("pause", t!(words, "change-keep-back")),
    };
    let keep_back = KeepBack {
        lid,
        kept_back: !kept,
    };
    html! {
        <>
            <EditButton change={change.clone()} />
            if change.can_go_first && !kept {
                <Button kind={ButtonKind::Quiet} icon="arrow-up-to-line" icon_only=true label={t!(words, "change-first")}
                    onclick={first.reform(move |_: MouseEvent| SendFirst { lid })} testid="change-first" />
            }
            if !under_way {
                <Button kind={ButtonKind::Quiet} {icon} icon_only=true {label}
                    onclick={keep.reform(move |_: MouseEvent| keep_back.clone())} testid="change-keep-back" />
            }
            if change.can_discard {
                <Button kind={ButtonKind::Quiet} icon="trash-2" icon_only=true label={t!(words, "change-discard")} onclick={props.discard()} testid="change-discard" />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct EditButtonProps {
    change: Change,
}

/// Opens what a change is about. What was written is edited there; a publication has its dialog.
#[component]
fn EditButton(props: &EditButtonProps) -> Html {
    let words = use_words();
    let view = use_view();
    let (id, lid) = (props.change.draft, props.change.lid);
    let edit = {
        let view = view.dispatcher();
        Callback::from(move |_: MouseEvent| {
            view.dispatch(Step::Show(Overlay::Republish { id, lid }));
        })
    };
    let change = props.change.clone();
    let open = Callback::from(move |_: MouseEvent| view.dispatch(place_of(&change)));
    let label = match props.change.text.kind.as_str() {
        "create" | "rename" | "write" => t!(words, "change-edit"),
        _ => t!(words, "change-open"),
    };
    html! {
        <>
            if props.change.can_republish {
                <Button kind={ButtonKind::Quiet} label={t!(words, "change-edit")} onclick={edit} testid="change-edit" />
            }
            <Button kind={ButtonKind::Quiet} {label} onclick={open} testid="change-open" />
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
    use stoa_domain::Timestamp;
    use stoa_ipc::NeededFile;

    use super::*;
    use crate::testing::{change as change_of, drawn};
    use crate::zone::Zone;

    fn change() -> Change {
        change_of("write")
    }

    fn publication() -> Change {
        Change {
            can_republish: true,
            ..change_of("publish")
        }
    }

    fn row(change: Change) -> Html {
        html! { <WaitingRow {change} said="发布《稿》" about="1 B" when="Goes next" ondiscard={Callback::noop()} /> }
    }

    #[test]
    fn what_is_held_says_for_how_long_and_can_be_taken_back_or_sent() {
        let held = drawn("en", || {
            row(Change {
                held_seconds: Some(7),
                ..publication()
            })
        });
        assert!(held.contains("Held 7 s"), "{held}");
        for button in ["change-edit", "change-send-now", "change-undo"] {
            assert!(held.contains(button), "{button}: {held}");
        }
        assert!(!held.contains("Goes next"), "{held}");
        let next = drawn("en", || row(publication()));
        assert!(
            next.contains("Goes next") && !next.contains("change-send-now"),
            "{next}"
        );
    }

    #[test]
    fn a_publication_has_its_dialog_and_a_text_its_draft() {
        let text = drawn("en", || row(change()));
        assert!(
            !text.contains("change-edit") && text.contains(">Edit<"),
            "{text}"
        );
        let publication = drawn("en", || row(publication()));
        assert!(publication.contains("change-edit"), "{publication}");
        let decided = drawn("en", || row(change_of("bin")));
        assert!(!decided.contains(">Edit<"), "{decided}");
    }

    #[test]
    fn a_publication_says_when_it_is_to_be_seen() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            let zone = Zone::default();
            let at_once = intent(&words, &publication(), &zone);
            let scheduled = Change {
                live_at: Some(Timestamp::from_millis(2_051_604_000_000)),
                unless_after: Some(Timestamp::from_millis(2_083_140_000_000)),
                ..publication()
            };
            let said = intent(&words, &scheduled, &zone);
            assert!(
                said.contains("2051604000000") && said.contains("2083140000000"),
                "{said}"
            );
            assert!(!at_once.contains("2051604000000"), "{at_once}");
        }
    }

    #[test]
    fn the_files_it_waits_for_are_named() {
        let file = |name: &str, is_travelling| NeededFile {
            name: name.to_owned(),
            size: 2_000_000,
            is_travelling,
        };
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            let two = Change {
                n_needs: 2,
                needs: vec![file("封面.png", false), file("课.mp3", true)],
                ..change()
            };
            let said = when(&words, &two, true, None);
            assert!(
                said.contains("封面.png") && said.contains("课.mp3"),
                "{said}"
            );
            let many = Change { n_needs: 9, ..two };
            assert!(when(&words, &many, true, None).contains('7'));
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
