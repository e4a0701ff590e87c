//! Deleting for good, which nothing takes back: a word is typed, and an export is offered first.

use stoa_domain::DraftId;
use stoa_ipc::{DeleteDrafts, EmptyBin, Failure, ProfileKind};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::commands::use_commands;
use crate::host::{Host, use_app, use_host};
use crate::parts::{Button, ButtonKind, Dialog, Field};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, Toast, use_view};

/// What is to be deleted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Doomed {
    /// A draft with this title, possibly empty.
    One(DraftId, AttrValue),
    /// Every one of so many in the bin.
    All(usize),
}

impl Doomed {
    fn title(&self, words: &Words) -> AttrValue {
        match self {
            Self::One(_, title) => t!(words, "delete-title", title = named(words, title).as_str()),
            Self::All(n) => t!(words, "empty-bin-title", n = *n),
        }
    }

    /// What goes, and from where: a community that is sent to nobody is nowhere else.
    fn lead(&self, words: &Words, sends: bool) -> AttrValue {
        match (self, sends) {
            (Self::One(..), true) => t!(words, "delete-lead"),
            (Self::One(..), false) => t!(words, "delete-lead-here"),
            (Self::All(_), true) => t!(words, "empty-bin-lead"),
            (Self::All(_), false) => t!(words, "empty-bin-lead-here"),
        }
    }

    /// Deletes; answers what is said then.
    async fn delete(&self, host: &Host, words: &Words) -> Result<AttrValue, Failure> {
        match self {
            Self::One(id, title) => {
                host.call(DeleteDrafts { ids: vec![*id] }).await?;
                Ok(t!(words, "deleted", title = named(words, title).as_str()))
            }
            Self::All(_) => {
                let done = host.call(EmptyBin {}).await?;
                Ok(match done.n_left {
                    0 => t!(words, "bin-emptied", n = done.n_deleted),
                    _ => t!(words, "bin-emptied-left", n = done.n_deleted),
                })
            }
        }
    }
}

fn named(words: &Words, title: &AttrValue) -> AttrValue {
    match title.is_empty() {
        true => t!(words, "untitled"),
        false => title.clone(),
    }
}

/// Whether the word was typed, however it was spelt.
fn is_confirmed(typed: &str, word: &str) -> bool {
    typed.trim().to_lowercase() == word.to_lowercase()
}

#[derive(Properties, PartialEq)]
pub(crate) struct DeleteDialogProps {
    pub(crate) what: Doomed,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn DeleteDialog(props: &DeleteDialogProps) -> Html {
    let words = use_words();
    let sends = use_app().kind() == Some(ProfileKind::Connected);
    let commands = use_commands();
    let typed = use_state(String::new);
    let word = t!(words, "delete-word");
    let delete = use_delete(&props.what, &props.onclose);
    let is_confirmed = is_confirmed(&typed, &word);
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(text))
    };
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if is_confirmed {
            delete.emit(());
        }
    });
    let export = Callback::from(move |_: MouseEvent| {
        commands.run("app.export");
    });
    html! {
        <Dialog title={props.what.title(&words)} onclose={props.onclose.clone()} testid="delete-dialog">
            <form class="form" {onsubmit}>
                <p>{ props.what.lead(&words, sends) }</p>
                <p class="quiet">{ t!(words, "delete-files") }</p>
                if sends { <p class="quiet">{ t!(words, "delete-changed") }{ " " }{ t!(words, "delete-offline") }</p> }
                <Field name="delete-word" label={t!(words, "delete-type", word = word.as_str())} value={(*typed).clone()} {oninput} focused=true is_code=true />
                <div class="buttons end">
                    <Button kind={ButtonKind::Quiet} icon="download" label={t!(words, "delete-export")} onclick={export} testid="delete-export" />
                    <Button label={t!(words, "cancel")} onclick={props.onclose.reform(|_| ())} />
                    <Button kind={ButtonKind::Danger} submit=true label={t!(words, "draft-delete")} disabled={!is_confirmed} testid="delete-confirm" />
                </div>
            </form>
        </Dialog>
    }
}

/// Deletes, closes the dialog and says what was done.
#[hook]
fn use_delete(what: &Doomed, onclose: &Callback<()>) -> Callback<()> {
    let (host, words, tell) = (use_host(), use_words(), use_tell());
    let view = use_view().dispatcher();
    let (what, onclose) = (what.clone(), onclose.clone());
    Callback::from(move |()| {
        let (host, words, tell) = (host.clone(), words.clone(), tell.clone());
        let (view, what, onclose) = (view.clone(), what.clone(), onclose.clone());
        spawn_local(async move {
            onclose.emit(());
            match what.delete(&host, &words).await {
                Ok(said) => {
                    match &what {
                        Doomed::One(id, _) => view.dispatch(Step::Gone(*id)),
                        Doomed::All(_) => view.dispatch(Step::CloseDraft),
                    }
                    view.dispatch(Step::Say(Toast::said(said)));
                }
                Err(failure) => tell.emit(failure),
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::drawn;
    use stoa_domain::Timestamp;

    fn dialog(what: Doomed) -> Html {
        html! { <DeleteDialog {what} onclose={Callback::noop()} /> }
    }

    #[test]
    fn the_word_is_taken_in_any_case_and_nothing_else_is() {
        for typed in ["delete", " Delete ", "DELETE"] {
            assert!(is_confirmed(typed, "delete"), "{typed}");
        }
        for typed in ["", "del", "删除"] {
            assert!(!is_confirmed(typed, "delete"), "{typed}");
        }
    }

    #[test]
    fn the_dialog_names_the_draft_offers_an_export_and_cannot_be_confirmed_unread() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || {
                let id = DraftId::new(Timestamp::from_millis(1), [1; 10]);
                dialog(Doomed::One(id, "会员定价".into()))
            });
            assert!(markup.contains("会员定价"), "{markup}");
            assert!(markup.contains("delete-export"), "{markup}");
            let confirm = markup
                .split("<button")
                .find(|b| b.contains("delete-confirm"));
            assert!(confirm.is_some_and(|b| b.contains("disabled")), "{markup}");
        }
    }

    #[test]
    fn a_community_of_this_computer_only_has_no_server_to_delete_from() {
        use crate::testing::{drawn_with, profile, state};
        use stoa_ipc::{ProfileInfo, Stage};
        let at = |kind| {
            state(Stage::Open {
                profile: ProfileInfo { kind, ..profile() },
            })
        };
        let all = || dialog(Doomed::All(2));
        let connected = drawn_with("en", at(ProfileKind::Connected), all);
        assert!(connected.contains("server"), "{connected}");
        let local = drawn_with("en", at(ProfileKind::Local), all);
        assert!(!local.contains("server"), "{local}");
    }

    #[test]
    fn emptying_the_bin_says_how_many_drafts_go() {
        let markup = drawn("en", || dialog(Doomed::All(12)));
        assert!(markup.contains("12"), "{markup}");
    }
}
