//! The sessions in which a text was written, found in its history.
//!
//! A document remembers what builds on what; who wrote an update and when stands in its row, in
//! the outbox while it was not sent. From both follow the states that a text went through: one for
//! each stretch that somebody wrote without a pause, and one where what two devices wrote came
//! together. The state of a session is what its last operation was written on and that operation:
//! the text that its writer had before their eyes.

use loro::{Frontiers, ID, VersionVector};
use stoa_domain::{Timestamp, UserId, is_same_session};

use super::{Document, Spans};

/// An update, as far as it says who wrote what and when.
pub(crate) struct Piece {
    pub(crate) by: Option<UserId>,
    pub(crate) began_at: Timestamp,
    pub(crate) at: Timestamp,
    pub(crate) spans: Spans,
}

/// How a state came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// It was written.
    Here,
    /// An earlier text was put in place, and perhaps written on.
    Restored,
    /// What was written apart came together.
    Together,
}

/// A state that the text went through.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Session {
    pub(crate) how: Written,
    /// Nobody where several people's work came together.
    pub(crate) by: Option<UserId>,
    pub(crate) began_at: Timestamp,
    pub(crate) at: Timestamp,
    /// What it began on.
    pub(crate) from: Frontiers,
    pub(crate) point: Frontiers,
    /// All that it builds on, itself included.
    pub(crate) closure: VersionVector,
    /// What was written in it; of what came together, what had not been known before.
    pub(crate) spans: Spans,
    /// The last update that belongs to it; one that came together stands before its own.
    place: (usize, bool),
}

impl Session {
    fn includes(&self, point: &Frontiers) -> bool {
        includes(&self.closure, point)
    }
}

fn includes(closure: &VersionVector, point: &Frontiers) -> bool {
    point.iter().all(|id| closure.includes_id(id))
}

/// The sessions of a document, oldest first. The updates are in an order in which each comes after
/// those that it builds on; no clock decides anything but where a pause is.
pub(crate) fn sessions(document: &Document, pieces: &[Piece]) -> Vec<Session> {
    let mut found = Found {
        document,
        sessions: Vec::new(),
        heads: Vec::new(),
    };
    for (n, piece) in pieces.iter().enumerate() {
        // One that waits for another is not in the text.
        if let Some(ground) = Ground::of(document, piece) {
            found.take(n, piece, ground);
        }
    }
    found.end(pieces.len());
    let mut sessions = found.sessions;
    sessions.sort_by_key(|session| session.place);
    sessions
}

/// Where an update stands in the history.
struct Ground {
    /// What its first operation was written on.
    from: Frontiers,
    /// All that it builds on.
    seen: VersionVector,
    lasts: Vec<ID>,
    is_restored: bool,
}

impl Ground {
    fn of(document: &Document, piece: &Piece) -> Option<Self> {
        let mut from = None;
        let mut seen = VersionVector::default();
        for first in piece.spans.firsts() {
            let before = document.before(first)?;
            let closure = document.closure(&before)?;
            let is_earlier = |(_, earliest): &(Frontiers, VersionVector)| {
                earliest.includes_vv(&closure) && *earliest != closure
            };
            seen.merge(&closure);
            if from.as_ref().is_none_or(is_earlier) {
                from = Some((before, closure));
            }
        }
        let lasts: Vec<ID> = piece.spans.lasts().collect();
        document
            .knows(&lasts.iter().copied().collect())
            .then_some(())?;
        let is_restored = piece
            .spans
            .firsts()
            .any(|first| first.counter == 0 && document.is_restored(first));
        Some(Self {
            from: from?.0,
            seen,
            lasts,
            is_restored,
        })
    }
}

struct Found<'d> {
    document: &'d Document,
    sessions: Vec<Session>,
    /// Those that no other builds on.
    heads: Vec<usize>,
}

impl Found<'_> {
    fn take(&mut self, n: usize, piece: &Piece, ground: Ground) {
        let at = match self.continued(piece, &ground) {
            Some(at) => at,
            None => {
                self.come_together(n, piece, &ground.seen);
                self.sessions.push(Session {
                    how: match ground.is_restored {
                        true => Written::Restored,
                        false => Written::Here,
                    },
                    by: piece.by,
                    began_at: piece.began_at,
                    at: piece.at,
                    from: ground.from,
                    point: Frontiers::default(),
                    closure: VersionVector::default(),
                    spans: Spans::default(),
                    place: (n, true),
                });
                self.sessions.len() - 1
            }
        };
        let session = &mut self.sessions[at];
        let all: Frontiers = session.point.iter().chain(ground.lasts).collect();
        let point = self.document.minimal(&all).unwrap_or(all);
        session.closure = self.document.closure(&point).unwrap_or_default();
        session.point = point;
        session.at = session.at.max(piece.at);
        session.spans = std::mem::take(&mut session.spans).join(&piece.spans);
        session.place = (n, true);
        self.now_ahead(at);
    }

    /// The session that an update goes on with: of the same person, without a pause, and nothing
    /// that was written apart from it came in between.
    fn continued(&self, piece: &Piece, ground: &Ground) -> Option<usize> {
        if ground.is_restored {
            return None;
        }
        let is_own =
            |session: &&Session| session.by == piece.by && session.how != Written::Together;
        let at = self.sessions.iter().rposition(|s| is_own(&s))?;
        let session = &self.sessions[at];
        let goes_on =
            is_same_session(session.at, piece.began_at) && includes(&ground.seen, &session.point);
        let is_apart = |head: &&usize| {
            let head = &self.sessions[**head];
            includes(&ground.seen, &head.point) && !head.includes(&session.point)
        };
        (goes_on && !self.heads.iter().any(|head| is_apart(&head) && *head != at)).then_some(at)
    }

    /// Notes that somebody saw together what had been written apart.
    fn come_together(&mut self, n: usize, piece: &Piece, seen: &VersionVector) {
        let apart: Vec<usize> = self
            .heads
            .iter()
            .copied()
            .filter(|head| includes(seen, &self.sessions[*head].point))
            .collect();
        if apart.len() > 1 {
            self.join(&apart, (n, false), piece.began_at);
        }
    }

    fn join(&mut self, apart: &[usize], place: (usize, bool), at: Timestamp) {
        let heads = apart
            .iter()
            .flat_map(|head| self.sessions[*head].point.iter());
        let all: Frontiers = heads.collect();
        let Some(closure) = self.document.closure(&all) else {
            return;
        };
        let known = &self.sessions[apart[0]].closure;
        let spans = Spans::new(closure.sub_iter(known));
        self.sessions.push(Session {
            how: Written::Together,
            by: None,
            began_at: at,
            at,
            from: self.sessions[apart[0]].point.clone(),
            point: all,
            closure,
            spans,
            place,
        });
        self.now_ahead(self.sessions.len() - 1);
    }

    fn now_ahead(&mut self, at: usize) {
        let closure = &self.sessions[at].closure;
        self.heads
            .retain(|head| *head != at && !includes(closure, &self.sessions[*head].point));
        self.heads.push(at);
    }

    /// What was written apart and nobody has written on: the present text is both.
    fn end(&mut self, n: usize) {
        if self.heads.len() > 1 {
            let at = self.heads.iter().map(|head| self.sessions[*head].at).max();
            let apart = self.heads.clone();
            self.join(&apart, (n, false), at.unwrap_or_default());
        }
    }
}
