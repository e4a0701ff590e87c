//! The dialog again, for a publication that waits or was refused: it begins with what that says,
//! and puts another one in its place.

use std::rc::Rc;

use stoa_domain::DraftId;
use stoa_ipc::{DraftSummary, GetPublication, Publication};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::dialog::Ask;
use super::form::Form;
use super::state::use_summary;
use crate::format::now;
use crate::host::use_host;
use crate::t;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::zone::Zone;

#[derive(Properties, PartialEq)]
pub(crate) struct RepublishDialogProps {
    pub(crate) id: DraftId,
    pub(crate) lid: i64,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn RepublishDialog(props: &RepublishDialogProps) -> Html {
    let (host, tell) = (use_host(), use_tell());
    let draft = use_summary(props.id);
    let found = use_state_eq(|| None::<Rc<Publication>>);
    {
        let (setter, onclose) = (found.setter(), props.onclose.clone());
        use_effect_with(props.lid, move |lid| {
            let lid = *lid;
            spawn_local(async move {
                match host.call(GetPublication { lid }).await {
                    Ok(publication) => setter.set(Some(Rc::new(publication))),
                    // It went, or somebody took it back, in the meantime.
                    Err(failure) => {
                        onclose.emit(());
                        tell.emit(failure);
                    }
                }
            });
        });
    }
    match (draft, (*found).clone()) {
        (Some(draft), Some(publication)) => {
            let editing = Some(Editing {
                lid: props.lid,
                publication,
            });
            html! { <Ask {draft} {editing} onclose={props.onclose.clone()} /> }
        }
        _ => Html::default(),
    }
}

/// The publication whose place is to be taken.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Editing {
    pub(super) lid: i64,
    pub(super) publication: Rc<Publication>,
}

impl Editing {
    /// What the dialog begins with: of one that waits, what it says; of one that was refused, what
    /// the draft is to become now. A time that is past was no time to be chosen again.
    pub(super) fn form(&self, draft: &DraftSummary, zone: &Zone) -> Form {
        let publication = &self.publication;
        let content = match publication.is_refused {
            true => &draft.content,
            false => &publication.content,
        };
        let to_come = |at: &stoa_domain::Timestamp| *at > now();
        let live_at = publication.live_at.filter(to_come);
        let unless_after = publication.unless_after.filter(to_come);
        Form::of(content, |at| zone.write(at)).at(
            live_at.map(|at| zone.write(at)),
            unless_after.map(|at| zone.write(at)),
        )
    }

    /// What becomes of what waits or was refused.
    pub(super) fn lead(&self, words: &Words) -> AttrValue {
        match (self.publication.is_refused, self.publication.is_behind) {
            (true, _) => t!(words, "republish-refused"),
            (false, true) => t!(words, "republish-behind"),
            (false, false) => t!(words, "republish-lead"),
        }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct LeadProps {
    pub(super) editing: Editing,
}

#[component]
pub(super) fn Lead(props: &LeadProps) -> Html {
    let words = use_words();
    html! { <p class="quiet" data-testid="republish-lead">{ props.editing.lead(&words) }</p> }
}

#[cfg(test)]
mod tests {
    use stoa_domain::{Access, Content};

    use super::super::form::{Audience, When};
    use super::*;
    use crate::testing::{draft, drawn};

    fn editing(is_refused: bool) -> Editing {
        let content = Content {
            access: Access::Public,
            ..Content::default()
        };
        Editing {
            lid: 3,
            publication: Rc::new(Publication {
                draft: draft("会员定价").id,
                content,
                live_at: Some(now().plus_millis(3_600_000)),
                unless_after: Some(now().plus_millis(-1)),
                is_behind: false,
                is_refused,
            }),
        }
    }

    #[test]
    fn one_that_waits_is_edited_as_it_is_and_one_that_was_refused_as_the_draft_is_now() {
        let mut now_registered = draft("会员定价");
        now_registered.content.access = Access::Registered;
        let waits = editing(false).form(&now_registered, &Zone::default());
        assert_eq!(waits.audience, Audience::Public);
        assert_eq!((waits.when, waits.live_at.is_empty()), (When::Later, false));
        assert_eq!(waits.unless_after, "", "what is past is not chosen again");
        let refused = editing(true).form(&now_registered, &Zone::default());
        assert_eq!(refused.audience, Audience::Registered);
    }

    #[test]
    fn the_dialog_says_what_becomes_of_what_waits_and_offers_no_second_way() {
        for language in ["zh-CN", "en"] {
            let markup = drawn(language, || {
                html! { <Ask draft={draft("会员定价")} editing={Some(editing(false))} onclose={Callback::noop()} /> }
            });
            assert!(markup.contains("republish-lead"), "{markup}");
            assert!(!markup.contains("publish-keep"), "{markup}");
        }
    }
}
