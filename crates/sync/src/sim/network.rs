//! One computer's way to the server, with everything that can go wrong on it.

mod fault;
mod transport;

use std::collections::VecDeque;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, MutexGuard};

use stoa_domain::DeviceId;
use stoa_protocol::error::{ApiError, ApiErrorCode as Code};
use stoa_protocol::sync::{Push, PushAnswer};
use stoa_server::test_support::{Answer, Request, ask};
use tokio::sync::{Mutex as Turn, Notify};

pub(super) use fault::{Fault, Mark, Stretch};

use super::record::Answers;
use super::server::Server;
use crate::transport::TransportError;

/// The server and what it was seen to answer.
pub(super) struct Far {
    pub(super) server: Turn<Server>,
    /// The last head that the live connections were told.
    pub(super) announced: Arc<AtomicI64>,
    pub(super) answers: Mutex<Answers>,
}

pub(super) struct Network {
    far: Arc<Far>,
    device: DeviceId,
    state: Mutex<State>,
    /// A request came to where it is held.
    reached: Notify,
    /// It may go on.
    opened: Notify,
}

#[derive(Default)]
struct State {
    faults: VecDeque<Fault>,
    late: Vec<Request>,
    hold: Option<Stretch>,
    is_held: bool,
    is_down: bool,
    /// The program is older than the server takes.
    is_old: bool,
    /// The buckets of the last pull that arrived whole.
    granted: Vec<String>,
}

fn lost() -> TransportError {
    TransportError::Unreachable("lost".to_owned())
}

impl Network {
    pub(super) fn new(far: Arc<Far>, device: DeviceId) -> Self {
        Self {
            far,
            device,
            state: Mutex::default(),
            reached: Notify::new(),
            opened: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }

    /// The next request meets this.
    pub(super) fn meet(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    /// The next request or its answer waits on this stretch until it is let go.
    pub(super) fn hold(&self, stretch: Stretch) {
        self.state().hold = Some(stretch);
    }

    pub(super) fn let_go(&self) {
        let mut state = self.state();
        state.hold = None;
        if std::mem::take(&mut state.is_held) {
            self.opened.notify_one();
        }
    }

    /// Nothing comes through, in neither direction.
    pub(super) fn set_down(&self, is_down: bool) {
        self.state().is_down = is_down;
    }

    pub(super) fn is_down(&self) -> bool {
        self.state().is_down
    }

    pub(super) fn set_old(&self, is_old: bool) {
        self.state().is_old = is_old;
    }

    pub(super) fn is_old(&self) -> bool {
        self.state().is_old
    }

    pub(super) fn granted(&self) -> Vec<String> {
        self.state().granted.clone()
    }

    /// From now on all goes well.
    pub(super) fn heal(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.is_down = false;
        drop(state);
        self.let_go();
    }

    /// What was late arrives. Nobody waits for the answers any more.
    pub(super) async fn deliver_late(&self) {
        let late = std::mem::take(&mut self.state().late);
        for request in late {
            self.deliver(&request).await;
        }
    }

    /// Comes back when a request is held somewhere.
    pub(super) async fn held(&self) {
        while !self.state().is_held {
            self.reached.notified().await;
        }
    }

    async fn pass(&self, stretch: Stretch) -> Result<(), TransportError> {
        let is_held = {
            let mut state = self.state();
            if state.is_down {
                return Err(lost());
            }
            state.is_held = state.hold == Some(stretch);
            state.is_held
        };
        if is_held {
            self.reached.notify_one();
            self.opened.notified().await;
        }
        match self.state().is_down {
            true => Err(lost()),
            false => Ok(()),
        }
    }

    /// Sends a request; the second value says after how many lines the answer breaks off.
    async fn send(&self, request: Request) -> Result<(Answer, Option<usize>), TransportError> {
        let fault = self.state().faults.pop_front();
        match fault {
            Some(Fault::Lost) => return Err(lost()),
            Some(Fault::Late) => {
                self.state().late.push(request);
                return Err(lost());
            }
            Some(Fault::Refused(code)) => return Ok((refusal(code), None)),
            _ => {}
        }
        let life = self.far.server.lock().await.life;
        self.pass(Stretch::Out).await?;
        if fault == Some(Fault::Twice) {
            self.deliver(&request).await;
        }
        let answer = self.deliver(&request).await;
        self.pass(Stretch::Back).await?;
        let has_died = self.far.server.lock().await.life != life;
        match fault {
            Some(Fault::ReplyLost) => Err(lost()),
            _ if has_died => Err(lost()),
            Some(Fault::Cut(at)) => Ok((answer, Some(at))),
            _ => Ok((answer, None)),
        }
    }

    /// The request is at the server, which answers.
    async fn deliver(&self, request: &Request) -> Answer {
        let mut server = self.far.server.lock().await;
        let is_push = request.path.ends_with("/push");
        let answer = match fault::of_marks(request).filter(|_| is_push) {
            Some(code) => refusal(code),
            None => ask(server.router(), &fault::mangled(request)).await,
        };
        if let Some(head) = self.note(request, &answer).filter(|_| is_push) {
            server.tell(head).await;
        }
        answer
    }

    /// Takes note of what a push was answered; the head the answer tells.
    fn note(&self, request: &Request, answer: &Answer) -> Option<i64> {
        let push = serde_json::from_slice::<Push>(&request.body).ok()?;
        let answer = serde_json::from_slice::<PushAnswer>(&answer.body).ok()?;
        let mut answers = self.far.answers.lock().expect("not poisoned");
        answers.note(self.device, &push, &answer);
        Some(answer.head)
    }
}

fn refusal(code: Code) -> Answer {
    let mut error = ApiError::new(code, "a fault");
    error.retry_after = (code == Code::SlowDown).then_some(7);
    Answer {
        status: code.status(),
        body: serde_json::to_vec(&error).expect("plain values"),
    }
}
