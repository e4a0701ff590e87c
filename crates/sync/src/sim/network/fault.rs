//! What can happen to a request.

use stoa_protocol::error::ApiErrorCode as Code;
use stoa_protocol::sync::Push;
use stoa_server::test_support::Request;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
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

/// Where a request can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stretch {
    /// On its way to the server.
    Out,
    /// Its answer, on the way back.
    Back,
}

/// A title with such a mark in it is one that something cannot digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The server fails over it.
    Poison,
    /// Its arguments do not fit the schema.
    Odd,
    /// Something on the way finds it too large.
    Huge,
}

impl Mark {
    pub(crate) const ALL: [Self; 3] = [Self::Poison, Self::Odd, Self::Huge];

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Poison => "毒",
            Self::Odd => "怪",
            Self::Huge => "巨",
        }
    }
}

/// How the push that carries a mark is refused, without reaching the server's code.
pub(super) fn of_marks(request: &Request) -> Option<Code> {
    let body = std::str::from_utf8(&request.body).ok()?;
    if body.contains(Mark::Poison.text()) {
        return Some(Code::Internal);
    }
    body.contains(Mark::Huge.text()).then_some(Code::TooLarge)
}

/// The request with the arguments of odd mutations spoiled.
pub(super) fn mangled(request: &Request) -> Request {
    let mut request = request.clone();
    let is_odd = |text: &str| text.contains(Mark::Odd.text());
    if !std::str::from_utf8(&request.body).is_ok_and(is_odd) {
        return request;
    }
    if let Ok(mut push) = serde_json::from_slice::<Push>(&request.body) {
        for mutation in &mut push.mutations {
            if is_odd(&mutation.args.to_string()) {
                mutation.args = serde_json::json!({"title": 7});
            }
        }
        request.body = serde_json::to_vec(&push).expect("plain values");
    }
    request
}
