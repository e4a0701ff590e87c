//! Writes to one community on PostgreSQL. They would wait for each other at the community's row
//! anyway; those that wait share one transaction and its commit, each in a savepoint of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stoa_domain::CommunityId;

use super::super::job::Job;
use super::{DbError, Pending, Postgres, PostgresTx};
use crate::refusal::Refusal;

/// The most jobs that share one commit.
const GROUP: usize = 32;

type Queues = HashMap<CommunityId, Vec<Box<dyn Job>>>;

/// Who waits for which community. A community stands here while somebody works for it.
#[derive(Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<Queues>>);

impl Waiting {
    /// Joins those who wait. True for the first, for whom somebody has to begin to work.
    pub(super) fn join(&self, community: CommunityId, job: Box<dyn Job>) -> bool {
        let mut waiting = self.lock();
        let is_first = !waiting.contains_key(&community);
        waiting.entry(community).or_default().push(job);
        is_first
    }

    /// Those who are next, in the order in which they came; `None` when nobody waits any more.
    pub(super) fn next(&self, community: CommunityId) -> Option<Vec<Box<dyn Job>>> {
        let mut waiting = self.lock();
        let jobs = waiting.get_mut(&community)?;
        if jobs.is_empty() {
            waiting.remove(&community);
            return None;
        }
        Some(jobs.drain(..jobs.len().min(GROUP)).collect())
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Postgres {
    /// Works until nobody waits for this community any more.
    pub(super) async fn work_for(self, community: CommunityId) {
        while let Some(group) = self.waiting.next(community) {
            match self.transaction().await {
                Ok(mut tx) => {
                    // Jobs that are lost with a panic tell those who wait by being dropped.
                    let _ = tokio::task::spawn_blocking(move || tx.run_group(group)).await;
                }
                Err(error) => {
                    tracing::warn!(%error, jobs = group.len(), "writes were refused");
                    for job in group {
                        job.finish(Err(Refusal::Database(DbError::Stopped)));
                    }
                }
            }
        }
    }
}

impl PostgresTx {
    /// Runs jobs in one transaction. Where the database did not let one pass, nobody's work is
    /// kept, and each is run again in a transaction of its own.
    fn run_group(&mut self, mut group: Vec<Box<dyn Job>>) {
        if group.len() > 1 {
            match self.run_together(&mut group) {
                Ok(outcomes) => {
                    for (job, outcome) in group.into_iter().zip(outcomes) {
                        job.finish(outcome);
                    }
                    return;
                }
                Err(error) => {
                    tracing::debug!(%error, jobs = group.len(), "writes are run one by one");
                    self.pending = vec![Pending::Plain("rollback")];
                    // A connection that is lost has rolled back; each job finds out for itself.
                    let _ = self.ask(None);
                }
            }
        }
        for mut job in group {
            let outcome = self.run("begin", "commit", &mut |tx| job.run(tx));
            job.finish(outcome);
        }
    }

    fn run_together(
        &mut self,
        group: &mut [Box<dyn Job>],
    ) -> Result<Vec<Result<(), Refusal>>, DbError> {
        self.pending.push(Pending::Plain("begin"));
        let mut outcomes = Vec::with_capacity(group.len());
        for job in group {
            self.ahead.clear();
            self.pending.push(Pending::Plain("savepoint job"));
            let outcome = match job.run(self) {
                Err(Refusal::Database(error)) => return Err(error),
                outcome => outcome,
            };
            if outcome.is_ok() {
                self.pending.push(Pending::Plain("release savepoint job"));
            } else {
                // What went before has to be known to stand: in a transaction that has failed, an
                // earlier savepoint of this name would be the one that is gone back to.
                self.ask(None)?;
                self.pending.push(Pending::Plain(
                    "rollback to savepoint job; release savepoint job",
                ));
            }
            outcomes.push(outcome);
        }
        self.pending.push(Pending::Plain("commit"));
        self.ask(None)?;
        Ok(outcomes)
    }
}
