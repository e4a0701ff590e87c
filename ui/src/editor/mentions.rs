//! What can be mentioned behind an `@`: the drafts of this window, found by title and by pinyin.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use stoa_domain::DraftId;
use stoa_ipc::{DraftSummary, ListDrafts, PinyinKeys};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use super::run::object;
use crate::format::grouped;
use crate::host::Host;
use crate::palette::{Finder, Haystack};
use crate::t;
use crate::texts::Words;

/// What a text calls a post of the community.
const SCHEME: &str = "stoa:post/";
const DRAFTS: u32 = 200;
const SHOWN: usize = 8;

/// The drafts one can mention.
pub(crate) struct Mentions {
    host: Host,
    words: Words,
    /// The draft that is being written does not mention itself.
    own: DraftId,
    known: RefCell<Vec<(DraftSummary, Haystack)>>,
}

impl Mentions {
    pub(crate) fn new(host: Host, words: Words, own: DraftId) -> Rc<Self> {
        Rc::new(Self {
            host,
            words,
            own,
            known: RefCell::default(),
        })
    }

    /// Answers the editor's question.
    pub(crate) fn question(self: &Rc<Self>) -> Rc<dyn Fn(String) -> Promise> {
        let mentions = self.clone();
        Rc::new(move |query: String| {
            let mentions = mentions.clone();
            future_to_promise(async move {
                // The bare sign begins anew, so what was written since is found too.
                if query.is_empty() || mentions.known.borrow().is_empty() {
                    mentions.learn().await;
                }
                Ok(mentions.found(&query))
            })
        })
    }

    async fn learn(&self) {
        let request = ListDrafts {
            limit: DRAFTS,
            ..ListDrafts::default()
        };
        // Without an answer what was known before is offered.
        let Ok(page) = self.host.call(request).await else {
            return;
        };
        let drafts: Vec<DraftSummary> = page
            .drafts
            .into_iter()
            .filter(|draft| is_named(draft, self.own))
            .collect();
        let texts = drafts.iter().map(|draft| draft.title.clone()).collect();
        let keys = self
            .host
            .call(PinyinKeys { texts })
            .await
            .unwrap_or_default();
        let mut keys = keys.into_iter();
        let known = drafts.into_iter().map(|draft| {
            let haystack = Haystack::new(&draft.title, keys.next().unwrap_or_default());
            (draft, haystack)
        });
        self.known.replace(known.collect());
    }

    fn found(&self, query: &str) -> JsValue {
        let known = self.known.borrow();
        let fits = Finder::default().find(query, known.iter().map(|(_, haystack)| haystack), SHOWN);
        let all: Array = fits
            .iter()
            .filter_map(|fit| known.get(fit.index))
            .map(|(draft, _)| self.offered(draft))
            .collect();
        all.into()
    }

    fn offered(&self, draft: &DraftSummary) -> JsValue {
        let note = t!(self.words, "n-words", n = grouped(draft.n_words));
        object(&[
            ("label", draft.title.as_str().into()),
            ("href", format!("{SCHEME}{}", draft.id).into()),
            ("note", note.as_str().into()),
        ])
    }
}

fn is_named(draft: &DraftSummary, own: DraftId) -> bool {
    draft.id != own && !draft.title.trim().is_empty()
}

/// The draft that an address of a text means.
pub(crate) fn mentioned(address: &str) -> Option<DraftId> {
    address.strip_prefix(SCHEME)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::Timestamp;

    #[test]
    fn an_address_of_the_community_is_a_draft_and_no_other_is() {
        let id = DraftId::new(Timestamp::from_millis(1), [7; 10]);
        assert_eq!(mentioned(&format!("{SCHEME}{id}")), Some(id));
        for other in ["stoa:post/", "https://example.com/", "stoa:user/1"] {
            assert_eq!(mentioned(other), None, "{other}");
        }
    }
}
