//! Which part of a document's history: for each author, from which of their operations to which.

use loro::{CounterSpan, ID, IdSpan, LoroDoc};

/// Parts of a document's history, one for each author and stretch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Spans(Vec<(u64, i32, i32)>);

impl Spans {
    pub(crate) fn new(parts: impl IntoIterator<Item = IdSpan>) -> Self {
        let mut spans = Self::default();
        for part in parts {
            spans.push((part.peer, part.counter.min(), part.counter.norm_end()));
        }
        spans.0.sort_unstable();
        spans
    }

    /// The parts that an update carries, without reading it; `None` when it cannot be read.
    pub(crate) fn of_update(bytes: &[u8]) -> Option<Self> {
        let meta = LoroDoc::decode_import_blob_meta(bytes, false).ok()?;
        let mut spans = Self::default();
        for (peer, end) in meta.partial_end_vv.iter() {
            let start = meta.partial_start_vv.get(peer).copied().unwrap_or(0);
            spans.push((*peer, start, *end));
        }
        spans.0.sort_unstable();
        Some(spans)
    }

    /// How many of the operations from one on are among these parts.
    pub(crate) fn overlap(&self, from: ID, len: u32) -> u64 {
        let first = i64::from(from.counter);
        let end = first + i64::from(len);
        let of = |(_, start, until): &(u64, i32, i32)| {
            let both = end.min(i64::from(*until)) - first.max(i64::from(*start));
            u64::try_from(both).unwrap_or(0)
        };
        let own = self.0.iter().filter(|(peer, ..)| *peer == from.peer);
        own.map(of).sum()
    }

    /// The first operation of each part.
    pub(crate) fn firsts(&self) -> impl Iterator<Item = ID> {
        self.0.iter().map(|(peer, start, _)| ID::new(*peer, *start))
    }

    /// The last operation of each part.
    pub(crate) fn lasts(&self) -> impl Iterator<Item = ID> {
        self.0.iter().map(|(peer, _, end)| ID::new(*peer, *end - 1))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn to_ids(&self) -> Vec<IdSpan> {
        let span = |(peer, start, end): &(u64, i32, i32)| IdSpan {
            peer: *peer,
            counter: CounterSpan::new(*start, *end),
        };
        self.0.iter().map(span).collect()
    }

    /// Both together; stretches that meet become one.
    pub(crate) fn join(mut self, other: &Spans) -> Spans {
        for part in &other.0 {
            self.push(*part);
        }
        self
    }

    fn push(&mut self, (peer, start, end): (u64, i32, i32)) {
        let before = self
            .0
            .iter_mut()
            .find(|(p, _, e)| *p == peer && *e == start);
        match before {
            Some(part) => part.2 = end,
            None if start < end => self.0.push((peer, start, end)),
            None => {}
        }
    }

    /// Two halves of the longest stretch's owner; `None` when there is nothing to cut.
    pub(crate) fn halves(&self) -> Option<(Spans, Spans)> {
        if self.0.len() > 1 {
            let (first, second) = self.0.split_at(self.0.len() / 2);
            return Some((Spans(first.to_vec()), Spans(second.to_vec())));
        }
        let (peer, start, end) = *self.0.first()?;
        let middle = start + (end - start) / 2;
        (middle > start).then(|| {
            (
                Spans(vec![(peer, start, middle)]),
                Spans(vec![(peer, middle, end)]),
            )
        })
    }

    /// As JSON; numbers of authors are text there, because they need all 64 bits.
    pub(crate) fn to_json(&self) -> String {
        let parts: Vec<_> = self
            .0
            .iter()
            .map(|(peer, start, end)| (peer.to_string(), start, end))
            .collect();
        serde_json::to_string(&parts).expect("texts and numbers always become JSON")
    }

    pub(crate) fn from_json(json: &str) -> Option<Spans> {
        let parts: Vec<(String, i32, i32)> = serde_json::from_str(json).ok()?;
        let parts = parts
            .into_iter()
            .map(|(peer, start, end)| Some((peer.parse().ok()?, start, end)));
        parts.collect::<Option<_>>().map(Spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_one_author_that_meet_become_one() {
        let joined = Spans(vec![(u64::MAX - 1, 0, 4)])
            .join(&Spans(vec![(u64::MAX - 1, 4, 9)]))
            .join(&Spans(vec![(2, 0, 1)]));
        assert_eq!(joined, Spans(vec![(u64::MAX - 1, 0, 9), (2, 0, 1)]));
        assert_eq!(Spans::from_json(&joined.to_json()), Some(joined));
    }

    #[test]
    fn an_overlap_counts_what_is_in_both() {
        let spans = Spans(vec![(1, 0, 4), (1, 8, 9), (2, 0, 100)]);
        let cases = [
            ((1, 0), 4, 4),
            ((1, 2), 7, 3),
            ((1, 4), 4, 0),
            ((3, 0), 9, 0),
        ];
        for ((peer, counter), len, expected) in cases {
            assert_eq!(spans.overlap(ID::new(peer, counter), len), expected);
        }
    }

    #[test]
    fn a_stretch_is_cut_until_one_operation_is_left() {
        let (first, second) = Spans(vec![(1, 0, 3)]).halves().unwrap();
        assert_eq!(
            (first.clone(), second),
            (Spans(vec![(1, 0, 1)]), Spans(vec![(1, 1, 3)]))
        );
        assert_eq!(first.halves(), None);
    }
}
