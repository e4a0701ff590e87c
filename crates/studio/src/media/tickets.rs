//! What a player asks with: a random word for one recording, good for a while after its last use.
//! An element that plays can send no header, so the word stands in its address; it says nothing
//! about the file and is worth nothing after the program ended.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use stoa_domain::BlobHash;

/// How long a ticket outlives its last use.
const LASTS: Duration = Duration::from_secs(10 * 60);
/// The most at once; the one that was used longest ago makes room.
const MOST: usize = 256;

#[derive(Default)]
pub(crate) struct Tickets(Mutex<HashMap<String, Ticket>>);

struct Ticket {
    b3: BlobHash,
    used_at: Instant,
}

impl Tickets {
    /// Keeps a ticket; `word` is random.
    pub(crate) fn keep(&self, word: String, b3: BlobHash, now: Instant) {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.retain(|_, ticket| now.saturating_duration_since(ticket.used_at) < LASTS);
        if tickets.len() >= MOST {
            let oldest = tickets.iter().min_by_key(|(_, ticket)| ticket.used_at);
            if let Some(word) = oldest.map(|(word, _)| word.clone()) {
                tickets.remove(&word);
            }
        }
        tickets.insert(word, Ticket { b3, used_at: now });
    }

    /// What a ticket is for, if it still is.
    pub(crate) fn file(&self, word: &str, now: Instant) -> Option<BlobHash> {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = tickets.get_mut(word)?;
        if now.saturating_duration_since(ticket.used_at) >= LASTS {
            tickets.remove(word);
            return None;
        }
        ticket.used_at = now;
        Some(ticket.b3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_for_one_file_while_it_is_used() {
        let (tickets, start) = (Tickets::default(), Instant::now());
        let b3 = BlobHash::from_bytes([1; 32]);
        tickets.keep("a".to_owned(), b3, start);
        let mut now = start;
        for _ in 0..5 {
            now += LASTS / 2;
            assert_eq!(tickets.file("a", now), Some(b3));
        }
        assert_eq!(tickets.file("b", now), None);
        assert_eq!(tickets.file("a", now + LASTS), None);
        assert_eq!(tickets.file("a", now), None, "it does not come back");
    }

    #[test]
    fn no_more_than_some_are_kept() {
        let (tickets, start) = (Tickets::default(), Instant::now());
        for n in 0..=MOST {
            let now = start + Duration::from_millis(n as u64);
            tickets.keep(n.to_string(), BlobHash::from_bytes([2; 32]), now);
        }
        assert_eq!(tickets.file("0", start), None);
        assert!(tickets.file("1", start).is_some());
    }
}
