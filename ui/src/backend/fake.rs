//! A host for tests: it answers from a table and remembers what it was asked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::ready;

use stoa_ipc::{ErrorCode, Event, Failure};
use yew::Callback;

use super::{Answer, Backend};

#[derive(Default)]
pub(crate) struct Fake {
    answers: HashMap<&'static str, String>,
    pub(crate) asked: RefCell<Vec<(&'static str, String)>>,
}

impl Fake {
    pub(crate) fn answering(name: &'static str, answer: &str) -> Self {
        Self {
            answers: HashMap::from([(name, answer.to_owned())]),
            asked: RefCell::default(),
        }
    }
}

impl Backend for Fake {
    fn rpc(&self, name: &'static str, payload: String) -> Answer<Result<String, Failure>> {
        self.asked.borrow_mut().push((name, payload));
        let answer = self.answers.get(name).cloned();
        Box::pin(ready(
            answer.ok_or_else(|| Failure::new(ErrorCode::NotFound, name)),
        ))
    }

    fn listen(&self, _on_event: Callback<Event>) {}
}
