//! The engine's requests as the server's routes take them.

use std::collections::VecDeque;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use stoa_protocol::account::{Account, Refresh, Register, Secret, Session, SignIn, Tokens};
use stoa_protocol::device::Device;
use stoa_protocol::error::ApiError;
use stoa_protocol::sync::{AckResults, Hello, Pull, PullLine, Push, PushAnswer};
use stoa_protocol::{PROTOCOL, SCHEMA};
use stoa_server::test_support::{Answer, Request};

use super::Network;
use crate::line;
use crate::transport::{Caller, Pokes, PullLines, PulledLine, Transport, TransportError};

impl Network {
    fn request(&self, method: &'static str, path: String, caller: Option<&Caller>) -> Request {
        Request {
            method,
            path,
            access: caller.map(|caller| caller.access.0.clone()),
            device: caller.map(|caller| caller.device),
            proto: PROTOCOL,
            schema: if self.state().is_old { 0 } else { SCHEMA },
            body: Vec::new(),
        }
    }

    fn post(&self, caller: &Caller, path: &str, body: &impl Serialize) -> Request {
        let path = format!("/v1/sync/{}/{path}", caller.community);
        Request {
            body: serde_json::to_vec(body).expect("plain values"),
            ..self.request("POST", path, Some(caller))
        }
    }

    async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T, TransportError> {
        let (answer, _) = self.send(request).await?;
        serde_json::from_slice(&accepted(answer)?).map_err(|e| unreadable(&e))
    }
}

fn accepted(answer: Answer) -> Result<Vec<u8>, TransportError> {
    if (200..300).contains(&answer.status) {
        return Ok(answer.body);
    }
    let error: ApiError = serde_json::from_slice(&answer.body).map_err(|e| unreadable(&e))?;
    Err(TransportError::Refused(Box::new(error)))
}

fn unreadable(error: &serde_json::Error) -> TransportError {
    TransportError::Unreadable(error.to_string())
}

struct Lines(VecDeque<PulledLine>);

#[async_trait]
impl PullLines for Lines {
    async fn next(&mut self) -> Result<Vec<PulledLine>, TransportError> {
        Ok(self.0.drain(..self.0.len().min(3)).collect())
    }
}

#[async_trait]
impl Transport for Network {
    async fn hello(&self, caller: &Caller) -> Result<Hello, TransportError> {
        let path = "/v1/sync/hello".to_owned();
        self.call(self.request("GET", path, Some(caller))).await
    }

    async fn push(&self, caller: &Caller, push: &Push) -> Result<PushAnswer, TransportError> {
        self.call(self.post(caller, "push", push)).await
    }

    async fn pull(
        &self,
        caller: &Caller,
        pull: &Pull,
    ) -> Result<Box<dyn PullLines>, TransportError> {
        let (answer, cut) = self.send(self.post(caller, "pull", pull)).await?;
        let body = accepted(answer)?;
        let lines = body.split(|byte| *byte == b'\n');
        let lines = lines.filter(|line| !line.is_empty());
        let lines = lines.map(line::read);
        let mut lines: VecDeque<PulledLine> = lines
            .collect::<Result<_, _>>()
            .map_err(|e| unreadable(&e))?;
        match (cut, lines.front()) {
            (Some(at), _) => lines.truncate(at % lines.len()),
            (None, Some(PulledLine::Said(PullLine::Head(head)))) => {
                self.state().granted = head.buckets.clone();
            }
            _ => {}
        }
        Ok(Box::new(Lines(lines)))
    }

    async fn ack_results(&self, caller: &Caller, mid: i64) -> Result<(), TransportError> {
        let request = self.post(caller, "results/ack", &AckResults { mid });
        accepted(self.send(request).await?.0).map(|_| ())
    }

    async fn refresh(&self, refresh: &Refresh) -> Result<Tokens, TransportError> {
        let path = "/v1/accounts/refresh".to_owned();
        let request = Request {
            body: serde_json::to_vec(refresh).expect("plain values"),
            ..self.request("POST", path, None)
        };
        self.call(request).await
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
}

fn unused() -> TransportError {
    TransportError::Address("the simulation does not ask this".to_owned())
}
