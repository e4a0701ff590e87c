//! A write that waits for its turn and for the commit it shares.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::{DbError, Tx};
use crate::refusal::Refusal;

/// A write without its type.
pub(super) trait Job: Send {
    /// Does it, or does it again. What it did is kept only when it answers `Ok`.
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Refusal>;
    /// Tells whoever waits: with `Ok`, what the last run answered.
    fn finish(self: Box<Self>, outcome: Result<(), Refusal>);
}

struct WriteJob<T, F> {
    job: F,
    answer: Option<T>,
    reply: oneshot::Sender<Result<T, Refusal>>,
}

/// A job, and where its answer arrives. Nothing arrives when it is dropped.
pub(super) fn job<T, F>(job: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, Refusal>>)
where
    T: Send + 'static,
    F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let job = WriteJob {
        job,
        answer: None,
        reply,
    };
    (Box::new(job), answer)
}

impl<T, F> Job for WriteJob<T, F>
where
    T: Send,
    F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send,
{
    fn run(&mut self, tx: &mut dyn Tx) -> Result<(), Refusal> {
        let answer = catch_unwind(AssertUnwindSafe(|| (self.job)(tx)))
            .unwrap_or(Err(Refusal::Database(DbError::Panicked)))?;
        self.answer = Some(answer);
        Ok(())
    }

    fn finish(self: Box<Self>, outcome: Result<(), Refusal>) {
        let Self { answer, reply, .. } = *self;
        let stopped = || Refusal::Database(DbError::Stopped);
        let outcome = outcome.and_then(|()| answer.ok_or_else(stopped));
        // Nobody waits any more when the request was cut off; the work is done all the same.
        let _ = reply.send(outcome);
    }
}
