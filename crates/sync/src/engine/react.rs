//! What an event changes.

use std::time::Duration;

use stoa_protocol::error::{ApiError, ApiErrorCode as Code};

use super::pace::Remedy;
use super::{
    Attempt, Done, Engine, Event, Failure, Greeting, Live, ParkReason, Pulled, Pushed, Stop,
    StoreStep, Trouble, View,
};
use crate::transport::TransportError;

/// The longest a server may ask us to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);
/// So many gaps in a row are mended at once; after that, each waits.
const MAX_GAPS: u32 = 3;

impl Engine {
    /// Takes note of an event. `view` is how the store stood when the action was decided on.
    pub fn on(&mut self, now: Duration, event: Event, view: &View) {
        match event {
            Event::OutboxGrew => {}
            Event::Nudged => self.on_nudged(),
            Event::Poked { head } => {
                self.head = self.head.max(head);
                self.announced = self.announced.max(head);
                self.retry.reset();
                self.retry_at = None;
            }
            Event::LiveOpened => {
                self.live = Live::Open;
                self.live_retry.reset();
                // The first poke tells what happened since the last hello.
                self.plan_hello(now);
            }
            Event::LiveClosed(error) => self.on_live_closed(now, &error),
            Event::Paused(is_paused) => {
                self.is_paused = is_paused;
                self.on_nudged();
            }
            Event::RemovalAllowed => self.on_removal_allowed(),
            Event::SignedIn => self.start_anew(),
            Event::Done(done) => self.on_done(now, done, view),
            Event::Failed(attempt, failure) => self.on_failed(now, &attempt, failure),
        }
    }

    fn on_nudged(&mut self) {
        self.retry.reset();
        self.retry_at = None;
        self.is_greeted = false;
        if self.is_thrown_out() {
            self.hello_due = Duration::ZERO;
        }
        self.live_retry.reset();
        if let Live::Closed { retry_at } = &mut self.live {
            *retry_at = Duration::ZERO;
        }
    }

    fn on_removal_allowed(&mut self) {
        if let Some(removal) = self.held.take() {
            self.steps.push_back(StoreStep::AllowRemoval(removal));
            self.must_pull = true;
            self.on_nudged();
        }
    }

    fn start_anew(&mut self) {
        let is_paused = self.is_paused;
        let retry = self.retry.clone();
        let live_retry = self.live_retry.clone();
        *self = Self::new(0);
        self.is_paused = is_paused;
        self.retry = retry;
        self.live_retry = live_retry;
        self.on_nudged();
    }

    fn on_live_closed(&mut self, now: Duration, error: &TransportError) {
        self.live = Live::Closed {
            retry_at: now + self.live_retry.wait(),
        };
        self.hello_due = now;
        match (error, error.code()) {
            (TransportError::Untrusted(_), _) => self.stop = Some(Stop::ServerChanged),
            (_, Some(Code::SignInAgain)) => self.must_refresh = !self.is_fresh,
            (_, Some(Code::DeviceRevoked)) => self.throw_out(now, Stop::DeviceRevoked),
            _ => {}
        }
    }

    fn on_done(&mut self, now: Duration, done: Done, view: &View) {
        if matches!(self.trouble, Some(Trouble::Failure(_))) {
            self.trouble = None;
        }
        let is_refresh = matches!(done, Done::Refreshed);
        match done {
            Done::Refreshed => self.must_refresh = false,
            Done::Hello(greeting) => self.on_hello(now, greeting, view),
            Done::NothingToPush => self.wait_after_failure(now),
            Done::Pushed(pushed) => self.on_pushed(now, &pushed),
            Done::Pulled(pulled) => self.on_pulled(now, &pulled),
            Done::Held(removal) => {
                self.retry.reset();
                self.must_pull = false;
                self.held = Some(removal);
            }
            Done::Acked => self.ack = None,
            Done::Stored => {
                self.steps.pop_front();
                self.retry_at = None;
            }
        }
        self.is_fresh = is_refresh;
    }

    fn on_hello(&mut self, now: Duration, hello: Greeting, view: &View) {
        if hello.server_id != view.server_id {
            self.stop = Some(Stop::OtherServer);
            return;
        }
        if self.is_thrown_out() {
            self.stop = None;
        }
        self.is_greeted = true;
        self.plan_hello(now);
        self.is_member = hello.role.is_some();
        let Some(role) = hello.role else {
            return;
        };
        self.has_left = false;
        self.note_reset_token(hello.reset_token);
        self.head = hello.head.max(self.announced);
        // What this role may have can have changed since the last pull.
        self.pulled = 0;
        self.pace
            .set_most(hello.push_max_mutations, hello.push_max_bytes);
        self.is_update_needed = !hello.speaks_our_version;
        if view.role != Some(role) {
            self.steps.push_back(StoreStep::SetRole(role));
            self.must_pull = true;
        }
        if hello.epoch != view.epoch {
            self.reset(now, StoreStep::AdoptEpoch(hello.epoch));
        } else if hello.head < view.cursor {
            self.must_replay = self.reset(now, StoreStep::ResetBuckets);
        }
    }

    /// An announcement that is new may be what was waited for.
    fn note_reset_token(&mut self, token: Option<String>) {
        if let Some(new) = token.filter(|token| Some(token) != self.reset_token.as_ref()) {
            self.steps.push_back(StoreStep::NoteResetToken(new.clone()));
            self.reset_token = Some(new);
            self.must_pull |= self.held.take().is_some();
        }
    }

    fn on_pushed(&mut self, now: Duration, pushed: &Pushed) {
        self.head = self.head.max(pushed.head);
        if pushed.n_done > 0 {
            self.retry.reset();
            self.pace.went_through();
            self.n_out_of_order = 0;
            self.must_pull = true;
            self.ack = Some(pushed.lmid);
        }
        match pushed.deferred {
            Some(seconds) => self.not_before = Some(now + server_wait(seconds)),
            None if pushed.n_done == 0 => self.wait_after_failure(now),
            None => {}
        }
    }

    fn on_pulled(&mut self, now: Duration, pulled: &Pulled) {
        self.retry.reset();
        self.must_pull = pulled.more;
        if pulled.had_results {
            self.ack = Some(pulled.lmid);
        }
        if pulled.more {
            return;
        }
        self.head = pulled.upto.max(self.announced);
        self.pulled = pulled.upto;
        if std::mem::take(&mut self.must_replay) {
            self.steps.push_back(StoreStep::ResendFrom(pulled.lmid + 1));
        }
        if pulled.is_checksum_ok {
            self.is_checksum_retried = false;
            self.trouble = None;
        } else if self.is_checksum_retried {
            self.trouble = Some(Trouble::Differs);
        } else {
            self.is_checksum_retried = true;
            self.reset(now, StoreStep::ResetBuckets);
        }
    }

    fn on_failed(&mut self, now: Duration, attempt: &Attempt, failure: Failure) {
        let refused = match &failure {
            Failure::Transport(TransportError::Untrusted(_)) => {
                self.stop = Some(Stop::ServerChanged);
                return;
            }
            Failure::Transport(TransportError::Refused(error)) => Some(error.clone()),
            Failure::Transport(_) => {
                self.is_greeted = false;
                None
            }
            Failure::Store(_) => None,
        };
        self.trouble = Some(Trouble::Failure(failure));
        match refused {
            Some(error) => self.on_refused(now, attempt, &error),
            None => self.wait_after_failure(now),
        }
    }

    fn on_refused(&mut self, now: Duration, attempt: &Attempt, error: &ApiError) {
        match (error.code, attempt) {
            (Code::SignInAgain | Code::WrongPassword, _) => self.on_signed_out(attempt),
            (Code::DeviceRevoked, _) => self.throw_out(now, Stop::DeviceRevoked),
            (Code::WipeOrdered, _) => self.throw_out(now, Stop::WipeOrdered),
            (Code::SlowDown | Code::Unavailable, _) => self.on_overload(now, error),
            (Code::EpochChanged, _) => self.on_epoch_changed(now),
            (Code::CursorExpired, Attempt::Pull) => {
                let step = match &error.field {
                    Some(bucket) => StoreStep::ResetBucket(bucket.clone()),
                    None => StoreStep::ResetBuckets,
                };
                self.reset(now, step);
            }
            (Code::ClientTooOld, Attempt::Pull | Attempt::Hello) => {
                self.is_update_needed = true;
                self.is_greeted = true;
                self.plan_hello(now);
            }
            (Code::NotFound, Attempt::Push(_)) if !self.is_member => {
                self.steps.push_back(StoreStep::ParkWaiting);
            }
            (_, Attempt::Push(mids)) => self.on_push_refused(now, mids, error),
            _ => {
                self.is_greeted = false;
                self.wait_after_failure(now);
            }
        }
    }

    /// The device has no access any more.
    fn throw_out(&mut self, now: Duration, stop: Stop) {
        self.stop = Some(stop);
        self.must_refresh = false;
        self.hello_due = now + super::decide::ASK_EVERY;
    }

    /// The access token is not taken: refresh it once; after that, or when the refresh itself is
    /// refused, only the user can help.
    fn on_signed_out(&mut self, attempt: &Attempt) {
        if self.is_thrown_out() {
            // Its tokens are kept: an order may still come by them.
            self.must_refresh = *attempt != Attempt::Refresh;
            if self.must_refresh {
                self.hello_due = Duration::ZERO;
            }
        } else if *attempt == Attempt::Refresh || self.is_fresh {
            self.stop = Some(Stop::SignInAgain);
            self.steps.push_back(StoreStep::ForgetTokens);
        } else {
            self.must_refresh = true;
        }
    }

    fn on_overload(&mut self, now: Duration, error: &ApiError) {
        let own = self.retry.wait();
        match error.retry_after {
            Some(seconds) => self.not_before = Some(now + server_wait(seconds).max(own)),
            None => self.retry_at = Some(now + own),
        }
    }

    /// Hello tells the new epoch; when it changes too often, each time waits.
    fn on_epoch_changed(&mut self, now: Duration) {
        self.is_greeted = false;
        if self.trouble_is_resets() {
            self.wait_after_failure(now);
        }
    }

    fn trouble_is_resets(&self) -> bool {
        self.resets.len() > super::decide::MAX_RESETS
    }

    fn on_push_refused(&mut self, now: Duration, mids: &[i64], error: &ApiError) {
        match error.code {
            Code::OutOfOrder => self.on_gap(now, error.expected),
            Code::InvalidMutation => {
                let to_blame = error.index.and_then(|index| mids.get(index));
                let remedy = match to_blame {
                    Some(mid) => Remedy::SetAside(*mid),
                    None => self.pace.not_taken(mids),
                };
                self.remedy(now, remedy, ParkReason::Invalid);
            }
            Code::Malformed | Code::TooLarge | Code::InvalidInput => {
                let remedy = self.pace.not_taken(mids);
                self.remedy(now, remedy, ParkReason::Invalid);
            }
            Code::Internal => {
                let remedy = self.pace.server_failed(mids);
                self.is_greeted = false;
                self.remedy(now, remedy, ParkReason::Poison);
            }
            _ => {
                self.is_greeted = false;
                self.wait_after_failure(now);
            }
        }
    }

    fn on_gap(&mut self, now: Duration, expected: Option<i64>) {
        self.n_out_of_order += 1;
        if let Some(expected) = expected {
            self.steps.push_back(StoreStep::ResendFrom(expected));
        }
        if expected.is_none() || self.n_out_of_order > MAX_GAPS {
            self.wait_after_failure(now);
        }
    }

    /// A mutation is set aside once; when what stands in its place is refused as well, the fault
    /// is not in the mutation, and waiting is all there is.
    fn remedy(&mut self, now: Duration, remedy: Remedy, why: ParkReason) {
        match remedy {
            Remedy::Fewer => {}
            Remedy::SetAside(mid) if self.parked != Some(mid) => {
                self.parked = Some(mid);
                self.steps.push_back(StoreStep::Park { mid, why });
            }
            Remedy::SetAside(_) | Remedy::Later => self.wait_after_failure(now),
        }
    }

    fn wait_after_failure(&mut self, now: Duration) {
        self.retry_at = Some(now + self.retry.wait());
    }
}

fn server_wait(seconds: u64) -> Duration {
    Duration::from_secs(seconds).min(LONGEST_WAIT)
}
