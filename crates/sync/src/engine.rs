//! The engine decides what to do next. It does nothing itself: no clock, no network, no store.
//!
//! [`Engine::next`] answers the next [`Action`]; what came of it goes back by [`Engine::on`]. It is
//! level-triggered: each decision looks at what there is to do now ([`View`]), so that no missed
//! event can leave something behind. One action is under way at a time, which bounds a community
//! to one push or pull at once. Times are durations since any fixed start and never a device's
//! calendar, which may be wrong by years.

mod decide;
mod pace;
mod react;
mod retry;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use stoa_domain::Role;
use stoa_store::Removal;

use crate::transport::TransportError;
use pace::Pace;
use retry::Retry;

/// What the store and the link say at the moment of a decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// Mutations that a push would send now.
    pub n_waiting: u64,
    /// When the next one that is held may go.
    pub held_until: Option<Duration>,
    /// The lowest cursor of the buckets.
    pub cursor: i64,
    pub server_id: String,
    pub epoch: String,
    pub role: Option<Role>,
    pub has_tokens: bool,
    /// By the device's clock, which may be wrong: saves a refusal, decides nothing.
    pub is_access_over: bool,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Refresh,
    Hello,
    /// At most so many mutations and bytes.
    Push {
        limit: usize,
        bytes: usize,
    },
    Pull,
    /// Tell the server which results are stored.
    Ack {
        mid: i64,
    },
    /// Open the live connection, beside all else.
    OpenLive,
    /// Something in the own store.
    Store(StoreStep),
    /// Nothing until this time or an event.
    Wait {
        until: Duration,
    },
    /// Nothing until an event.
    Rest,
}

/// A change to the own store that a server's answer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreStep {
    /// The server was restored: its new epoch, all buckets anew; the outbox stays.
    /// The store heals from its journal what the restored server does not know.
    AdoptEpoch(String),
    /// Take all buckets anew; the outbox stays.
    ResetBuckets,
    /// Take one bucket anew; the outbox stays.
    ResetBucket(String),
    /// Send everything from this mid on again.
    ResendFrom(i64),
    /// Set this one aside, for the user to see; its number is used up.
    Park {
        mid: i64,
        why: ParkReason,
    },
    SetRole(Role),
    /// The server takes nothing from this person any more: set aside what waits.
    ParkWaiting,
    /// The person does not belong to the community any more: no row of it stays.
    LeaveCommunity,
    /// The user agrees that so much is taken away.
    AllowRemoval(Removal),
    /// The server announced that much will be taken away on purpose.
    NoteResetToken(String),
    /// The session is over.
    ForgetTokens,
}

/// Why a mutation was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParkReason {
    /// The server cannot read it, or it is too large.
    Invalid,
    /// The server failed over it again and again.
    Poison,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something entered the outbox.
    OutboxGrew,
    /// The user asks, the window got the focus, the network changed: try now.
    Nudged,
    /// The server has something up to this sequence number.
    Poked {
        head: i64,
    },
    LiveOpened,
    LiveClosed(TransportError),
    Paused(bool),
    /// The user agrees to what was held.
    RemovalAllowed,
    /// Another session: all that stood in the way is looked at anew.
    SignedIn,
    /// An action ended well.
    Done(Done),
    /// An action failed.
    Failed(Attempt, Failure),
}

/// How an action ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    Refreshed,
    Hello(Greeting),
    /// There was nothing to push after all.
    NothingToPush,
    Pushed(Pushed),
    Pulled(Pulled),
    /// The answer would take too much away; nothing of it was applied.
    Held(Removal),
    Acked,
    Stored,
}

/// What a hello said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    pub server_id: String,
    pub epoch: String,
    /// Absent when the account does not belong to the community any more.
    pub role: Option<Role>,
    pub head: i64,
    pub push_max_mutations: usize,
    pub push_max_bytes: usize,
    /// See [`stoa_protocol::sync::CommunityHead`].
    pub reset_token: Option<String>,
    /// Whether this program's versions lie within the server's.
    pub speaks_our_version: bool,
}

/// What a push brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Mutations with a final result.
    pub n_done: u64,
    pub lmid: i64,
    pub head: i64,
    /// Seconds to wait with the rest.
    pub deferred: Option<u64>,
}

/// What a complete pull brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    pub upto: i64,
    pub more: bool,
    pub lmid: i64,
    /// Whether there were results that wait for an acknowledgement.
    pub had_results: bool,
    pub is_checksum_ok: bool,
}

/// Which action failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    Refresh,
    Hello,
    /// With the mids that were in it.
    Push(Vec<i64>),
    Pull,
    Ack,
    Store,
}

/// Why an action failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    Transport(TransportError),
    /// The own store: its disk is full or broken.
    Store(String),
}

/// Why the engine rests until somebody does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    SignInAgain,
    DeviceRevoked,
    /// By an order that proved itself.
    WipeOrdered,
    ServerChanged,
    /// Another server answers at this address.
    OtherServer,
}

/// A trouble that does not stop the engine but that the user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    Failure(Failure),
    /// The data of this device and the server differ even after they were taken anew.
    Differs,
    /// The server asked again and again to take everything anew.
    TooManyResets,
}

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Syncing,
    Offline,
    WaitingForSignIn,
    Paused,
    UpdateNeeded,
    /// The certificate is not the one that was trusted.
    ServerChanged,
    /// Another server answers at this address.
    OtherServer,
    Revoked,
    /// Everything is to be wiped from this device; nothing is handed in any more.
    WipeOrdered,
    /// The server is there and cannot do it now.
    ServerTrouble,
    /// The server asked too often to take everything anew.
    TooManyResets,
    /// The account does not belong to the community any more.
    NotAMember,
    /// An answer that would take much away waits for the user's consent.
    RemovalHeld,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Live {
    Closed { retry_at: Duration },
    Opening,
    Open,
}

/// The state behind the decisions.
#[derive(Debug, Clone)]
pub struct Engine {
    stop: Option<Stop>,
    is_paused: bool,
    is_update_needed: bool,
    /// By the last hello.
    is_member: bool,
    /// Whether nothing of the community is held here any more, after the membership ended.
    has_left: bool,
    /// What waits for the user to agree; nothing is pulled meanwhile.
    held: Option<Removal>,
    /// The announcement the store knows.
    reset_token: Option<String>,
    trouble: Option<Trouble>,
    /// Steps in the own store that come before all else.
    steps: VecDeque<StoreStep>,
    /// Whether a hello succeeded since the last failure.
    is_greeted: bool,
    hello_due: Duration,
    /// The server's last sequence number as far as it is known.
    head: i64,
    /// What was announced since the request that is on its way: its answer may be older.
    announced: i64,
    must_pull: bool,
    /// Up to where everything was pulled, also what this role may not have in any bucket.
    pulled: i64,
    ack: Option<i64>,
    must_refresh: bool,
    is_fresh: bool,
    /// After a rollback without a new epoch: replay what the server has forgotten.
    must_replay: bool,
    pace: Pace,
    n_out_of_order: u32,
    parked: Option<i64>,
    /// Requests of the same direction one after the other.
    n_in_a_row: u32,
    was_push: bool,
    retry: Retry,
    retry_at: Option<Duration>,
    /// The server asked not to be asked before.
    not_before: Option<Duration>,
    resets: VecDeque<Duration>,
    is_checksum_retried: bool,
    live: Live,
    live_retry: Retry,
}

impl Engine {
    /// An engine that has not said hello yet. The seed decides its waiting times.
    pub fn new(seed: u64) -> Self {
        Self {
            stop: None,
            is_paused: false,
            is_update_needed: false,
            is_member: true,
            has_left: false,
            held: None,
            reset_token: None,
            trouble: None,
            steps: VecDeque::new(),
            is_greeted: false,
            hello_due: Duration::ZERO,
            head: 0,
            announced: 0,
            must_pull: false,
            pulled: 0,
            ack: None,
            must_refresh: false,
            is_fresh: false,
            must_replay: false,
            pace: Pace::new(),
            n_out_of_order: 0,
            parked: None,
            n_in_a_row: 0,
            was_push: true,
            retry: Retry::new(seed),
            retry_at: None,
            not_before: None,
            resets: VecDeque::new(),
            is_checksum_retried: false,
            live: Live::Closed {
                retry_at: Duration::ZERO,
            },
            live_retry: Retry::new(seed.rotate_left(32)),
        }
    }

    /// What the user should know beside the phase.
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// What an answer would take away that waits for the user's consent.
    pub fn held(&self) -> Option<&Removal> {
        self.held.as_ref()
    }

    /// When the next try starts by itself, after a failure.
    pub fn next_try_at(&self) -> Option<Duration> {
        self.retry_at.max(self.not_before)
    }

    /// How things stand, given the action that was decided on.
    pub fn phase(&self, action: &Action) -> Phase {
        match self.stop {
            Some(Stop::SignInAgain) => return Phase::WaitingForSignIn,
            Some(Stop::DeviceRevoked) => return Phase::Revoked,
            Some(Stop::WipeOrdered) => return Phase::WipeOrdered,
            Some(Stop::ServerChanged) => return Phase::ServerChanged,
            Some(Stop::OtherServer) => return Phase::OtherServer,
            None => {}
        }
        match action {
            _ if self.is_paused => Phase::Paused,
            _ if self.next_try_at().is_some() => self.hindered(),
            _ if !self.is_member => Phase::NotAMember,
            _ if self.held.is_some() && !matches!(action, Action::Push { .. }) => {
                Phase::RemovalHeld
            }
            _ if self.trouble == Some(Trouble::TooManyResets) => Phase::TooManyResets,
            Action::Push { .. } | Action::Pull | Action::Store(_) => Phase::Syncing,
            Action::Hello | Action::Refresh if !self.is_greeted => Phase::Syncing,
            _ if self.is_update_needed => Phase::UpdateNeeded,
            _ => Phase::Idle,
        }
    }

    /// Why it waits before it tries again.
    fn hindered(&self) -> Phase {
        match &self.trouble {
            _ if !self.is_member => Phase::NotAMember,
            Some(Trouble::Failure(Failure::Transport(
                TransportError::Refused(_) | TransportError::Unreadable(_),
            ))) => Phase::ServerTrouble,
            Some(Trouble::TooManyResets) => Phase::TooManyResets,
            _ => Phase::Offline,
        }
    }
}
