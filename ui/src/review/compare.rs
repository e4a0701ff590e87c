//! What was handed over for review beside what there is now.

use std::rc::Rc;

use stoa_domain::{DraftId, TextVersion};
use stoa_ipc::{CompareVersions, Comparison};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::use_host;
use crate::parts::{Dialog, Loaded, Remote};
use crate::t;
use crate::texts::{Words, use_words};
use crate::versions::Compared;

#[derive(Properties, PartialEq)]
pub(crate) struct CompareReviewProps {
    pub(crate) id: DraftId,
    pub(crate) text_at: TextVersion,
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn CompareReviewDialog(props: &CompareReviewProps) -> Html {
    let words = use_words();
    let host = use_host();
    let found = use_state(|| Remote::<Rc<Comparison>>::Coming);
    let ask = {
        let (setter, id, old) = (found.setter(), props.id, props.text_at.clone());
        Callback::from(move |()| {
            let (host, setter, old) = (host.clone(), setter.clone(), old.clone());
            spawn_local(async move {
                let compare = CompareVersions { id, old, new: None };
                setter.set(host.call(compare).await.map(Rc::new).into());
            });
        })
    };
    {
        let ask = ask.clone();
        use_effect_with(props.text_at.clone(), move |_| ask.emit(()));
    }
    let show = {
        let words: Words = words.clone();
        Callback::from(move |comparison: Rc<Comparison>| {
            html! { <Compared {comparison} old={t!(words, "review-handed-over")} new={t!(words, "review-now")} /> }
        })
    };
    html! {
        <Dialog title={t!(words, "review-compare-title")} wide=true onclose={props.onclose.clone()} testid="compare-review">
            <Loaded<Rc<Comparison>> value={(*found).clone()} {show} onretry={ask} n_bones=4 />
        </Dialog>
    }
}
