//! Which drafts of a list are marked.

use std::collections::BTreeSet;
use std::rc::Rc;

use stoa_domain::DraftId;
use stoa_ipc::{DraftSummary, DraftsMeant};

use super::pages::Question;

/// How a row is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    /// It alone, or not any more.
    Toggle,
    /// With all rows from the one that was marked last.
    Through,
}

/// What is marked in a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Selection {
    ids: Rc<BTreeSet<DraftId>>,
    /// All of the list, also what was not fetched yet.
    is_all: bool,
    /// From where a range goes.
    anchor: Option<DraftId>,
}

impl Selection {
    /// All of a list, of which so many drafts are known.
    pub(crate) fn all(known: &[DraftSummary], n_total: usize) -> Self {
        Self {
            ids: Rc::new(known.iter().map(|draft| draft.id).collect()),
            is_all: known.len() < n_total,
            anchor: None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ids.is_empty() && !self.is_all
    }

    /// How many are marked in a list of so many.
    pub(crate) fn n(&self, n_total: usize) -> usize {
        match self.is_all {
            true => n_total,
            false => self.ids.len(),
        }
    }

    /// Whether a draft is marked; `None` while nothing is.
    pub(crate) fn mark(&self, id: DraftId) -> Option<bool> {
        (!self.is_empty()).then(|| self.is_all || self.ids.contains(&id))
    }

    /// One more or one less. Of a list that was marked whole, what is known of it stays.
    pub(crate) fn toggled(&self, known: &[DraftSummary], index: usize) -> Self {
        let Some(id) = known.get(index).map(|draft| draft.id) else {
            return self.clone();
        };
        let mut ids = self.ids_of(known);
        if !ids.remove(&id) {
            ids.insert(id);
        }
        Self {
            ids: Rc::new(ids),
            is_all: false,
            anchor: Some(id),
        }
    }

    /// With every row between the one marked last, or where one stands, and another.
    pub(crate) fn through(&self, known: &[DraftSummary], here: Option<usize>, to: usize) -> Self {
        let position = |id: DraftId| known.iter().position(|draft| draft.id == id);
        let from = self.anchor.and_then(position).or(here).unwrap_or(to);
        let range = from.min(to)..=from.max(to);
        let mut ids = match self.anchor {
            // The range replaces the one before from the same place.
            Some(_) => BTreeSet::new(),
            None => self.ids_of(known),
        };
        ids.extend(
            known
                .iter()
                .enumerate()
                .filter_map(|(index, draft)| range.contains(&index).then_some(draft.id)),
        );
        Self {
            ids: Rc::new(ids),
            is_all: false,
            anchor: known.get(from).map(|draft| draft.id),
        }
    }

    fn ids_of(&self, known: &[DraftSummary]) -> BTreeSet<DraftId> {
        match self.is_all {
            true => known.iter().map(|draft| draft.id).collect(),
            false => (*self.ids).clone(),
        }
    }

    /// What the studio is told to change.
    pub(crate) fn meant(&self, question: &Question) -> DraftsMeant {
        match self.is_all {
            true => DraftsMeant::All(question.meant()),
            false => DraftsMeant::These(self.ids.iter().copied().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use stoa_domain::Timestamp;

    use super::*;

    fn known(n: u8) -> Vec<DraftSummary> {
        (0..n)
            .map(|n| DraftSummary {
                id: DraftId::new(Timestamp::from_millis(1), [n; 10]),
                ..crate::testing::draft("稿")
            })
            .collect()
    }

    fn marked(selection: &Selection, known: &[DraftSummary]) -> Vec<usize> {
        let is_marked = |draft: &DraftSummary| selection.mark(draft.id) == Some(true);
        (0..known.len()).filter(|n| is_marked(&known[*n])).collect()
    }

    #[test]
    fn rows_are_marked_one_by_one_and_through() {
        let known = known(6);
        let none = Selection::default();
        assert_eq!(none.mark(known[0].id), None);
        let one = none.toggled(&known, 2);
        assert_eq!(marked(&one, &known), [2]);
        let range = one.through(&known, Some(2), 4);
        assert_eq!(marked(&range, &known), [2, 3, 4]);
        let back = range.through(&known, Some(4), 1);
        assert_eq!(marked(&back, &known), [1, 2]);
        let more = back.toggled(&known, 5);
        assert_eq!(marked(&more, &known), [1, 2, 5]);
        assert_eq!(marked(&more.toggled(&known, 1), &known), [2, 5]);
        let from_cursor = none.through(&known, Some(3), 4);
        assert_eq!(marked(&from_cursor, &known), [3, 4]);
    }

    #[test]
    fn all_are_those_too_that_were_not_fetched() {
        let known = known(3);
        let question = Question::default();
        let all = Selection::all(&known, 450);
        assert_eq!((all.n(450), marked(&all, &known).len()), (450, 3));
        assert!(matches!(all.meant(&question), DraftsMeant::All(_)));
        let less = all.toggled(&known, 0);
        assert_eq!((less.n(450), marked(&less, &known)), (2, vec![1, 2]));
        let short = Selection::all(&known, 3);
        let meant = short.meant(&question);
        assert!(matches!(meant, DraftsMeant::These(ids) if ids.len() == 3));
    }
}
