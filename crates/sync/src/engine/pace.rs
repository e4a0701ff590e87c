//! How many mutations go into one push, and which one is set aside when it cannot go through.

use stoa_protocol::{PUSH_MAX_BYTES, PUSH_MAX_MUTATIONS};

/// A mutation that made the server fail this often, while the server is well, is set aside.
const STRIKES: u32 = 5;

/// The size of the next push.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    now: usize,
    most: usize,
    most_bytes: usize,
    suspect: Option<(i64, u32)>,
}

/// What to do about a push that failed because of what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Try again with fewer.
    Fewer,
    /// Set this one aside.
    SetAside(i64),
    /// Try the same again, later.
    Later,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self {
            now: PUSH_MAX_MUTATIONS,
            most: PUSH_MAX_MUTATIONS,
            most_bytes: PUSH_MAX_BYTES,
            suspect: None,
        }
    }

    pub(crate) fn limit(&self) -> usize {
        self.now
    }

    pub(crate) fn bytes(&self) -> usize {
        self.most_bytes
    }

    /// The server said how many mutations and bytes it takes.
    pub(crate) fn set_most(&mut self, most: usize, bytes: usize) {
        self.most = most.clamp(1, PUSH_MAX_MUTATIONS);
        self.most_bytes = bytes.clamp(1, PUSH_MAX_BYTES);
        self.now = self.now.min(self.most);
    }

    /// A push went through.
    pub(crate) fn went_through(&mut self) {
        self.now = (self.now * 2).min(self.most);
        self.suspect = None;
    }

    /// The server will not take these mutations as they are: halve them down to the one to blame.
    pub(crate) fn not_taken(&mut self, mids: &[i64]) -> Remedy {
        match mids {
            [] => Remedy::Later,
            [only] => Remedy::SetAside(*only),
            several => {
                self.now = (several.len() / 2).max(1);
                Remedy::Fewer
            }
        }
    }

    /// The server failed over these mutations: go one by one, and count the strikes of the first.
    pub(crate) fn server_failed(&mut self, mids: &[i64]) -> Remedy {
        let Some(first) = mids.first() else {
            return Remedy::Later;
        };
        if mids.len() > 1 {
            self.now = 1;
            return Remedy::Later;
        }
        let strikes = match self.suspect {
            Some((mid, strikes)) if mid == *first => strikes + 1,
            _ => 1,
        };
        self.suspect = Some((*first, strikes));
        if strikes < STRIKES {
            return Remedy::Later;
        }
        self.suspect = None;
        Remedy::SetAside(*first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_finds_the_one_to_blame() {
        let mut pace = Pace::new();
        let mut mids: Vec<i64> = (1..=500).collect();
        let mut n_tries = 0;
        loop {
            match pace.not_taken(&mids) {
                Remedy::Fewer => mids.truncate(pace.limit()),
                Remedy::SetAside(mid) => break assert_eq!(mid, 1),
                Remedy::Later => panic!("halving does not wait"),
            }
            n_tries += 1;
        }
        assert!(n_tries < 10);
    }

    #[test]
    fn the_fifth_strike_sets_aside_and_success_forgets() {
        let mut pace = Pace::new();
        assert_eq!(pace.server_failed(&[7, 8]), Remedy::Later);
        assert_eq!(pace.limit(), 1);
        for _ in 0..4 {
            assert_eq!(pace.server_failed(&[7]), Remedy::Later);
        }
        pace.went_through();
        for _ in 0..4 {
            assert_eq!(pace.server_failed(&[8]), Remedy::Later);
        }
        assert_eq!(pace.server_failed(&[8]), Remedy::SetAside(8));
    }
}
