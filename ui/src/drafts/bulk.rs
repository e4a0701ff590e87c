//! What is done to the drafts that are marked.

use stoa_domain::Shelf;
use stoa_ipc::{ChangeDrafts, DraftsChange, DraftsChanged, LeftDrafts};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::bulk_dialogs::{AccessDialog, TagDialog};
use super::pages::Question;
use super::select::Selection;
use crate::actions::hand_over;
use crate::commands::{use_command, use_commands};
use crate::host::use_host;
use crate::parts::{Button, ButtonKind};
use crate::t;
use crate::tell::refusal_for;
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, use_view};

#[derive(Properties, PartialEq)]
pub(super) struct BulkBarProps {
    pub(super) selection: Selection,
    /// How many are marked.
    pub(super) n: usize,
    pub(super) question: Question,
    pub(super) onclear: Callback<()>,
}

/// What is asked before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    TagToAdd,
    TagToRemove,
    Access,
}

#[component]
pub(super) fn BulkBar(props: &BulkBarProps) -> Html {
    let words = use_words();
    let (is_busy, change) = use_changing(props);
    let asked = use_state_eq(|| None::<Asked>);
    let close = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(None))
    };
    let chosen = {
        let (asked, change) = (asked.setter(), change.clone());
        Callback::from(move |what: DraftsChange| {
            asked.set(None);
            change.emit(what);
        })
    };
    let ask = |what: Asked| {
        let asked = asked.setter();
        Callback::from(move |_: MouseEvent| asked.set(Some(what)))
    };
    let in_bin = props.question.shelf == Shelf::Bin;
    let said = match is_busy {
        true => t!(words, "bulk-busy", n = props.n),
        false => t!(words, "bulk-marked", n = props.n),
    };
    html! {
        <div class="bulk" role="group" aria-label={t!(words, "bulk")} data-testid="bulk">
            <span class="bulk-n" role="status" data-testid="bulk-n">{ said }</span>
            <div class="buttons">
                <Moves shelf={props.question.shelf} {is_busy} change={change.clone()} />
                if !in_bin {
                    <Button kind={ButtonKind::Quiet} icon="tag" label={t!(words, "bulk-tag")} disabled={is_busy} onclick={ask(Asked::TagToAdd)} testid="bulk-tag" />
                    <Button kind={ButtonKind::Quiet} label={t!(words, "bulk-untag")} disabled={is_busy} onclick={ask(Asked::TagToRemove)} testid="bulk-untag" />
                    <Button kind={ButtonKind::Quiet} icon="lock" label={t!(words, "bulk-access")} disabled={is_busy} onclick={ask(Asked::Access)} testid="bulk-access" />
                }
                <Button kind={ButtonKind::Quiet} icon="x" icon_only=true label={t!(words, "bulk-clear")} onclick={props.onclear.reform(|_| ())} testid="bulk-clear" />
            </div>
            {
                match *asked {
                    None => Html::default(),
                    Some(Asked::TagToAdd) => html! { <TagDialog n={props.n} onclose={close} onchosen={chosen} /> },
                    Some(Asked::TagToRemove) => html! { <TagDialog is_removed=true n={props.n} onclose={close} onchosen={chosen} /> },
                    Some(Asked::Access) => html! { <AccessDialog n={props.n} onclose={close} onchosen={chosen} /> },
                }
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct MovesProps {
    shelf: Shelf,
    is_busy: bool,
    change: Callback<DraftsChange>,
}

/// Where the marked drafts can go from a shelf. What members see goes nowhere before it is taken
/// back from them.
#[component]
fn Moves(props: &MovesProps) -> Html {
    let words = use_words();
    let to = |what: DraftsChange| props.change.reform(move |()| what.clone());
    let (archive, bin) = (to(DraftsChange::Archive), to(DraftsChange::Bin));
    let (restore, unarchive) = (to(DraftsChange::Restore), to(DraftsChange::Unarchive));
    let is_draft = matches!(props.shelf, Shelf::Drafts | Shelf::InReview);
    let is_archived = props.shelf == Shelf::Archived;
    let in_bin = props.shelf == Shelf::Bin;
    let able = !props.is_busy;
    use_command("draft.archive", able && is_draft, archive.clone());
    use_command("draft.bin", able && (is_draft || is_archived), bin.clone());
    use_command("draft.unarchive", able && is_archived, unarchive.clone());
    use_command("draft.restore", able && in_bin, restore.clone());
    let button = |is_shown: bool, icon, key: &str, testid: &'static str, run: Callback<()>| {
        let label = words.get(key);
        match is_shown {
            true => html! {
                <Button kind={ButtonKind::Quiet} {icon} {label} disabled={props.is_busy} onclick={run.reform(|_| ())} {testid} />
            },
            false => Html::default(),
        }
    };
    html! {
        <>
            { button(is_draft, "folder", "bulk-archive", "bulk-archive", archive) }
            { button(is_archived, "archive-restore", "bulk-unarchive", "bulk-unarchive", unarchive) }
            { button(is_draft || is_archived, "trash-2", "bulk-bin", "bulk-bin", bin) }
            { button(in_bin, "archive-restore", "bulk-restore", "bulk-restore", restore) }
        </>
    }
}

/// Whether it is being done, and a way to do it.
#[hook]
fn use_changing(props: &BulkBarProps) -> (bool, Callback<DraftsChange>) {
    let (host, words, commands) = (use_host(), use_words(), use_commands());
    let view = use_view().dispatcher();
    let is_busy = use_state_eq(|| false);
    let (which, onclear) = (
        props.selection.meant(&props.question),
        props.onclear.clone(),
    );
    let busy = is_busy.clone();
    let change = Callback::from(move |change: DraftsChange| {
        if *busy {
            return;
        }
        busy.set(true);
        let request = ChangeDrafts {
            which: which.clone(),
            change: change.clone(),
        };
        let (host, words, commands) = (host.clone(), words.clone(), commands.clone());
        let (view, onclear, busy) = (view.clone(), onclear.clone(), busy.clone());
        spawn_local(async move {
            hand_over(&commands).await;
            let done = host.call(request).await;
            busy.set(false);
            match done {
                Err(failure) => {
                    if let Some(toast) = refusal_for(&words, &failure) {
                        view.dispatch(Step::Say(toast));
                    }
                }
                Ok(done) => {
                    onclear.emit(());
                    view.dispatch(said(&words, &change, &done));
                }
            }
        });
    });
    (*is_busy, change)
}

/// What is said of it: how many, and which were left and why.
fn said(words: &Words, change: &DraftsChange, done: &DraftsChanged) -> Step {
    let key = match change {
        DraftsChange::Archive => "bulk-archived",
        DraftsChange::Unarchive => "bulk-unarchived",
        DraftsChange::Bin => "bulk-binned",
        DraftsChange::Restore => "bulk-restored",
        DraftsChange::AddTag(_) | DraftsChange::RemoveTag(_) | DraftsChange::SetAccess(_) => {
            "bulk-changed"
        }
    };
    let mut parts = vec![match (done.n_changed, done.n_same) {
        (0, 0) => t!(words, "bulk-none"),
        (0, n) => t!(words, "bulk-same", n = n),
        (n, _) => words.with(key, &[("n", n.into())]),
    }];
    parts.extend(done.left.iter().map(|left| why_left(words, left)));
    let text = parts.join(t!(words, "bulk-join").as_str());
    match done.n_changed {
        0 => Step::Say(Toast::said(text.into())),
        _ => Step::SayUndoable(text.into()),
    }
}

fn why_left(words: &Words, left: &LeftDrafts) -> AttrValue {
    let untitled = t!(words, "untitled");
    let title = match left.titles.first().map(String::as_str) {
        None => "",
        Some("") => untitled.as_str(),
        Some(title) => title,
    };
    let values = [("n", left.n.into()), ("title", title.into())];
    words.with(&format!("left-{}", left.reason), &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;

    fn left(reason: &str, n: u64) -> LeftDrafts {
        LeftDrafts {
            reason: reason.to_owned(),
            n,
            titles: vec!["会员定价".to_owned()],
        }
    }

    #[track_caller]
    fn text_of(step: Step) -> (String, bool) {
        match step {
            Step::Say(toast) => (toast.text.to_string(), false),
            Step::SayUndoable(text) => (text.to_string(), true),
            _ => panic!("something is said"),
        }
    }

    #[test]
    fn it_is_said_how_many_and_why_the_others_were_left() {
        let words = Words::new("zh-CN");
        let done = DraftsChanged {
            n_changed: 12,
            n_same: 0,
            left: vec![left("published", 1), left("not-allowed", 3)],
        };
        let (text, is_undoable) = text_of(said(&words, &DraftsChange::Archive, &done));
        assert!(is_undoable);
        for part in ["12", "会员定价", "3"] {
            assert!(text.contains(part), "{text}");
        }
        let none = DraftsChanged {
            n_same: 4,
            ..DraftsChanged::default()
        };
        let (text, is_undoable) = text_of(said(&words, &DraftsChange::Bin, &none));
        assert!(!is_undoable && text.contains('4'), "{text}");
    }

    #[test]
    fn every_reason_has_a_text_in_both_languages() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for reason in [
                "not-allowed",
                "published",
                "too-many-tags",
                "gone",
                "wrong-shelf",
            ] {
                assert!(words.has(&format!("left-{reason}")), "{language} {reason}");
            }
        }
    }

    #[test]
    fn each_shelf_offers_what_can_be_done_there() {
        let drafts = drawn("zh-CN", || {
            html! { <BulkBar selection={Selection::default()} n={7} question={Question::default()} onclear={Callback::noop()} /> }
        });
        assert!(
            drafts.contains("7") && drafts.contains("bulk-archive"),
            "{drafts}"
        );
        assert!(!drafts.contains("bulk-restore"), "{drafts}");
        let bin = drawn("zh-CN", || {
            let question = Question {
                shelf: Shelf::Bin,
                ..Question::default()
            };
            html! { <BulkBar selection={Selection::default()} n={7} {question} onclear={Callback::noop()} /> }
        });
        assert!(
            bin.contains("bulk-restore") && !bin.contains("bulk-tag"),
            "{bin}"
        );
        let published = drawn("zh-CN", || {
            let question = Question {
                shelf: Shelf::Published,
                ..Question::default()
            };
            html! { <BulkBar selection={Selection::default()} n={7} {question} onclear={Callback::noop()} /> }
        });
        assert!(
            !published.contains("bulk-bin") && published.contains("bulk-access"),
            "{published}"
        );
    }
}
