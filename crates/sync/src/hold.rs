//! The moment outward changes are held, counted in running time.
//!
//! Each is counted from when it is first seen here: after a restart anew. The device's clock,
//! which may jump, is never asked.

use std::collections::HashMap;
use std::time::Duration;

use stoa_store::Held;

/// The ends of the moments that are under way, by change.
#[derive(Debug, Default)]
pub(crate) struct Holds(HashMap<i64, Duration>);

/// What the held changes ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// Changes whose moment is over.
    pub(crate) over: Vec<i64>,
    /// When the next one will be.
    pub(crate) next: Option<Duration>,
}

impl Holds {
    /// When each moment ends.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (i64, Duration)> {
        self.0.iter().map(|(lid, end)| (*lid, *end))
    }

    /// Looks at what is held. `now` is running time and never goes back.
    pub(crate) fn look(&mut self, now: Duration, held: &[Held]) -> Look {
        self.0
            .retain(|lid, _| held.iter().any(|held| held.lid == *lid));
        let mut look = Look::default();
        for Held { lid, hold } in held {
            let end = *self.0.entry(*lid).or_insert(now + *hold);
            if now >= end {
                look.over.push(*lid);
            } else {
                look.next = Some(look.next.map_or(end, |next| next.min(end)));
            }
        }
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn held(lid: i64) -> Held {
        Held {
            lid,
            hold: seconds(10),
        }
    }

    #[test]
    fn a_moment_is_counted_from_when_it_is_first_seen() {
        let mut holds = Holds::default();
        assert_eq!(
            holds.look(seconds(100), &[held(1)]).next,
            Some(seconds(110))
        );
        let both = holds.look(seconds(105), &[held(1), held(2)]);
        assert_eq!((both.over, both.next), (vec![], Some(seconds(110))));
        let first = holds.look(seconds(110), &[held(1), held(2)]);
        assert_eq!((first.over, first.next), (vec![1], Some(seconds(115))));
    }

    #[test]
    fn a_restart_begins_the_moment_anew_and_it_ends() {
        let mut before = Holds::default();
        before.look(seconds(3), &[held(1)]);
        let mut after = Holds::default();
        assert!(after.look(Duration::ZERO, &[held(1)]).over.is_empty());
        assert_eq!(after.look(seconds(10), &[held(1)]).over, [1]);
    }

    #[test]
    fn what_was_taken_back_is_forgotten() {
        let mut holds = Holds::default();
        holds.look(seconds(1), &[held(1)]);
        assert_eq!(holds.look(seconds(2), &[]), Look::default());
        // Done again it is held from then on.
        assert_eq!(holds.look(seconds(5), &[held(1)]).next, Some(seconds(15)));
    }
}
