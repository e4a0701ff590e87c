//! What is known of the reviews of the open draft, and what is done to them.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use stoa_domain::DraftId;
use stoa_ipc::{Command, DraftReviews, ErrorCode, Event, Failure, GetReviews};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::editor::SharedSession;
use crate::host::{Host, use_events, use_host};
use crate::parts::Remote;
use crate::tell::use_tell;
use crate::texts::{Words, use_words};
use crate::view::{Step, View, use_view};

/// What came from elsewhere is in the editor by then, so that passages are places of what it shows.
const SETTLED_MS: u32 = 250;

/// The reviews of a draft, kept up to date; and what asks again.
#[hook]
pub(super) fn use_reviews(
    id: DraftId,
    session: &SharedSession,
) -> (Remote<Rc<DraftReviews>>, Callback<()>) {
    let host = use_host();
    let known = use_state_eq(|| Remote::<Rc<DraftReviews>>::Coming);
    let ask = {
        let (setter, session) = (known.setter(), session.clone());
        Callback::from(move |()| {
            let (host, setter) = (host.clone(), setter.clone());
            let number = session.with(|session| session.number()).flatten();
            spawn_local(async move {
                setter.set(get(&host, id, number).await.map(Rc::new).into());
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(id, move |_| ask.emit(()));
    }
    let later = use_mut_ref(|| None::<Timeout>);
    let again = ask.clone();
    use_events(Callback::from(move |event: Event| {
        if let Event::Drafts(ids) = &event
            && (ids.is_empty() || ids.contains(&id))
        {
            let ask = again.clone();
            let timer = Timeout::new(SETTLED_MS, move || ask.emit(()));
            // The one before is given up.
            later.replace(Some(timer));
        }
    }));
    ((*known).clone(), ask)
}

async fn get(host: &Host, id: DraftId, session: Option<u64>) -> Result<DraftReviews, Failure> {
    match host.call(GetReviews { id, session }).await {
        // The draft is being opened anew.
        Err(failure) if failure.code == ErrorCode::SessionEnded => {
            let session = None;
            host.call(GetReviews { id, session }).await
        }
        answer => answer,
    }
}

/// Carries something out, and says so or why not.
#[derive(Clone)]
pub(super) struct Doing {
    host: Host,
    words: Words,
    tell: Callback<Failure>,
    view: UseReducerDispatcher<View>,
}

impl Doing {
    /// `said` is the key of what is said afterwards, with a way back; empty for nothing.
    pub(super) fn run(
        &self,
        request: impl Command + 'static,
        said: &'static str,
        ended: Callback<()>,
    ) {
        let doing = self.clone();
        spawn_local(async move {
            match doing.host.call(request).await {
                Err(failure) => doing.tell.emit(failure),
                Ok(_) => {
                    if !said.is_empty() {
                        let said = doing.words.get(said);
                        doing.view.dispatch(Step::SayUndoable(said));
                    }
                    ended.emit(());
                }
            }
        });
    }
}

#[hook]
pub(super) fn use_doing() -> Doing {
    Doing {
        host: use_host(),
        words: use_words(),
        tell: use_tell(),
        view: use_view().dispatcher(),
    }
}
