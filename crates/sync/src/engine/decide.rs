//! The next action.

use std::time::Duration;

use super::{Action, Engine, Live, Stop, StoreStep, View};

/// With a live connection, a quiet studio says hello this often, in case a poke was lost.
const HELLO_EVERY_LIVE: Duration = Duration::from_secs(5 * 60);
/// Without one, this often.
const HELLO_EVERY: Duration = Duration::from_secs(30);
/// A device that was revoked asks this often whether it is to be wiped.
pub(super) const ASK_EVERY: Duration = Duration::from_secs(5 * 60);
/// After so many requests of one direction the other one has its turn.
const TURN: u32 = 8;
/// So often within an hour may everything be taken anew.
pub(super) const MAX_RESETS: usize = 3;
const HOUR: Duration = Duration::from_secs(60 * 60);

impl Engine {
    /// What to do now. `now` never goes back.
    pub fn next(&mut self, now: Duration, view: &View) -> Action {
        let action = self.choose(now, view);
        if matches!(action, Action::Hello | Action::Pull) {
            self.announced = 0;
        }
        action
    }

    fn choose(&mut self, now: Duration, view: &View) -> Action {
        if let Some(step) = self.store_step(now) {
            return step;
        }
        if self.is_thrown_out() && view.has_tokens && !self.is_paused {
            return self.listen_for_orders(now);
        }
        if self.stop.is_some() || self.is_paused {
            return Action::Rest;
        }
        if !view.has_tokens {
            self.stop = Some(Stop::SignInAgain);
            return Action::Rest;
        }
        if let Some(until) = self.waiting_until(now) {
            return Action::Wait { until };
        }
        if self.must_refresh || (view.is_access_over && !self.is_fresh) {
            return Action::Refresh;
        }
        if !self.is_greeted || now >= self.hello_due {
            return Action::Hello;
        }
        self.exchange(now, view)
            .or_else(|| self.leave())
            .unwrap_or_else(|| self.quiet(now, view))
    }

    /// A device without access asks now and then, and when somebody nudges it, whether there is an
    /// order for it. It hands in nothing.
    fn listen_for_orders(&mut self, now: Duration) -> Action {
        if now < self.hello_due {
            return Action::Wait {
                until: self.hello_due,
            };
        }
        self.hello_due = now + ASK_EVERY;
        match self.must_refresh {
            true => Action::Refresh,
            false => Action::Hello,
        }
    }

    pub(super) fn is_thrown_out(&self) -> bool {
        matches!(self.stop, Some(Stop::DeviceRevoked | Stop::WipeOrdered))
    }

    /// A step in the own store; one that failed (a full disk) waits like everything else.
    fn store_step(&mut self, now: Duration) -> Option<Action> {
        let step = self.steps.front().cloned()?;
        match self.retry_at {
            Some(until) if now < until => Some(Action::Wait { until }),
            _ => Some(Action::Store(step)),
        }
    }

    fn waiting_until(&mut self, now: Duration) -> Option<Duration> {
        let until = self.next_try_at()?;
        if now < until {
            return Some(until);
        }
        self.retry_at = None;
        self.not_before = None;
        None
    }

    /// A push, a pull or an acknowledgement, in fair turns.
    fn exchange(&mut self, now: Duration, view: &View) -> Option<Action> {
        let has_push = view.n_waiting > 0;
        let is_behind = self.head > view.cursor.max(self.pulled);
        let has_pull = self.may_pull(now) && (self.must_pull || is_behind);
        let is_push = match (has_push, has_pull) {
            (true, true) => self.was_push == (self.n_in_a_row < TURN),
            (has_push, false) => has_push,
            (false, true) => false,
        };
        self.n_in_a_row = match is_push == self.was_push {
            true => self.n_in_a_row + 1,
            false => 1,
        };
        self.was_push = is_push;
        if is_push {
            return Some(Action::Push {
                limit: self.pace.limit(),
                bytes: self.pace.bytes(),
            });
        }
        if has_pull {
            return Some(Action::Pull);
        }
        self.n_in_a_row = 0;
        self.was_push = true;
        self.ack.map(|mid| Action::Ack { mid })
    }

    /// After the membership has ended and all that waited was handed in, nothing of the community
    /// stays here.
    fn leave(&mut self) -> Option<Action> {
        if self.is_member || self.has_left {
            return None;
        }
        self.has_left = true;
        self.steps.push_back(StoreStep::LeaveCommunity);
        self.steps.front().cloned().map(Action::Store)
    }

    fn may_pull(&mut self, now: Duration) -> bool {
        if self.is_update_needed || !self.is_member || self.held.is_some() {
            return false;
        }
        self.forget_old_resets(now);
        self.resets.len() <= MAX_RESETS
    }

    fn forget_old_resets(&mut self, now: Duration) {
        while self.resets.front().is_some_and(|at| now >= *at + HOUR) {
            self.resets.pop_front();
        }
    }

    /// Everything is done: keep the live connection, wait for the next hello.
    fn quiet(&mut self, now: Duration, view: &View) -> Action {
        self.retry.reset();
        let due = view
            .held_until
            .map_or(self.hello_due, |held| held.min(self.hello_due));
        match self.live {
            Live::Closed { .. } if !self.is_member => Action::Wait {
                until: self.hello_due,
            },
            Live::Closed { retry_at } if now >= retry_at => {
                self.live = Live::Opening;
                Action::OpenLive
            }
            Live::Closed { retry_at } => Action::Wait {
                until: due.min(retry_at),
            },
            Live::Opening | Live::Open => Action::Wait { until: due },
        }
    }

    /// When the next hello of a quiet studio is due.
    pub(super) fn plan_hello(&mut self, now: Duration) {
        self.hello_due = now
            + match self.live {
                Live::Open => HELLO_EVERY_LIVE,
                Live::Closed { .. } | Live::Opening => HELLO_EVERY,
            };
    }

    /// Takes everything anew, unless that was done too often; says whether it will be.
    pub(super) fn reset(&mut self, now: Duration, step: StoreStep) -> bool {
        self.forget_old_resets(now);
        self.resets.push_back(now);
        if self.resets.len() > MAX_RESETS {
            self.trouble = Some(super::Trouble::TooManyResets);
            return false;
        }
        self.steps.push_back(step);
        self.must_pull = true;
        self.pulled = 0;
        true
    }
}
