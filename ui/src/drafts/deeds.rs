//! What is done to a draft from the list, with a way back.

use stoa_domain::DraftId;
use stoa_ipc::{
    ArchiveDraft, BinDraft, Command, DraftSummary, DuplicateDraft, RenameDraft, RestoreDraft,
    UnarchiveDraft, WithdrawPost,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::actions::hand_over;
use crate::commands::{Commands, use_commands};
use crate::host::{Host, use_host};
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Overlay, Step, View, use_view};

/// What can be done to a draft.
#[derive(Clone, PartialEq)]
pub(crate) struct Deeds {
    pub(crate) bin: Callback<DraftSummary>,
    pub(crate) restore: Callback<DraftSummary>,
    /// Asks first.
    pub(crate) delete: Callback<DraftSummary>,
    pub(crate) duplicate: Callback<DraftSummary>,
    pub(crate) rename: Callback<(DraftId, String)>,
    /// Asks when and for whom.
    pub(crate) publish: Callback<DraftSummary>,
    /// Shows it as its readers will see it.
    pub(crate) preview: Callback<DraftSummary>,
    pub(crate) withdraw: Callback<DraftSummary>,
    pub(crate) archive: Callback<DraftSummary>,
    pub(crate) unarchive: Callback<DraftSummary>,
    /// Shows its versions.
    pub(crate) versions: Callback<DraftSummary>,
    /// Asks who is to review it.
    pub(crate) ask_review: Callback<DraftSummary>,
    /// Asks for a name for the text as it is now.
    pub(crate) save_version: Callback<DraftSummary>,
    /// Shows what members see beside what there is now.
    pub(crate) compare: Callback<DraftSummary>,
}

#[derive(Clone)]
struct Doer {
    host: Host,
    words: Words,
    tell: Callback<stoa_ipc::Failure>,
    view: UseReducerDispatcher<View>,
    commands: Commands,
}

#[hook]
pub(crate) fn use_deeds() -> Deeds {
    let doer = Doer {
        host: use_host(),
        words: use_words(),
        tell: use_tell(),
        view: use_view().dispatcher(),
        commands: use_commands(),
    };
    Deeds {
        bin: doer.clone().callback(Doer::bin),
        restore: doer.clone().callback(Doer::restore),
        delete: doer.clone().callback(Doer::delete),
        duplicate: doer.clone().callback(Doer::duplicate),
        rename: doer.clone().callback(Doer::rename),
        publish: doer
            .clone()
            .once_saved(|draft| Step::Show(Overlay::Publish(draft.id))),
        preview: doer
            .clone()
            .once_saved(|draft| Step::Show(Overlay::Preview(draft.id))),
        withdraw: doer.clone().callback(Doer::withdraw),
        archive: doer.clone().callback(Doer::archive),
        unarchive: doer.clone().callback(Doer::unarchive),
        versions: doer
            .clone()
            .once_saved(|draft| Step::ShowVersions(draft.id)),
        ask_review: doer.clone().once_saved(|draft| {
            let (id, title) = (draft.id, draft.title.into());
            Step::Show(Overlay::AskReview { id, title })
        }),
        save_version: doer.clone().once_saved(|draft| {
            let (id, named) = (draft.id, None);
            Step::Show(Overlay::NameVersion { id, named })
        }),
        compare: doer.once_saved(|draft| Step::Show(Overlay::ComparePost(draft.id))),
    }
}

impl Doer {
    fn callback<T: 'static>(self, deed: fn(Doer, T)) -> Callback<T> {
        Callback::from(move |input| deed(self.clone(), input))
    }

    /// Goes there when what was typed a moment ago is part of it.
    fn once_saved(self, step: fn(DraftSummary) -> Step) -> Callback<DraftSummary> {
        Callback::from(move |draft| {
            let (view, commands) = (self.view.clone(), self.commands.clone());
            spawn_local(async move {
                hand_over(&commands).await;
                view.dispatch(step(draft));
            });
        })
    }

    fn bin(self, draft: DraftSummary) {
        spawn_local(async move {
            let id = draft.id;
            match self.host.call(BinDraft { id }).await {
                Err(failure) => self.tell.emit(failure),
                Ok(()) => {
                    let said = t!(self.words, "binned", title = self.named(&draft).as_str());
                    self.view.dispatch(Step::Gone(id));
                    self.view.dispatch(Step::SayUndoable(said));
                }
            }
        });
    }

    fn restore(self, draft: DraftSummary) {
        spawn_local(async move {
            let id = draft.id;
            match self.host.call(RestoreDraft { id }).await {
                Err(failure) => self.tell.emit(failure),
                Ok(()) => {
                    let said = t!(self.words, "restored", title = self.named(&draft).as_str());
                    self.view.dispatch(Step::Gone(id));
                    self.view.dispatch(Step::SayUndoable(said));
                }
            }
        });
    }

    fn delete(self, draft: DraftSummary) {
        let ask = Overlay::DeleteDraft {
            id: draft.id,
            title: draft.title.into(),
        };
        self.view.dispatch(Step::Show(ask));
    }

    fn duplicate(self, mut draft: DraftSummary) {
        draft.title = t!(self.words, "copy-of", title = self.named(&draft)).to_string();
        let request = DuplicateDraft {
            id: draft.id,
            title: draft.title,
        };
        spawn_local(async move {
            match self.host.call(request).await {
                Ok(copy) => self.view.dispatch(Step::Open(copy.id)),
                Err(failure) => self.tell.emit(failure),
            }
        });
    }

    fn rename(self, (id, title): (DraftId, String)) {
        spawn_local(async move {
            if let Err(failure) = self.host.call(RenameDraft { id, title }).await {
                self.tell.emit(failure);
            }
        });
    }

    fn withdraw(self, draft: DraftSummary) {
        let request = WithdrawPost { id: draft.id };
        self.change(request, "withdrawn", draft);
    }

    fn archive(self, draft: DraftSummary) {
        let request = ArchiveDraft { id: draft.id };
        self.change(request, "archived", draft);
    }

    fn unarchive(self, draft: DraftSummary) {
        let request = UnarchiveDraft { id: draft.id };
        self.change(request, "unarchived", draft);
    }

    /// Does it and says so.
    fn change(
        self,
        request: impl Command<Reply = DraftSummary> + 'static,
        said: &'static str,
        draft: DraftSummary,
    ) {
        spawn_local(async move {
            match self.host.call(request).await {
                Err(failure) => self.tell.emit(failure),
                Ok(_) => {
                    let title = self.named(&draft);
                    let said = self.words.with(said, &[("title", title.as_str().into())]);
                    self.view.dispatch(Step::SayUndoable(said));
                }
            }
        });
    }

    fn named(&self, draft: &DraftSummary) -> String {
        if draft.title.is_empty() {
            t!(self.words, "untitled").to_string()
        } else {
            draft.title.clone()
        }
    }
}
