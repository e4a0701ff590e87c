//! How long to wait after a failure: decorrelated jitter, from half a second to a minute.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);

/// The waiting times of one kind of request. The seed decides all of them.
#[derive(Debug, Clone)]
pub(crate) struct Retry {
    state: u64,
    last: Duration,
}

impl Retry {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: seed,
            last: FIRST,
        }
    }

    /// The time to wait after one more failure: between half a second and three times the last.
    pub(crate) fn wait(&mut self) -> Duration {
        let longest = (self.last * 3).min(LONGEST);
        let range = (longest - FIRST).as_millis() as u64 + 1;
        self.last = FIRST + Duration::from_millis(self.random() % range);
        self.last
    }

    /// Something went well, or somebody asks for a try: the next failure waits shortly again.
    pub(crate) fn reset(&mut self) {
        self.last = FIRST;
    }

    /// SplitMix64: enough to keep devices from knocking together.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_within_their_bounds_and_start_again() {
        let mut retry = Retry::new(7);
        let waits: Vec<Duration> = (0..200).map(|_| retry.wait()).collect();
        assert!(waits.iter().all(|w| (FIRST..=LONGEST).contains(w)));
        assert!(waits.iter().any(|w| *w > Duration::from_secs(30)));
        retry.reset();
        assert!(retry.wait() <= FIRST * 3);
    }

    #[test]
    fn two_devices_do_not_wait_alike() {
        let mut one = Retry::new(1);
        let mut other = Retry::new(2);
        let same = (0..50).filter(|_| one.wait() == other.wait()).count();
        assert!(same < 10);
    }
}
