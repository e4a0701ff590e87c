//! One way to run SQL on either database: the same text, named parameters, plain values.
//!
//! A job is a plain function over a [`Tx`]. SQLite runs it on the one writer thread (or a read
//! connection), PostgreSQL on a blocking thread over a pooled connection. A write job may run
//! again when the database asks for a retry, so it has no effect but through its transaction.

mod ahead;
mod error;
mod job;
mod migrate;
mod news;
mod postgres;
mod secured;
mod sqlite;
mod statement;
mod value;

use std::path::PathBuf;

use tokio::sync::broadcast;

pub(crate) use ahead::Ahead;
pub use error::DbError;
pub(crate) use sqlite::copy_to as copy_sqlite;
pub(crate) use value::{Params, Record, Value, params};

use crate::refusal::Refusal;
use postgres::Postgres;
use secured::Secured;
use sqlite::Sqlite;
use stoa_domain::{CommunityId, Timestamp};

/// A transaction, or a snapshot that is only read.
pub(crate) trait Tx {
    fn query(&mut self, sql: &'static str, params: &Params) -> Result<Vec<Record>, DbError>;

    /// The same query for each set of parameters, answered in order.
    fn query_each(
        &mut self,
        sql: &'static str,
        sets: &[Params],
    ) -> Result<Vec<Vec<Record>>, DbError>;

    /// Hands over the rows one by one, so that an answer may be larger than the memory.
    fn visit(
        &mut self,
        sql: &'static str,
        params: &Params,
        each: &mut dyn FnMut(&Record) -> Result<(), DbError>,
    ) -> Result<(), DbError>;

    /// Answers how many rows changed.
    fn execute(&mut self, sql: &'static str, params: &Params) -> Result<u64, DbError>;

    /// The same statement for each set of parameters. What is wrong with it may be told with a
    /// later question or with the commit; then nothing is committed.
    fn execute_each(&mut self, sql: &'static str, sets: &[Params]) -> Result<(), DbError>;

    /// One such statement.
    fn write(&mut self, sql: &'static str, params: Params) -> Result<(), DbError> {
        self.execute_each(sql, &[params])
    }

    /// Says that this will be asked: where the database is far away, the question travels with the
    /// next one, and the same [`Tx::query`] finds its answer here. What is written in between is not
    /// in that answer.
    fn ask_ahead(&mut self, sql: &'static str, params: &Params) -> Result<(), DbError> {
        let _ = (sql, params);
        Ok(())
    }

    /// Tells every process that the community has changed, once the transaction is committed.
    fn announce(&mut self, community: CommunityId, head: i64) -> Result<(), DbError>;
}

/// That a community has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    Head {
        community: CommunityId,
        head: i64,
    },
    /// News may have been missed; whoever waits looks again.
    LookAgain,
}

/// Where the rows are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DatabaseUrl {
    /// One file.
    Sqlite(PathBuf),
    /// `postgres://…`, and the authority that its certificate is to come from when that is not a
    /// public one.
    Postgres { url: String, ca: Option<PathBuf> },
}

/// An open database with its schema up to date.
#[derive(Clone)]
pub(crate) enum Db {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens or creates the database and brings its schema up to date.
    pub(crate) async fn open(url: &DatabaseUrl, now: Timestamp) -> Result<Self, DbError> {
        match url {
            DatabaseUrl::Sqlite(path) => {
                let path = path.clone();
                tokio::task::spawn_blocking(move || Sqlite::open(&path, now).map(Self::Sqlite))
                    .await
                    .map_err(|_| DbError::Stopped)?
            }
            DatabaseUrl::Postgres { url, ca } => {
                let secured = Secured::read(url, ca.as_deref())?;
                Postgres::open(secured, now).await.map(Self::Postgres)
            }
        }
    }

    /// Runs a job in a write transaction: committed when it answers `Ok`, else rolled back.
    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        match self {
            Self::Sqlite(db) => db.write(job).await,
            Self::Postgres(db) => db.write(job).await,
        }
    }

    /// The same for a job that changes one community, and waits there for others that do. What it
    /// sees may have been written by jobs that are committed with it.
    pub(crate) async fn write_in<T, F>(&self, community: CommunityId, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        match self {
            Self::Sqlite(db) => db.write(job).await,
            Self::Postgres(db) => db.write_in(community, job).await,
        }
    }

    /// Runs a job over one snapshot that does not change meanwhile.
    pub(crate) async fn read<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Tx) -> Result<T, Refusal> + Send + 'static,
    {
        match self {
            Self::Sqlite(db) => db.read(job).await,
            Self::Postgres(db) => db.read(job).await,
        }
    }

    /// News of changes by every process on this database, from now on.
    pub(crate) fn news(&self) -> broadcast::Receiver<News> {
        match self {
            Self::Sqlite(db) => db.news(),
            Self::Postgres(db) => db.news(),
        }
    }

    /// Waits for running jobs and closes every connection.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(db) => db.close().await,
            Self::Postgres(db) => db.close(),
        }
    }
}
