//! The way to the reference server, with everything that can go wrong on it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use stoa_domain::DeviceId;
use stoa_protocol::account::{Account, Device, Refresh, Register, Secret, Session, SignIn, Tokens};
use stoa_protocol::error::{ApiError, ApiErrorCode as Code};
use stoa_protocol::sync::{Hello, Pull, PullLine, Push, PushAnswer};

use super::server::Server;
use crate::transport::{Caller, Pokes, PullLines, Transport, TransportError};

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It never arrives.
    Lost,
    /// It arrives and is carried out; the answer is lost.
    ReplyLost,
    /// It arrives twice.
    Twice,
    /// It is lost for the sender and arrives much later.
    Late,
    /// The server refuses.
    Refused(Code),
    /// The answer of a pull breaks off after so many lines.
    Cut(usize),
}

/// One device's way to the server.
pub(super) struct Network {
    server: Arc<Mutex<Server>>,
    device: DeviceId,
    faults: Mutex<VecDeque<Fault>>,
    late: Mutex<Vec<Push>>,
}

impl Network {
    pub(super) fn new(server: Arc<Mutex<Server>>, device: DeviceId) -> Self {
        Self {
            server,
            device,
            faults: Mutex::new(VecDeque::new()),
            late: Mutex::new(Vec::new()),
        }
    }

    /// The next request meets this.
    pub(super) fn meet(&self, fault: Fault) {
        self.faults.lock().expect("not poisoned").push_back(fault);
    }

    /// From now on all goes well; what was late arrives.
    pub(super) fn heal(&self) {
        self.faults.lock().expect("not poisoned").clear();
        self.deliver_late();
    }

    pub(super) fn deliver_late(&self) {
        let late = std::mem::take(&mut *self.late.lock().expect("not poisoned"));
        for push in late {
            // Nobody waits for the answer any more.
            let _ = self.server().push(self.device, &push);
        }
    }

    fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().expect("not poisoned")
    }

    fn call<T>(
        &self,
        request: impl Fn(&mut Server) -> Result<T, Box<ApiError>>,
        late: Option<&Push>,
    ) -> Result<(T, Option<usize>), TransportError> {
        let fault = self.faults.lock().expect("not poisoned").pop_front();
        let lost = || TransportError::Unreachable("lost".to_owned());
        match fault {
            Some(Fault::Lost) => return Err(lost()),
            Some(Fault::Late) => {
                let mut waiting = self.late.lock().expect("not poisoned");
                waiting.extend(late.cloned());
                return Err(lost());
            }
            Some(Fault::Refused(code)) => {
                let mut error = ApiError::new(code, "a fault");
                error.retry_after = (code == Code::SlowDown).then_some(7);
                return Err(TransportError::Refused(Box::new(error)));
            }
            Some(Fault::Twice) => {
                let _ = request(&mut self.server());
            }
            Some(Fault::ReplyLost | Fault::Cut(_)) | None => {}
        }
        let answer = request(&mut self.server());
        match (answer, fault) {
            (_, Some(Fault::ReplyLost)) => Err(lost()),
            (Ok(answer), Some(Fault::Cut(at))) => Ok((answer, Some(at))),
            (Ok(answer), _) => Ok((answer, None)),
            (Err(error), _) => Err(TransportError::Refused(error)),
        }
    }
}

struct Cut(VecDeque<PullLine>);

#[async_trait]
impl PullLines for Cut {
    async fn next(&mut self) -> Result<Vec<PullLine>, TransportError> {
        Ok(self.0.drain(..self.0.len().min(2)).collect())
    }
}

#[async_trait]
impl Transport for Network {
    async fn hello(&self, _: &Caller) -> Result<Hello, TransportError> {
        Ok(self.call(|server| Ok(server.hello()), None)?.0)
    }

    async fn push(&self, _: &Caller, push: &Push) -> Result<PushAnswer, TransportError> {
        let answer = self.call(|server| server.push(self.device, push), Some(push));
        Ok(answer?.0)
    }

    async fn pull(&self, _: &Caller, pull: &Pull) -> Result<Box<dyn PullLines>, TransportError> {
        let (mut lines, cut) = self.call(|server| server.pull(self.device, pull), None)?;
        if let Some(at) = cut {
            let at = at % lines.len();
            lines.truncate(at);
        }
        Ok(Box::new(Cut(lines.into())))
    }

    async fn ack_results(&self, _: &Caller, mid: i64) -> Result<(), TransportError> {
        let acknowledged = |server: &mut Server| {
            server.ack(self.device, mid);
            Ok(())
        };
        self.call(acknowledged, None).map(|_| ())
    }

    async fn refresh(&self, refresh: &Refresh) -> Result<Tokens, TransportError> {
        let tokens = Tokens {
            access_token: Secret(format!("{}+", refresh.refresh_token.0.len())),
            expires_in: 900,
            refresh_token: Secret(format!("{}+", refresh.refresh_token.0)),
            nonce: "nonce".to_owned(),
        };
        Ok(self.call(|_| Ok(tokens.clone()), None)?.0)
    }

    async fn live(&self, _: &Caller) -> Result<Box<dyn Pokes>, TransportError> {
        Err(unused())
    }
    async fn register(&self, _: &Register) -> Result<Session, TransportError> {
        Err(unused())
    }
    async fn sign_in(&self, _: &SignIn) -> Result<Session, TransportError> {
        Err(unused())
    }
    async fn sign_out(&self, _: &Secret) -> Result<(), TransportError> {
        Err(unused())
    }
    async fn me(&self, _: &Secret) -> Result<Account, TransportError> {
        Err(unused())
    }
    async fn devices(&self, _: &Secret) -> Result<Vec<Device>, TransportError> {
        Err(unused())
    }
    async fn revoke(&self, _: &Secret, _: DeviceId) -> Result<(), TransportError> {
        Err(unused())
    }
}

fn unused() -> TransportError {
    TransportError::Address("the reference server only syncs".to_owned())
}
