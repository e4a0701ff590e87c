//! The drafts of a list, fetched page by page and fetched again when something changed.

use std::cell::Cell;
use std::rc::Rc;

use stoa_domain::{ListFilter, ListLook, ListSort, Shelf};
use stoa_ipc::{DraftPage, DraftSummary, Event, ListDrafts, MeantList, ShelfCount};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::host::{Host, use_events, use_host};
use crate::parts::Remote;

/// How many drafts are asked for at once.
const PAGE: u32 = 100;

/// What is known of a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) drafts: Rc<Vec<DraftSummary>>,
    pub(crate) n_total: usize,
    shelves: Rc<Vec<ShelfCount>>,
    next: Option<String>,
}

impl Known {
    fn first(page: DraftPage) -> Self {
        Self {
            n_total: usize::try_from(page.n_total)
                .unwrap_or(usize::MAX)
                .max(page.drafts.len()),
            drafts: Rc::new(page.drafts),
            shelves: Rc::new(page.shelves),
            next: page.next,
        }
    }

    fn with(&self, page: DraftPage) -> Self {
        let mut drafts = (*self.drafts).clone();
        drafts.extend(page.drafts);
        Self {
            n_total: usize::try_from(page.n_total)
                .unwrap_or(usize::MAX)
                .max(drafts.len()),
            drafts: Rc::new(drafts),
            shelves: Rc::new(page.shelves),
            next: page.next,
        }
    }

    /// How many drafts are on a shelf.
    pub(crate) fn n_on(&self, shelf: Shelf) -> u64 {
        let of = |count: &&ShelfCount| count.shelf == shelf;
        self.shelves.iter().find(of).map_or(0, |count| count.n)
    }

    /// Whether there is no draft on any shelf but the bin.
    pub(crate) fn is_all_empty(&self) -> bool {
        let is_list = |count: &&ShelfCount| count.shelf != Shelf::Bin;
        self.shelves
            .iter()
            .filter(is_list)
            .all(|count| count.n == 0)
    }

    /// The position of a draft.
    pub(crate) fn position(&self, id: stoa_domain::DraftId) -> Option<usize> {
        self.drafts.iter().position(|draft| draft.id == id)
    }
}

/// A list: what is known, a way to want more of it, a way to fetch it anew.
#[derive(Clone, PartialEq)]
pub(crate) struct DraftPages {
    pub(crate) known: Remote<Known>,
    /// Asks for rows up to this index.
    pub(crate) want: Callback<usize>,
    pub(crate) again: Callback<()>,
}

/// What a list is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Question {
    pub(crate) query: String,
    pub(crate) shelf: Shelf,
    pub(crate) filter: ListFilter,
    pub(crate) sort: ListSort,
}

impl Question {
    pub(crate) fn new(query: &str, look: &ListLook) -> Self {
        Self {
            query: query.to_owned(),
            shelf: look.shelf,
            filter: look.filter.clone(),
            sort: look.sort.on(look.shelf),
        }
    }

    /// Whether it leaves anything out of a shelf.
    pub(crate) fn narrows(&self) -> bool {
        !self.query.is_empty() || !self.filter.is_empty()
    }

    /// The same list for a change to all of it.
    pub(crate) fn meant(&self) -> MeantList {
        MeantList {
            query: self.query.clone(),
            shelf: self.shelf,
            filter: self.filter.clone(),
        }
    }

    fn page(&self, after: Option<String>) -> ListDrafts {
        ListDrafts {
            query: self.query.clone(),
            shelf: self.shelf,
            filter: self.filter.clone(),
            sort: self.sort,
            after,
            limit: PAGE,
        }
    }
}

/// The drafts that match, in their order.
#[hook]
pub(crate) fn use_draft_pages(question: &Question) -> DraftPages {
    let host = use_host();
    let known = use_state(|| Remote::<Known>::Coming);
    let asked = use_mut_ref(|| Rc::new(Cell::new(0_u64))).borrow().clone();
    let busy = use_mut_ref(|| Rc::new(Cell::new(false))).borrow().clone();
    let again = fetch_first(&host, question, known.clone(), asked.clone());
    {
        let again = again.clone();
        use_effect_with(question.clone(), move |_| again.emit(()));
    }
    {
        let again = again.clone();
        use_events(Callback::from(move |event: Event| {
            if matches!(event, Event::Drafts(_) | Event::Imported(_)) {
                again.emit(());
            }
        }));
    }
    let want = fetch_more(host, question.clone(), known.clone(), asked, busy);
    DraftPages {
        known: (*known).clone(),
        want,
        again,
    }
}

/// Fetches the first page; an answer that was overtaken by a later question is thrown away.
fn fetch_first(
    host: &Host,
    question: &Question,
    known: UseStateHandle<Remote<Known>>,
    asked: Rc<Cell<u64>>,
) -> Callback<()> {
    let (host, question) = (host.clone(), question.clone());
    Callback::from(move |()| {
        let (host, known, asked) = (host.clone(), known.clone(), asked.clone());
        let number = asked.get() + 1;
        asked.set(number);
        let request = question.page(None);
        spawn_local(async move {
            let answer = host.call(request).await;
            if asked.get() == number {
                known.set(answer.map(Known::first).into());
            }
        });
    })
}

fn fetch_more(
    host: Host,
    question: Question,
    known: UseStateHandle<Remote<Known>>,
    asked: Rc<Cell<u64>>,
    busy: Rc<Cell<bool>>,
) -> Callback<usize> {
    Callback::from(move |wanted: usize| {
        let Remote::Here(now) = (*known).clone() else {
            return;
        };
        if wanted <= now.drafts.len() || now.next.is_none() || busy.replace(true) {
            return;
        }
        let request = question.page(now.next.clone());
        let (host, known, asked, busy) = (host.clone(), known.clone(), asked.clone(), busy.clone());
        let number = asked.get();
        spawn_local(async move {
            let answer = host.call(request).await;
            busy.set(false);
            if let (true, Ok(page)) = (asked.get() == number, answer) {
                known.set(Remote::Here(now.with(page)));
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(n: usize, total: u64, next: Option<&str>) -> DraftPage {
        let draft = crate::testing::draft("x");
        DraftPage {
            drafts: vec![draft; n],
            next: next.map(str::to_owned),
            n_total: total,
            shelves: Vec::new(),
        }
    }

    #[test]
    fn pages_are_put_one_after_the_other() {
        let first = Known::first(page(100, 150, Some("k")));
        let both = first.with(page(50, 150, None));
        assert_eq!(
            (both.drafts.len(), both.n_total, both.next),
            (150, 150, None)
        );
    }

    #[test]
    fn a_count_that_lags_behind_never_hides_a_row() {
        assert_eq!(Known::first(page(3, 2, None)).n_total, 3);
    }
}
